"""The processes a tool has started, so that Ctrl-C can end them all."""
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Stopped(Exception):
    """Nothing is started any more."""


class Children:
    """Processes, each in a session of its own, started from any thread."""

    def __init__(self):
        self.lock, self.running, self.stopped = threading.Lock(), set(), False

    def start(self, argv, **options):
        with self.lock:
            if self.stopped:
                raise Stopped
            child = subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True, **options)
            self.running.add(child)
        return child

    def ended(self, child):
        """Its status, once it has ended."""
        child.wait()
        with self.lock:
            self.running.discard(child)
        return child.returncode

    def run(self, argv, guard):
        """Returns (output, status); status None for a hang, 1 if nothing is started any more."""
        try:
            child = self.start(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        except Stopped:
            return "", 1
        hangs = False
        try:
            out, _ = child.communicate(timeout=guard)
        except subprocess.TimeoutExpired:
            hangs = True
            kill(child)
            out, _ = child.communicate()
        status = self.ended(child)
        return out.decode("utf-8", "replace").replace("\r\n", "\n"), None if hangs else status

    def stop(self):
        with self.lock:
            self.stopped = True
            for child in self.running:
                kill(child)


def kill(child):
    """Politely first: a script has children of its own to end."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, number)
            child.wait(2)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass


def interrupted(*_):
    raise KeyboardInterrupt


def run_main(main, children=None):
    """Ends with main()'s status; Ctrl-C and SIGTERM end it, and the children, with status 130."""
    signal.signal(signal.SIGTERM, interrupted)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        if children is not None:
            children.stop()
        print("\nstopped", file=sys.stderr)
        sys.exit(130)
