// Interrupts in place of epoll: sources that wake a task or run a callback.
//
// A line of the board's interrupt controller has one user at a time, registered and unregistered at run time:
//   rill_irq_attach          a function that runs in the interrupt itself (drivers)
//   rill_irq_open            a source a task waits for, one task each (rill_irq_wait)
//   rill_irq_open_callback   a source that calls a function of the loop
// The source is the caller's memory; nothing is allocated, however many lines are in use.
//
// Unless a function says otherwise: O(1), does not suspend.
#ifndef RILL_IRQ_H
#define RILL_IRQ_H

#include <rill/signal.h>

#ifdef __cplusplus
extern "C" {
#endif

// Runs in the interrupt's context, on the interrupt stack.
typedef void (*rill_isr_t)(void *arg);

// One entry of the board's line table. Boards define `rill_irq_vector rill_irq_table[]` and `rill_irq_count`;
// the trap entry of the architecture calls rill_irq_dispatch(line).
typedef struct rill_irq_vector {
    rill_isr_t isr; // NULL: nobody registered; the line is disabled when it fires, and counted as spurious
    void *arg;
} rill_irq_vector_t;

extern rill_irq_vector_t rill_irq_table[];
extern const unsigned rill_irq_count; // lines in the table

// Interrupts dispatched since reset (0 without RILL_STATS), and those nobody had registered for. Statistics for `irq`
// in the demo.
extern uint32_t rill_irq_taken;
extern uint32_t rill_irq_spurious;

// Connects `isr(arg)` to `line` and enables the line.
// Returns 0; RILL_EINVAL for a line the board has not or a null isr; RILL_EBUSY if the line has a handler already.
// Context: any. O(1), does not suspend. asyncio: loop.add_reader.
int rill_irq_attach(unsigned line, rill_isr_t isr, void *arg);

// Disables the line and disconnects its handler. Returns 0; RILL_EINVAL for a line the board has not; RILL_ENOENT if
// nothing was attached. Context: any. O(1). asyncio: loop.remove_reader.
int rill_irq_detach(unsigned line);

// Makes a line pending by software: its handler runs as if the device had asked for it, at once if the line is enabled
// and no interrupt of its priority runs. For tests, and to leave work to a handler of lower priority. Returns 0;
// RILL_EINVAL for a line the board has not; RILL_EPERM for one that software cannot make pending (RISC-V: all but line
// 0, the software interrupt). Context: any. O(1). asyncio: none.
int rill_irq_pend(unsigned line);

// Called by the trap entry of the architecture with the line that fired. Weak: a program that attaches nothing links
// neither it nor the table, and an interrupt is a fault. asyncio: the selector. Context: ISR.
__attribute__((weak)) void rill_irq_dispatch(unsigned line);

// How a line behaves.
//   RILL_IRQ_EDGE   every occurrence is counted; the line stays enabled until the source is closed. (EPOLLET)
//   RILL_IRQ_LEVEL  the line stays active until the device has been served, so the ISR masks it and the next
//                   rill_irq_wait, or the return of the callback, lets it through again: one occurrence per service.
//                   The device is served by the task, with its other interrupts running. (epoll's default)
typedef enum rill_irq_mode { RILL_IRQ_EDGE, RILL_IRQ_LEVEL } rill_irq_mode_t;

// A source. 48 bytes on 32-bit machines. Fields are private. A zeroed source is closed and ready to be opened.
typedef struct rill_irq {
    rill_signal_t signal; // sets off the task that waits,
    rill_handle_t call;   // or the callback
    rill_callback_t fn;   // NULL: a task waits
    void *arg;
    volatile uint32_t count; // occurrences; the ISR's
    uint32_t seen;           // of them taken; the loop's
    uint16_t line;
    uint8_t level;
    uint8_t open : 1;
    uint8_t waiting : 1;
    volatile uint8_t masked; // by the ISR, until the next wait
} rill_irq_t;

// Registers a source for a task and enables its line. What was pending on an edge line before is forgotten.
// Returns 0; RILL_EINVAL for NULL, a line the board has not or an unknown mode; RILL_EBUSY if the line has a handler or
// the source is open; RILL_EPERM from an ISR. Context: loop. O(1), does not suspend. asyncio: loop.add_reader + Future.
int rill_irq_open(rill_irq_t *irq, unsigned line, rill_irq_mode_t mode);

// Registers a source for a callback: after an occurrence the loop calls fn(arg), once for all that came before it runs;
// rill_irq_take tells how many. `loop` NULL: the running loop. Returns as rill_irq_open; RILL_EINVAL for a NULL fn;
// RILL_EPERM if there is no loop, or a closed one. Context: loop. asyncio: loop.add_reader.
int rill_irq_open_callback(rill_irq_t *irq, unsigned line, rill_irq_mode_t mode, rill_loop_t *loop, rill_callback_t fn,
                           void *arg);

// Waits for the next occurrence; does not suspend if there was one since the last wait. Returns the number of
// occurrences since the last wait, at least 1; RILL_ECANCELED (no occurrence is lost: the next wait returns it);
// RILL_EPIPE if the source is closed or was closed meanwhile; RILL_EBUSY if another task waits for it; RILL_EINVAL for
// NULL; RILL_EPERM for a callback's source, outside a task, or on another loop than that of the first wait. Context:
// task; suspends.
int rill_irq_wait(rill_irq_t *irq);

// The same without waiting: the occurrences since the last wait or take, RILL_EAGAIN if there were none (the line of a
// level source is then let through). Context: loop.
int rill_irq_take(rill_irq_t *irq);

// Disables the line and unregisters the source; a task that waits for it gets RILL_EPIPE, a callback that was due is
// dropped. After it (and after that task has resumed) the memory is the caller's. Returns 0; RILL_EINVAL for NULL;
// RILL_ENOENT if it is not open; RILL_EPERM from an ISR. Context: loop. O(1). asyncio: loop.remove_reader.
int rill_irq_close(rill_irq_t *irq);

#ifdef __cplusplus
}
#endif

#endif
