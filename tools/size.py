#!/usr/bin/env python3
"""What Rill takes of flash and RAM, by feature and by function.

    tools/size.py [BOARD] [-n FUNCTIONS] [--config SWITCHES] [--update]

Measured on whole images (release build, -Os) for one Cortex-M3 and one RV32IMAC board: bench/size/sleep.c, a task that
only sleeps, and that program with one feature more; bench/size/empty.c is an empty main. `kernel` is what of the image
comes from kernel/, and the port's switch. RAM is without stacks. bench/size/budgets.csv says how many bytes an image
may have: above is an error; --update writes what was measured as the new limits. --config RILL_NAMES=0,... measures
other settings of include/rill/config.h, without limits.
"""
import argparse
import csv
import re
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUDGETS = ROOT / "bench" / "size" / "budgets.csv"
BOARDS = ("mps2-an385", "virt-rv32")
BLINK_BOARDS = {"mps2-an385": "stm32vldiscovery", "virt-rv32": "sifive_e"} # the same cores, with pins
TOOLS = {"arm-m": "arm-none-eabi-", "riscv": "riscv64-unknown-elf-", "host": ""}

# What a feature's users call. The last two are what other kernels publish as their size.
FEATURES = {
    "semaphore": "rill_semaphore_init rill_semaphore_acquire_slow rill_semaphore_release_slow",
    "queue": "rill_queue_init rill_queue_put_any rill_queue_get_any",
    "timer callbacks": "rill_call_later rill_timer_cancel",
    "lock": "rill_lock_acquire rill_lock_release",
    "event": "rill_event_wait rill_event_set rill_event_clear",
    "condition": "rill_condition_wait rill_condition_notify",
    "join and cancel": "rill_spawn_any rill_join rill_task_cancel",
    "gather": "rill_spawn_any rill_gather",
    "group": "rill_group_begin rill_group_spawn rill_group_end",
    "timeout": "rill_timeout_begin rill_timeout_end",
    "contextvars": "rill_vars_use rill_var_get rill_var_set rill_var_reset",
    "signal from an ISR": "rill_signal_init rill_signal_wait rill_signal_set_threadsafe",
    "pipe": "rill_pipe_init rill_pipe_read rill_pipe_write rill_pipe_close",
    "generator": "rill_gen_init rill_gen_resume rill_gen_suspend rill_gen_close",
    "greenlet": "rill_greenlet_init",
    "task, semaphore, queue, timer": """rill_run rill_spawn_any rill_join rill_yield rill_sleep_us rill_semaphore_init
        rill_semaphore_acquire_slow rill_semaphore_release_slow rill_queue_init rill_queue_put_any rill_queue_get_any
        rill_call_later rill_timer_cancel""",
}
# The last one as other kernels have it: a scheduler that never ends, so nothing that rill_run does at the end of a run.
PEERS_ROW = "task, semaphore, queue, timer; no end"
PEERS_CALLS = FEATURES["task, semaphore, queue, timer"].replace("rill_run ", "")
# asyncio: everything these headers declare, but what asyncio has not.
ASYNCIO = "task loop future gather timeout lock event condition semaphore barrier queue group runner".split()
NOT_ASYNCIO = re.compile(r"queue_(reserve|commit|abandon|peek|release|unpeek|dump|look)|select|staggered|gather_calls|"
                         r"task_info|task_errno|wakeups")
# All a task that sleeps may link of the kernel.
SLEEP_LINKS = {f"{name}.c" for name in
               "cancel future irq loop panic pool posts run shared task timer told wait_list".split()}
BLINK_LINKS = SLEEP_LINKS - {"cancel.c", "posts.c", "run.c", "told.c"}
# Where a blink image's bytes are, by source.
PARTS = {
    r"(reset|start|trap|fault)\.[cS]|board\.c": "vectors, start-up, board",
    r"(exit|semihost)\.[cS]": "end of the program",
    r"timer_\w+\.c": "clock and alarm",
    r"irq\.c": "interrupt lines",
    r"loop\.c": "loop",
    r"timer\.c": "timers",
    r"(task|pool|future|wait_list|shared)\.c|switch\.S": "task: create, switch, sleep, end",
    r"gpio\w*\.c": "pin",
    r"blink\.c": "the program",
}
TYPES = ("rill_tcb_t", "rill_semaphore_t", "rill_queue_t", "rill_timer_t", "rill_future_t", "rill_lock_t",
         "rill_event_t", "rill_loop_t")
HEADERS = ("task", "semaphore", "queue", "loop", "future", "lock", "event")


def run(*argv, text=None):
    try:
        done = subprocess.run(argv, cwd=ROOT, input=text, capture_output=True, text=True, check=False)
    except OSError as e:
        raise SystemExit(f"size: {e}") from e
    if done.returncode:
        raise SystemExit(f"size: {' '.join(map(str, argv))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def architecture(board):
    path = ROOT / "boards" / board / "board.mk"
    if not path.exists():
        raise SystemExit(f"size: there is no board '{board}'")
    return re.search(r"^ARCH\s*:?=\s*(\S+)", path.read_text(encoding="utf-8"), re.M).group(1)


class Build:
    """A board's library in the release profile at -Os, images linked with it, and the tools to look into them."""

    def __init__(self, board, config, lto=False):
        self.prefix = TOOLS[architecture(board)]
        self.folder = Path("build/size") / (board + re.sub(r"\W+", "-", f" {config}" if config else "") + "-lto" * lto)
        self.options = [f"BOARD={board}", "PROFILE=release", "OPT=-Os", f"B={self.folder}", f"CONFIG={config}",
                        "LTO=1" if lto else "LTO="]
        run("make", "-s", "-j2", *self.options, f"{self.folder}/librill.a")
        # The flags file holds the compiler's whole command line, as the Makefile made it.
        words = (ROOT / self.folder / "flags").read_text(encoding="utf-8").split()
        self.machine = [w for w in words if re.match(r"-m|-D|-U|-I|--specs=picolibc", w)]

    def image(self, program, functions=()):
        """The program linked, with these functions whether it calls them or not."""
        elf = self.folder / "bench/size" / f"{program}.elf"
        (ROOT / elf).unlink(missing_ok=True)
        run("make", "-s", *self.options, f"ROOTS={' '.join(functions)}", str(elf))
        return elf

    def symbols(self, path):
        """(bytes, kind, name) of everything in an object or program."""
        found = re.findall(r"^\S+ ([0-9a-f]+) (\w) (\S+)$", run(self.prefix + "nm", "-S", str(path)), re.M)
        return [(int(size, 16), kind, name) for size, kind, name in found]

    def figures(self, elf):
        """(flash, ram without stacks) of an image."""
        flash = ram = 0
        pattern = r"\]\s+(\S+)\s+(PROGBITS|NOBITS|INIT_ARRAY|ARM_EXIDX)\s+[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) \S+\s+(\w*)"
        for name, kind, size, flags in re.findall(pattern, run(self.prefix + "readelf", "-SW", str(elf))):
            if "A" in flags and name != ".stacks":
                flash += int(size, 16) if kind != "NOBITS" else 0
                ram += int(size, 16) if "W" in flags else 0
        return flash, ram - sum(size for size, _, name in self.symbols(elf) if name == "tasks_stacks")

    def sections(self, elf):
        """[(bytes, section, source)] of what the linker's map says is in flash."""
        text = (ROOT / elf).with_suffix(".map").read_text(encoding="utf-8").split("Linker script and memory map")[1]
        text = re.sub(r"^( \.\S+)\n +", r"\1 ", text, flags=re.M)
        found = re.findall(r"^ \.((?:vectors|text|s?rodata|s?data|rill)\S*) +0x[0-9a-f]+ +0x([0-9a-f]+) "
                           r"\S*?([\w.+-]+)\.o\)?$", text, re.M)
        return [(int(size, 16), name, source) for name, size, source in found if int(size, 16)]

    def functions(self, elf):
        """[(bytes, function, source)] of an image."""
        return [(size, name.removeprefix("text."), source) for size, name, source in self.sections(elf)
                if name.startswith("text.")]

    def kernel(self, elf):
        """Bytes of flash of an image that are the kernel's, its constants and the port's switch included."""
        own = {p.name for p in (ROOT / "kernel").glob("*.c")} | {"switch.S", "context.c"}
        return sum(size for size, _, source in self.sections(elf) if source in own)

    def parts(self, elf):
        """{part: bytes of flash} of an image, in the order of PARTS; what the linker aligns and merges is in `rest`."""
        found = dict.fromkeys([*PARTS.values(), "rest"], 0)
        for size, _, source in self.sections(elf):
            found[next((part for pattern, part in PARTS.items() if re.fullmatch(pattern, source)), "rest")] += size
        found["rest"] += self.figures(elf)[0] - sum(found.values())
        return {part: size for part, size in found.items() if size}

    def api(self):
        """asyncio's functions: those of its headers that the kernel defines out of line."""
        text = "".join((ROOT / f"include/rill/{h}.h").read_text(encoding="utf-8") for h in ASYNCIO)
        archive = run(self.prefix + "nm", str(self.folder / "librill.a"))
        defined = set(re.findall(r" T (rill_\w+)$", archive, re.M))
        return sorted(n for n in defined if re.search(rf"\b{n}\(", text) and not NOT_ASYNCIO.search(n))

    def type_sizes(self):
        """Bytes of the public types, read from a table the compiler lays out."""
        source = "".join(f"#include <rill/{h}.h>\n" for h in HEADERS)
        source += "".join(f"char size_{t}[sizeof({t})];\n" for t in TYPES)
        out = self.folder / "types.out"
        run(self.prefix + "gcc", *self.machine, "-ffreestanding", "-fno-common", "-x", "c", "-c", "-", "-o", str(out),
            text=source)
        return {name.removeprefix("size_"): size for size, _, name in self.symbols(out) if name.startswith("size_")}


def check_links(build, elf, allowed):
    """A program that does not use a feature links nothing of it: it costs 0 bytes."""
    kernel = {p.name for p in (ROOT / "kernel").glob("*.c")}
    linked = {source for _, _, source in build.functions(elf)} & kernel
    if linked - allowed:
        raise SystemExit(f"size: {Path(elf).stem} links {', '.join(sorted(linked - allowed))}")


def measure_blink(board, config):
    """{name: figures} of the smallest application, also with LTO=1; prints where its flash is."""
    build = Build(board, config)
    found = {}
    elf = build.image("blink")
    if not config:
        check_links(build, elf, BLINK_LINKS)
    flash, ram = build.figures(elf)
    print(f"{f'blink, {board}':38}{flash:8}{ram:8}")
    for part, size in build.parts(elf).items():
        print(f"    {part:34}{size:8}")
    found[f"blink, {board}"] = flash, ram
    build = Build(board, config, lto=True)
    flash, ram = build.figures(build.image("blink"))
    print(f"{f'blink, {board}, LTO=1':38}{flash:8}{ram:8}")
    found[f"blink, {board}, LTO=1"] = flash, ram
    return found


def measure(build, board, config):
    """{what: (flash, ram)} of every image; prints the table."""
    found = {}
    print(f"{'':38}{'flash':>8}{'RAM':>8}{'kernel':>8}{'more than sleep':>18}")

    def row(what, elf, figures):
        found[what] = figures
        kernel, more = build.kernel(elf), figures[0] - found.get("sleep", figures)[0]
        print(f"{what:38}{figures[0]:8}{figures[1]:8}{kernel:8}{more:18}", flush=True)
        return elf

    def image(what, program, functions=()):
        elf = build.image(program, functions)
        return row(what, elf, build.figures(elf))

    image("empty main", "empty")
    sleep = image("sleep", "sleep")
    if not config:
        check_links(build, sleep, SLEEP_LINKS)
    for feature, functions in FEATURES.items():
        image(feature, "sleep", functions.split())
    image(PEERS_ROW, "forever", PEERS_CALLS.split())
    image("asyncio: the whole API", "sleep", build.api())
    if board in BLINK_BOARDS:
        found.update(measure_blink(BLINK_BOARDS[board], config))
    return found


def list_functions(build, most):
    functions = sorted(build.functions(build.image("sleep", build.api())), key=lambda f: (-f[0], f[1]))
    print(f"\n{'function (of the image with the whole API)':44}{'bytes':>8}  source")
    for size, name, source in functions[:most]:
        print(f"{name:44}{size:8}  {source}")
    if len(functions) > most:
        print(f"({len(functions) - most} smaller ones; -n {len(functions)} shows all)")
    print()


def read_budgets():
    if not BUDGETS.exists():
        return {}
    limits = {}
    with open(BUDGETS, newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            try:
                limits[row["board"], row["image"]] = int(row["flash"]), int(row["ram"])
            except (KeyError, TypeError, ValueError) as e:
                raise SystemExit(f"size: {BUDGETS}: {row} is no limit of a board's image") from e
    return limits


def write_budgets(limits):
    with open(BUDGETS, "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["board", "image", "flash", "ram"])
        out.writerows([*key, *limit] for key, limit in sorted(limits.items()))


def over_budget(board, found, limits):
    """Complains of every image that is too large; returns how many there are."""
    over = 0
    for what, figures in found.items():
        limit = limits.get((board, what))
        for name, value, most in zip(("flash", "RAM"), figures, limit or figures):
            if value > most:
                over += 1
                print(f"budget: {board}, {what}: {value} bytes of {name}, the limit is {most}")
        if limit is None:
            over += 1
            print(f"budget: {board}, {what}: has none; --update writes it")
    return over


def main():
    parser = argparse.ArgumentParser(description="What Rill takes of flash and RAM.")
    parser.add_argument("board", nargs="?")
    parser.add_argument("-n", dest="most", type=int, default=25, help="functions to list (default 25)")
    parser.add_argument("--config", default="", help="switches of include/rill/config.h: RILL_NAMES=0,RILL_STATS=1")
    parser.add_argument("--update", action="store_true", help="what is measured becomes the limit")
    args = parser.parse_args()
    limits, over = read_budgets(), 0
    for board in [args.board] if args.board else BOARDS:
        build = Build(board, args.config)
        print(f"== {board}, release, -Os" + (f", {args.config}" if args.config else ""))
        found = measure(build, board, args.config)
        print("bytes of RAM each: " + ", ".join(f"{t} {n}" for t, n in build.type_sizes().items()))
        list_functions(build, args.most)
        if args.update:
            limits.update({(board, what): figures for what, figures in found.items()})
        elif board in BOARDS and not args.config:
            over += over_budget(board, found, limits)
    if args.update:
        write_budgets(limits)
    return 1 if over else 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
