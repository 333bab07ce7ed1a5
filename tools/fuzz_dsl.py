#!/usr/bin/env python3
"""Random programs on the kernel and on CPython 3.13's asyncio: the traces must be equal.

    tools/fuzz_dsl.py [-n PROGRAMS] [--seed FIRST] [-j PROCESSES] [--shared DIRECTORY] [--python PYTHON3.13]
                      [--binary build/host-san/rill-dsl] [--emulator 'qemu-system-arm ... -kernel']

DIRECTORY holds conformance/gen.py, the generator, and conformance/interp.py, the reference interpreter. Program i has
seed FIRST+i and size 1 to 6 in turn; six programs as the generator writes them, then six with variations. Where the
traces differ, build/fuzz-dsl/ gets the program, both traces, and the program made as small as it can be (.min.dsl); it
gets the programs that could not be compared too (.skipped.dsl). PYTHON313 in the environment names the interpreter too.

Worker processes run on CPython 3.13 and fork for every batch of programs.
"""
import argparse
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "fuzz-dsl"
GUARD = 10  # seconds for one program; the only use of the wall clock
SIZES = 6
BATCH = 50  # programs of one child process
TOO_LARGE = 3  # exit status of rill-dsl
OPENERS = {"try": "endtry", "tg": "endtg", "timeout": "endtimeout", "with": "endwith", "repeat": "endrepeat",
           "coro": "end"}


# ---- the two interpreters

class Reference:
    """interp.py, loaded once; a child process for every program."""

    def __init__(self, shared):
        folder = Path(shared) / "conformance"
        sys.path.insert(0, str(folder))
        source = (folder / "interp.py").read_text(encoding="utf-8")
        source = re.sub(r"^main\(\)\s*$", "", source, flags=re.M)
        self.names = {"__name__": "interp", "__file__": str(folder / "interp.py")}
        exec(compile(source, "interp.py", "exec"), self.names)

    def run(self, path):
        """Returns the trace, or None if the program is none or takes too long."""
        return self.run_all([path])[0]

    def run_all(self, paths):
        traces = []
        while len(traces) < len(paths):
            traces += self.run_some(paths[len(traces):])
        return traces

    def run_some(self, paths):
        """Runs programs up to the first that ends the child process: by a deadlock, or because it is none."""
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            self.child(paths, write)
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            traces = pipe.read().split(b"\0")
        _, status = os.waitpid(child, 0)
        if traces[-1] == b"" and status == 0:
            return traces[:-1]
        return traces[:-1] + [traces[-1] if status == 0 else None]

    def child(self, paths, write):
        status = 1
        try:
            os.dup2(write, 1)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            sys.stdout = os.fdopen(1, "w", closefd=False)
            for path in paths:
                signal.alarm(GUARD)
                sys.argv = ["interp.py", str(path)]
                self.names["main"]()
                print(end="\0", flush=True)
            status = 0
        finally:
            os._exit(status)


def run_ours(command, path):
    """Returns (trace, exit status); a negative status is a signal."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    program = Path(path).read_bytes()
    with subprocess.Popen(command, **pipes) as child:
        guard = threading.Timer(GUARD, child.kill)
        guard.start()
        if len(command) > 1:  # a board: it asks for the program, which ends with Ctrl-D
            child.stdout.readline()
            program += b"\4"
        trace = child.communicate(program)[0]
        guard.cancel()
    return trace.replace(b"\r\n", b"\n"), child.returncode


# ---- variations

class Variation:
    """The generator's programs with statements, objects and blocks it does not write. Deterministic in the seed."""

    def __init__(self, seed, text):
        self.random = random.Random(f"vary-{seed}")
        self.lines = [self.other_object(line) for line in text.splitlines()]
        words = [line.split() for line in self.lines]
        self.objects = [(w[1], w[2]) for w in words if w[:1] == ["res"] and w[1] != "fut"]
        self.futures = [w[2] for w in words if w[:2] == ["res", "fut"]]
        self.slots = sorted({w[1] for w in words if w[:1] == ["spawn"]}) + self.futures
        self.coroutines = [w[1] for w in words if w[:1] == ["coro"]]

    def other_object(self, line):
        words = line.split()
        if words[:2] == ["res", "sem"]:
            words[1] = self.random.choice(("sem", "bsem"))
        elif words[:2] == ["res", "queue"]:
            words[1] = self.random.choice(("queue", "lifo", "prio"))
        elif words[:2] == ["res", "prio"]:
            words[1], words[3] = self.random.choice(("lifo", "prio", "prio")), str(self.random.randint(0, 2))
        elif words[:2] == ["res", "barrier"]:
            words[3] = str(self.random.randint(1, 3))
        else:
            return line
        return " ".join(words)

    def apply(self):
        for _ in range(self.random.randint(1, 12)):
            self.random.choice((self.insert, self.insert, self.insert, self.wrap, self.change_except))()
        return "\n".join(self.lines) + "\n"

    def inside(self):
        """A random place in a coroutine, and the coroutine's name."""
        first = next(i for i, line in enumerate(self.lines) if line.startswith("coro"))
        place = self.random.randrange(first + 1, len(self.lines) + 1)
        while self.lines[place - 1].split()[:1] == ["end"]:
            place = self.random.randrange(first + 1, len(self.lines) + 1)
        return place, [w[1] for w in map(str.split, self.lines[:place]) if w[:1] == ["coro"]][-1]

    def insert(self):
        place, coroutine = self.inside()
        self.lines.insert(place, "  " + self.statement(coroutine))

    def wrap(self):
        """Puts a block around one statement."""
        place, _ = self.inside()
        opener = (self.lines[place].split() or [""])[0]
        if opener in OPENERS or opener in OPENERS.values() or opener in ("except", "finally", ""):
            return
        lockable = [name for kind, name in self.objects if kind in ("sem", "bsem", "lock", "cond")]
        blocks = [("try", ["finally", "  " + self.statement("main")], "endtry"), ("repeat 2", [], "endrepeat"),
                  ("try", [f"except {self.pattern()}", "  log 77"], "endtry"),
                  (f"timeout {self.ms()}", [], "endtimeout")]
        blocks += [(f"with {name}", [], "endwith") for name in lockable[:1]]
        before, middle, after = self.random.choice(blocks)
        self.lines[place:place + 1] = ["  " + before, self.lines[place], *middle, "  " + after]

    def change_except(self):
        places = [i for i, line in enumerate(self.lines) if line.split()[:1] == ["except"]]
        if places:
            self.lines[self.random.choice(places)] = f"  except {self.pattern()}"

    def pattern(self):
        return self.random.choice(("*", "ECANCELED", "ETIMEDOUT", "EGROUP", "EGROUP[E1]", "E3", "EPERM", "EBROKEN"))

    def ms(self):
        return self.random.choice((0, 1, 2, 3, 5, 10, 20))

    def statement(self, coroutine):
        choose, digit = self.random.choice, self.random.randint(1, 9)
        slot, future = choose(self.slots), choose(self.futures)
        first = self.coroutines.index(coroutine) + 1 if coroutine != "main" else 0
        later = self.coroutines[first:-1]  # none that could spawn this one again
        some = " ".join(choose(self.slots) for _ in range(self.random.randint(1, 4)))
        general = [f"sleep {self.ms()}", "yield", f"busy {self.ms()}", f"raise {digit}", f"ret {digit}",
                   f"cancel {slot}", f"fset {slot} {digit}", f"ferr {slot} {digit}", f"fcancel {slot}",
                   f"fnew {slot}", f"await {slot}",
                   f"wait_for {slot} {self.ms()}", f"shield {slot}", f"gather {some}", f"gatherx {some}", "uncancel",
                   f"wait {choose(('all', 'first', 'exc'))} {choose(('-', 0, 3))} {some}", f"cb {slot} {digit}",
                   f"soon {digit}", f"later {self.ms()} {digit}", "cancelling", f"state {slot}",
                   f"isr {self.ms()} {self.posted(slot, future, digit)}"]
        general += [f"spawn {slot} {choose(later)}"] * 2 if later else []
        if self.objects and self.random.random() < .5:
            return self.object_statement(*choose(self.objects), digit)
        return choose(general)

    def posted(self, slot, future, digit):
        kinds = {"sem": ("rel {}",), "bsem": ("rel {}",), "lock": ("rel {}",), "event": ("eset {}", "eclr {}")}
        queue = (f"putnw {{}} {digit}", "getnw {}")
        found = [f.format(name) for kind, name in self.objects for f in kinds.get(kind, ())]
        found += [f.format(name) for kind, name in self.objects if kind in ("queue", "lifo", "prio") for f in queue]
        found += [f"cancel {slot}", f"fset {slot} {digit}", f"ferr {future} {digit}", f"fcancel {slot}"]
        return self.random.choice(found)

    def object_statement(self, kind, name, digit):
        queue = (f"put {name} {digit}", f"get {name}", f"putnw {name} {digit}", f"getnw {name}", f"tdone {name}",
                 f"join {name}")
        lock = (f"acq {name}", f"rel {name}", f"rel {name}")
        table = {"sem": lock, "bsem": lock, "lock": lock, "event": (f"ewait {name}", f"eset {name}", f"eclr {name}"),
                 "cond": (*lock, f"cwait {name}", f"cnotify {name} {digit % 3}"), "queue": queue,
                 "lifo": queue, "prio": queue,
                 "barrier": (f"bwait {name}", f"bwait {name}", f"babort {name}", f"breset {name}"),
                 "var": (f"vset {name} {digit}", f"vget {name}")}
        return self.random.choice(table[kind])


# ---- comparing

class Comparison:
    def __init__(self, expected, command, path):
        self.expected = expected
        self.actual, self.status = (b"", 0) if self.expected is None else run_ours(command, path)

    def skipped(self):
        return self.expected is None or self.status == TOO_LARGE

    def differs(self):
        return not self.skipped() and (self.status != 0 or self.actual != self.expected)

    def is_program(self):
        return self.expected is not None and self.status not in (2, TOO_LARGE)


def closer(lines, start):
    """The line that ends the block that begins at `start`; None if it begins none."""
    words = lines[start].split()
    if not words or words[0] not in OPENERS:
        return None
    depth = 0
    for i in range(start, len(lines)):
        word = (lines[i].split() or [""])[0]
        depth += (word in OPENERS) - (word in OPENERS.values())
        if depth == 0:
            return i
    return None


def candidates(lines):
    """Smaller programs, the much smaller ones first."""
    blocks = [(closer(lines, i), i) for i in range(len(lines))]
    blocks = sorted(((end - i, i, end) for end, i in blocks if end is not None), reverse=True)
    for _, i, end in blocks:
        yield lines[:i] + lines[end + 1:]
    size = max(1, len(lines) // 4)
    while size >= 1:
        for i in range(0, len(lines), size):
            yield lines[:i] + lines[i + size:]
        size //= 2
    for _, i, end in blocks:  # the block's contents in its place, handlers left out
        inner = lines[i + 1:end]
        heads = [k for k, line in enumerate(inner) if (line.split() or [""])[0] in ("except", "finally")]
        yield lines[:i] + (inner[:heads[0]] if heads else inner) + lines[end + 1:]


def shrink(reference, command, text, path):
    lines = text.splitlines()
    again = True
    while again:
        again = False
        for smaller in candidates(lines):
            path.write_text("\n".join(smaller) + "\n", encoding="utf-8")
            comparison = Comparison(reference.run(path), command, path)
            if comparison.is_program() and comparison.differs():
                lines, again = smaller, True
                break
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def save(reference, command, seed, size, text, comparison):
    name = OUT / f"{seed}-{size}"
    name.with_suffix(".dsl").write_text(text, encoding="utf-8")
    name.with_suffix(".expected").write_bytes(comparison.expected)
    name.with_suffix(".actual").write_bytes(comparison.actual)
    shrink(reference, command, text, name.with_suffix(".min.dsl"))
    print(f"differs {name.with_suffix('.dsl').relative_to(ROOT)} status {comparison.status}", flush=True)


# ---- processes

def program(gen, args, i):
    """Seed, size and text of program i."""
    seed, size = args.seed + i, 1 + i % SIZES
    text = gen.gen(seed, size)
    return seed, size, Variation(seed, text).apply() if i // SIZES % 2 == 1 else text


def compare(reference, command, programs, paths):
    """Compares a batch. Returns (skipped, differing)."""
    skipped = differing = 0
    for path, (_, _, text) in zip(paths, programs):
        path.write_text(text, encoding="utf-8")
    traces = reference.run_all(paths[:len(programs)])
    for path, trace, (seed, size, text) in zip(paths, traces, programs):
        comparison = Comparison(trace, command, path)
        if comparison.skipped():
            skipped += 1
            path.rename(OUT / f"{seed}-{size}.skipped.dsl")
        if comparison.differs():
            differing += 1
            save(reference, command, seed, size, text, comparison)
    return skipped, differing


def work(args):
    """One worker: every args.jobs-th program. Ends with a line `done <compared> <skipped> <differing>`."""
    reference = Reference(args.shared)
    import gen  # noqa: PLC0415; found through the reference's directory
    paths = [OUT / f"program-{args.worker}-{k}" for k in range(BATCH)]
    mine = range(args.worker, args.n, args.jobs)
    skipped = differing = 0
    for first in range(0, len(mine), BATCH):
        batch = [program(gen, args, i) for i in mine[first:first + BATCH]]
        more_skipped, more_differing = compare(reference, [*args.emulator.split(), args.binary], batch, paths)
        skipped += more_skipped
        differing += more_differing
    for path in paths:
        path.unlink(missing_ok=True)
    print(f"done {len(mine) - skipped} {skipped} {differing}", flush=True)


def is_313(name):
    try:
        done = subprocess.run([name, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True)
    except OSError:
        return False
    return done.stdout.split() == ["3", "13"]


def find_python(given):
    pyenv = sorted(Path.home().glob(".pyenv/versions/3.13*/bin/python3.13"))
    for name in [given, os.environ.get("PYTHON313"), "python3.13", *map(str, pyenv)]:
        if name and is_313(name):
            return name
    sys.exit("CPython 3.13 is needed for comparison; name it with PYTHON313=")


def start(args, worker):
    argv = [args.python, __file__, "-n", str(args.n), "--seed", str(args.seed), "-j", str(args.jobs), "--emulator",
            args.emulator, "--shared", str(args.shared), "--binary", args.binary, "--worker", str(worker)]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)


def run(args):
    if not (Path(args.shared) / "conformance" / "gen.py").exists():
        sys.exit(f"{args.shared}/conformance/gen.py is missing; name the reference's directory with SHARED=")
    args.python = find_python(args.python)
    OUT.mkdir(parents=True, exist_ok=True)
    workers = [start(args, i) for i in range(args.jobs)]
    totals = [0, 0, 0]
    for worker in workers:
        last = ""
        for last in worker.stdout:
            if last.startswith("differs"):
                print(last, end="", flush=True)
        if worker.wait() != 0 or not last.startswith("done"):
            sys.exit("a worker failed")
        totals = [a + int(b) for a, b in zip(totals, last.split()[1:])]
    print(f"{totals[0]} programs compared, {totals[1]} skipped, {totals[2]} differ")
    return totals[2] > 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=1000, help="programs")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("-j", "--jobs", type=int, default=2)
    parser.add_argument("--shared", default=str(ROOT.parent / "shared"))
    parser.add_argument("--python")
    parser.add_argument("--binary", default=str(ROOT / "build" / "host" / "rill-dsl"), help="our interpreter")
    parser.add_argument("--emulator", default="", help="the command that runs it, if it is a board's")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.n < 1 or args.jobs < 1:
        parser.error("-n and -j are at least 1")
    return work(args) if args.worker is not None else run(args)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt: # Ctrl-C reaches the workers too
        sys.exit(130)
