#!/usr/bin/env python3
"""Where the instructions of an operation go: counts them one by one, by function, in QEMU.

    tools/trace.py BOARD OPERATION [--list | --brief | --check] [--opt=-Os]
    make trace OP=ping-pong BOARD=mps2-an385 [LIST=1]

OPERATION: the name, or a part of the names, `make bench` prints; "$" is the end of a name. QEMU logs every instruction
(-singlestep). The benchmark runs twice, with R1 and with R2 rounds; the difference divided by R2 - R1 is one round,
without the loop's beginning and end and without reading the clock; divided by the operations in a round, one of them.
The total must be what `make bench` says, which counts in another way: --check prints
`cross-check <board> <operation> <by the clock> <by single steps>` and fails where they differ.

--list shows every instruction of one round in the order they were executed. Cycles are an estimate: tools/cycles.py.
"""
import argparse
import collections
import sys

import cycles
from children import run_main
from emulated import CHILDREN, PREFIX, Code, board_settings, logged, programs, spans

R1, R2 = 16, 32
TOLERANCE = 0.01 # of a figure; the clock's are exact to 1000 instructions in all rounds, so not better than one for few


def windows(program, code, options):
    """What was executed between each bench_start and the bench_report that follows."""
    ranges = {}
    for name in ("bench_start", "bench_report"):
        i = code.names.index(name)
        ranges[name] = range(code.starts[i], code.starts[i + 1] if i + 1 < len(code.starts) else code.starts[i] + 999)
    window, found, reported = [], [], True
    for pcs in logged(program, options):
        for pc in pcs:
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


def one_round(short, long, parts):
    """Instructions or cycles of a single operation, by address; a round does it `parts` times."""
    return {pc: (long[pc] - short[pc]) / (R2 - R1) / parts for pc in long if long[pc] != short[pc]}


def table(code, name, core, instructions, cycle, brief):
    if brief:
        print(f"{name} {sum(instructions.values()):.1f} {sum(cycle.values()):.1f} ({core})")
        return
    by_function = collections.defaultdict(lambda: [0.0, 0.0])
    for pc, n in instructions.items():
        by_function[code.function(pc)][0] += n
        by_function[code.function(pc)][1] += cycle.get(pc, 0)
    print(f"{name}\n{'instructions':>14}{'cycles':>8}  function ({core}, cycles estimated)")
    for function, (n, c) in sorted(by_function.items(), key=lambda f: -f[1][0]):
        print(f"{n:14.1f}{c:8.1f}  {function}")
    print(f"{sum(instructions.values()):14.1f}{sum(cycle.values()):8.1f}  all")


def print_code(code, pcs):
    function = None
    for pc in pcs:
        if code.function(pc) != function:
            function = code.function(pc)
            print(f"{function}:")
        print("    {:8x}  {} {}".format(pc, *code.text.get(pc, ("?", ""))))


def listing(code, window, length):
    """One round from the middle of a window, from where the measured function is entered again."""
    begin = len(window) // 2
    home = code.function(window[-1]) if window else ""
    for i in range(begin, min(begin + length, len(window))):
        if code.function(window[i]) == home:
            begin = i
            break
    print_code(code, window[begin:begin + length])


def rounds_of(program, code, only):
    """[(operation, how often a round does it, what R1 rounds execute, what R2 do)]."""
    parts = program.parts({"rounds": R1, "only": only})
    runs = [windows(program, code, {"rounds": r, "only": only}) for r in (R1, R2)] if parts else []
    return [(name, n, short, long) for (name, n), short, long in zip(parts, *runs)]


def show_rounds(program, code, core, cost, args):
    """What bench_start and bench_report frame. Returns how many operations it has shown."""
    found = rounds_of(program, code, args.operation)
    for name, parts, *runs in found:
        (short, short_cycles), (long, long_cycles) = (costs(code, cost, run) for run in runs)
        instructions = one_round(short, long, parts)
        table(code, f"{name}: one", core, instructions, one_round(short_cycles, long_cycles, parts), args.brief)
        if args.list:
            listing(code, runs[1], round(sum(instructions.values()) * parts))
    return len(found)


def check_rounds(program, code, args, timed):
    """How many figures the two ways of counting disagree about."""
    apart = 0
    for name, parts, short, long in rounds_of(program, code, args.operation):
        steps = (len(long) - len(short)) / (R2 - R1) / parts
        agree = abs(float(timed[name]) - steps) <= max(1.0, TOLERANCE * steps)
        print(f"cross-check {args.board} {name} {timed[name]} {steps:g}" + ("" if agree else " DIFFERENT"), flush=True)
        apart += not agree
    return apart


def show_spans(program, code, core, cost, args, traces):
    for name, stretch in spans(program, code, traces, args.operation):
        table(code, f"{name}: the longest", core, *costs(code, cost, stretch), args.brief)
        if args.list:
            print_code(code, stretch)
    return len(traces)


def main():
    parser = argparse.ArgumentParser(description="Where the instructions of an operation go.")
    parser.add_argument("board")
    parser.add_argument("operation")
    parser.add_argument("--list", action="store_true", help="every instruction of a round in order")
    parser.add_argument("--brief", action="store_true", help="a line: operation, instructions, cycles")
    parser.add_argument("--check", action="store_true", help="compare with what the clock says")
    parser.add_argument("--opt", default="-O2", help="optimisation level (default -O2)")
    args = parser.parse_args()
    found = apart = 0
    settings = board_settings(args.board)
    core, cost = cycles.cost_of(settings.get("CPUFLAGS", ""))
    for program in programs(args.board, [f"OPT={args.opt}"]):
        timed, traces = program.run({"only": args.operation})
        code = Code(program.elf, PREFIX[settings["ARCH"]])
        if args.check:
            found += len(timed)
            apart += check_rounds(program, code, args, dict(timed))
        else:
            found += show_rounds(program, code, core, cost, args) if timed else 0
            found += show_spans(program, code, core, cost, args, traces) if traces else 0
    if not found:
        sys.exit(f"trace: no benchmark of {args.board} is called `{args.operation}`")
    return 1 if apart else 0


if __name__ == "__main__":
    run_main(main, CHILDREN)
