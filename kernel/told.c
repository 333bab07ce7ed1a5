// What a task is told when it resumes (kernel.h). Where space counts the loop's references are weak: who tells nobody
// anything, because it cancels nothing and closes nothing, does not link it.
#include "kernel.h"

int rill_told(void *arg)
{
    rill_tcb_t *task = arg;
    bool canceled = must_cancel(task);
    int error = (task->future.error - canceled) / 2;
    set_told(task, 0);
    task->canceled_late = canceled && error == RILL_OK;
    return canceled ? RILL_ECANCELED : error;
}

int rill_switch_telling(rill_callback_t fn, rill_node_t *from, rill_node_t *next)
{
    (void)fn;
    return rill_arch_switch(rill_told(tcb_of_node(next)), from, next);
}
