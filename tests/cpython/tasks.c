// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
// CPython's test_tasks.py, part 1: basics and cancellation.
#define CONF_TASKS 4
#include "cpython.h"

#include <rill/gather.h>

static rill_future_t f;
static rill_future_t g;
static rill_future_t h;

static void start_futures(void)
{
    start();
    rill_future_init(&f, &lp);
    rill_future_init(&g, &lp);
    rill_future_init(&h, &lp);
}

static int return_arg(void *arg)
{
    return INT(arg);
}

static int await_arg(void *arg)
{
    return await(arg);
}

static int sleep_arg(void *arg)
{
    return rill_sleep_ms((uint32_t)INT(arg));
}

static int cancel_task(void *arg)
{
    CHECK_EQ(rill_task_cancel(*(rill_task_t *)arg), 1);
    return 0;
}

static rill_task_t self_task;

// ---- basics

static rill_loop_t other_loop;

TEST(test_other_loop_future)
{
    start_futures();
    rill_loop_init(&other_loop);
    rill_future_init(&f, &other_loop);
    CHECK_EQ(complete_fn(await_arg, &f, NULL), RILL_EPERM);
    CHECK(!rill_future_done(&f));
    CHECK_EQ(rill_loop_close(&other_loop), 0);
}

static int await_self(void *arg)
{
    (void)arg;
    return await_task(self_task);
}

TEST(test_task_awaits_on_itself)
{
    start();
    self_task = spawn_idle(await_self, NULL);
    CHECK_EQ(complete_task(self_task, NULL), RILL_EPERM);
}

static int spawn_notmuch(void *arg)
{
    self_task = spawn(return_arg, arg);
    CHECK(rill_task_future(self_task)->loop == &lp);
    return 0;
}

// A task in a loop that is named, none without a loop, one in the running loop.
TEST(test_ensure_future_coroutine)
{
    rill_task_t t;
    start();
    t = spawn_idle(return_arg, PTR(5));
    CHECK(rill_task_future(t)->loop == &lp);
    CHECK_EQ(complete_task(t, NULL), 0);
    CHECK_EQ(value_of_task(t), 5);
    CHECK_EQ(rill_spawn(&pool, return_arg, NULL, &t), RILL_EPERM);
    CHECK_EQ(complete_fn(spawn_notmuch, PTR(6), NULL), 0);
    CHECK_EQ(complete_task(self_task, NULL), 0);
    CHECK_EQ(value_of_task(self_task), 6);
}

// Whoever waits for a future takes it as it is, done or not, but not into another loop.
static void not_in_other_loop(rill_future_t *future)
{
    rill_loop_init(&other_loop);
    CHECK_EQ(rill_run_until_complete(&other_loop, future, NULL), RILL_EINVAL);
    CHECK_EQ(rill_loop_close(&other_loop), 0);
}

TEST(test_ensure_future_future)
{
    rill_value_t value = 0;
    start_futures();
    CHECK_EQ(rill_future_set_result(&f, 4), 0);
    CHECK_EQ(complete(&f, &value), 0);
    CHECK_EQ(value, 4);
    not_in_other_loop(&f);
}

TEST(test_ensure_future_task)
{
    rill_value_t value = 0;
    start();
    rill_task_t t = spawn_idle(return_arg, PTR(5));
    CHECK_EQ(complete_task(t, &value), 0);
    CHECK_EQ(value, 5);
    not_in_other_loop(rill_task_future(t));
}

static int inner1(void)
{
    return 42;
}

static int inner2(void)
{
    return 1000;
}

static int outer(void *arg)
{
    (void)arg;
    return inner1() + inner2();
}

TEST(test_task_basics)
{
    rill_value_t value = 0;
    start();
    CHECK_EQ(complete_fn(outer, NULL, &value), 0);
    CHECK_EQ(value, 1042);
}

// ---- cancelling, uncancel

TEST(test_cancelling)
{
    start();
    rill_task_t t = spawn_idle(sleep_arg, PTR(10000));
    CHECK_EQ(rill_task_cancelling(t), 0);
    CHECK_EQ(rill_task_cancel(t), 1);
    CHECK_EQ(rill_task_cancelling(t), 1);
    CHECK_EQ(rill_task_cancel(t), 1);
    CHECK_EQ(complete_task(t, NULL), RILL_ECANCELED);
}

static int sleep_again(void *arg)
{
    (void)arg;
    int error = rill_sleep_ms(10000);
    if (error == RILL_ECANCELED) {
        rill_task_uncancel(rill_task_current());
        error = rill_sleep_ms(10000);
    }
    return error;
}

TEST(test_uncancel_basic)
{
    start();
    rill_task_t t = spawn_idle(sleep_again, NULL);
    CHECK_EQ(complete_fn(sleep_arg, PTR(10), NULL), 0);
    CHECK_EQ(rill_task_cancel(t), 1);
    CHECK_EQ(rill_task_cancelling(t), 1);
    CHECK(!cancelled(t));
    CHECK_EQ(complete_fn(sleep_arg, PTR(10), NULL), 0);
    CHECK_EQ(rill_task_cancelling(t), 0);
    CHECK(!cancelled(t));
    CHECK_EQ(rill_task_cancel(t), 1);
    CHECK_EQ(rill_task_cancelling(t), 1);
    CHECK(!cancelled(t));
    CHECK_EQ(complete_task(t, NULL), RILL_ECANCELED);
    CHECK(cancelled(t));
    rill_task_uncancel(t); // has no effect any more
    CHECK(cancelled(t));
    CHECK(done(t));
}

struct request {
    uint32_t sleep, timeout; // ms
    bool timed_out, block_finished, outer_reached;
    rill_task_t task;
};

static int on_timeout(void *arg)
{
    struct request *request = arg;
    request->timed_out = true;
    CHECK_EQ(rill_task_cancel(request->task), 1);
    return 0;
}

// asyncio.timeout written with uncancel: only a cancellation that is our own, and the only one, is made a time-out.
static int request_with_timeout(struct request *request)
{
    rill_timer_t *timer = later(request->timeout, on_timeout, request);
    int error = rill_sleep_ms(request->sleep);
    request->block_finished = error == 0;
    rill_timer_cancel(&lp, timer);
    if (request->timed_out && rill_task_uncancel(request->task) == 0 && error == RILL_ECANCELED) {
        error = RILL_ETIMEDOUT;
    }
    return error;
}

static int make_request(void *arg)
{
    struct request *request = arg;
    request->task = rill_task_current();
    int error = request_with_timeout(request);
    CHECK_EQ(error, request->timed_out ? RILL_ETIMEDOUT : 0);
    request->outer_reached = true;
    CHECK_EQ(rill_task_cancelling(request->task), 0);
    return rill_yield();
}

TEST(test_uncancel_structured_blocks)
{
    static struct request late, early;
    late = (struct request){ .sleep = 10000, .timeout = 100 };
    early = (struct request){ .sleep = 0, .timeout = 10000 };
    start();
    CHECK_EQ(complete_fn(make_request, &late, NULL), 0);
    CHECK(late.timed_out && !late.block_finished && late.outer_reached);
    CHECK_EQ(complete_fn(make_request, &early, NULL), 0);
    CHECK(!early.timed_out && early.block_finished && early.outer_reached);
}

static int await_f_then_42(void *arg)
{
    (void)arg;
    int error = await(&f);
    return error != 0 ? error : 42;
}

TEST(test_uncancel_resets_must_cancel)
{
    rill_value_t value = 0;
    start_futures();
    rill_task_t t = spawn_idle(await_f_then_42, NULL);
    run_briefly();
    rill_future_set_result(&f, 0); // ready
    CHECK_EQ(rill_task_cancel(t), 1);
    CHECK_EQ(rill_task_cancelling(t), 1);
    CHECK_EQ(rill_task_uncancel(t), 0);
    CHECK_EQ(complete_task(t, &value), 0);
    CHECK_EQ(value, 42);
}

// ---- cancel

static void is_cancelled_for_good(rill_task_t t)
{
    CHECK(done(t));
    CHECK(cancelled(t));
    CHECK_EQ(rill_task_cancel(t), 0);
}

TEST(test_cancel)
{
    static rill_task_t t;
    start();
    t = spawn_idle(sleep_arg, PTR(10000));
    soon(cancel_task, &t);
    CHECK_EQ(complete_task(t, NULL), RILL_ECANCELED);
    is_cancelled_for_good(t);
    CHECK_EQ(now_ms(), 0);
}

static int cancel_with_message(rill_task_t task)
{
    rill_value_t message = 0;
    rill_task_cancel_msg(task, 77);
    rill_awaitable_t one = { .future = rill_task_future(task) };
    CHECK_EQ(rill_wait(&one, 1, RILL_ALL_COMPLETED, RILL_NEVER), 1);
    int error = rill_future_exception(one.future, &message);
    CHECK_EQ(message, 77);
    return error;
}

static int cancel_unstarted(void *arg)
{
    (void)arg;
    return cancel_with_message(spawn(sleep_arg, PTR(10000)));
}

TEST(test_cancel_with_message_before_starting_task)
{
    start();
    CHECK_EQ(complete_fn(cancel_unstarted, NULL, NULL), RILL_ECANCELED);
}

static int cancel_started(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(sleep_arg, PTR(10000));
    CHECK_EQ(rill_yield(), 0);
    return cancel_with_message(task);
}

// result() and exception() are one function but for the word they give.
TEST(test_cancel_with_message_then_future_exception)
{
    start();
    CHECK_EQ(complete_fn(cancel_started, NULL, NULL), RILL_ECANCELED);
}

static int yield_twice(void *arg)
{
    int error = rill_yield();
    error = error == 0 ? rill_yield() : error;
    return error == 0 ? INT(arg) : error;
}

TEST(test_cancel_yield)
{
    start();
    rill_task_t t = spawn_idle(yield_twice, PTR(12));
    run_briefly();
    rill_task_cancel(t);
    CHECK_EQ(complete_task(t, NULL), RILL_ECANCELED);
    is_cancelled_for_good(t);
}

TEST(test_cancel_inner_future)
{
    start_futures();
    rill_task_t t = spawn_idle(await_f_then_42, NULL);
    run_briefly();
    rill_future_cancel(&f);
    CHECK_EQ(complete_task(t, NULL), RILL_ECANCELED);
    CHECK(rill_future_cancelled(&f));
    CHECK(cancelled(t));
}

TEST(test_cancel_both_task_and_inner_future)
{
    start_futures();
    rill_task_t t = spawn_idle(await_f_then_42, NULL);
    run_briefly();
    rill_future_cancel(&f);
    rill_task_cancel(t);
    CHECK_EQ(complete_task(t, NULL), RILL_ECANCELED);
    CHECK(done(t));
    CHECK(rill_future_cancelled(&f));
    CHECK(cancelled(t));
}

static int catch_cancel(void *arg)
{
    (void)arg;
    CHECK_EQ(await(&f), 0);
    return await(&g) == RILL_ECANCELED ? 42 : 0;
}

static bool waits_for(rill_task_t task, const rill_future_t *future)
{
    rill_task_info_t info;
    CHECK_EQ(rill_task_info(task, &info), 0);
    return info.object == future;
}

TEST(test_cancel_task_catching)
{
    rill_value_t value = 0;
    start_futures();
    rill_task_t t = spawn_idle(catch_cancel, NULL);
    run_briefly();
    CHECK(waits_for(t, &f));
    rill_future_set_result(&f, 0);
    run_briefly();
    CHECK(waits_for(t, &g));
    rill_task_cancel(t);
    CHECK(rill_future_cancelled(&g));
    CHECK_EQ(complete_task(t, &value), 0);
    CHECK_EQ(value, 42);
    CHECK(!cancelled(t));
}

static int ignore_cancel(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    CHECK_EQ(await(&f), 0);
    CHECK_EQ(await(&g), RILL_ECANCELED);
    int error = rill_await(&h, &value);
    return error != 0 ? error : (int)value;
}

TEST(test_cancel_task_ignoring)
{
    rill_value_t value = 0;
    start_futures();
    rill_task_t t = spawn_idle(ignore_cancel, NULL);
    run_briefly();
    CHECK(waits_for(t, &f));
    rill_future_set_result(&f, 0);
    run_briefly();
    CHECK(waits_for(t, &g));
    rill_task_cancel(t);
    CHECK(rill_future_cancelled(&g));
    run_briefly();
    CHECK(waits_for(t, &h));
    rill_future_set_result(&h, 42);
    CHECK_EQ(complete_task(t, &value), 0);
    CHECK_EQ(value, 42);
    CHECK(!rill_future_cancelled(&h));
    CHECK(!cancelled(t));
}

static int cancel_self_and_sleep(void *arg)
{
    CHECK_EQ(rill_task_cancel(rill_task_current()), 1);
    int error = rill_sleep_ms(100000);
    return error != 0 ? error : INT(arg);
}

TEST(test_cancel_current_task)
{
    start();
    rill_task_t t = spawn_idle(cancel_self_and_sleep, PTR(12));
    CHECK(!cancelled(t));
    CHECK_EQ(complete_task(t, NULL), RILL_ECANCELED);
    is_cancelled_for_good(t);
    CHECK_EQ(now_ms(), 0);
}

static int cancel_self_and_end(void *arg)
{
    CHECK_EQ(rill_task_cancel(rill_task_current()), 1);
    return INT(arg);
}

TEST(test_cancel_at_end)
{
    start();
    rill_task_t t = spawn_idle(cancel_self_and_end, PTR(12));
    CHECK(!cancelled(t));
    CHECK_EQ(complete_task(t, NULL), RILL_ECANCELED);
    is_cancelled_for_good(t);
}

static rill_task_t nested_task;

static int cancel_self_and_await(void *arg)
{
    (void)arg;
    nested_task = spawn(await_arg, &f);
    CHECK_EQ(rill_yield(), 0);
    CHECK_EQ(rill_task_cancel(rill_task_current()), 1);
    return await_task(nested_task);
}

TEST(test_cancel_awaited_task)
{
    start_futures();
    rill_task_t t = spawn_idle(cancel_self_and_await, NULL);
    CHECK_EQ(complete_task(t, NULL), RILL_ECANCELED);
    CHECK(cancelled(t));
    CHECK(cancelled(nested_task));
    CHECK(rill_future_cancelled(&f));
}

static int count_to_10(void *arg)
{
    for (int *x = arg; *x < 10;) {
        int error = rill_sleep_ms(100);
        if (error != 0) {
            return error;
        }
        if (++*x == 2) {
            rill_loop_stop(&lp);
        }
    }
    return 0;
}

// 0.3 s there: the test's clock moves on to the next timer. Here it stops with the loop.
TEST(test_stop_while_run_in_complete)
{
    static int x;
    x = 0;
    start();
    rill_task_t t = spawn_idle(count_to_10, &x);
    CHECK_EQ(complete_task(t, NULL), RILL_EPERM);
    CHECK(!done(t));
    CHECK_EQ(x, 2);
    CHECK_EQ(now_ms(), 200);
    rill_task_cancel(t);
    CHECK_EQ(complete_task(t, NULL), RILL_ECANCELED);
}

// ---- what a task is not: a future that others complete

TEST(test_task_set_methods)
{
    rill_value_t value = 0;
    start();
    rill_task_t t = spawn_idle(return_arg, PTR(3));
    CHECK_EQ(rill_future_set_result(rill_task_future(t), 1), RILL_EPERM);
    CHECK_EQ(rill_future_set_error(rill_task_future(t), E(1), 0), RILL_EPERM);
    CHECK_EQ(complete_task(t, &value), 0);
    CHECK_EQ(value, 3);
}

static int sleep_then_10(void *arg)
{
    (void)arg;
    int error = rill_sleep_ms(100);
    return error != 0 ? error : 10;
}

// Nobody gets round it here, as Future.set_result(task) does there: the task goes on and ends as it would have.
static rill_task_t completed_from_outside(bool with_error)
{
    start();
    rill_task_t t = spawn_idle(sleep_then_10, NULL);
    rill_future_t *future = rill_task_future(t);
    CHECK_EQ(with_error ? rill_future_set_error(future, E(1), 0) : rill_future_set_result(future, 1), RILL_EPERM);
    CHECK_EQ(complete(future, NULL), 0);
    CHECK_EQ(value_of_task(t), 10);
    CHECK_EQ(reports, 0);
    return t;
}

TEST(test_set_result_causes_invalid_state)
{
    completed_from_outside(false);
}

TEST(test_set_exception_causes_invalid_state)
{
    completed_from_outside(true);
}

TEST_MAIN("cpython_tasks", TEST_CASE(test_other_loop_future), TEST_CASE(test_task_awaits_on_itself),
          TEST_CASE(test_ensure_future_coroutine), TEST_CASE(test_ensure_future_future),
          TEST_CASE(test_ensure_future_task), TEST_CASE(test_task_basics), TEST_CASE(test_cancelling),
          TEST_CASE(test_uncancel_basic), TEST_CASE(test_uncancel_structured_blocks),
          TEST_CASE(test_uncancel_resets_must_cancel), TEST_CASE(test_cancel),
          TEST_CASE(test_cancel_with_message_before_starting_task),
          TEST_CASE(test_cancel_with_message_then_future_exception), TEST_CASE(test_cancel_yield),
          TEST_CASE(test_cancel_inner_future), TEST_CASE(test_cancel_both_task_and_inner_future),
          TEST_CASE(test_cancel_task_catching), TEST_CASE(test_cancel_task_ignoring),
          TEST_CASE(test_cancel_current_task), TEST_CASE(test_cancel_at_end), TEST_CASE(test_cancel_awaited_task),
          TEST_CASE(test_stop_while_run_in_complete), TEST_CASE(test_task_set_methods),
          TEST_CASE(test_set_result_causes_invalid_state), TEST_CASE(test_set_exception_causes_invalid_state))
