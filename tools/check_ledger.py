#!/usr/bin/env python3
"""Which case holds what: three tables that name cases as <file below tests/>:<case>, several with blanks between.

tests/semantics.tsv: a row per rule of asyncio's semantics (L1, F1, ...), all 188 of them;
tests/conformance/programs.tsv: a row per program that was run on CPython. Columns: name, cases, and a reason if there
is none.

tests/cpython/ledger.tsv: a row per test of CPython 3.13's Lib/test/test_asyncio.

    file class test line   where it is in CPython
    applicable             A: it says something about Rill; P: a part of it does; N: it does not, `why` says why
    rill                   the cases that check the same here
    reason                 of a row A or P: why there is no case, or what of the test has no counterpart

Every row A or P must name a case that exists and is run, or give a reason. Every name must be right in any row.
"""
import csv
import re
import sys
from collections import Counter
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEDGER = ROOT / "tests/cpython/ledger.tsv"
FIELDS = ["file", "class", "test", "line", "applicable", "why", "rill", "reason"]
RULES = ROOT / "tests/semantics.tsv"
PROGRAMS = ROOT / "tests/conformance/programs.tsv"
ROWS = {RULES: 188, PROGRAMS: 276}  # a row that is left out would go unnoticed
MADE = re.compile(r"^TEST\((\w+)\)", re.M)
RUN = re.compile(r"TEST_CASE\((\w+)\)|\{ \"\w+\", (\w+) \}")


@lru_cache(maxsize=None)
def cases(name):
    """The cases a test program makes and runs."""
    path = ROOT / "tests" / name
    if not path.is_file():
        return set()
    text = path.read_text(encoding="utf-8")
    return set(MADE.findall(text)) & {a or b for a, b in RUN.findall(text)}


def wrong_names(entries):
    for entry in entries.split():
        name, _, case = entry.partition(":")
        if case not in cases(name):
            yield f"no such case: {entry}"


def problems(row):
    yield from wrong_names(row["rill"])
    if row["applicable"] not in ("A", "P", "N"):
        yield f"applicable is {row['applicable']!r}"
    elif row["applicable"] == "N":
        if not row["why"]:
            yield "neither applicable nor a reason why"
    elif not row["rill"] and not row["reason"]:
        yield "neither a case nor a reason"


def kind(row):
    if row["applicable"] == "N":
        return "not applicable"
    return "with a case" if row["rill"] else "with a reason only"


def read(path, fields):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, restval=""))
    if not rows or list(rows[0]) != fields:
        sys.exit(f"{path.relative_to(ROOT)}: the columns must be {' '.join(fields)}")
    return rows


def check_table(path):
    """A table of rules or programs. Returns (rows with a case, problems)."""
    rows = read(path, ["name", "cases", "reason"])
    found = [f"{row['name']}: {what}" for row in rows for what in wrong_names(row["cases"])]
    found += [f"{row['name']}: neither a case nor a reason" for row in rows if not row["cases"] and not row["reason"]]
    if len({row["name"] for row in rows}) != ROWS[path]:
        found.append(f"{ROWS[path]} different names expected")
    for what in found:
        print(f"{path.relative_to(ROOT)}: {what}")
    return sum(bool(row["cases"]) for row in rows), len(found)


def main():
    rows = read(LEDGER, FIELDS)
    bad = 0
    for number, row in enumerate(rows, 2):
        for problem in problems(row):
            bad += 1
            print(f"{LEDGER.relative_to(ROOT)}:{number}: {row['file']} {row['test']}: {problem}")
    (rules, wrong), (programs, wrong_too) = check_table(RULES), check_table(PROGRAMS)
    bad += wrong + wrong_too
    counts = Counter(kind(row) for row in rows)
    print(f"ledger: {rules} of {ROWS[RULES]} rules and {programs} of {ROWS[PROGRAMS]} programs with a case; "
          f"{len(rows)} tests of CPython: " + ", ".join(f"{n} {what}" for what, n in sorted(counts.items())) +
          f"; {bad} problems")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
