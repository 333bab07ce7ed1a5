// FIFO lists of waiting tasks.
#include "kernel.h"

bool rill_cancel_listed(rill_tcb_t *task, rill_wait_t *wait)
{
    list_remove(wait->object, &task->node);
    end_wait_with(task, RILL_ECANCELED);
    rill_wake(task->future.loop, task);
    return true;
}

int rill_told(rill_tcb_t *self)
{
    bool canceled = must_cancel(self);
    int error = (self->future.error - canceled) / 2;
    self->future.error = 0;
    if (canceled) {
        return error == RILL_OK ? RILL_WOKEN_CANCELED : RILL_ECANCELED;
    }
    return error;
}

// C8: a task that has cancelled itself takes it at its first real suspension.
int rill_block_canceled(rill_loop_t *loop, rill_tcb_t *self, rill_node_t *next, rill_wait_t *wait)
{
    loop->cur = next;
    self->future.error = 0;
    if (!wait->kind->cancel(self, wait)) {
        self->future.error = MUST_CANCEL;
    }
    switch_away(loop, self, loop->cur); // not `next`, which may have been the timer of the sleep that was cancelled
    return told(self);
}

int rill_wait_in(rill_node_t **list, const rill_wait_kind_t *kind)
{
    return wait_in(list, kind);
}

int rill_wait_as(rill_node_t **list, rill_wait_t *wait)
{
    return wait_as(list, wait);
}

bool rill_wake_first(rill_node_t **list)
{
    return list_wake_first(list);
}

void rill_wake_all(rill_node_t **list)
{
    while (list_wake_first(list)) { // bound: number of waiters
    }
}
