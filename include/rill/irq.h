// Interrupts in place of epoll: sources that run a callback, wake a task, or both.
//
// A source binds an interrupt line of the board to a handler. It is the caller's memory; registering links it into the
// board's line table, so nothing is allocated. Documents, row 27-29: register, unregister, level- and edge-triggered.
#ifndef RILL_IRQ_H
#define RILL_IRQ_H

#include <rill/types.h>

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

// Interrupts dispatched since reset, and those nobody had registered for. Statistics for `irq` in the demo.
extern uint32_t rill_irq_taken;
extern uint32_t rill_irq_spurious;

// Connects `isr(arg)` to `line` and enables the line.
// Returns 0; RILL_EINVAL for a line the board has not or a null isr; RILL_EBUSY if the line has a handler already.
// Any context. O(1), does not suspend. asyncio: loop.add_reader.
int rill_irq_attach(unsigned line, rill_isr_t isr, void *arg);

// Disables the line and disconnects its handler. Returns 0; RILL_EINVAL for a line the board has not; RILL_ENOENT if
// nothing was attached. Any context. O(1). asyncio: loop.remove_reader.
int rill_irq_detach(unsigned line);

// Called by the trap entry of the architecture with the line that fired. ISR only.
void rill_irq_dispatch(unsigned line);

#ifdef __cplusplus
}
#endif

#endif
