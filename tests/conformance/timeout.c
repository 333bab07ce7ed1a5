// asyncio.timeout, rules TO1-TO11. `async with` is begin and end, the code of the body between them.
// rill-test: min-ram=16
#include "sync.h"

#include <rill/group.h>

// async with timeout(ms) as t: await sleep(sleep_ms). Each case that does more spells it out.
static int sleep_within(rill_timeout_t *t, uint32_t ms, uint32_t sleep_ms)
{
    int code = rill_timeout_begin(t, RILL_MS(ms));
    return code != 0 ? code : rill_timeout_end(t, rill_sleep_ms(sleep_ms));
}

static int cancelling(void)
{
    return rill_task_cancelling(rill_task_current());
}

static int report_cancel(void *number)
{
    int code = rill_sleep_ms(100);
    if (code == RILL_ECANCELED) {
        ev("a%d cancelled", (int)(intptr_t)number);
    }
    return code;
}

static int around_gather_main(void *arg)
{
    static rill_awaitable_t both[2];
    rill_timeout_t t = { 0 };
    (void)arg;
    EMPTY(both);
    int code = rill_timeout_begin(&t, RILL_MS(10));
    both[0].future = spawn_future(report_cancel, (void *)1);
    both[1].future = spawn_future(report_cancel, (void *)2);
    code = code != 0 ? code : rill_timeout_end(&t, rill_gather(both, 2, 0));
    ev("%s", outcome(code, "None"));
    return 0;
}

TEST(around_gather)
{
    run_main(around_gather_main);
    trace_is("10 a1 cancelled\n"
             "10 a2 cancelled\n"
             "10 ETIMEDOUT\n"
             "10 run -> None\n");
}

static int group_of_two(rill_group_t *group)
{
    int code = rill_group_begin(group);
    if (code != 0) {
        return code;
    }
    code = rill_group_spawn(group, &pool, report_cancel, (void *)1, NULL);
    if (code == 0) {
        code = rill_group_spawn(group, &pool, report_cancel, (void *)2, NULL);
    }
    return rill_group_end(group, code);
}

static int around_taskgroup_main(void *arg)
{
    rill_timeout_t t = { 0 };
    rill_group_t group = RILL_GROUP_INIT(NULL);
    (void)arg;
    int code = rill_timeout_begin(&t, RILL_MS(10));
    code = code != 0 ? code : rill_timeout_end(&t, group_of_two(&group));
    ev("%s", outcome(code, "None"));
    ev("%d", cancelling());
    return 0;
}

TEST(around_taskgroup)
{
    run_main(around_taskgroup_main);
    trace_is("10 a1 cancelled\n"
             "10 a2 cancelled\n"
             "10 ETIMEDOUT\n"
             "10 0\n"
             "10 run -> None\n");
}

static int body_error_before_expiry_main(void *arg)
{
    rill_timeout_t t = { 0 };
    (void)arg;
    int code = rill_timeout_begin(&t, RILL_MS(5));
    code = rill_timeout_end(&t, code != 0 ? code : E(3));
    ev("%s", outcome(code, "None"));
    ev("%d", rill_timeout_expired(&t));
    return rill_sleep_ms(10);
}

TEST(body_error_before_expiry)
{
    run_main(body_error_before_expiry_main);
    trace_is("0 E3\n"
             "0 0\n"
             "10 run -> None\n");
}

static int body_raises_on_expiry_main(void *arg)
{
    rill_timeout_t t = { 0 };
    (void)arg;
    int code = rill_timeout_begin(&t, RILL_MS(5));
    code = code != 0 ? code : rill_sleep_ms(50);
    code = rill_timeout_end(&t, code == RILL_ECANCELED ? E(3) : code);
    ev("%s", outcome(code, "None"));
    ev("expired %d cancelling %d", rill_timeout_expired(&t), cancelling());
    return 0;
}

TEST(body_raises_on_expiry)
{
    run_main(body_raises_on_expiry_main);
    trace_is("5 E3\n"
             "5 expired 1 cancelling 0\n"
             "5 run -> None\n");
}

// The body goes on after the cancellation: no RILL_ETIMEDOUT, but the limit has expired.
static int body_swallows_expiry_main(void *arg)
{
    rill_timeout_t t = { 0 };
    (void)arg;
    rill_timeout_begin(&t, RILL_MS(5));
    int code = rill_sleep_ms(50);
    ev("%s", outcome(code, "None"));
    ev("went on");
    CHECK_EQ(rill_timeout_end(&t, 0), 0);
    ev("expired %d cancelling %d", rill_timeout_expired(&t), cancelling());
    return 0;
}

TEST(body_swallows_expiry)
{
    run_main(body_swallows_expiry_main);
    trace_is("5 ECANCELED\n"
             "5 went on\n"
             "5 expired 1 cancelling 0\n"
             "5 run -> None\n");
}

static int sleep_100_within(void *ms)
{
    rill_timeout_t t = { 0 };
    return sleep_within(&t, (uint32_t)(uintptr_t)ms, 100);
}

static int cancel_task(void *index)
{
    rill_task_cancel(spawned[(uintptr_t)index]);
    return 0;
}

static void ev_end_of(rill_task_t task)
{
    int code = rill_await(rill_task_future(task), NULL);
    ev("%s", outcome(code, "None"));
    ev("%d", rill_task_cancelling(task));
}

// Cancelled from outside and expired before the task runs: the cancellation wins, in both orders.
static int cancel_and_expire_same_iteration_main(void *arg)
{
    static rill_timer_t timers[2];
    (void)arg;
    EMPTY(timers);
    rill_task_t t = spawn(sleep_100_within, (void *)10);
    rill_call_later(rill_loop_running(), &timers[0], RILL_MS(10), cancel_task, (void *)0);
    ev_end_of(t);
    rill_task_t u = spawn(sleep_100_within, (void *)10);
    rill_yield();
    rill_call_later(rill_loop_running(), &timers[1], RILL_MS(10), cancel_task, (void *)1);
    ev_end_of(u);
    return 0;
}

TEST(cancel_and_expire_same_iteration)
{
    run_main(cancel_and_expire_same_iteration_main);
    trace_is("10 ECANCELED\n"
             "10 1\n"
             "20 ECANCELED\n"
             "20 1\n"
             "20 run -> None\n");
}

static int cancel_from_outside_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(sleep_100_within, (void *)50);
    rill_sleep_ms(5);
    rill_task_cancel(t);
    int code = rill_await(rill_task_future(t), NULL);
    ev("%s", outcome(code, "None"));
    ev("%s %d", state_of(rill_task_future(t)), rill_task_cancelling(t));
    return 0;
}

TEST(cancel_from_outside)
{
    run_main(cancel_from_outside_main);
    trace_is("5 ECANCELED\n"
             "5 ECANCELED 1\n"
             "5 run -> None\n");
}

static int swallow_then_limit(void *arg)
{
    rill_timeout_t t = { 0 };
    (void)arg;
    int code = rill_sleep_ms(100);
    ev("%s", outcome(code, "None"));
    code = sleep_within(&t, 5, 50);
    if (code < 0) {
        ev("%s", error_name(code));
    }
    return code;
}

static int cancelled_again_inside_after_cancel_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(swallow_then_limit, NULL);
    rill_sleep_ms(1);
    rill_task_cancel(t);
    rill_sleep_ms(2);
    rill_task_cancel(t);
    ev_end_of(t);
    return 0;
}

TEST(cancelled_again_inside_after_cancel)
{
    run_main(cancelled_again_inside_after_cancel_main);
    trace_is("1 ECANCELED\n"
             "3 ECANCELED\n"
             "3 ECANCELED\n"
             "3 2\n"
             "3 run -> None\n");
}

static int expired_main(void *arg)
{
    rill_timeout_t t = { 0 };
    (void)arg;
    int code = rill_timeout_begin(&t, RILL_MS(10));
    code = code != 0 ? code : rill_sleep_ms(50);
    if (code == 0) {
        ev("never");
    }
    code = rill_timeout_end(&t, code);
    ev("%s", outcome(code, "None"));
    ev("expired %d cancelling %d", rill_timeout_expired(&t), cancelling());
    code = rill_sleep_ms(5);
    ev("%s", outcome(code, "None"));
    return 0;
}

TEST(expired)
{
    run_main(expired_main);
    trace_is("10 ETIMEDOUT\n"
             "10 expired 1 cancelling 0\n"
             "15 None\n"
             "15 run -> None\n");
}

// What the body waits for comes at the same millisecond, armed later: the limit wins.
static int expiry_races_with_completion_main(void *arg)
{
    rill_timeout_t t = { 0 };
    (void)arg;
    int code = rill_timeout_begin(&t, RILL_MS(10));
    code = code != 0 ? code : rill_sleep_ms(10);
    if (code == 0) {
        ev("body completed");
    }
    code = rill_timeout_end(&t, code);
    if (code != 0) {
        ev("%s", outcome(code, "None"));
    }
    ev("%d", rill_timeout_expired(&t));
    return 0;
}

TEST(expiry_races_with_completion)
{
    run_main(expiry_races_with_completion_main);
    trace_is("10 ETIMEDOUT\n"
             "10 1\n"
             "10 run -> None\n");
}

static int limit_after_a_cancel(void *arg)
{
    rill_timeout_t t = { 0 };
    (void)arg;
    int code = rill_sleep_ms(100);
    ev("%s", outcome(code, "None"));
    ev("cancelling %d", cancelling());
    code = sleep_within(&t, 5, 50);
    ev("%s", outcome(code, "None"));
    ev("cancelling %d", cancelling());
    return 1;
}

// Begun with one cancellation counted already: the limit still knows its own.
static int inner_expiry_with_prior_cancel_main(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    rill_task_t t = spawn(limit_after_a_cancel, NULL);
    rill_sleep_ms(1);
    rill_task_cancel(t);
    int code = rill_await(rill_task_future(t), &value);
    ev("%s", number_or_error(code, value));
    return 0;
}

TEST(inner_expiry_with_prior_cancel)
{
    run_main(inner_expiry_with_prior_cancel_main);
    trace_is("1 ECANCELED\n"
             "1 cancelling 1\n"
             "6 ETIMEDOUT\n"
             "6 cancelling 1\n"
             "6 1\n"
             "6 run -> None\n");
}

static int nested_inner_expires_main(void *arg)
{
    rill_timeout_t outer = { 0 };
    rill_timeout_t inner = { 0 };
    (void)arg;
    int code = rill_timeout_begin(&outer, RILL_MS(50));
    code = code != 0 ? code : sleep_within(&inner, 10, 100);
    ev("%s", outcome(code, "None"));
    ev("outer body goes on");
    code = rill_timeout_end(&outer, rill_sleep_ms(5));
    ev("%d%d", rill_timeout_expired(&outer), rill_timeout_expired(&inner));
    return code;
}

TEST(nested_inner_expires)
{
    run_main(nested_inner_expires_main);
    trace_is("10 ETIMEDOUT\n"
             "10 outer body goes on\n"
             "15 01\n"
             "15 run -> None\n");
}

static int none_main(void *arg)
{
    rill_timeout_t t = { 0 };
    (void)arg;
    int code = rill_timeout_begin(&t, RILL_NEVER);
    code = code != 0 ? code : rill_timeout_end(&t, rill_sleep_ms(1000));
    ev("%s %d", rill_timeout_when(&t) == RILL_NEVER ? "None" : "some", rill_timeout_expired(&t));
    return code;
}

TEST(none)
{
    run_main(none_main);
    trace_is("1000 None 0\n"
             "1000 run -> None\n");
}

static int not_expired_main(void *arg)
{
    rill_timeout_t t = { 0 };
    (void)arg;
    rill_timeout_begin(&t, RILL_MS(10));
    int code = rill_sleep_ms(5);
    ev("body");
    code = rill_timeout_end(&t, code);
    ev("expired %d", rill_timeout_expired(&t));
    if (code == 0) {
        code = rill_sleep_ms(20);
    }
    ev("no late cancel");
    return code;
}

TEST(not_expired)
{
    run_main(not_expired_main);
    trace_is("5 body\n"
             "5 expired 0\n"
             "25 no late cancel\n"
             "25 run -> None\n");
}

static int past_deadline_main(void *arg)
{
    rill_timeout_t t = { 0 };
    (void)arg;
    rill_sleep_ms(10);
    int code = rill_timeout_begin_at(&t, RILL_MS(5));
    code = code != 0 ? code : rill_timeout_end(&t, rill_sleep_ms(10));
    ev("%s", outcome(code, "None"));
    return 0;
}

TEST(past_deadline)
{
    run_main(past_deadline_main);
    trace_is("10 ETIMEDOUT\n"
             "10 run -> None\n");
}

static int reschedule_earlier_and_none_main(void *arg)
{
    rill_timeout_t t = { 0 };
    rill_timeout_t u = { 0 };
    (void)arg;
    rill_timeout_begin(&t, RILL_MS(100));
    CHECK_EQ(rill_timeout_reschedule(&t, RILL_MS(5)), RILL_OK);
    int code = rill_timeout_end(&t, rill_sleep_ms(50));
    ev("%s", outcome(code, "None"));
    rill_timeout_begin(&u, RILL_MS(5));
    CHECK_EQ(rill_timeout_reschedule(&u, RILL_NEVER), RILL_OK);
    code = rill_timeout_end(&u, rill_sleep_ms(20));
    ev("%d", rill_timeout_expired(&u));
    return code;
}

TEST(reschedule_earlier_and_none)
{
    run_main(reschedule_earlier_and_none_main);
    trace_is("5 ETIMEDOUT\n"
             "25 0\n"
             "25 run -> None\n");
}

static int reschedule_later_main(void *arg)
{
    rill_timeout_t t = { 0 };
    (void)arg;
    rill_timeout_begin(&t, RILL_MS(10));
    rill_sleep_ms(5);
    CHECK_EQ(rill_timeout_reschedule(&t, rill_loop_time() + RILL_MS(20)), RILL_OK);
    ev("%u", (unsigned)(rill_timeout_when(&t) / 1000));
    int code = rill_timeout_end(&t, rill_sleep_ms(100));
    ev("%s", outcome(code, "None"));
    return 0;
}

TEST(reschedule_later)
{
    run_main(reschedule_later_main);
    trace_is("5 25\n"
             "25 ETIMEDOUT\n"
             "25 run -> None\n");
}

static int begin_in_a_callback(void *loop)
{
    static rill_timeout_t t;
    ev("%s", outcome(rill_timeout_begin(&t, RILL_MS(1000)), "entered"));
    return rill_loop_stop(loop);
}

TEST(without_task)
{
    static rill_loop_t loop;
    static rill_handle_t handle = RILL_HANDLE_INIT(NULL, NULL);
    CHECK_EQ(rill_loop_init(&loop), RILL_OK);
    CHECK_EQ(rill_call_soon(&loop, &handle, begin_in_a_callback, &loop), RILL_OK);
    CHECK_EQ(rill_run_forever(&loop), RILL_OK);
    CHECK_EQ(rill_loop_close(&loop), RILL_OK);
    trace_is("0 EPERM\n");
}

static int zero_main(void *arg)
{
    rill_timeout_t t = { 0 };
    (void)arg;
    rill_timeout_begin(&t, 0);
    ev("body runs until its first suspension");
    int code = rill_sleep_ms(10);
    if (code == 0) {
        ev("never");
    }
    code = rill_timeout_end(&t, code);
    ev("%s", outcome(code, "None"));
    ev("%d", rill_timeout_expired(&t));
    return 0;
}

TEST(zero)
{
    run_main(zero_main);
    trace_is("0 body runs until its first suspension\n"
             "0 ETIMEDOUT\n"
             "0 1\n"
             "0 run -> None\n");
}

static int zero_body_without_await_main(void *arg)
{
    rill_timeout_t t = { 0 };
    (void)arg;
    rill_timeout_begin(&t, 0);
    ev("no suspension");
    CHECK_EQ(rill_timeout_end(&t, 0), 0);
    ev("expired %d", rill_timeout_expired(&t));
    int code = rill_sleep_ms(1);
    ev("%s", outcome(code, "None"));
    return 0;
}

TEST(zero_body_without_await)
{
    run_main(zero_body_without_await_main);
    trace_is("0 no suspension\n"
             "0 expired 0\n"
             "1 None\n"
             "1 run -> None\n");
}

static int two_yields(void)
{
    for (int i = 1; i <= 2; i++) {
        int code = rill_yield();
        if (code != 0) {
            return code;
        }
        ev("after %d", i);
    }
    return 0;
}

static int zero_sleep0_main(void *arg)
{
    rill_timeout_t t = { 0 };
    (void)arg;
    rill_timeout_begin(&t, 0);
    int code = rill_timeout_end(&t, two_yields());
    if (code != 0) {
        ev("%s", error_name(code));
    }
    return 0;
}

TEST(zero_sleep0)
{
    run_main(zero_sleep0_main);
    trace_is("0 ETIMEDOUT\n"
             "0 run -> None\n");
}

TEST_MAIN("timeout", TEST_CASE(around_gather), TEST_CASE(around_taskgroup), TEST_CASE(body_error_before_expiry),
          TEST_CASE(body_raises_on_expiry), TEST_CASE(body_swallows_expiry),
          TEST_CASE(cancel_and_expire_same_iteration), TEST_CASE(cancel_from_outside),
          TEST_CASE(cancelled_again_inside_after_cancel), TEST_CASE(expired), TEST_CASE(expiry_races_with_completion),
          TEST_CASE(inner_expiry_with_prior_cancel), TEST_CASE(nested_inner_expires), TEST_CASE(none),
          TEST_CASE(not_expired), TEST_CASE(past_deadline), TEST_CASE(reschedule_earlier_and_none),
          TEST_CASE(reschedule_later), TEST_CASE(without_task), TEST_CASE(zero), TEST_CASE(zero_body_without_await),
          TEST_CASE(zero_sleep0))
