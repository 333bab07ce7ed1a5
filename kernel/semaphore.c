// Semaphores.
#include <rill/semaphore.h>

#include "kernel.h"

int rill_semaphore_init(rill_semaphore_t *semaphore, unsigned permits)
{
    if (semaphore == NULL || permits > UINT16_MAX) {
        return RILL_EINVAL;
    }
    *semaphore = (rill_semaphore_t)RILL_SEMAPHORE_INIT((uint16_t)permits);
    return RILL_OK;
}

int rill_bounded_semaphore_init(rill_bounded_semaphore_t *semaphore, unsigned permits)
{
    if (semaphore == NULL) {
        return RILL_EINVAL;
    }
    semaphore->bound = (uint16_t)permits;
    return rill_semaphore_init(&semaphore->semaphore, permits);
}

// One permit given to a waiter that has not resumed yet: it is neither free nor anybody's.
#define GRANTED 0x10000u

bool rill_semaphore_locked(const rill_semaphore_t *semaphore)
{
    return semaphore == NULL || rill_semaphore_value(semaphore) == 0 || semaphore->waiters != NULL ||
        semaphore->permits >= GRANTED;
}

// A waiter that resumes has had its permit; it gives it back if it was cancelled (SM5), and passes on what is free
// (SM6).
SLOW int resume(rill_semaphore_t *semaphore, int error)
{
    bool canceled = rill_canceled_late(error);
    if (error == RILL_OK || canceled) {
        semaphore->permits -= GRANTED;
        semaphore->permits += canceled;
    }
    while (rill_semaphore_value(semaphore) > 0 && list_wake_first(&semaphore->waiters)) { // bound: permits
        semaphore->permits += GRANTED - 1;
    }
    return error;
}

int rill_semaphore_acquire_slow(rill_semaphore_t *semaphore)
{
    if (UNLIKELY(rill_task_loop == NULL)) {
        return RILL_EPERM;
    }
    int error = wait_as(&semaphore->waiters, plain_wait(&semaphore->waiters, WAIT_SEMAPHORE));
    if (LIKELY(error == RILL_OK && semaphore->permits == GRANTED)) {
        semaphore->permits = 0;
        return RILL_OK;
    }
    return resume(semaphore, error);
}

// Others have been given permits they may give back, or the count is full.
SLOW int release_special(rill_semaphore_t *semaphore)
{
    if (rill_semaphore_value(semaphore) + semaphore->permits / GRANTED >= UINT16_MAX) {
        return RILL_EOVERFLOW;
    }
    semaphore->permits += list_wake_first(&semaphore->waiters) ? GRANTED : 1;
    return RILL_OK;
}

// The permit goes to the waiter at once, so nobody can take it before the waiter resumes (SM3).
int rill_semaphore_release_slow(rill_semaphore_t *semaphore, rill_node_t *first)
{
    if (UNLIKELY(semaphore->permits != 0)) {
        return release_special(semaphore);
    }
    semaphore->permits = GRANTED;
    BARRIER(); // so that the compiler keeps no register for it
    return list_wake(&semaphore->waiters, first);
}

int rill_bounded_semaphore_acquire(rill_bounded_semaphore_t *semaphore)
{
    RILL_DEBUG_CONTEXT("rill_bounded_semaphore_acquire");
    return semaphore != NULL ? rill_semaphore_acquire(&semaphore->semaphore) : RILL_EINVAL;
}

int rill_bounded_semaphore_release(rill_bounded_semaphore_t *semaphore)
{
    RILL_DEBUG_CONTEXT("rill_bounded_semaphore_release");
    if (semaphore == NULL || rill_semaphore_value(&semaphore->semaphore) >= semaphore->bound) {
        return RILL_EINVAL;
    }
    return rill_semaphore_release(&semaphore->semaphore);
}
