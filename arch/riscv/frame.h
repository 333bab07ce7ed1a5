// Where registers are saved, for the assembly and for the C code that builds or reads such frames.
#ifndef RILL_RISCV_FRAME_H
#define RILL_RISCV_FRAME_H

// 1: LR/SC work on all RAM. Some cores have AMOs without them: a Rocket core with tightly integrated memory in place of
// a data cache (FE310) raises an access fault. Boards with such a core set 0.
#ifndef RILL_RISCV_LRSC
#ifdef __riscv_atomic
#define RILL_RISCV_LRSC 1
#else
#define RILL_RISCV_LRSC 0
#endif
#endif

#define REG_BYTES (__riscv_xlen / 8)

// Where a thread's sp is, behind its node.
#define SWITCH_SP (3 * REG_BYTES)

// What rill_arch_switch leaves on the stack: ra, s0 .. s11; the size is a multiple of 16.
#define SWITCH_RA 0
#define SWITCH_S(n) (((n) + 1) * REG_BYTES)
#define SWITCH_BYTES ((13 * REG_BYTES + 15) / 16 * 16)

// What a trap pushes on the interrupt stack: the registers C may change.
#define TRAP_RA 0
#define TRAP_T(n) (((n) + 1) * REG_BYTES)
#define TRAP_A(n) (((n) + 8) * REG_BYTES)
#define TRAP_BYTES (16 * REG_BYTES)

#ifdef __riscv_flen

#define FREG_BYTES (__riscv_flen / 8)

// Above the switch frame of a thread that used the FPU: fs0 .. fs11, where it really returns to, fcsr.
#define SWITCH_FS(n) ((n)*FREG_BYTES)
#define SWITCH_FP_RA (12 * FREG_BYTES)
#define SWITCH_FP_FCSR (12 * FREG_BYTES + REG_BYTES)
#define SWITCH_FP_BYTES ((12 * FREG_BYTES + 2 * REG_BYTES + 15) / 16 * 16)

// Below the trap frame if the interrupted thread used the FPU: ft0 .. ft11, fa0 .. fa7, fcsr.
#define TRAP_FT(n) ((n)*FREG_BYTES)
#define TRAP_FA(n) (((n) + 12) * FREG_BYTES)
#define TRAP_FCSR (20 * FREG_BYTES)
#define TRAP_FP_BYTES ((20 * FREG_BYTES + REG_BYTES + 15) / 16 * 16)

// mstatus.FS: 0 off, 1 initial, 2 clean, 3 dirty. The hardware makes it dirty at any write to an FP register;
// mstatus.SD, the sign bit, is then set too. Clearing the low bit of the field turns dirty into clean.
#define MSTATUS_FS_CLEAN 0x4000
#define MSTATUS_FS_LOW 0x2000

#endif

// rill_riscv_fault_registers: x1 .. x31. The report needs FAULT_ROOM bytes of stack.
#define FAULT_X(n) (((n)-1) * REG_BYTES)
#define FAULT_ROOM 768

#define MSTATUS_MIE 8
#define MSTATUS_MPIE 0x80
#define MSTATUS_MPP 0x1800
#define MIE_MSIE 0x008
#define MIE_MTIE 0x080
#define MIE_MEIE 0x800

#ifdef __ASSEMBLER__

#if __riscv_xlen == 64
#define LX ld
#define SX sd
#else
#define LX lw
#define SX sw
#endif

#ifdef __riscv_flen
#if __riscv_flen == 64
#define FLX fld
#define FSX fsd
#else
#define FLX flw
#define FSX fsw
#endif
#endif

// Saves or restores, by an op of the four above, what C may change: in a trap frame all but ra and t0; in its FP part.
    .macro temporaries op
    \op t1, TRAP_T(1)(sp)
    \op t2, TRAP_T(2)(sp)
    \op t3, TRAP_T(3)(sp)
    \op t4, TRAP_T(4)(sp)
    \op t5, TRAP_T(5)(sp)
    \op t6, TRAP_T(6)(sp)
    \op a0, TRAP_A(0)(sp)
    \op a1, TRAP_A(1)(sp)
    \op a2, TRAP_A(2)(sp)
    \op a3, TRAP_A(3)(sp)
    \op a4, TRAP_A(4)(sp)
    \op a5, TRAP_A(5)(sp)
    \op a6, TRAP_A(6)(sp)
    \op a7, TRAP_A(7)(sp)
    .endm

#ifdef __riscv_flen
    .macro fp_temporaries op
    \op ft0, TRAP_FT(0)(sp)
    \op ft1, TRAP_FT(1)(sp)
    \op ft2, TRAP_FT(2)(sp)
    \op ft3, TRAP_FT(3)(sp)
    \op ft4, TRAP_FT(4)(sp)
    \op ft5, TRAP_FT(5)(sp)
    \op ft6, TRAP_FT(6)(sp)
    \op ft7, TRAP_FT(7)(sp)
    \op ft8, TRAP_FT(8)(sp)
    \op ft9, TRAP_FT(9)(sp)
    \op ft10, TRAP_FT(10)(sp)
    \op ft11, TRAP_FT(11)(sp)
    \op fa0, TRAP_FA(0)(sp)
    \op fa1, TRAP_FA(1)(sp)
    \op fa2, TRAP_FA(2)(sp)
    \op fa3, TRAP_FA(3)(sp)
    \op fa4, TRAP_FA(4)(sp)
    \op fa5, TRAP_FA(5)(sp)
    \op fa6, TRAP_FA(6)(sp)
    \op fa7, TRAP_FA(7)(sp)
    .endm
#endif

#endif

#endif
