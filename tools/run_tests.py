#!/usr/bin/env python3
"""Builds and runs the test programs of some boards, in QEMU or on the host, and adds up their cases.

    tools/run_tests.py [--board B[:VARIABLE=VALUE...] ...] [--filter TEXT] [-j N] [-v]
    tools/run_tests.py --sources B      the test sources that apply to board B (for the Makefile)

The Makefile builds (`make BOARD=b programs`) and says how to run (`make BOARD=b print-tests`, a line per program,
`<elf> <command that runs it, without the elf>|<markers>`; no command: the program runs by itself).

A script below tests/ (.sh or .py) with the line `# rill-test: script | ...` is run as a program is, with the board as
its argument, one script at a time.

A board may carry variables for make: `--board host:SANITIZE=1`. Without --board: all boards, variants of
some, and the host once more with the sanitizers.

A program prints `ok <program>.<case>`, `FAIL <program>.<case>: <why>` and last `# done <passed> <failed>`. Whoever
crashes, hangs or ends without that line has failed. A hang is found by the wall clock, the only use of it here.

Markers stand in the first lines of a test source, `// rill-test: a | b=c | ...`:
    real-clock           links the board's own timer driver (the Makefile's business)
    boards=a,b not=a,b   only there / everywhere but there; names, patterns or architectures (arm-m, riscv, host)
    min-ram=N            boards with less RAM (KB; RAM_KB of board.mk) are left out
    expect-fault=TEXT    the program must print TEXT and end with a status other than 0; counts as one case
    args=WORDS           more arguments: of QEMU, or of the program on the host
    big                  slow: the guard against hangs is 300 s instead of 60 s
"""
import argparse
import concurrent.futures
import fnmatch
import os
import re
import shlex
import subprocess
import sys
import threading
import time
from pathlib import Path

from children import Children, run_main

ROOT = Path(__file__).resolve().parent.parent
GUARD, GUARD_BIG = 60, 300
# Cores that are a variant of a board, and another C library: the switch, interrupts and asyncio's rules. Levels of
# optimisation that are not the default: the kernel's own tests.
VARIANTS = ["virt-rv32:VARIANT=noatomic:LIBC=picolibc:ONLY=arch,conformance/",
            "virt-rv32:VARIANT=fpu:LIBC=picolibc:ONLY=arch,libc", "virt-rv64:VARIANT=fpu:LIBC=picolibc:ONLY=arch,libc",
            "host:VARIANT=aarch64:ONLY=arch,conformance/", "mps2-an386:LIBC=picolibc:ONLY=libc,wrap,fault_malloc",
            "mps2-an385:LTO=1:ONLY=arch_switch,kernel_,pipe,irq", "virt-rv32:OPT=-Os:ONLY=arch_switch,kernel_,pipe,irq",
            "microbit:OPT=-O3:ONLY=arch_switch,kernel_,pipe,irq"]
MARKER_LINES = 5
SHOWN_LINES = 40


class Program:
    """One test program on one board, and what became of it."""

    def __init__(self, board, elf, command, markers):
        self.board, self.elf, self.command, self.markers = board, elf, command, markers
        parts = Path(elf).with_suffix("").parts
        self.name = "/".join(parts[parts.index("tests") + 1:]) if "tests" in parts else parts[-1]
        self.passed, self.failed, self.problem, self.output, self.seconds = 0, 0, "", "", 0.0

    def argv(self):
        extra = shlex.split(self.markers.get("args", ""))
        if "script" in self.markers:
            return [self.elf, *self.board.split(":")] + extra
        if not self.command or "-system-" not in self.command[0]: # a program of the host or of another Linux
            return [*self.command, self.elf] + extra
        if self.command[-1] in ("-kernel", "-bios"):
            return self.command[:-1] + extra + [self.command[-1], self.elf]
        return self.command + extra + ["-kernel", self.elf]


def parse_markers(text):
    """'a | b=c' as {'a': '', 'b': 'c'}."""
    fields = (f.strip().partition("=") for f in text.split("|"))
    return {name.strip(): value.strip() for name, _, value in fields if name.strip()}


def source_markers(source):
    with open(source, encoding="utf-8", errors="replace") as f:
        for _, line in zip(range(MARKER_LINES), f):
            match = re.match(r"(?://|#)\s*rill-test:(.*)", line)
            if match:
                return parse_markers(match.group(1))
    return {}


def board_settings(board):
    """The plain assignments of boards/<board>/board.mk."""
    path = ROOT / "boards" / board.partition(":")[0] / "board.mk"
    if not path.exists():
        return None
    found = re.findall(r"^(\w+)\s*[:?]?=\s*(.*?)\s*$", path.read_text(encoding="utf-8"), re.M)
    return dict(found)


def all_boards():
    """Every board that can run here: the host, and those with a QEMU machine."""
    names = sorted(p.parent.name for p in (ROOT / "boards").glob("*/board.mk"))
    hosts = [n for n in names if board_settings(n).get("ARCH") == "host"]
    runnable = [n for n in names if n in hosts or board_settings(n).get("QEMU")]
    return hosts + [f"{n}:SANITIZE=1" for n in hosts] + [n for n in runnable if n not in hosts] + VARIANTS


def named(names, board, arch):
    board = board.partition(":")[0]
    return any(fnmatch.fnmatch(board, n) or n == arch for n in re.split(r"[,\s]+", names) if n)


def applies(markers, board):
    settings = board_settings(board) or {}
    arch = settings.get("ARCH", "")
    if "boards" in markers and not named(markers["boards"], board, arch):
        return False
    if named(markers.get("not", ""), board, arch):
        return False
    ram = settings.get("RAM_KB", "")
    return not ("min-ram" in markers and ram.isdigit() and int(ram) < int(markers["min-ram"]))


def test_sources():
    """A test program is a source below tests/ with a TEST_MAIN or a marker line or a main of its own."""
    for path in sorted((ROOT / "tests").rglob("*.c")):
        text = path.read_text(encoding="utf-8", errors="replace")
        if re.search(r"^TEST_MAIN\(|^int main\(|^// rill-test:", text, re.M):
            yield path


def test_scripts(board):
    """A part of a board's tests (ONLY) has no scripts."""
    if ":ONLY=" in board:
        return []
    paths = [p for p in sorted((ROOT / "tests").rglob("*")) if p.suffix in (".sh", ".py")]
    found = [(str(p.relative_to(ROOT)), source_markers(p)) for p in paths]
    return [Program(board, path, [], markers) for path, markers in found if "script" in markers]


def source_of(elf):
    """build/<board>/tests/a/b.elf comes from tests/a/b.c."""
    parts = Path(elf).with_suffix(".c").parts
    if "tests" not in parts:
        return None
    path = ROOT.joinpath(*parts[parts.index("tests"):])
    return path if path.exists() else None


def parse_listing(board, text):
    for line in text.splitlines():
        command, _, markers = line.partition("|")
        words = shlex.split(command)
        if not words:
            continue
        found = parse_markers(markers)
        source = source_of(words[0])
        if source:
            found.update(source_markers(source))
        yield Program(board, words[0], words[1:], found)


def make(board, jobs, *goals):
    name, *variables = board.split(":")
    argv = ["make", "-s", "--no-print-directory", f"-j{jobs}", "-k", f"BOARD={name}", *variables, *goals]
    # The job server of a make that called us is not ours to use.
    flags = re.sub(r"(^|\s)(-j\d*|--jobserver-\S+)(?=\s|$)", "", os.environ.get("MAKEFLAGS", ""))
    env = {**os.environ, "MAKEFLAGS": flags}
    done = subprocess.run(argv, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          errors="replace", check=False)
    return done.returncode, done.stdout, done.stderr


def broken(board, name, problem, output):
    program = Program(board, name, [], {})
    program.failed, program.problem, program.output = 1, problem, output
    return program


def collect(board, args):
    """Builds a board's programs. Returns those to run and those that failed already."""
    if board_settings(board) is None:
        return [], [broken(board, "(board)", "there is no such board", "")]
    start = time.monotonic()
    code, out, err = make(board, args.jobs, "programs")
    print(f"built {board:22} {'FAILED' if code else 'ok'}  {time.monotonic() - start:.1f} s", flush=True)
    failures = []
    if code:
        failures.append(broken(board, "(build)", f"the build failed with status {code}", out + err))
    elif err.strip():
        print(err.rstrip(), flush=True)
    code, out, err = make(board, 1, "print-tests")
    if code:
        failures.append(broken(board, "(list)", f"`make print-tests` failed with status {code}", out + err))
        return [], failures
    programs = [p for p in [*parse_listing(board, out), *test_scripts(board)] if applies(p.markers, board)]
    programs = [p for p in programs if not args.filter or args.filter in f"{board}/{p.name}"]
    if failures:
        programs = [p for p in programs if (ROOT / p.elf).exists()]
    return programs, failures


def judge(program, output, status, guard):
    """Fills in the program's result from what it printed and how it ended."""
    program.output = output
    if "expect-fault" in program.markers:
        judge_fault(program, output, status)
        return
    program.passed = len(re.findall(r"^ok \S+", output, re.M))
    program.failed = len({m for m in re.findall(r"^FAIL (\S+?):?(?: |$)", output, re.M)})
    done = re.search(r"^# done (\d+) (\d+)\s*$", output, re.M)
    if status is None:
        program.problem = f"still running after {guard} s"
    elif not done:
        program.problem = f"ended with status {status} without '# done'"
    elif (int(done.group(1)), int(done.group(2))) != (program.passed, program.failed):
        program.problem = f"printed {program.passed} ok and {program.failed} FAIL but '{done.group(0).strip()}'"
    elif program.passed + program.failed == 0:
        program.problem = "ran no case"
    elif status != 0 and program.failed == 0:
        program.problem = f"ended with status {status} after all cases passed"
    elif status == 0 and program.failed:
        program.problem = "ended with status 0 though cases failed"
    if program.problem and program.failed == 0:
        program.failed = 1


def judge_fault(program, output, status):
    text = program.markers["expect-fault"]
    if status is None:
        program.problem = "still running, a fault was expected"
    elif not text or text not in output:
        program.problem = f"did not print '{text}'"
    elif status == 0:
        program.problem = "ended with status 0, a fault was expected"
    program.failed = 1 if program.problem else 0
    program.passed = 1 - program.failed


def run(program, children):
    guard = GUARD_BIG if "big" in program.markers else GUARD
    start = time.monotonic()
    try:
        output, status = children.run(program.argv(), guard)
    except OSError as e:
        output, status = "", 127
        program.problem = f"cannot run: {e}"
    program.seconds = time.monotonic() - start
    judge(program, output, status, guard)
    return program


def report(program, verbose):
    """One line for a program; what it printed too, if it failed or the user asked."""
    verdict = "FAIL" if program.failed else "pass"
    print(f"{verdict}  {program.board:22} {program.name:30} {program.passed:4} passed"
          + (f", {program.failed} failed" if program.failed else "") + f"  {program.seconds:.1f} s")
    if program.problem:
        print(f"      {program.problem}")
    if program.failed or verbose:
        lines = program.output.splitlines()
        keep = lines if verbose else [x for x in lines if not x.startswith("ok ")][-SHOWN_LINES:]
        print("".join(f"    | {line}\n" for line in keep), end="")
    sys.stdout.flush()


def table(results, boards):
    print(f"\n{'board':24}{'programs':>10}{'passed':>10}{'failed':>10}")
    for board in boards:
        mine = [p for p in results if p.board == board]
        print(f"{board:24}{len(mine):10}{sum(p.passed for p in mine):10}{sum(p.failed for p in mine):10}")


def queues(programs):
    """What the workers take from: the scripts one after the other (they call make); of the rest the slow ones first."""
    scripts = [p for p in programs if "script" in p.markers]
    rest = sorted((p for p in programs if "script" not in p.markers), key=lambda p: "big" not in p.markers)
    return ([scripts] if scripts else []) + [[p] for p in rest]


def run_all(programs, args, children):
    results = []
    lock = threading.Lock()

    def work(queue):
        for program in queue:
            if children.stopped:
                return
            run(program, children)
            with lock:
                if children.stopped:
                    return
                results.append(program)
                report(program, args.verbose)

    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        try:
            for future in concurrent.futures.as_completed([pool.submit(work, q) for q in queues(programs)]):
                future.result()
        except BaseException:
            children.stop()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return results


def parse_args():
    parser = argparse.ArgumentParser(description="Builds and runs the test programs.")
    parser.add_argument("--board", action="append", default=[], help="this board (again for more); default: all")
    parser.add_argument("--filter", default="", help="only programs whose <board>/<program> contains this")
    parser.add_argument("-j", dest="jobs", type=int, default=2, help="programs at a time (default 2)")
    parser.add_argument("-v", dest="verbose", action="store_true", help="show everything the programs print")
    parser.add_argument("--sources", metavar="BOARD", help="only list the test sources that apply to the board")
    args = parser.parse_args()
    args.jobs = max(1, args.jobs)
    return args


def main():
    args = parse_args()
    if args.sources:
        for source in test_sources():
            if applies(source_markers(source), args.sources):
                print(source.relative_to(ROOT))
        return 0
    boards = args.board or all_boards()
    children, programs, results = Children(), [], []
    for board in boards:
        ready, failures = collect(board, args)
        programs += ready
        results += failures
        for failure in failures:
            report(failure, args.verbose)
    results += run_all(programs, args, children)
    table(results, boards)
    passed, failed = sum(p.passed for p in results), sum(p.failed for p in results)
    print(f"{passed} passed, {failed} failed" if results else "no test matches")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    run_main(main)
