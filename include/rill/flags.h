// Event flags: 32 bits that tasks wait for in any combination. What asyncio lacks.
//
//     static rill_flags_t events = RILL_FLAGS_INIT;
//     void uart_isr(void *arg) { rill_flags_set_threadsafe(&events, EVENT_RX); }
//     uint32_t seen;
//     TRY(rill_flags_wait(&events, EVENT_RX | EVENT_STOP, RILL_FLAGS_ANY | RILL_FLAGS_CLEAR, &seen));
//
// A flag stays set until it is cleared. A set wakes all who have what they wait for, in the order they came; what they
// asked to clear is cleared after all of them were looked at, so one set serves every waiter once. From an interrupt a
// set is seen by flags_get at once, and by the waiters when the loop gets to it: a flag that was cleared again before
// wakes nobody.
//
// Unless a function says otherwise: O(1), does not suspend; asyncio: none.
#ifndef RILL_FLAGS_H
#define RILL_FLAGS_H

#include <rill/loop.h>

#ifdef __cplusplus
extern "C" {
#endif

// 28 bytes on 32-bit machines. Fields are private.
typedef struct rill_flags {
    rill_handle_t post; // brings what interrupts set to those who wait
    rill_loop_t *loop;  // NULL until the first wait
    rill_node_t *waiters;
    void *volatile bits; // a word, the type of the port's atomics
} rill_flags_t;

// Static initialiser: all clear, on the loop of the first task that waits.
#define RILL_FLAGS_INIT { RILL_HANDLE_INIT(NULL, NULL), NULL, NULL, NULL }

// How to wait: for any or for all of the flags; and whether to clear those of them that are set on return.
enum { RILL_FLAGS_ANY = 0, RILL_FLAGS_ALL = 1, RILL_FLAGS_CLEAR = 2 };

// Clears all and forgets the loop. NULL is ignored. Do not call it on flags somebody waits for or an ISR may set.
// Needed again if the loop they were used in has been closed. Context: loop.
void rill_flags_init(rill_flags_t *flags);

// Sets the flags of `mask` and wakes those who have what they wait for. Context: loop. O(waiters), does not suspend.
void rill_flags_set(rill_flags_t *flags, uint32_t mask);

// The same from anywhere: lock-free, never waits. NULL is ignored. Context: any. O(1).
void rill_flags_set_threadsafe(rill_flags_t *flags, uint32_t mask);

// Clears the flags of `mask`. Tasks woken by an earlier set still return. Returns the flags as they were. Context: any.
// O(1).
uint32_t rill_flags_clear(rill_flags_t *flags, uint32_t mask);

// All flags. Context: any.
uint32_t rill_flags_get(const rill_flags_t *flags);

// Waits until any or all flags of `mask` are set; does not suspend if they are. `mode` is RILL_FLAGS_ANY or
// RILL_FLAGS_ALL, | RILL_FLAGS_CLEAR. Returns 0 with those flags of `mask` that were set in *seen (may be NULL);
// RILL_ECANCELED (what was to be cleared for this wait is set again, for whoever waits or comes next); RILL_EPIPE if
// the flags were closed meanwhile; RILL_EINVAL for NULL, an empty mask or another mode; RILL_EPERM if it would wait
// outside a task, or on another loop than its own. Context: task; suspends. O(waiters).
int rill_flags_wait(rill_flags_t *flags, uint32_t mask, unsigned mode, uint32_t *seen);

// The same without waiting: RILL_EAGAIN if the flags are not set. Context: loop.
int rill_flags_poll(rill_flags_t *flags, uint32_t mask, unsigned mode, uint32_t *seen);

// Clears all, takes the post out of the loop and makes those who wait return RILL_EPIPE. After it nothing refers to the
// memory once they have resumed; the flags may also be used again. Nobody may set them meanwhile. Context: loop.
// O(waiters).
void rill_flags_close(rill_flags_t *flags);

#ifdef __cplusplus
}
#endif

#endif
