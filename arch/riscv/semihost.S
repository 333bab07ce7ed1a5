// void rill_riscv_semihost_exit(int status)
//
// Asks the debugger or the emulator to end the program with this status: SYS_EXIT_EXTENDED, whose block is the same for
// both register widths. Without a debugger the ebreak traps, and the core sleeps.
#include "frame.h"

    .section .text.rill_riscv_semihost_exit, "ax", @progbits
    .globl rill_riscv_semihost_exit
    .type rill_riscv_semihost_exit, @function
    .balign 4
rill_riscv_semihost_exit:
    lla t0, quiet
    csrw mtvec, t0
    csrw mie, zero
    addi sp, sp, -16
    li t0, 0x20026 // the application ended
    SX t0, 0(sp)
    SX a0, REG_BYTES(sp)
    mv a1, sp
    li a0, 0x20
    // The debugger knows the call by the two instructions around it: uncompressed, and on one page.
    .option push
    .option norvc
    .balign 16
    slli zero, zero, 0x1f
    ebreak
    srai zero, zero, 7
    .option pop
    .balign 4
quiet:
    wfi
    j quiet
    .size rill_riscv_semihost_exit, . - rill_riscv_semihost_exit
