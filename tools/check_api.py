#!/usr/bin/env python3
"""The public API: every function and macro of include/rill is used by a test, and every function's comment is complete.

A function's comment, or for all of a header's functions the paragraph of the header's first comment that begins with
"Unless a function says otherwise", says
    context     from where it may be called: `Context: ...`
    cost        `O(...)`, or `Cost: ...`
    errors      what it returns then, if it returns an int or a pointer: `RILL_E...`, "NULL", or "Returns"
    origin      asyncio's name for it, a rule of its semantics (L1, F1, ...), or whose idea it is: `asyncio: none`
Declarations with no blank line between them share the comment of their block.

Not part of the API, and exempt: what a comment calls "Private", names that end with an underscore, and the options of
config.h.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADERS = sorted((ROOT / "include/rill").glob("*.h"))
DEFAULTS = "Unless a function says otherwise"
RULE = r"\b(?:L|F|T|C|S|W|G|A|AC|TG|TO|LK|SM|EV|CD|BR|Q|CV|RN|TH|DB|GN|AI|EG)\d+\b"
NEEDED = {"context": re.compile(r"Context:|context\s"),
          "cost": re.compile(r"\bO\(|Cost:"),
          "errors": re.compile(r"RILL_E\w+|NULL|[Rr]eturns|As "),
          "origin": re.compile(RULE + r"|asyncio|Python|greenlet|contextvars|C library|RILL_")}
FUNCTION = re.compile(r"^(?:static inline )?(?:__attribute__\(\(.*?\)\) )?((?:const |struct )?\w+[\s*]+?)"
                      r"(rill_\w+)\((?!\*)", re.M)
MACRO = re.compile(r"^#define (RILL_\w+)(\(?)", re.M)


def blocks(text):
    """(comment, code) of what blank lines outside braces enclose."""
    depth, comment, code = 0, [], []
    for line in text.splitlines() + [""]:
        bare = line.strip()
        if not bare and depth == 0:
            yield "\n".join(comment), "\n".join(code)
            comment, code = [], []
        elif bare.startswith("//") and depth == 0:
            comment.append(bare[2:].strip())
        else:
            code.append(line)
            if 'extern "C"' not in bare:
                depth = max(0, depth + bare.count("{") - bare.count("}"))


def default_of(text):
    """The paragraph of the header's first comment that holds for all of its functions."""
    head = text.split("#ifndef", 1)[0].replace("//", "")
    paragraphs = re.split(r"\n\s*\n", head)
    return " ".join(p for p in paragraphs if DEFAULTS in p)


def missing(comment, code, returns):
    for what, pattern in NEEDED.items():
        if what == "errors" and "*" not in returns and returns.split()[-1] != "int":
            continue
        if not pattern.search(comment):
            yield what


def check_header(path, used):
    """Problems, and how many functions and macros there are."""
    text = path.read_text(encoding="utf-8")
    default, problems, count = default_of(text), [], 0
    for comment, code in blocks(text):
        private = re.search(r"\bPrivate\b", comment)
        for returns, name in FUNCTION.findall(code):
            if private or name.endswith("_"):
                continue
            count += 1
            lacking = list(missing(comment + default, code, returns))
            if lacking:
                problems.append(f"{name}: the comment does not say: {', '.join(lacking)}")
            if name not in used:
                problems.append(f"{name} appears in no test")
        for name, parameters in MACRO.findall(code):
            if private or name.endswith(("_", "_H")) or path.name == "config.h":
                continue
            count += 1
            if name not in used:
                problems.append(f"{name} appears in no test")
    return [f"{path.relative_to(ROOT)}: {p}" for p in problems], count


def main():
    used = set()
    for path in (ROOT / "tests").rglob("*.c"):
        used |= set(re.findall(r"\b(?:rill|RILL)_\w+", path.read_text(encoding="utf-8")))
    for path in (ROOT / "tests").rglob("*.h"): # macros tests share
        used |= set(re.findall(r"\bRILL_\w+", path.read_text(encoding="utf-8")))
    total, problems = 0, []
    for path in HEADERS:
        found, count = check_header(path, used)
        problems += found
        total += count
    print("\n".join(problems))
    print(f"api: {total} functions and macros, {len(problems)} findings")
    return 1 if problems or not total else 0


if __name__ == "__main__":
    sys.exit(main())
