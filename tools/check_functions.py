#!/usr/bin/env python3
"""Function lengths: none over 60 lines, median at most 12 in the library. Prints the median per directory.

Functions open with a brace in column 1 and close with one, so the text alone tells where they are. The length counts
the lines between the braces. Tables and declarations are not functions.
"""
import re
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ("kernel", "arch", "drivers", "boards", "lib")
OTHERS = ("include", "examples", "tests", "bench")
LONGEST, MEDIAN = 60, 12


def functions(path):
    """(line, name, length) of every function of a C file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    start, head = None, ""
    for number, line in enumerate(lines, 1):
        if line == "{" and start is None and re.search(r"\)[^;=]*$", head):
            start = number
            name = re.search(r"(\w+)\s*\(", head)
        elif line.rstrip("; ") == "}" and start is not None:
            yield start, name.group(1) if name else "?", number - start - 1
            start = None
        if start is None:
            # A head may take several lines; a blank line, a comment or a closed statement begins a new one.
            fresh = not line.strip() or re.match(r"\s*//|#|}", line) or line.endswith(";")
            head = "" if fresh else head + " " + line


def main():
    wrong, library = 0, []
    for directory in LIBRARY + OTHERS:
        lengths = []
        for path in sorted((ROOT / directory).rglob("*.[ch]")):
            for line, name, length in functions(path):
                lengths.append(length)
                if length > LONGEST:
                    wrong += 1
                    print(f"{path.relative_to(ROOT)}:{line}: {name} has {length} lines; {LONGEST} are allowed")
        if lengths:
            median = statistics.median(lengths)
            print(f"functions: {directory}: {len(lengths)}, median {median:g}, longest {max(lengths)}")
        if directory in LIBRARY:
            library += lengths
    if not library:
        print("functions: found none: the search is broken")
        return 1
    if statistics.median(library) > MEDIAN:
        wrong += 1
        print(f"functions: the library's median is {statistics.median(library):g} lines; {MEDIAN} are allowed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
