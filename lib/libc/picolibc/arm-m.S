// The thread pointer of ARM's ABI, for picolibc's thread-local variables: one block for all tasks, laid out by
// linker/arm-m.ld. The ABI puts it 8 bytes behind the pointer. Changes r0 and lr only, as the ABI asks.
    .syntax unified
    .thumb
    .section .text.__aeabi_read_tp, "ax", %progbits
    .global __aeabi_read_tp
    .type __aeabi_read_tp, %function
    .thumb_func
__aeabi_read_tp:
    ldr r0, 1f
    bx lr
    .balign 4
1:  .word __tls_base - 8
    .size __aeabi_read_tp, . - __aeabi_read_tp
