// Lock. A waiter stays in the list until its task resumes, as in CPython: only the head is ever woken, so a head that
// was cancelled delays the next one until it has resumed and passed the lock on. That order is part of the traces.
#include <rill/lock.h>

#include "kernel.h"

struct rill_lock_wait {
    rill_wait_t wait;
    rill_tcb_t *task;
    rill_node_t link; // in lock->waiters; link.fn is unused
    bool pending;
    bool canceled;
};

static struct rill_lock_wait *entry_of(rill_node_t *link)
{
    return CONTAINER(link, struct rill_lock_wait, link);
}

static void wake_head(rill_lock_t *lock)
{
    struct rill_lock_wait *head = lock->waiters != NULL ? entry_of(lock->waiters) : NULL;
    if (head != NULL && head->pending) {
        head->pending = false;
        rill_wake(head->task->future.loop, head->task);
    }
}

static bool cancel_lock(rill_tcb_t *task, rill_wait_t *wait)
{
    struct rill_lock_wait *entry = CONTAINER(wait, struct rill_lock_wait, wait);
    rill_lock_t *lock = wait->object;
    entry->pending = false;
    lock->live--;
    entry->canceled = true;
    end_wait_with(task, RILL_ECANCELED);
    rill_wake(task->future.loop, task);
    return true;
}

static void enqueue(rill_lock_t *lock, struct rill_lock_wait *entry)
{
    list_append(&lock->waiters, &entry->link);
    lock->live++;
}

static void dequeue(rill_lock_t *lock, struct rill_lock_wait *entry)
{
    list_remove(&lock->waiters, &entry->link);
    if (!entry->canceled) {
        lock->live--; // a cancelled one has left the count already
    }
}

static int wait_for_lock(rill_lock_t *lock)
{
    static const rill_wait_kind_t kind = WAIT_KIND(cancel_lock, "lock");
    rill_loop_t *loop = rill_task_loop;
    if (loop == NULL) {
        return RILL_EPERM;
    }
    rill_tcb_t *self = tcb_of_node(loop->cur);
    struct rill_lock_wait entry;
    entry.wait = (rill_wait_t){ &kind, lock };
    entry.task = self;
    entry.pending = true;
    entry.canceled = false;
    enqueue(lock, &entry);
    int error = rill_block(loop, self, leave_ring(self), &entry.wait);
    dequeue(lock, &entry);
    if (error != RILL_OK && !lock->locked) {
        wake_head(lock); // LK5
    }
    return error;
}

int rill_lock_acquire(rill_lock_t *lock)
{
    RILL_DEBUG_CONTEXT("rill_lock_acquire");
    if (lock == NULL) {
        return RILL_EINVAL;
    }
    if (lock->locked || lock->live > 0) {
        int error = wait_for_lock(lock);
        if (error != RILL_OK) {
            return error;
        }
    }
    lock->locked = true;
    return RILL_OK;
}

int rill_lock_release(rill_lock_t *lock)
{
    RILL_DEBUG_CONTEXT("rill_lock_release");
    if (lock == NULL) {
        return RILL_EINVAL;
    }
    if (!lock->locked) {
        return RILL_EPERM;
    }
    lock->locked = false;
    wake_head(lock);
    return RILL_OK;
}

bool rill_lock_locked(const rill_lock_t *lock)
{
    return lock != NULL && lock->locked;
}
