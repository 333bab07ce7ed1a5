// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
// CPython's test_waitfor.py. wait_for of a coroutine is wait_for of a task just made.
#define CONF_TASKS 4
#include "cpython.h"

#include <rill/gather.h>
#include <rill/timeout.h>

static int waitfor_task(rill_task_t task, rill_time_t us)
{
    return rill_wait_for(rill_task_future(task), us, NULL);
}

enum { SLOW_MS = 200 };
static bool exited;

// Runs for its time, whoever cancels it.
static int slow_task(void *arg)
{
    rill_time_t exit_at = now_ms() + SLOW_MS;
    (void)arg;
    while (now_ms() < exit_at) {
        (void)rill_sleep_until(RILL_MS(exit_at));
    }
    exited = true;
    return 0;
}

static int wait_for_slow(void *arg)
{
    return waitfor_task(spawn(slow_task, NULL), RILL_MS(INT(arg)));
}

static int cancel_wait_for_slow(void *arg)
{
    (void)arg;
    exited = false;
    rill_task_t waiting = spawn(wait_for_slow, PTR(SLOW_MS * 2));
    rill_yield();
    rill_yield(); // a task of its own starts one step later than a coroutine
    rill_task_cancel(waiting);
    rill_awaitable_t one = { .future = rill_task_future(waiting) };
    CHECK_EQ(rill_wait(&one, 1, RILL_ALL_COMPLETED, RILL_NEVER), 1);
    CHECK(exited);
    return 0;
}

TEST(test_asyncio_wait_for_cancelled)
{
    main_is(cancel_wait_for_slow, 0);
}

static int time_out_slow(void *arg)
{
    (void)arg;
    exited = false;
    CHECK_EQ(wait_for_slow(PTR(SLOW_MS / 2)), 0); // its result came, late
    CHECK(exited);
    return 0;
}

TEST(test_asyncio_wait_for_timeout)
{
    main_is(time_out_slow, 0);
}

static rill_future_t f;
static int running; // -1: never ran
static bool task_done;

static int zero_of_done(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    renew(&f);
    rill_future_set_result(&f, 5);
    CHECK_EQ(rill_wait_for(&f, 0, &value), 0);
    CHECK_EQ(value, 5);
    CHECK(rill_future_done(&f));
    return 0;
}

TEST(test_wait_for_timeout_less_then_0_or_0_future_done)
{
    main_is(zero_of_done, 0);
}

static int set_running(void *arg)
{
    (void)arg;
    running = 1;
    return 0;
}

static int zero_of_new_task(void *arg)
{
    (void)arg;
    running = -1;
    CHECK_EQ(waitfor_task(spawn(set_running, NULL), 0), RILL_ETIMEDOUT);
    CHECK_EQ(running, -1);
    return 0;
}

TEST(test_wait_for_timeout_less_then_0_or_0_coroutine_do_not_started)
{
    main_is(zero_of_new_task, 0);
}

static int run_long(void *arg)
{
    (void)arg;
    running = 1;
    rill_future_set_result(&f, 0);
    int error = rill_sleep_ms(10000);
    running = 0;
    return error;
}

static int zero_of_running(void *arg)
{
    (void)arg;
    renew(&f);
    rill_task_t task = spawn(run_long, NULL);
    CHECK_EQ(await(&f), 0);
    CHECK_EQ(waitfor_task(task, 0), RILL_ETIMEDOUT);
    CHECK(done(task));
    CHECK(cancelled(task));
    CHECK_EQ(running, 0);
    return 0;
}

// A duration is unsigned: there is no timeout of -1.
TEST(test_wait_for_timeout_less_then_0_or_0)
{
    main_is(zero_of_running, 0);
}

static int limit_long(void *arg)
{
    (void)arg;
    renew(&f);
    rill_task_t task = spawn(run_long, NULL);
    CHECK_EQ(waitfor_task(task, RILL_MS(100)), RILL_ETIMEDOUT);
    CHECK(done(task));
    CHECK(cancelled(task));
    CHECK_EQ(running, 0);
    return 0;
}

TEST(test_wait_for)
{
    main_is(limit_long, 0);
}

static int return_arg(void *arg)
{
    return INT(arg);
}

static int no_limit(void *arg)
{
    (void)arg;
    return waitfor_task(spawn(return_arg, PTR(0)), RILL_NEVER);
}

TEST(test_wait_for_blocking)
{
    main_is(no_limit, 0);
}

static int set_f(void *arg)
{
    return rill_future_set_result(&f, INT(arg));
}

static int race(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    renew(&f);
    soon(set_f, PTR(9));
    CHECK_EQ(rill_wait_for(&f, RILL_MS(200), &value), 0);
    CHECK_EQ(value, 9);
    return 0;
}

TEST(test_wait_for_race_condition)
{
    main_is(race, 0);
}

// Catches its cancellation and returns a result.
static int answer_when_cancelled(void *arg)
{
    CHECK_EQ(rill_sleep_ms(1000), RILL_ECANCELED);
    return INT(arg);
}

static int limit_answering(void *arg)
{
    rill_value_t value = 0;
    rill_task_t inner = spawn(answer_when_cancelled, PTR(42));
    (void)arg;
    CHECK_EQ(rill_wait_for(rill_task_future(inner), RILL_MS(10), &value), 0);
    CHECK_EQ(value, 42);
    return 0;
}

TEST(test_wait_for_cancellation_race_condition)
{
    main_is(limit_answering, 0);
}

static int slow_cleanup(void *arg)
{
    (void)arg;
    int error = rill_sleep_ms(10000);
    if (error == RILL_ECANCELED) {
        CHECK_EQ(rill_sleep_us(100), 0);
    }
    task_done = true;
    return error;
}

static int wait_for_cleanup(void *arg)
{
    (void)arg;
    task_done = false;
    CHECK_EQ(waitfor_task(spawn(slow_cleanup, NULL), 100), RILL_ETIMEDOUT);
    CHECK(task_done);
    CHECK_EQ(rill_clock_now(), 200);
    return 0;
}

TEST(test_wait_for_waits_for_task_cancellation)
{
    main_is(wait_for_cleanup, 0);
}

static int wait_zero_for_cleanup(void *arg)
{
    (void)arg;
    task_done = false;
    rill_task_t inner = spawn(slow_cleanup, NULL);
    rill_sleep_us(100);
    CHECK_EQ(waitfor_task(inner, 0), RILL_ETIMEDOUT);
    CHECK(task_done);
    return 0;
}

TEST(test_wait_for_waits_for_task_cancellation_w_timeout_0)
{
    main_is(wait_zero_for_cleanup, 0);
}

static int fail_in_cleanup(void *arg)
{
    (void)rill_sleep_ms(200);
    return INT(arg);
}

static int limit_failing(void *arg)
{
    (void)arg;
    return waitfor_task(spawn(fail_in_cleanup, PTR(E(1))), 100);
}

TEST(test_wait_for_reraises_exception_during_cancellation)
{
    main_is(limit_failing, E(1));
}

static rill_task_t inner_task;
static rill_time_t limit;

static int block(void *arg)
{
    (void)arg;
    renew(&f);
    return await(&f);
}

static int wait_for_inner(void *arg)
{
    (void)arg;
    return waitfor_task(inner_task, limit);
}

static int cancel_task(void *arg)
{
    CHECK_EQ(rill_task_cancel(*(rill_task_t *)arg), 1);
    return 0;
}

static int cancel_waiting(void *arg)
{
    static rill_task_t waiting;
    (void)arg;
    inner_task = spawn(block, NULL);
    waiting = spawn(wait_for_inner, NULL);
    soon(cancel_task, &waiting);
    CHECK_EQ(await_task(waiting), RILL_ECANCELED);
    CHECK(cancelled(inner_task));
    return 0;
}

TEST(test_cancel_blocking_wait_for)
{
    limit = RILL_NEVER;
    main_is(cancel_waiting, 0);
}

TEST(test_cancel_wait_for)
{
    limit = RILL_S(60);
    main_is(cancel_waiting, 0);
}

TEST(test_wait_for_cancel_suppressed)
{
    main_is(limit_answering, 0);
}

static bool reached_end;

static int wait_and_sleep(void *arg)
{
    (void)arg;
    int error = waitfor_task(inner_task, RILL_S(100));
    error = error == 0 ? rill_sleep_ms(1000) : error;
    reached_end = error == 0;
    return error;
}

static int cancel_after_inner_done(void *arg)
{
    (void)arg;
    reached_end = false;
    inner_task = spawn(return_arg, PTR(5));
    rill_task_t task = spawn(wait_and_sleep, NULL);
    CHECK(!done(task));
    rill_yield();
    rill_task_cancel(task);
    CHECK_EQ(await_task(task), RILL_ECANCELED);
    CHECK(done(inner_task));
    CHECK_EQ(value_of_task(inner_task), 5);
    CHECK(!reached_end);
    return 0;
}

TEST(test_wait_for_issue86296)
{
    main_is(cancel_after_inner_done, 0);
}

// ---- wait_for of a shield

static rill_shield_t shield;

static int sleep_then_return(void *arg)
{
    int error = rill_sleep_ms((uint32_t)INT(arg));
    return error != 0 ? error : INT(arg);
}

static int zero_of_shield(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(sleep_then_return, PTR(10));
    rill_future_t *outer = rill_shield_begin(&shield, rill_task_future(task));
    CHECK_EQ(rill_wait_for(outer, 0, NULL), RILL_ETIMEDOUT);
    CHECK(!done(task));
    CHECK(!cancelled(task));
    CHECK(rill_future_cancelled(outer));
    rill_sleep_ms(100);
    CHECK(done(task));
    CHECK_EQ(value_of_task(task), 10);
    rill_shield_end(&shield);
    return 0;
}

TEST(test_zero_timeout)
{
    main_is(zero_of_shield, 0);
}

static int shield_without_limit(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(sleep_then_return, PTR(100));
    CHECK_EQ(rill_wait_for(rill_shield_begin(&shield, rill_task_future(task)), RILL_NEVER, NULL), 0);
    rill_shield_end(&shield);
    CHECK(done(task));
    CHECK_EQ(value_of_task(task), 100);
    return 0;
}

TEST(test_none_timeout)
{
    main_is(shield_without_limit, 0);
}

static int shield_with_limit(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(sleep_then_return, PTR(100));
    CHECK_EQ(rill_wait_for(rill_shield_begin(&shield, rill_task_future(task)), RILL_MS(10), NULL), RILL_ETIMEDOUT);
    rill_shield_end(&shield);
    CHECK(!done(task));
    CHECK_EQ(await_task(task), 0);
    CHECK_EQ(value_of_task(task), 100);
    return 0;
}

TEST(test_shielded_timeout)
{
    main_is(shield_with_limit, 0);
}

TEST_MAIN("cpython_waitfor", TEST_CASE(test_asyncio_wait_for_cancelled), TEST_CASE(test_asyncio_wait_for_timeout),
          TEST_CASE(test_wait_for_timeout_less_then_0_or_0_future_done),
          TEST_CASE(test_wait_for_timeout_less_then_0_or_0_coroutine_do_not_started),
          TEST_CASE(test_wait_for_timeout_less_then_0_or_0), TEST_CASE(test_wait_for),
          TEST_CASE(test_wait_for_blocking), TEST_CASE(test_wait_for_race_condition),
          TEST_CASE(test_wait_for_cancellation_race_condition), TEST_CASE(test_wait_for_waits_for_task_cancellation),
          TEST_CASE(test_wait_for_waits_for_task_cancellation_w_timeout_0),
          TEST_CASE(test_wait_for_reraises_exception_during_cancellation), TEST_CASE(test_cancel_blocking_wait_for),
          TEST_CASE(test_cancel_wait_for), TEST_CASE(test_wait_for_cancel_suppressed),
          TEST_CASE(test_wait_for_issue86296), TEST_CASE(test_zero_timeout), TEST_CASE(test_none_timeout),
          TEST_CASE(test_shielded_timeout))
