// A latch that an interrupt sets and tasks wait for: the bridge from an ISR to a task.
//
//     static rill_signal_t ready = RILL_SIGNAL_INIT;
//     void adc_isr(void *arg) { ...; rill_signal_set_threadsafe(&ready); }
//     int sampler(void *arg) { for (;;) { TRY(rill_signal_wait(&ready)); ...read what the ISR left... } }
//
// A latch, not a counter. A set ends the wait of all who wait; if nobody does, it stays, whatever the number of sets,
// and the next wait returns at once: also if those woken before have not resumed yet. So a task that looks at its data
// after each wait misses nothing, and may look once too often. To count
// occurrences use rill_irq_t (irq.h) or a counter of the ISR's own.
//
// Unless a function says otherwise: O(1), does not suspend; asyncio: none.
#ifndef RILL_SIGNAL_H
#define RILL_SIGNAL_H

#include <rill/loop.h>

#ifdef __cplusplus
extern "C" {
#endif

// 8 bytes on 32-bit machines. Fields are private.
typedef struct rill_signal {
    void *volatile state; // set, clear, or who waits
    rill_loop_t *loop;    // NULL until the first wait or rill_signal_init
} rill_signal_t;

// Static initialiser: clear, on the loop of the first task that waits.
#define RILL_SIGNAL_INIT { NULL, NULL }

// Makes a signal clear, on `loop` (NULL: the running loop, at the first wait if none runs). NULL for the signal is
// ignored. Do not call it on a signal somebody waits for or an ISR may set. Needed again if the loop it was used in has
// been closed. Context: loop.
void rill_signal_init(rill_signal_t *signal, rill_loop_t *loop);

// Sets the latch and wakes its loop. Lock-free, idempotent, never waits. NULL is ignored. Context: any. O(1).
void rill_signal_set_threadsafe(rill_signal_t *signal);

// Waits until the signal is set and clears it; does not suspend if it is set. One set wakes all who wait, in the order
// they came. Returns 0; RILL_ECANCELED (a set that came meanwhile stays for the next wait); RILL_EPIPE if it was closed
// meanwhile; RILL_EINVAL for NULL; RILL_EPERM if it would wait outside a task, or on another loop than its own.
// Context: task; suspends.
int rill_signal_wait(rill_signal_t *signal);

// Clears the latch. Tasks woken by an earlier set still return. Context: loop.
void rill_signal_clear(rill_signal_t *signal);

// True if the next wait would return at once. Context: any.
bool rill_signal_is_set(const rill_signal_t *signal);

// Clears the signal and makes those who wait return RILL_EPIPE; a set that came before has ended their wait already.
// After it nothing refers to the memory once they have resumed; the signal may also be used again. Nobody may set it
// meanwhile. Context: loop. O(waiters).
void rill_signal_close(rill_signal_t *signal);

#ifdef __cplusplus
}
#endif

#endif
