// rill-test: boards=host | real-clock
// The host's other clock: real time, for programs that talk to people. Only that it runs, and wakes nobody too early.
#include <rill/clock.h>
#include <rill/task.h>

#include "test.h"

RILL_TASK_POOL_DEFINE(tasks, 1, 16384);

static int sleeper(void *arg)
{
    rill_time_t *begin = arg;
    *begin = rill_clock_now();
    return rill_sleep_ms(2);
}

TEST(virtual_until_asked)
{
    rill_time_t begin;
    CHECK_EQ(rill_run(&tasks, sleeper, &begin, NULL), 0);
    CHECK_EQ(rill_clock_now() - begin, 2000); // not a microsecond of the time the code took
}

TEST(real_when_asked)
{
    rill_time_t begin;
    rill_host_real_clock();
    rill_time_t now = rill_clock_now();
    while (rill_clock_now() == now) { // bound: a microsecond
    }
    CHECK_EQ(rill_run(&tasks, sleeper, &begin, NULL), 0);
    CHECK(rill_clock_now() - begin >= 2000);
}

TEST_MAIN("host_clock", TEST_CASE(virtual_until_asked), TEST_CASE(real_when_asked))
