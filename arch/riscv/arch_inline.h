// RISC-V, machine mode only, one hart: inline part of arch/arch.h.
#ifndef RILL_ARCH_INLINE_H
#define RILL_ARCH_INLINE_H

#define RILL_ARCH_STACK_ALIGN 16

// The kernel compares the canary at every switch. A PMP guard that moves with the task is impossible: in machine mode
// only locked entries bind, and those stay as they are until reset.
#define RILL_ARCH_STACK_GUARD 0

// 1: LR/SC work on all RAM. Some cores have AMOs without them: a Rocket core with tightly integrated memory in place of
// a data cache (FE310) raises an access fault. Boards with such a core set 0.
#ifndef RILL_RISCV_LRSC
#ifdef __riscv_atomic
#define RILL_RISCV_LRSC 1
#else
#define RILL_RISCV_LRSC 0
#endif
#endif

// Mask bit of mstatus, as csr instructions take it.
#define RILL_RISCV_MIE 8u

// The interrupt stack, from the linker script.
extern char __isr_stack_top[];

// What rill_arch_switch pops.
struct rill_riscv_frame {
    uintptr_t ra;
    uintptr_t s[12];
};

// The switch leaves a0 and a2 as they are.
static inline void rill_arch_context_init(rill_context_t *ctx, void *top, rill_entry_t entry)
{
    size_t bytes = (sizeof(struct rill_riscv_frame) + 15) / 16 * 16;
    struct rill_riscv_frame *frame = (struct rill_riscv_frame *)(void *)((char *)top - bytes);
    frame->ra = (uintptr_t)entry;
    ctx->sp = frame;
}

static inline uintptr_t rill_arch_irq_save(void)
{
    uintptr_t state;
    __asm__ volatile("csrrci %0, mstatus, %1" : "=r"(state) : "i"(RILL_RISCV_MIE) : "memory");
    return state & RILL_RISCV_MIE;
}

// Setting the bits of 0 leaves interrupts masked: no branch.
static inline void rill_arch_irq_restore(uintptr_t state)
{
    __asm__ volatile("csrs mstatus, %0" : : "r"(state) : "memory");
}

// WFI ends when an interrupt enabled in mie is pending, whatever mstatus.MIE says.
static inline void rill_arch_wait(void)
{
    __asm__ volatile("wfi" : : : "memory");
}

// A thread runs with mscratch = top of the interrupt stack; a trap swaps it with sp (trap.S), so that it then holds the
// interrupted thread's sp, which is never the same. Not even a flag to keep.
static inline bool rill_arch_in_isr(void)
{
    uintptr_t scratch;
    __asm__ volatile("csrr %0, mscratch" : "=r"(scratch));
    return scratch != (uintptr_t)__isr_stack_top;
}

#if __riscv_xlen == 64
#define RILL_RISCV_WIDTH ".d"
#else
#define RILL_RISCV_WIDTH ".w"
#endif

#ifdef __riscv_atomic

static inline void *rill_arch_swap(void *volatile *cell, void *value)
{
    void *old;
    __asm__ volatile("amoswap" RILL_RISCV_WIDTH ".aqrl %0, %z2, %1" : "=r"(old), "+A"(*cell) : "rJ"(value) : "memory");
    return old;
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

#endif

#if RILL_RISCV_LRSC

// Loops only when something came between LR and SC (a trap breaks the reservation: trap.S), so never spuriously false.
static inline bool rill_arch_cas(void *volatile *cell, void *expected, void *value)
{
    __asm__ goto("0: lr" RILL_RISCV_WIDTH ".aq t0, %0\n\t"
                 "bne t0, %z1, %l[differs]\n\t"
                 "sc" RILL_RISCV_WIDTH ".rl t0, %z2, %0\n\t"
                 "bnez t0, 0b"
                 :
                 : "A"(*cell), "rJ"(expected), "rJ"(value)
                 : "t0", "memory"
                 : differs);
    return true;
differs:
    return false;
}

#else

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
