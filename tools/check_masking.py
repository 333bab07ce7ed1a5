#!/usr/bin/env python3
"""Guarantee 4: where the core has atomics, nothing runs with interrupts masked but the functions listed here.

Disassembles the kernel and the architecture's objects, as built for one board of each kind and in both profiles, looks
for the instructions that mask or unmask interrupts, and asks the debug information which source function each belongs
to (through all inlining). Every finding is printed. An instruction outside the list fails, and so does a function of
the list that has no such instruction: a check that finds nothing has not looked. What drivers do is printed for
information.

On ARM: cpsid, cpsie, writes of primask, basepri and faultmask. On RISC-V: csr writes of mstatus and mie.
"""
import collections
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOARDS = {"mps2-an385": "arm-none-eabi-", "mps2-an505": "arm-none-eabi-", "virt-rv32": "riscv64-unknown-elf-"}
PROFILES = ("dev", "release")

# Who may, and why; the same for all architectures of a kind.
ALLOWED_KERNEL = {
    "idle": "decides to sleep and sleeps",
    "rill_panic": "never returns",
}
ALLOWED_ARCH = {
    "arm": {
        "rill_arm_reset": "reset",
        "rill_arm_start": "reset: lets interrupts through before main",
        "rill_arm_stop": "never returns",
        "rill_arch_exit": "never returns",
        "rill_arm_fault": "a fault: never returns",
    },
    "riscv64": {
        "_start": "reset",
        "rill_arch_exit": "never returns",
        "rill_riscv_semihost_exit": "never returns",
        "rill_riscv_irq_init": "reset",
        "preempted": "the last instructions of going back to a preempted job: the pc and its last register",
        "forget": "one claim, so that the controller forgets a line; no other way to clear it",
        "enable_software": "lets one line through or not, at the caller's wish; not a masked section",
    },
}

ARM = r"\b(cpsi[de])\s|\bmsr\s+(primask|basepri(?:_max)?|faultmask)"
RISCV = r"\b(csrr?[wsc]i?)\s+(?:\w+,)?(mstatus|mie)\b"
Finding = collections.namedtuple("Finding", "file function text")


def run(*argv):
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"masking: {' '.join(argv)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def masking_instruction(text):
    """The instruction, if it changes what is masked. csrr only reads; csrrs with x0 does too and is shown as csrr."""
    match = re.search(ARM, text, re.I) or re.search(RISCV, text)
    return " ".join(text.split("\t")[1:]).strip() if match else None


def findings(obj, prefix):
    section, symbol = "", ""
    for line in run(f"{prefix}objdump", "-d", "--no-show-raw-insn", str(obj)).splitlines():
        match = re.match(r"Disassembly of section (\S+):", line)
        symbol_line = re.match(r"[0-9a-f]+ <([^>]+)>:", line)
        if match:
            section = match.group(1)
        elif symbol_line and not symbol_line.group(1).startswith(".L"):
            symbol = symbol_line.group(1)
        text = masking_instruction(line)
        if text:
            address = line.split(":")[0].strip()
            yield Finding(obj, owner(obj, prefix, section, address) or symbol, text)


def owner(obj, prefix, section, address):
    """The source function of an instruction: the innermost one that is not part of the contract's inline half."""
    lines = run(f"{prefix}addr2line", "-e", str(obj), "-j", section, "-f", "-i", f"0x{address}").splitlines()
    for function, place in zip(lines[::2], lines[1::2]):
        if "arch_inline.h" not in place and function != "??":
            return function
    return None


def build(board, profile):
    """The folder of the objects, freshly built. tools/check.sh builds there too."""
    folder = f"build/check/{board}-{profile}"
    run("make", "-s", f"BOARD={board}", f"PROFILE={profile}", f"B={folder}", "WERROR=-Werror", f"{folder}/librill.a")
    return ROOT / folder


def judge(found, allowed, where):
    """Prints the findings of one part; returns the number of things wrong."""
    wrong = 0
    for finding in found:
        reason = allowed.get(finding.function)
        wrong += reason is None
        source = finding.file.name.partition(".")[0]
        print(f"  {'ok   ' if reason else 'WRONG'} {where} {source}.{finding.function}: {finding.text}"
              f"  ({reason or 'not in the list'})")
    for function in sorted(set(allowed) - {f.function for f in found}):
        wrong += 1
        print(f"  WRONG {where} {function}: listed, but no such instruction was found in it")
    return wrong


def check(board, profile):
    prefix = BOARDS[board]
    folder = build(board, profile)
    kernel, arch, drivers = ([f for o in sorted(folder.glob(pattern)) for f in findings(o, prefix)]
                             for pattern in ("kernel/*.o", "arch/*/*.o", "drivers/*.o"))
    print(f"masking: {board}, {profile}")
    wrong = judge(kernel, ALLOWED_KERNEL, "kernel")
    wrong += judge(arch, ALLOWED_ARCH[prefix.partition("-")[0]], "arch  ")
    for name, count in collections.Counter(f"{f.file.name.partition('.')[0]}.{f.function}" for f in drivers).items():
        print(f"  info  driver {name}: {count}")
    return wrong


def main():
    wrong = sum(check(board, profile) for board in BOARDS for profile in PROFILES)
    print(f"masking: {len(BOARDS)} boards, {len(PROFILES)} profiles, {wrong} findings")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
