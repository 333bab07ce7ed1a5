// Workers in virtual time, as the reference's VExecutor: each job takes some virtual milliseconds of a worker, and its
// function is called, by an interrupt, when they have passed.
#ifndef VEXECUTOR_H
#define VEXECUTOR_H

#include <rill/executor.h>

#include "test.h"

// What a job is asked to do: the argument of its function.
typedef struct vjob {
    const char *label; // NULL: it says nothing
    uint32_t ms;
    int result;
    rill_fn_t fn; // NULL, or called with the vjob_t at the end for its result
    const void *words; // for fn
    rill_job_t job;
} vjob_t;

typedef struct vexecutor {
    rill_executor_t executor;
    unsigned free;
} vexecutor_t;

static inline int vjob_fn(void *arg)
{
    vjob_t *job = arg;
    if (job->label != NULL) {
        ev("%s end", job->label);
    }
    return job->fn != NULL ? job->fn(job) : job->result;
}

static inline void vexecutor_pump(rill_executor_t *executor);

static inline void vexecutor_finish(void *arg)
{
    rill_job_t *job = arg;
    rill_executor_t *executor = job->executor;
    ((vexecutor_t *)(void *)executor)->free++;
    rill_job_run(job);
    vexecutor_pump(executor);
}

static inline void vexecutor_pump(rill_executor_t *executor)
{
    vexecutor_t *self = (vexecutor_t *)(void *)executor;
    rill_job_t *job = NULL;
    while (self->free > 0 && (job = rill_executor_take(executor)) != NULL) {
        const vjob_t *asked = job->arg;
        self->free--;
        if (asked->label != NULL) {
            ev("%s start", asked->label);
        }
        isr_at((uint32_t)(rill_loop_time() / 1000u) + asked->ms, vexecutor_finish, job);
    }
}

static inline rill_executor_t *vexecutor_init(vexecutor_t *self, unsigned workers)
{
    self->free = workers;
    CHECK_EQ(rill_executor_init(&self->executor, vexecutor_pump), 0);
    return &self->executor;
}

// loop.run_in_executor(executor, job)
static inline rill_future_t *vexecutor_run(rill_executor_t *executor, vjob_t *job)
{
    CHECK_EQ(rill_run_in_executor(NULL, executor, &job->job, vjob_fn, job), 0);
    return &job->job.future;
}

#endif
