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
import sys

from emulated import PREFIX, ROOT, Code, board_settings, programs, spans

BOARDS = ["mps2-an385", "mps2-an386", "microbit", "mps2-an505", "virt-rv32", "virt-rv64"]
BUDGETS = ROOT / "bench" / "budgets.csv"
RESULTS = ROOT / "build" / "bench.csv"
SLACK = 0.02


def figures_of(board, program, only):
    """[(operation, instructions)] of one program, those counted by single steps last."""
    timed, traces = program.run({"only": only})
    if traces:
        code = Code(program.elf, PREFIX[board_settings(board)["ARCH"]])
        timed += [(operation, str(len(stretch))) for operation, stretch in spans(program, code, traces, only)]
    return timed


def measure(boards, only, jobs, options=()):
    """The figures of some boards, {(board, operation): instructions}, printed as they come."""
    figures = {}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = [(board, pool.submit(figures_of, board, program, only))
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
        kept = {key: limit for key, limit in budgets.items() if args.only or key[0] not in (args.boards or BOARDS)}
        write_table(BUDGETS, "limit", {**kept, **figures})
        return 0
    over = compare(figures, budgets)
    print(f"bench: {len(figures)} figures, {over} over their budget")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
