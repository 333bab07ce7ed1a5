// rill-test: min-ram=16
// rill_select: first of several, fair among those that are ready. Not in asyncio.
#include "conformance/sync.h"

static rill_awaitable_t branches[3];
static rill_future_t futures[3];

static void three_futures(void)
{
    EMPTY(branches);
    for (unsigned i = 0; i < 3; i++) {
        rill_future_init(&futures[i], NULL);
        branches[i].future = &futures[i];
    }
}

static int set_second(void *arg)
{
    (void)arg;
    return rill_future_set_result(&futures[1], 8);
}

static int first_ready_main(void *arg)
{
    static rill_timer_t timer = RILL_TIMER_INIT;
    unsigned turn = 0;
    (void)arg;
    three_futures();
    rill_call_later(rill_loop_running(), &timer, RILL_MS(5), set_second, NULL);
    CHECK_EQ(rill_select(branches, 3, &turn, RILL_NEVER), 1);
    CHECK_EQ(branches[1].value, 8);
    CHECK_EQ(branches[1].error, 0);
    CHECK(branches[1].done && !branches[0].done && !branches[2].done);
    CHECK_EQ(turn, 2);
    CHECK_EQ(rill_future_state(&futures[0]), RILL_PENDING); // the others are left alone
    return 0;
}

TEST(first_ready)
{
    run_main(first_ready_main);
    trace_is("5 run -> None\n");
}

// One that is ready all the time does not keep the others out, and a ready one does not suspend.
static int fair_main(void *arg)
{
    unsigned turn = 0;
    (void)arg;
    three_futures();
    rill_future_set_result(&futures[0], 1);
    rill_future_set_error(&futures[2], E(3), 0);
    call_soon_ev("soon");
    for (int round = 0; round < 2; round++) {
        CHECK_EQ(rill_select(branches, 3, &turn, RILL_NEVER), 0);
        CHECK_EQ(rill_select(branches, 3, &turn, RILL_NEVER), 2);
        CHECK_EQ(branches[2].error, E(3));
    }
    turn = UINT32_MAX - 1; // = 2 modulo 3
    CHECK_EQ(rill_select(branches, 3, &turn, 0), 2);
    ev("no yield");
    return rill_yield();
}

TEST(fair)
{
    run_main(fair_main);
    trace_is("0 no yield\n0 soon\n0 run -> None\n");
}

static int time_limit_main(void *arg)
{
    unsigned turn = 1;
    (void)arg;
    three_futures();
    CHECK_EQ(rill_select(branches, 3, &turn, RILL_MS(4)), RILL_ETIMEDOUT);
    CHECK_EQ(turn, 1);
    CHECK_EQ(rill_select(branches, 3, &turn, 0), RILL_ETIMEDOUT);
    CHECK_EQ(rill_future_state(&futures[0]), RILL_PENDING);
    CHECK_EQ(rill_future_cancel(&futures[0]), 1);
    CHECK_EQ(rill_select(branches, 3, &turn, 0), 0); // a cancelled branch is ready too
    CHECK_EQ(branches[0].error, RILL_ECANCELED);
    return 0;
}

TEST(time_limit)
{
    run_main(time_limit_main);
    trace_is("4 run -> None\n");
}

static int select_forever(void *arg)
{
    unsigned turn = 0;
    (void)arg;
    return rill_select(branches, 3, &turn, RILL_NEVER);
}

static int cancelled_main(void *arg)
{
    (void)arg;
    three_futures();
    rill_task_t t = spawn(select_forever, NULL);
    rill_sleep_ms(2);
    rill_task_cancel(t);
    CHECK_EQ(rill_join(t, NULL), RILL_ECANCELED);
    spawn_count = 0; // it is reaped
    for (unsigned i = 0; i < 3; i++) {
        CHECK_EQ(rill_future_state(&futures[i]), RILL_PENDING);
        CHECK_EQ(rill_future_set_result(&futures[i], 0), RILL_OK); // nobody is registered any more
    }
    return rill_yield();
}

TEST(cancelled)
{
    run_main(cancelled_main);
    trace_is("2 run -> None\n");
}

TEST_MAIN("select", TEST_CASE(first_ready), TEST_CASE(fair), TEST_CASE(time_limit), TEST_CASE(cancelled))
