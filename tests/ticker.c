// rill-test: min-ram=16
// Tickers: deadlines that do not drift, whatever the task does between them.
#include <limits.h>

#include <rill/ticker.h>

#include "beyond.h"

static rill_ticker_t ticker;

static int tick(const char *name)
{
    int missed = rill_ticker_wait(&ticker);
    ev("%s %d", name, missed);
    return missed;
}

// The work takes part of each period, once more than one, once more than three.
static int work(void *arg)
{
    (void)arg;
    static const uint32_t took[] = { 3, 9, 14, 0, 37, 10, 0 };
    ticker = (rill_ticker_t)RILL_TICKER_INIT(RILL_MS(10));
    CHECK(rill_ticker_next(&ticker) == RILL_NEVER);
    for (unsigned i = 0; i < sizeof took / sizeof *took; i++) {
        tick("tick");
        busy(took[i]);
    }
    CHECK(rill_ticker_next(&ticker) == RILL_MS(100));
    return 0;
}

TEST(no_drift_and_missed_periods)
{
    CHECK_EQ(run(work), 0);
    trace_is("10 tick 0\n20 tick 0\n30 tick 0\n44 tick 0\n50 tick 0\n87 tick 2\n97 tick 0\n");
}

static int a_year(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_ticker_init(&ticker, RILL_S(86400) + 1), 0);
    for (int day = 0; day < 365; day++) {
        CHECK_EQ(rill_ticker_wait(&ticker), 0);
        busy(1);
    }
    CHECK(rill_clock_now() == (RILL_S(86400) + 1) * 365 + RILL_MS(1));
    return 0;
}

TEST(a_year_to_the_microsecond)
{
    CHECK_EQ(run(a_year), 0);
    CHECK_EQ(test_wakeups, 365);
}

static int phase(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_ticker_init_at(&ticker, RILL_MS(4), RILL_MS(10)), 0);
    tick("first");
    tick("second");
    CHECK_EQ(rill_ticker_init_at(&ticker, RILL_MS(2), RILL_MS(5)), 0);
    tick("begun in the past");
    tick("next");
    CHECK_EQ(rill_ticker_init(&ticker, RILL_MS(3)), 0);
    return tick("anew");
}

TEST(phase_and_restart)
{
    CHECK_EQ(run(phase), 0);
    trace_is("4 first 0\n14 second 0\n14 begun in the past 2\n17 next 0\n20 anew 0\n");
}

static int other(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++) {
        ev("other");
        rill_yield();
    }
    return 0;
}

static int always_late(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_ticker_init(&ticker, 1), 0);
    rill_task_t task = spawn(other, NULL);
    for (int i = 0; i < 3; i++) {
        busy(1);
        CHECK(rill_ticker_wait(&ticker) > 0);
        ev("late");
    }
    return rill_join(task, NULL);
}

TEST(late_task_lets_others_run)
{
    CHECK_EQ(run(always_late), 0);
    trace_is("1 other\n1 other\n1 late\n2 other\n2 late\n3 late\n");
}

static int body(void *arg)
{
    return tick(arg);
}

// The period that was being waited for when the task was cancelled is the next wait's.
static int cancelled(void *arg)
{
    (void)arg;
    rill_timeout_t limit = { 0 };
    CHECK_EQ(rill_ticker_init(&ticker, RILL_MS(10)), 0);
    rill_timeout_begin(&limit, RILL_MS(4));
    CHECK_EQ(rill_timeout_end(&limit, tick("cut")), RILL_ETIMEDOUT);
    tick("whole");
    rill_task_t a = spawn(body, "a");
    rill_yield();
    busy(10);
    rill_yield(); // the deadline's timer has woken a behind us
    rill_task_cancel(a);
    rill_join(a, NULL);
    return tick("main");
}

TEST(cancelled_wait_uses_no_period)
{
    CHECK_EQ(run(cancelled), 0);
    trace_is("4 cut -125\n10 whole 0\n20 a -125\n20 main 0\n");
}

static int shared(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_ticker_init(&ticker, RILL_MS(10)), 0);
    rill_task_t a = spawn(body, "a");
    rill_task_t b = spawn(body, "b");
    rill_join(a, NULL);
    return rill_join(b, NULL);
}

TEST(two_tasks_share_the_periods)
{
    CHECK_EQ(run(shared), 0);
    trace_is("10 a 0\n20 b 0\n");
}

static int wait_in_callback(void *arg)
{
    CHECK_EQ(rill_ticker_wait(arg), RILL_EPERM);
    errors++;
    return 0;
}

static int wrong(void *arg)
{
    (void)arg;
    rill_ticker_t zero = { 0, 0 };
    CHECK_EQ(rill_ticker_init(&ticker, 0), RILL_EINVAL);
    CHECK_EQ(rill_ticker_init(NULL, 1), RILL_EINVAL);
    CHECK_EQ(rill_ticker_wait(NULL), RILL_EINVAL);
    CHECK_EQ(rill_ticker_wait(&zero), RILL_EINVAL);
    CHECK(rill_ticker_next(NULL) == RILL_NEVER);
    CHECK_EQ(rill_ticker_init_at(&ticker, 1, 1), 0);
    busy(3600u * 1000u); // 3.6e9 periods
    CHECK_EQ(rill_ticker_wait(&ticker), INT_MAX);
    in_callback(wait_in_callback, &ticker);
    return 0;
}

TEST(wrong_calls_are_refused)
{
    CHECK_EQ(run(wrong), 0);
}

TEST_MAIN("ticker", TEST_CASE(no_drift_and_missed_periods), TEST_CASE(a_year_to_the_microsecond),
          TEST_CASE(phase_and_restart), TEST_CASE(late_task_lets_others_run), TEST_CASE(cancelled_wait_uses_no_period),
          TEST_CASE(two_tasks_share_the_periods), TEST_CASE(wrong_calls_are_refused))
