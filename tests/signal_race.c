// rill-test: min-ram=16
// Signals set in the middle of a cancellation: an interrupt that comes between two instructions of it, here where it
// has just looked for posts (the Makefile wraps rill_loop_drain).
#include <rill/signal.h>
#include <rill/task.h>

#include "test.h"

#if defined(__unix__) || defined(__linux__)
#define STACK 16384
#else
#define STACK ((sizeof(void *) == 8 ? 1024 : 512) + TEST_FPU_STACK)
#endif

RILL_TASK_POOL_DEFINE(tasks, 3, STACK);
static rill_signal_t latch = RILL_SIGNAL_INIT;
static unsigned sets; // the interrupt that comes next makes so many

void __real_rill_loop_drain(rill_loop_t *loop);
void __wrap_rill_loop_drain(rill_loop_t *loop);

void __wrap_rill_loop_drain(rill_loop_t *loop)
{
    __real_rill_loop_drain(loop);
    for (; sets > 0; sets--) {
        rill_signal_set_threadsafe(&latch);
    }
}

static int waiter(void *name)
{
    int error = rill_signal_wait(&latch);
    ev("%s %d", (const char *)name, error);
    return error;
}

static void spawn_two(rill_task_t *a, rill_task_t *b)
{
    rill_spawn(&tasks, waiter, (void *)(uintptr_t)"a", a);
    rill_spawn(&tasks, waiter, (void *)(uintptr_t)"b", b);
    rill_yield();
}

static void join(rill_task_t a, rill_task_t b)
{
    rill_signal_close(&latch); // who waits still was forgotten
    rill_join(a, NULL);
    rill_join(b, NULL);
}

// The set wakes both; the first one is cancelled all the same, so it hands the set on.
static int canceled_between(void *arg)
{
    (void)arg;
    rill_task_t a, b;
    spawn_two(&a, &b);
    sets = 1;
    CHECK_EQ(rill_task_cancel(a), 1);
    rill_yield();
    rill_yield();
    CHECK(rill_signal_is_set(&latch));
    join(a, b);
    return 0;
}

// The second set came when nobody waited any more: it is there for the next.
static int set_twice(void *arg)
{
    (void)arg;
    rill_task_t a, b;
    spawn_two(&a, &b);
    sets = 2;
    CHECK_EQ(rill_task_cancel(a), 1);
    CHECK_EQ(rill_task_uncancel(a), 0);
    rill_yield();
    rill_yield();
    CHECK(rill_signal_is_set(&latch));
    join(a, b);
    return 0;
}

static void run(rill_fn_t fn)
{
    rill_signal_init(&latch, NULL);
    CHECK_EQ(rill_run(&tasks, fn, NULL, NULL), 0);
}

TEST(canceled_as_it_is_set)
{
    run(canceled_between);
    trace_is("0 a -125\n"
             "0 b 0\n");
}

TEST(set_twice_as_it_is_canceled)
{
    run(set_twice);
    trace_is("0 a 0\n"
             "0 b 0\n");
}

TEST_MAIN("signal_race", TEST_CASE(canceled_as_it_is_set), TEST_CASE(set_twice_as_it_is_canceled))
