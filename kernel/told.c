// What a task is told when it resumes (kernel.h). The loop's references are weak: who tells nobody anything, because it
// cancels nothing and closes nothing, does not link it.
#include "kernel.h"

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
