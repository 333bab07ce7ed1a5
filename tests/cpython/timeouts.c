// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
// CPython's test_timeouts.py. What it says of __cause__ and __context__ has no counterpart: an error is one code.
#define CONF_TASKS 3
#include "cpython.h"

#include <rill/group.h>
#include <rill/timeout.h>

static rill_timeout_t cm1;
static rill_timeout_t cm2;

static void limit(rill_timeout_t *timeout, rill_time_t us)
{
    *timeout = (rill_timeout_t){ 0 };
    CHECK_EQ(rill_timeout_begin(timeout, us), 0);
}

static void limit_at(rill_timeout_t *timeout, rill_time_t when)
{
    *timeout = (rill_timeout_t){ 0 };
    CHECK_EQ(rill_timeout_begin_at(timeout, when), 0);
}

// The body of most cases.
static int sleep_within(rill_timeout_t *timeout, uint32_t ms)
{
    return rill_timeout_end(timeout, rill_sleep_ms(ms));
}

static int basic(void *arg)
{
    (void)arg;
    limit(&cm1, RILL_MS(10));
    CHECK_EQ(sleep_within(&cm1, 10000), RILL_ETIMEDOUT);
    CHECK(rill_timeout_expired(&cm1));
    return 0;
}

TEST(test_timeout_basic)
{
    main_is(basic, 0);
}

static int at_basic(void *arg)
{
    rill_time_t deadline = rill_clock_now() + RILL_MS(10);
    (void)arg;
    limit_at(&cm1, deadline);
    CHECK_EQ(sleep_within(&cm1, 10000), RILL_ETIMEDOUT);
    CHECK(rill_timeout_expired(&cm1));
    CHECK_EQ(rill_timeout_when(&cm1), deadline);
    return 0;
}

TEST(test_timeout_at_basic)
{
    main_is(at_basic, 0);
}

// Only the outermost turns the cancellation into a time-out.
static int nested(void *arg)
{
    rill_time_t deadline = rill_clock_now() + RILL_MS(10);
    (void)arg;
    limit_at(&cm1, deadline);
    limit_at(&cm2, deadline);
    int code = sleep_within(&cm2, 10000);
    CHECK_EQ(code, RILL_ECANCELED);
    CHECK_EQ(rill_timeout_end(&cm1, code), RILL_ETIMEDOUT);
    CHECK(rill_timeout_expired(&cm1));
    CHECK(rill_timeout_expired(&cm2));
    return 0;
}

TEST(test_nested_timeouts)
{
    main_is(nested, 0);
}

static int see_cancel(void *arg)
{
    (void)arg;
    limit(&cm1, RILL_MS(10));
    int code = rill_sleep_ms(10000);
    CHECK_EQ(code, RILL_ECANCELED);
    return rill_timeout_end(&cm1, code);
}

TEST(test_waiter_cancelled)
{
    main_is(see_cancel, RILL_ETIMEDOUT);
}

static int not_called(void *arg)
{
    (void)arg;
    limit(&cm1, RILL_S(10));
    CHECK_EQ(sleep_within(&cm1, 10), 0);
    CHECK(!rill_timeout_expired(&cm1));
    CHECK(rill_timeout_when(&cm1) > rill_clock_now());
    return 0;
}

TEST(test_timeout_not_called)
{
    main_is(not_called, 0);
}

static int disabled(void *arg)
{
    (void)arg;
    limit(&cm1, RILL_NEVER);
    CHECK_EQ(sleep_within(&cm1, 10), 0);
    CHECK(!rill_timeout_expired(&cm1));
    CHECK(rill_timeout_when(&cm1) == RILL_NEVER);
    return 0;
}

TEST(test_timeout_disabled)
{
    main_is(disabled, 0);
}

static int at_disabled(void *arg)
{
    (void)arg;
    limit_at(&cm1, RILL_NEVER);
    CHECK_EQ(sleep_within(&cm1, 10), 0);
    CHECK(!rill_timeout_expired(&cm1));
    CHECK(rill_timeout_when(&cm1) == RILL_NEVER);
    return 0;
}

TEST(test_timeout_at_disabled)
{
    main_is(at_disabled, 0);
}

static int zero(void *arg)
{
    rill_time_t t0 = rill_clock_now();
    limit(&cm1, 0);
    CHECK_EQ(sleep_within(&cm1, (uint32_t)INT(arg)), RILL_ETIMEDOUT);
    CHECK(rill_timeout_expired(&cm1));
    CHECK(t0 <= rill_timeout_when(&cm1) && rill_timeout_when(&cm1) <= rill_clock_now());
    return 0;
}

static int zero_and_sleep(void *arg)
{
    (void)arg;
    return zero(PTR(10000));
}

static int zero_and_yield(void *arg)
{
    (void)arg;
    return zero(PTR(0));
}

TEST(test_timeout_zero)
{
    main_is(zero_and_sleep, 0);
}

TEST(test_timeout_zero_sleep_zero)
{
    main_is(zero_and_yield, 0);
}

// A duration is unsigned; a deadline may lie in the past.
static int past_and_yield(void *arg)
{
    (void)arg;
    rill_sleep_ms(20);
    rill_time_t t0 = rill_clock_now();
    limit_at(&cm1, t0 - RILL_MS(11));
    CHECK_EQ(sleep_within(&cm1, 0), RILL_ETIMEDOUT);
    CHECK(rill_timeout_expired(&cm1));
    CHECK(rill_timeout_when(&cm1) <= t0);
    return 0;
}

TEST(test_timeout_in_the_past_sleep_zero)
{
    main_is(past_and_yield, 0);
}

static int fail_in_time(void *arg)
{
    (void)arg;
    limit(&cm1, RILL_MS(10));
    int code = rill_timeout_end(&cm1, E(1));
    CHECK(!rill_timeout_expired(&cm1));
    return code;
}

TEST(test_foreign_exception_passed)
{
    main_is(fail_in_time, E(1));
}

static int fail_on_timeout(void *arg)
{
    (void)arg;
    limit(&cm1, RILL_MS(10));
    CHECK_EQ(rill_sleep_ms(1000), RILL_ECANCELED);
    return rill_timeout_end(&cm1, E(1));
}

TEST(test_foreign_exception_on_timeout)
{
    main_is(fail_on_timeout, E(1));
}

static int cancel_self(void)
{
    return rill_task_cancel(rill_task_current());
}

static int foreign_cancel(void *arg)
{
    (void)arg;
    limit(&cm1, RILL_S(10));
    cancel_self();
    int code = sleep_within(&cm1, 10000);
    CHECK(!rill_timeout_expired(&cm1));
    return code;
}

TEST(test_foreign_cancel_doesnt_timeout_if_not_expired)
{
    main_is(foreign_cancel, RILL_ECANCELED);
}

static int outer_task(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(basic, NULL);
    CHECK_EQ(await_task(task), 0);
    CHECK(!cancelled(task));
    CHECK(done(task));
    return 0;
}

TEST(test_outer_task_is_not_cancelled)
{
    main_is(outer_task, 0);
}

static int concurrent(void *arg)
{
    (void)arg;
    limit(&cm1, RILL_MS(2));
    limit(&cm2, RILL_MS(100));
    busy(10);
    int code = sleep_within(&cm2, 1000);
    CHECK_EQ(code, RILL_ECANCELED); // the outer one's
    return rill_timeout_end(&cm1, code);
}

TEST(test_nested_timeouts_concurrent)
{
    main_is(concurrent, RILL_ETIMEDOUT);
}

static int loop_busy(void *arg)
{
    rill_time_t t0 = rill_clock_now();
    (void)arg;
    limit(&cm1, RILL_MS(100));
    limit(&cm2, RILL_MS(10));
    busy(99);
    CHECK_EQ(sleep_within(&cm2, 1000), RILL_ETIMEDOUT);
    CHECK_EQ(sleep_within(&cm1, 10000), RILL_ETIMEDOUT);
    CHECK_EQ(rill_clock_now() - t0, RILL_MS(100));
    return 0;
}

TEST(test_nested_timeouts_loop_busy)
{
    main_is(loop_busy, 0);
}

static rill_future_t entered;

static int sleep_under_limit(void *arg)
{
    limit_at(&cm1, RILL_S(INT(arg)));
    rill_future_set_result(&entered, 0);
    return sleep_within(&cm1, 50000);
}

static int reschedule(void *arg)
{
    (void)arg;
    renew(&entered);
    rill_task_t task = spawn(sleep_under_limit, PTR(10));
    CHECK_EQ(await(&entered), 0);
    CHECK_EQ(rill_timeout_when(&cm1), RILL_S(10));
    CHECK_EQ(rill_timeout_reschedule(&cm1, RILL_S(30)), 0);
    CHECK_EQ(rill_timeout_when(&cm1), RILL_S(30));
    CHECK_EQ(rill_timeout_reschedule(&cm1, RILL_NEVER), 0);
    CHECK(rill_timeout_when(&cm1) == RILL_NEVER);
    rill_task_cancel(task);
    CHECK_EQ(await_task(task), RILL_ECANCELED);
    CHECK(!rill_timeout_expired(&cm1));
    return 0;
}

TEST(test_reschedule)
{
    main_is(reschedule, 0);
}

static int in_cleanup(void *arg)
{
    (void)arg;
    limit(&cm1, RILL_MS(10));
    int code = rill_sleep_ms(1000);
    limit(&cm2, RILL_MS(10));
    CHECK_EQ(sleep_within(&cm2, 10000), RILL_ETIMEDOUT);
    return rill_timeout_end(&cm1, code);
}

TEST(test_nested_timeout_in_finally)
{
    main_is(in_cleanup, RILL_ETIMEDOUT);
}

static int after_cancellation(void *arg)
{
    (void)arg;
    cancel_self();
    CHECK_EQ(rill_sleep_ms(1000), RILL_ECANCELED);
    limit(&cm1, 0);
    CHECK_EQ(sleep_within(&cm1, 1000), RILL_ETIMEDOUT);
    return 0;
}

TEST(test_timeout_after_cancellation)
{
    main_is(after_cancellation, 0);
}

static int cancel_after_cancellation(void *arg)
{
    (void)arg;
    cancel_self();
    CHECK_EQ(rill_sleep_ms(1000), RILL_ECANCELED);
    limit(&cm1, RILL_MS(1000));
    cancel_self();
    CHECK_EQ(sleep_within(&cm1, 2000), RILL_ECANCELED);
    return 0;
}

TEST(test_cancel_in_timeout_after_cancellation)
{
    main_is(cancel_after_cancellation, 0);
}

// ---- states

static int already_entered(void *arg)
{
    (void)arg;
    limit(&cm1, RILL_MS(10));
    CHECK_EQ(rill_timeout_begin(&cm1, RILL_MS(10)), RILL_EPERM);
    return rill_timeout_end(&cm1, 0);
}

TEST(test_timeout_already_entered)
{
    main_is(already_entered, 0);
}

static int double_enter(void *arg)
{
    (void)arg;
    limit(&cm1, RILL_MS(10));
    CHECK_EQ(rill_timeout_end(&cm1, 0), 0);
    CHECK_EQ(rill_timeout_begin(&cm1, RILL_MS(10)), RILL_EPERM);
    return 0;
}

TEST(test_timeout_double_enter)
{
    main_is(double_enter, 0);
}

static int move_finished(void *arg)
{
    (void)arg;
    limit(&cm1, RILL_MS(10));
    CHECK_EQ(rill_timeout_end(&cm1, 0), 0);
    CHECK_EQ(rill_timeout_reschedule(&cm1, RILL_MS(20)), RILL_EPERM);
    return 0;
}

TEST(test_timeout_finished)
{
    main_is(move_finished, 0);
}

static int move_expired(void *arg)
{
    (void)arg;
    limit(&cm1, RILL_MS(10));
    CHECK_EQ(sleep_within(&cm1, 1000), RILL_ETIMEDOUT);
    CHECK_EQ(rill_timeout_reschedule(&cm1, RILL_MS(20)), RILL_EPERM);
    return 0;
}

TEST(test_timeout_expired)
{
    main_is(move_expired, 0);
}

// Swallowed: the body returned normally, so there is no time-out either.
static int move_expiring(void *arg)
{
    (void)arg;
    limit(&cm1, RILL_MS(10));
    CHECK_EQ(rill_sleep_ms(1000), RILL_ECANCELED);
    CHECK_EQ(rill_timeout_reschedule(&cm1, RILL_MS(20)), RILL_EPERM);
    return rill_timeout_end(&cm1, 0);
}

TEST(test_timeout_expiring)
{
    main_is(move_expiring, 0);
}

static int move_new(void *arg)
{
    (void)arg;
    cm1 = (rill_timeout_t){ 0 };
    CHECK_EQ(rill_timeout_reschedule(&cm1, RILL_MS(20)), RILL_EPERM);
    return 0;
}

TEST(test_timeout_not_entered)
{
    main_is(move_new, 0);
}

static int enter_in_callback(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_timeout_begin(&cm1, RILL_MS(10)), RILL_EPERM);
    return move_new(NULL);
}

TEST(test_timeout_without_task)
{
    start();
    cm1 = (rill_timeout_t){ 0 };
    CHECK_EQ(rill_timeout_begin(&cm1, RILL_MS(10)), RILL_EPERM);
    soon(enter_in_callback, NULL);
    run_briefly();
}

// ---- around a group

static rill_group_error_t failed[2];
static rill_error_list_t errors = RILL_ERROR_LIST_INIT(failed);

static int crash_in_cleanup(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_sleep_ms(2000), RILL_ECANCELED);
    return E(1);
}

static int around_group(void *arg)
{
    rill_group_t group = RILL_GROUP_INIT(&errors);
    (void)arg;
    limit(&cm1, RILL_MS(10));
    CHECK_EQ(rill_group_begin(&group), 0);
    CHECK_EQ(rill_group_spawn(&group, &pool, crash_in_cleanup, NULL, NULL), 0);
    int code = rill_group_end(&group, rill_sleep_ms(1000));
    return rill_timeout_end(&cm1, code);
}

TEST(test_timeout_taskgroup)
{
    main_is(around_group, RILL_EGROUP);
    CHECK_EQ(errors.count, 1);
    CHECK_EQ(failed[0].error, E(1));
}

TEST_MAIN("cpython_timeouts", TEST_CASE(test_timeout_basic), TEST_CASE(test_timeout_at_basic),
          TEST_CASE(test_nested_timeouts), TEST_CASE(test_waiter_cancelled), TEST_CASE(test_timeout_not_called),
          TEST_CASE(test_timeout_disabled), TEST_CASE(test_timeout_at_disabled), TEST_CASE(test_timeout_zero),
          TEST_CASE(test_timeout_zero_sleep_zero), TEST_CASE(test_timeout_in_the_past_sleep_zero),
          TEST_CASE(test_foreign_exception_passed), TEST_CASE(test_foreign_exception_on_timeout),
          TEST_CASE(test_foreign_cancel_doesnt_timeout_if_not_expired), TEST_CASE(test_outer_task_is_not_cancelled),
          TEST_CASE(test_nested_timeouts_concurrent), TEST_CASE(test_nested_timeouts_loop_busy),
          TEST_CASE(test_reschedule), TEST_CASE(test_nested_timeout_in_finally),
          TEST_CASE(test_timeout_after_cancellation), TEST_CASE(test_cancel_in_timeout_after_cancellation),
          TEST_CASE(test_timeout_already_entered), TEST_CASE(test_timeout_double_enter),
          TEST_CASE(test_timeout_finished), TEST_CASE(test_timeout_expired), TEST_CASE(test_timeout_expiring),
          TEST_CASE(test_timeout_not_entered), TEST_CASE(test_timeout_without_task), TEST_CASE(test_timeout_taskgroup))
