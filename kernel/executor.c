// Executors: the queue of jobs, and the way of a job's outcome to its loop.
//
// The queue is a list like any other. What is new is that a worker takes from it while the loop may be changing it.
// `held` says that somebody is at it. Nobody waits for that to end but the loop, and the loop only for a worker that
// runs at the same time, on another core or in another thread of the host, and is through in a few instructions. A
// worker that finds it held, as an interrupt finds the loop it has interrupted, leaves a note (MISSED) and goes away;
// whoever holds it wakes the workers when he is done.
//
// The rest is the loop's own. A job's end is posted as any interrupt posts. The future is watched by a done-callback,
// as in asyncio's _chain_future: one iteration after it was cancelled the job is taken out of the queue, if it still
// waits.
#pragma weak rill_vars_copy // called only if there are any
#pragma weak rill_vars_drop
#include <rill/contextvars.h>
#include <rill/executor.h>
#include <rill/gather.h>

#include "kernel.h"

enum { IDLE, QUEUED, RUNNING }; // job.state, written while the queue is held or nobody else knows the job

#define HELD ((void *)1)
#define MISSED ((void *)2)

static void hold(rill_executor_t *executor)
{
    while (!rill_arch_cas(&executor->held, NULL, HELD)) { // bound: a worker's few instructions, on another core
    }
}

static bool try_to_hold(rill_executor_t *executor)
{
    while (!rill_arch_cas(&executor->held, NULL, HELD)) { // bound: others that hold and let go between the lines
        if (rill_arch_cas(&executor->held, HELD, MISSED) || executor->held == MISSED) {
            return false;
        }
    }
    return true;
}

static void let_go(rill_executor_t *executor)
{
    if (rill_arch_swap(&executor->held, NULL) == MISSED) {
        executor->wake(executor);
    }
}

// ---- the worker's side

rill_job_t *rill_executor_take(rill_executor_t *executor)
{
    rill_job_t *job = NULL;
    if (executor->queue == NULL || !try_to_hold(executor)) {
        return NULL;
    }
    rill_node_t *first = executor->queue;
    if (first != NULL) {
        list_remove(&executor->queue, first);
        first->next = NULL;
        first->prev = NULL;
        job = CONTAINER(first, rill_job_t, post.node);
        job->state = RUNNING;
    }
    let_go(executor);
    return job;
}

void rill_job_done(rill_job_t *job, int code)
{
    job->code = code;
    rill_call_soon_threadsafe(job->future.loop, &job->post);
}

int rill_job_call(rill_job_t *job)
{
    rill_job_t *outer = rill_current_job;
    rill_current_job = job;
    int code = job->fn(job->arg);
    rill_current_job = outer;
    return code;
}

void rill_job_run(rill_job_t *job)
{
    rill_job_done(job, rill_job_call(job));
}

bool rill_in_job(void)
{
    return rill_current_job != NULL;
}

int rill_job_return(rill_value_t value)
{
    rill_job_t *job = rill_current_job;
    if (job == NULL) {
        return RILL_EPERM;
    }
    job->value = value;
    job->has_value = true;
    return RILL_OK;
}

// ---- the loop's side

// That there are no jobs is seen here.
void rill_executor_work(rill_loop_t *loop)
{
    if (loop->posts == NULL && !loop->alarm && !loop->crowd) {
        loop->jobs = rill_background_work(loop, loop->wheel.next);
    }
}

// The job's memory is its owner's again.
static void release(rill_job_t *job)
{
    rill_executor_t *executor = job->executor;
    job->state = IDLE;
    if (job->vars.bindings != NULL) {
        rill_vars_drop(&job->vars);
    }
    executor->jobs--;
    if (executor->jobs == 0 && executor->shut && executor->over.state == RILL_PENDING) {
        rill_future_complete(&executor->over, RILL_FINISHED, 0, 0);
    }
}

// Posted by the worker. Of a future that was cancelled meanwhile nobody wants the outcome (TH7).
static int job_over(void *arg)
{
    rill_job_t *job = arg;
    rill_future_t *future = &job->future;
    rill_future_remove_done_callback(future, &job->watch);
    rill_handle_cancel(future->loop, &job->watch);
    int code = job->code;
    rill_value_t value = job->has_value ? job->value : code;
    release(job);
    if (future->state != RILL_PENDING) {
        return RILL_OK;
    }
    rill_future_complete(future, code < 0 ? RILL_FAILED : RILL_FINISHED, code < 0 ? code : 0, code < 0 ? 0 : value);
    return RILL_OK;
}

// The future is done before the job is over: it was cancelled.
static int withdraw(void *arg)
{
    rill_job_t *job = arg;
    hold(job->executor);
    bool waited = job->state == QUEUED;
    if (waited) {
        list_remove(&job->executor->queue, &job->post.node);
    }
    let_go(job->executor);
    if (waited) {
        release(job);
    }
    return RILL_OK;
}

static void prepare(rill_job_t *job, rill_executor_t *executor, rill_loop_t *loop, rill_fn_t fn, void *arg)
{
    rill_future_init(&job->future, loop);
    rill_handle_init(&job->post, job_over, job);
    rill_handle_init(&job->watch, NULL, NULL);
    rill_future_add_done_callback(&job->future, &job->watch, withdraw, job);
    job->executor = executor;
    job->fn = fn;
    job->arg = arg;
    job->has_value = false;
    job->vars.bindings = NULL;
    job->state = QUEUED;
}

static int may_run(const rill_loop_t *loop, const rill_executor_t *executor, const rill_job_t *job)
{
    if (loop == NULL || loop->closed) {
        return RILL_EPERM;
    }
    if (executor == NULL || executor->wake == NULL || executor->shut) {
        return RILL_EPERM;
    }
    return rill_job_busy(job) ? RILL_EBUSY : RILL_OK;
}

static int submit(rill_loop_t *loop, rill_executor_t *executor, rill_job_t *job, rill_fn_t fn, void *arg, bool copy)
{
    if (job == NULL || fn == NULL) {
        return RILL_EINVAL;
    }
    loop = loop != NULL ? loop : rill_current_loop;
    executor = executor != NULL || loop == NULL ? executor : loop->executor;
    int error = may_run(loop, executor, job);
    if (error != RILL_OK) {
        return error;
    }
    prepare(job, executor, loop, fn, arg);
    if (copy && rill_vars_used) {
        rill_vars_copy(&job->vars);
    }
    executor->jobs++;
    loop->jobs = rill_background_work != NULL;
    hold(executor);
    list_append(&executor->queue, &job->post.node);
    let_go(executor);
    executor->wake(executor);
    return RILL_OK;
}

int rill_run_in_executor(rill_loop_t *loop, rill_executor_t *executor, rill_job_t *job, rill_fn_t fn, void *arg)
{
    RILL_DEBUG_CONTEXT("rill_run_in_executor");
    return submit(loop, executor, job, fn, arg, false);
}

bool rill_job_busy(const rill_job_t *job)
{
    return job->state != IDLE || job->watch.node.prev != NULL;
}

int rill_to_thread(rill_fn_t fn, void *arg, rill_value_t *value)
{
    RILL_DEBUG_CONTEXT("rill_to_thread");
    rill_job_t job = RILL_JOB_INIT;
    if (running_task() == NULL) {
        return fn == NULL ? RILL_EINVAL : RILL_EPERM;
    }
    int error = submit(NULL, NULL, &job, fn, arg, true);
    if (error != RILL_OK) {
        return error;
    }
    int code = rill_await(&job.future, value);
    while (rill_job_busy(&job)) { // bound: cancellations; the worker is still at it
        rill_future_init(&job.future, NULL);
        rill_await(&job.future, NULL);
    }
    return code;
}

// ---- the default executor, and the end

static void stop(rill_executor_t *executor)
{
    if (executor->stop != NULL) {
        executor->stop(executor);
    }
    executor->stop = NULL;
    executor->wake = NULL;
}

static int end_of_run(rill_loop_t *loop)
{
    rill_executor_t *executor = loop->executor;
    int error = RILL_OK;
    executor->shut = true;
    loop->executor = NULL;
    if (executor->jobs > 0) {
        rill_future_init(&executor->over, loop);
        error = rill_run_until_complete(loop, &executor->over, NULL);
    }
    if (error == RILL_OK) {
        stop(executor);
    }
    return error;
}

int rill_executor_init(rill_executor_t *executor, void (*wake)(rill_executor_t *executor))
{
    RILL_DEBUG_CONTEXT("rill_executor_init");
    if (executor == NULL || wake == NULL) {
        return RILL_EINVAL;
    }
    *executor = (rill_executor_t){ .wake = wake };
    return RILL_OK;
}

int rill_loop_set_default_executor(rill_loop_t *loop, rill_executor_t *executor)
{
    RILL_DEBUG_CONTEXT("rill_loop_set_default_executor");
    loop = loop != NULL ? loop : rill_current_loop;
    if (loop == NULL) {
        return RILL_EINVAL;
    }
    if (loop->closed) {
        return RILL_EPERM;
    }
    rill_executor_end = end_of_run;
    loop->executor = executor;
    return RILL_OK;
}

rill_executor_t *rill_loop_default_executor(const rill_loop_t *loop)
{
    loop = loop != NULL ? loop : rill_current_loop;
    return loop != NULL ? loop->executor : NULL;
}

static int wait_for_jobs(rill_executor_t *executor, rill_time_t timeout)
{
    rill_awaitable_t over = { .future = &executor->over };
    if (running_task() == NULL) {
        return RILL_EPERM;
    }
    if (executor->over.state != RILL_PENDING || executor->over.waiters == NULL) {
        rill_future_init(&executor->over, NULL);
    }
    int done = rill_wait(&over, 1, RILL_ALL_COMPLETED, timeout);
    return done > 0 ? RILL_OK : done == 0 ? RILL_ETIMEDOUT : done;
}

int rill_executor_shutdown(rill_executor_t *executor, rill_time_t timeout)
{
    RILL_DEBUG_CONTEXT("rill_executor_shutdown");
    executor = executor != NULL ? executor : rill_loop_default_executor(NULL);
    if (executor == NULL) {
        return RILL_OK;
    }
    executor->shut = true;
    int error = executor->jobs > 0 ? wait_for_jobs(executor, timeout) : RILL_OK;
    if (error == RILL_OK) {
        stop(executor);
    }
    return error;
}
