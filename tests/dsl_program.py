#!/usr/bin/env python3
# rill-test: script | boards=host,mps2-an385,virt-rv32 | big
"""rill-dsl, on the host and as firmware that reads its program from the console: traces, reasons, statuses.

    tests/dsl_program.py BOARD
"""
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = sorted((ROOT / "tests/dsl/corpus").glob("*.dsl"))[::20]
BAD = {"unknown_statement": ("coro main\n log 1\n sing\nend\n", "line 3: unknown statement\n"),
       "missing_argument": ("# comment\n\ncoro main\n sleep\nend\n", "line 4: argument missing\n"),
       "no_main": ("coro a\nend\n", "line 2: there is no coroutine main\n"),
       "empty": ("", "line 0: there is no coroutine main\n"),
       "no_end": ("coro main\n try\n", "line 2: unexpected end of the program\n")}
LARGE = "coro c\n sleep 1\nend\ncoro main\n repeat 9999\n spawn s c\n endrepeat\nend\n"
passed, failed = 0, 0


def make(board, *words):
    argv = ["make", "-s", f"BOARD={board}", *words]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def run(command, text):
    """Returns (output, status). A board asks for the program and takes it up to Ctrl-D."""
    board = len(command) > 1
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True) as child:
        if board:
            child.stdout.readline()
        output = child.communicate(text + ("\4" if board else ""), timeout=60)[0]
    return output.replace("\r", ""), child.returncode


def check(name, actual, expected):
    global passed, failed
    if actual == expected:
        passed += 1
        print(f"ok dsl_program.{name}")
    else:
        failed += 1
        print(f"FAIL dsl_program.{name}: {actual!r} instead of {expected!r}")


def main(board):
    make(board, "dsl")
    folder, emulator = (make(board, "print-run") + [""])[:2]
    command = [*emulator.split(), f"{folder}/rill-dsl{'' if board == 'host' else '.elf'}"]
    for program in CORPUS:
        trace = program.with_suffix(".trace").read_text(encoding="utf-8")
        check(program.stem, run(command, program.read_text(encoding="utf-8")), (trace, 0))
    for name, (text, reason) in BAD.items():
        check(name, run(command, text), (reason, 2))
    output, status = run(command, LARGE)
    check("too_large", (output.splitlines()[-1][:9], status), ("too many ", 3))
    print(f"# done {passed} {failed}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "host"))
