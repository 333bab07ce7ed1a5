// int rill_arch_switch(int told, struct rill_node *from, struct rill_node *to)
//
// The frame of a suspended thread, from sp upwards (words):
//     v7-M, v8-M mainline    r4-r11, pc
//     v6-M, v8-M baseline    r8-r11, r4-r7, pc
//     of an FPU user         r4-r11, pc = resume_fpu; s16-s31, fpscr, the real pc
// A thread that has not touched the FPU since it was created, or whose FP state is saved, has CONTROL.FPCA clear.
// Whether the thread to continue has FP state is not asked: if it has, the pc of its frame leads to the code that
// restores it.
//
// sp is owned by one of the two threads at every instruction. It may be off by a word from the multiple of 8 of the
// ABI: the hardware aligns it on exception entry (CCR.STKALIGN, set by start.c). lr and pc keep their values at a call,
// so a debugger can unwind a suspended thread. r0 and r2 are `told` and `to` until the end, for a new thread: pc is its
// entry then.
#include "arm_m.h"

    .syntax unified
    .thumb
    .section .text.rill_arch_switch, "ax", %progbits

#define SP 12 // of a thread's sp, behind its node

    .globl rill_arch_switch
    .type rill_arch_switch, %function
    .thumb_func
rill_arch_switch:

#if RILL_ARM_BASELINE

    push {r4-r7, lr}
    mov r4, r8
    mov r5, r9
    mov r6, r10
    mov r7, r11
    push {r4-r7}
    mov r3, sp
    str r3, [r1, #SP]
.Larrive:
    ldr r3, [r2, #SP]
    mov sp, r3
    pop {r4-r7}
    mov r8, r4
    mov r9, r5
    mov r10, r6
    mov r11, r7
    pop {r4-r7, pc}

#else

#if RILL_ARM_FPU
    mrs r12, control
    lsls r3, r12, #30 // carry = FPCA, bit 2
    bcs save_fpu
save_core:
#endif
    push {r4-r11, lr}
    str sp, [r1, #SP]
.Larrive:
#if RILL_ARM_MPU_GUARD
    // One write moves the region; address 0 (the loop) puts it where nobody writes. No barrier: the guard need not be
    // there before the first instructions of the thread.
    ldr r1, [r2, #SP + 4]
    ldr r3, =RILL_ARM_MPU_RBAR
    orr r1, r1, #(0x10 | RILL_ARM_GUARD_REGION)
    str r1, [r3]
#endif
#if RILL_ARM_PSPLIM
    // sp may never be below the limit, neither the old one nor the new: no limit in between.
    ldrd r12, r3, [r2, #SP]
    movs r1, #0
    adds r3, r3, #RILL_ARM_STACK_HEAD
    msr psplim, r1
    mov sp, r12
    msr psplim, r3
#else
    ldr sp, [r2, #SP]
#endif
    pop {r4-r11, pc}

#if RILL_ARM_FPU
// Writing 0 to FPCA tells the hardware that the FP registers hold nobody's state: interrupts stop stacking them until
// the next thread's first FP instruction.
save_fpu:
    vmrs r3, fpscr
    push {r3, lr}
    vpush {s16-s31}
#if RILL_ARM_V8M
    bic r12, r12, #12 // and SFPA, the same for the Secure state
#else
    bic r12, r12, #4
#endif
    msr control, r12
    isb
    adr lr, resume_fpu
    orr lr, lr, #1
    b save_core

    .balign 4
    .type resume_fpu, %function
    .thumb_func
resume_fpu:
    vpop {s16-s31}
    pop {r3, lr}
    vmsr fpscr, r3
    bx lr
#endif

#endif

    .ltorg
    .size rill_arch_switch, . - rill_arch_switch

// void rill_arch_leave(int told, void *stack, struct rill_node *to): the other half. FP registers hold nobody's state
// either.
    .globl rill_arch_leave
    .type rill_arch_leave, %function
    .thumb_func
rill_arch_leave:
#if RILL_ARM_FPU
    mrs r12, control
#if RILL_ARM_V8M
    bic r12, r12, #12
#else
    bic r12, r12, #4
#endif
    msr control, r12
    isb
#endif
#if RILL_ARM_BASELINE || RILL_ARM_MPU_GUARD || RILL_ARM_PSPLIM
    b .Larrive
#else
    ldr sp, [r2, #SP]
    pop {r4-r11, pc}
#endif
    .size rill_arch_leave, . - rill_arch_leave
