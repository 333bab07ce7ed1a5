// Mutual exclusion across waits: asyncio.Lock, rules LK1-LK5.
//
// Between two waits a task is never interrupted by another task of its loop, so a lock is needed only where a critical
// section itself waits. FIFO; no barging; no ownership: any task may release.
//
// Unless a function says otherwise: O(1), does not suspend.
#ifndef RILL_LOCK_H
#define RILL_LOCK_H

#include <rill/task.h>

#ifdef __cplusplus
extern "C" {
#endif

// 8 bytes on 32-bit machines. Fields are private. A zeroed lock is ready for use.
typedef struct rill_lock {
    rill_node_t *waiters; // oldest; a cancelled or woken waiter stays until it resumes
    uint16_t live;        // waiters that were not cancelled
    bool locked;
} rill_lock_t;

#define RILL_LOCK_INIT { NULL, 0, false }

// Takes the lock; suspends only if it is taken or others wait (LK1, LK2). Returns 0; RILL_ECANCELED without the lock (a
// waiter cancelled after being chosen passes the lock on, LK5); RILL_EINVAL; RILL_EPERM if it would wait outside a
// task. asyncio: Lock.acquire. Context: task; suspends. O(1).
int rill_lock_acquire(rill_lock_t *lock);

// Gives it back and wakes the first waiter. RILL_EPERM if it is not locked (LK3). asyncio: Lock.release. Context: loop.
// O(1).
int rill_lock_release(rill_lock_t *lock);

// True while somebody has it. asyncio: Lock.locked. Context: loop.
bool rill_lock_locked(const rill_lock_t *lock);

#ifdef __cplusplus
}
#endif

#endif
