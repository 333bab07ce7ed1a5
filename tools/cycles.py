"""Cycles per instruction, from the manufacturers' tables: an estimate. Memory answers at once, no bus conflicts.

Cortex-M0+: "Cortex-M0+ Technical Reference Manual", table 3-1. Cortex-M3 and M4: their manuals, section 3.3; a taken
branch refills the pipeline, 1 + P with P = 2; loads are not overlapped. RV32: SiFive's "E31 Core Complex Manual": one
cycle each, a load's result one cycle later and a CSR's two, all counted in full; branches as predicted; an atomic
operation as a load and a store.
"""
import re

CORES = {"cortex-m0": "Cortex-M0+", "cortex-m3": "Cortex-M3", "cortex-m4": "Cortex-M4F", "cortex-m7": "Cortex-M4F",
         "cortex-m33": "Cortex-M4F", "riscv": "RV32 (E31)"}


def registers(operands):
    """How many registers a list like {r4, r6-r8} names."""
    n = 0
    for first, last in re.findall(r"[a-z]+(\d+|r|p|c)(?:-[a-z]+(\d+))?", re.sub(r".*\{|\}.*", "", operands)):
        n += int(last) - int(first) + 1 if last else 1
    return n


def arm_v6m(name, operands, taken):
    if name == "bl":
        return 3
    if name.startswith(("push", "pop", "ldm", "stm")):
        return 1 + registers(operands) + (2 if "pc" in operands else 0)
    if name.startswith(("ldr", "str")):
        return 2
    if name in ("mrs", "msr", "dmb", "dsb", "isb"):
        return 3
    if taken or name in ("bx", "blx"):
        return 2
    return 1


def arm_v7m(name, operands, taken):
    stem = name.removesuffix(".w").removesuffix(".n")
    if stem.startswith(("push", "pop", "ldm", "stm", "vpush", "vpop", "vldm", "vstm")):
        return 1 + registers(operands) + (2 if "pc" in operands else 0)
    if stem.startswith(("ldrd", "strd")):
        return 3
    if stem.startswith(("udiv", "sdiv")):
        return 7 # 2 to 12
    if stem.startswith(("ldr", "str", "mla", "mls", "mrs", "msr", "vldr", "vstr", "dmb", "dsb", "isb")):
        return 2 + (2 if taken else 0)
    if stem.startswith(("umull", "smull", "umlal", "smlal")):
        return 4 # 3 to 5; 1 on a Cortex-M4
    return 3 if taken else 1


def riscv(name, _operands, _taken):
    if name in ("lw", "ld", "c.lw", "c.lwsp", "c.ld", "c.ldsp", "flw", "fld") or name.startswith(("lr.", "sc.")):
        return 2
    if name in ("lb", "lbu", "lh", "lhu") or name.startswith(("amo", "csr")):
        return 3
    if name.startswith("mul"):
        return 5
    if name.startswith(("div", "rem")):
        return 37 # 6 to 68
    return 4 if name in ("mret", "ecall") else 1


def cost_of(cpuflags):
    """(name of the core, cost(mnemonic, operands, taken)) for a board's compiler flags."""
    match = re.search(r"-mcpu=(cortex-m\d+)", cpuflags)
    core = match.group(1) if match else "riscv"
    function = riscv if core == "riscv" else arm_v6m if core == "cortex-m0" else arm_v7m
    return CORES.get(core, core), function
