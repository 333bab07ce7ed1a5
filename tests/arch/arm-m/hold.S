// uint32_t test_hold(const volatile uint32_t *stop)
//
// Fills every register with a value of its own and looks, until *stop is not 0, whether they keep it: r1-r12, lr,
// s0-s31 and fpscr if there is an FPU. Between its instructions everything may happen that an interrupt may do:
// comparisons and their branches, conditional blocks and multiple loads and stores are part of it. Returns the number
// of rounds; 0 if a register changed.
#include "arm_m.h"

#define EACH_FP 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, \
    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31

    .syntax unified
    .thumb
    .section .text.test_hold, "ax", %progbits

    .macro is reg, value
    cmp \reg, #\value
    bne 9f
    .endm

    .macro is_high reg, value
    mov r1, \reg
    is r1, \value
    .endm

    .globl test_hold
    .type test_hold, %function
    .thumb_func
test_hold:
    push {r4-r7, lr}
    mov r4, r8
    mov r5, r9
    mov r6, r10
    mov r7, r11
    push {r4-r7}
    sub sp, sp, #4
    movs r1, #0
    str r1, [sp]
#if RILL_ARM_FPU
    vpush {s16-s31}
    .irp n, EACH_FP
    movs r1, #(0x40 + \n)
    vmov s\n, r1
    .endr
    ldr r1, =0x00C00000 // round towards zero
    vmsr fpscr, r1
#endif
    .irp n, 8, 9, 10, 11, 12
    movs r1, #(0x20 + \n)
    mov r\n, r1
    .endr
    movs r1, #0x2E
    mov lr, r1
    .irp n, 2, 3, 4, 5, 6, 7
    movs r\n, #(0x20 + \n)
    .endr

1:  movs r1, #0x77
    .irp n, 2, 3, 4, 5, 6, 7
    is r\n, (0x20 + \n)
    .endr
    is r1, 0x77
    .irp n, 8, 9, 10, 11, 12
    is_high r\n, (0x20 + \n)
    .endr
    is_high lr, 0x2E
    push {r2-r7}
    movs r2, #0
    movs r3, #0
    movs r4, #0
    movs r5, #0
    movs r6, #0
    movs r7, #0
    pop {r2-r7}
#if !RILL_ARM_BASELINE
    cmp r2, #0x22
    itete eq
    addeq r3, r3, #1
    addne r3, r3, #2
    subeq r3, r3, #1
    subne r3, r3, #3
#endif
#if RILL_ARM_FPU
    .irp n, EACH_FP
    vmov r1, s\n
    cmp r1, #(0x40 + \n)
    bne.w 9f
    .endr
    vmrs r1, fpscr
    lsrs r1, r1, #22
    cmp r1, #3
    bne.w 9f
    ldr r1, [sp, #64]
    adds r1, r1, #1
    str r1, [sp, #64]
#else
    ldr r1, [sp]
    adds r1, r1, #1
    str r1, [sp]
#endif
    ldr r1, [r0]
    cmp r1, #0
    bne 8f
    b 1b

9:  movs r1, #0
#if RILL_ARM_FPU
    str r1, [sp, #64]
#else
    str r1, [sp]
#endif
8:
#if RILL_ARM_FPU
    movs r1, #0
    vmsr fpscr, r1
    vpop {s16-s31}
#endif
    pop {r0}
    pop {r4-r7}
    mov r8, r4
    mov r9, r5
    mov r10, r6
    mov r11, r7
    pop {r4-r7, pc}
    .ltorg
    .size test_hold, . - test_hold
