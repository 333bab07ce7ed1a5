"""The benchmark programs in QEMU: built, told what to measure, run, and traced instruction by instruction."""
import bisect
import os
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from children import Children

ROOT = Path(__file__).resolve().parent.parent
GUARD = 300
PREFIX = {"arm-m": "arm-none-eabi-", "riscv": "riscv64-unknown-elf-"}
CHILDREN = Children()
ONLY_MOST = 39 # characters, bench.h
LOGGED = re.compile(rb"Trace \d+: 0x[0-9a-f]+ \[[0-9a-f]+/([0-9a-f]+)/")


def make(board, options, *goals):
    argv = ["make", "-s", "-j2", f"BOARD={board}", "PROFILE=release", *options, *goals]
    child = CHILDREN.start(argv, stdout=subprocess.PIPE, text=True)
    output, _ = child.communicate()
    if CHILDREN.ended(child):
        sys.exit(f"bench: `{' '.join(argv)}` failed")
    return output


def output_of(*argv):
    """What a command prints."""
    try:
        return subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as e:
        return sys.exit(f"bench: `{' '.join(argv)}`: {e}")


def board_settings(board):
    """The plain assignments of boards/<board>/board.mk."""
    path = ROOT / "boards" / board / "board.mk"
    if not path.exists():
        sys.exit(f"bench: there is no board '{board}'")
    return dict(re.findall(r"^(\w+)\s*[:?]?=\s*(.*?)\s*$", path.read_text(encoding="utf-8"), re.M))


class Program:
    """A benchmark program of one board."""

    def __init__(self, elf, command):
        self.elf, self.command = elf, command
        self.image = tempfile.NamedTemporaryFile(suffix=".elf") # pylint: disable=consider-using-with

    def options_at(self, data):
        """Where `bench_options` (bench.h) lies in the file."""
        wide, = struct.unpack_from("<B", data, 4)
        table, = struct.unpack_from("<Q" if wide == 2 else "<I", data, 40 if wide == 2 else 32)
        size, count = struct.unpack_from("<HH", data, 58 if wide == 2 else 46)
        sections = [struct.unpack_from("<IIQQQQII" if wide == 2 else "<IIIIIIII", data, table + i * size)
                    for i in range(count)]
        symbols = next(s for s in sections if s[1] == 2)
        strings = sections[symbols[6]]
        for at in range(symbols[4], symbols[4] + symbols[5], 24 if wide == 2 else 16):
            name, = struct.unpack_from("<I", data, at)
            if data[strings[4] + name:].startswith(b"bench_options\0") if name else False:
                value, = struct.unpack_from("<Q" if wide == 2 else "<I", data, at + (8 if wide == 2 else 4))
                index, = struct.unpack_from("<H", data, at + (6 if wide == 2 else 14))
                return sections[index][4] + value - sections[index][3]
        return sys.exit(f"bench: {self.elf} has no bench_options")

    def argv(self, options):
        """The command that runs it; options: {"rounds": N, "traced": 0 or 1, "only": TEXT}."""
        data = bytearray((ROOT / self.elf).read_bytes())
        struct.pack_into("<II40s", data, self.options_at(data), options.get("rounds", 0),
                         options.get("traced", 0), options.get("only", "").encode())
        self.image.seek(0)
        self.image.truncate()
        self.image.write(data)
        self.image.flush()
        return [*self.command, "-icount", "shift=0,sleep=off", "-kernel", self.image.name]

    def run(self, options):
        """[(operation, instructions as printed)], [(traced operation, from, to)]."""
        output = self.output(options)
        return (re.findall(r"^bench (\S+) ([\d.]+)\s*$", output, re.M),
                re.findall(r"^trace (\S+) (\S+) (\S+)\s*$", output, re.M))

    def parts(self, options):
        """[(operation, how often a round does it)], of those that are done in rounds."""
        return [(name, int(n)) for name, n in re.findall(r"^parts (\S+) (\d+)\s*$", self.output(options), re.M)]

    def output(self, options):
        output, status = CHILDREN.run(self.argv(options), GUARD)
        if status is None:
            sys.exit(f"bench: {self.elf} hangs")
        if status or not re.search(r"^bench done\s*$", output, re.M):
            sys.exit(f"bench: {self.elf} ended with status {status}:\n{output}")
        return output


def programs(board, options=()):
    """Builds a board's benchmarks."""
    emulator = shlex.split(board_settings(board).get("QEMU", ""))[:1]
    if not emulator or "-system-" not in emulator[0]:
        sys.exit(f"bench: {board} runs in no emulator that counts instructions")
    if shutil.which(emulator[0]) is None:
        sys.exit(f"bench: {emulator[0]} is not installed; `tools/setup.sh run {board}` installs it")
    make(board, options, "benches")
    for line in make(board, options, "print-benches").splitlines():
        elf, *command = shlex.split(line)
        yield Program(elf, command)


class Code:
    """The instructions of a program, and which function each belongs to."""

    def __init__(self, elf, prefix):
        self.text, self.size, self.starts, self.names = {}, {}, [], []
        for line in output_of(f"{prefix}objdump", "-d", "-w", str(elf)).splitlines():
            symbol = re.match(r"([0-9a-f]+) <([^>]+)>:", line)
            code = re.match(r"\s*([0-9a-f]+):\s+((?:[0-9a-f]{2,8} )+)\s*(\S+)\s*(.*)", line)
            if symbol:
                self.starts.append(int(symbol.group(1), 16))
                self.names.append(symbol.group(2))
            elif code:
                address = int(code.group(1), 16)
                self.text[address] = (code.group(3), re.sub(r"\s*[@;].*|\s+#\s.*|\s+<.*", "", code.group(4)))
                self.size[address] = len(code.group(2).replace(" ", "")) // 2

    def start(self, name):
        return self.starts[self.names.index(name)]

    def function(self, pc):
        i = bisect.bisect_right(self.starts, pc) - 1
        return self.names[i] if i >= 0 else "?"


def logged(program, options):
    """The addresses of the instructions a program executes, in lists. One that reaches a device is logged twice."""
    read, write = os.pipe()
    argv = [*program.argv(options), "-singlestep", "-d", "exec,nochain", "-D", f"/dev/fd/{write}"]
    with tempfile.TemporaryFile() as output, os.fdopen(read, "rb") as log:
        child = CHILDREN.start(argv, stdout=output, pass_fds=[write])
        os.close(write)
        last, numbers = None, {}
        while lines := log.readlines(1 << 20):
            found = []
            for text in LOGGED.findall(b"".join(lines)):
                if text != last:
                    last = text
                    found.append(numbers.get(text) or numbers.setdefault(text, int(text, 16)))
            yield found
        if CHILDREN.ended(child):
            sys.exit(f"trace: {program.elf} ended with status {child.returncode}")


def sleeps(code):
    return {pc for pc, (name, _) in code.text.items() if name == "wfi"}


def interrupt_entries(code):
    """Where handlers of the board's lines begin: of all lines, on Cortex-M; in a table of jumps, on RISC-V."""
    if "rill_arm_irq" in code.names:
        return {code.start("rill_arm_irq")}
    table = code.start("rill_riscv_vectors") if "rill_riscv_vectors" in code.names else 0
    return {pc for pc in range(table + 4, table + 48, 4) if pc in code.text}


def between(code, pcs, begins, ends):
    """The stretches from an event to an event. Neither the calls that mark an event nor the bodies of the functions
    called, of one instruction each, are part of them; the first instruction of an interrupt's handler is."""
    events = {code.start(f"bench_{name}"): name for name in ("from", "to") if f"bench_{name}" in code.names}
    events.update((pc, "sleep") for pc in sleeps(code))
    events.update((pc, "interrupt") for pc in interrupt_entries(code))
    begin = None
    for i, event in [(i, events[pc]) for i, pc in enumerate(pcs) if pc in events]:
        if ends in (event, "step") and begin is not None:
            yield pcs[begin:i - (event in ("from", "to"))]
            begin = None
        if event == begins or (begins == "step" and event != "interrupt"):
            begin = i + {"interrupt": 0, "sleep": 1}.get(event, 2)


def calls(code, pcs, prefix):
    """Each call of a function whose name begins like that, from its first instruction to its return."""
    entries = {start for start, name in zip(code.starts, code.names) if name.startswith(prefix)}
    end = 0
    for i in [i for i, pc in enumerate(pcs) if pc in entries]:
        if i > end and pcs[i] != pcs[i - 1] + code.size.get(pcs[i - 1], 0):
            back = pcs[i - 1] + code.size.get(pcs[i - 1], 0)
            end = next((j for j in range(i, len(pcs)) if pcs[j] == back), i)
            yield pcs[i:end]


def mask_change(code, pc):
    """+1: masks interrupts, -1: lets them through, 0: neither."""
    name, operands = code.text.get(pc, ("", ""))
    if name == "cpsid" or (name in ("csrrci", "csrci", "csrrc", "csrc") and "mstatus" in operands):
        return 1
    if name == "cpsie" or (name == "msr" and operands.lower().startswith("primask")):
        return -1
    return -1 if name in ("csrrsi", "csrsi", "csrrs", "csrs") and "mstatus" in operands else 0


def masked(code, pcs, asleep):
    """The stretches with interrupts masked: those with a sleep in them, or the others."""
    changes = {pc: mask_change(code, pc) for pc in code.text if mask_change(code, pc)}
    waits, begin = sleeps(code), None
    for i, change in [(i, changes[pc]) for i, pc in enumerate(pcs) if pc in changes]:
        if change < 0 and begin is not None and asleep != waits.isdisjoint(pcs[begin:i + 1]):
            yield pcs[begin:i + 1]
        begin = None if change < 0 else i + 1 if begin is None else begin


def stretches(code, pcs, begins, ends):
    """What bench.h promises for bench_trace(operation, begins, ends)."""
    if begins == "call":
        return calls(code, pcs, ends)
    if begins == "masked":
        return masked(code, pcs, ends == "asleep")
    return between(code, pcs, begins, ends)


def spans(program, code, traces, only):
    """The traced operations of a program, [(operation, addresses of the instructions of its longest stretch)]."""
    begin, end = code.start("bench_trace_begin"), code.start("bench_trace_end")
    waiting, active, pcs, done = list(traces), [], [], []
    for found in logged(program, {"traced": 1, "rounds": 1, "only": only}):
        for pc in found:
            if pc == begin:
                active.append(waiting.pop(0))
                pcs = []
            elif pc == end:
                done += [(name, max(stretches(code, pcs, *events), key=len, default=[])) for name, *events in active]
                active, pcs = [], []
            elif active:
                pcs.append(pc)
    return done
