// int rill_arch_switch(int told, struct rill_node *from, struct rill_node *to)
//
// 14 stores, 14 loads. A thread that has written FP registers since it last ran (mstatus.FS dirty) first pushes fs0 ..
// fs11 and its return address, and makes its switch frame return to a stub that pops them: the other threads do not
// even look. Whoever is switched to starts with FS clean, and the stub's loads make it dirty again, so an FP thread
// remains one. fcsr is part of what is pushed; every thread starts with the default rounding mode.
//
// An interrupt may come at any instruction: it only uses its own stack. a0 and a2 are `told` and `to` until the end,
// for a new thread: ra is its entry then.
#include "frame.h"

    .section .text.rill_arch_switch, "ax", @progbits
    .globl rill_arch_switch
    .type rill_arch_switch, @function
    .balign 4
rill_arch_switch:
#ifdef __riscv_flen
    csrr t0, mstatus
    bltz t0, .Lpush_fp
.Lpushed_fp:
#endif
    addi sp, sp, -SWITCH_BYTES
    SX ra, SWITCH_RA(sp)
    SX s0, SWITCH_S(0)(sp)
    SX s1, SWITCH_S(1)(sp)
    SX s2, SWITCH_S(2)(sp)
    SX s3, SWITCH_S(3)(sp)
    SX s4, SWITCH_S(4)(sp)
    SX s5, SWITCH_S(5)(sp)
    SX s6, SWITCH_S(6)(sp)
    SX s7, SWITCH_S(7)(sp)
    SX s8, SWITCH_S(8)(sp)
    SX s9, SWITCH_S(9)(sp)
    SX s10, SWITCH_S(10)(sp)
    SX s11, SWITCH_S(11)(sp)
    SX sp, SWITCH_SP(a1)
.Larrive:
    LX sp, SWITCH_SP(a2)
    LX ra, SWITCH_RA(sp)
    LX s0, SWITCH_S(0)(sp)
    LX s1, SWITCH_S(1)(sp)
    LX s2, SWITCH_S(2)(sp)
    LX s3, SWITCH_S(3)(sp)
    LX s4, SWITCH_S(4)(sp)
    LX s5, SWITCH_S(5)(sp)
    LX s6, SWITCH_S(6)(sp)
    LX s7, SWITCH_S(7)(sp)
    LX s8, SWITCH_S(8)(sp)
    LX s9, SWITCH_S(9)(sp)
    LX s10, SWITCH_S(10)(sp)
    LX s11, SWITCH_S(11)(sp)
    addi sp, sp, SWITCH_BYTES
    ret

#ifdef __riscv_flen
.Lpush_fp:
    addi sp, sp, -SWITCH_FP_BYTES
    frcsr t0
    SX ra, SWITCH_FP_RA(sp)
    SX t0, SWITCH_FP_FCSR(sp)
    FSX fs0, SWITCH_FS(0)(sp)
    FSX fs1, SWITCH_FS(1)(sp)
    FSX fs2, SWITCH_FS(2)(sp)
    FSX fs3, SWITCH_FS(3)(sp)
    FSX fs4, SWITCH_FS(4)(sp)
    FSX fs5, SWITCH_FS(5)(sp)
    FSX fs6, SWITCH_FS(6)(sp)
    FSX fs7, SWITCH_FS(7)(sp)
    FSX fs8, SWITCH_FS(8)(sp)
    FSX fs9, SWITCH_FS(9)(sp)
    FSX fs10, SWITCH_FS(10)(sp)
    FSX fs11, SWITCH_FS(11)(sp)
    fscsr zero
    li t0, MSTATUS_FS_LOW
    csrc mstatus, t0
    lla ra, .Lpop_fp
    j .Lpushed_fp

.Lpop_fp:
    LX t0, SWITCH_FP_FCSR(sp)
    LX ra, SWITCH_FP_RA(sp)
    FLX fs0, SWITCH_FS(0)(sp)
    FLX fs1, SWITCH_FS(1)(sp)
    FLX fs2, SWITCH_FS(2)(sp)
    FLX fs3, SWITCH_FS(3)(sp)
    FLX fs4, SWITCH_FS(4)(sp)
    FLX fs5, SWITCH_FS(5)(sp)
    FLX fs6, SWITCH_FS(6)(sp)
    FLX fs7, SWITCH_FS(7)(sp)
    FLX fs8, SWITCH_FS(8)(sp)
    FLX fs9, SWITCH_FS(9)(sp)
    FLX fs10, SWITCH_FS(10)(sp)
    FLX fs11, SWITCH_FS(11)(sp)
    fscsr t0
    addi sp, sp, SWITCH_FP_BYTES
    ret
#endif
    .size rill_arch_switch, . - rill_arch_switch

// void rill_arch_leave(int told, void *stack, struct rill_node *to): the other half. FP registers hold nobody's state
// either.
    .globl rill_arch_leave
    .type rill_arch_leave, @function
    .balign 4
rill_arch_leave:
#ifdef __riscv_flen
    fscsr zero
    li t0, MSTATUS_FS_LOW
    csrc mstatus, t0
#endif
    j .Larrive
    .size rill_arch_leave, . - rill_arch_leave
