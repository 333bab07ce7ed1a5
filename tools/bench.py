#!/usr/bin/env python3
"""Runs the benchmarks in QEMU, counting instructions, and compares them with their budgets.

    tools/bench.py [BOARD...] [--update]

Prints `bench <board> <operation> <instructions>`, a line per figure, and writes build/bench.csv. bench/budgets.csv says
how many instructions an operation may take at most: above is an error; more than 2 % below asks for a lower limit.
--update writes the figures measured as the new limits.
"""
import argparse
import csv
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOARDS = ["mps2-an385", "mps2-an386", "microbit", "mps2-an505", "virt-rv32", "virt-rv64"]
BUDGETS = ROOT / "bench" / "budgets.csv"
RESULTS = ROOT / "build" / "bench.csv"
SLACK = 0.02
GUARD = 300


def make(board, *goals):
    argv = ["make", "-s", "-j2", f"BOARD={board}", "PROFILE=release", *goals]
    done = subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"bench: `{' '.join(argv)}` failed")
    return done.stdout


def measure(board):
    """The figures of one board, {operation: instructions}."""
    figures = {}
    make(board, "benches")
    for line in make(board, "print-benches").splitlines():
        elf, *command = shlex.split(line)
        if not command or "-system-" not in command[0]:
            sys.exit(f"bench: {board} runs in no emulator that counts instructions")
        argv = [*command, "-icount", "shift=0", "-kernel", elf]
        try:
            done = subprocess.run(argv, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                                  timeout=GUARD, check=False)
        except subprocess.TimeoutExpired:
            sys.exit(f"bench: {elf} hangs")
        found = re.findall(r"^bench (\S+) ([\d.]+)\s*$", done.stdout, re.M)
        if done.returncode or not re.search(r"^bench done\s*$", done.stdout, re.M):
            sys.exit(f"bench: {elf} ended with status {done.returncode}:\n{done.stdout}")
        for operation, instructions in found:
            figures[operation] = float(instructions)
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
    args = parser.parse_args()
    figures = {}
    for board in args.boards or BOARDS:
        figures.update({(board, operation): value for operation, value in measure(board).items()})
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
