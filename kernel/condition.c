// Condition.
#include <limits.h>

#include <rill/condition.h>

#include "kernel.h"

static void notify(rill_condition_t *condition, unsigned n)
{
    while (n > 0 && rill_wake_first(&condition->waiters)) { // bound: number of waiters
        n--;
    }
}

static bool usable(const rill_condition_t *condition)
{
    return condition != NULL && condition->lock != NULL;
}

// The lock is taken again whatever happens; cancellations on the way are remembered as one (CD5).
static int reacquire(rill_lock_t *lock, int error)
{
    while (rill_lock_acquire(lock) == RILL_ECANCELED) { // bound: cancellations
        error = RILL_ECANCELED;
    }
    return error;
}

int rill_condition_wait(rill_condition_t *condition)
{
    RILL_DEBUG_CONTEXT("rill_condition_wait");
    static const rill_wait_kind_t kind = WAIT_KIND(rill_cancel_listed, "condition");
    if (!usable(condition)) {
        return RILL_EINVAL;
    }
    if (!condition->lock->locked || running_task() == NULL) {
        return RILL_EPERM;
    }
    rill_lock_release(condition->lock);
    int error = rill_wait_in(&condition->waiters, &kind);
    error = reacquire(condition->lock, error);
    if (error != RILL_OK) {
        notify(condition, 1); // CD6
    }
    return error;
}

int rill_condition_wait_for(rill_condition_t *condition, int (*predicate)(void *arg), void *arg)
{
    RILL_DEBUG_CONTEXT("rill_condition_wait_for");
    if (!usable(condition) || predicate == NULL) {
        return RILL_EINVAL;
    }
    for (;;) { // bound: notifications
        int value = predicate(arg);
        if (value != 0) {
            return value;
        }
        int error = rill_condition_wait(condition);
        if (error != RILL_OK) {
            return error;
        }
    }
}

int rill_condition_notify(rill_condition_t *condition, unsigned n)
{
    RILL_DEBUG_CONTEXT("rill_condition_notify");
    if (!usable(condition)) {
        return RILL_EINVAL;
    }
    if (!condition->lock->locked) {
        return RILL_EPERM;
    }
    notify(condition, n);
    return RILL_OK;
}

int rill_condition_notify_all(rill_condition_t *condition)
{
    RILL_DEBUG_CONTEXT("rill_condition_notify_all");
    return rill_condition_notify(condition, UINT_MAX);
}
