// Counting semaphores: asyncio.Semaphore and BoundedSemaphore, rules SM1-SM7.
//
// Unless a function says otherwise: O(1), does not suspend.
#ifndef RILL_SEMAPHORE_H
#define RILL_SEMAPHORE_H

#include <rill/debug.h>
#include <rill/task.h>

#ifdef __cplusplus
extern "C" {
#endif

// 8 bytes on 32-bit machines. Fields are private.
typedef struct rill_semaphore {
    rill_node_t *waiters;
    uint32_t permits; // low half: free ones; high half: those given to waiters that have not resumed
} rill_semaphore_t;

#define RILL_SEMAPHORE_INIT(permits) { NULL, (permits) }

// A semaphore that refuses to exceed its initial value. 12 bytes on 32-bit machines.
typedef struct rill_bounded_semaphore {
    rill_semaphore_t semaphore;
    uint16_t bound;
} rill_bounded_semaphore_t;

#define RILL_BOUNDED_SEMAPHORE_INIT(permits) { RILL_SEMAPHORE_INIT(permits), (permits) }

// The same at run time. RILL_EINVAL for NULL or more than 65535 permits (asyncio: ValueError for a negative value,
// which is such a number here). Not while somebody waits. Context: loop.
int rill_semaphore_init(rill_semaphore_t *semaphore, unsigned permits);
int rill_bounded_semaphore_init(rill_bounded_semaphore_t *semaphore, unsigned permits);

// What the two functions below do when there is somebody to wait for or to wake. Private.
int rill_semaphore_acquire_slow(rill_semaphore_t *semaphore);
int rill_semaphore_release_slow(rill_semaphore_t *semaphore, rill_node_t *first);

// Takes a permit; suspends only if none is free or others wait (SM1, SM2). Returns 0; RILL_ECANCELED without a permit
// (one already given is given back, SM5); RILL_EINVAL; RILL_EPERM if it would wait outside a task. asyncio:
// Semaphore.acquire. Context: task; suspends. O(1), plus the waiters it wakes on leaving (SM6).
static inline int rill_semaphore_acquire(rill_semaphore_t *semaphore)
{
    RILL_DEBUG_CONTEXT("rill_semaphore_acquire");
    if (semaphore == NULL) {
        return RILL_EINVAL;
    }
    if (semaphore->permits - 1u >= UINT16_MAX) {
        return rill_semaphore_acquire_slow(semaphore);
    }
    semaphore->permits--;
    return RILL_OK;
}

// Gives a permit back, to the first waiter if there is one (SM3). RILL_EOVERFLOW at 65535 permits. From an interrupt: a
// signal (signal.h) or a posted callback. asyncio: Semaphore.release. Context: loop. O(1).
static inline int rill_semaphore_release(rill_semaphore_t *semaphore)
{
    RILL_DEBUG_CONTEXT("rill_semaphore_release");
    if (semaphore == NULL) {
        return RILL_EINVAL;
    }
    rill_node_t *first = semaphore->waiters;
    if (first != NULL || semaphore->permits >= UINT16_MAX) {
        return rill_semaphore_release_slow(semaphore, first);
    }
    semaphore->permits++;
    return RILL_OK;
}

// Permits free. asyncio: none (Semaphore._value). Context: loop.
static inline unsigned rill_semaphore_value(const rill_semaphore_t *semaphore)
{
    return semaphore != NULL ? semaphore->permits & UINT16_MAX : 0;
}

// True if an acquire would wait. asyncio: Semaphore.locked. Context: loop.
bool rill_semaphore_locked(const rill_semaphore_t *semaphore);

// The bounded kind. release returns RILL_EINVAL above the initial value (SM7). asyncio: BoundedSemaphore. Context: as
// above.
int rill_bounded_semaphore_acquire(rill_bounded_semaphore_t *semaphore);
int rill_bounded_semaphore_release(rill_bounded_semaphore_t *semaphore);

#ifdef __cplusplus
}
#endif

#endif
