#!/usr/bin/env python3
"""Where the instructions of an operation go: counts them one by one, by function, in QEMU.

    tools/trace.py BOARD OPERATION [--list] [--opt=-Os]
    make trace OP=ping-pong BOARD=mps2-an385 [LIST=1]

OPERATION: the name, or a part of the names, `make bench` prints. QEMU logs every instruction (-singlestep). The
benchmark runs twice, with R1 and with R2 rounds; the difference divided by R2 - R1 is one round, without the loop's
beginning and end and without reading the clock. The total must be what `make bench` says, which counts in another way.

--list shows every instruction of one round in the order they were executed. Cycles are an estimate: tools/cycles.py.
"""
import argparse
import bisect
import collections
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import bench
import cycles

R1, R2 = 16, 32
PREFIX = {"arm-m": "arm-none-eabi-", "riscv": "riscv64-unknown-elf-"}
LOGGED = re.compile(rb"Trace \d+: 0x[0-9a-f]+ \[[0-9a-f]+/([0-9a-f]+)/")


class Code:
    """The instructions of a program, and which function each belongs to."""

    def __init__(self, elf, prefix):
        self.text, self.size, self.starts, self.names = {}, {}, [], []
        out = subprocess.run([f"{prefix}objdump", "-d", "-w", elf], cwd=bench.ROOT, capture_output=True, text=True,
                             check=True).stdout
        for line in out.splitlines():
            symbol = re.match(r"([0-9a-f]+) <([^>]+)>:", line)
            code = re.match(r"\s*([0-9a-f]+):\s+((?:[0-9a-f]{2,8} )+)\s*(\S+)\s*(.*)", line)
            if symbol:
                self.starts.append(int(symbol.group(1), 16))
                self.names.append(symbol.group(2))
            elif code:
                address = int(code.group(1), 16)
                self.text[address] = (code.group(3), re.sub(r"\s*[@;#].*|\s+<.*", "", code.group(4)))
                self.size[address] = len(code.group(2).replace(" ", "")) // 2

    def function(self, pc):
        i = bisect.bisect_right(self.starts, pc) - 1
        return self.names[i] if i >= 0 else "?"


def logged(program, options):
    """The addresses of the instructions a program executes. One that reaches a device is logged twice."""
    read, write = os.pipe()
    argv = [*program.argv(options), "-singlestep", "-d", "exec,nochain", "-D", f"/dev/fd/{write}"]
    with tempfile.TemporaryFile() as output, os.fdopen(read, "rb") as log:
        child = subprocess.Popen(argv, cwd=bench.ROOT, stdin=subprocess.DEVNULL, stdout=output, pass_fds=[write])
        os.close(write)
        last = None
        for line in log:
            match = LOGGED.match(line)
            if match and match.group(1) != last:
                last = match.group(1)
                yield int(last, 16)
        if child.wait():
            sys.exit(f"trace: {program.elf} ended with status {child.returncode}")


def windows(program, code, options):
    """What was executed between each bench_start and the bench_report that follows."""
    ranges = {}
    for name in ("bench_start", "bench_report"):
        i = code.names.index(name)
        ranges[name] = range(code.starts[i], code.starts[i + 1] if i + 1 < len(code.starts) else code.starts[i] + 999)
    window, found, reported = [], [], True
    for pc in logged(program, options):
        if pc in ranges["bench_start"]:
            window, reported = [], False
        elif pc == ranges["bench_report"].start and not reported:
            found.append(window)
            window, reported = [], True
        elif not reported:
            window.append(pc)
    return found


def costs(code, cost, window):
    """(instructions, cycles) of each address of a window."""
    instructions, cycle = collections.Counter(), collections.Counter()
    for pc, following in zip(window, window[1:] + [0]):
        name, operands = code.text.get(pc, ("?", ""))
        instructions[pc] += 1
        cycle[pc] += cost(name, operands, following != pc + code.size.get(pc, 0))
    return instructions, cycle


def one_round(short, long):
    """Instructions and cycles of a single round, by address."""
    per = []
    for a, b in zip(short, long):
        per.append({pc: (b[pc] - a[pc]) / (R2 - R1) for pc in b if b[pc] != a[pc]})
    return per


def table(code, name, core, instructions, cycle):
    by_function = collections.defaultdict(lambda: [0.0, 0.0])
    for pc, n in instructions.items():
        by_function[code.function(pc)][0] += n
        by_function[code.function(pc)][1] += cycle.get(pc, 0)
    print(f"{name}: one round\n{'instructions':>14}{'cycles':>8}  function ({core}, cycles estimated)")
    for function, (n, c) in sorted(by_function.items(), key=lambda f: -f[1][0]):
        print(f"{n:14.1f}{c:8.1f}  {function}")
    print(f"{sum(instructions.values()):14.1f}{sum(cycle.values()):8.1f}  all")


def listing(code, window, length):
    """One round from the middle of a window, from where the measured function is entered again."""
    begin = len(window) // 2
    home = code.function(window[-1]) if window else ""
    for i in range(begin, min(begin + length, len(window))):
        if code.function(window[i]) == home:
            begin = i
            break
    function = None
    for pc in window[begin:begin + length]:
        if code.function(pc) != function:
            function = code.function(pc)
            print(f"{function}:")
        print("    {:8x}  {} {}".format(pc, *code.text.get(pc, ("?", ""))))


def main():
    parser = argparse.ArgumentParser(description="Where the instructions of an operation go.")
    parser.add_argument("board")
    parser.add_argument("operation")
    parser.add_argument("--list", action="store_true", help="every instruction of a round in order")
    parser.add_argument("--opt", default="-O2", help="optimisation level (default -O2)")
    args = parser.parse_args()
    found = 0
    settings = bench.board_settings(args.board)
    core, cost = cycles.cost_of(settings.get("CPUFLAGS", ""))
    for program in bench.programs(args.board, [f"OPT={args.opt}"]):
        names = [name for name, _ in program.run({"rounds": R1, "only": args.operation})]
        if not names:
            continue
        code = Code(program.elf, PREFIX[settings["ARCH"]])
        runs = [windows(program, code, {"rounds": r, "only": args.operation}) for r in (R1, R2)]
        for i, name in enumerate(names):
            short, long = (costs(code, cost, run[i]) for run in runs)
            instructions, cycle = one_round(short, long)
            found += 1
            table(code, name, core, instructions, cycle)
            if args.list:
                listing(code, runs[1][i], round(sum(instructions.values())))
    if not found:
        sys.exit(f"trace: no benchmark of {args.board} is called `{args.operation}`")
    return 0


if __name__ == "__main__":
    sys.exit(main())
