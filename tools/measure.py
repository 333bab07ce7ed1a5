#!/usr/bin/env python3
"""Measures what docs/BENCHMARKS.md and include/rill/config.h say beside the budgets, and writes it below bench/.

    tools/measure.py [cycles] [levels] [config]     all of them if none is named; then tools/check_readme.py --fix

cycles  bench/cycles.csv: instructions of single operations and the cycles they are estimated to take (tools/cycles.py)
levels  bench/levels.csv: operations and flash at each level of optimisation
config  bench/config.csv: bytes and instructions with each switch of include/rill/config.h set the other way
"""
import csv
import math
import sys

import cycles
import size
import trace
from children import run_main
from emulated import CHILDREN, PREFIX, ROOT, Code, board_settings, output_of, programs, spans
from tables import COMPARED, CONFIG_OPERATIONS, CYCLE_BOARDS, CYCLE_OPERATIONS, LEVELS, LEVEL_OPERATIONS

# The other value of each switch: for bytes, at -Os, and for instructions, at -O2. The report of faults is a switch of
# its own and stays out of the others.
SWITCHES = {
    "RILL_DEBUG": ("RILL_DEBUG=1,RILL_FAULT_REPORT=0", "RILL_DEBUG=1"),
    "RILL_STATS": ("RILL_STATS=1", "RILL_STATS=1"),
    "RILL_HIGH_WATER": ("RILL_HIGH_WATER=1", "RILL_HIGH_WATER=1"),
    "RILL_STACK_GUARD": ("RILL_STACK_GUARD=1", "RILL_STACK_GUARD=1"),
    "RILL_NAMES": ("RILL_NAMES=0", "RILL_NAMES=0"),
    "RILL_SMALL": ("RILL_SMALL=0,RILL_FAULT_REPORT=0", "RILL_SMALL=1"),
    "RILL_FAULT_REPORT": ("RILL_FAULT_REPORT=1", "RILL_FAULT_REPORT=0"),
}


def write(name, head, rows):
    with open(ROOT / "bench" / name, "w", newline="", encoding="utf-8") as f:
        csv.writer(f, lineterminator="\n").writerows([head, *rows])
    print(f"measure: bench/{name}")


def timed(board, options, names=("",)):
    """({operation: instructions} of what is counted by the clock, or of some of it; bytes of bench/tasks.c's image)."""
    figures, flash = {}, 0
    for program in programs(board, options):
        for name in names:
            figures.update((operation, float(n)) for operation, n in program.run({"only": name})[0])
        if program.elf.endswith("bench/tasks.elf"):
            tool = PREFIX[board_settings(board)["ARCH"]] + "size"
            flash = int(output_of(tool, program.elf).splitlines()[1].split()[0])
    return figures, flash


def stepped(board, operation):
    """(instructions, cycles) of one operation, by single steps."""
    _, cost = cycles.cost_of(board_settings(board)["CPUFLAGS"])
    for program in programs(board):
        only = {"rounds": trace.R1, "only": operation + "$"}
        names, traces = program.run(only)
        if operation not in [name for name, *_ in names + traces]:
            continue
        code = Code(program.elf, PREFIX[board_settings(board)["ARCH"]])
        for name, parts, short, long in trace.rounds_of(program, code, only["only"]):
            if name == operation:
                counts = zip(trace.costs(code, cost, short), trace.costs(code, cost, long))
                return [sum(trace.one_round(*pair, parts).values()) for pair in counts]
        for name, stretch in spans(program, code, traces, only["only"]):
            if name == operation:
                return [sum(count.values()) for count in trace.costs(code, cost, stretch)]
    return sys.exit(f"measure: {board} has no operation {operation}")


def measure_cycles():
    rows = [[board, operation, *(f"{n:g}" for n in stepped(board, operation))]
            for operation in CYCLE_OPERATIONS for board in CYCLE_BOARDS]
    write("cycles.csv", ["board", "operation", "instructions", "cycles"], rows)


def measure_levels():
    rows = []
    for board in COMPARED:
        found = {level: timed(board, options) for level, options in LEVELS.items()}
        base = found["-O2"][0]
        for level, (figures, flash) in found.items():
            rows += [[board, level, operation, f"{figures[operation]:g}"] for operation in LEVEL_OPERATIONS]
            common = [n for n in base if base[n] and not n.startswith(("bytes-", "calibration-"))]
            mean = math.exp(sum(math.log(figures[n] / base[n]) for n in common) / len(common))
            rows += [[board, level, "mean", f"{mean:.3f}"], [board, level, "operations", len(common)],
                     [board, level, "flash", flash]]
    write("levels.csv", ["board", "level", "what", "figure"], rows)


def bytes_with(board, config):
    """What a program that only sleeps and one with the whole API take, a task and a loop."""
    build = size.Build(board, config)
    flash, ram = build.figures(build.image("sleep"))
    types = build.type_sizes()
    return [flash, build.figures(build.image("sleep", build.api()))[0], ram, types["rill_tcb_t"], types["rill_loop_t"]]


def measure_config():
    rows = []
    for board in COMPARED:
        for switch, (small, fast) in {"": ("", ""), **SWITCHES}.items():
            figures, _ = timed(board, [f"CONFIG={fast}"], [f"{name}$" for name in CONFIG_OPERATIONS])
            rows.append([board, switch, *bytes_with(board, small), *(f"{figures[n]:g}" for n in CONFIG_OPERATIONS)])
            print(*rows[-1], flush=True)
    write("config.csv", ["board", "switch", "sleep", "api", "ram", "task", "loop", *CONFIG_OPERATIONS], rows)


def main():
    measures = {"cycles": measure_cycles, "levels": measure_levels, "config": measure_config}
    wanted = sys.argv[1:] or list(measures)
    for name in wanted:
        if name not in measures:
            sys.exit(f"measure: {name} is none of {', '.join(measures)}")
    for name in wanted:
        measures[name]()
    return 0


if __name__ == "__main__":
    run_main(main, CHILDREN)
