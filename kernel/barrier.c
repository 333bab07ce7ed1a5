// Barrier, on a condition, as CPython builds it: the extra trips through the lock are part of its traces.
#include <rill/barrier.h>

#include "kernel.h"

int rill_barrier_init(rill_barrier_t *barrier, uint16_t parties)
{
    if (barrier == NULL || parties == 0) {
        return RILL_EINVAL;
    }
    *barrier = (rill_barrier_t){ .parties = parties };
    barrier->condition.lock = &barrier->lock;
    return RILL_OK;
}

static int has_drained(void *arg)
{
    const rill_barrier_t *barrier = arg;
    return barrier->state != RILL_BARRIER_DRAINING && barrier->state != RILL_BARRIER_RESETTING;
}

static int has_filled(void *arg)
{
    const rill_barrier_t *barrier = arg;
    return barrier->state != RILL_BARRIER_FILLING;
}

// Waits until the last round has left, with the lock held.
static int enter(rill_barrier_t *barrier)
{
    int error = rill_condition_wait_for(&barrier->condition, has_drained, barrier);
    if (error < 0) {
        return error;
    }
    return barrier->state == RILL_BARRIER_BROKEN ? RILL_EBROKEN : RILL_OK;
}

// The last of the round lets the others out.
static int meet(rill_barrier_t *barrier, unsigned index)
{
    if (index + 1 == barrier->parties) {
        barrier->state = RILL_BARRIER_DRAINING;
        rill_condition_notify_all(&barrier->condition);
        return RILL_OK;
    }
    int error = rill_condition_wait_for(&barrier->condition, has_filled, barrier);
    if (error < 0) {
        return error;
    }
    return barrier->state == RILL_BARRIER_DRAINING ? RILL_OK : RILL_EBROKEN;
}

static void leave(rill_barrier_t *barrier)
{
    barrier->count--;
    if (barrier->count == 0) {
        if (barrier->state == RILL_BARRIER_RESETTING || barrier->state == RILL_BARRIER_DRAINING) {
            barrier->state = RILL_BARRIER_FILLING;
        }
        rill_condition_notify_all(&barrier->condition);
    }
}

static int pass(rill_barrier_t *barrier)
{
    int error = enter(barrier);
    if (error != RILL_OK) {
        return error;
    }
    unsigned index = barrier->count++;
    error = meet(barrier, index);
    leave(barrier);
    return error != RILL_OK ? error : (int)index;
}

int rill_barrier_wait(rill_barrier_t *barrier)
{
    RILL_DEBUG_CONTEXT("rill_barrier_wait");
    int result = refuse_object(barrier);
    if (result == RILL_OK) {
        result = rill_lock_acquire(&barrier->lock);
    }
    if (result == RILL_OK) {
        result = pass(barrier);
        rill_lock_release(&barrier->lock);
    }
    return result;
}

static int change(rill_barrier_t *barrier, bool abort)
{
    if (barrier == NULL) {
        return RILL_EINVAL;
    }
    int error = rill_lock_acquire(&barrier->lock);
    if (error != RILL_OK) {
        return error;
    }
    if (abort) {
        barrier->state = RILL_BARRIER_BROKEN;
    } else {
        barrier->state = barrier->count > 0 ? RILL_BARRIER_RESETTING : RILL_BARRIER_FILLING;
    }
    rill_condition_notify_all(&barrier->condition);
    return rill_lock_release(&barrier->lock);
}

int rill_barrier_abort(rill_barrier_t *barrier)
{
    RILL_DEBUG_CONTEXT("rill_barrier_abort");
    return change(barrier, true);
}

int rill_barrier_reset(rill_barrier_t *barrier)
{
    RILL_DEBUG_CONTEXT("rill_barrier_reset");
    return change(barrier, false);
}

unsigned rill_barrier_waiting(const rill_barrier_t *barrier)
{
    return barrier != NULL && barrier->state == RILL_BARRIER_FILLING ? barrier->count : 0;
}

bool rill_barrier_broken(const rill_barrier_t *barrier)
{
    return barrier != NULL && barrier->state == RILL_BARRIER_BROKEN;
}
