// Workers on a core without threads: contexts below the loop.
//
// There is no second scheduler. A worker is a context like a task's; where the loop would sleep, it switches to one
// that has something to do. It comes back by an ordinary switch too: made by the worker when its job is done, or on the
// worker's behalf, in the middle of its job, when an interrupt has given the loop something to do (rill_arch_preempt).
//
// That nothing is missed rests on loop->background. It is set before the loop's last look at posts and alarm, and while
// it is set whoever adds to them calls `preempt`. What comes after the look but before the worker stands on its own
// stack finds nobody to preempt: for that the worker looks again when it has arrived (`land`). It is cleared before
// each switch to the loop, so nobody can be preempted in the middle of that.
#include "coroutine.h"

#include <rill/executor.h>

#if !RILL_ARCH_THREADS

static rill_worker_t *turn; // of all workers, in a circle: whose it is next

// ---- on the worker's stack

static bool loop_wanted(const rill_loop_t *loop)
{
    return loop->posts != NULL || loop->alarm;
}

static void leave(void)
{
    rill_loop_t *loop = rill_current_loop;
    loop->background = 0;
    rill_arch_switch(RILL_OK, RILL_THREAD(&rill_running_worker->context), &loop->marker);
}

static void land(void)
{
    while (loop_wanted(rill_current_loop)) { // bound: interrupts that come during a switch
        leave();
    }
}

void rill_preempted(void)
{
    leave();
    land();
}

static void worker_main(int told, struct rill_node *from, struct rill_node *thread)
{
    (void)told;
    (void)from;
    rill_worker_t *self = CONTAINER(RILL_CONTEXT(thread), rill_worker_t, context);
    land();
    for (;;) {
        rill_job_t *job = self->job;
        int code = rill_job_call(job);
        self->job = NULL;
        rill_job_done(job, code);
        while (self->job == NULL) { // bound: once; the post has been here already if the job was this loop's
            rill_preempted();
        }
    }
}

void rill_preempt(rill_loop_t *loop)
{
    if (rill_arch_in_isr()) {
        loop->background = 0;
        rill_arch_preempt();
    } else {
        rill_preempted(); // a job has posted, or its end was
    }
}

// ---- on the loop's

static void check_stack(const rill_worker_t *worker)
{
#if RILL_STACK_GUARD && !RILL_ARCH_STACK_GUARD
    const struct rill_stack_head *head = worker->context.stack;
    if (UNLIKELY(head->canary != RILL_STACK_CANARY)) {
        rill_panic(1, "stack overflow");
    }
#else
    (void)worker;
#endif
}

// A worker that has a job, in turn; NULL if none has.
static rill_worker_t *next_worker(void)
{
    rill_worker_t *worker = turn;
    do { // bound: number of workers
        if (worker->job == NULL) {
            worker->job = rill_executor_take(worker->executor);
        }
        if (worker->job != NULL) {
            turn = worker->next;
            return worker;
        }
        worker = worker->next;
    } while (worker != turn);
    return NULL;
}

bool rill_background_work(rill_loop_t *loop, rill_time_t deadline)
{
    rill_worker_t *worker = turn != NULL ? next_worker() : NULL;
    if (worker == NULL) {
        return false;
    }
    rill_clock_alarm(deadline);
    rill_running_worker = worker;
    rill_current_job = worker->job;
    loop->background = 1;
    BARRIER();
    if (!loop_wanted(loop)) {
        rill_arch_switch(RILL_OK, &loop->marker, RILL_THREAD(&worker->context));
    }
    loop->background = 0;
    rill_current_job = NULL;
    check_stack(worker);
    rill_running_worker = NULL;
    return true;
}

// ---- start and stop

// The loop looks for jobs when it is idle.
static void wake(rill_executor_t *executor)
{
    (void)executor;
}

static void unlink(rill_worker_t *worker)
{
    rill_worker_t *before = turn;
    while (before->next != worker) { // bound: number of workers
        before = before->next;
    }
    before->next = worker->next;
    turn = worker->next != worker ? worker->next : NULL;
}

static void stop(rill_executor_t *executor)
{
    for (unsigned i = 0; i < executor->n; i++) {
        unlink(&executor->workers[i]);
    }
}

static void link(rill_worker_t *worker)
{
    if (turn == NULL) {
        turn = worker;
    }
    worker->next = turn->next != NULL ? turn->next : turn;
    turn->next = worker;
}

static int prepare(rill_executor_t *executor)
{
    for (unsigned i = 0; i < executor->n; i++) {
        rill_worker_t *worker = &executor->workers[i];
        int error = rill_coroutine_init(&worker->context, executor->stacks + i * executor->stack_size,
                                        executor->stack_size, worker_main);
        if (error != RILL_OK) {
            return error;
        }
        worker->executor = executor;
        worker->job = NULL;
        worker->next = NULL;
    }
    return RILL_OK;
}

int rill_executor_start(rill_executor_t *executor)
{
    RILL_DEBUG_CONTEXT("rill_executor_start");
    if (executor == NULL || executor->n == 0) {
        return RILL_EINVAL;
    }
    if (executor->wake != NULL) {
        return RILL_EBUSY;
    }
    int error = prepare(executor);
    if (error != RILL_OK) {
        return error;
    }
    for (unsigned i = 0; i < executor->n; i++) {
        link(&executor->workers[i]);
    }
    executor->shut = false;
    executor->stop = stop;
    executor->wake = wake;
    return RILL_OK;
}

#endif
