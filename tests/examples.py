#!/usr/bin/env python3
# rill-test: script | boards=host,mps2-an386,virt-rv32 | big
"""Runs every example that has an expected output beside it, <name>.out, and compares.

    tests/examples.py BOARD [VARIABLE=VALUE...]

On the host the clock is virtual. In QEMU instructions drive it, and it jumps to the next deadline when the processor
sleeps: the programs take no time, but a second is a second to them.
"""
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 30 # seconds for one program
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
    for number, (left, right) in enumerate(zip(got, wanted), 1):
        if left != right:
            return f"line {number} is {left!r}, not {right!r}"
    return f"{len(got)} lines, not {len(wanted)}"


def problem(source, build, command):
    """What is wrong with an example; an empty text if nothing."""
    elf = build / source.relative_to("examples").with_suffix(".elf")
    try:
        done = subprocess.run([*command, str(elf)], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=LIMIT, check=False)
    except (OSError, subprocess.TimeoutExpired) as e:
        return str(e)
    wanted = (ROOT / source).with_suffix(".out").read_text(encoding="utf-8").splitlines()
    got = done.stdout.decode(errors="replace").splitlines()
    if got != wanted:
        return difference(got, wanted)
    return f"status {done.returncode}" if done.returncode else ""


def main():
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL"):
        os.environ.pop(name, None)
    built = subprocess.run([*MAKE, "examples"], cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    if built.returncode:
        print("FAIL examples.build: make examples\n# done 0 1")
        return 1
    sources = sorted(p.relative_to(ROOT).with_suffix(".c") for p in (ROOT / "examples").glob("**/*.out"))
    how = how_to_run()
    failed = 0
    for source in sources:
        wrong = problem(source, *how)
        failed += wrong != ""
        print(f"FAIL examples.{source.stem}: {wrong}" if wrong else f"ok examples.{source.stem}", flush=True)
    print(f"# done {len(sources) - failed} {failed}")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
