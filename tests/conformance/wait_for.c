// asyncio.wait_for, rules W1-W12. On a coroutine it is a time limit around a call (W9); on a task or future,
// rill_wait_for.
// rill-test: min-ram=16
#include "sync.h"

// await wait_for(fn(arg), ms)
static int call_within(uint32_t ms, rill_fn_t fn, void *arg)
{
    rill_timeout_t limit = { 0 };
    int code = rill_timeout_begin(&limit, RILL_MS(ms));
    return code != 0 ? code : rill_timeout_end(&limit, fn(arg));
}

static int wait_for_50(void *future)
{
    return rill_wait_for(future, RILL_MS(50), NULL);
}

static void ev_await(rill_task_t task)
{
    rill_value_t value = 0;
    int code = rill_await(rill_task_future(task), &value);
    ev("%s", number_or_error(code, value));
}

// The child is done, then the waiter is cancelled before it wakes: cancelled.
static int cancelled_after_child_done_main(void *arg)
{
    static rill_future_t f;
    (void)arg;
    rill_future_init(&f, NULL);
    rill_task_t u = spawn(wait_for_50, &f);
    rill_yield();
    rill_future_set_result(&f, 3);
    rill_task_cancel(u);
    ev_await(u);
    ev("%s cancelling %d", state_of(rill_task_future(u)), rill_task_cancelling(u));
    return 0;
}

TEST(cancelled_after_child_done)
{
    run_main(cancelled_after_child_done_main);
    trace_is("0 ECANCELED\n"
             "0 ECANCELED cancelling 1\n"
             "0 run -> None\n");
}

static int clean_up_in_3(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(100);
    if (code == RILL_ECANCELED) {
        ev("a cancelled");
        rill_sleep_ms(3);
        ev("a cleaned");
    }
    return code;
}

static int cancelled_by_outside_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(clean_up_in_3, NULL);
    rill_task_t u = spawn(wait_for_50, rill_task_future(t));
    rill_sleep_ms(5);
    rill_task_cancel(u);
    ev_await(u);
    ev("%s %s", state_of(rill_task_future(t)), state_of(rill_task_future(u)));
    return 0;
}

TEST(cancelled_by_outside)
{
    run_main(cancelled_by_outside_main);
    trace_is("5 a cancelled\n"
             "8 a cleaned\n"
             "8 ECANCELED\n"
             "8 ECANCELED ECANCELED\n"
             "8 run -> None\n");
}

static int clean_up_in_10(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(100);
    int cleanup = rill_sleep_ms(10);
    ev("cleanup %s", outcome(cleanup, "None"));
    return code;
}

static int cancelled_twice_during_cleanup_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(clean_up_in_10, NULL);
    rill_task_t u = spawn(wait_for_50, rill_task_future(t));
    rill_sleep_ms(5);
    rill_task_cancel(u);
    rill_sleep_ms(2);
    rill_task_cancel(u);
    ev_await(u);
    ev("%s %s", state_of(rill_task_future(t)), state_of(rill_task_future(u)));
    rill_sleep_ms(20);
    ev("%s", state_of(rill_task_future(t)));
    return 0;
}

TEST(cancelled_twice_during_cleanup)
{
    run_main(cancelled_twice_during_cleanup_main);
    trace_is("7 cleanup ECANCELED\n"
             "7 ECANCELED\n"
             "7 ECANCELED ECANCELED\n"
             "27 ECANCELED\n"
             "27 run -> None\n");
}

static int time_out_itself(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(3);
    return code != 0 ? code : RILL_ETIMEDOUT;
}

static int child_raises_timeout_itself_main(void *arg)
{
    (void)arg;
    int code = call_within(50, time_out_itself, NULL);
    ev("%s", outcome(code, "None"));
    return 0;
}

TEST(child_raises_timeout_itself)
{
    run_main(child_raises_timeout_itself_main);
    trace_is("3 ETIMEDOUT\n"
             "3 run -> None\n");
}

static int seven(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(5);
    return code != 0 ? code : 7;
}

// Once on a call, once without limit on a task.
static int completes_main(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    int code = call_within(10, seven, NULL);
    ev("%s", number_or_error(code, code));
    code = rill_wait_for(spawn_future(seven, NULL), RILL_NEVER, &value);
    ev("%s", number_or_error(code, value));
    return 0;
}

TEST(completes)
{
    run_main(completes_main);
    trace_is("5 7\n"
             "10 7\n"
             "10 run -> None\n");
}

static int sleep_100(void *arg)
{
    (void)arg;
    return rill_sleep_ms(100);
}

static int sleep_within(void *ms)
{
    return call_within((uint32_t)(uintptr_t)ms, sleep_100, NULL);
}

static int nested_main(void *arg)
{
    static const uint8_t limits[3][2] = { { 20, 10 }, { 10, 20 }, { 10, 10 } }; // inner, outer
    (void)arg;
    for (unsigned i = 0; i < 3; i++) {
        int code = call_within(limits[i][1], sleep_within, (void *)(uintptr_t)limits[i][0]);
        ev("%s", outcome(code, "None"));
    }
    return 0;
}

TEST(nested)
{
    run_main(nested_main);
    trace_is("10 ETIMEDOUT\n"
             "20 ETIMEDOUT\n"
             "30 ETIMEDOUT\n"
             "30 run -> None\n");
}

static int one_after_10(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(10);
    return code != 0 ? code : 1;
}

// The child's timer is armed before the limit, for the same millisecond.
static int race_done_and_timeout_same_ms_main(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    rill_task_t t = spawn(one_after_10, NULL);
    rill_yield();
    int code = rill_wait_for(rill_task_future(t), RILL_MS(10), &value);
    ev("%s", number_or_error(code, value));
    ev("%s", state_of(rill_task_future(t)));
    return 0;
}

TEST(race_done_and_timeout_same_ms)
{
    run_main(race_done_and_timeout_same_ms_main);
    trace_is("10 ETIMEDOUT\n"
             "10 ECANCELED\n"
             "10 run -> None\n");
}

static int cancel_my_waiter(void *waiter)
{
    int code = rill_sleep_ms(2);
    if (code != 0) {
        return code;
    }
    rill_task_cancel(*(rill_task_t *)waiter);
    code = rill_sleep_ms(100);
    if (code == RILL_ECANCELED) {
        ev("child cancelled");
    }
    return code;
}

// The child cancels the task that waits for it.
static int self_cancellation_main(void *arg)
{
    static rill_task_t box;
    (void)arg;
    rill_task_t t = spawn(cancel_my_waiter, &box);
    rill_task_t u = spawn(wait_for_50, rill_task_future(t));
    box = u;
    ev_await(u);
    ev("%s", state_of(rill_task_future(t)));
    return 0;
}

TEST(self_cancellation)
{
    run_main(self_cancellation_main);
    trace_is("2 child cancelled\n"
             "2 ECANCELED\n"
             "2 ECANCELED\n"
             "2 run -> None\n");
}

static int steps_to_first_run_main(void *arg)
{
    (void)arg;
    call_soon_ev("soon");
    call_within(10, say, "a runs");
    ev("main");
    return 0;
}

TEST(steps_to_first_run)
{
    run_main(steps_to_first_run_main);
    trace_is("0 a runs\n"
             "0 main\n"
             "0 soon\n"
             "0 run -> None\n");
}

static int report_cancel(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(100);
    if (code == RILL_ECANCELED) {
        ev("a cancelled");
    }
    return code;
}

static int times_out_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(report_cancel, NULL);
    int code = rill_wait_for(rill_task_future(t), RILL_MS(10), NULL);
    ev("%s", outcome(code, "None"));
    ev("%s main cancelling %d", state_of(rill_task_future(t)), rill_task_cancelling(rill_task_current()));
    return 0;
}

TEST(times_out)
{
    run_main(times_out_main);
    trace_is("10 a cancelled\n"
             "10 ETIMEDOUT\n"
             "10 ECANCELED main cancelling 0\n"
             "10 run -> None\n");
}

static int clean_up_in_5(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(100);
    rill_sleep_ms(5);
    ev("cleanup done");
    return code;
}

// The wait lasts until the cancelled child has really ended.
static int waits_for_cleanup_main(void *arg)
{
    (void)arg;
    int code = call_within(10, clean_up_in_5, NULL);
    ev("%s", outcome(code, "None"));
    return 0;
}

TEST(waits_for_cleanup)
{
    run_main(waits_for_cleanup_main);
    trace_is("15 cleanup done\n"
             "15 ETIMEDOUT\n"
             "15 run -> None\n");
}

static int waits_for_cleanup_of_a_task_main(void *arg)
{
    (void)arg;
    int code = rill_wait_for(spawn_future(clean_up_in_5, NULL), RILL_MS(10), NULL);
    ev("%s", outcome(code, "None"));
    return 0;
}

// The same program on a task.
TEST(waits_for_cleanup_of_a_task)
{
    run_main(waits_for_cleanup_of_a_task_main);
    trace_is("15 cleanup done\n"
             "15 ETIMEDOUT\n"
             "15 run -> None\n");
}

// With no time at all the reference makes a task and cancels it before its first step. There is no negative time here.
static int zero_timeout_not_started_main(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2; i++) {
        int code = rill_wait_for(spawn_future(say, "never starts"), 0, NULL);
        ev("%s", outcome(code, "None"));
    }
    return 0;
}

TEST(zero_timeout_not_started)
{
    run_main(zero_timeout_not_started_main);
    trace_is("0 ETIMEDOUT\n"
             "0 ETIMEDOUT\n"
             "0 run -> None\n");
}

static int zero_timeout_running_task_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(clean_up_in_3, NULL);
    rill_sleep_ms(1);
    int code = rill_wait_for(rill_task_future(t), 0, NULL);
    ev("%s", outcome(code, "None"));
    ev("%s", state_of(rill_task_future(t)));
    return 0;
}

TEST(zero_timeout_running_task)
{
    run_main(zero_timeout_running_task_main);
    trace_is("1 a cancelled\n"
             "4 a cleaned\n"
             "4 ETIMEDOUT\n"
             "4 ECANCELED\n"
             "4 run -> None\n");
}

TEST_MAIN("wait_for", TEST_CASE(cancelled_after_child_done), TEST_CASE(cancelled_by_outside),
          TEST_CASE(cancelled_twice_during_cleanup), TEST_CASE(child_raises_timeout_itself), TEST_CASE(completes),
          TEST_CASE(nested), TEST_CASE(race_done_and_timeout_same_ms), TEST_CASE(self_cancellation),
          TEST_CASE(steps_to_first_run), TEST_CASE(times_out), TEST_CASE(waits_for_cleanup),
          TEST_CASE(waits_for_cleanup_of_a_task), TEST_CASE(zero_timeout_not_started),
          TEST_CASE(zero_timeout_running_task))
