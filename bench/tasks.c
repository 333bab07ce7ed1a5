// Tasks and what they wait for together: life and death, cancellation, gather, groups, events, conditions, barriers,
// context variables.
#include "bench.h"

#include <rill/barrier.h>
#include <rill/condition.h>
#include <rill/contextvars.h>
#include <rill/event.h>
#include <rill/gather.h>
#include <rill/group.h>

enum { N = 10000, MANY = BENCH_SMALL ? 10 : 100 };

RILL_TASK_DEFINE(main_task, BENCH_STACK);
RILL_TASK_POOL_DEFINE(tasks, MANY, BENCH_STACK_SMALL);
RILL_VARS_POOL_DEFINE(bindings, 4);
static rill_awaitable_t children[MANY];
static rill_call_t calls[MANY];
static rill_task_t handles[MANY];
static rill_event_t event = RILL_EVENT_INIT;
static rill_lock_t lock = RILL_LOCK_INIT;
static rill_condition_t condition = RILL_CONDITION_INIT(&lock);
static rill_barrier_t barrier;
static rill_var_t variable = RILL_VAR_INIT;
static bool stop;

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static void start(rill_fn_t fn, uint32_t n)
{
    stop = false;
    for (uint32_t i = 0; i < n; i++) {
        rill_spawn(&tasks, fn, NULL, &handles[i]);
    }
    rill_yield();
}

static void join(uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        rill_join(handles[i], NULL);
    }
}

static void lifecycle(void)
{
    rill_task_t task;
    BENCH("task-create-run-reap", N, rill_spawn(&tasks, nothing, NULL, &task); rill_join(task, NULL));
    BENCH("task-create-now-reap", N, rill_spawn_eager(&tasks, nothing, NULL, &task); rill_join(task, NULL));
    BENCH("task-create-detached-run", N, rill_spawn(&tasks, nothing, NULL, NULL); rill_yield());
}

static int stubborn(void *arg)
{
    (void)arg;
    while (!stop) {
        rill_event_wait(&event); // the cleanup is to look at `stop`
    }
    return 0;
}

static void cancelling(void)
{
    event.set = false;
    start(stubborn, 1);
    BENCH("cancel-waiting-to-cleanup", N, rill_task_cancel(handles[0]); rill_yield());
    stop = true;
    rill_event_set(&event);
    join(1);
    rill_event_clear(&event);
}

static int cleans_up(void *arg)
{
    (void)arg;
    int code = rill_event_wait(&event);
    bench_to();
    return code;
}

// By single steps: from the call to the cancelled task's clean-up.
static void cancel_to_cleanup(void)
{
    bool traced = bench_trace("cancel-to-cleanup", "from", "to");
    start(cleans_up, 1);
    bench_from();
    rill_task_cancel(handles[0]);
    join(1);
    if (traced) {
        bench_trace_end();
    }
}

static void group_of(uint32_t n)
{
    rill_group_t group = RILL_GROUP_INIT(NULL);
    rill_group_begin(&group);
    for (uint32_t i = 0; i < n; i++) {
        rill_group_spawn(&group, &tasks, nothing, NULL, NULL);
    }
    rill_group_end(&group, 0);
}

static int complete_all(void *arg)
{
    for (uint32_t i = 0; i < (uint32_t)(uintptr_t)arg; i++) {
        rill_future_set_result(children[i].future, 1);
    }
    return 0;
}

// Futures that a callback completes while gather waits.
static void gather_futures(uint32_t n)
{
    static rill_future_t futures[MANY];
    rill_handle_t handle = RILL_HANDLE_INIT(NULL, NULL);
    for (uint32_t i = 0; i < n; i++) {
        rill_future_init(&futures[i], NULL);
        children[i] = (rill_awaitable_t){ .future = &futures[i] };
    }
    rill_call_soon(rill_loop_running(), &handle, complete_all, (void *)(uintptr_t)n);
    rill_gather(children, n, 0);
}

static void together(uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        calls[i] = (rill_call_t){ nothing, NULL };
    }
    BENCH(bench_name("gather-futures-", n), N / n, gather_futures(n));
    BENCH(bench_name("gather-calls-", n), N / n, rill_gather_calls(&tasks, calls, children, n, 0));
    if (n == 10) {
        BENCH("group-of-10", N / n, group_of(n));
    }
}

static void events(uint32_t n)
{
    start(stubborn, n);
    BENCH(bench_name("event-set-wakes-", n), N / n, rill_event_set(&event); rill_event_clear(&event); rill_yield());
    stop = true;
    rill_event_set(&event);
    join(n);
    rill_event_clear(&event);
}

static int notified(void *arg)
{
    (void)arg;
    rill_lock_acquire(&lock);
    while (!stop) {
        rill_condition_wait(&condition);
    }
    return rill_lock_release(&lock);
}

static void notify(void)
{
    rill_lock_acquire(&lock);
    rill_condition_notify(&condition, 1);
    rill_lock_release(&lock);
    rill_yield();
}

static int meets(void *arg)
{
    (void)arg;
    while (rill_barrier_wait(&barrier) >= 0) {
    }
    return 0;
}

static void meetings(void)
{
    BENCH("lock-acquire-release", N, rill_lock_acquire(&lock); rill_lock_release(&lock));
    start(notified, 1);
    BENCH("condition-notify-wait", N, notify());
    stop = true;
    notify();
    join(1);
    rill_barrier_init(&barrier, 2);
    start(meets, 1);
    BENCH("barrier-of-2", N, rill_barrier_wait(&barrier));
    rill_barrier_abort(&barrier);
    join(1);
}

static void variables(void)
{
    rill_value_t value;
    rill_vars_use(&bindings);
    rill_var_set(&variable, 1, NULL);
    BENCH("contextvar-get", N, rill_var_get(&variable, &value));
    BENCH("contextvar-set", N, rill_var_set(&variable, 2, NULL));
}

static int all(void *arg)
{
    (void)arg;
    lifecycle();
    cancelling();
    cancel_to_cleanup();
    for (uint32_t n = 1; n <= MANY; n *= 10) {
        together(n);
        events(n);
    }
    meetings();
    variables();
    bench_put("bench done\n");
    return 0;
}

int main(void)
{
    return rill_run(&main_task, all, NULL, NULL);
}
