#!/usr/bin/env python3
"""Draws what timers, wake-ups and spawning cost against how many tasks and timers there are: docs/growth-*.svg.

    tools/plots.py          (make bench-plots, which installs gnuplot when it is missing)

Measures anew (the operations `...-among-N` of tools/bench.py); the other kernels' points are those of bench/peers.csv.
"""
import csv
import re
import subprocess
import sys

import bench
from children import run_main
from emulated import CHILDREN, ROOT

BOARDS = {"mps2-an385": "Cortex-M3", "virt-rv32": "RV32IMAC"}
OPERATIONS = [("start-cancel-among-", "timer-start-cancel-", "timer start and cancel", "#0060ad"),
              ("ping-pong-among-", "semaphore-ping-pong", "wake and switch, there and back", "#2e8b57"),
              ("create-run-reap-among-", "task-create-run-reap", "spawn, run, join", "#c04000")]
MARKS = {"FreeRTOS": 8, "ThreadX": 4, "ChibiOS": 12} # gnuplot's point types


def peers(board, operation):
    """{kernel: [(population, instructions)]}."""
    found = {}
    with open(ROOT / "bench" / "peers.csv", newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            if row["board"] == board and row["operation"].startswith(operation) and row["kernel"] in MARKS:
                found.setdefault(row["kernel"], []).append((int(row["population"] or 1), float(row["figure"])))
    return found


def curves(board, figures):
    """gnuplot's data blocks and plot elements."""
    blocks, elements = [], []

    def add(points, title, style):
        blocks.append(f"$d{len(blocks)} << EOD\n" + "".join(f"{n} {v}\n" for n, v in sorted(points)) + "EOD")
        elements.append(f"$d{len(blocks) - 1} using 1:2 with {style} title '{title}'")

    for stem, theirs, title, color in OPERATIONS:
        points = [(int(name.removeprefix(stem)), value) for (where, name), value in figures.items()
                  if where == board and re.fullmatch(re.escape(stem) + r"\d+", name)]
        add(points, f"Rill: {title}", f"linespoints lw 2 pt 7 ps 0.6 lc rgb '{color}'")
        for kernel, measured in peers(board, theirs).items():
            add(measured, f"{kernel}: {title}", f"linespoints dt 2 pt {MARKS[kernel]} lc rgb '{color}'")
    return blocks, elements


def draw(board, core, figures):
    blocks, elements = curves(board, figures)
    path = ROOT / "docs" / f"growth-{core.lower()}.svg"
    script = "\n".join([
        "set terminal svg size 960,680 font 'sans,12' background '#ffffff'", f"set output '{path}'", *blocks,
        f"set title 'Instructions on {core}; Rill: among so many sleeping tasks, each with a timer'",
        "set logscale xy", "set xrange [0.8:14000]", "set yrange [10:20000]", "set grid",
        "set key below maxcols 3 samplen 2 spacing 1.1",
        "set xlabel 'tasks and timers there are'", "set ylabel 'instructions'", "plot " + ", ".join(elements), ""])
    done = subprocess.run(["gnuplot"], input=script, text=True, check=False)
    if done.returncode:
        sys.exit("plots: gnuplot failed")
    print(f"plots: {path.relative_to(ROOT)}")


def main():
    figures = bench.measure(list(BOARDS), "-among-", 2)
    for board, core in BOARDS.items():
        draw(board, core, figures)
    return 0


if __name__ == "__main__":
    run_main(main, CHILDREN)
