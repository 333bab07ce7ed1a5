#!/usr/bin/env python3
"""Is the README true? Its program is examples/readme.c, its figures are the budgets, its tests and files exist, and it
leads to every page of docs/. The figures of docs/BENCHMARKS.md and include/rill/config.h are those measured.

    tools/check_readme.py [--fix]       --fix writes the program and the figures
"""
import re
import sys
from pathlib import Path

from tables import BOARDS, TABLES, budgets, config_costs, lines_of, stale

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BENCHMARKS = ROOT / "docs" / "BENCHMARKS.md"
CONFIG = ROOT / "include" / "rill" / "config.h"
OPERATIONS = [
    ("yield", "yield, task to task"),
    ("semaphore-release-acquire", "semaphore release and acquire, uncontended"),
    ("semaphore-ping-pong", "semaphore ping-pong, two tasks, round trip"),
    ("queue-put-get-16", "queue put and get, 16 bytes"),
    ("timer-start-cancel-1", "timer start and cancel, 1 live"),
    ("timer-start-cancel-10000", "timer start and cancel, 10,000 live"),
    ("task-create-run-reap", "task create, run, join"),
    ("task-create-now-reap", "task create, run at once, join"),
    ("interrupt-to-task", "interrupt to task"),
    ("pool-alloc-free", "pool block alloc and free"),
]


def figures():
    limits = budgets()
    rows = [["operation", *(core for _, core in BOARDS)]]
    rows += [[text, *(limits.get((board, operation), "") for board, _ in BOARDS)] for operation, text in OPERATIONS]
    return lines_of(rows)


def filled(text, name, table):
    """A page with the table between its marks."""
    return re.sub(rf"(<!-- {name} -->\n).*?(?=\n<!-- end -->)", lambda m: m.group(1) + table, text, flags=re.S)


def replaced(text):
    """The README with program and figures as they are."""
    program = (ROOT / "examples" / "readme.c").read_text(encoding="utf-8")
    text = re.sub(r"```c\n.*?```\n", lambda _: f"```c\n{program}```\n", text, count=1, flags=re.S)
    return filled(text, "figures", figures())


def compared(text):
    """docs/BENCHMARKS.md with its tables as they are."""
    for name, table in TABLES.items():
        text = filled(text, name, table())
    return text


def costed(text):
    """include/rill/config.h with the costs as they are: in front of each switch, and of none in the beginning."""
    costs = config_costs()
    lines = r"// Cortex-M3: .*\n// RV32IMAC: .*\n"
    text = re.sub(rf"{lines}(?=// tools/measure)", lambda _: "".join(costs[""]), text)
    return re.sub(rf"{lines}(?=#ifndef (\w+)\n)", lambda m: "".join(costs[m.group(1)]), text)


def missing(text):
    """Paths in backquotes, and link targets, that do not exist."""
    paths = re.findall(r"`((?:tests|examples|tools|bench|docs|include|kernel|arch)/[^`\s]*)`", text)
    paths += re.findall(r"\]\(([^)#:]+)\)", text)
    return [p for p in paths if not any(ROOT.glob(p.rstrip("/")))]


def unlinked(text):
    """Pages of docs/ the README does not lead to."""
    return [f"docs/{p.name}" for p in sorted((ROOT / "docs").glob("*.md")) if f"](docs/{p.name})" not in text]


def main():
    pages = {README: replaced, BENCHMARKS: compared, CONFIG: costed}
    problems = []
    for path, wanted in pages.items():
        text = path.read_text(encoding="utf-8")
        if text != wanted(text) and "--fix" in sys.argv[1:]:
            path.write_text(wanted(text), encoding="utf-8")
        elif text != wanted(text):
            problems.append(f"{path.relative_to(ROOT)}: out of date (tools/check_readme.py --fix)")
    text = README.read_text(encoding="utf-8")
    problems += [f"README.md names {p}, which does not exist" for p in missing(text)]
    problems += [f"README.md does not link {p}" for p in unlinked(text)]
    print("".join(f"note: {line}\n" for line in stale()), end="")
    print("\n".join(problems) or "readme: program, figures and names are right")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
