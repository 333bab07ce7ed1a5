#!/usr/bin/env python3
"""The files of the tree as text: ASCII sources, 120 columns, no tabs, no blanks at line ends, one newline at the end.

Documents (.md) may have long lines and other letters, but no dashes, quotes or blanks that a keyboard does not have,
and no pictures.

    tools/check_text.py                 checks
    tools/check_text.py --fix FILE...   wraps the full-line comments of these files that are too wide; nothing else
"""
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 120
SOURCES = {".c", ".h", ".S", ".ld", ".py", ".sh", ".mk"}
NAMED = {"Makefile", "run", ".clang-format", ".editorconfig"}
TABS = {"Makefile", ".mk"}
GENERATED = "conformance" # programs and traces made by a tool: their width is the tool's
TYPOGRAPHY = "\u2010\u2011\u2012\u2013\u2014\u2015\u2018\u2019\u201c\u201d\u2026\u00a0\u200b\u200c\u200d\ufeff"


def tree_files():
    """Everything git tracks or would track."""
    out = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, text=True,
                         capture_output=True, check=True).stdout
    return [Path(name) for name in sorted(set(out.splitlines())) if (ROOT / name).is_file()]


def odd_letters(line, document):
    for letter in line:
        if document and (letter in TYPOGRAPHY or unicodedata.category(letter) == "So"):
            yield letter
        elif not document and not (letter == "\t" or " " <= letter <= "~"):
            yield letter


def line_faults(line, path, document):
    for letter in odd_letters(line, document):
        yield f"has U+{ord(letter):04X}"
    if line != line.rstrip():
        yield "ends with a blank"
    if document:
        return
    if "\t" in line and path.name not in TABS and path.suffix not in TABS:
        yield "has a tab"
    if len(line) > WIDTH and path.suffix != ".mk" and path.name != "Makefile" and GENERATED not in path.parts:
        yield f"is {len(line)} columns wide"


def faults(path):
    document = path.suffix == ".md"
    if not document and path.suffix not in SOURCES and path.name not in NAMED:
        return
    data = (ROOT / path).read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as e:
        yield 1, f"is not UTF-8: {e.reason}"
        return
    for number, line in enumerate(text.split("\n"), 1):
        for fault in line_faults(line, path, document):
            yield number, fault
    if text and (not text.endswith("\n") or re.search(r"\n\n\Z", text)):
        yield text.count("\n"), "is not the end of a file: one newline"


def wrap_comments(lines):
    """Moves the words beyond the limit to the next line, if that goes on with the same comment, or to a new one."""
    out, rest = [], list(lines)
    while rest:
        line = rest.pop(0)
        comment = re.match(r"(\s*(?://|#) +)\S", line)
        cut = line.rfind(" ", 0, WIDTH + 1)
        kept = "rill-test:" in line or line.endswith("\\") # markers and macros stay on their line
        if len(line) <= WIDTH or not comment or kept or cut <= len(comment.group(1)):
            out.append(line)
            continue
        prefix, words = comment.group(1), line[cut + 1:].rstrip()
        follows = rest and re.match(re.escape(prefix) + r"[A-Za-z(`]", rest[0]) and "  " not in rest[0].strip()
        if follows and not rest[0].strip().endswith(":"):
            rest[0] = prefix + words + " " + rest[0][len(prefix):]
        else:
            rest.insert(0, prefix + words)
        out.append(line[:cut].rstrip())
    return out


def fix(paths):
    for path in map(Path, paths):
        if path.suffix in SOURCES:
            lines = path.read_text(encoding="utf-8").split("\n")
            path.write_text("\n".join(wrap_comments(lines)), encoding="utf-8")


def main():
    if sys.argv[1:2] == ["--fix"]:
        fix(sys.argv[2:])
        return 0
    files = tree_files()
    wrong = 0
    for path in files:
        for number, fault in faults(path):
            wrong += 1
            print(f"{path}:{number}: {fault}")
    print(f"text: {len(files)} files, {wrong} findings")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main())
