// The host port (x86-64 and aarch64 Linux), inline part of arch/arch.h.
//
// Interrupts are simulated on the program's one thread: rill_irq_pend from test code, or a POSIX signal, runs the
// handler at once unless the mask is set; what comes while it is set runs when it is lifted.
#ifndef RILL_ARCH_INLINE_H
#define RILL_ARCH_INLINE_H

#define RILL_ARCH_STACK_ALIGN 16
#define RILL_ARCH_STACK_GUARD 0
#define RILL_ARCH_CLZ 1
#define RILL_ARCH_THREADS 1
#define RILL_ARCH_PER_THREAD _Thread_local

extern volatile int rill_host_masked;
extern _Thread_local volatile int rill_host_in_isr;
extern volatile uint64_t rill_host_pending; // bit n: line n

// Runs the handlers of pending, enabled lines.
void rill_host_deliver(void);

// Stops until a signal has come or the watched file has input.
void rill_host_wait(void);

// Makes a file an interrupt source: `line` becomes pending when it can be read and `wanted()` says so. One file. It is
// looked at when the program waits, and by rill_host_look.
void rill_host_watch(int fd, unsigned line, bool (*wanted)(void));
void rill_host_look(void);

static inline uintptr_t rill_arch_irq_save(void)
{
    int was = rill_host_masked;
    rill_host_masked = 1;
    return (uintptr_t)was;
}

void rill_host_context_init(rill_context_t *ctx, void *top, rill_entry_t entry);

static inline void rill_arch_context_init(rill_context_t *ctx, void *top, rill_entry_t entry)
{
    rill_host_context_init(ctx, top, entry);
}

static inline void rill_arch_irq_restore(uintptr_t state)
{
    rill_host_masked = (int)state;
    if (!state && rill_host_pending != 0) {
        rill_host_deliver();
    }
}

static inline void rill_arch_wait(void)
{
    rill_host_wait();
}

static inline bool rill_arch_in_isr(void)
{
    return rill_host_in_isr != 0;
}

static inline void *rill_arch_swap(void *volatile *cell, void *value)
{
    return __atomic_exchange_n(cell, value, __ATOMIC_ACQ_REL);
}

static inline bool rill_arch_cas(void *volatile *cell, void *expected, void *value)
{
    return __atomic_compare_exchange_n(cell, &expected, value, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

#endif
