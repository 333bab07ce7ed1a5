// asyncio.run, and what it does at the end.
#include "kernel.h"

static uint32_t leftovers;

int rill_leftover_callback(void *arg)
{
    (void)arg;
    leftovers--;
    return leftovers == 0 ? rill_loop_stop(rill_current_loop) : RILL_OK;
}

// Its node is free: it serves as the callback that gather would have registered.
void rill_leftover_ended(rill_tcb_t *tcb)
{
    if (!tcb->grouped) {
        tcb->node.fn = rill_leftover_callback;
        ready_append(tcb->future.loop, &tcb->node);
    }
}

static void reap_leftovers(rill_loop_t *loop)
{
    rill_tcb_t *tcb = task_behind(loop, &loop->tasks);
    while (tcb != NULL) { // bound: number of leftovers, which are the oldest of the list
        rill_tcb_t *next = task_behind(loop, &tcb->all);
        bool ended = tcb->future.state != RILL_PENDING; // else nothing can run again, and closing the loop tells of it
        if (ended && (tcb->future.flags & TASK_LEFTOVER) != 0) {
            unlink_from_all(tcb);
            if (tcb->future.state == RILL_FAILED) {
                rill_report_task(tcb, "unhandled exception at shutdown");
                tcb->future.flags |= FUTURE_RETRIEVED;
            }
            tcb->pins--;
            if ((tcb->future.flags & (TASK_DETACHED | TASK_REAP)) != 0) {
                rill_tcb_reap(tcb);
            }
        }
        tcb = next;
    }
}

// Callbacks that are scheduled already still run.
static void iterate(rill_loop_t *loop, unsigned times)
{
    for (; times > 0; times--) { // bound: times
        rill_loop_stop(loop);
        rill_run_forever(loop);
    }
}

// RN2: cancels what is left, in creation order, and waits for all of it together.
static int cancel_leftovers(rill_loop_t *loop)
{
    rill_tcb_t *tcb = task_behind(loop, &loop->tasks);
    if (tcb == NULL) {
        return RILL_OK;
    }
    leftovers = 0;
    do { // bound: number of tasks
        tcb->future.flags |= TASK_LEFTOVER;
        tcb->pins++;
        leftovers++;
        rill_cancel_any(&tcb->future, 0);
        tcb = task_behind(loop, &tcb->all);
    } while (tcb != NULL);
    int error = rill_run_forever(loop);
    if (error == RILL_OK) {
        iterate(loop, 1); // as many as asyncio takes to see that its gather is done
    }
    reap_leftovers(loop);
    return error;
}

int (*rill_executor_end)(rill_loop_t *loop);

int rill_shut_down(rill_loop_t *loop)
{
    if (cancel_leftovers(loop) == RILL_EDEADLK) {
        return RILL_EDEADLK; // a leftover caught its cancellation and waits for what never comes
    }
    if (loop->executor != NULL && rill_executor_end(loop) == RILL_EDEADLK) {
        return RILL_EDEADLK; // a worker never ends its job
    }
    iterate(loop, 4); // asyncio.run shuts down async generators and the executor, two iterations each
    return RILL_OK;
}

int rill_run(rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_value_t *value)
{
    RILL_DEBUG_CONTEXT("rill_run");
    if (rill_current_loop != NULL) {
        return RILL_EPERM;
    }
    rill_loop_t *loop = rill_loop_default();
    if (loop->closed) {
        rill_loop_init(loop);
    }
    rill_task_t main_task;
    rill_current_loop = loop; // for its main task's sake
    int error = rill_spawn(pool, fn, arg, &main_task);
    rill_current_loop = NULL;
    if (error != RILL_OK) {
        return error;
    }
    error = rill_run_until_complete(loop, &main_task.tcb->future, value);
    if (error == RILL_EDEADLK && main_task.tcb->future.state == RILL_PENDING) {
        rill_loop_close(loop);
        return error;
    }
    error = rill_shut_down(loop) == RILL_EDEADLK ? RILL_EDEADLK : error;
    rill_detach(main_task);
    rill_loop_close(loop);
    return error;
}
