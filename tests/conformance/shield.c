// asyncio.shield, rules S1-S8.
// rill-test: min-ram=16
#include "sync.h"

static rill_shield_t shield;

static int sleep_10(void *arg)
{
    (void)arg;
    return rill_sleep_ms(10);
}

static int cancel_inner_cancels_outer_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(sleep_10, NULL);
    rill_future_t *s = rill_shield_begin(&shield, rill_task_future(t));
    rill_sleep_ms(1);
    rill_task_cancel(t);
    int code = rill_await(s, NULL);
    ev("%s", outcome(code, "None"));
    ev("%s %s main cancelling %d", state_of(rill_task_future(t)), state_of(s),
       rill_task_cancelling(rill_task_current()));
    rill_shield_end(&shield);
    return 0;
}

TEST(cancel_inner_cancels_outer)
{
    run_main(cancel_inner_cancels_outer_main);
    trace_is("1 ECANCELED\n"
             "1 ECANCELED ECANCELED main cancelling 0\n"
             "1 run -> None\n");
}

static int inner_three(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(10);
    if (code == 0) {
        ev("inner done");
        code = 3;
    }
    return code;
}

static int await_shielded(void *future)
{
    int code = rill_shield(future, NULL);
    ev("w %s cancelling %d", outcome(code, "?"), rill_task_cancelling(rill_task_current()));
    return 0;
}

static int cancel_outer_inner_survives_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(inner_three, NULL);
    rill_task_t u = spawn(await_shielded, rill_task_future(t));
    rill_sleep_ms(2);
    rill_task_cancel(u);
    rill_sleep_ms(1);
    ev("%s %s", state_of(rill_task_future(t)), state_of_none(rill_task_future(u)));
    rill_value_t value = 0;
    int code = rill_await(rill_task_future(t), &value);
    ev("%s", number_or_error(code, value));
    return 0;
}

TEST(cancel_outer_inner_survives)
{
    run_main(cancel_outer_inner_survives_main);
    trace_is("2 w ECANCELED cancelling 1\n"
             "3 pending ok:None\n"
             "10 inner done\n"
             "10 3\n"
             "10 run -> None\n");
}

static int report_unread(rill_loop_t *loop, const rill_exception_t *info)
{
    (void)loop;
    ev("HANDLER %s %s", info->message, outcome(info->error, "ok"));
    return 0;
}

static int fail_after_10(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(10);
    return code != 0 ? code : E(2);
}

// The error of a shielded task whose outer future was cancelled is reported when its handle is given up unread.
static int inner_error_after_outer_cancelled_main(void *arg)
{
    (void)arg;
    rill_loop_set_exception_handler(rill_loop_running(), report_unread);
    rill_task_t t = spawn(fail_after_10, NULL);
    rill_future_t *s = rill_shield_begin(&shield, rill_task_future(t));
    rill_future_cancel(s);
    ev("%s", state_of(s));
    rill_sleep_ms(20);
    ev("dropping");
    rill_shield_end(&shield);
    rill_detach(t);
    rill_sleep_ms(1);
    rill_loop_set_exception_handler(rill_loop_running(), NULL);
    return 0;
}

TEST(inner_error_after_outer_cancelled)
{
    run_main(inner_error_after_outer_cancelled_main);
    trace_is("0 ECANCELED\n"
             "20 dropping\n"
             "20 HANDLER exception never retrieved E2\n"
             "21 run -> None\n");
}

static int fail_when_set(void *event)
{
    int code = rill_event_wait(event);
    return code != 0 ? code : E(2);
}

// It fails in the iteration in which its waiter is told of its own cancellation: the error counts as read.
static int error_and_cancel_together_main(void *arg)
{
    static rill_event_t go;
    (void)arg;
    rill_event_clear(&go);
    rill_loop_set_exception_handler(rill_loop_running(), report_unread);
    rill_task_t t = spawn(fail_when_set, &go);
    rill_task_t u = spawn(await_shielded, rill_task_future(t));
    rill_sleep_ms(10);
    rill_event_set(&go);
    rill_task_cancel(u);
    rill_sleep_ms(10);
    ev("dropping");
    rill_detach(t);
    rill_detach(u);
    rill_sleep_ms(10);
    rill_loop_set_exception_handler(rill_loop_running(), NULL);
    return 0;
}

TEST(error_and_cancel_together)
{
    run_main(error_and_cancel_together_main);
    trace_is("10 w ECANCELED cancelling 1\n"
             "20 dropping\n"
             "30 run -> None\n");
}

static int sleep_until_shutdown(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(100);
    if (code == RILL_ECANCELED) {
        ev("inner cancelled at shutdown");
    }
    return code;
}

static int shield_new_task(void *arg)
{
    (void)arg;
    return rill_shield(spawn_future(sleep_until_shutdown, NULL), NULL);
}

// shield does not protect from the cancellation at the end of run().
static int loop_shutdown_cancels_shielded_main(void *arg)
{
    (void)arg;
    rill_task_t u = spawn(shield_new_task, NULL);
    rill_sleep_ms(1);
    rill_task_cancel(u);
    int code = rill_await(rill_task_future(u), NULL);
    ev("%s", outcome(code, "None"));
    return 0;
}

TEST(loop_shutdown_cancels_shielded)
{
    run_main(loop_shutdown_cancels_shielded_main);
    trace_is("1 ECANCELED\n"
             "1 inner cancelled at shutdown\n"
             "1 run -> None\n");
}

static rill_awaitable_t children[2];
static rill_gather_t gather;

static int say_done(void *arg)
{
    const struct child *self = arg;
    int code = rill_sleep_ms(self->delay);
    if (code == 0) {
        ev("%d done", self->n);
        code = self->n;
    }
    return code;
}

static int shield_gather(void *arg)
{
    (void)arg;
    int code = rill_shield(&gather.outer.future, NULL);
    ev("w %s", outcome(code, "?"));
    return 0;
}

static int of_gather_main(void *arg)
{
    static struct child specs[] = { { 1, 5, 0, false }, { 2, 10, 0, false } };
    (void)arg;
    EMPTY(children);
    children[0].future = spawn_future(say_done, &specs[0]);
    children[1].future = spawn_future(say_done, &specs[1]);
    rill_gather_begin(&gather, children, 2, 0);
    rill_task_t u = spawn(shield_gather, NULL);
    rill_sleep_ms(1);
    rill_task_cancel(u);
    CHECK_EQ(rill_await(&gather.outer.future, NULL), RILL_OK);
    rill_gather_end(&gather);
    ev_results(children, 2);
    return 0;
}

TEST(of_gather)
{
    run_main(of_gather_main);
    trace_is("1 w ECANCELED\n"
             "5 1 done\n"
             "10 2 done\n"
             "10 [1,2]\n"
             "10 run -> None\n");
}

static int hello(void *arg)
{
    static const char text[] = "hello";
    (void)arg;
    int code = rill_sleep_ms(20);
    return code != 0 ? code : rill_return((rill_value_t)text);
}

// A time limit on the wait that does not cancel the work.
static int wait_for_shield_timeout_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(hello, NULL);
    rill_value_t value = 0;
    int code = rill_wait_for(rill_shield_begin(&shield, rill_task_future(t)), RILL_MS(5), &value);
    rill_shield_end(&shield);
    ev("%s", code < 0 ? error_name(code) : (const char *)value);
    if (code == RILL_ETIMEDOUT) {
        code = rill_await(rill_task_future(t), &value);
        ev("%s", code < 0 ? error_name(code) : (const char *)value);
    }
    return 0;
}

TEST(wait_for_shield_timeout)
{
    run_main(wait_for_shield_timeout_main);
    trace_is("5 ETIMEDOUT\n"
             "20 hello\n"
             "20 run -> None\n");
}

static int await_direct(void *future)
{
    int code = rill_await(future, NULL);
    ev("direct");
    return code < 0 ? code : 0;
}

static int await_outer(void *future)
{
    int code = rill_await(future, NULL);
    ev("shielded");
    return code < 0 ? code : 0;
}

static int sleep_5(void *arg)
{
    (void)arg;
    return rill_sleep_ms(5);
}

// One iteration more than awaiting the inner future.
static int wakeup_latency_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(sleep_5, NULL);
    spawn(await_outer, rill_shield_begin(&shield, rill_task_future(t)));
    spawn(await_direct, rill_task_future(t));
    rill_sleep_ms(10);
    rill_shield_end(&shield);
    return 0;
}

TEST(wakeup_latency)
{
    run_main(wakeup_latency_main);
    trace_is("5 direct\n"
             "5 shielded\n"
             "10 run -> None\n");
}

TEST_MAIN("shield", TEST_CASE(cancel_inner_cancels_outer), TEST_CASE(cancel_outer_inner_survives),
          TEST_CASE(inner_error_after_outer_cancelled), TEST_CASE(error_and_cancel_together),
          TEST_CASE(loop_shutdown_cancels_shielded), TEST_CASE(of_gather),
          TEST_CASE(wait_for_shield_timeout), TEST_CASE(wakeup_latency))
