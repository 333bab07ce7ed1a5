"""Cycles per instruction, from the manufacturers' tables: an estimate. Memory answers at once, no bus conflicts; where
a table says "1 or 2" it is 2, and instructions do not overlap.

Cortex-M0+: Technical Reference Manual (ARM DDI 0484C), table 3-1, its rows after the loads second hand; no memory is on
the single-cycle I/O port.
Cortex-M3: Technical Reference Manual (ARM 100165_0201), table 3-1; a taken branch refills the pipeline in P = 2 cycles,
of 1 to 3.
Cortex-M4F: Technical Reference Manual (ARM DDI 0439D), tables 3-1, and 7-1 for the FPU.
RV32: SiFive's FE310-G000 manual on its E31, sections 3.2 and 3.3: a result's latency beyond a cycle is counted in full,
branches are predicted. What the manual does not say is taken as: LR and SC like a load, other atomic operations like a
load and a store, mret and ecall like a branch predicted wrong.
"""
import re

CORES = {"cortex-m0": "Cortex-M0+", "cortex-m3": "Cortex-M3", "cortex-m4": "Cortex-M4F", "cortex-m7": "Cortex-M4F",
         "cortex-m33": "Cortex-M4F", "riscv": "RV32 (E31)"}


REFILL = 2


def registers(operands):
    """How many words a list like {r4, r6-r8, d8-d15} names."""
    n = 0
    for kind, first, last in re.findall(r"([a-z]+)(\d+|r|p|c)(?:-[a-z]+(\d+))?", re.sub(r".*\{|\}.*", "", operands)):
        n += (int(last) - int(first) + 1 if last else 1) * (2 if kind == "d" else 1)
    return n


def arm_v6m(name, operands, taken):
    if name in ("bl", "mrs", "msr", "dmb", "dsb", "isb"):
        return 3
    if name.startswith(("push", "pop", "ldm", "stm")):
        return 1 + registers(operands) + (2 if "pc" in operands else 0)
    return 2 if name.startswith(("ldr", "str")) or taken or name in ("bx", "blx") else 1


def multiplication(stem, fast):
    """0 if it is none. `fast`: in one cycle, on a Cortex-M4."""
    if stem.startswith(("umull", "smull", "umlal", "smlal")):
        return 1 if fast else 4 if stem.endswith("mull") else 5 # 3 to 5, 4 to 7
    return (1 if fast else 2) if stem in ("mla", "mls") else 0


def floating_point(name, operands):
    wide = operands.lstrip().startswith("d")
    if name.startswith(("vpush", "vpop", "vldm", "vstm")):
        return 1 + registers(operands)
    if name.startswith(("vldr", "vstr")):
        return 3 if wide else 2
    if name.startswith(("vdiv", "vsqrt")):
        return 14
    if name.startswith(("vmla", "vmls", "vfm", "vfnm", "vnml")):
        return 3
    return 2 if name == "vmov" and re.search(r"\b(r\d|sp|lr|ip|sl|fp)", operands) else 1


def arm_v7m(name, operands, taken, fast=False):
    stem = name.removesuffix(".w").removesuffix(".n")
    if stem.startswith("v"):
        return floating_point(stem, operands)
    if stem.startswith(("push", "pop", "ldm", "stm")):
        return 1 + registers(operands) + (REFILL if "pc" in operands else 0)
    if stem.startswith(("ldrd", "strd")):
        return 3
    if stem.startswith(("udiv", "sdiv")):
        return 7 # 2 to 12
    if stem.startswith(("ldr", "str", "tbb", "tbh")):
        return 2 + (REFILL if taken else 0)
    if stem in ("mrs", "msr", "cpsid", "cpsie"):
        return 2
    return multiplication(stem, fast) or (1 + REFILL if taken or stem == "isb" else 1)


def arm_v7em(name, operands, taken):
    return arm_v7m(name, operands, taken, True)


def riscv(name, _operands, _taken):
    if name.removeprefix("c.").removesuffix("sp") in ("lw", "ld", "flw", "fld") or name.startswith(("lr.", "sc.")):
        return 2
    if name in ("lb", "lbu", "lh", "lhu") or name.startswith(("amo", "csr")):
        return 3
    if name.startswith("mul"):
        return 5
    if name.startswith(("div", "rem")):
        return 17 # 2 to 33
    return 4 if name in ("mret", "ecall") else 1


def cost_of(cpuflags):
    """(name of the core, cost(mnemonic, operands, taken)) for a board's compiler flags."""
    match = re.search(r"-mcpu=(cortex-m\d+)", cpuflags)
    core = match.group(1) if match else "riscv"
    function = {"riscv": riscv, "cortex-m0": arm_v6m, "cortex-m3": arm_v7m}.get(core, arm_v7em)
    return CORES.get(core, core), function
