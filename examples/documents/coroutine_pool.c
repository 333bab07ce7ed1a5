// The document's CoroutinePool: work is submitted from outside the loop, at most two pieces at a time; what suspends is
// a task, what blocks is a job of an executor; close waits for a while, cancels the rest and stops the loop. Its parts
// are rill_submit_threadsafe, a semaphore, rill_to_thread and rill_wait. The document leaves the program out; this one
// submits four coroutines and a blocking call, before the loop runs, as an interrupt or another core could.
#include "document.h"

#include <rill/executor.h>
#include <rill/loop.h>
#include <rill/semaphore.h>
#include <rill/submit.h>

enum { WORKERS = 2, MOST = 5 };

// ---- the pool

RILL_TASK_POOL_DEFINE(tasks, MOST + 1, STACK);
RILL_EXECUTOR_DEFINE(threads, 1, STACK);
static rill_loop_t loop;
static rill_semaphore_t limit;

typedef struct work {
    rill_fn_t fn;
    void *arg;
    bool blocks; // a plain function, not one that suspends
    rill_submission_t outcome;
} work_t;

static int runner(void *arg)
{
    const work_t *work = arg;
    rill_value_t value = 0;
    int code = rill_semaphore_acquire(&limit);
    if (code < 0) {
        return code;
    }
    if (work->blocks) {
        code = rill_to_thread(work->fn, work->arg, &value);
        code = code < 0 ? code : (int)value;
    } else {
        code = work->fn(work->arg);
    }
    rill_semaphore_release(&limit);
    return code;
}

static void submit(work_t *work)
{
    rill_submit_threadsafe(&loop, &tasks, runner, work, &work->outcome);
}

static rill_awaitable_t others[MOST];

static unsigned other_tasks(bool cancel)
{
    unsigned n = 0;
    for (rill_task_t t = rill_task_next(&loop, RILL_NO_TASK); t.tcb != NULL; t = rill_task_next(&loop, t)) {
        if (t.tcb != rill_task_current().tcb) {
            others[n++] = (rill_awaitable_t){ .future = rill_task_future(t) };
            if (cancel) {
                rill_task_cancel(t);
            }
        }
    }
    return n;
}

static int close_loop(void *ms)
{
    unsigned n = other_tasks(false);
    if (n > 0) {
        rill_wait(others, n, RILL_ALL_COMPLETED, RILL_MS(INT(ms)));
    }
    n = other_tasks(true);
    if (n > 0) {
        rill_wait(others, n, RILL_ALL_COMPLETED, RILL_NEVER);
    }
    rill_executor_shutdown(NULL, RILL_NEVER);
    return rill_loop_stop(&loop);
}

// ---- the program

static int coroutine(void *arg)
{
    printf("coroutine of %d ms begins\n", INT(arg));
    int error = rill_sleep_ms((uint32_t)INT(arg));
    if (error == RILL_OK) {
        printf("coroutine of %d ms ends\n", INT(arg));
    }
    return error < 0 ? error : INT(arg);
}

static int blocking_call(void *arg)
{
    int sum = 0;
    for (int i = 1; i <= INT(arg); i++) {
        sum += i;
    }
    return sum;
}

static void print_outcome(const work_t *work)
{
    rill_value_t value = 0;
    int error = rill_submission_result(&work->outcome, &value);
    if (error == RILL_ECANCELED) {
        printf("cancelled\n");
    } else {
        printf("%d\n", error < 0 ? error : (int)value);
    }
}

int main(void)
{
    static work_t works[MOST] = {
        { .fn = coroutine, .arg = PTR(100) }, { .fn = coroutine, .arg = PTR(200) },
        { .fn = coroutine, .arg = PTR(50) }, { .fn = blocking_call, .arg = PTR(1000), .blocks = true },
        { .fn = coroutine, .arg = PTR(5000) },
    };
    static rill_submission_t closing;
    rill_loop_init(&loop);
    rill_semaphore_init(&limit, WORKERS);
    rill_executor_start(&threads);
    rill_loop_set_default_executor(&loop, &threads);
    for (int i = 0; i < MOST; i++) {
        submit(&works[i]);
    }
    rill_submit_threadsafe(&loop, &tasks, close_loop, PTR(500), &closing);
    rill_run_forever(&loop);
    rill_loop_run_once(&loop, 0, NULL); // the submissions hear of their tasks' end
    for (int i = 0; i < MOST; i++) {
        print_outcome(&works[i]);
    }
    return rill_loop_close(&loop);
}
