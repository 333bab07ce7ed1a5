// int rill_host_switch(int told, rill_context_t *from, const rill_context_t *to)
//
// Saves the callee-saved registers of the ABI on the stack, stores sp in from->sp (offset 0), loads to->sp, restores.
// A new context's frame (arch/host/host.c) returns into rill_host_entry.

#if defined(__x86_64__)

    .text
    .globl rill_host_switch
    .type rill_host_switch, @function
rill_host_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    subq $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)

    movl %edi, %eax
    movq %rsp, 0(%rsi)
    movq 0(%rdx), %rsp

    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    addq $8, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size rill_host_switch, . - rill_host_switch

// First instructions of a new context: entry in r12, context in r13. rill_host_first tells the sanitizer.
    .globl rill_host_entry
    .type rill_host_entry, @function
rill_host_entry:
    xorl %ebp, %ebp
    movl %eax, %r14d
    call rill_host_first@PLT
    movl %r14d, %edi
    movq %r13, %rdx
    call *%r12
    ud2
    .size rill_host_entry, . - rill_host_entry

#elif defined(__aarch64__)

    .text
    .globl rill_host_switch
    .type rill_host_switch, %function
rill_host_switch:
    sub sp, sp, #160
    stp x19, x20, [sp, #0]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]

    mov x9, sp
    str x9, [x1]
    ldr x9, [x2]
    mov sp, x9

    ldp x19, x20, [sp, #0]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    add sp, sp, #160
    ret
    .size rill_host_switch, . - rill_host_switch

// First instructions of a new context: entry in x19, context in x20.
    .globl rill_host_entry
    .type rill_host_entry, %function
rill_host_entry:
    mov x29, xzr
    mov w21, w0
    bl rill_host_first
    mov w0, w21
    mov x2, x20
    blr x19
    brk #0
    .size rill_host_entry, . - rill_host_entry

#else
#error "the host port knows x86-64 and aarch64"
#endif

    .section .note.GNU-stack, "", %progbits
