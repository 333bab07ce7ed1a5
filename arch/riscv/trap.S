// Trap entry: vectored, machine mode, interrupts on their own stack, never nested.
//
//   thread:  sp = its stack                mscratch = top of the interrupt stack
//   trap:    sp = interrupt stack          mscratch = the thread's sp
//
// One csrrw changes from the one to the other. Only the registers C may change are saved; where space counts through a
// routine the entries share, called with its link in t0. FP registers only if the thread has used the FPU (mstatus.FS
// dirty); otherwise whatever a handler computed in them is forgotten by making FS clean again: what a clean thread
// finds in its FP registers does not matter (switch.S).
//
// Exceptions (vector 0) do not come back: they save all registers and go to fault.c.
#include <rill/config.h>

#include "frame.h"

    .section .text.rill_riscv_vectors, "ax", @progbits
    .option push
    .option norvc
    .globl rill_riscv_vectors
    .type rill_riscv_vectors, @function
    .balign 64 // what SiFive cores ask for; there are 12 vectors of 4 bytes
rill_riscv_vectors:
    j rill_riscv_fault
    j unexpected
    j unexpected
    j software
    j unexpected
    j unexpected
    j unexpected
    j timer
    j unexpected
    j unexpected
    j unexpected
    j external
    .option pop

// mie enables nothing else, so this is a broken machine; the fault report shows mcause.
unexpected:
    j rill_riscv_fault

    .macro save
    SX ra, TRAP_RA(sp)
    temporaries SX
#ifdef __riscv_flen
    csrr t1, mstatus
    bgez t1, 1f
    jal t2, save_fp
1:
#endif
    .endm

    .macro enter
    csrrw sp, mscratch, sp
    addi sp, sp, -TRAP_BYTES
    SX t0, TRAP_T(0)(sp)
#if RILL_SMALL
    jal t0, save_all
#else
    save
#endif
    .endm

#if RILL_SMALL
save_all:
    save
    jr t0
#endif

// Who does not open lines, or has no timer driver, such as a program with a virtual clock, does not link what is called
// here, and never enables these interrupts.
    .weak rill_riscv_software, rill_riscv_timer_isr, rill_riscv_external

timer:
    enter
    call rill_riscv_timer_isr
    j restore

software:
    enter
    call rill_riscv_software
    j restore

external:
    enter
    call rill_riscv_external
restore:
#ifdef __riscv_flen
    lla t1, __isr_stack_top - TRAP_BYTES
    bne sp, t1, restore_fp
    li t1, MSTATUS_FS_LOW
    csrc mstatus, t1
restored_fp:
#endif
    LX ra, TRAP_RA(sp)
#if RILL_RISCV_LRSC
    sc.w zero, zero, (sp) // the thread may be between LR and SC of a word the handler changed
#endif
    LX t0, TRAP_T(0)(sp)
    temporaries LX
    addi sp, sp, TRAP_BYTES
    csrrw sp, mscratch, sp
    mret

#ifdef __riscv_flen
save_fp:
    addi sp, sp, -TRAP_FP_BYTES
    frcsr t1
    fp_temporaries FSX
    SX t1, TRAP_FCSR(sp)
    fscsr zero
    jr t2

restore_fp:
    LX t1, TRAP_FCSR(sp)
    fp_temporaries FLX
    fscsr t1
    addi sp, sp, TRAP_FP_BYTES
    j restored_fp
#endif
    .size rill_riscv_vectors, . - rill_riscv_vectors

// An exception, in a thread or in a handler, with any of the registers broken. mscratch takes the sp of the moment; the
// other sp is the top of the interrupt stack, or in a handler the interrupted thread's, and gives t0 a place. The
// report runs on the interrupt stack: below what is in use of it, if the fault happened in a handler and there is room.
    .section .text.rill_riscv_fault, "ax", @progbits
    .globl rill_riscv_fault
    .type rill_riscv_fault, @function
    .balign 4
rill_riscv_fault:
#if !RILL_FAULT_REPORT
    li a0, 1
    j rill_arch_exit
#else
    csrrw sp, mscratch, sp
    SX t0, -REG_BYTES(sp)
    lla t0, rill_riscv_fault_registers
    SX x1, FAULT_X(1)(t0)
    SX x3, FAULT_X(3)(t0)
    SX x4, FAULT_X(4)(t0)
    SX x6, FAULT_X(6)(t0)
    SX x7, FAULT_X(7)(t0)
    SX x8, FAULT_X(8)(t0)
    SX x9, FAULT_X(9)(t0)
    SX x10, FAULT_X(10)(t0)
    SX x11, FAULT_X(11)(t0)
    SX x12, FAULT_X(12)(t0)
    SX x13, FAULT_X(13)(t0)
    SX x14, FAULT_X(14)(t0)
    SX x15, FAULT_X(15)(t0)
    SX x16, FAULT_X(16)(t0)
    SX x17, FAULT_X(17)(t0)
    SX x18, FAULT_X(18)(t0)
    SX x19, FAULT_X(19)(t0)
    SX x20, FAULT_X(20)(t0)
    SX x21, FAULT_X(21)(t0)
    SX x22, FAULT_X(22)(t0)
    SX x23, FAULT_X(23)(t0)
    SX x24, FAULT_X(24)(t0)
    SX x25, FAULT_X(25)(t0)
    SX x26, FAULT_X(26)(t0)
    SX x27, FAULT_X(27)(t0)
    SX x28, FAULT_X(28)(t0)
    SX x29, FAULT_X(29)(t0)
    SX x30, FAULT_X(30)(t0)
    SX x31, FAULT_X(31)(t0)
    LX t1, -REG_BYTES(sp)
    SX t1, FAULT_X(5)(t0)
    csrr t1, mscratch
    SX t1, FAULT_X(2)(t0)
    .option push
    .option norelax
    lla gp, __global_pointer$
    .option pop
    lla t2, __isr_stack_top
    sub a0, sp, t2
    snez a0, a0 // in a handler?
    mv sp, t2
    beqz a0, 1f
    bgtu t1, sp, 1f
    lla t2, __isr_stack + FAULT_ROOM
    bltu t1, t2, 1f
    andi sp, t1, -16
1:  li ra, 0
    j rill_riscv_fault_report
#endif
    .size rill_riscv_fault, . - rill_riscv_fault
