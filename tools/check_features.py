#!/usr/bin/env python3
"""Is docs/FEATURES.md complete and true? Every feature from 1 to 166 once, in order, with a file or a test case that
shows it, or a reason why it does not apply; every file, case and public name it mentions exists.

A case is <path>:<case>: TEST(<case>) in a C file, a word of a script. An example must be one whose output is compared.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "FEATURES.md"
LAST = 166
NAME = re.compile(r"\b(?:rill|RILL)_\w+")


def rows():
    """Number, cells and line of every row of the tables."""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        match = re.match(r"\| (\d+) \|(.*)\|$", line)
        if match:
            yield int(match.group(1)), [cell.strip() for cell in re.split(r"(?<!\\)\|", match.group(2))]


def names_declared():
    text = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "include" / "rill").glob("*.h"))
    text = re.sub(r"//[^\n]*", "", text) + (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(NAME.findall(text))


def wrong_reference(reference):
    """What is wrong with a path or a path:case; an empty text if nothing."""
    path, _, case = reference.partition(":")
    file = ROOT / path
    if not file.is_file():
        return f"{path} does not exist"
    text = file.read_text(encoding="utf-8")
    cases = re.findall(r"\bTEST\((\w+)\)", text) if file.suffix == ".c" else re.findall(r"\w+", text)
    if case and case not in cases:
        return f"{path} has no case {case}"
    if not case and file.suffix == ".c" and cases:
        return f"which case of {path}?"
    if path.startswith("examples/") and "/shell/" not in path and not file.with_suffix(".out").is_file():
        return f"the output of {path} is not compared with anything"
    return ""


def problems(number, cells, declared):
    if len(cells) != 3:
        return [f"{len(cells) + 1} cells, not 4"]
    names = NAME.findall(cells[1])
    found = [f"{name} is in no header and not in the Makefile" for name in names if name not in declared]
    references = re.findall(r"`([^`]+)`", cells[2])
    found += [wrong for wrong in map(wrong_reference, references) if wrong]
    if not references and not re.match(r"Does not apply: \S+( \S+){4}", cells[1]):
        found.append("nothing shows it, and no reason is given (Does not apply: ...)")
    return found


def main():
    declared = names_declared()
    table = list(rows())
    found = [f"{number}: {wrong}" for number, cells in table for wrong in problems(number, cells, declared)]
    numbers = [number for number, _ in table]
    if numbers != list(range(1, LAST + 1)):
        missing = sorted(set(range(1, LAST + 1)) - set(numbers))
        found.append(f"the numbers are not 1 to {LAST} in order; missing: {missing}")
    print("\n".join(f"FEATURES.md: {wrong}" for wrong in found) or f"features: {LAST} rows, every name and case exists")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
