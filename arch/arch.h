// The architecture contract: everything the portable kernel needs from a CPU.
//
// A port supplies the functions below, in arch/<name>/. Those marked `inline` live in arch/<name>/arch_inline.h
// (found through the include path of that architecture); the others in .S or .c files beside it. Nothing else in the
// kernel knows the CPU. docs/PORTING.md walks through a port.
//
// Context words used here:
//   thread   code that runs tasks and the loop; never interrupted by another thread of the same loop
//   ISR      an interrupt or exception handler, on its own stack (MSP; the mscratch stack); never on a task's stack
//   masked   interrupts disabled on this core
//
// Calling convention: plain C calls. A switch is a function call, so only callee-saved registers survive it.
#ifndef RILL_ARCH_H
#define RILL_ARCH_H

#include <rill/types.h>

// rill_context_t {sp, stack} is in rill/types.h. `sp` is where the callee-saved registers were pushed; meaningless
// while the thread runs. `stack` is the lowest address of its stack, aligned to RILL_ARCH_STACK_ALIGN, and starts with
// struct rill_stack_head; NULL for a loop's own context, which borrows the stack of whoever called rill_run. Assembly
// relies on the order of the two (static-asserted in kernel/task.c).

// The first words of every task stack. `canary` is RILL_STACK_CANARY while the stack is intact; it lies at the lowest
// address, so an overflow destroys it first. Where the CPU has a stack limit register or an MPU, the guard covers this
// header and faults before the canary dies.
struct rill_stack_head {
    uintptr_t canary;
    size_t size; // bytes, header included
};

#define RILL_STACK_CANARY ((uintptr_t)0x52494C4Cu) // "RILL"

// RILL_ARCH_STACK_ALIGN (arch_inline.h): alignment of a stack's lowest address and size: 8 where nothing else is
// needed,
// 32 where an MPU guard covers the header, 16 by the RISC-V and x86-64 ABI.

// 1. Saves the callee-saved registers (and the FP ones, if the thread used the FPU) on the current stack, stores sp in
// `from->sp`, continues `to` where it was suspended. `from` and `to` are contexts, each given by the node in front of
// it, three words long (RILL_THREAD, rill/types.h). Returns when somebody switches back to `from`. Also moves the
// stack guard (PSPLIM, MPU region) to `to->stack`; on cores that have neither, does nothing about it.
//
//     push(callee-saved); from->sp = sp; sp = to->sp; guard = to->stack; pop(callee-saved); return;
//
// Thread only, interrupts enabled; masks nothing. An interrupt may come at any instruction of it, so sp must be valid
// (8-byte aligned, owned by `from` or `to`) at every one.
//
// Who is continued gets `told` of the switch that continues it: it stays in its register.
int rill_arch_switch(int told, struct rill_node *from, struct rill_node *to);

// 2. Continues `to` as a switch does, for a thread that never runs again: nothing of it is saved. `stack` is its lowest
// address. Never returns; not declared so, because the address sanitizer would look for the end of the stack then.
void rill_arch_leave(int told, void *stack, struct rill_node *to);

// A new thread gets what the switch to it was called with, so that nothing need be kept for it; `from` has no meaning.
typedef void (*rill_entry_t)(int told, struct rill_node *from, struct rill_node *self);

// 3. inline. Prepares ctx so that the first switch to it calls entry(told, ..., the node in front of ctx) on an empty
// stack that ends at `top` (a multiple of 16) and whose low end is ctx->stack; the caller has written the stack head.
// `entry` never returns. Thread only.
static inline void rill_arch_context_init(rill_context_t *ctx, void *top, rill_entry_t entry);

// 4./5. inline. Masks interrupts and returns the previous state; restores that state. Nestable; thread or ISR.
// On cores with atomics the kernel uses them only around 6.
static inline uintptr_t rill_arch_irq_save(void);
static inline void rill_arch_irq_restore(uintptr_t state);

// 6. inline. Stops the core until an interrupt is pending. Called masked: a pending interrupt ends it without being
// taken, and is taken when the caller unmasks. May return for no reason.
static inline void rill_arch_wait(void);

// 7. inline. True inside an interrupt or exception handler.
static inline bool rill_arch_in_isr(void);

// 8. inline. Atomically: old = *cell; *cell = value; return old. Acquire-release. Any context. One exclusive pair or
// one AMO; on cores without them a masked section of a few instructions (the published bound of guarantee 4).
static inline void *rill_arch_swap(void *volatile *cell, void *value);

// 9. inline. Atomically: if (*cell == expected) { *cell = value; return true; } return false. May not fail spuriously.
// Otherwise as 8.
static inline bool rill_arch_cas(void *volatile *cell, void *expected, void *value);

// 10. Interrupt lines 0 .. n-1 of the board's interrupt controller (NVIC; PLIC plus the software interrupt; simulated
// on the host): let it reach the core, keep it from it, forget that it is pending (edge lines). Any context. Return 0,
// or RILL_EINVAL for a line the controller has not. A port also supplies rill_irq_pend (include/rill/irq.h).
int rill_arch_irq_enable(unsigned line);
int rill_arch_irq_disable(unsigned line);
int rill_arch_irq_clear(unsigned line);
int rill_irq_pend(unsigned line);

// 11. Below the loop: what runs jobs of executors while the loop has nothing to do. One of two ways.
//
// Ports without threads: rill_arch_preempt is called by an interrupt handler (perhaps one that has interrupted another)
// when the loop has been given something to do. If the interrupted thread is on the stack of rill_running_worker, then
// before it runs on, and when all handlers have returned, it must call rill_preempted, as if it had called a function
// between two of its instructions, with interrupts enabled; when that returns it goes on as if nothing had happened,
// all registers and flags as they were. If the interrupted thread is anybody else: nothing. Costs nothing where it is
// not used: no other interrupt may become slower.
//
// Ports with threads (the host) define RILL_ARCH_THREADS 1 in arch_inline.h and supply rill_executor_start
// (include/rill/executor.h) and RILL_ARCH_PER_THREAD instead. rill_arch_in_isr is true in a worker's thread: to the
// loop it is what an interrupt is. Every post calls rill_preempt, which ends the loop's sleep.
void rill_arch_preempt(void);

// Supplied by the kernel: switches to the loop and comes back when the loop is idle again; who is below the loop now
// (NULL: nobody). Supplied by the file that has rill_executor_start, and so linked with executors only: what the loop
// calls in place of sleep, true if it did something; what is called when a loop is given something to do while it does
// that (loop->background), in any context.
struct rill_loop;
void rill_preempted(void);
extern struct rill_worker *rill_running_worker;
__attribute__((weak)) bool rill_background_work(struct rill_loop *loop, rill_time_t deadline);
__attribute__((weak)) void rill_preempt(struct rill_loop *loop);

// 12. Ends the program: status 0 is success. Under QEMU it leaves the emulator with that status; on hardware it stops
// with interrupts masked. Any context; does not return.
_Noreturn void rill_arch_exit(int status);

#include "arch_inline.h"

// Ports to cores that count leading zeros in an instruction define RILL_ARCH_CLZ 1.
#ifndef RILL_ARCH_CLZ
#define RILL_ARCH_CLZ 0
#endif

#ifndef RILL_ARCH_THREADS
#define RILL_ARCH_THREADS 0
#endif

#endif
