// The thread below the loop, taken from its work by an interrupt (arch.h, 10).
//
// rill_arch_preempt pends PendSV, at the lowest priority, so it comes when the last handler returns to a thread. (SVC
// has the lowest too: no interrupt waits for it.)
//
// Its handler pushes a frame of its own on the stack of the interrupted thread, above the one the hardware has pushed
// there, and returns to it: to `preempted`, in thread mode, which calls rill_preempted like any function. When that
// returns, SVC's handler drops its own frame and returns to the hardware's first one: all registers, the flags, a
// conditional block or a multiple load that was interrupted in the middle go on as after any interrupt.
//
// FP registers. The hardware reserves room for s0-s15 and writes them when the handler uses the FPU, so the handler
// does. `preempted` uses it too, which makes the thread an FPU user as it was before: rill_arch_switch then keeps
// s16-s31. Before SVC it stops being one, so that SVC's frame is a small one.
#include "arm_m.h"

#define RILL_ARM_ICSR 0xE000ED04
#define RILL_ARM_SHPR2 0xE000ED1C

// struct rill_worker begins with its context {sp, stack}; a stack with {canary, size}.
#define CONTEXT_STACK 4
#define HEAD_SIZE 4
#define KEPT 64 // the head, and room for a frame

#define FRAME 32 // r0-r3, r12, lr, pc, xpsr
#define FRAME_R1 4
#define FRAME_LR 20
#define FRAME_PC 24
#define FRAME_XPSR 28

    .syntax unified
    .thumb
    .section .text.rill_arm_background, "ax", %progbits

    .globl rill_arch_preempt
    .type rill_arch_preempt, %function
    .thumb_func
rill_arch_preempt:
    ldr r0, =RILL_ARM_SHPR2
    movs r2, #0xFF
    lsls r1, r2, #24 // SVC; the rest of this register is nobody's
    str r1, [r0]
    ldr r1, [r0, #4]
    lsls r2, r2, #16 // PendSV, beside SysTick
    orrs r1, r2
    str r1, [r0, #4]
    ldr r0, =RILL_ARM_ICSR
    ldr r1, =0x10000000 // PENDSVSET
    str r1, [r0]
    bx lr
    .size rill_arch_preempt, . - rill_arch_preempt

    .globl rill_arm_pendsv
    .type rill_arm_pendsv, %function
    .thumb_func
rill_arm_pendsv:
    ldr r1, =rill_running_worker
    ldr r1, [r1]
    cmp r1, #0
    beq 1f
    ldr r1, [r1, #CONTEXT_STACK]
    mrs r0, psp
    subs r2, r0, r1
    ldr r3, [r1, #HEAD_SIZE]
    cmp r2, r3
    bhi 1f // the loop, on its way to or from the worker
    cmp r2, #KEPT
    blo 2f
#if RILL_ARM_FPU
    tst lr, #0x10
    it eq
    vmoveq r2, s0
#endif
    subs r0, r0, #FRAME
    mov r2, lr
    str r2, [r0, #FRAME_LR]
    ldr r2, =preempted
    movs r3, #1
    bics r2, r3
    str r2, [r0, #FRAME_PC]
    lsls r3, r3, #24
    str r3, [r0, #FRAME_XPSR]
    msr psp, r0
    mov r2, lr
    movs r3, #0x10
    orrs r2, r3
    bx r2
1:  bx lr
2:  movs r0, #1
    adr r1, overflow
    ldr r2, =rill_panic
    bx r2

    .balign 4
overflow:
    .asciz "stack overflow"
    .balign 4
    .ltorg
    .size rill_arm_pendsv, . - rill_arm_pendsv

// In thread mode; lr is the interrupted code's EXC_RETURN.
    .type preempted, %function
    .thumb_func
preempted:
#if RILL_ARM_FPU
    tst lr, #0x10
    it eq
    vmoveq r0, s0
#endif
    push {r3, lr}
    bl rill_preempted
#if RILL_ARM_FPU
    mrs r0, control
#if RILL_ARM_V8M
    bic r0, r0, #12 // FPCA, SFPA
#else
    bic r0, r0, #4
#endif
    msr control, r0
    isb
#endif
    pop {r0, r1}
    svc #0
resumed:
    udf #0
    .size preempted, . - preempted

    .globl rill_arm_svcall
    .type rill_arm_svcall, %function
    .thumb_func
rill_arm_svcall:
    mrs r0, psp
    ldr r1, [r0, #FRAME_PC]
    ldr r2, =resumed
    movs r3, #1
    bics r2, r3
    cmp r1, r2
    bne 3f
    ldr r1, [r0, #FRAME_R1]
    adds r0, r0, #FRAME
    msr psp, r0
    bx r1
3:  ldr r1, =rill_arm_fault // somebody else's
    bx r1
    .ltorg
    .size rill_arm_svcall, . - rill_arm_svcall
