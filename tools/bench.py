#!/usr/bin/env python3
"""Runs the benchmarks in QEMU, counting instructions, and compares them with their budgets.

    tools/bench.py [BOARD...] [--update] [--only TEXT] [--make VARIABLE=VALUE] [-j N]

Prints `bench <board> <operation> <instructions>`, a line per figure, and writes build/bench.csv. bench/budgets.csv says
how many instructions an operation may take at most: above is an error; more than 2 % below asks for a lower limit.
--update writes the figures measured as the new limits. --only measures the operations whose name contains TEXT; --make
builds otherwise (OPT=-Os, LTO=1) and only prints.
"""
import argparse
import concurrent.futures
import csv
import re
import shlex
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOARDS = ["mps2-an385", "mps2-an386", "microbit", "mps2-an505", "virt-rv32", "virt-rv64"]
BUDGETS = ROOT / "bench" / "budgets.csv"
RESULTS = ROOT / "build" / "bench.csv"
SLACK = 0.02
GUARD = 300


def make(board, options, *goals):
    argv = ["make", "-s", "-j2", f"BOARD={board}", "PROFILE=release", *options, *goals]
    done = subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"bench: `{' '.join(argv)}` failed")
    return done.stdout


def board_settings(board):
    """The plain assignments of boards/<board>/board.mk."""
    path = ROOT / "boards" / board / "board.mk"
    if not path.exists():
        sys.exit(f"bench: there is no board '{board}'")
    return dict(re.findall(r"^(\w+)\s*[:?]?=\s*(.*?)\s*$", path.read_text(encoding="utf-8"), re.M))


class Program:
    """A benchmark program of one board."""

    def __init__(self, elf, command):
        self.elf, self.command = elf, command
        self.image = tempfile.NamedTemporaryFile(suffix=".elf") # pylint: disable=consider-using-with

    def options_at(self, data):
        """Where `bench_options` (bench.h) lies in the file."""
        wide, = struct.unpack_from("<B", data, 4)
        table, = struct.unpack_from("<Q" if wide == 2 else "<I", data, 40 if wide == 2 else 32)
        size, count = struct.unpack_from("<HH", data, 58 if wide == 2 else 46)
        sections = [struct.unpack_from("<IIQQQQII" if wide == 2 else "<IIIIIIII", data, table + i * size)
                    for i in range(count)]
        symbols = next(s for s in sections if s[1] == 2)
        strings = sections[symbols[6]]
        for at in range(symbols[4], symbols[4] + symbols[5], 24 if wide == 2 else 16):
            name, = struct.unpack_from("<I", data, at)
            if data[strings[4] + name:].startswith(b"bench_options\0") if name else False:
                value, = struct.unpack_from("<Q" if wide == 2 else "<I", data, at + (8 if wide == 2 else 4))
                index, = struct.unpack_from("<H", data, at + (6 if wide == 2 else 14))
                return sections[index][4] + value - sections[index][3]
        return sys.exit(f"bench: {self.elf} has no bench_options")

    def argv(self, options):
        """The command that runs it; options: {"rounds": N, "only": TEXT}."""
        data = bytearray((ROOT / self.elf).read_bytes())
        struct.pack_into("<I44s", data, self.options_at(data), options.get("rounds", 0),
                         options.get("only", "").encode())
        self.image.seek(0)
        self.image.truncate()
        self.image.write(data)
        self.image.flush()
        return [*self.command, "-icount", "shift=0", "-kernel", self.image.name]

    def run(self, options):
        """[(operation, instructions as printed)]."""
        try:
            done = subprocess.run(self.argv(options), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  text=True, timeout=GUARD, check=False)
        except subprocess.TimeoutExpired:
            sys.exit(f"bench: {self.elf} hangs")
        if done.returncode or not re.search(r"^bench done\s*$", done.stdout, re.M):
            sys.exit(f"bench: {self.elf} ended with status {done.returncode}:\n{done.stdout}")
        return re.findall(r"^bench (\S+) ([\d.]+)\s*$", done.stdout, re.M)


def programs(board, options=()):
    """Builds a board's benchmarks."""
    make(board, options, "benches")
    for line in make(board, options, "print-benches").splitlines():
        elf, *command = shlex.split(line)
        if not command or "-system-" not in command[0]:
            sys.exit(f"bench: {board} runs in no emulator that counts instructions")
        yield Program(elf, command)


def measure(boards, only, jobs, options=()):
    """The figures of some boards, {(board, operation): instructions}, printed as they come."""
    figures = {}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = [(board, pool.submit(program.run, {"only": only}))
                   for board in boards for program in programs(board, options)]
        for board, future in running:
            for operation, instructions in future.result():
                figures[board, operation] = float(instructions)
                print(f"bench {board} {operation} {instructions}", flush=True)
    return figures


def read_budgets():
    if not BUDGETS.exists():
        return {}
    with open(BUDGETS, newline="", encoding="utf-8") as f:
        return {(row["board"], row["operation"]): float(row["limit"]) for row in csv.DictReader(f)}


def write_table(path, column, figures):
    path.parent.mkdir(exist_ok=True)
    with open(path, "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["board", "operation", column])
        out.writerows([board, operation, f"{value:g}"] for (board, operation), value in figures.items())


def compare(figures, budgets):
    """Number of figures that break their budget."""
    over = 0
    for key, value in figures.items():
        limit = budgets.get(key)
        name = " ".join(key)
        if limit is None:
            print(f"budget: {name} has none, it takes {value:g}")
        elif value > limit:
            print(f"budget: {name} takes {value:g}, the limit is {limit:g}")
            over += 1
        elif value < limit * (1 - SLACK):
            print(f"budget: {name} takes {value:g}, lower the limit of {limit:g}")
    return over


def main():
    parser = argparse.ArgumentParser(description="Runs the benchmarks.")
    parser.add_argument("boards", nargs="*", metavar="BOARD", help=f"default: {' '.join(BOARDS)}")
    parser.add_argument("--update", action="store_true", help="make the figures measured the limits")
    parser.add_argument("--only", default="", metavar="TEXT", help="operations whose name contains TEXT")
    parser.add_argument("--make", action="append", default=[], metavar="VARIABLE=VALUE", help="for make, as OPT=-Os")
    parser.add_argument("-j", dest="jobs", type=int, default=2, help="programs at a time (default 2)")
    args = parser.parse_args()
    figures = measure(args.boards or BOARDS, args.only, args.jobs, args.make)
    if args.make:
        return 0
    if not args.only:
        write_table(RESULTS, "instructions", figures)
    budgets = read_budgets()
    if args.update:
        write_table(BUDGETS, "limit", {**budgets, **figures})
        return 0
    over = compare(figures, budgets)
    print(f"bench: {len(figures)} figures, {over} over their budget")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
