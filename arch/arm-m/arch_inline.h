// The Cortex-M port (ARMv6-M, v7-M, v7E-M with FPU, v8-M mainline), inline part of arch/arch.h.
#ifndef RILL_ARCH_INLINE_H
#define RILL_ARCH_INLINE_H

#include <rill/config.h>

#include "arm_m.h"

// The MPU region over a stack head is 32 bytes, which is the smallest there is, and a region lies on a multiple of its
// size.
#if RILL_ARM_MPU_GUARD
#define RILL_ARCH_STACK_ALIGN 32
#else
#define RILL_ARCH_STACK_ALIGN 8
#endif

#if RILL_ARM_MPU_GUARD || RILL_ARM_PSPLIM
#define RILL_ARCH_STACK_GUARD 1
#else
#define RILL_ARCH_STACK_GUARD 0
#endif

#define RILL_ARCH_CLZ (!RILL_ARM_BASELINE)

// What rill_arch_switch pops.
struct rill_arm_frame {
#if RILL_ARM_BASELINE
    uint32_t r8_r11[4], r4, r5, r6, r7;
#else
    uint32_t r4, r5, r6, r7, r8_r11[4];
#endif
    rill_entry_t pc;
};

// The switch leaves r0 and r2 as they are.
static inline void rill_arch_context_init(rill_context_t *ctx, void *top, rill_entry_t entry)
{
    struct rill_arm_frame *frame = (struct rill_arm_frame *)top - 1;
    frame->pc = entry;
    ctx->sp = frame;
}

static inline uintptr_t rill_arch_irq_save(void)
{
    uintptr_t state;
    __asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(state) : : "memory");
    return state;
}

static inline void rill_arch_irq_restore(uintptr_t state)
{
    __asm__ volatile("msr primask, %0" : : "r"(state) : "memory");
}

// The barrier lets writes to devices reach them before the clock stops.
static inline void rill_arch_wait(void)
{
    __asm__ volatile("dsb\n\twfi" : : : "memory");
}

static inline bool rill_arch_in_isr(void)
{
    uint32_t ipsr;
    __asm__ volatile("mrs %0, ipsr" : "=r"(ipsr));
    return ipsr != 0;
}

#if RILL_ARM_EXCLUSIVES

// v8-M has load-acquire and store-release, so the order costs nothing. On v7-M it would cost two DMB, and nobody is
// there to see it: interrupts of the same core see its accesses in program order. Only the compiler must be kept from
// moving them.
#if RILL_ARM_V8M
#define RILL_ARM_LOAD "ldaex"
#define RILL_ARM_STORE "stlex"
#else
#define RILL_ARM_LOAD "ldrex"
#define RILL_ARM_STORE "strex"
#endif

// By hand: the compiler's own keeps a register of the caller's for the outcome.
static inline void *rill_arch_swap(void *volatile *cell, void *value)
{
    void *old;
    __asm__ volatile("0: " RILL_ARM_LOAD " %0, %1\n\t"
                     RILL_ARM_STORE " r12, %2, %1\n\t"
                     "cmp r12, #0\n\t"
                     "bne 0b"
                     : "=&r"(old), "+Q"(*cell)
                     : "r"(value)
                     : "r12", "cc", "memory");
    return old;
}

// Loops only when an exception came between the two, so never spuriously false. With two ways out: the compiler would
// make a number of the outcome before it branches on it.
static inline bool rill_arch_cas(void *volatile *cell, void *expected, void *value)
{
    __asm__ goto("0: " RILL_ARM_LOAD " r12, %0\n\t"
                 "cmp r12, %1\n\t"
                 "bne %l[differs]\n\t"
                 RILL_ARM_STORE " r12, %2, %0\n\t"
                 "cmp r12, #0\n\t"
                 "bne 0b"
                 :
                 : "Q"(*cell), "r"(expected), "r"(value)
                 : "r12", "cc", "memory"
                 : differs);
    return true;
differs:
    return false;
}

#else

static inline void *rill_arch_swap(void *volatile *cell, void *value)
{
    uintptr_t state = rill_arch_irq_save();
    void *old = *cell;
    *cell = value;
    rill_arch_irq_restore(state);
    return old;
}

static inline bool rill_arch_cas(void *volatile *cell, void *expected, void *value)
{
    uintptr_t state = rill_arch_irq_save();
    bool same = *cell == expected;
    if (same) {
        *cell = value;
    }
    rill_arch_irq_restore(state);
    return same;
}

#endif

#endif
