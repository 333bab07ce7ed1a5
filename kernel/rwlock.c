// Reader-writer lock: one FIFO of waiters. Invariant outside these functions: the head of the FIFO cannot be admitted.
#include <rill/rwlock.h>

#include "kernel.h"

struct entry {
    rill_wait_t wait;
    bool write;
};

// Takes the lock if the holders allow it; who waits is the caller's business.
static bool admit(rill_rwlock_t *lock, bool write)
{
    if (lock->writer || (write ? lock->readers > 0 : lock->readers == UINT16_MAX)) {
        return false;
    }
    lock->writer = write;
    lock->readers = (uint16_t)(lock->readers + !write);
    return true;
}

static void hand_over(rill_rwlock_t *lock)
{
    while (lock->waiters != NULL) { // bound: readers next to each other
        const rill_wait_t *first = tcb_of_node(lock->waiters)->wait;
        if (!admit(lock, CONTAINER(first, struct entry, wait)->write)) {
            return;
        }
        rill_wake_first(&lock->waiters);
    }
}

// Behind a writer that gives up there may be readers who could join those who read.
static bool cancel_wait(rill_tcb_t *task, rill_wait_t *wait)
{
    rill_rwlock_t *lock = CONTAINER(wait->object, rill_rwlock_t, waiters);
    rill_cancel_listed(task, wait);
    hand_over(lock);
    return true;
}

static int release(rill_rwlock_t *lock, bool write)
{
    if (lock == NULL) {
        return RILL_EINVAL;
    }
    if (write ? !lock->writer : lock->readers == 0) {
        return RILL_EPERM;
    }
    lock->writer = false;
    lock->readers = (uint16_t)(lock->readers - !write);
    hand_over(lock);
    return RILL_OK;
}

static int try_acquire(rill_rwlock_t *lock, bool write)
{
    if (lock == NULL) {
        return RILL_EINVAL;
    }
    if (lock->readers == UINT16_MAX && !write) {
        return RILL_EOVERFLOW;
    }
    return lock->waiters == NULL && admit(lock, write) ? RILL_OK : RILL_EAGAIN;
}

static int acquire(rill_rwlock_t *lock, bool write)
{
    static const rill_wait_kind_t kinds[] = { WAIT_KIND(cancel_wait, "rwlock read"),
                                            WAIT_KIND(cancel_wait, "rwlock write") };
    int error = try_acquire(lock, write);
    if (error != RILL_EAGAIN) {
        return error;
    }
    struct entry entry = { { &kinds[write], &lock->waiters }, write };
    error = rill_wait_as(&lock->waiters, &entry.wait);
    if (rill_canceled_late(error)) {
        release(lock, write);
    }
    return error;
}

int rill_rwlock_acquire_read(rill_rwlock_t *lock)
{
    RILL_DEBUG_CONTEXT("rill_rwlock_acquire_read");
    return acquire(lock, false);
}

int rill_rwlock_acquire_write(rill_rwlock_t *lock)
{
    RILL_DEBUG_CONTEXT("rill_rwlock_acquire_write");
    return acquire(lock, true);
}

int rill_rwlock_try_read(rill_rwlock_t *lock)
{
    RILL_DEBUG_CONTEXT("rill_rwlock_try_read");
    return try_acquire(lock, false);
}

int rill_rwlock_try_write(rill_rwlock_t *lock)
{
    RILL_DEBUG_CONTEXT("rill_rwlock_try_write");
    return try_acquire(lock, true);
}

int rill_rwlock_release_read(rill_rwlock_t *lock)
{
    RILL_DEBUG_CONTEXT("rill_rwlock_release_read");
    return release(lock, false);
}

int rill_rwlock_release_write(rill_rwlock_t *lock)
{
    RILL_DEBUG_CONTEXT("rill_rwlock_release_write");
    return release(lock, true);
}

int rill_rwlock_downgrade(rill_rwlock_t *lock)
{
    RILL_DEBUG_CONTEXT("rill_rwlock_downgrade");
    if (lock == NULL) {
        return RILL_EINVAL;
    }
    if (!lock->writer) {
        return RILL_EPERM;
    }
    lock->writer = false;
    lock->readers = 1;
    hand_over(lock);
    return RILL_OK;
}

unsigned rill_rwlock_readers(const rill_rwlock_t *lock)
{
    return lock != NULL ? lock->readers : 0;
}

bool rill_rwlock_writing(const rill_rwlock_t *lock)
{
    return lock != NULL && lock->writer;
}
