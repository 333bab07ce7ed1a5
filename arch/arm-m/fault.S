// Entry of every fault and of every system exception nobody took. Hands rill_arm_fault_report what the hardware did not
// stack:
//     msp, psp, exc_return, 0, then r4-r11 (baseline: r8-r11, r4-r7); struct entry in fault.c
// MSP itself may be why we are here. If it has no room for the report it starts again at the top of the interrupt
// stack, over what was there; nothing returns to it.
#include "arm_m.h"

    .syntax unified
    .thumb

#if RILL_FAULT_REPORT // else exit.c
    .section .text.rill_arm_fault, "ax", %progbits
    .globl rill_arm_fault
    .type rill_arm_fault, %function
    .thumb_func
rill_arm_fault:
    cpsid i
    mrs r0, msp
    mrs r1, psp
    ldr r2, =__isr_stack_top
    cmp r0, r2
    bhi 1f
    ldr r3, =__isr_stack + RILL_ARM_REPORT_STACK
    cmp r0, r3
    bhs 2f
1:  mov sp, r2
2:
#if RILL_ARM_BASELINE
    push {r4-r7}
    mov r4, r8
    mov r5, r9
    mov r6, r10
    mov r7, r11
    push {r4-r7}
#else
    push {r4-r11}
#endif
    mov r2, lr
    movs r3, #0
    push {r0-r3}
    mov r0, sp
    bl rill_arm_fault_report
    udf #0
    .ltorg
    .size rill_arm_fault, . - rill_arm_fault

// void rill_arm_return(uint32_t psp, uint32_t exc_return): returns from the exception to the frame at psp.
    .section .text.rill_arm_return, "ax", %progbits
    .globl rill_arm_return
    .type rill_arm_return, %function
    .thumb_func
rill_arm_return:
#if RILL_ARM_PSPLIM
    movs r2, #0
    msr psplim, r2
#endif
    msr psp, r0
    bx r1
    .size rill_arm_return, . - rill_arm_return
#endif
