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

bool rill_semaphore_locked(const rill_semaphore_t *semaphore)
{
    return semaphore == NULL || semaphore->value == 0 || semaphore->waiters != NULL || semaphore->granted != 0;
}

// The permit goes to the waiter at once, so nobody can take it before the waiter resumes (SM3).
static bool grant(rill_semaphore_t *semaphore)
{
    if (!rill_wake_first(&semaphore->waiters)) {
        return false;
    }
    semaphore->value--;
    semaphore->granted++;
    return true;
}

static int wait_for_permit(rill_semaphore_t *semaphore)
{
    static const rill_wait_kind_t kind = { rill_cancel_listed, "semaphore" };
    int error = rill_wait_in(&semaphore->waiters, &kind);
    if (error >= 0) {
        semaphore->granted--;
    }
    if (error == RILL_WOKEN_CANCELED) {
        semaphore->value++; // SM5
        error = RILL_ECANCELED;
    }
    while (semaphore->value > 0 && grant(semaphore)) { // SM6. bound: permits
    }
    return error;
}

int rill_semaphore_acquire(rill_semaphore_t *semaphore)
{
    if (semaphore == NULL) {
        return RILL_EINVAL;
    }
    if (UNLIKELY(rill_semaphore_locked(semaphore))) {
        return wait_for_permit(semaphore);
    }
    semaphore->value--;
    return RILL_OK;
}

int rill_semaphore_release(rill_semaphore_t *semaphore)
{
    if (semaphore == NULL) {
        return RILL_EINVAL;
    }
    if (semaphore->value + semaphore->granted >= UINT16_MAX) { // a permit given may come back
        return RILL_EOVERFLOW;
    }
    semaphore->value++;
    if (semaphore->waiters != NULL) {
        grant(semaphore);
    }
    return RILL_OK;
}

int rill_bounded_semaphore_acquire(rill_bounded_semaphore_t *semaphore)
{
    return semaphore != NULL ? rill_semaphore_acquire(&semaphore->semaphore) : RILL_EINVAL;
}

int rill_bounded_semaphore_release(rill_bounded_semaphore_t *semaphore)
{
    if (semaphore == NULL || semaphore->semaphore.value >= semaphore->bound) {
        return RILL_EINVAL;
    }
    return rill_semaphore_release(&semaphore->semaphore);
}
