// asyncio.gather, rules G1-G10.
// rill-test: min-ram=16
#include "sync.h"

static rill_awaitable_t children[5];
static rill_gather_t gather;

static void begin(rill_fn_t main_fn)
{
    EMPTY(children);
    run_main(main_fn);
}

// At once done: no trip through the loop.
static int all_children_done_before_main(void *arg)
{
    static rill_future_t f, g;
    (void)arg;
    rill_future_init(&f, NULL);
    rill_future_init(&g, NULL);
    rill_future_set_result(&f, 1);
    rill_future_set_result(&g, 2);
    call_soon_ev("soon");
    children[0].future = &f;
    children[1].future = &g;
    CHECK_EQ(rill_gather_begin(&gather, children, 2, 0), RILL_OK);
    ev("done %d", rill_future_done(&gather.outer.future));
    CHECK_EQ(rill_await(&gather.outer.future, NULL), RILL_OK);
    rill_gather_end(&gather);
    ev_results(children, 2);
    return 0;
}

TEST(all_children_done_before)
{
    begin(all_children_done_before_main);
    trace_is("0 done 1\n"
             "0 [1,2]\n"
             "0 soon\n"
             "0 run -> None\n");
}

static int survive(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(10);
    if (code == 0) {
        ev("survivor finished");
    }
    return code;
}

// After an error the gather is done: cancelling it does not touch the children that still run.
static int cancel_after_done_main(void *arg)
{
    static struct child failing = { 0, 1, 3, false };
    (void)arg;
    children[0].future = spawn_future(child, &failing);
    children[1].future = spawn_future(survive, NULL);
    rill_gather_begin(&gather, children, 2, 0);
    int code = rill_await(&gather.outer.future, NULL);
    ev("%s", outcome(code, "?"));
    ev("%d", rill_future_cancel(&gather.outer.future));
    rill_sleep_ms(20);
    rill_gather_end(&gather);
    return 0;
}

TEST(cancel_after_done)
{
    begin(cancel_after_done_main);
    trace_is("1 E3\n"
             "1 0\n"
             "10 survivor finished\n"
             "21 run -> None\n");
}

static int swallow(void *number)
{
    int n = (int)(intptr_t)number;
    if (rill_sleep_ms(10) == RILL_ECANCELED) {
        ev("a%d swallows", n);
    }
    return n;
}

// All children swallow; the gather is cancelled all the same, because that was asked for.
static int cancel_gather_children_swallow_main(void *arg)
{
    (void)arg;
    children[0].future = spawn_future(swallow, (void *)1);
    children[1].future = spawn_future(swallow, (void *)2);
    rill_gather_begin(&gather, children, 2, 0);
    rill_sleep_ms(1);
    rill_future_cancel(&gather.outer.future);
    int code = rill_await(&gather.outer.future, NULL);
    rill_gather_end(&gather);
    ev("%s", outcome(code, "[1,2]"));
    return 0;
}

TEST(cancel_gather_children_swallow)
{
    begin(cancel_gather_children_swallow_main);
    trace_is("1 a1 swallows\n"
             "1 a2 swallows\n"
             "1 ECANCELED\n"
             "1 run -> None\n");
}

static int clean_up_slowly(void *arg)
{
    const struct child *self = arg;
    int code = rill_sleep_ms(100);
    int cleaned = rill_sleep_ms(self->delay);
    ev("a%d cleaned", self->n);
    return cleaned != 0 ? cleaned : code;
}

// Without RILL_COLLECT the gather ends with the first cancelled child, with it after all.
static int cancel_gather_slow_cleanup_main(void *arg)
{
    static struct child specs[2] = { { 1, 10, 0, false }, { 2, 5, 0, false } };
    (void)arg;
    for (unsigned flags = 0; flags <= RILL_COLLECT; flags += RILL_COLLECT) {
        children[0].future = spawn_future(clean_up_slowly, &specs[0]);
        children[1].future = spawn_future(clean_up_slowly, &specs[1]);
        rill_gather_begin(&gather, children, 2, flags);
        rill_sleep_ms(1);
        rill_future_cancel(&gather.outer.future);
        int code = rill_await(&gather.outer.future, NULL);
        ev("%s", outcome(code, "?"));
        rill_sleep_ms(20);
        rill_gather_end(&gather);
    }
    return 0;
}

TEST(cancel_gather_slow_cleanup)
{
    begin(cancel_gather_slow_cleanup_main);
    trace_is("6 a2 cleaned\n"
             "6 ECANCELED\n"
             "11 a1 cleaned\n"
             "32 a2 cleaned\n"
             "37 a1 cleaned\n"
             "37 ECANCELED\n"
             "57 run -> None\n");
}

// One child is done, the other is cancelled: ECANCELED, the result of the first is not in it.
static int cancel_partially_done_main(void *arg)
{
    static struct child specs[2] = { { 2, 2, 0, false }, { 50, 50, 0, false } };
    (void)arg;
    spawn_children(children, specs, 2);
    rill_gather_begin(&gather, children, 2, RILL_COLLECT);
    rill_sleep_ms(5);
    ev("%d", rill_future_cancel(&gather.outer.future));
    int code = rill_await(&gather.outer.future, NULL);
    ev("%s", outcome(code, "?"));
    rill_gather_end(&gather);
    ev("%s %s", state_of(children[0].future), state_of(children[1].future));
    return 0;
}

TEST(cancel_partially_done)
{
    begin(cancel_partially_done_main);
    trace_is("5 1\n"
             "5 ECANCELED\n"
             "5 ok:2 ECANCELED\n"
             "5 run -> None\n");
}

static int await_gather(void *arg)
{
    (void)arg;
    int code = rill_await(&gather.outer.future, NULL);
    ev("%s", outcome(code, "?"));
    return 0;
}

// All children are done, the gather is not yet: the waiting task's cancellation stays with the task.
static int cancel_waiter_when_children_already_done_main(void *arg)
{
    static rill_future_t f, g;
    (void)arg;
    rill_future_init(&f, NULL);
    rill_future_init(&g, NULL);
    children[0].future = &f;
    children[1].future = &g;
    rill_gather_begin(&gather, children, 2, 0);
    rill_task_t t = spawn(await_gather, NULL);
    rill_yield();
    rill_future_set_result(&f, 1);
    rill_future_set_result(&g, 2);
    ev("cancel %d", rill_task_cancel(t));
    rill_sleep_ms(1);
    rill_gather_end(&gather);
    return 0;
}

TEST(cancel_waiter_when_children_already_done)
{
    begin(cancel_waiter_when_children_already_done_main);
    trace_is("0 cancel 1\n"
             "0 ECANCELED\n"
             "1 run -> None\n");
}

static int report_cancel(void *number)
{
    int code = rill_sleep_ms(10);
    if (code == RILL_ECANCELED) {
        ev("a%d", (int)(intptr_t)number);
    }
    return code;
}

static int gather_two(void *arg)
{
    (void)arg;
    children[0].future = spawn_future(report_cancel, (void *)1);
    children[1].future = spawn_future(report_cancel, (void *)2);
    return rill_gather(children, 2, 0);
}

static int cancel_waiting_task_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(gather_two, NULL);
    rill_sleep_ms(1);
    rill_task_cancel(t);
    int code = rill_await(rill_task_future(t), NULL);
    ev("%s", outcome(code, "?"));
    ev("%s", state_of(rill_task_future(t)));
    return 0;
}

TEST(cancel_waiting_task)
{
    begin(cancel_waiting_task_main);
    trace_is("1 a1\n"
             "1 a2\n"
             "1 ECANCELED\n"
             "1 ECANCELED\n"
             "1 run -> None\n");
}

// A cancelled child is an error of the gather, the others go on; the gather is not "cancelled".
static int child_cancelled_main(void *arg)
{
    static struct child specs[3] = { { 0, 10, 0, true }, { 1, 10, 0, true }, { 2, 10, 0, true } };
    (void)arg;
    spawn_children(children, specs, 3);
    rill_gather_begin(&gather, children, 3, 0);
    rill_sleep_ms(1);
    rill_future_cancel(children[1].future);
    int code = rill_await(&gather.outer.future, NULL);
    ev("%s", outcome(code, "?"));
    ev("g cancelled() %d", rill_future_cancelled(&gather.outer.future));
    ev_states(children, 3);
    rill_sleep_ms(20);
    rill_gather_end(&gather);
    return 0;
}

TEST(child_cancelled)
{
    begin(child_cancelled_main);
    trace_is("1 ECANCELED\n"
             "1 g cancelled() 0\n"
             "1 [pending,ECANCELED,pending]\n"
             "10 a0\n"
             "10 a2\n"
             "21 run -> None\n");
}

static int divide(void *arg)
{
    const int *pair = arg;
    if (pair[0] == 0) {
        return E(1);
    }
    int code = rill_sleep_ms((uint32_t)pair[0]);
    if (code != 0) {
        return code;
    }
    ev("%d/%d", pair[1], pair[0]);
    return pair[1] / pair[0];
}

static int child_cancelled_return_exceptions_main(void *arg)
{
    static int pairs[3][2] = { { 0, 2 }, { 1, 5 }, { 3, 6 } };
    (void)arg;
    for (unsigned i = 0; i < 3; i++) {
        children[i].future = spawn_future(divide, pairs[i]);
    }
    rill_gather_begin(&gather, children, 3, RILL_COLLECT);
    rill_future_cancel(children[0].future);
    CHECK_EQ(rill_await(&gather.outer.future, NULL), RILL_OK);
    rill_gather_end(&gather);
    ev_results(children, 3);
    return 0;
}

TEST(child_cancelled_return_exceptions)
{
    begin(child_cancelled_return_exceptions_main);
    trace_is("1 5/1\n"
             "3 6/3\n"
             "3 [ECANCELED,5,2]\n"
             "3 run -> None\n");
}

static int empty_main(void *arg)
{
    (void)arg;
    rill_gather_begin(&gather, children, 0, 0);
    ev("%s", rill_future_state(&gather.outer.future) == RILL_FINISHED ? "ok" : "?");
    CHECK_EQ(rill_await(&gather.outer.future, NULL), RILL_OK);
    rill_gather_end(&gather);
    ev_results(children, 0);
    return 0;
}

TEST(empty)
{
    begin(empty_main);
    trace_is("0 ok\n"
             "0 []\n"
             "0 run -> None\n");
}

static int good(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(5);
    if (code == 0) {
        ev("good finished");
    }
    return code != 0 ? code : 1;
}

static int error_then_waiter_order_main(void *arg)
{
    static struct child bad = { 0, 5, 1, false };
    (void)arg;
    children[0].future = spawn_future(child, &bad);
    children[1].future = spawn_future(good, NULL);
    int code = rill_gather(children, 2, 0);
    ev("%s", outcome(code, "?"));
    ev("main first?");
    return rill_sleep_ms(1);
}

TEST(error_then_waiter_order)
{
    begin(error_then_waiter_order_main);
    trace_is("5 good finished\n"
             "5 E1\n"
             "5 main first?\n"
             "6 run -> None\n");
}

static int first_error_propagates_others_continue_main(void *arg)
{
    static struct child specs[3] = { { 1, 10, 0, true }, { 2, 5, 7, true }, { 3, 15, 0, true } };
    (void)arg;
    spawn_children(children, specs, 3);
    int code = rill_gather(children, 3, 0);
    ev("%s", outcome(code, "?"));
    ev_states(children, 3);
    rill_sleep_ms(20);
    ev_states(children, 3);
    return 0;
}

TEST(first_error_propagates_others_continue)
{
    begin(first_error_propagates_others_continue_main);
    trace_is("5 a2\n"
             "5 E7\n"
             "5 [pending,E7,pending]\n"
             "10 a1\n"
             "15 a3\n"
             "25 [ok:1,E7,ok:3]\n"
             "25 run -> None\n");
}

static int order_of_results_main(void *arg)
{
    static struct child specs[3] = { { 1, 30, 0, true }, { 2, 10, 0, true }, { 3, 20, 0, true } };
    (void)arg;
    spawn_children(children, specs, 3);
    CHECK_EQ(rill_gather(children, 3, 0), RILL_OK);
    ev_results(children, 3);
    return 0;
}

TEST(order_of_results)
{
    begin(order_of_results_main);
    trace_is("10 a2\n"
             "20 a3\n"
             "30 a1\n"
             "30 [1,2,3]\n"
             "30 run -> None\n");
}

static int run_once(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(5);
    if (code != 0) {
        return code;
    }
    ev("ran once");
    return 4;
}

static int same_future_twice_main(void *arg)
{
    static struct child nine = { 9, 3, 0, false };
    (void)arg;
    rill_future_t *t = spawn_future(run_once, NULL);
    rill_future_t *u = spawn_future(child, &nine);
    for (unsigned i = 0; i < 5; i++) {
        children[i].future = i % 2 == 0 ? t : u;
    }
    CHECK_EQ(rill_gather(children, 5, 0), RILL_OK);
    ev_results(children, 5);
    return 0;
}

TEST(same_future_twice)
{
    begin(same_future_twice_main);
    trace_is("5 ran once\n"
             "5 [4,9,4,9,4]\n"
             "5 run -> None\n");
}

static int report_unread(rill_loop_t *loop, const rill_exception_t *info)
{
    (void)loop;
    ev("HANDLER %s %s", info->message, outcome(info->error, "ok"));
    return 0;
}

// The handles are given up, as the reference's are by then: an error nobody read would be reported.
static int second_error_is_swallowed_main(void *arg)
{
    static struct child specs[2] = { { 0, 5, 1, false }, { 0, 6, 2, false } };
    (void)arg;
    rill_loop_set_exception_handler(rill_loop_running(), report_unread);
    spawn_children(children, specs, 2);
    int code = rill_gather(children, 2, 0);
    ev("%s", outcome(code, "?"));
    rill_detach(spawned[0]);
    rill_detach(spawned[1]);
    rill_sleep_ms(10);
    ev("no 'never retrieved' report");
    rill_loop_set_exception_handler(rill_loop_running(), NULL);
    return 0;
}

TEST(second_error_is_swallowed)
{
    begin(second_error_is_swallowed_main);
    trace_is("5 E1\n"
             "15 no 'never retrieved' report\n"
             "15 run -> None\n");
}

static int starts_in_argument_order_main(void *arg)
{
    static struct child specs[4] = { { 0, 0, 0, true }, { 1, 0, 0, true }, { 2, 0, 0, true }, { 3, 0, 0, true } };
    (void)arg;
    spawn_children(children, specs, 4);
    rill_gather_begin(&gather, children, 4, 0);
    ev("gathered, nothing ran yet");
    CHECK_EQ(rill_await(&gather.outer.future, NULL), RILL_OK);
    rill_gather_end(&gather);
    ev_results(children, 4);
    return 0;
}

TEST(starts_in_argument_order)
{
    begin(starts_in_argument_order_main);
    trace_is("0 gathered, nothing ran yet\n"
             "0 a0\n"
             "0 a1\n"
             "0 a2\n"
             "0 a3\n"
             "0 [0,1,2,3]\n"
             "0 run -> None\n");
}

static int fail_at_once(void *number)
{
    return E((int)(intptr_t)number);
}

static int two_errors_same_iteration_main(void *arg)
{
    (void)arg;
    for (intptr_t i = 0; i < 3; i++) {
        children[i].future = spawn_future(fail_at_once, (void *)(i + 1));
    }
    int code = rill_gather(children, 3, 0);
    ev("%s", outcome(code, "?"));
    return rill_sleep_ms(1);
}

TEST(two_errors_same_iteration)
{
    begin(two_errors_same_iteration_main);
    trace_is("0 E1\n"
             "1 run -> None\n");
}

static int await_direct(void *future)
{
    int code = rill_await(future, NULL);
    ev("direct");
    return code < 0 ? code : 0;
}

static int await_via_gather(void *arg)
{
    (void)arg;
    int code = rill_await(&gather.outer.future, NULL);
    ev("via gather");
    return code < 0 ? code : 0;
}

// One iteration more than awaiting the child itself.
static int wakeup_latency_main(void *arg)
{
    static struct child one = { 1, 5, 0, false };
    (void)arg;
    children[0].future = spawn_future(child, &one);
    rill_gather_begin(&gather, children, 1, 0);
    spawn(await_via_gather, NULL);
    spawn(await_direct, children[0].future);
    rill_sleep_ms(10);
    rill_gather_end(&gather);
    return 0;
}

TEST(wakeup_latency)
{
    begin(wakeup_latency_main);
    trace_is("5 direct\n"
             "5 via gather\n"
             "10 run -> None\n");
}

TEST_MAIN("gather", TEST_CASE(all_children_done_before), TEST_CASE(cancel_after_done),
          TEST_CASE(cancel_gather_children_swallow), TEST_CASE(cancel_gather_slow_cleanup),
          TEST_CASE(cancel_partially_done), TEST_CASE(cancel_waiter_when_children_already_done),
          TEST_CASE(cancel_waiting_task), TEST_CASE(child_cancelled), TEST_CASE(child_cancelled_return_exceptions),
          TEST_CASE(empty), TEST_CASE(error_then_waiter_order), TEST_CASE(first_error_propagates_others_continue),
          TEST_CASE(order_of_results), TEST_CASE(same_future_twice), TEST_CASE(second_error_is_swallowed),
          TEST_CASE(starts_in_argument_order), TEST_CASE(two_errors_same_iteration), TEST_CASE(wakeup_latency))
