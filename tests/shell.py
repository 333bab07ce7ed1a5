#!/usr/bin/env python3
# rill-test: script | boards=host,mps2-an386,mps2-an505,microbit,virt-rv32,virt-rv64 | big
"""The main demo as a user meets it: through a pipe, at a terminal, and with its input written straight to the UART.

    tests/shell.py BOARD [VARIABLE=VALUE...]
"""
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 30 # seconds for anything
GATHER = """Task A: Compute factorial(2)...
Task B: Compute factorial(2)...
Task C: Compute factorial(2)...
Task A: factorial(2) = 2
Task B: Compute factorial(3)...
Task C: Compute factorial(3)...
Task B: factorial(3) = 6
Task C: Compute factorial(4)...
Task C: factorial(4) = 24
[2, 6, 24]
"""

BOARD = sys.argv[1] if len(sys.argv) > 1 else "host"
VARIABLES = sys.argv[2:]
HOST = BOARD == "host"
RUN = ["make", "-s", "--no-print-directory", f"BOARD={BOARD}", *VARIABLES, "run-now"]


class Wrong(Exception):
    """What was expected did not come."""


def expect(text, pattern):
    if not re.search(pattern, text, re.M):
        raise Wrong(f"no {pattern!r} in {text[-300:]!r}")


def expect_status(status, wanted=0):
    if status != wanted:
        raise Wrong(f"status {status}, not {wanted}")


def piped(text):
    done = subprocess.run(RUN, cwd=ROOT, input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=LIMIT, check=False)
    return done.stdout.decode(errors="replace"), done.returncode


class Terminal:
    """The demo at a terminal of its own: a child on the other side of a pty, or the bare emulator on pipes."""

    def __init__(self, argv, terminal):
        self.seen = ""
        if terminal:
            self.fd, self.slave = pty.openpty()
            self.before = termios.tcgetattr(self.slave)
            ends = {"stdin": self.slave, "stdout": self.slave, "stderr": self.slave}
        else:
            ends = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        self.child = subprocess.Popen(argv, cwd=ROOT, start_new_session=True, **ends)
        self.reading = self.fd if terminal else self.child.stdout.fileno()
        self.writing = self.fd if terminal else self.child.stdin.fileno()
        self.wait("rill> $")

    def type(self, keys):
        for key in re.findall(r"\x1b\[.|.|\n", keys, re.S): # a person's pace
            os.write(self.writing, key.encode())
            time.sleep(0.01)

    def wait(self, pattern):
        """What came until the pattern; fails if it does not come."""
        end = time.monotonic() + LIMIT
        while not re.search(pattern, self.seen):
            ready, _, _ = select.select([self.reading], [], [], max(0, end - time.monotonic()))
            data = os.read(self.reading, 4096) if ready else b""
            if not data:
                raise Wrong(f"no {pattern!r} in {self.seen[-300:]!r}")
            self.seen += data.decode(errors="replace")
        seen, self.seen = self.seen, ""
        return seen

    def command(self, keys, answer):
        self.type(keys)
        self.wait(answer + r"[\s\S]*rill> $")

    def status(self):
        return self.child.wait(LIMIT)

    def close(self):
        if self.child.poll() is None:
            os.killpg(self.child.pid, signal.SIGTERM)
            try:
                self.child.wait(3)
            except subprocess.TimeoutExpired:
                os.killpg(self.child.pid, signal.SIGKILL)
                self.child.wait()


def at_terminal(session, argv=None, terminal=True):
    console = Terminal(argv or RUN, terminal)
    try:
        session(console)
    finally:
        console.close()


# ---- through a pipe

def pipe_gather():
    out, status = piped("gather\nexit\n")
    if out != "rill> gather\n" + GATHER + "rill> exit\n":
        raise Wrong(repr(out))
    expect_status(status)


def pipe_ends():
    out, status = piped("uptime\n")
    expect(out, rf"^{BOARD}, up 0:00:\d\d$")
    expect_status(status)


def pipe_commands():
    commands = ["help", "spawn counter 1", "wait 1", "spawn failing 1", "wait", "spawn tidy", "cancel 1",
                "wait 1", "wait 1", "timeout 100ms 1", "timeout 1 100ms", "nonsense", "history", "mem", "irq",
                "background", "bench", "tasks", "exit"]
    out, status = piped("".join(c + "\n" for c in commands))
    for line in (r"exit +cancels", r"job 1: result 1$", r"job 1: hardware error$", r"tidy: cleaned up$",
                 r"job 1: cancelled$", r"no such task$", r"timed out after 1\d\d ms$", r"finished after 1\d\d ms$",
                 r"what\? \(try: help\)$", r"^ +\d+  nonsense$", r"^jobs +0 +1 +4 +0 ", r"^\d+ interrupts, 0 of them",
                 r" 0 lost", r"^heartbeat \d+; \d+ readings", r"^yield, task to task +\d+ ns$", r"^heartbeat +sleep ",
                 r"^command +running "):
        expect(out, line)
    expect_status(status)


# The processor sleeps between deadlines.
def pipe_wakeups():
    out, status = piped("wakeups\nexit\n")
    count = re.search(r"^(\d+) wake-ups in 2 s", out, re.M)
    if not count or not 9 <= int(count[1]) <= 14:
        raise Wrong(out)
    expect_status(status)


def pipe_crash():
    out, status = piped("crash panic\n")
    expect(out, r"^rill: panic asked for \[99\] in task command")
    if status == 0:
        raise Wrong("status 0")
    if not HOST:
        out, status = piped("crash stack\n")
        expect(out, r"stack overflow")
        if status == 0:
            raise Wrong("status 0")


# ---- at a terminal

def editing(console):
    console.command("uptine\x7f\x7fme\r", r"up 0:00:")
    console.command("ptime\x1b[D\x1b[D\x1b[D\x1b[D\x1b[Du\r", r"up 0:00:") # cursor to the left
    console.command("\x1b[A\r", r"up 0:00:")                              # history
    console.command("nonsense\x15uptime\r", r"up 0:00:")                   # Ctrl-U
    console.command("upti\t\r", r"up 0:00:")                               # completion
    console.command("xuptime\x01\x04\r", r"up 0:00:")                     # Ctrl-A, Ctrl-D
    console.command("nonsense \x17\x17\r", r"")                            # Ctrl-W: an empty line
    console.command("uptimezz\x1b[D\x1b[D\x0b\r", r"up 0:00:")              # Ctrl-K


def sane(console):
    if termios.tcgetattr(console.slave) != console.before:
        raise Wrong("the terminal was left in another mode")


def terminal_editing():
    def session(console):
        editing(console)
        console.type("exit\r")
        expect_status(console.status())
        sane(console)
    at_terminal(session)


# What a background task prints goes above the line that is being typed.
def terminal_background():
    def session(console):
        console.command("watch\r", "loud")
        console.type("upti")
        console.wait(r"heartbeat \d+\r+\n\r\x1b\[Krill> upti$")
        console.command("me\r", r"up 0:00:")
        console.type("exit\r")
        expect_status(console.status())
        sane(console)
    at_terminal(session)


# Ctrl-C goes to the command that runs; at the prompt it ends the emulator, whatever runs in it.
def terminal_interrupt():
    def session(console):
        console.command("spawn busy 9\r", "job 1: busy")
        console.type("sleep 20\r")
        console.wait(r"sleep 20\s+$")
        console.type("\x03")
        console.wait(r"cancelled[\s\S]*rill> $")
        console.type("\x03")
        expect_status(console.status())
        sane(console)
    at_terminal(session)


# ---- straight to the UART

def bare():
    shown = subprocess.run([*RUN[:-1], "print-run"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    lines = shown.stdout.splitlines()
    return [*lines[1].split(), lines[0] + "/examples/shell.elf"]


# On a real serial line Ctrl-C reaches the firmware and cancels the command; what is typed ahead waits.
def uart_interrupt():
    def session(console):
        console.type("sleep 20\n")
        console.wait("sleep 20\n$")
        console.type("\x03")
        console.wait("cancelled\n[\\s\\S]*rill> $")
        console.type("gather\n")
        console.wait(r"Task C: Compute factorial\(2\)")
        console.type("\x03")
        console.wait("cancelled\n[\\s\\S]*rill> $")
        console.type("sleep 500ms\nuptime\n")
        console.wait(r"slept 5\d\d ms\n[\s\S]*up 0:00:")
        console.type("\x04")
        expect_status(console.status())
    at_terminal(session, bare(), False)


CASES = [pipe_gather, pipe_ends, pipe_commands, pipe_wakeups, pipe_crash, terminal_editing, terminal_background,
         terminal_interrupt, uart_interrupt]


def main():
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL"):
        os.environ.pop(name, None)
    built = subprocess.run([*RUN[:-1], "build-examples"], cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    if built.returncode:
        print("FAIL shell.build: make build-examples\n# done 0 1")
        return 1
    failed = 0
    for case in CASES:
        try:
            case()
            print(f"ok shell.{case.__name__}", flush=True)
        except (Wrong, OSError, subprocess.TimeoutExpired) as e:
            failed += 1
            print(f"FAIL shell.{case.__name__}: {e}", flush=True)
    print(f"# done {len(CASES) - failed} {failed}")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
