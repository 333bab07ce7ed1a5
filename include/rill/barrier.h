// Rendezvous of a fixed number of tasks, again and again: asyncio.Barrier, rules BR1-BR5.
//
// Unless a function says otherwise: O(1).
#ifndef RILL_BARRIER_H
#define RILL_BARRIER_H

#include <rill/condition.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rill_barrier_state {
    RILL_BARRIER_FILLING,
    RILL_BARRIER_DRAINING,
    RILL_BARRIER_RESETTING,
    RILL_BARRIER_BROKEN,
} rill_barrier_state_t;

// 24 bytes on 32-bit machines. Fields are private. Must not be moved.
typedef struct rill_barrier {
    rill_lock_t lock;
    rill_condition_t condition;
    uint16_t parties;
    uint16_t count;
    uint8_t state;
} rill_barrier_t;

// Prepares a barrier for `parties` tasks. RILL_EINVAL for 0 or NULL (BR1). Context: loop.
int rill_barrier_init(rill_barrier_t *barrier, uint16_t parties);

// Waits until all parties have come. Returns the index of arrival, 0 to parties-1 (BR1); newcomers wait while the last
// round drains (BR2). RILL_EBROKEN if it was aborted or reset meanwhile (asyncio: BrokenBarrierError, BR3, BR4);
// RILL_ECANCELED (the barrier is not broken by it, BR5); RILL_EINVAL; RILL_EPERM outside a task. asyncio: Barrier.wait.
// Context: task; suspends.
int rill_barrier_wait(rill_barrier_t *barrier);

// Breaks the barrier until it is reset (BR3); sends those who wait away and starts afresh (BR4). asyncio:
// Barrier.abort, Barrier.reset. Context: task; may suspend for the barrier's lock. Return 0, RILL_ECANCELED,
// RILL_EINVAL, RILL_EPERM.
int rill_barrier_abort(rill_barrier_t *barrier);
int rill_barrier_reset(rill_barrier_t *barrier);

// Tasks waiting for the barrier to fill (0 in other states); whether it is broken. asyncio: n_waiting, broken. Context:
// loop.
unsigned rill_barrier_waiting(const rill_barrier_t *barrier);
bool rill_barrier_broken(const rill_barrier_t *barrier);

#ifdef __cplusplus
}
#endif

#endif
