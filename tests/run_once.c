// rill-test: min-ram=16
// rill_loop_run_once: a loop called from another one's tick. Never sleeps, keeps to its budget, says when to come
// again.
#include <rill/clock.h>
#include <rill/loop.h>
#include <rill/signal.h>
#include <rill/task.h>

#include "test.h"

#if defined(__unix__) || defined(__linux__)
#define STACK 16384
#else
#define STACK (sizeof(void *) * 128 + TEST_FPU_STACK)
#endif

static rill_tcb_t tcbs[2];
static unsigned char stacks[2][RILL_STACK_ROUND(STACK)] __attribute__((aligned(RILL_STACK_ALIGN)));
static const rill_task_pool_t fresh = RILL_TASK_POOL_INIT(tcbs, stacks, 2, RILL_STACK_ROUND(STACK));
static rill_task_pool_t pool;

static rill_loop_t loop;
static rill_handle_t handles[3];
static rill_timer_t timers[3];
static rill_signal_t signal;

static int say(void *arg)
{
    ev("%s", (const char *)arg);
    return 0;
}

// Schedules itself again and takes a millisecond each time.
static int again(void *arg)
{
    ev("again");
    busy(1);
    return rill_call_soon(&loop, &handles[0], again, arg);
}

static void begin(void)
{
    memset(handles, 0, sizeof handles);
    memset(timers, 0, sizeof timers);
    pool = fresh;
    CHECK_EQ(rill_loop_init(&loop), 0);
}

// One tick: what the call returns, and in how many milliseconds it wants to be called again.
static void tick(rill_time_t budget)
{
    rill_time_t next = 1;
    uint32_t wakeups = test_wakeups;
    int code = rill_loop_run_once(&loop, budget, &next);
    CHECK_EQ(test_wakeups, wakeups); // it did not sleep
    if (next == RILL_NEVER) {
        ev("tick %d, never", code);
    } else {
        ev("tick %d, in %u", code, (unsigned)((next - rill_clock_now()) / 1000));
    }
}

static void at(unsigned i, uint32_t ms, const char *text)
{
    CHECK_EQ(rill_call_at(&loop, &timers[i], RILL_MS(ms), say, (void *)(uintptr_t)text), 0);
}

TEST(nothing_to_do)
{
    begin();
    tick(RILL_MS(5));
    tick(0);
    trace_is("0 tick 0, never\n"
             "0 tick 0, never\n");
}

TEST(timers_come_when_it_is_called)
{
    begin();
    at(0, 3, "three");
    at(1, 3, "three too");
    at(2, 9, "nine");
    tick(RILL_MS(5));
    busy(3);
    tick(RILL_MS(5));
    busy(2);
    tick(RILL_MS(5));
    busy(7); // late
    tick(RILL_MS(5));
    trace_is("0 tick 0, in 3\n"
             "3 three\n"
             "3 three too\n"
             "3 tick 0, in 6\n"
             "5 tick 0, in 4\n"
             "12 nine\n"
             "12 tick 0, never\n");
}

TEST(the_budget_ends_it)
{
    begin();
    rill_call_soon(&loop, &handles[0], again, NULL);
    at(0, 2, "two");
    tick(RILL_MS(3));
    tick(0); // one iteration
    CHECK_EQ(rill_handle_cancel(&loop, &handles[0]), 1);
    tick(RILL_MS(3));
    trace_is("0 again\n"
             "1 again\n"
             "2 again\n"
             "3 two\n"
             "3 tick -11, in 0\n"
             "3 again\n"
             "4 tick -11, in 0\n"
             "4 tick 0, never\n");
}

static int steps(void *arg)
{
    for (int i = 0; i < 3; i++) {
        ev("%s%d", (const char *)arg, i);
        rill_yield();
    }
    rill_sleep_ms(4);
    ev("%s slept", (const char *)arg);
    return rill_signal_wait(&signal);
}

static void set_signal(void *arg)
{
    rill_signal_set_threadsafe(arg);
}

TEST(tasks_go_on_from_call_to_call)
{
    const rill_spawn_options_t options = { .loop = &loop };
    rill_task_t a;
    begin();
    rill_signal_init(&signal, &loop);
    CHECK_EQ(rill_spawn_with(&pool, steps, "a", &options, &a), 0);
    CHECK_EQ(rill_spawn_with(&pool, steps, "b", &options, NULL), 0);
    tick(0);
    tick(RILL_MS(1));
    busy(4);
    tick(RILL_MS(1));
    isr_now(set_signal, &signal);
    CHECK_EQ(rill_task_state(a), RILL_PENDING);
    tick(RILL_MS(1));
    CHECK_EQ(rill_task_state(a), RILL_FINISHED);
    CHECK_EQ(rill_detach(a), 0);
    CHECK_EQ(rill_pool_used(&pool.tcbs), 0);
    trace_is("0 a0\n0 b0\n"
             "0 tick -11, in 0\n"
             "0 a1\n0 b1\n0 a2\n0 b2\n"
             "0 tick 0, in 4\n"
             "4 a slept\n4 b slept\n"
             "4 tick 0, never\n"
             "4 tick 0, never\n");
}

// Sorting a crowd of timers is cut into steps, and the budget ends between two of them.
TEST(a_crowd_of_timers_keeps_to_the_budget)
{
    static rill_timer_t crowd[90];
    unsigned ticks = 1;
    begin();
    memset(crowd, 0, sizeof crowd);
    for (unsigned i = 0; i < 90; i++) {
        CHECK_EQ(rill_call_at(&loop, &crowd[i], RILL_MS(i * 77 % 90 + 5), say, "crowd"), 0);
    }
    busy(5);
    rill_time_t next = 0;
    while (rill_loop_run_once(&loop, 0, &next) == RILL_EAGAIN) {
        CHECK_EQ(next, rill_clock_now());
        ticks++;
    }
    CHECK(ticks > 90 / 4);
    CHECK_EQ(next, RILL_MS(6));
    trace_is("5 crowd\n");
}

static int stop(void *arg)
{
    (void)arg;
    return rill_loop_stop(&loop);
}

TEST(stop_ends_nothing_else)
{
    begin();
    rill_call_soon(&loop, &handles[1], stop, NULL);
    rill_call_soon(&loop, &handles[2], say, "same iteration");
    tick(RILL_MS(1));
    at(0, 1, "not stopped");
    busy(1);
    tick(RILL_MS(1));
    trace_is("0 same iteration\n"
             "0 tick 0, never\n"
             "1 not stopped\n"
             "1 tick 0, never\n");
}

static int run_inside(void *arg)
{
    rill_time_t next = 77;
    (void)arg;
    CHECK_EQ(rill_loop_run_once(&loop, RILL_NEVER, &next), RILL_EPERM);
    CHECK_EQ(next, 77);
    return 0;
}

TEST(wrong_calls_are_refused)
{
    begin();
    CHECK_EQ(rill_loop_run_once(NULL, 0, NULL), RILL_EINVAL);
    rill_call_soon(&loop, &handles[0], run_inside, NULL);
    CHECK_EQ(rill_loop_run_once(&loop, 0, NULL), 0);
    CHECK(!rill_loop_closed(&loop));
    CHECK_EQ(rill_loop_close(&loop), 0);
    CHECK(rill_loop_closed(&loop) && rill_loop_closed(NULL));
    CHECK_EQ(rill_loop_run_once(&loop, 0, NULL), RILL_EPERM);
    CHECK_EQ(rill_loop_init(&loop), 0);
    CHECK(!rill_loop_closed(&loop));
    rill_call_soon(&loop, &handles[0], say, "once");
    CHECK_EQ(rill_run_forever(&loop), RILL_EDEADLK); // a refused call left no stop behind
    trace_is("0 once\n");
}

TEST_MAIN("run_once", TEST_CASE(nothing_to_do), TEST_CASE(timers_come_when_it_is_called),
          TEST_CASE(the_budget_ends_it), TEST_CASE(a_crowd_of_timers_keeps_to_the_budget),
          TEST_CASE(tasks_go_on_from_call_to_call), TEST_CASE(stop_ends_nothing_else),
          TEST_CASE(wrong_calls_are_refused))
