// rill-test: min-ram=32 | boards=host,mps2-an385,virt-rv32
// CPython's test_tasks.py, part 2: wait, as_completed, sleep, the current task.
#define CONF_TASKS 12
#include "cpython.h"

#include <rill/gather.h>

// ---- wait

static rill_task_t a;
static rill_task_t b;
static rill_awaitable_t set[10];
static rill_wait_mode_t mode;
static rill_time_t timeout;

static int return_arg(void *arg)
{
    return INT(arg);
}

static int sleep_arg(void *arg)
{
    return rill_sleep_ms((uint32_t)INT(arg));
}

static int crash_after(void *arg)
{
    int error = rill_sleep_ms((uint32_t)INT(arg));
    return error != 0 ? error : E(1);
}

static int crash(void *arg)
{
    (void)arg;
    return E(1);
}

static int wait_for_set(void *arg)
{
    int n = rill_wait(set, (unsigned)INT(arg), mode, timeout);
    CHECK(n >= 0);
    return n < 0 ? n : rill_return(n);
}

// Waits for b and a, as asyncio.wait([b, a]); the number done.
static int wait_for_both(void)
{
    rill_value_t n = 0;
    set[0] = (rill_awaitable_t){ .future = rill_task_future(b) };
    set[1] = (rill_awaitable_t){ .future = rill_task_future(a) };
    CHECK_EQ(complete_fn(wait_for_set, PTR(2), &n), 0);
    return (int)n;
}

static void start_wait(rill_fn_t fn_a, int arg_a, rill_fn_t fn_b, int arg_b)
{
    start();
    mode = RILL_ALL_COMPLETED;
    timeout = RILL_NEVER;
    a = spawn_idle(fn_a, PTR(arg_a));
    b = spawn_idle(fn_b, PTR(arg_b));
}

static bool only_b_done(void)
{
    return set[0].done && !set[1].done && done(b) && !done(a);
}

TEST(test_wait)
{
    start_wait(sleep_arg, 100, sleep_arg, 150);
    for (int i = 0; i < 2; i++) { // doing it again takes no time
        CHECK_EQ(wait_for_both(), 2);
        CHECK(set[0].done && set[1].done);
        CHECK_EQ(now_ms(), 150);
    }
}

TEST(test_wait_duplicate_coroutines)
{
    rill_value_t n = 0;
    start_wait(return_arg, 1, return_arg, 2);
    set[0] = (rill_awaitable_t){ .future = rill_task_future(a) };
    set[1] = (rill_awaitable_t){ .future = rill_task_future(a) };
    set[2] = (rill_awaitable_t){ .future = rill_task_future(b) };
    CHECK_EQ(complete_fn(wait_for_set, PTR(3), &n), 0);
    CHECK(set[0].done && set[1].done && set[2].done);
    CHECK_EQ(value_of(set[0].future) + value_of(set[1].future) + value_of(set[2].future), 1 + 1 + 2);
}

static int wait_badly(void *arg)
{
    rill_awaitable_t nothing = { .future = NULL };
    (void)arg;
    CHECK_EQ(rill_wait(set, 0, RILL_ALL_COMPLETED, RILL_NEVER), RILL_EINVAL);
    CHECK_EQ(rill_wait(NULL, 1, RILL_ALL_COMPLETED, RILL_NEVER), RILL_EINVAL);
    CHECK_EQ(rill_wait(&nothing, 1, RILL_ALL_COMPLETED, RILL_NEVER), RILL_EINVAL);
    set[0] = (rill_awaitable_t){ .future = rill_task_future(a) };
    CHECK_EQ(rill_wait(set, 1, (rill_wait_mode_t)9, RILL_NEVER), RILL_EINVAL);
    return 0;
}

TEST(test_wait_errors)
{
    start_wait(sleep_arg, 1, sleep_arg, 1);
    CHECK_EQ(complete_fn(wait_badly, NULL, NULL), 0);
}

TEST(test_wait_first_completed)
{
    start_wait(sleep_arg, 10000, sleep_arg, 100);
    mode = RILL_FIRST_COMPLETED;
    CHECK_EQ(wait_for_both(), 1);
    CHECK(only_b_done());
    CHECK_EQ(now_ms(), 100);
}

static int yield_times(void *arg)
{
    for (int i = 0; i < INT(arg); i++) {
        CHECK_EQ(rill_yield(), 0);
    }
    return 0;
}

// b is done by the time the waiter runs, though a was first.
TEST(test_wait_really_done)
{
    start_wait(yield_times, 1, yield_times, 2);
    mode = RILL_FIRST_COMPLETED;
    CHECK_EQ(wait_for_both(), 2);
    CHECK_EQ(value_of_task(a), 0);
    CHECK_EQ(value_of_task(b), 0);
}

TEST(test_wait_first_exception)
{
    start_wait(sleep_arg, 10000, crash, 0);
    mode = RILL_FIRST_EXCEPTION;
    CHECK_EQ(wait_for_both(), 1);
    CHECK(only_b_done());
    CHECK_EQ(now_ms(), 0);
}

TEST(test_wait_first_exception_in_wait)
{
    start_wait(sleep_arg, 10000, crash_after, 10);
    mode = RILL_FIRST_EXCEPTION;
    CHECK_EQ(wait_for_both(), 1);
    CHECK(only_b_done());
    CHECK_EQ(now_ms(), 10);
}

TEST(test_wait_with_exception)
{
    start_wait(sleep_arg, 100, crash_after, 150);
    for (int i = 0; i < 2; i++) {
        CHECK_EQ(wait_for_both(), 2);
        CHECK_EQ(rill_future_exception(set[0].future, NULL), E(1));
        CHECK_EQ(rill_future_exception(set[1].future, NULL), 0);
        CHECK_EQ(now_ms(), 150);
    }
}

static void wait_with_timeout(uint32_t ms)
{
    start_wait(sleep_arg, 100, sleep_arg, 150);
    timeout = RILL_MS(ms);
    CHECK_EQ(wait_for_both(), 1);
    CHECK(!set[0].done && set[1].done);
    CHECK_EQ(now_ms(), ms);
    CHECK(!done(b));
}

TEST(test_wait_with_timeout)
{
    wait_with_timeout(110);
}

// At the same instant as the time-out.
TEST(test_wait_concurrent_complete)
{
    wait_with_timeout(100);
}

static int wait_for_ten(void *arg)
{
    (void)arg;
    for (int i = 0; i < 10; i++) {
        set[i] = (rill_awaitable_t){ .future = rill_task_future(spawn(return_arg, PTR(i))) };
    }
    CHECK_EQ(rill_wait(set, 10, RILL_ALL_COMPLETED, RILL_NEVER), 10);
    for (int i = 0; i < 10; i++) {
        CHECK(set[i].done);
        CHECK_EQ(value_of(set[i].future), i);
    }
    return 0;
}

TEST(test_wait_generator)
{
    start();
    CHECK_EQ(complete_fn(wait_for_ten, NULL, NULL), 0);
}

// ---- as_completed

static rill_as_completed_t it;

static void add(unsigned i, rill_fn_t fn, int arg)
{
    set[i] = (rill_awaitable_t){ .future = rill_task_future(spawn(fn, PTR(arg))) };
}

// The next outcome.
static int next_value(void)
{
    rill_awaitable_t *child = NULL;
    int error = rill_as_completed_next(&it, &child);
    return error != 0 ? error : child->error != 0 ? child->error : (int)child->value;
}

static void over(unsigned n, rill_time_t limit)
{
    CHECK_EQ(rill_as_completed_begin(&it, set, n, limit), 0);
}

static void exhausted(void)
{
    CHECK_EQ(next_value(), RILL_ENODATA);
    rill_as_completed_end(&it);
}

static int sleep_then_value(void *arg)
{
    int error = rill_sleep_ms((uint32_t)INT(arg));
    return error != 0 ? error : INT(arg);
}

static int three_completed(void *arg)
{
    (void)arg;
    add(0, sleep_then_value, 10);
    add(1, sleep_then_value, 150);
    add(2, sleep_then_value, 10);
    over(3, RILL_NEVER);
    CHECK_EQ(next_value(), 10);
    CHECK_EQ(next_value(), 10);
    busy(140);
    CHECK_EQ(next_value(), 150);
    exhausted();
    CHECK_EQ(now_ms(), 150);
    return 0;
}

TEST(test_as_completed)
{
    main_is(three_completed, 0);
}

// What comes out is what was put in.
static int same_out(void *arg)
{
    rill_awaitable_t *child = NULL;
    unsigned seen = 0;
    (void)arg;
    for (unsigned i = 0; i < 4; i++) {
        add(i, return_arg, (int)i);
    }
    over(4, RILL_NEVER);
    while (rill_as_completed_next(&it, &child) == 0) {
        CHECK(child >= set && child < set + 4);
        CHECK_EQ(child->value, child - set);
        seen |= 1u << (child - set);
    }
    CHECK_EQ(seen, 0xf);
    exhausted();
    return 0;
}

TEST(test_as_completed_same_tasks_in_as_out)
{
    main_is(same_out, 0);
}

static int with_timeout(void *arg)
{
    (void)arg;
    add(0, sleep_then_value, 100);
    add(1, sleep_then_value, 150);
    over(2, RILL_MS(120));
    CHECK_EQ(next_value(), 100);
    busy(20);
    CHECK_EQ(next_value(), RILL_ETIMEDOUT);
    exhausted();
    CHECK_EQ(now_ms(), 120);
    return 0;
}

TEST(test_as_completed_with_timeout)
{
    main_is(with_timeout, 0);
}

static int with_unused_timeout(void *arg)
{
    (void)arg;
    add(0, sleep_then_value, 10);
    over(1, RILL_MS(1000));
    CHECK_EQ(next_value(), 10);
    exhausted();
    return 0;
}

TEST(test_as_completed_with_unused_timeout)
{
    main_is(with_unused_timeout, 0);
}

static int resumed(void *arg)
{
    (void)arg;
    for (unsigned i = 0; i < 4; i++) {
        add(i, return_arg, (int)i);
    }
    over(4, RILL_NEVER);
    for (int i = 0; i < 2; i++) {
        CHECK_EQ(next_value(), i);
    }
    CHECK_EQ(rill_sleep_ms(5), 0); // something else in between
    for (int i = 2; i < 4; i++) {
        CHECK_EQ(next_value(), i);
    }
    exhausted();
    return 0;
}

TEST(test_as_completed_resume_iterator)
{
    main_is(resumed, 0);
}

static int consume(void *arg)
{
    (void)arg;
    int value = next_value();
    return value < 0 ? value : rill_return(value);
}

static int concurrent(void *arg)
{
    rill_task_t first, second;
    (void)arg;
    add(0, sleep_then_value, 50);
    add(1, sleep_then_value, 50);
    over(2, RILL_NEVER);
    first = spawn(consume, NULL);
    second = spawn(consume, NULL);
    CHECK_EQ(await_task(first), 0);
    CHECK_EQ(await_task(second), 0);
    CHECK_EQ(value_of_task(first) + value_of_task(second), 100);
    exhausted();
    CHECK_EQ(now_ms(), 50);
    return 0;
}

TEST(test_as_completed_concurrent)
{
    main_is(concurrent, 0);
}

static int duplicates(void *arg)
{
    (void)arg;
    add(0, return_arg, 1);
    set[1] = set[0];
    add(2, return_arg, 2);
    over(3, RILL_NEVER);
    CHECK_EQ(next_value() + next_value(), 3);
    exhausted();
    return 0;
}

TEST(test_as_completed_duplicate_coroutines)
{
    main_is(duplicates, 0);
}

static int running_loop(void *arg)
{
    (void)arg;
    add(0, return_arg, 42);
    over(1, RILL_NEVER);
    CHECK_EQ(next_value(), 42);
    exhausted();
    return 0;
}

TEST(test_as_completed_coroutine_use_running_loop)
{
    main_is(running_loop, 0);
}

static int bad_args(void *arg)
{
    rill_awaitable_t nothing = { .future = NULL };
    (void)arg;
    CHECK_EQ(rill_as_completed_begin(&it, NULL, 1, RILL_NEVER), RILL_EINVAL);
    CHECK_EQ(rill_as_completed_begin(&it, &nothing, 1, RILL_NEVER), RILL_EINVAL);
    CHECK_EQ(rill_as_completed_begin(NULL, set, 1, RILL_NEVER), RILL_EINVAL);
    return 0;
}

TEST(test_as_completed_invalid_args)
{
    main_is(bad_args, 0);
}

TEST(test_wait_invalid_args)
{
    start_wait(sleep_arg, 1, sleep_arg, 1);
    CHECK_EQ(complete_fn(wait_badly, NULL, NULL), 0);
}

// ---- sleep

static int sleep_in_halves(void *arg)
{
    int error = rill_sleep_ms(50);
    error = error == 0 ? rill_sleep_ms(50) : error;
    return error != 0 ? error : INT(arg);
}

TEST(test_sleep)
{
    rill_value_t value = 0;
    start();
    CHECK_EQ(complete_fn(sleep_in_halves, PTR(6), &value), 0);
    CHECK_EQ(value, 6);
    CHECK_EQ(now_ms(), 100);
}

// The timer is disarmed: there is nothing left to wait for.
TEST(test_sleep_cancel)
{
    start();
    rill_task_t t = spawn_idle(sleep_arg, PTR(10000));
    run_briefly();
    CHECK_EQ(rill_task_cancel(t), 1);
    run_briefly();
    CHECK(cancelled(t));
    CHECK_EQ(rill_run_forever(&lp), RILL_EDEADLK);
    CHECK_EQ(now_ms(), 0);
}

static rill_task_t sleeper;

static int cancel_sleeper(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_task_cancel(sleeper), 1);
    return 0;
}

static int doit(void *arg)
{
    (void)arg;
    sleeper = spawn(sleep_arg, PTR(5000000));
    later(100, cancel_sleeper, NULL);
    CHECK_EQ(await_task(sleeper), RILL_ECANCELED);
    CHECK_EQ(now_ms(), 100);
    return 0;
}

TEST(test_task_cancel_sleeping_task)
{
    main_is(doit, 0);
}

static rill_future_t f;
static rill_future_t g;

static int await_f(void *arg)
{
    (void)arg;
    return await(&f);
}

static const void *waits_for(rill_task_t task)
{
    rill_task_info_t info;
    CHECK_EQ(rill_task_info(task, &info), 0);
    return info.object;
}

TEST(test_task_cancel_waiter_future)
{
    start();
    rill_future_init(&f, &lp);
    rill_task_t t = spawn_idle(await_f, NULL);
    run_briefly();
    CHECK(waits_for(t) == &f);
    CHECK_EQ(rill_task_cancel(t), 1);
    run_briefly();
    CHECK_EQ(complete_task(t, NULL), RILL_ECANCELED);
    CHECK(waits_for(t) == NULL);
    CHECK(rill_future_cancelled(&f));
}

static int store_result_of_f(void *arg)
{
    return rill_await(&f, arg);
}

TEST(test_step_result_future)
{
    static rill_value_t result;
    start();
    result = 0;
    rill_future_init(&f, &lp);
    rill_task_t t = spawn_idle(store_result_of_f, &result);
    run_briefly();
    CHECK(f.waiters != NULL);
    rill_future_set_result(&f, 4711);
    run_briefly();
    CHECK_EQ(result, 4711);
    CHECK(done(t));
    CHECK_EQ(value_of_task(t), 0);
}

static int fail_when_cancelled(void *arg)
{
    return rill_sleep_ms(10000) == RILL_ECANCELED ? E(INT(arg)) : 0;
}

TEST(test_baseexception_during_cancel)
{
    start();
    rill_task_t t = spawn_idle(fail_when_cancelled, PTR(8));
    run_briefly();
    CHECK_EQ(rill_task_cancel(t), 1);
    CHECK(!done(t));
    run_briefly();
    CHECK(done(t));
    CHECK(!cancelled(t));
    CHECK_EQ(rill_future_exception(rill_task_future(t), NULL), E(8));
}

static int count_calls(void *arg)
{
    ++*(int *)arg;
    return 0;
}

static int sleep_zero(void *arg)
{
    static int calls;
    (void)arg;
    calls = 0;
    soon(count_calls, &calls);
    CHECK_EQ(calls, 0);
    CHECK_EQ(rill_sleep_ms(0), 0);
    CHECK_EQ(calls, 1);
    return 0;
}

TEST(test_sleep_zero)
{
    main_is(sleep_zero, 0);
}

// ---- the current task

static bool is_current(rill_task_t task)
{
    rill_task_t current = rill_task_current();
    return current.tcb == task.tcb && current.id == task.id;
}

static int check_current(void *arg)
{
    CHECK(is_current(*(rill_task_t *)arg));
    return 0;
}

static void current_in_task(void)
{
    start();
    CHECK(is_current(RILL_NO_TASK));
    a = spawn_idle(check_current, &a);
    CHECK_EQ(complete_task(a, NULL), 0);
    CHECK(is_current(RILL_NO_TASK));
}

TEST(test_current_task)
{
    current_in_task();
}

TEST(test_current_task_with_implicit_loop)
{
    current_in_task();
}

TEST(test_current_task_no_running_loop)
{
    start();
    CHECK(is_current(RILL_NO_TASK));
    CHECK(rill_loop_running() == NULL);
}

static int coro1(void *arg)
{
    (void)arg;
    CHECK(is_current(a));
    CHECK_EQ(await(&f), 0);
    CHECK(is_current(a));
    return rill_future_set_result(&g, 1);
}

static int coro2(void *arg)
{
    (void)arg;
    CHECK(is_current(b));
    CHECK_EQ(rill_future_set_result(&f, 1), 0);
    CHECK_EQ(await(&g), 0);
    CHECK(is_current(b));
    return 0;
}

TEST(test_current_task_with_interleaving_tasks)
{
    start_wait(coro1, 0, coro2, 0);
    CHECK(is_current(RILL_NO_TASK));
    rill_future_init(&f, &lp);
    rill_future_init(&g, &lp);
    CHECK_EQ(wait_for_both(), 2);
    CHECK(is_current(RILL_NO_TASK));
}

TEST_MAIN("cpython_tasks_2", TEST_CASE(test_wait), TEST_CASE(test_wait_duplicate_coroutines),
          TEST_CASE(test_wait_errors), TEST_CASE(test_wait_first_completed), TEST_CASE(test_wait_really_done),
          TEST_CASE(test_wait_first_exception), TEST_CASE(test_wait_first_exception_in_wait),
          TEST_CASE(test_wait_with_exception), TEST_CASE(test_wait_with_timeout),
          TEST_CASE(test_wait_concurrent_complete), TEST_CASE(test_wait_generator), TEST_CASE(test_as_completed),
          TEST_CASE(test_as_completed_same_tasks_in_as_out), TEST_CASE(test_as_completed_with_timeout),
          TEST_CASE(test_as_completed_with_unused_timeout), TEST_CASE(test_as_completed_resume_iterator),
          TEST_CASE(test_as_completed_concurrent), TEST_CASE(test_as_completed_duplicate_coroutines),
          TEST_CASE(test_as_completed_coroutine_use_running_loop), TEST_CASE(test_as_completed_invalid_args),
          TEST_CASE(test_wait_invalid_args), TEST_CASE(test_sleep), TEST_CASE(test_sleep_cancel),
          TEST_CASE(test_task_cancel_sleeping_task), TEST_CASE(test_task_cancel_waiter_future),
          TEST_CASE(test_step_result_future), TEST_CASE(test_baseexception_during_cancel), TEST_CASE(test_sleep_zero),
          TEST_CASE(test_current_task), TEST_CASE(test_current_task_with_implicit_loop),
          TEST_CASE(test_current_task_no_running_loop), TEST_CASE(test_current_task_with_interleaving_tasks))
