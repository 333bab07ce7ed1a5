// Bytes: of stack that a waiting task has really used, and of each kind of object.
#include "bench.h"

#include <rill/barrier.h>
#include <rill/condition.h>
#include <rill/event.h>
#include <rill/gather.h>
#include <rill/generator.h>
#include <rill/group.h>
#include <rill/irq.h>
#include <rill/pipe.h>
#include <rill/queue.h>
#include <rill/semaphore.h>
#include <rill/timeout.h>

#if defined(__unix__) || defined(__linux__)
#define SIZE 16384
#else
#define SIZE 1024
#endif

RILL_TASK_DEFINE(main_task, BENCH_STACK);
RILL_TASK_DEFINE(subject, SIZE);
static rill_event_t event = RILL_EVENT_INIT;
RILL_QUEUE_DEFINE(queue, uint32_t, 1);
static rill_future_t future;

static int waits_for_event(void *arg)
{
    (void)arg;
    return rill_event_wait(&event);
}

static int waits_for_item(void *arg)
{
    uint32_t item;
    (void)arg;
    return rill_queue_get(&queue, &item);
}

static int sleeps(void *arg)
{
    (void)arg;
    return rill_sleep_ms(1000000);
}

static int waits_with_limit(void *arg)
{
    (void)arg;
    return rill_wait_for(&future, RILL_S(1000), NULL);
}

static int gathers(void *arg)
{
    (void)arg;
    rill_awaitable_t one = { .future = &future };
    return rill_gather(&one, 1, 0);
}

// Everything the task has written between the stack's upper end and the deepest byte.
static void waiting(const char *operation, rill_fn_t fn)
{
    enum { PAINT = 0xA5, KEPT = RILL_STACK_GUARD_BYTES * 2 }; // at both ends, for the next task
    rill_task_t task;
    unsigned char *stack = subject_stacks[0];
    const size_t size = sizeof subject_stacks[0];
    if (!bench_wanted(operation)) {
        return;
    }
    for (size_t i = KEPT; i < size - KEPT; i++) {
        stack[i] = PAINT;
    }
    rill_future_init(&future, NULL);
    rill_spawn(&subject, fn, NULL, &task);
    rill_yield();
    size_t untouched = KEPT;
    while (untouched < size && stack[untouched] == PAINT) {
        untouched++;
    }
    bench_value(operation, size - untouched);
    rill_task_cancel(task);
    rill_join(task, NULL);
}

static void objects(void)
{
    bench_value("bytes-task", sizeof(rill_tcb_t));
    bench_value("bytes-semaphore", sizeof(rill_semaphore_t));
    bench_value("bytes-queue", sizeof(rill_queue_t));
    bench_value("bytes-timer", sizeof(rill_timer_t));
    bench_value("bytes-handle", sizeof(rill_handle_t));
    bench_value("bytes-future", sizeof(rill_future_t));
    bench_value("bytes-lock", sizeof(rill_lock_t));
    bench_value("bytes-event", sizeof(rill_event_t));
    bench_value("bytes-condition", sizeof(rill_condition_t));
    bench_value("bytes-barrier", sizeof(rill_barrier_t));
    bench_value("bytes-timeout", sizeof(rill_timeout_t));
    bench_value("bytes-group", sizeof(rill_group_t));
    bench_value("bytes-gather", sizeof(rill_gather_t));
    bench_value("bytes-awaitable", sizeof(rill_awaitable_t));
    bench_value("bytes-signal", sizeof(rill_signal_t));
    bench_value("bytes-irq", sizeof(rill_irq_t));
    bench_value("bytes-pipe", sizeof(rill_pipe_t));
    bench_value("bytes-generator", sizeof(rill_gen_t));
    bench_value("bytes-loop", sizeof(rill_loop_t));
}

static int all(void *arg)
{
    (void)arg;
    waiting("stack-of-event-wait", waits_for_event);
    waiting("stack-of-queue-get", waits_for_item);
    waiting("stack-of-sleep", sleeps);
    waiting("stack-of-wait-for", waits_with_limit);
    waiting("stack-of-gather", gathers);
    objects();
    bench_put("bench done\n");
    return 0;
}

int main(void)
{
    return rill_run(&main_task, all, NULL, NULL);
}
