#!/usr/bin/env python3
"""The ledger of CPython 3.13's asyncio tests: tests/cpython/ledger.tsv, a row per test of Lib/test/test_asyncio.

    file class test line   where it is in CPython
    applicable             A: it says something about Rill; P: a part of it does; N: it does not, `why` says why
    rill                   the case that checks the same here: <file below tests/>:<case>; several: with blanks between
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
MADE = re.compile(r"^TEST\((\w+)\)", re.M)
RUN = re.compile(r"TEST_CASE\((\w+)\)")


@lru_cache(maxsize=None)
def cases(name):
    """The cases a test program makes and runs."""
    path = ROOT / "tests" / name
    if not path.is_file():
        return set()
    text = path.read_text(encoding="utf-8")
    return set(MADE.findall(text)) & set(RUN.findall(text))


def problems(row):
    for entry in row["rill"].split():
        name, _, case = entry.partition(":")
        if case not in cases(name):
            yield f"no such case: {entry}"
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


def main():
    with LEDGER.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, restval=""))
    if not rows or list(rows[0]) != FIELDS:
        print(f"{LEDGER.name}: the columns must be {' '.join(FIELDS)}")
        return 1
    bad = 0
    for number, row in enumerate(rows, 2):
        for problem in problems(row):
            bad += 1
            print(f"{LEDGER.relative_to(ROOT)}:{number}: {row['file']} {row['test']}: {problem}")
    counts = Counter(kind(row) for row in rows)
    print(f"ledger: {len(rows)} tests of CPython: " + ", ".join(f"{n} {what}" for what, n in sorted(counts.items())) +
          f"; {bad} problems")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
