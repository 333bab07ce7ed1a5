#!/usr/bin/env python3
# rill-test: script | boards=mps2-an385,virt-rv32
"""Greenlets alone: what a program that uses nothing else of Rill gets linked.

    tests/greenlet_size.py BOARD [VARIABLE=VALUE...]

Links the program below with the release library at -Os, without the board's start-up code, and looks at the result: at
most 1 KB of code and constants, no loop and no task in it.
"""
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 1024
PROGRAM = """
#include <rill/greenlet.h>
RILL_COROUTINE_STACK(stack, 256);
rill_value_t seen;
static int body(rill_greenlet_t *self, rill_value_t value)
{
    rill_greenlet_switch(self, self->parent, value + 1, &value);
    return 0;
}
int main(void)
{
    rill_greenlet_t here, there;
    rill_greenlet_main(&here);
    if (rill_greenlet_init(&there, body, &here, stack, sizeof stack) != 0) {
        return 1;
    }
    rill_greenlet_throw(&here, &there, rill_greenlet_switch(&here, &there, 1, &seen), NULL);
    return rill_greenlet_set_parent(&there, &here);
}
"""


def run(*argv, text=None):
    done = subprocess.run(argv, cwd=ROOT, input=text, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def main():
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL"):
        os.environ.pop(name, None)
    board = sys.argv[1] if len(sys.argv) > 1 else "mps2-an385"
    folder = ROOT / "build" / (board + "-release-Os")
    run("make", "-s", f"BOARD={board}", "PROFILE=release", "OPT=-Os", str(folder.relative_to(ROOT) / "librill.a"))
    flags = (folder / "flags").read_text(encoding="utf-8").split()
    gcc, flags = flags[0], [f for f in flags if re.match(r"-m|-D|-I|-O|-ffunction|-fdata|--specs=picolibc", f)]
    system = ["-isystem", str(next(iter((ROOT / "build/newlib").glob("*/include")), ""))] if "riscv" in gcc else []
    elf = folder / "greenlets-alone.elf"
    run(gcc, *dict.fromkeys(flags), *system, "-x", "c", "-", "-x", "none", "-nostdlib", "-Wl,--gc-sections,-e,main",
        str(folder / "librill.a"), "-lgcc", "-o", str(elf), text=PROGRAM)
    size = run(gcc.replace("gcc", "size"), str(elf))
    print(size, end="")
    text, data = map(int, size.splitlines()[1].split()[:2])
    names = run(gcc.replace("gcc", "nm"), str(elf))
    wrong = []
    if text + data > LIMIT:
        wrong.append(f"{text + data} bytes, more than {LIMIT}")
    if re.search(r" [TDBR] rill_(run|spawn|loop|task|tcb)", names):
        wrong.append("it has a loop")
    print("FAIL greenlet_size.alone: " + ", ".join(wrong) if wrong else "ok greenlet_size.alone")
    print(f"# done {int(not wrong)} {int(bool(wrong))}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
