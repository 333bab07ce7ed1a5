// rill-test: min-ram=16
// Conformance, area future: completion, callbacks, waiters (rules F1-F10).
#define CONF_TASKS 6
#include "conformance.h"

static rill_future_t f;
static rill_future_t g;

static void init_futures(void)
{
    rill_future_init(&f, NULL);
    rill_future_init(&g, NULL);
}

static void yield(void)
{
    CHECK_EQ(rill_yield(), 0);
}

static int add_after_done(void *arg)
{
    (void)arg;
    init_futures();
    rill_future_set_result(&f, 1);
    when_done(&f, say, "cb");
    ev("registered");
    yield();
    ev("after yield");
    return 0;
}

TEST(add_callback_after_done)
{
    run(add_after_done);
    trace_is("0 registered\n"
             "0 cb\n"
             "0 after yield\n"
             "0 run -> None\n");
}

static int await_done_twice(void *arg)
{
    (void)arg;
    init_futures();
    rill_future_set_result(&f, 3);
    go(say, "other");
    ev("got %s", rc(&f));
    ev("got %s", rc(&f));
    yield();
    ev("after yield");
    return 0;
}

TEST(await_done_does_not_yield)
{
    run(await_done_twice);
    trace_is("0 got 3\n"
             "0 got 3\n"
             "0 other\n"
             "0 after yield\n"
             "0 run -> None\n");
}

static int say_a_and_add(void *arg)
{
    (void)arg;
    ev("a");
    when_done(&f, say, "a-nested");
    return 0;
}

static int add_from_callback(void *arg)
{
    (void)arg;
    init_futures();
    when_done(&f, say_a_and_add, NULL);
    when_done(&f, say, "b");
    rill_future_set_result(&f, 0);
    yield();
    ev("main 1");
    yield();
    ev("main 2");
    return 0;
}

TEST(callback_adds_callback)
{
    run(add_from_callback);
    trace_is("0 a\n"
             "0 b\n"
             "0 main 1\n"
             "0 a-nested\n"
             "0 main 2\n"
             "0 run -> None\n");
}

static int say_state(void *arg)
{
    ev("cb%d %s", INT(arg), st(&f));
    return 0;
}

static int four_callbacks(void *arg)
{
    (void)arg;
    init_futures();
    for (int i = 0; i < 4; i++) {
        when_done(&f, say_state, PTR(i));
    }
    rill_future_set_result(&f, 9);
    ev("set; callbacks not yet called");
    yield();
    ev("after one yield");
    return 0;
}

TEST(callbacks_order)
{
    run(four_callbacks);
    trace_is("0 set; callbacks not yet called\n"
             "0 cb0 ok:9\n"
             "0 cb1 ok:9\n"
             "0 cb2 ok:9\n"
             "0 cb3 ok:9\n"
             "0 after one yield\n"
             "0 run -> None\n");
}

static int wait_numbered(void *arg)
{
    const char *result = rc(&f);
    ev("w%d %s", INT(arg), result);
    return 0;
}

static int five_waiters(void *arg)
{
    (void)arg;
    init_futures();
    for (int i = 0; i < 5; i++) {
        go(wait_numbered, PTR(i));
    }
    rill_sleep_ms(5);
    rill_future_set_error(&f, E(5), 0);
    ev("set");
    rill_sleep_ms(1);
    return 0;
}

TEST(many_waiters_fifo)
{
    run(five_waiters);
    trace_is("5 set\n"
             "5 w0 E5\n"
             "5 w1 E5\n"
             "5 w2 E5\n"
             "5 w3 E5\n"
             "5 w4 E5\n"
             "6 run -> None\n");
}

// A registration is a handle here: a function registered twice is two of them, each removed by its own.
static int remove_two(void *arg)
{
    (void)arg;
    init_futures();
    rill_handle_t *a1 = when_done(&f, say, "a");
    when_done(&f, say, "b");
    rill_handle_t *a2 = when_done(&f, say, "a");
    ev("removed %d", rill_future_remove_done_callback(&f, a1) + rill_future_remove_done_callback(&f, a2));
    ev("removed %d", rill_future_remove_done_callback(&f, a1) + rill_future_remove_done_callback(&f, a2));
    rill_future_set_result(&f, 0);
    yield();
    return 0;
}

TEST(remove_callback)
{
    run(remove_two);
    trace_is("0 removed 2\n"
             "0 removed 0\n"
             "0 b\n"
             "0 run -> None\n");
}

static int remove_late(void *arg)
{
    (void)arg;
    init_futures();
    rill_handle_t *a = when_done(&f, say, "a still runs");
    rill_future_set_result(&f, 0);
    ev("removed %d", rill_future_remove_done_callback(&f, a));
    yield();
    return 0;
}

TEST(remove_callback_after_done)
{
    run(remove_late);
    trace_is("0 removed 0\n"
             "0 a still runs\n"
             "0 run -> None\n");
}

static int read_early(void *arg)
{
    (void)arg;
    init_futures();
    ev("%s", err(rill_future_result(&f, NULL)));
    ev("%s", err(rill_future_exception(&f, NULL)));
    rill_future_set_error(&f, E(7), 0);
    ev("%s", err(rill_future_result(&f, NULL)));
    ev("%s", err(rill_future_exception(&f, NULL)));
    rill_future_cancel(&g);
    ev("%s", err(rill_future_result(&g, NULL)));
    ev("%s", err(rill_future_exception(&g, NULL)));
    ev("%d", rill_future_done(&g));
    return 0;
}

TEST(result_not_ready)
{
    run(read_early);
    trace_is("0 ESTATE\n"
             "0 ESTATE\n"
             "0 E7\n"
             "0 E7\n"
             "0 ECANCELED\n"
             "0 ECANCELED\n"
             "0 1\n"
             "0 run -> None\n");
}

static int set_unless_done(void *arg)
{
    rill_future_t *future = arg;
    return rill_future_done(future) ? 0 : rill_future_set_result(future, future == &f ? 1 : 2);
}

static int two_guarded(void *arg)
{
    (void)arg;
    init_futures();
    later(5, set_unless_done, &f);
    later(5, set_unless_done, &g);
    rill_future_cancel(&f);
    rill_sleep_ms(10);
    ev("%s %s", st(&f), st(&g));
    return 0;
}

TEST(set_result_unless_cancelled)
{
    run(two_guarded);
    trace_is("10 ECANCELED ok:2\n"
             "10 run -> None\n");
}

static int pass_on(void *arg)
{
    (void)arg;
    rill_value_t value = 0;
    int error = rill_future_result(&f, &value);
    return error != 0 ? error : rill_future_set_result(&g, value + 1);
}

static int say_g(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    rill_future_result(&g, &value);
    ev("g %d", (int)value);
    return 0;
}

static int chained(void *arg)
{
    (void)arg;
    init_futures();
    when_done(&f, pass_on, NULL);
    when_done(&g, say_g, NULL);
    rill_future_set_result(&f, 1);
    ev("g done %d", rill_future_done(&g));
    yield();
    ev("g done %d", rill_future_done(&g));
    yield();
    ev("end");
    return 0;
}

TEST(set_then_callbacks_see_final_state)
{
    run(chained);
    trace_is("0 g done 0\n"
             "0 g done 1\n"
             "0 g 2\n"
             "0 end\n"
             "0 run -> None\n");
}

static int wait_and_say(void *arg)
{
    (void)arg;
    rill_await(&f, NULL);
    ev("waiter");
    return 0;
}

static int set_and_go_on(void *arg)
{
    (void)arg;
    init_futures();
    go(wait_and_say, NULL);
    yield();
    rill_future_set_result(&f, 1);
    ev("setter keeps running");
    yield();
    ev("setter after yield");
    return 0;
}

TEST(wakeup_does_not_rerun_waiter_synchronously)
{
    run(set_and_go_on);
    trace_is("0 setter keeps running\n"
             "0 waiter\n"
             "0 setter after yield\n"
             "0 run -> None\n");
}

TEST_MAIN("future", TEST_CASE(add_callback_after_done), TEST_CASE(await_done_does_not_yield),
          TEST_CASE(callback_adds_callback), TEST_CASE(callbacks_order), TEST_CASE(many_waiters_fifo),
          TEST_CASE(remove_callback), TEST_CASE(remove_callback_after_done), TEST_CASE(result_not_ready),
          TEST_CASE(set_result_unless_cancelled), TEST_CASE(set_then_callbacks_see_final_state),
          TEST_CASE(wakeup_does_not_rerun_waiter_synchronously))
