// FIFO lists of waiting tasks.
#include "kernel.h"

int rill_switch_to_loop(rill_loop_t *loop, rill_node_t *from)
{
    return rill_arch_switch(RILL_OK, from, &loop->marker);
}

// By WAIT_EVENT and so on, less 1.
const rill_wait_kind_t rill_plain_waits[] = { WAIT_KIND(rill_cancel_listed, "event"),
                                              WAIT_KIND(rill_cancel_listed, "semaphore"),
                                              WAIT_KIND(rill_cancel_awaited, "task") };

rill_wait_t *rill_wait_of(const rill_tcb_t *task, rill_wait_t *room)
{
    rill_wait_t *wait = task->wait;
    unsigned which = (uintptr_t)wait % 4;
    if (which == 0) {
        return wait;
    }
    room->kind = &rill_plain_waits[which - 1];
    room->object = (char *)wait - which;
    return room;
}

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
