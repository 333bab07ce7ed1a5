// rill-test: boards=stm32vldiscovery | real-clock | args=-icount shift=5,sleep=off
// SysTick's clock across the end of its period (5.6 s at 3 MHz): exact, and no wake-up but those. Also when the alarm
// is moved all the time.
#include <rill/clock.h>
#include <rill/loop.h>
#include <rill/task.h>

#include "test.h"

RILL_TASK_POOL_DEFINE(tasks, 1, 512);

static int far_sleep(void *arg)
{
    (void)arg;
    rill_time_t start = rill_clock_now();
    uint32_t extra = rill_clock_extra_wakeups;
    CHECK_EQ(rill_sleep_until(start + RILL_S(60)), 0);
    CHECK(rill_clock_now() - (start + RILL_S(60)) < 100);
    CHECK(rill_clock_extra_wakeups - extra >= 10 && rill_clock_extra_wakeups - extra <= 11);
    return 0;
}

TEST(beyond_the_period)
{
    CHECK_EQ(rill_run(&tasks, far_sleep, NULL, NULL), 0);
}

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

// Each pass takes the same number of instructions, so the same time: a restart that lost some would show.
static rill_time_t passes(rill_loop_t *loop, unsigned n, bool moved)
{
    rill_timer_t timer = RILL_TIMER_INIT;
    rill_time_t start = rill_clock_now();
    for (unsigned i = 0; i < n; i++) {
        rill_call_later(loop, &timer, RILL_S(100), nothing, NULL);
        if (moved) {
            rill_clock_alarm(start + RILL_S(1) + i);
        }
        rill_yield();
        rill_timer_cancel(loop, &timer);
    }
    return rill_clock_now() - start;
}

static int moved_alarms(void *arg)
{
    (void)arg;
    uint32_t extra = rill_clock_extra_wakeups;
    rill_time_t quiet = passes(rill_loop_running(), 1000, false);
    rill_time_t moved = passes(rill_loop_running(), 1000, true);
    CHECK(moved >= quiet);
    CHECK_EQ(rill_clock_extra_wakeups - extra, 0);
    return 0;
}

TEST(moving_the_alarm_loses_no_time)
{
    CHECK_EQ(rill_run(&tasks, moved_alarms, NULL, NULL), 0);
}

static int no_drift(void *arg)
{
    (void)arg;
    rill_time_t start = rill_clock_now();
    unsigned wrong = 0;
    for (uint32_t i = 1; i <= 300; i++) {
        rill_sleep_until(start + RILL_MS(i));
        wrong += rill_clock_now() - (start + RILL_MS(i)) > 100;
    }
    CHECK_EQ(wrong, 0);
    return 0;
}

TEST(many_sleeps_add_up)
{
    CHECK_EQ(rill_run(&tasks, no_drift, NULL, NULL), 0);
}

static int past(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_sleep_until(1), 0);
    CHECK_EQ(rill_sleep_until(rill_clock_now()), 0);
    CHECK_EQ(rill_sleep_until(rill_clock_now() + 1), 0);
    return 0;
}

TEST(the_past_fires)
{
    CHECK_EQ(rill_run(&tasks, past, NULL, NULL), 0);
}

TEST_MAIN("timer_systick", TEST_CASE(beyond_the_period), TEST_CASE(moving_the_alarm_loses_no_time),
          TEST_CASE(many_sleeps_add_up), TEST_CASE(the_past_fires))
