// void test_fill_and_switch(rill_context_t *from, rill_context_t *to, uint32_t seed, uint32_t *mismatches)
//
// Fills every callee-saved register with a value of its own made from `seed`, switches, and adds to *mismatches how
// many hold another value when it is switched back to. test_fill_registers says how many there are.

#define STEP 0x9e3779b97f4a7c15 // odd, so that no two values are the same

#if defined(__x86_64__)

    .macro first_value // of the seed on the stack: rax the value, r8 the distance
    movabsq $STEP, %r8
    movl 0(%rsp), %eax
    imulq %r8, %rax
    .endm

    .macro fill reg
    movq %rax, \reg
    addq %r8, %rax
    .endm

    .macro compare reg
    xorl %ecx, %ecx
    cmpq %rax, \reg
    setne %cl
    addl %ecx, %edx
    addq %r8, %rax
    .endm

    .macro all_of action
    \action %rbx
    \action %rbp
    \action %r12
    \action %r13
    \action %r14
    \action %r15
    .endm

    .text
    .globl test_fill_and_switch
    .type test_fill_and_switch, @function
test_fill_and_switch:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    subq $24, %rsp
    movl %edx, 0(%rsp)
    movq %rcx, 8(%rsp)
    first_value
    all_of fill
    movq %rsi, %rdx
    movq %rdi, %rsi
    call rill_arch_switch@PLT
    first_value
    xorl %edx, %edx
    all_of compare
    movq 8(%rsp), %rcx
    addl %edx, (%rcx)
    addq $24, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret
    .size test_fill_and_switch, . - test_fill_and_switch

    .section .rodata
    .globl test_fill_registers
    .balign 4
test_fill_registers:
    .long 6

#else

    .macro first_value // of the seed on the stack: x9 the value, x10 the distance
    ldr x10, =STEP
    ldr w9, [sp, #0]
    mul x9, x9, x10
    .endm

    .macro fill reg
    mov \reg, x9
    add x9, x9, x10
    .endm

    .macro fill_fp reg
    fmov \reg, x9
    add x9, x9, x10
    .endm

    .macro compare reg
    cmp \reg, x9
    cinc w11, w11, ne
    add x9, x9, x10
    .endm

    .macro compare_fp reg
    fmov x12, \reg
    compare x12
    .endm

    .macro all_of action
    .irp n, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29
    \action x\n
    .endr
    .irp n, 8, 9, 10, 11, 12, 13, 14, 15
    \action\()_fp d\n
    .endr
    .endm

    .text
    .globl test_fill_and_switch
    .type test_fill_and_switch, %function
test_fill_and_switch:
    sub sp, sp, #176
    str w2, [sp, #0]
    str x3, [sp, #8]
    stp x19, x20, [sp, #16]
    stp x21, x22, [sp, #32]
    stp x23, x24, [sp, #48]
    stp x25, x26, [sp, #64]
    stp x27, x28, [sp, #80]
    stp x29, x30, [sp, #96]
    stp d8, d9, [sp, #112]
    stp d10, d11, [sp, #128]
    stp d12, d13, [sp, #144]
    stp d14, d15, [sp, #160]
    first_value
    all_of fill
    mov x2, x1
    mov x1, x0
    bl rill_arch_switch
    first_value
    mov w11, wzr
    all_of compare
    ldr x3, [sp, #8]
    ldr w2, [x3]
    add w2, w2, w11
    str w2, [x3]
    ldp x19, x20, [sp, #16]
    ldp x21, x22, [sp, #32]
    ldp x23, x24, [sp, #48]
    ldp x25, x26, [sp, #64]
    ldp x27, x28, [sp, #80]
    ldp x29, x30, [sp, #96]
    ldp d8, d9, [sp, #112]
    ldp d10, d11, [sp, #128]
    ldp d12, d13, [sp, #144]
    ldp d14, d15, [sp, #160]
    add sp, sp, #176
    ret
    .size test_fill_and_switch, . - test_fill_and_switch
    .ltorg

    .section .rodata
    .globl test_fill_registers
    .balign 4
test_fill_registers:
    .long 19

#endif

    .section .note.GNU-stack, "", %progbits
