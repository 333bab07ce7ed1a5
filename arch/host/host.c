// The host port: contexts, simulated interrupts, the end of the program.
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rill/irq.h>

#include "arch.h"

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/memcheck.h>
#endif
#endif

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define HAVE_ASAN 1
#else
#define HAVE_ASAN 0
#endif

int rill_host_switch(int told, rill_context_t *from, const rill_context_t *to);
void rill_host_entry(void);

// ---- contexts

// What rill_host_switch pops, in order.
#if defined(__x86_64__)
struct frame {
    uint32_t mxcsr;
    uint16_t fpu_control, padding;
    uint64_t r15, r14, r13, r12, rbx, rbp, return_address, end;
};

static void fill_frame(struct frame *frame, rill_entry_t entry, rill_context_t *ctx)
{
    __asm__ volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(frame->mxcsr), "=m"(frame->fpu_control));
    frame->r12 = (uintptr_t)entry;
    frame->r13 = (uintptr_t)RILL_THREAD(ctx);
    frame->return_address = (uintptr_t)rill_host_entry;
}
#else
struct frame {
    uint64_t x19, x20, x21_x29[9], x30, d8_d15[8];
};

static void fill_frame(struct frame *frame, rill_entry_t entry, rill_context_t *ctx)
{
    frame->x19 = (uintptr_t)entry;
    frame->x20 = (uintptr_t)RILL_THREAD(ctx);
    frame->x30 = (uintptr_t)rill_host_entry;
}
#endif

// Host-only words behind the stack head: what valgrind called the stack.
struct host_head {
    struct rill_stack_head head;
    uintptr_t valgrind_id;
};

static void tell_valgrind(void *stack, size_t size)
{
#if defined(VALGRIND_STACK_REGISTER)
    if (RUNNING_ON_VALGRIND) {
        struct host_head *head = stack;
        head->valgrind_id = VALGRIND_STACK_REGISTER(stack, (char *)stack + size);
        VALGRIND_MAKE_MEM_DEFINED(stack, size); // whatever ran here before
    }
#else
    (void)stack;
    (void)size;
#endif
}

void rill_host_context_init(rill_context_t *ctx, void *top, rill_entry_t entry)
{
    struct frame *frame = (struct frame *)(void *)((char *)top - (sizeof *frame + 15) / 16 * 16);
    tell_valgrind(ctx->stack, (size_t)((char *)top - (char *)ctx->stack));
    memset(frame, 0, sizeof *frame);
    fill_frame(frame, entry, ctx);
    ctx->sp = frame;
}

// See RILL_THREAD.
#if HAVE_ASAN

// The stack of whoever called rill_run, learnt when it is first left.
static const void *main_stack;
static size_t main_size;
static bool main_known;
static bool leaving_main;

static void arrive(void *fake_stack)
{
    const void *from = NULL;
    size_t size = 0;
    __sanitizer_finish_switch_fiber(fake_stack, &from, &size);
    if (leaving_main && !main_known) {
        main_stack = from;
        main_size = size;
        main_known = true;
    }
}

static inline int change_over(int told, rill_context_t *from, rill_context_t *to, bool dying)
{
    const struct rill_stack_head *head = to->stack;
    void *fake_stack = NULL;
    if (dying) { // its frames never return, so they stay marked otherwise
        const struct rill_stack_head *old = from->stack;
        __asan_unpoison_memory_region((const char *)from->stack, old->size);
    }
    leaving_main = from->stack == NULL;
    __sanitizer_start_switch_fiber(dying ? NULL : &fake_stack, head != NULL ? (const void *)head : main_stack,
                                   head != NULL ? head->size : main_size);
    told = rill_host_switch(told, from, to);
    arrive(fake_stack);
    return told;
}

int rill_arch_switch(int told, struct rill_node *from, struct rill_node *to)
{
    return change_over(told, RILL_CONTEXT(from), RILL_CONTEXT(to), false);
}

void rill_arch_leave(int told, void *stack, struct rill_node *to)
{
    rill_context_t dead = { NULL, stack };
    change_over(told, &dead, RILL_CONTEXT(to), true);
}

// A new context does not return from rill_arch_switch; the entry trampoline calls this before the entry function.
void rill_host_first(void)
{
    arrive(NULL);
}

#else

// A dying thread's stack becomes plain memory again: of what its frames left, valgrind thinks that nobody may touch it.
static void tell_valgrind_end(const void *stack)
{
#if defined(VALGRIND_STACK_REGISTER)
    if (RUNNING_ON_VALGRIND) {
        const struct host_head *head = stack;
        VALGRIND_STACK_DEREGISTER(head->valgrind_id);
        VALGRIND_MAKE_MEM_DEFINED(head, head->head.size);
    }
#else
    (void)stack;
#endif
}

int rill_arch_switch(int told, struct rill_node *from, struct rill_node *to)
{
    return rill_host_switch(told, RILL_CONTEXT(from), RILL_CONTEXT(to));
}

void rill_arch_leave(int told, void *stack, struct rill_node *to)
{
    rill_context_t dead;
    tell_valgrind_end(stack);
    rill_host_switch(told, &dead, RILL_CONTEXT(to));
}

void rill_host_first(void)
{
}

#endif

// ---- interrupts

volatile int rill_host_masked;
_Thread_local volatile int rill_host_in_isr;
volatile uint64_t rill_host_pending;
static volatile uint64_t enabled;

void rill_host_deliver(void)
{
    while (!rill_host_masked && !rill_host_in_isr) { // bound: lines pending
        uint64_t ready = rill_host_pending & enabled;
        if (ready == 0) {
            return;
        }
        unsigned line = (unsigned)__builtin_ctzll(ready);
        __atomic_fetch_and(&rill_host_pending, ~(UINT64_C(1) << line), __ATOMIC_SEQ_CST);
        rill_host_in_isr = 1;
        rill_irq_dispatch(line);
        rill_host_in_isr = 0;
    }
}

static int change(volatile uint64_t *word, unsigned line, bool set)
{
    if (line >= rill_irq_count || line >= 64) {
        return RILL_EINVAL;
    }
    uint64_t bit = UINT64_C(1) << line;
    if (set) {
        __atomic_fetch_or(word, bit, __ATOMIC_SEQ_CST);
        rill_host_deliver();
    } else {
        __atomic_fetch_and(word, ~bit, __ATOMIC_SEQ_CST);
    }
    return RILL_OK;
}

int rill_arch_irq_enable(unsigned line)
{
    return change(&enabled, line, true);
}

int rill_arch_irq_disable(unsigned line)
{
    return change(&enabled, line, false);
}

int rill_irq_pend(unsigned line)
{
    return change(&rill_host_pending, line, true);
}

int rill_arch_irq_clear(unsigned line)
{
    return change(&rill_host_pending, line, false);
}

// ---- files as interrupt sources

static struct watch {
    int fd;
    unsigned line;
    bool (*wanted)(void);
} watch = { -1, 0, NULL };

void rill_host_watch(int fd, unsigned line, bool (*wanted)(void))
{
    watch = (struct watch){ fd, line, wanted };
}

// Waits for a signal or for the watched file, the latter only while its reader has room; without room it looks again
// soon.
static void wait_for_file(const struct timespec *limit, const sigset_t *mask)
{
    static const struct timespec soon = { 0, 10000000 };
    bool wanted = watch.fd >= 0 && watch.wanted();
    struct pollfd file = { wanted ? watch.fd : -1, POLLIN, 0 };
    bool retry = watch.fd >= 0 && !wanted && limit == NULL;
    if (ppoll(&file, 1, retry ? &soon : limit, mask) > 0) {
        __atomic_fetch_or(&rill_host_pending, UINT64_C(1) << watch.line, __ATOMIC_SEQ_CST);
    }
}

void rill_host_look(void)
{
    static const struct timespec now = { 0, 0 };
    wait_for_file(&now, NULL);
    rill_host_deliver();
}

// Signals are blocked between the look at the pending lines and the suspension, so none can slip in between.
void rill_host_wait(void)
{
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    if ((rill_host_pending & enabled) == 0) {
        wait_for_file(NULL, &before);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
}

_Noreturn void rill_arch_exit(int status)
{
    exit(status);
}
