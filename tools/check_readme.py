#!/usr/bin/env python3
"""Is the README true? Its program is examples/readme.c, its figures are the budgets, its tests and files exist, and it
leads to every page of docs/.

    tools/check_readme.py [--fix]       --fix writes the program and the figures into the README
"""
import csv
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BENCHMARKS = ROOT / "docs" / "BENCHMARKS.md"
BOARDS = [("mps2-an385", "Cortex-M3"), ("mps2-an386", "Cortex-M4F"), ("mps2-an505", "Cortex-M33"),
          ("microbit", "Cortex-M0"), ("virt-rv32", "RV32IMAC"), ("virt-rv64", "RV64IMAC")]
OPERATIONS = [
    ("yield", "yield, task to task"),
    ("semaphore-release-acquire", "semaphore release and acquire, uncontended"),
    ("semaphore-ping-pong", "semaphore ping-pong, two tasks, round trip"),
    ("queue-put-get-16", "queue put and get, 16 bytes"),
    ("timer-start-cancel-1", "timer start and cancel, 1 live"),
    ("timer-start-cancel-10000", "timer start and cancel, 10,000 live"),
    ("task-create-run-reap", "task create, run, join"),
    ("pool-alloc-free", "pool block alloc and free"),
]


# Boards that other kernels were measured on.
COMPARED = [("mps2-an385", "Cortex-M3"), ("virt-rv32", "RV32IMAC")]


def table_of(path):
    with open(path, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def budgets():
    return {(row["board"], row["operation"]): row["limit"] for row in table_of(ROOT / "bench" / "budgets.csv")}


def comparison():
    """Rill's figures beside its goals and the other kernels', for the operations bench/peers.csv knows."""
    limits, others = budgets(), {}
    for row in table_of(ROOT / "bench" / "peers.csv"):
        others.setdefault(row["operation"], {})[row["board"], row["kernel"]] = row["instructions"]
    columns = [(board, kernel) for board, _ in COMPARED for kernel in ("goal", "FreeRTOS", "ThreadX", "ChibiOS")
               if any((board, kernel) in known for known in others.values())]
    head, widths = ["operation"], []
    for board, core in COMPARED:
        mine = [kernel for where, kernel in columns if where == board]
        head += [f"{core}: Rill", *mine]
        widths.append((board, mine))
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for operation, known in others.items():
        cells = [operation]
        for board, mine in widths:
            cells.append(f"**{limits.get((board, operation), '')}**")
            cells += [known.get((board, kernel), "") for kernel in mine]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def figures():
    limits = budgets()
    lines = ["| operation | " + " | ".join(core for _, core in BOARDS) + " |", "|---" * (len(BOARDS) + 1) + "|"]
    for operation, text in OPERATIONS:
        cells = [limits.get((board, operation), "") for board, _ in BOARDS]
        lines.append(f"| {text} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def replaced(text):
    """The README with program and figures as they are."""
    program = (ROOT / "examples" / "readme.c").read_text(encoding="utf-8")
    text = re.sub(r"```c\n.*?```\n", lambda _: f"```c\n{program}```\n", text, count=1, flags=re.S)
    return re.sub(r"(<!-- figures -->\n).*?(?=\n<!-- end -->)", lambda m: m.group(1) + figures(), text, flags=re.S)


def compared(text):
    """docs/BENCHMARKS.md with the figures as they are."""
    return re.sub(r"(<!-- figures -->\n).*?(?=\n<!-- end -->)", lambda m: m.group(1) + comparison(), text, flags=re.S)


def missing(text):
    """Paths in backquotes, and link targets, that do not exist."""
    paths = re.findall(r"`((?:tests|examples|tools|bench|docs|include|kernel|arch)/[^`\s]*)`", text)
    paths += re.findall(r"\]\(([^)#:]+)\)", text)
    return [p for p in paths if not any(ROOT.glob(p.rstrip("/")))]


def unlinked(text):
    """Pages of docs/ the README does not lead to."""
    return [f"docs/{p.name}" for p in sorted((ROOT / "docs").glob("*.md")) if f"](docs/{p.name})" not in text]


def main():
    text = README.read_text(encoding="utf-8")
    wanted = replaced(text)
    benchmarks = BENCHMARKS.read_text(encoding="utf-8")
    if "--fix" in sys.argv[1:]:
        README.write_text(wanted, encoding="utf-8")
        text = wanted
        BENCHMARKS.write_text(compared(benchmarks), encoding="utf-8")
        benchmarks = compared(benchmarks)
    problems = [f"README.md names {p}, which does not exist" for p in missing(text)]
    problems += [f"README.md does not link {p}" for p in unlinked(text)]
    if text != wanted:
        problems.append("README.md: program or figures are out of date (tools/check_readme.py --fix)")
    if benchmarks != compared(benchmarks):
        problems.append("docs/BENCHMARKS.md: figures are out of date (tools/check_readme.py --fix)")
    print("\n".join(problems) or "readme: program, figures and names are right")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
