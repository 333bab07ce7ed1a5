#!/usr/bin/env python3
"""The public headers: every function has a comment, every header compiles alone, as C and as C++, and is in rill.h.

A declaration is documented by a comment right above it; declarations with no blank line between them share the comment
of their block.
"""
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADERS = ROOT / "include"
PLAIN = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wundef", "-Werror", f"-I{HEADERS}"]
LANGUAGES = [("gcc", ["-x", "c", "-std=c11", "-Wconversion", "-Wshadow", "-Wstrict-prototypes"]),
             ("g++", ["-x", "c++", "-std=c++17"]),
             ("arm-none-eabi-gcc", ["-x", "c", "-std=c11", "-mcpu=cortex-m3", "-mthumb"])]


def uncommented(text):
    """(line, name) of function declarations in blocks without a comment. A block is what blank lines enclose."""
    documented, head, depth = False, "", 0
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if not bare and depth == 0:
            documented, head = False, ""
        elif re.match(r"//|/\*", bare) and depth == 0:
            documented = True
        elif not bare.startswith("#") and not bare.startswith('extern "C"'):
            head = declaration(line, head, depth)
            if depth == 0 and head.endswith((";", "{")):
                name = re.match(r"[\w\s*]*?\b(rill_\w+)\s*\(", head)
                if name and not documented and not head.startswith("typedef"):
                    yield number, name.group(1)
                head = ""
            depth = max(0, depth + bare.count("{") - bare.count("}"))


def declaration(line, head, depth):
    """The declaration so far, without comments; nothing inside braces."""
    bare = re.sub(r"\s*//.*", "", line).strip()
    return (head + " " + bare).strip() if depth == 0 else ""


def check_comments(path):
    wrong = 0
    for line, name in uncommented(path.read_text(encoding="utf-8")):
        print(f"{path.relative_to(ROOT)}:{line}: {name} has no comment")
        wrong += 1
    return wrong


def check_alone(path):
    """Compiles a file that only includes the header, with every compiler there is."""
    wrong = 0
    for compiler, flags in LANGUAGES:
        if not shutil.which(compiler):
            print(f"headers: {compiler} is not installed")
            return 1
        text = f"#include <{path.relative_to(HEADERS)}>\nextern int not_empty;\n"
        done = subprocess.run([compiler, *flags, *PLAIN, "-"], input=text, capture_output=True, text=True, check=False)
        if done.returncode:
            wrong += 1
            print(f"{path.relative_to(ROOT)}: does not compile alone with {compiler} {' '.join(flags)}\n{done.stderr}")
    return wrong


def check_umbrella(headers):
    """rill/rill.h includes all the others."""
    text = (HEADERS / "rill" / "rill.h").read_text(encoding="utf-8")
    missing = [h.name for h in headers if h.name != "rill.h" and f"#include <rill/{h.name}>" not in text]
    if missing:
        print(f"include/rill/rill.h: does not include {', '.join(missing)}")
    return len(missing)


def main():
    headers = sorted((HEADERS / "rill").glob("*.h"))
    wrong = sum(check_comments(h) + check_alone(h) for h in headers) + check_umbrella(headers)
    print(f"headers: {len(headers)} compiled alone with {', '.join(c for c, _ in LANGUAGES)}, {wrong} findings")
    return 1 if wrong or not headers else 0


if __name__ == "__main__":
    sys.exit(main())
