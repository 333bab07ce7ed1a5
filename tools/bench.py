#!/usr/bin/env python3
"""Runs the benchmarks in QEMU, counting instructions, and compares them with their budgets.

    tools/bench.py [BOARD...] [--update] [--only TEXT] [--make VARIABLE=VALUE] [--budgets FILE] [-j N]

Prints `bench <board> <operation> <instructions>`, a line per figure, and writes build/bench.csv. bench/budgets.csv says
how many instructions an operation may take at most: above is an error, and so is a figure without a limit, a limit
without a figure, and a calibrating loop that is not counted exactly; more than 2 % below asks for a lower limit.
--update writes the figures measured as the new limits. --only measures the operations whose name contains TEXT ("$"
is its end); --make builds otherwise (OPT=-Os, LTO=1) and only prints.
"""
import argparse
import concurrent.futures
import csv
import math
import re
import sys
from pathlib import Path

from children import run_main
from emulated import CHILDREN, ONLY_MOST, PREFIX, ROOT, Code, board_settings, programs, spans

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
        try:
            running = [(board, pool.submit(figures_of, board, program, only))
                       for board in boards for program in programs(board, options)]
            for board, future in running:
                for operation, instructions in future.result():
                    figures[board, operation] = float(instructions)
                    print(f"bench {board} {operation} {instructions}", flush=True)
        except BaseException:
            CHILDREN.stop()
            pool.shutdown(cancel_futures=True)
            raise
    return figures


def read_budgets(path):
    """{(board, operation): limit} of a file, which is an error at the first line that is none."""
    limits = {}
    with open(path, newline="", encoding="utf-8") as f:
        rows = csv.reader(f)
        if next(rows, None) != ["board", "operation", "limit"]:
            sys.exit(f"bench: {path}: the first line must be `board,operation,limit`")
        for row in rows:
            key = tuple(row[:2])
            if len(row) != 3 or key in limits or not re.fullmatch(r"\d+(\.\d+)?", row[2]):
                sys.exit(f"bench: {path}, line {rows.line_num}: `{','.join(row)}` is no limit, or a second one")
            limits[key] = float(row[2])
    return limits


def write_table(path, column, figures):
    path.parent.mkdir(exist_ok=True)
    with open(path, "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["board", "operation", column])
        out.writerows([board, operation, f"{value:.12g}"] for (board, operation), value in figures.items())


def calibrated(figures):
    """Complaints about loops that take a known number of instructions."""
    for (board, operation), value in figures.items():
        known = re.fullmatch(r"calibration-of-(\d+)", operation)
        if known and value != float(known.group(1)):
            yield f"calibration: {board} counts {value:g} for a loop of {known.group(1)}"


def compare(figures, budgets, complete):
    """Complaints about figures and their limits. `complete`: the boards whose every operation was measured."""
    for (board, operation), value in figures.items():
        limit = budgets.get((board, operation), math.nan)
        if math.isnan(limit):
            yield f"budget: {board} {operation} has none, it takes {value:g}"
        elif value > limit:
            yield f"budget: {board} {operation} takes {value:g}, the limit is {limit:g}"
    for board, operation in budgets:
        if board in complete and (board, operation) not in figures:
            yield f"budget: {board} {operation} has a limit, but nothing measures it"


def improved(figures, budgets):
    """Requests for lower limits."""
    for key, value in figures.items():
        limit = budgets.get(key, 0)
        if value < limit * (1 - SLACK):
            yield f"budget: {' '.join(key)} takes {value:g}, lower the limit of {limit:g}"


def parse_args():
    parser = argparse.ArgumentParser(description="Runs the benchmarks.")
    parser.add_argument("boards", nargs="*", metavar="BOARD", help=f"default: {' '.join(BOARDS)}")
    parser.add_argument("--update", action="store_true", help="make the figures measured the limits")
    parser.add_argument("--only", default="", metavar="TEXT", help="operations whose name contains TEXT")
    parser.add_argument("--make", action="append", default=[], metavar="VARIABLE=VALUE", help="for make, as OPT=-Os")
    parser.add_argument("--budgets", type=Path, default=BUDGETS, help="default: bench/budgets.csv")
    parser.add_argument("-j", dest="jobs", type=int, default=2, help="programs at a time (default 2)")
    args = parser.parse_args()
    if args.jobs < 1:
        parser.error("-j: at least 1")
    if len(args.only.encode()) > ONLY_MOST:
        parser.error(f"--only: at most {ONLY_MOST} characters")
    if args.make and args.update:
        parser.error("--update: limits are those of the default build")
    for variable in args.make:
        if not re.match(r"[A-Z_]+=", variable):
            parser.error(f"--make: {variable} is not VARIABLE=VALUE")
    args.boards = list(dict.fromkeys(args.boards)) or BOARDS
    return args


def main():
    args = parse_args()
    for board in args.boards:
        board_settings(board)
    if not args.update and not args.make and not args.budgets.exists():
        sys.exit(f"bench: {args.budgets} is missing; --update writes it")
    budgets = read_budgets(args.budgets) if args.budgets.exists() else {}
    figures = measure(args.boards, args.only, args.jobs, args.make)
    if not figures:
        sys.exit(f"bench: no operation's name contains `{args.only}`")
    if args.make:
        return 0
    if not args.only:
        write_table(RESULTS, "instructions", figures)
    problems = list(calibrated(figures))
    if args.update and not problems:
        kept = {key: limit for key, limit in budgets.items() if args.only or key[0] not in args.boards}
        write_table(args.budgets, "limit", {**kept, **figures})
        return 0
    problems += compare(figures, budgets, [] if args.only else args.boards)
    print("".join(f"{line}\n" for line in [*improved(figures, budgets), *problems])
          + f"bench: {len(figures)} figures, {len(problems)} over their budget or without")
    return 1 if problems else 0


if __name__ == "__main__":
    run_main(main, CHILDREN)
