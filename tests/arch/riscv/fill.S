// void test_fill_and_switch(rill_context_t *from, rill_context_t *to, uint32_t seed, uint32_t *mismatches)
//
// Fills every callee-saved register with a value of its own made from `seed`, switches, and adds to *mismatches how
// many hold another value when it is switched back to. test_fill_registers says how many there are.
#include "frame.h"

// Distances between the values: odd, so that no two are the same.
#if __riscv_xlen == 64
#define STEP 0x9e3779b97f4a7c15
#else
#define STEP 0x9e3779b9
#endif

// Frame: s0 .. s11, ra, seed, mismatches, scratch (16 bytes, aligned), fs0 .. fs11.
#define S(n) ((n)*REG_BYTES)
#define RA (12 * REG_BYTES)
#define SEED (13 * REG_BYTES)
#define MISMATCHES (14 * REG_BYTES)
#define SCRATCH (16 * REG_BYTES)
#ifdef __riscv_flen
#define FS(n) (SCRATCH + 16 + (n)*FREG_BYTES)
#define FRAME ((FS(12) + 15) / 16 * 16)
#else
#define FRAME (SCRATCH + 16)
#endif

    .macro first_value seed // t0: the first value, t1: the distance
    mv t0, \seed
#if __riscv_xlen == 64
    slli t1, t0, 32
    xor t0, t0, t1
#endif
    li t1, STEP
    .endm

    .macro next_value
    add t0, t0, t1
    .endm

    .macro fill reg
    mv \reg, t0
    next_value
    .endm

    .macro compare reg
    xor t3, \reg, t0
    snez t3, t3
    add t2, t2, t3
    next_value
    .endm

#ifdef __riscv_flen
    .macro fill_fp reg
    SX t0, SCRATCH(sp)
    not t3, t0
    SX t3, (SCRATCH + REG_BYTES)(sp)
    FLX \reg, SCRATCH(sp)
    next_value
    .endm

    .macro compare_fp reg
    SX t0, SCRATCH(sp) // all of it, if the FP registers are the narrower ones
    FSX \reg, SCRATCH(sp)
    LX t4, SCRATCH(sp)
    xor t4, t4, t0
#if __riscv_flen > __riscv_xlen
    LX t5, (SCRATCH + REG_BYTES)(sp)
    not t3, t0
    xor t5, t5, t3
    or t4, t4, t5
#endif
    snez t4, t4
    add t2, t2, t4
    next_value
    .endm
#endif

    .text
    .globl test_fill_and_switch
    .type test_fill_and_switch, @function
    .balign 4
test_fill_and_switch:
    addi sp, sp, -FRAME
    SX s0, S(0)(sp)
    SX s1, S(1)(sp)
    SX s2, S(2)(sp)
    SX s3, S(3)(sp)
    SX s4, S(4)(sp)
    SX s5, S(5)(sp)
    SX s6, S(6)(sp)
    SX s7, S(7)(sp)
    SX s8, S(8)(sp)
    SX s9, S(9)(sp)
    SX s10, S(10)(sp)
    SX s11, S(11)(sp)
    SX ra, RA(sp)
    SX a2, SEED(sp)
    SX a3, MISMATCHES(sp)
    first_value a2
    fill s0
    fill s1
    fill s2
    fill s3
    fill s4
    fill s5
    fill s6
    fill s7
    fill s8
    fill s9
    fill s10
    fill s11
#ifdef __riscv_flen
    FSX fs0, FS(0)(sp)
    FSX fs1, FS(1)(sp)
    FSX fs2, FS(2)(sp)
    FSX fs3, FS(3)(sp)
    FSX fs4, FS(4)(sp)
    FSX fs5, FS(5)(sp)
    FSX fs6, FS(6)(sp)
    FSX fs7, FS(7)(sp)
    FSX fs8, FS(8)(sp)
    FSX fs9, FS(9)(sp)
    FSX fs10, FS(10)(sp)
    FSX fs11, FS(11)(sp)
    fill_fp fs0
    fill_fp fs1
    fill_fp fs2
    fill_fp fs3
    fill_fp fs4
    fill_fp fs5
    fill_fp fs6
    fill_fp fs7
    fill_fp fs8
    fill_fp fs9
    fill_fp fs10
    fill_fp fs11
#endif
    mv a2, a1
    mv a1, a0
    call rill_arch_switch
    LX t0, SEED(sp)
    first_value t0
    li t2, 0
    compare s0
    compare s1
    compare s2
    compare s3
    compare s4
    compare s5
    compare s6
    compare s7
    compare s8
    compare s9
    compare s10
    compare s11
#ifdef __riscv_flen
    compare_fp fs0
    compare_fp fs1
    compare_fp fs2
    compare_fp fs3
    compare_fp fs4
    compare_fp fs5
    compare_fp fs6
    compare_fp fs7
    compare_fp fs8
    compare_fp fs9
    compare_fp fs10
    compare_fp fs11
    FLX fs0, FS(0)(sp)
    FLX fs1, FS(1)(sp)
    FLX fs2, FS(2)(sp)
    FLX fs3, FS(3)(sp)
    FLX fs4, FS(4)(sp)
    FLX fs5, FS(5)(sp)
    FLX fs6, FS(6)(sp)
    FLX fs7, FS(7)(sp)
    FLX fs8, FS(8)(sp)
    FLX fs9, FS(9)(sp)
    FLX fs10, FS(10)(sp)
    FLX fs11, FS(11)(sp)
#endif
    LX a3, MISMATCHES(sp)
    lw t0, 0(a3)
    add t0, t0, t2
    sw t0, 0(a3)
    LX ra, RA(sp)
    LX s0, S(0)(sp)
    LX s1, S(1)(sp)
    LX s2, S(2)(sp)
    LX s3, S(3)(sp)
    LX s4, S(4)(sp)
    LX s5, S(5)(sp)
    LX s6, S(6)(sp)
    LX s7, S(7)(sp)
    LX s8, S(8)(sp)
    LX s9, S(9)(sp)
    LX s10, S(10)(sp)
    LX s11, S(11)(sp)
    addi sp, sp, FRAME
    ret
    .size test_fill_and_switch, . - test_fill_and_switch

    .section .rodata
    .globl test_fill_registers
    .type test_fill_registers, @object
    .balign 4
test_fill_registers:
#ifdef __riscv_flen
    .word 24
#else
    .word 12
#endif
    .size test_fill_registers, 4
