// rill-test: min-ram=16
// More programs for the rules of gather, wait, as_completed, shield, timeout and wait_for; their traces are CPython
// 3.13's.
#define TASKS 8
#include "sync.h"

static rill_awaitable_t children[3];
static rill_gather_t gather;
static rill_shield_t shield;
static rill_future_t f;

static void begin(rill_fn_t main_fn)
{
    EMPTY(children);
    f = (rill_future_t)RILL_FUTURE_INIT;
    run_main(main_fn);
}

static int cancelling(void)
{
    return rill_task_cancelling(rill_task_current());
}

static void ev_await(rill_future_t *future)
{
    rill_value_t value = 0;
    int code = rill_await(future, &value);
    ev("%s", number_or_error(code, value));
}

static int sleep_100(void *arg)
{
    (void)arg;
    return rill_sleep_ms(100);
}

static int set_f(void *value)
{
    return rill_future_set_result(&f, (rill_value_t)value);
}

// ---- gather

static int report_cancel(void *number)
{
    int code = rill_sleep_ms(10);
    if (code == RILL_ECANCELED) {
        ev("a%d", (int)(intptr_t)number);
    }
    return code;
}

static void gather_two(unsigned flags)
{
    children[0].future = spawn_future(report_cancel, (void *)1);
    children[1].future = spawn_future(report_cancel, (void *)2);
    rill_gather_begin(&gather, children, 2, flags);
    rill_sleep_ms(1);
    ev("%d", rill_future_cancel(&gather.outer.future));
}

static int cancel_gather_main(void *arg)
{
    (void)arg;
    gather_two(0);
    ev("%s", state_of(&gather.outer.future));
    ev_await(&gather.outer.future);
    ev("cancelled() %d", rill_future_cancelled(&gather.outer.future));
    rill_gather_end(&gather);
    return 0;
}

TEST(cancel_gather)
{
    begin(cancel_gather_main);
    trace_is("1 1\n"
             "1 pending\n"
             "1 a1\n"
             "1 a2\n"
             "1 ECANCELED\n"
             "1 cancelled() 0\n"
             "1 run -> None\n");
}

static int cancel_gather_collect_main(void *arg)
{
    (void)arg;
    gather_two(RILL_COLLECT);
    ev_await(&gather.outer.future);
    rill_gather_end(&gather);
    return 0;
}

TEST(cancel_gather_return_exceptions)
{
    begin(cancel_gather_collect_main);
    trace_is("1 1\n"
             "1 a1\n"
             "1 a2\n"
             "1 ECANCELED\n"
             "1 run -> None\n");
}

static int cancel_when_children_already_done_main(void *arg)
{
    static rill_future_t g;
    (void)arg;
    rill_future_init(&g, NULL);
    children[0].future = &f;
    children[1].future = &g;
    rill_gather_begin(&gather, children, 2, 0);
    rill_future_set_result(&f, 1);
    rill_future_set_result(&g, 2);
    ev("cancel %d", rill_future_cancel(&gather.outer.future));
    CHECK_EQ(rill_await(&gather.outer.future, NULL), RILL_OK);
    rill_gather_end(&gather);
    ev_results(children, 2);
    return 0;
}

TEST(cancel_when_children_already_done)
{
    begin(cancel_when_children_already_done_main);
    trace_is("0 cancel 0\n"
             "0 [1,2]\n"
             "0 run -> None\n");
}

static rill_awaitable_t outer_children[2];
static rill_gather_t outer_gather;

static void gather_nested(void)
{
    static struct child specs[] = { { 1, 5, 0, false }, { 2, 3, 0, false }, { 3, 1, 0, false } };
    EMPTY(children);
    EMPTY(outer_children);
    spawn_children(children, specs, 2);
    rill_gather_begin(&gather, children, 2, 0);
    outer_children[0].future = &gather.outer.future;
    outer_children[1].future = spawn_future(child, &specs[2]);
    rill_gather_begin(&outer_gather, outer_children, 2, 0);
}

static void end_nested(void)
{
    rill_gather_end(&outer_gather);
    rill_gather_end(&gather);
}

static int nested_main(void *arg)
{
    (void)arg;
    gather_nested();
    CHECK_EQ(rill_await(&outer_gather.outer.future, NULL), RILL_OK);
    end_nested();
    ev("[%d,%d] %d", (int)children[0].value, (int)children[1].value, (int)outer_children[1].value);
    gather_nested();
    rill_sleep_ms(2);
    ev("%d", rill_future_cancel(&outer_gather.outer.future));
    ev_await(&outer_gather.outer.future);
    ev("%d", rill_future_done(&gather.outer.future));
    end_nested();
    return 0;
}

TEST(gather_nested_in_gather)
{
    begin(nested_main);
    trace_is("5 [1,2] 3\n"
             "7 1\n"
             "7 ECANCELED\n"
             "7 1\n"
             "7 run -> None\n");
}

static int return_exceptions_main(void *arg)
{
    static struct child specs[] = { { 1, 5, 0, false }, { 2, 3, 4, false }, { 3, 8, 2, false } };
    (void)arg;
    spawn_children(children, specs, 3);
    CHECK_EQ(rill_gather(children, 3, RILL_COLLECT), RILL_OK);
    ev_results(children, 3);
    return 0;
}

TEST(gather_return_exceptions)
{
    begin(return_exceptions_main);
    trace_is("8 [1,E4,E2]\n"
             "8 run -> None\n");
}

// ---- wait, as_completed

static int wait_forever(void *arg)
{
    (void)arg;
    int code = rill_wait(children, 2, RILL_ALL_COMPLETED, RILL_NEVER);
    if (code >= 0) {
        ev("never");
    }
    return code;
}

static int cancelled_leaves_children_main(void *arg)
{
    static struct child specs[] = { { 5, 5, 0, false }, { 10, 10, 0, false } };
    (void)arg;
    spawn_children(children, specs, 2);
    rill_task_t u = spawn(wait_forever, NULL);
    rill_sleep_ms(2);
    rill_task_cancel(u);
    ev_await(rill_task_future(u));
    ev_states(children, 2);
    rill_sleep_ms(20);
    ev_states(children, 2);
    return 0;
}

TEST(wait_cancelled_leaves_children)
{
    begin(cancelled_leaves_children_main);
    trace_is("2 ECANCELED\n"
             "2 [pending,pending]\n"
             "22 [ok:5,ok:10]\n"
             "22 run -> None\n");
}

static int order_main(void *arg)
{
    static struct child specs[] = { { 1, 30, 0, false }, { 2, 10, 0, false }, { 3, 20, 0, false } };
    rill_as_completed_t it;
    rill_awaitable_t *next = NULL;
    (void)arg;
    spawn_children(children, specs, 3);
    CHECK_EQ(rill_as_completed_begin(&it, children, 3, RILL_NEVER), RILL_OK);
    while (rill_as_completed_next(&it, &next) == 0) {
        ev("%s", number_or_error(next->error, next->value));
    }
    rill_as_completed_end(&it);
    return 0;
}

TEST(as_completed_order)
{
    begin(order_main);
    trace_is("10 2\n"
             "20 3\n"
             "30 1\n"
             "30 run -> None\n");
}

// ---- shield

static int result_main(void *arg)
{
    static struct child seven = { 7, 5, 0, false };
    rill_value_t value = 0;
    (void)arg;
    int code = rill_shield(spawn_future(child, &seven), &value);
    ev("%s", number_or_error(code, value));
    return 0;
}

TEST(shield_result)
{
    begin(result_main);
    trace_is("5 7\n"
             "5 run -> None\n");
}

static int inner_exception_main(void *arg)
{
    static struct child failing = { 0, 5, 3, false };
    (void)arg;
    rill_future_t *t = spawn_future(child, &failing);
    int code = rill_shield(t, NULL);
    ev("%s", outcome(code, "None"));
    ev("%s", state_of(t));
    return 0;
}

TEST(shield_inner_exception)
{
    begin(inner_exception_main);
    trace_is("5 E3\n"
             "5 E3\n"
             "5 run -> None\n");
}

static int already_done_main(void *arg)
{
    (void)arg;
    rill_future_set_result(&f, 3);
    rill_future_t *s = rill_shield_begin(&shield, &f);
    ev("%d", s == &f);
    call_soon_ev("soon");
    ev_await(s);
    rill_shield_end(&shield);
    return 0;
}

TEST(shield_already_done_returns_inner)
{
    begin(already_done_main);
    trace_is("0 1\n"
             "0 3\n"
             "0 soon\n"
             "0 run -> None\n");
}

static int await_shielded(void *future)
{
    int code = rill_shield(future, NULL);
    ev("w %s", outcome(code, "?"));
    return 0;
}

static int cancel_second(void *arg)
{
    (void)arg;
    rill_task_cancel(spawned[1]);
    return 0;
}

// The inner future is done, the waiter is cancelled before it hears of it: at once, and one callback later.
static int cancel_race_main(void *arg)
{
    static rill_handle_t handle = RILL_HANDLE_INIT(NULL, NULL);
    (void)arg;
    rill_task_t u = spawn(await_shielded, &f);
    rill_sleep_ms(1);
    rill_future_set_result(&f, 3);
    rill_task_cancel(u);
    rill_sleep_ms(1);
    ev("%s", state_of(&f));
    f = (rill_future_t)RILL_FUTURE_INIT;
    spawn(await_shielded, &f);
    rill_sleep_ms(1);
    rill_future_set_result(&f, 4);
    rill_call_soon(rill_loop_running(), &handle, cancel_second, NULL);
    rill_sleep_ms(1);
    ev("%s", state_of(&f));
    return 0;
}

TEST(shield_cancel_race_inner_done)
{
    begin(cancel_race_main);
    trace_is("1 w ECANCELED\n"
             "2 ok:3\n"
             "3 w ECANCELED\n"
             "4 ok:4\n"
             "4 run -> None\n");
}

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

static int gather_shielded(void *arg)
{
    static rill_shield_t shields[2];
    (void)arg;
    for (unsigned i = 0; i < 2; i++) {
        outer_children[i] = (rill_awaitable_t){ .future = rill_shield_begin(&shields[i], children[i].future) };
    }
    int code = rill_gather(outer_children, 2, 0);
    ev("w %s", outcome(code, "?"));
    rill_shield_end(&shields[0]);
    rill_shield_end(&shields[1]);
    return 0;
}

static int gather_of_shielded_main(void *arg)
{
    static struct child specs[] = { { 1, 5, 0, false }, { 2, 10, 0, false } };
    (void)arg;
    children[0].future = spawn_future(say_done, &specs[0]);
    children[1].future = spawn_future(say_done, &specs[1]);
    rill_task_t u = spawn(gather_shielded, NULL);
    rill_sleep_ms(2);
    rill_task_cancel(u);
    rill_sleep_ms(1);
    ev("%s %s", state_of(children[0].future), state_of(children[1].future));
    rill_sleep_ms(20);
    ev("%s %s", state_of(children[0].future), state_of(children[1].future));
    return 0;
}

TEST(shield_gather_of_shielded)
{
    begin(gather_of_shielded_main);
    trace_is("2 w ECANCELED\n"
             "3 pending pending\n"
             "5 1 done\n"
             "10 2 done\n"
             "23 ok:1 ok:2\n"
             "23 run -> None\n");
}

// ---- timeout

// async with timeout(ms) as t: await f
static int await_within(rill_timeout_t *t, uint32_t ms, rill_future_t *future, rill_value_t *value)
{
    int code = rill_timeout_begin(t, RILL_MS(ms));
    return code != 0 ? code : rill_timeout_end(t, rill_await(future, value));
}

static int completion_armed_first_main(void *arg)
{
    static rill_timer_t timer = RILL_TIMER_INIT;
    rill_timeout_t t = { 0 };
    rill_value_t value = 0;
    (void)arg;
    rill_call_later(rill_loop_running(), &timer, RILL_MS(10), set_f, (void *)1);
    int code = await_within(&t, 10, &f, &value);
    ev("%s", number_or_error(code, value));
    ev("%d %s", rill_timeout_expired(&t), state_of(&f));
    return 0;
}

TEST(timeout_completion_armed_first_same_deadline)
{
    begin(completion_armed_first_main);
    trace_is("10 ETIMEDOUT\n"
             "10 1 ok:1\n"
             "10 run -> None\n");
}

static int clean_up_in_3(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(100);
    if (code == RILL_ECANCELED) {
        ev("child cancelled");
        rill_sleep_ms(3);
        ev("child cleaned");
    }
    return code;
}

static int expiry_while_child_main(void *arg)
{
    rill_timeout_t t = { 0 };
    (void)arg;
    rill_future_t *c = spawn_future(clean_up_in_3, NULL);
    int code = await_within(&t, 10, c, NULL);
    ev("%s", outcome(code, "None"));
    ev("%s cancelling %d", state_of(c), cancelling());
    return 0;
}

TEST(timeout_expiry_while_child_task)
{
    begin(expiry_while_child_main);
    trace_is("10 child cancelled\n"
             "13 child cleaned\n"
             "13 ETIMEDOUT\n"
             "13 ECANCELED cancelling 0\n"
             "13 run -> None\n");
}

static int sleep_within(rill_timeout_t *t, uint32_t ms, uint32_t sleep_ms)
{
    int code = rill_timeout_begin(t, RILL_MS(ms));
    return code != 0 ? code : rill_timeout_end(t, rill_sleep_ms(sleep_ms));
}

static int in_finally_main(void *arg)
{
    rill_timeout_t outer = { 0 };
    rill_timeout_t inner = { 0 };
    (void)arg;
    rill_timeout_begin(&outer, RILL_MS(10));
    int code = rill_sleep_ms(50);
    ev("inner %s", outcome(sleep_within(&inner, 5, 50), "None"));
    ev("cleaned");
    code = rill_timeout_end(&outer, code);
    ev("%s", outcome(code, "None"));
    ev("%d", cancelling());
    return 0;
}

TEST(timeout_in_finally_of_expired)
{
    begin(in_finally_main);
    trace_is("15 inner ETIMEDOUT\n"
             "15 cleaned\n"
             "15 ETIMEDOUT\n"
             "15 0\n"
             "15 run -> None\n");
}

// Two nested limits around a long sleep; says which expired.
static void nested_limits(uint32_t outer_ms, uint32_t inner_ms, bool count)
{
    rill_timeout_t outer = { 0 };
    rill_timeout_t inner = { 0 };
    rill_timeout_begin(&outer, RILL_MS(outer_ms));
    int code = sleep_within(&inner, inner_ms, 100);
    ev("inner %s", outcome(code, "None"));
    code = rill_timeout_end(&outer, code);
    ev("outer %s", outcome(code, "None"));
    if (count) {
        ev("%d%d %d", rill_timeout_expired(&outer), rill_timeout_expired(&inner), cancelling());
    } else {
        ev("%d%d", rill_timeout_expired(&outer), rill_timeout_expired(&inner));
    }
}

static int nested_outer_main(void *arg)
{
    (void)arg;
    nested_limits(10, 50, false);
    return 0;
}

TEST(timeout_nested_outer_expires)
{
    begin(nested_outer_main);
    trace_is("10 inner ECANCELED\n"
             "10 outer ETIMEDOUT\n"
             "10 10\n"
             "10 run -> None\n");
}

static int nested_same_main(void *arg)
{
    (void)arg;
    nested_limits(10, 10, true);
    return 0;
}

TEST(timeout_nested_both_same_deadline)
{
    begin(nested_same_main);
    trace_is("10 inner ECANCELED\n"
             "10 outer ETIMEDOUT\n"
             "10 11 0\n"
             "10 run -> None\n");
}

static int hog(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(5);
    busy(50);
    return code;
}

static int nested_busy_main(void *arg)
{
    (void)arg;
    spawn(hog, NULL);
    nested_limits(20, 10, true);
    return 0;
}

TEST(timeout_nested_both_expired_loop_busy)
{
    begin(nested_busy_main);
    trace_is("55 inner ECANCELED\n"
             "55 outer ETIMEDOUT\n"
             "55 11 0\n"
             "55 run -> None\n");
}

static void ev_reschedule(rill_timeout_t *t, uint32_t ms)
{
    ev("%s", outcome(rill_timeout_reschedule(t, RILL_MS(ms)), "None"));
}

static int reschedule_states_main(void *arg)
{
    rill_timeout_t t = { 0 };
    rill_timeout_t u = { 0 };
    (void)arg;
    ev_reschedule(&t, 1000);
    rill_timeout_begin(&t, RILL_MS(10));
    ev_reschedule(&t, 20);
    rill_timeout_end(&t, 0);
    ev_reschedule(&t, 1000);
    rill_timeout_begin(&u, RILL_MS(5));
    int code = rill_sleep_ms(10);
    ev_reschedule(&u, 1000);
    code = rill_timeout_end(&u, code);
    ev("%s", outcome(code, "None"));
    ev_reschedule(&u, 1000);
    return 0;
}

TEST(timeout_reschedule_states)
{
    begin(reschedule_states_main);
    trace_is("0 EPERM\n"
             "0 None\n"
             "0 EPERM\n"
             "5 EPERM\n"
             "5 ETIMEDOUT\n"
             "5 EPERM\n"
             "5 run -> None\n");
}

// ---- wait_for

static int swallow_in_2(void *arg)
{
    (void)arg;
    if (rill_sleep_ms(100) == RILL_ECANCELED) {
        ev("swallowed");
        rill_sleep_ms(2);
    }
    return 4;
}

static int wait_for_50_and_go_on(void *future)
{
    rill_value_t value = 0;
    int code = rill_wait_for(future, RILL_MS(50), &value);
    ev("w goes on %s cancelling %d", number_or_error(code, value), cancelling());
    return code < 0 ? code : (int)value;
}

static int cancelled_child_swallows_main(void *arg)
{
    (void)arg;
    rill_future_t *t = spawn_future(swallow_in_2, NULL);
    rill_task_t u = spawn(wait_for_50_and_go_on, t);
    rill_sleep_ms(5);
    rill_task_cancel(u);
    ev_await(rill_task_future(u));
    ev("%s %s", state_of(t), state_of(rill_task_future(u)));
    return 0;
}

TEST(wait_for_cancelled_child_swallows)
{
    begin(cancelled_child_swallows_main);
    trace_is("5 swallowed\n"
             "7 w goes on 4 cancelling 1\n"
             "7 4\n"
             "7 ok:4 ok:4\n"
             "7 run -> None\n");
}

static int cancel_first(void *arg)
{
    (void)arg;
    rill_task_cancel(spawned[0]);
    return 0;
}

static int third_party_main(void *arg)
{
    static rill_timer_t timer = RILL_TIMER_INIT;
    (void)arg;
    rill_future_t *t = spawn_future(sleep_100, NULL);
    rill_call_later(rill_loop_running(), &timer, RILL_MS(5), cancel_first, NULL);
    int code = rill_wait_for(t, RILL_MS(50), NULL);
    ev("%s", outcome(code, "None"));
    ev("%d", cancelling());
    return 0;
}

TEST(wait_for_child_cancelled_by_third_party)
{
    begin(third_party_main);
    trace_is("5 ECANCELED\n"
             "5 0\n"
             "5 run -> None\n");
}

// await wait_for(task(fn), 10), then the task's state and this task's count
static void wait_for_10(rill_fn_t fn)
{
    rill_value_t value = 0;
    rill_future_t *t = spawn_future(fn, NULL);
    int code = rill_wait_for(t, RILL_MS(10), &value);
    ev("%s", number_or_error(code, value));
    ev("%s cancelling %d", state_of(t), cancelling());
}

static int fail_on_cancel(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(100);
    return code == RILL_ECANCELED ? E(6) : code;
}

static int child_raises_main(void *arg)
{
    (void)arg;
    wait_for_10(fail_on_cancel);
    return 0;
}

TEST(wait_for_child_raises_on_cancel)
{
    begin(child_raises_main);
    trace_is("10 E6\n"
             "10 E6 cancelling 0\n"
             "10 run -> None\n");
}

static int swallow_and_return(void *arg)
{
    (void)arg;
    if (rill_sleep_ms(100) == RILL_ECANCELED) {
        ev("swallowed");
    }
    return 6;
}

static int child_swallows_main(void *arg)
{
    (void)arg;
    wait_for_10(swallow_and_return);
    return 0;
}

TEST(wait_for_child_swallows_and_returns)
{
    begin(child_swallows_main);
    trace_is("10 swallowed\n"
             "10 6\n"
             "10 ok:6 cancelling 0\n"
             "10 run -> None\n");
}

static int disarms_timer_main(void *arg)
{
    static struct child one = { 1, 5, 0, false };
    rill_value_t value = 0;
    (void)arg;
    int code = rill_wait_for(spawn_future(child, &one), RILL_MS(10), &value);
    ev("%s", number_or_error(code, value));
    code = rill_sleep_ms(20);
    ev("%s", outcome(code, "None"));
    return 0;
}

TEST(wait_for_disarms_timer)
{
    begin(disarms_timer_main);
    trace_is("5 1\n"
             "25 None\n"
             "25 run -> None\n");
}

static int wait_for_f(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    int code = rill_wait_for(&f, RILL_MS(10), &value);
    ev("%s", number_or_error(code, value));
    return 0;
}

static int set_late(void *arg)
{
    (void)arg;
    ev("set");
    if (!rill_future_done(&f)) {
        rill_future_set_result(&f, 3);
    }
    return 0;
}

static int set_in_timeout_iteration_main(void *arg)
{
    static rill_timer_t timer = RILL_TIMER_INIT;
    (void)arg;
    rill_future_t *t = spawn_future(wait_for_f, NULL);
    rill_yield();
    rill_call_later(rill_loop_running(), &timer, RILL_MS(10), set_late, NULL);
    rill_await(t, NULL);
    ev("%s", state_of(&f));
    return 0;
}

TEST(wait_for_race_future_set_in_timeout_iteration)
{
    begin(set_in_timeout_iteration_main);
    trace_is("10 set\n"
             "10 ETIMEDOUT\n"
             "10 ECANCELED\n"
             "10 run -> None\n");
}

static int set_just_before_main(void *arg)
{
    static rill_timer_t timer = RILL_TIMER_INIT;
    rill_call_later(rill_loop_running(), &timer, RILL_MS(10), set_f, (void *)3);
    wait_for_f(arg);
    ev("%s", state_of(&f));
    return 0;
}

TEST(wait_for_race_future_set_just_before)
{
    begin(set_just_before_main);
    trace_is("10 ETIMEDOUT\n"
             "10 ok:3\n"
             "10 run -> None\n");
}

static int timeout_armed_first_main(void *arg)
{
    static struct child one = { 1, 10, 0, false };
    rill_value_t value = 0;
    (void)arg;
    rill_future_t *t = spawn_future(child, &one);
    int code = rill_wait_for(t, RILL_MS(10), &value);
    ev("%s", number_or_error(code, value));
    ev("%s", state_of(t));
    return 0;
}

TEST(wait_for_race_timeout_armed_first)
{
    begin(timeout_armed_first_main);
    trace_is("10 ETIMEDOUT\n"
             "10 ECANCELED\n"
             "10 run -> None\n");
}

static int wait_for_shared(void *ms)
{
    uint32_t limit = (uint32_t)(uintptr_t)ms;
    int code = rill_wait_for(rill_task_future(spawned[0]), RILL_MS(limit), NULL);
    ev("%c %s", limit == 10 ? 'x' : 'y', outcome(code, "None"));
    return 0;
}

static int two_waiters_main(void *arg)
{
    (void)arg;
    rill_future_t *t = spawn_future(sleep_100, NULL);
    children[0].future = spawn_future(wait_for_shared, (void *)10);
    children[1].future = spawn_future(wait_for_shared, (void *)20);
    rill_gather(children, 2, 0);
    ev("%s", state_of(t));
    return 0;
}

TEST(wait_for_two_waiters_one_task)
{
    begin(two_waiters_main);
    trace_is("10 x ETIMEDOUT\n"
             "10 y ECANCELED\n"
             "10 ECANCELED\n"
             "10 run -> None\n");
}

static void wait_for_0(rill_future_t *future)
{
    rill_value_t value = 0;
    int code = rill_wait_for(future, 0, &value);
    ev("%s", number_or_error(code, value));
}

static int zero_done_main(void *arg)
{
    rill_future_t g = RILL_FUTURE_INIT;
    (void)arg;
    rill_future_set_result(&f, 8);
    call_soon_ev("soon");
    wait_for_0(&f);
    rill_future_set_error(&g, E(2), 0);
    wait_for_0(&g);
    return 0;
}

TEST(wait_for_zero_timeout_done_future)
{
    begin(zero_done_main);
    trace_is("0 8\n"
             "0 E2\n"
             "0 soon\n"
             "0 run -> None\n");
}

static int zero_pending_main(void *arg)
{
    (void)arg;
    call_soon_ev("soon");
    wait_for_0(&f);
    ev("%s", state_of(&f));
    return 0;
}

TEST(wait_for_zero_timeout_pending_future)
{
    begin(zero_pending_main);
    trace_is("0 soon\n"
             "0 ETIMEDOUT\n"
             "0 ECANCELED\n"
             "0 run -> None\n");
}

static int swallow_in_3(void *arg)
{
    (void)arg;
    if (rill_sleep_ms(100) == RILL_ECANCELED) {
        ev("swallowed");
        rill_sleep_ms(3);
    }
    return 5;
}

static int zero_swallows_main(void *arg)
{
    (void)arg;
    rill_future_t *t = spawn_future(swallow_in_3, NULL);
    rill_sleep_ms(1);
    wait_for_0(t);
    ev("%s", state_of(t));
    return 0;
}

TEST(wait_for_zero_timeout_task_swallows)
{
    begin(zero_swallows_main);
    trace_is("1 swallowed\n"
             "4 5\n"
             "4 ok:5\n"
             "4 run -> None\n");
}

TEST_MAIN("more_combinators", TEST_CASE(cancel_gather), TEST_CASE(cancel_gather_return_exceptions),
          TEST_CASE(cancel_when_children_already_done), TEST_CASE(gather_nested_in_gather),
          TEST_CASE(gather_return_exceptions), TEST_CASE(wait_cancelled_leaves_children), TEST_CASE(as_completed_order),
          TEST_CASE(shield_result), TEST_CASE(shield_inner_exception), TEST_CASE(shield_already_done_returns_inner),
          TEST_CASE(shield_cancel_race_inner_done), TEST_CASE(shield_gather_of_shielded),
          TEST_CASE(timeout_completion_armed_first_same_deadline), TEST_CASE(timeout_expiry_while_child_task),
          TEST_CASE(timeout_in_finally_of_expired), TEST_CASE(timeout_nested_outer_expires),
          TEST_CASE(timeout_nested_both_same_deadline), TEST_CASE(timeout_nested_both_expired_loop_busy),
          TEST_CASE(timeout_reschedule_states), TEST_CASE(wait_for_cancelled_child_swallows),
          TEST_CASE(wait_for_child_cancelled_by_third_party), TEST_CASE(wait_for_child_raises_on_cancel),
          TEST_CASE(wait_for_child_swallows_and_returns), TEST_CASE(wait_for_disarms_timer),
          TEST_CASE(wait_for_race_future_set_in_timeout_iteration), TEST_CASE(wait_for_race_future_set_just_before),
          TEST_CASE(wait_for_race_timeout_armed_first), TEST_CASE(wait_for_two_waiters_one_task),
          TEST_CASE(wait_for_zero_timeout_done_future), TEST_CASE(wait_for_zero_timeout_pending_future),
          TEST_CASE(wait_for_zero_timeout_task_swallows))
