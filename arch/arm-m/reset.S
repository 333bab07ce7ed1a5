// Vector table and reset.
//
// RILL_IRQ_LINES, the number of external interrupt lines, comes from the board. Every line goes to rill_arm_irq, and
// the linker drops their part of the table if nobody opens one (irq.c). A program or a driver takes SysTick, PendSV or
// SVCall by defining the function of that name.
#include "arm_m.h"

    .syntax unified
    .thumb

    .section .vectors, "a", %progbits
    .globl rill_arm_vectors
    .type rill_arm_vectors, %object
rill_arm_vectors:
    .word __isr_stack_top
    .word rill_arm_reset
    .word rill_arm_nmi
    .word rill_arm_fault // HardFault
    .word rill_arm_fault // MemManage
    .word rill_arm_fault // BusFault
    .word rill_arm_fault // UsageFault
    .word rill_arm_fault // SecureFault
    .word 0
    .word 0
    .word 0
    .word rill_arm_svcall
    .word rill_arm_fault // DebugMonitor
    .word 0
    .word rill_arm_pendsv
    .word rill_arm_systick
    .size rill_arm_vectors, . - rill_arm_vectors

    .section .vectors.lines, "a", %progbits
    .globl rill_arm_lines
    .type rill_arm_lines, %object
rill_arm_lines:
    .rept RILL_IRQ_LINES
    .word rill_arm_irq
    .endr
    .size rill_arm_lines, . - rill_arm_lines

    .section .text.rill_arm_irq, "ax", %progbits
    .globl rill_arm_irq
    .weak rill_irq_dispatch
    .type rill_arm_irq, %function
    .thumb_func
rill_arm_irq: // a call of 0, where there is no rill_irq_dispatch, is a fault
#if !RILL_STATS && !RILL_SMALL // nothing to count: what rill_irq_dispatch does, here
    mrs r0, ipsr
    ldr r1, =rill_irq_table - 16 * 8
#if RILL_ARM_BASELINE
    lsls r2, r0, #3
    adds r1, r1, r2
    ldr r2, [r1]
    ldr r0, [r1, #4]
#else
    add r1, r1, r0, lsl #3
    ldrd r2, r0, [r1]
#endif
    cmp r2, #0
    beq 1f
    bx r2
1:
#endif
    mrs r0, ipsr
    subs r0, r0, #16
    ldr r1, =rill_irq_dispatch
    bx r1
    .ltorg
    .size rill_arm_irq, . - rill_arm_irq

// What nobody took is a fault.
    .section .text.rill_arm_unexpected, "ax", %progbits
    .weak rill_arm_nmi, rill_arm_svcall, rill_arm_pendsv, rill_arm_systick
    .type rill_arm_nmi, %function
    .type rill_arm_svcall, %function
    .type rill_arm_pendsv, %function
    .type rill_arm_systick, %function
    .thumb_func
rill_arm_nmi:
    .thumb_func
rill_arm_svcall:
    .thumb_func
rill_arm_pendsv:
    .thumb_func
rill_arm_systick:
#if RILL_ARM_BASELINE
    ldr r1, =rill_arm_fault
    bx r1
    .ltorg
#else
    b rill_arm_fault
#endif

// The registers that hardware sets up are set again, for images started by a boot loader or a debugger. The thread runs
// on PSP; interrupts keep MSP for themselves.
    .section .text.rill_arm_reset, "ax", %progbits
    .globl rill_arm_reset
    .type rill_arm_reset, %function
    .thumb_func
rill_arm_reset:
    cpsid i
#if RILL_ARM_PSPLIM
    movs r0, #0
    msr psplim, r0
    msr msplim, r0
#endif
    ldr r0, =__isr_stack_top
    msr msp, r0
    ldr r0, =__stack_top
    msr psp, r0
    movs r0, #2 // CONTROL.SPSEL
    msr control, r0
    isb
#if RILL_ARM_PSPLIM
    ldr r0, =__isr_stack
    msr msplim, r0
#endif
    ldr r0, =__data_start
    ldr r1, =__data_end
    ldr r2, =__data_load
    b 2f
1:  ldr r3, [r2]
    str r3, [r0]
    adds r0, r0, #4
    adds r2, r2, #4
2:  cmp r0, r1
    blo 1b
    ldr r1, =__bss_end // .bss lies behind .data
    movs r3, #0
    b 4f
3:  str r3, [r0]
    adds r0, r0, #4
4:  cmp r0, r1
    blo 3b
    bl rill_arm_start
    udf #0
    .ltorg
    .size rill_arm_reset, . - rill_arm_reset
