#!/usr/bin/env python3
# rill-test: script | boards=host,mps2-an386,virt-rv32 | big
"""Builds and runs every example and compares what it prints with <name>.out beside it; shows where they differ.

    tests/examples.py BOARD [VARIABLE=VALUE...]

On the host the clock is virtual. In QEMU instructions drive it, and it jumps to the next deadline when the processor
sleeps: the programs take no time, but a second is a second to them.
"""
import difflib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 30 # seconds for one program
SHOWN = 20 # lines of a difference
ELSEWHERE = {"shell": "tests/shell.py", "minimal": "tests/outside_tree.sh"} # these are run by
BOARD = sys.argv[1] if len(sys.argv) > 1 else "host"
VARIABLES = sys.argv[2:]
MAKE = ["make", "-s", "--no-print-directory", f"BOARD={BOARD}", *VARIABLES]
FAST = ["-icount", "shift=0,sleep=off"]


def how_to_run():
    """Where the examples lie and the command that runs one."""
    shown = subprocess.run([*MAKE, "print-run"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    lines = shown.stdout.splitlines()
    words = lines[1].split()
    if words and "-system-" in words[0]:
        words[-1:-1] = FAST
    return Path(lines[0]) / "examples", words


def difference(got, wanted):
    """The first lines that differ, as a patch that would make the one out of the other."""
    lines = list(difflib.unified_diff(wanted, got, "expected", "printed", lineterm="", n=2))
    return "\n".join(["prints something else", *lines[:SHOWN]] + ["..."] * (len(lines) > SHOWN))


def problem(source, build, command):
    """What is wrong with an example; an empty text if nothing."""
    elf = build / source.relative_to("examples").with_suffix(".elf")
    try:
        done = subprocess.run([*command, str(elf)], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired as e:
        printed = (e.stdout or b"").decode(errors="replace").splitlines()
        return "\n".join([f"does not end within {LIMIT} s; printed last:", *printed[-5:]])
    except OSError as e:
        return str(e)
    wanted = (ROOT / source).with_suffix(".out").read_text(encoding="utf-8").splitlines()
    got = done.stdout.decode(errors="replace").splitlines()
    if got != wanted:
        return difference(got, wanted)
    return f"status {done.returncode}" if done.returncode else ""


def sources():
    """All examples, and a complaint about each that nobody runs."""
    found = sorted(p.relative_to(ROOT) for p in (ROOT / "examples").glob("**/*.c"))
    found = [p for p in found if p.parts[1] not in ELSEWHERE]
    if "SANITIZE=1" in VARIABLES: # they need more stack than the README's program has, which is a microcontroller's
        found.remove(Path("examples/readme.c"))
    return [p for p in found if (ROOT / p).with_suffix(".out").exists()], \
           [p for p in found if not (ROOT / p).with_suffix(".out").exists()]


def report(name, wrong, source):
    if wrong:
        first, *more = wrong.splitlines()
        print(f"FAIL examples.{name}: {source} on {BOARD}: {first}", *(f"    {m}" for m in more), sep="\n", flush=True)
    else:
        print(f"ok examples.{name}", flush=True)
    return wrong != ""


def main():
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL"):
        os.environ.pop(name, None)
    built = subprocess.run([*MAKE, "build-examples"], cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    if built.returncode:
        print(f"FAIL examples.build: {' '.join(MAKE)} build-examples\n# done 0 1")
        return 1
    complete, incomplete = sources()
    how = how_to_run()
    failed = sum(report(source.stem, problem(source, *how), source) for source in complete)
    failed += sum(report(source.stem, f"{source.stem}.out is missing", source) for source in incomplete)
    print(f"# done {len(complete) + len(incomplete) - failed} {failed}")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
