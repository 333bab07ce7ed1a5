#!/usr/bin/env python3
"""Runs a firmware in the emulator (or the host program) with this terminal as its serial console.

    tools/run.py [--prompt REGEX] COMMAND...

At a terminal, keys go to the firmware one by one. Ctrl-C ends the emulator; only while a command of the firmware's
shell runs, the first Ctrl-C goes to the firmware, which cancels the command, and a second within two seconds ends.

From a pipe or a file, the input goes in line by line: the next line follows when the firmware shows its prompt again
(or, if it has none, has been quiet for a while), at the pace of a serial line, so a full receive ring never drops a
byte. At the end of the input the firmware gets Ctrl-D, time to end by itself, and is ended if it does not.

The status is the firmware's; 0 after Ctrl-C or the end of the input; 128 + n if signal n ended this program. Whatever
ends it, the terminal is left as it was.
"""
import argparse
import fcntl
import os
import re
import select
import signal
import subprocess
import sys
import termios
import time

CHUNK, CHUNK_TIME = 8, 0.0007 # 115200 baud: 8 bytes in 0.7 ms
QUIET = 0.3                   # without a prompt: so long without output means ready for input
PROMPT_LIMIT = 60             # with a prompt: how long a command may take
LINGER, LINGER_LIMIT = 1.0, 10.0 # after the input's end the firmware may go on: silent so long, altogether so long
AGAIN = 2.0                   # a second Ctrl-C within this time ends in any case
CTRL_C, CTRL_D = b"\x03", b"\x04"


class Stopped(Exception):
    """A signal asked for the end."""


class Terminal:
    """Standard input as a raw keyboard, if it is a terminal; puts it back."""

    def __init__(self):
        self.fd, self.saved = sys.stdin.fileno(), None

    def __enter__(self):
        if os.isatty(self.fd):
            self.saved = termios.tcgetattr(self.fd)
            mode = termios.tcgetattr(self.fd)
            mode[0] &= ~(termios.IXON | termios.ICRNL | termios.INLCR | termios.ISTRIP)
            mode[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)
            mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
            termios.tcsetattr(self.fd, termios.TCSADRAIN, mode)
        return self

    def __exit__(self, *_):
        if self.saved:
            # Output may be stuck (a stopped or lost terminal): do not wait for it to drain.
            termios.tcsetattr(self.fd, termios.TCSANOW, self.saved)


class Console:
    """The child process, its serial output copied to ours, its input fed from a queue."""

    def __init__(self, argv, prompt):
        self.child = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        self.to, self.out = self.child.stdin.fileno(), self.child.stdout.fileno()
        os.set_blocking(self.to, False)
        self.prompt, self.tail, self.prompted = prompt, b"", False
        self.last_output, self.at_prompt, self.ended = time.monotonic(), False, False
        self.queue, self.next_write = b"", 0.0

    def read_output(self):
        data = os.read(self.out, 65536)
        self.ended = not data
        self.last_output = time.monotonic()
        self.tail = (self.tail + data)[-1000:]
        if self.prompt.fullmatch(self.last_line()):
            self.at_prompt = self.prompted = True
        write_all(data)

    def last_line(self):
        """What stands on the screen's last line, roughly: without escape sequences, redrawn from the last return on."""
        line = re.sub(rb"\x1b\[[0-9;]*[A-Za-z]", b"", self.tail.rpartition(b"\n")[2])
        return line.rpartition(b"\r")[2]

    def busy(self):
        """Does a command run? Then the last line does not begin with the prompt."""
        return self.prompted and not self.prompt.match(self.last_line())

    def send(self, data):
        self.queue += data
        self.at_prompt = False

    def write_input(self):
        try:
            self.queue = self.queue[os.write(self.to, self.queue[:CHUNK]):]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            self.queue = b""
        now = time.monotonic()
        self.next_write, self.last_output = now + CHUNK_TIME, now

    def ready(self):
        """Has the firmware dealt with everything it was given?"""
        quiet = time.monotonic() - self.last_output
        if self.queue:
            return False
        if self.prompted:
            return self.at_prompt or quiet > PROMPT_LIMIT
        return quiet > QUIET

    def step(self, extra=None, timeout=0.05):
        """Moves what can be moved; returns True if the file descriptor `extra` has input."""
        now = time.monotonic()
        if self.queue and now >= self.next_write:
            self.write_input()
        if self.queue:
            timeout = CHUNK_TIME
        readable, _, _ = select.select([self.out] + ([] if extra is None else [extra]), [], [], timeout)
        if self.out in readable:
            self.read_output()
        return extra in readable

    def end(self):
        """Ends the emulator; returns the status it had ended with by itself, or None."""
        status = self.child.poll()
        if status is None and self.ended:
            status = self.child.wait()
        if status is None:
            # No emulator has anything to save, and asked politely QEMU writes a farewell across the screen.
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()
        return status


def write_all(data):
    while data:
        try:
            data = data[os.write(sys.stdout.fileno(), data):]
        except BlockingIOError:
            select.select([], [sys.stdout], [])


def keyboard(console, fd):
    """Until the firmware ends or Ctrl-C asks for it."""
    last = -AGAIN
    while not console.ended:
        if console.step(fd):
            keys = os.read(fd, 256)
            if not keys or (CTRL_C in keys and (time.monotonic() - last < AGAIN or not console.busy())):
                write_all(b"\n")
                return
            if CTRL_C in keys:
                last = time.monotonic()
            console.send(keys)


def piped(console, fd):
    """Until the firmware ends or the input has been dealt with. Lines are kept back until they are wanted."""
    lines, eof = b"", False
    while not console.ended:
        if console.step(None if eof or len(lines) > 65536 else fd):
            data = os.read(fd, 4096)
            eof = not data
            lines += data
        if not console.ready():
            continue
        line, newline, rest = lines.partition(b"\n")
        if newline or (eof and line):
            console.send(line + b"\n")
            lines = rest
        elif eof:
            hang_up(console)
            return


def hang_up(console):
    """Ctrl-D, the end of the stream, and time to act on it."""
    console.send(CTRL_D)
    while console.queue and not console.ended:
        console.step()
    console.child.stdin.close()
    start = time.monotonic()
    console.last_output = start
    while not console.ended and time.monotonic() < min(console.last_output + LINGER, start + LINGER_LIMIT):
        console.step()


def run(argv, prompt):
    try:
        console = Console(argv, prompt)
    except OSError as e:
        print(f"run: {argv[0]}: {e.strerror}", file=sys.stderr)
        return 127
    status = None
    try:
        with Terminal() as terminal:
            (keyboard if terminal.saved else piped)(console, terminal.fd)
    finally:
        status = console.end()
    if status is None:
        return 0
    return status if status >= 0 else 128 - status


def stop(number, _):
    raise Stopped(number)


def open_standard_input():
    """A closed standard input is an empty one."""
    try:
        fcntl.fcntl(0, fcntl.F_GETFD)
    except OSError:
        os.open(os.devnull, os.O_RDONLY)
    if sys.stdin is None:
        sys.stdin = os.fdopen(0, closefd=False)


def main():
    parser = argparse.ArgumentParser(description="Runs a firmware with this terminal as its serial console.")
    parser.add_argument("--prompt", default=r"[\w./:-]{0,24}[>#$] ", help="what the firmware waits with")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    args = parser.parse_args()
    argv = args.command[1:] if args.command[:1] == ["--"] else args.command
    if not argv:
        parser.error("no command")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, stop)
    open_standard_input()
    try:
        return run(argv, re.compile(args.prompt.encode()))
    except Stopped as e:
        return 128 + e.args[0]
    except BrokenPipeError:
        return 128 + signal.SIGPIPE # whoever read our output has gone


if __name__ == "__main__":
    sys.exit(main())
