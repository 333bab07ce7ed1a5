// FIFO lists of waiting tasks.
#include "kernel.h"

bool rill_cancel_listed(rill_tcb_t *task, rill_wait_t *wait)
{
    list_remove(wait->object, &task->node);
    end_wait_with(task, RILL_ECANCELED);
    rill_wake(task->future.loop, task);
    return true;
}

// Never called: run_batch knows it.
int rill_tell(void *arg)
{
    (void)arg;
    return RILL_OK;
}

int rill_told(rill_tcb_t *task)
{
    bool canceled = must_cancel(task);
    int error = (task->future.error - canceled) / 2;
    set_told(task, 0);
    task->canceled_late = canceled && error == RILL_OK;
    return canceled ? RILL_ECANCELED : error;
}

bool rill_canceled_late(int error)
{
    return error == RILL_ECANCELED && tcb_of_node(rill_task_loop->cur)->canceled_late;
}

// C8: a task that has cancelled itself takes it at its first real suspension.
int rill_block_canceled(rill_loop_t *loop, rill_tcb_t *self, rill_node_t *next, rill_wait_t *wait)
{
    loop->cur = next;
    set_told(self, 0);
    if (!wait->kind->cancel(self, wait)) {
        set_told(self, MUST_CANCEL);
    }
    return switch_away(loop, self, loop->cur); // not `next`, which may have been the timer of a cancelled sleep
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
