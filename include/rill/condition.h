// Condition variable: asyncio.Condition, rules CD1-CD7.
//
// Unless a function says otherwise: O(1).
#ifndef RILL_CONDITION_H
#define RILL_CONDITION_H

#include <rill/lock.h>

#ifdef __cplusplus
extern "C" {
#endif

// 8 bytes on 32-bit machines. The lock is the caller's and may be shared by several conditions (CD7).
typedef struct rill_condition {
    rill_node_t *waiters;
    rill_lock_t *lock;
} rill_condition_t;

#define RILL_CONDITION_INIT(lock_pointer) { NULL, (lock_pointer) }

// Releases the lock, waits to be notified, takes the lock again. May return for no reason: check your predicate in a
// loop, or use rill_condition_wait_for. Returns 0, or RILL_ECANCELED, with the lock held in both cases (CD5; a
// notification that reached a cancelled waiter is passed on, CD6); RILL_EPERM without the lock, before any effect
// (CD4); RILL_EINVAL. asyncio: Condition.wait. Context: task; suspends.
int rill_condition_wait(rill_condition_t *condition);

// Waits until predicate(arg) is not 0 and returns its value; a true one at entry does not wait (CD3). Errors as wait.
// asyncio: Condition.wait_for. Context: task; suspends.
int rill_condition_wait_for(rill_condition_t *condition, int (*predicate)(void *arg), void *arg);

// Wakes the first n waiters, or all; fewer is fine (CD1, CD2). RILL_EPERM without the lock (CD4). asyncio:
// Condition.notify, notify_all. Context: loop. O(n).
int rill_condition_notify(rill_condition_t *condition, unsigned n);
int rill_condition_notify_all(rill_condition_t *condition);

#ifdef __cplusplus
}
#endif

#endif
