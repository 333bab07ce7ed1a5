// The runner: the parts of rill_run, one at a time.
#include <rill/runner.h>

#pragma weak rill_vars_drop // called only if there are any
#include <rill/contextvars.h>

#include "kernel.h"

enum { NEW, OPEN, CLOSED };

rill_loop_t *rill_runner_loop(rill_runner_t *runner)
{
    if (runner == NULL || runner->state == CLOSED) {
        return NULL;
    }
    if (runner->state == NEW) {
        runner->loop = runner->loop != NULL ? runner->loop : rill_loop_default();
        if (runner->loop->closed || runner->loop->cur == NULL) {
            rill_loop_init(runner->loop);
        }
        runner->state = OPEN;
    }
    return runner->loop;
}

int rill_runner_run(rill_runner_t *runner, rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_value_t *value)
{
    RILL_DEBUG_CONTEXT("rill_runner_run");
    if (runner == NULL) {
        return RILL_EINVAL;
    }
    rill_loop_t *loop = rill_current_loop == NULL ? rill_runner_loop(runner) : NULL;
    if (loop == NULL) {
        return RILL_EPERM;
    }
    const rill_spawn_options_t options = { .loop = loop, .vars = rill_vars_used ? &runner->vars : NULL };
    rill_task_t main_task;
    int error = rill_spawn_with(pool, fn, arg, &options, &main_task);
    if (error != RILL_OK) {
        return error;
    }
    error = rill_run_until_complete(loop, &main_task.tcb->future, value);
    rill_detach(main_task);
    return error;
}

int rill_runner_close(rill_runner_t *runner)
{
    RILL_DEBUG_CONTEXT("rill_runner_close");
    if (runner == NULL) {
        return RILL_EINVAL;
    }
    if (rill_current_loop != NULL) {
        return RILL_EPERM;
    }
    int error = RILL_OK;
    if (runner->state == OPEN) {
        error = rill_shut_down(runner->loop);
        rill_loop_close(runner->loop);
        if (rill_vars_used) {
            rill_vars_drop(&runner->vars);
        }
    }
    runner->state = CLOSED;
    return error;
}
