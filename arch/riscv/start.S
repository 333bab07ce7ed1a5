// Reset: hart 0 in machine mode with interrupts off. The other harts sleep for ever.
#include "frame.h"

    .section .rill.start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    csrw mie, zero
    csrci mstatus, MSTATUS_MIE
    csrr t0, mhartid
    bnez t0, park
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la tp, __tls_base
    la sp, __stack_top
    la t0, rill_riscv_vectors
    ori t0, t0, 1
    csrw mtvec, t0
    la t0, __isr_stack_top
    csrw mscratch, t0
#ifdef __riscv_flen
    li t0, MSTATUS_FS_CLEAN | MSTATUS_FS_LOW
    csrc mstatus, t0
    li t0, MSTATUS_FS_CLEAN
    csrs mstatus, t0
    fscsr zero
    li t0, MSTATUS_FS_LOW
    csrc mstatus, t0
#endif

    la t0, __data_load
    la t1, __data_start
    la t2, __data_end
    beq t0, t1, 2f // runs from RAM: the loader put it there
1:  bgeu t1, t2, 2f
    LX t3, 0(t0)
    SX t3, 0(t1)
    addi t0, t0, REG_BYTES
    addi t1, t1, REG_BYTES
    j 1b

2:  la t1, __bss_start
    la t2, __bss_end
3:  bgeu t1, t2, 4f
    SX zero, 0(t1)
    addi t1, t1, REG_BYTES
    j 3b

4:  .weak rill_riscv_irq_init // linked with who can open lines
    la t0, rill_riscv_irq_init
    beqz t0, 5f
    jalr t0
5:
#if defined RILL_STACK_GUARD && RILL_STACK_GUARD
    call rill_riscv_guard_init
#endif
    csrsi mstatus, MSTATUS_MIE
    call rill_board_init
    la s0, __init_array_start
    la s1, __init_array_end
6:  bgeu s0, s1, 7f
    LX t0, 0(s0)
    addi s0, s0, REG_BYTES
    jalr t0
    j 6b
7:  li a0, 0
    li a1, 0
    call main
    call rill_arch_exit

park:
    wfi
    j park
    .size _start, . - _start
