// FIFO lists of waiting tasks.
#include "kernel.h"

struct list_wait {
    rill_wait_t wait;
    rill_node_t **list;
};

static bool cancel_listed(rill_wait_t *wait)
{
    struct list_wait *entry = CONTAINER(wait, struct list_wait, wait);
    list_remove(entry->list, &wait->task->node);
    wait->error = RILL_ECANCELED;
    rill_wake(wait->task->future.loop, wait->task);
    return true;
}

int rill_wait_in(rill_node_t **list, const char *what, const void *object, bool *woken)
{
    rill_loop_t *loop = rill_current_loop;
    rill_tcb_t *self = running_task(loop);
    *woken = false;
    if (self == NULL) {
        return RILL_EPERM;
    }
    struct list_wait entry = { { cancel_listed, self, what, object, 0 }, list };
    rill_block_begin(loop, self);
    list_append(list, &self->node);
    int error = rill_block(loop, self, &entry.wait);
    *woken = entry.wait.error == 0;
    return error;
}

bool rill_wake_first(rill_node_t **list)
{
    rill_node_t *node = *list;
    if (node == NULL) {
        return false;
    }
    rill_tcb_t *task = tcb_of_node(node);
    list_remove(list, node);
    rill_wake(task->future.loop, task);
    return true;
}

void rill_wake_all(rill_node_t **list)
{
    while (rill_wake_first(list)) { // bound: number of waiters
    }
}
