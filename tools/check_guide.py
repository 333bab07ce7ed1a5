#!/usr/bin/env python3
"""Does the C in the guides compile? Every block ```c is a task's statements, every ```c top declarations.

Pages of docs/ without any ```c top are left out: their pieces do not say what they take as given. A page is
one translation unit: its declarations in their order, and a function around the statements of each block, so that a
block may declare what another one declares. Host and, if there is one, Cortex-M compiler, all warnings errors but those
about variables and functions that a short piece does not use.
"""
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["-std=gnu11", "-Iinclude", "-fsyntax-only", "-x", "c", "-Wall", "-Wextra", "-Wconversion", "-Wshadow",
         "-Werror", "-Wno-unused-variable", "-Wno-unused-but-set-variable", "-Wno-unused-function"]
COMPILERS = [["gcc"], ["arm-none-eabi-gcc", "-mcpu=cortex-m3", "-mthumb"]]
BLOCK = re.compile(r"^```c( top)?\n(.*?)^```$", re.M | re.S)


def unit(page):
    """The page as C, with line directives that lead back to it, and the number of its blocks."""
    text = page.read_text(encoding="utf-8")
    parts, count = [], 0
    for block in BLOCK.finditer(text):
        count += 1
        line = text.count("\n", 0, block.start(2)) + 1
        code = f'#line {line} "{page.relative_to(ROOT)}"\n{block.group(2)}'
        if not block.group(1):
            code = f"int piece_{count}(void);\nint piece_{count}(void)\n{{\n{code}return 0;\n}}\n"
        parts.append(code)
    return "".join(parts), count if "```c top" in text else 0


def compiles(code, compiler):
    return subprocess.run([*compiler, *FLAGS, "-"], cwd=ROOT, input=code, text=True, check=False).returncode == 0


def main():
    compilers = [c for c in COMPILERS if shutil.which(c[0])]
    units = [unit(page) for page in sorted((ROOT / "docs").glob("*.md"))]
    total = sum(count for _, count in units)
    results = [compiles(code, compiler) for code, count in units if count for compiler in compilers]
    good = results and all(results)
    names = ", ".join(c[0] for c in compilers)
    print(f"guide: {total} pieces of C compile with {names}" if good else "guide: does not compile")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
