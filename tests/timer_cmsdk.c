// rill-test: boards=mps2-* | real-clock | args=-icount shift=5,sleep=off
// The CMSDK timer across the wrap of its counter (172 s at 25 MHz), with and without readings in between.
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
    CHECK_EQ(rill_sleep_until(start + RILL_S(1000)), 0);
    rill_time_t late = rill_clock_now() - (start + RILL_S(1000));
    CHECK(late < 200);
    CHECK(rill_clock_extra_wakeups - extra >= 4 && rill_clock_extra_wakeups - extra <= 7);
    return 0;
}

TEST(beyond_the_counter)
{
    CHECK_EQ(rill_run(&tasks, far_sleep, NULL, NULL), 0);
}

static int no_drift(void *arg)
{
    (void)arg;
    rill_time_t start = rill_clock_now();
    unsigned wrong = 0;
    for (uint32_t i = 1; i <= 300; i++) {
        rill_sleep_until(start + RILL_S(i));
        wrong += rill_clock_now() - (start + RILL_S(i)) > 200;
    }
    CHECK_EQ(wrong, 0);
    return 0;
}

TEST(many_seconds_add_up)
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

TEST_MAIN("timer_cmsdk", TEST_CASE(beyond_the_counter), TEST_CASE(many_seconds_add_up), TEST_CASE(the_past_fires))
