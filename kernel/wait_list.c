// FIFO lists of waiting tasks.
#include "kernel.h"

bool rill_cancel_listed(rill_tcb_t *task, rill_wait_t *wait)
{
    list_remove(wait->object, &task->node);
    wait->error = RILL_ECANCELED;
    rill_wake(task->future.loop, task);
    return true;
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
