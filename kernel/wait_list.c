// FIFO lists of waiting tasks.
#include "kernel.h"

int rill_switch_specially(rill_callback_t fn, rill_node_t *from, rill_node_t *next)
{
    if (!RILL_SMALL && fn == TELL) {
        return rill_switch_telling(fn, from, next);
    }
    return rill_arch_switch(RILL_OK, from, &tcb_of_node(from)->future.loop->marker);
}

// By WAIT_EVENT and so on, less 1.
const rill_wait_kind_t rill_plain_waits[] = { WAIT_KIND(rill_cancel_listed, "event"),
                                              WAIT_KIND(rill_cancel_listed, "semaphore"),
                                              WAIT_KIND(rill_cancel_awaited, "task") };

bool rill_canceled_late(int error)
{
    return error == RILL_ECANCELED && tcb_of_node(rill_task_loop->cur)->canceled_late;
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
