// Blocking jobs that must not stop the loop: to_thread, which starts a worker for each job, and an executor of two
// workers for three jobs. A worker here is a machine beside the processor - a second core, a DMA controller - that
// takes its time and then raises an interrupt: simulated by a timer.
#include "document.h"

#include <rill/loop.h>
#include <rill/semaphore.h>

RILL_TASK_POOL_DEFINE(tasks, 4, STACK);

struct job {
    const char *name;
    unsigned duration;
};

static int finished(void *future)
{
    return rill_future_set_result(future, 1);
}

static int to_thread(void *arg)
{
    const struct job *job = arg;
    rill_future_t done = RILL_FUTURE_INIT;
    rill_timer_t machine = RILL_TIMER_INIT;
    rill_call_later(rill_loop_running(), &machine, RILL_S(job->duration), finished, &done);
    int error = rill_await(&done, NULL);
    rill_timer_cancel(rill_loop_running(), &machine);
    if (error == RILL_OK) {
        printf("%s done at %u s\n", job->name, seconds());
    }
    return error;
}

static rill_semaphore_t workers = RILL_SEMAPHORE_INIT(2);

static int run_in_executor(void *job)
{
    int error = rill_semaphore_acquire(&workers);
    if (error != RILL_OK) {
        return error;
    }
    error = to_thread(job);
    rill_semaphore_release(&workers);
    return error;
}

static int app(void *arg)
{
    static struct job jobs[] = { { "r1", 2 }, { "r2", 2 }, { "f1", 1 }, { "f2", 3 }, { "f3", 1 } };
    const rill_call_t threads[] = { { to_thread, &jobs[0] }, { to_thread, &jobs[1] } };
    const rill_call_t pool[] = {
        { run_in_executor, &jobs[2] }, { run_in_executor, &jobs[3] }, { run_in_executor, &jobs[4] },
    };
    rill_awaitable_t results[3];
    (void)arg;
    int error = rill_gather_calls(&tasks, threads, results, 2, 0);
    return error == RILL_OK ? rill_gather_calls(&tasks, pool, results, 3, 0) : error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
