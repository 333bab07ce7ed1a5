#!/usr/bin/env python3
"""What Rill takes of flash and RAM, by configuration, object and function.

    tools/size.py [BOARD] [-n FUNCTIONS]     default: one Cortex-M3 and one RV32IMAC board, the 25 largest functions

Measured on the release build at -Os. "Linked" figures are kernel and architecture code that a program using these
functions gets, after the linker has dropped the rest: no drivers, no board, no C library. Objects and functions are
those of the whole librill.a.
"""
import argparse
import re
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_BOARDS = ("mps2-an385", "virt-rv32")
TOOLS = {"arm-m": "arm-none-eabi-", "riscv": "riscv64-unknown-elf-", "host": ""}
# The configuration that other kernels publish their size for.
BASIC = """rill_run rill_spawn rill_join rill_yield rill_sleep_us rill_semaphore_init rill_semaphore_acquire
    rill_semaphore_release rill_queue_init rill_queue_put rill_queue_get rill_call_later rill_timer_cancel""".split()
TYPES = ("rill_tcb_t", "rill_semaphore_t", "rill_queue_t", "rill_timer_t", "rill_future_t", "rill_lock_t",
         "rill_event_t", "rill_loop_t")
HEADERS = ("task", "semaphore", "queue", "loop", "future", "lock", "event")


def run(*argv, text=None):
    done = subprocess.run(argv, cwd=ROOT, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"size: {' '.join(map(str, argv))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def board_setting(board, name):
    path = ROOT / "boards" / board / "board.mk"
    if not path.exists():
        raise SystemExit(f"size: there is no board '{board}'")
    match = re.search(rf"^{name}\s*:?=\s*(.*?)\s*$", path.read_text(encoding="utf-8"), re.M)
    return match.group(1) if match else ""


class Build:
    """A board's library in the release profile at -Os, and the tools to look into it."""

    def __init__(self, board):
        self.prefix = TOOLS[board_setting(board, "ARCH")]
        self.folder = Path("build/size") / board
        self.library = self.folder / "librill.a"
        options = [f"BOARD={board}", "PROFILE=release", "OPT=-Os", f"B={self.folder}"]
        run("make", "-s", "-j2", *options, str(self.library))
        # The flags file holds the compiler's whole command line, as the Makefile made it.
        words = (ROOT / self.folder / "flags").read_text(encoding="utf-8").split()
        self.machine = [w for w in words if re.match(r"-m|-D|-I|--specs=picolibc", w)]

    def tool(self, name, *argv, text=None):
        return run(self.prefix + name, *argv, text=text)

    def sections(self, path):
        """(flash, ram) of an object or program, by the kind of each section."""
        flash = ram = 0
        pattern = r"\]\s+(\S+)\s+(PROGBITS|NOBITS|INIT_ARRAY|ARM_EXIDX)\s+[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) \S+\s+(\w*)"
        for _, kind, size, flags in re.findall(pattern, self.tool("readelf", "-SW", str(path))):
            if "A" in flags:
                flash += int(size, 16) if kind != "NOBITS" else 0
                ram += int(size, 16) if "W" in flags else 0
        return flash, ram

    def objects(self):
        return sorted(p.relative_to(ROOT) for p in (ROOT / self.folder).rglob("*.o"))

    def portable(self):
        """Objects of the kernel and the architecture."""
        parts = (self.folder / "kernel", self.folder / "arch")
        return [o for o in self.objects() if any(p in o.parents for p in parts)]

    def api(self):
        """Every function the kernel defines for applications: those declared in a public header."""
        kernel = [str(o) for o in self.portable() if self.folder / "kernel" in o.parents]
        defined = set(re.findall(r" [TW] (rill_\w+)", self.tool("nm", *kernel)))
        headers = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "include/rill").glob("*.h"))
        return sorted(defined & set(re.findall(r"\b(rill_\w+)\(", headers)))

    def linked(self, functions):
        """(flash, ram) of kernel and architecture in a program that uses these functions."""
        out = self.folder / "linked.elf"
        roots = [f"-Wl,-u,{f}" for f in functions]
        self.tool("gcc", *self.machine, "-Os", "-nostdlib", "-nostartfiles", "-static", "-Wl,--gc-sections", "-Wl,-e,0",
                  "-Wl,--unresolved-symbols=ignore-all", "-Wl,--no-warnings", *roots, *map(str, self.portable()),
                  "-o", str(out))
        return self.sections(out)

    def type_sizes(self):
        """Bytes of the public types, read from a table the compiler lays out."""
        source = "".join(f"#include <rill/{h}.h>\n" for h in HEADERS)
        source += "".join(f"char size_{t}[sizeof({t})];\n" for t in TYPES)
        out = self.folder / "types.o"
        self.tool("gcc", *self.machine, "-ffreestanding", "-fno-common", "-x", "c", "-c", "-", "-o", str(out),
                  text=source)
        found = re.findall(r"^\S+ ([0-9a-f]+) \w size_(\w+)$", self.tool("nm", "-S", str(out)), re.M)
        (ROOT / out).unlink()
        return {name: int(size, 16) for size, name in found}

    def functions(self):
        """(bytes, function, object) of all code, largest first."""
        found = []
        for obj in self.objects():
            for size, name in re.findall(r"^\S+ ([0-9a-f]+) [tTwW] (\S+)$", self.tool("nm", "-S", str(obj)), re.M):
                found.append((int(size, 16), name, source_name(obj, self.folder)))
        return sorted(found, key=lambda f: (-f[0], f[1]))


def source_name(obj, folder):
    return str(obj.relative_to(folder)).removesuffix(".o")


def report(board, most):
    build = Build(board)
    print(f"== {board}, release, -Os")
    rows = [("linked: tasks, semaphore, queue, timer", *build.linked(BASIC)),
            ("linked: the whole asyncio API", *build.linked(build.api()))]
    print(f"{'':44}{'flash':>8}{'RAM':>8}")
    for name, flash, ram in rows:
        print(f"{name:44}{flash:8}{ram:8}")
    print("\nbytes of RAM each: " + ", ".join(f"{t} {n}" for t, n in build.type_sizes().items()))
    print(f"\n{'object':44}{'flash':>8}{'RAM':>8}")
    objects = [(source_name(o, build.folder), *build.sections(o)) for o in build.objects()]
    for name, flash, ram in sorted(objects, key=lambda o: (-o[1], o[0])):
        print(f"{name:44}{flash:8}{ram:8}")
    print(f"{'all of librill.a':44}{sum(o[1] for o in objects):8}{sum(o[2] for o in objects):8}")
    functions = build.functions()
    print(f"\n{'function':44}{'bytes':>8}  object")
    for size, name, obj in functions[:most]:
        print(f"{name:44}{size:8}  {obj}")
    if len(functions) > most:
        print(f"({len(functions) - most} smaller ones; -n {len(functions)} shows all)")
    print()


def main():
    parser = argparse.ArgumentParser(description="What Rill takes of flash and RAM.")
    parser.add_argument("board", nargs="?")
    parser.add_argument("-n", dest="most", type=int, default=25, help="functions to list (default 25)")
    args = parser.parse_args()
    for board in [args.board] if args.board else DEFAULT_BOARDS:
        report(board, args.most)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
