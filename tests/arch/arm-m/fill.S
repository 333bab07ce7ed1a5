// void test_fill_and_switch(rill_context_t *from, rill_context_t *to, uint32_t seed, uint32_t *mismatches)
//
// Fills every callee-saved register with a value of its own made from `seed`, switches, and adds to *mismatches how
// many hold another value when it is switched back to. test_fill_registers says how many there are. An odd seed leaves
// the FP registers alone, so that the thread is no FPU user.
//
// void test_storm(bool on) lets SysTick interrupt at intervals that change all the time; its handler destroys all
// registers a handler may and counts in test_storm_count.
#include "arm_m.h"

    .syntax unified
    .thumb

// On the stack: s16-s31 if there is an FPU, r1, seed, mismatches, r8-r11, r4-r7, lr.
#if RILL_ARM_FPU
#define FP_BYTES 64
#else
#define FP_BYTES 0
#endif
#define SEED (FP_BYTES + 4)
#define STEP 0x9e3779b9

    .section .rodata.test_fill_registers, "a", %progbits
    .balign 4
    .globl test_fill_registers
test_fill_registers:
#if RILL_ARM_FPU
    .word 8 + 16
#else
    .word 8
#endif

// r2: the next value, r3: the distance.
    .macro fill_core reg
    mov \reg, r2
    adds r2, r2, r3
    .endm

    .macro compare reg // counts in r1
    mov r0, \reg
    cmp r0, r2
    beq 1f
    adds r1, r1, #1
1:  adds r2, r2, r3
    .endm

    .section .text.test_fill_and_switch, "ax", %progbits
    .globl test_fill_and_switch
    .type test_fill_and_switch, %function
    .thumb_func
test_fill_and_switch:
    push {r4-r7, lr}
    mov r4, r8
    mov r5, r9
    mov r6, r10
    mov r7, r11
    push {r1-r7}
    ldr r3, =STEP
#if RILL_ARM_FPU
    sub sp, sp, #FP_BYTES
    tst r2, #1
    bne 2f
    vstm sp, {s16-s31}
    .irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    vmov s\n, r2
    adds r2, r2, r3
    .endr
2:
#endif
    .irp n, 4, 5, 6, 7, 8, 9, 10, 11
    fill_core r\n
    .endr

    mov r2, r1
    mov r1, r0
    bl rill_arch_switch

    ldr r2, [sp, #SEED]
    ldr r3, =STEP
    movs r1, #0
#if RILL_ARM_FPU
    tst r2, #1
    bne 3f
    .irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    vmov r0, s\n
    compare r0
    .endr
3:
#endif
    .irp n, 4, 5, 6, 7, 8, 9, 10, 11
    compare r\n
    .endr

#if RILL_ARM_FPU
    ldr r2, [sp, #SEED]
    tst r2, #1
    bne 4f
    vldm sp, {s16-s31}
4:
#endif
    add sp, sp, #SEED
    pop {r2-r7}
    ldr r0, [r3]
    adds r0, r0, r1
    str r0, [r3]
    mov r8, r4
    mov r9, r5
    mov r10, r6
    mov r11, r7
    pop {r4-r7, pc}
    .ltorg
    .size test_fill_and_switch, . - test_fill_and_switch

    .section .text.test_storm, "ax", %progbits
    .globl test_storm
    .type test_storm, %function
    .thumb_func
test_storm:
    ldr r1, =RILL_ARM_SYST_CSR
    movs r2, #200
    str r2, [r1, #4] // reload
    str r2, [r1, #8] // a write of anything clears the counter
    cmp r0, #0
    beq 5f
    movs r0, #7 // on, interrupt, core clock
5:  str r0, [r1]
    bx lr
    .ltorg
    .size test_storm, . - test_storm

// 151 to 406 ticks to the next but one.
    .section .text.rill_arm_systick, "ax", %progbits
    .globl rill_arm_systick
    .type rill_arm_systick, %function
    .thumb_func
rill_arm_systick:
    ldr r0, =test_storm_count
    ldr r1, [r0]
    adds r1, r1, #1
    str r1, [r0]
    movs r2, #37
    muls r2, r1, r2
    uxtb r2, r2
    adds r2, r2, #151
    ldr r0, =RILL_ARM_SYST_CSR
    str r2, [r0, #4]
    ldr r0, =0xdeadbeef
    mov r1, r0
    mov r2, r0
    mov r3, r0
    mov r12, r0
#if RILL_ARM_FPU
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    vmov s\n, r0
    .endr
    vcmp.f32 s0, #0.0
#endif
    bx lr
    .ltorg
    .size rill_arm_systick, . - rill_arm_systick

    .section .bss.test_storm_count, "aw", %nobits
    .balign 4
    .globl test_storm_count
test_storm_count:
    .space 4
