// The thread below the loop, taken from its work by an interrupt (arch.h, 10).
//
// rill_arch_preempt, in the handler, changes where the trap returns to: to `preempted`, in the interrupted thread, with
// all its registers as they were. The trap's own code is not touched and costs no more. `preempted` keeps what C may
// change on the thread's stack, calls rill_preempted, restores and goes to where the thread was interrupted, which
// takes an mret: there is no jump that needs no register. Its six instructions are the only masked ones.
#include "frame.h"

// Above a trap frame (frame.h): the pc, and mstatus to tell whether the FP registers were kept as well, below it.
#define PC TRAP_BYTES
#define STATUS (TRAP_BYTES + REG_BYTES)
#define BYTES (TRAP_BYTES + 16)

    .section .text.rill_riscv_background, "ax", @progbits
    .globl rill_arch_preempt
    .type rill_arch_preempt, @function
    .balign 4
rill_arch_preempt:
    lla t0, rill_running_worker
    LX t0, 0(t0)
    beqz t0, 1f
    LX t0, REG_BYTES(t0) // its context's stack
    LX t1, REG_BYTES(t0) // and the size of that
    csrr t2, mscratch // sp of the interrupted thread
    sub t2, t2, t0
    bgtu t2, t1, 1f // the loop, on its way to or from the worker
    csrr t1, mepc
    lla t0, interrupted_pc
    SX t1, 0(t0)
    lla t0, preempted
    csrw mepc, t0
1:  ret
    .size rill_arch_preempt, . - rill_arch_preempt

    .type preempted, @function
    .balign 4
preempted:
    addi sp, sp, -BYTES
    SX ra, TRAP_RA(sp)
    SX t0, TRAP_T(0)(sp)
    temporaries SX
    lla t0, interrupted_pc
    LX t0, 0(t0)
    SX t0, PC(sp)
#ifdef __riscv_flen
    csrr t0, mstatus
    SX t0, STATUS(sp)
    bgez t0, 1f
    addi sp, sp, -TRAP_FP_BYTES
    fp_temporaries FSX
    frcsr t0
    SX t0, TRAP_FCSR(sp)
    call rill_preempted
    LX t0, TRAP_FCSR(sp)
    fp_temporaries FLX
    fscsr t0
    addi sp, sp, TRAP_FP_BYTES
    j 2f
1:
#endif
    call rill_preempted
2:  LX ra, TRAP_RA(sp)
#if RILL_RISCV_LRSC
    sc.w zero, zero, (sp) // the thread may be between LR and SC of a word the loop has looked at
#endif
    temporaries LX
    csrci mstatus, MSTATUS_MIE
    LX t0, PC(sp)
    csrw mepc, t0
    li t0, MSTATUS_MPP | MSTATUS_MPIE
    csrs mstatus, t0
    LX t0, TRAP_T(0)(sp)
    addi sp, sp, BYTES
    mret
    .size preempted, . - preempted

    .section .bss.rill_riscv_background, "aw", @nobits
    .balign 8
interrupted_pc:
    .zero REG_BYTES
