// uint32_t test_hold(const volatile uint32_t *stop)
//
// Fills every register with a value of its own and looks, until *stop is not 0, whether they keep it: x1 and x5-x31,
// and f0-f31 and the rounding mode if there is an FPU. Returns the number of rounds; 0 if a register changed.
#include "frame.h"

#define EACH_FP 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, \
    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
#define EACH_X 1, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31

#define S(n) ((n) * REG_BYTES)
#define RA S(12)
#define ROUNDS S(13)
#define FS(n) (S(14) + (n) * 8)
#define BYTES ((14 * REG_BYTES + 12 * 8 + 15) / 16 * 16)

    .macro is reg, value
    li t0, \value
    bne \reg, t0, 9f
    .endm

    .section .text.test_hold, "ax", @progbits
    .globl test_hold
    .type test_hold, @function
    .balign 4
test_hold:
    addi sp, sp, -BYTES
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    SX s\n, S(\n)(sp)
    .endr
    SX ra, RA(sp)
    SX zero, ROUNDS(sp)
#ifdef __riscv_flen
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    FSX fs\n, FS(\n)(sp)
    .endr
    .irp n, EACH_FP
    li t0, 0x40 + \n
    fmv.w.x f\n, t0
    .endr
    fsrmi 1
#endif
    .irp n, EACH_X
    li x\n, 0x140 + \n
    .endr

1:  .irp n, EACH_X
    is x\n, (0x140 + \n)
    .endr
#ifdef __riscv_flen
    .irp n, EACH_FP
    fmv.x.w t1, f\n
    is t1, (0x40 + \n)
    .endr
    frrm t1
    is t1, 1
    li t1, 0x140 + 6
#endif
    LX t0, ROUNDS(sp)
    addi t0, t0, 1
    SX t0, ROUNDS(sp)
    lw t0, 0(a0)
    beqz t0, 1b
    j 8f

9:  SX zero, ROUNDS(sp)
8:
#ifdef __riscv_flen
    fsrmi 0
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    FLX fs\n, FS(\n)(sp)
    .endr
#endif
    LX a0, ROUNDS(sp)
    LX ra, RA(sp)
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    LX s\n, S(\n)(sp)
    .endr
    addi sp, sp, BYTES
    ret
    .size test_hold, . - test_hold
