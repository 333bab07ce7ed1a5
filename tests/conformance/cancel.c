// rill-test: min-ram=16
// Conformance, area cancel: requests, delivery, propagation, uncancel (rules C1-C15).
#define CONF_TASKS 6
#include "conformance.h"

#include <rill/gather.h>
#include <rill/timeout.h>

static rill_future_t f;
static rill_future_t g;
static rill_task_t t;
static rill_task_t u;
static rill_task_t o;

static void init_futures(void)
{
    rill_future_init(&f, NULL);
    rill_future_init(&g, NULL);
}

static void yield(void)
{
    CHECK_EQ(rill_yield(), 0);
}

static rill_task_t me(void)
{
    return rill_task_current();
}

static const char *rc_sleep(uint32_t ms)
{
    return outcome(rill_sleep_ms(ms), NONE);
}

static void await_and_show(void)
{
    ev("%s", rct(t));
    ev("%s", stt(t));
}

static int spawn_and_show(rill_fn_t fn)
{
    t = spawn(fn, NULL);
    await_and_show();
    return 0;
}

// ---- at the end of the body

static int cancel_and_return(void *arg)
{
    (void)arg;
    rill_task_cancel(me());
    return 5;
}

static int main_at_end(void *arg)
{
    (void)arg;
    return spawn_and_show(cancel_and_return);
}

TEST(at_end)
{
    run(main_at_end);
    trace_is("0 ECANCELED\n"
             "0 ECANCELED\n"
             "0 run -> None\n");
}

static int cancel_and_fail(void *arg)
{
    (void)arg;
    rill_task_cancel(me());
    return E(5);
}

static int main_at_end_with_error(void *arg)
{
    (void)arg;
    return spawn_and_show(cancel_and_fail);
}

TEST(at_end_with_error)
{
    run(main_at_end_with_error);
    trace_is("0 E5\n"
             "0 E5\n"
             "0 run -> None\n");
}

// ---- order

static int await_f(void *arg)
{
    const char *result = rc(&f);
    ev("%s %s", (const char *)arg, result);
    return 0;
}

static int await_g(void *arg)
{
    const char *result = rc(&g);
    ev("%s %s", (const char *)arg, result);
    return 0;
}

static int main_cancel_and_result(void *arg)
{
    (void)arg;
    init_futures();
    t = spawn(await_f, "t");
    u = spawn(await_g, "u");
    yield();
    soon(say, "s1");
    rill_task_cancel(t);
    soon(say, "s2");
    rill_future_set_result(&g, 1);
    soon(say, "s3");
    rill_sleep_ms(1);
    return 0;
}

TEST(cancel_and_result_order)
{
    run(main_cancel_and_result);
    trace_is("0 s1\n"
             "0 t ECANCELED\n"
             "0 s2\n"
             "0 u 1\n"
             "0 s3\n"
             "1 run -> None\n");
}

static int sleep_or_say(void *arg)
{
    int code = rill_sleep_ms(1000);
    if (code == RILL_ECANCELED) {
        ev("%s", (const char *)arg);
    }
    return code;
}

static int main_several(void *arg)
{
    static const char *const names[] = { "a", "b", "c", "d" };
    static const unsigned char order[] = { 2, 0, 3, 1 };
    rill_task_t tasks[4];
    (void)arg;
    for (size_t i = 0; i < 4; i++) {
        tasks[i] = spawn(sleep_or_say, (void *)(uintptr_t)names[i]);
    }
    rill_sleep_ms(1);
    for (size_t i = 0; i < 4; i++) {
        rill_task_cancel(tasks[order[i]]);
    }
    rill_sleep_ms(1);
    return 0;
}

TEST(cancel_order_of_several)
{
    run(main_several);
    trace_is("1 c\n"
             "1 a\n"
             "1 d\n"
             "1 b\n"
             "2 run -> None\n");
}

static int await_t(void *arg)
{
    const char *result = rct(t);
    ev("%s %s", (const char *)arg, result);
    return 0;
}

static int main_first_step(void *arg)
{
    (void)arg;
    t = spawn(say, "never");
    spawn(await_t, "u");
    spawn(await_t, "v");
    rill_task_cancel(t);
    rill_sleep_ms(1);
    return 0;
}

TEST(cancel_queued_first_step_and_await)
{
    run(main_first_step);
    trace_is("0 u ECANCELED\n"
             "0 v ECANCELED\n"
             "1 run -> None\n");
}

static int sleep_ten_return_one(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(10);
    return code < 0 ? code : 1;
}

static int outer_sees(void *arg)
{
    (void)arg;
    const char *result = rct(t);
    ev("outer sees %s", result);
    return rill_return(NONE);
}

static int cancel_outer(void *arg)
{
    (void)arg;
    ev("cancel outer %d", rill_task_cancel(o));
    return 0;
}

static int main_too_late(void *arg)
{
    (void)arg;
    t = spawn(sleep_ten_return_one, NULL);
    o = spawn(outer_sees, NULL);
    yield();
    when_done(rill_task_future(t), cancel_outer, NULL);
    rill_sleep_ms(20);
    ev("%s %s", stt(t), stt(o));
    return 0;
}

TEST(cancel_while_waiting_on_ready_task)
{
    run(main_too_late);
    trace_is("10 outer sees 1\n"
             "10 cancel outer 0\n"
             "20 ok:1 ok:None\n"
             "20 run -> None\n");
}

static int swallow_and_return_one(void *arg)
{
    (void)arg;
    ev("%s", rc(&f));
    return 1;
}

static int main_awaited_future(void *arg)
{
    (void)arg;
    init_futures();
    t = spawn(swallow_and_return_one, NULL);
    yield();
    rill_task_cancel(t);
    ev("future %s task %s", st(&f), stt(t));
    ev("%s", rct(t));
    return 0;
}

TEST(cancels_awaited_future)
{
    run(main_awaited_future);
    trace_is("0 future ECANCELED task pending\n"
             "0 ECANCELED\n"
             "0 1\n"
             "0 run -> None\n");
}

// ---- cleaning up

static int sleep_and_clean_up(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(1000);
    ev("cleanup start");
    rill_sleep_ms(7);
    ev("cleanup end");
    return code;
}

static int main_cleanup(void *arg)
{
    (void)arg;
    t = spawn(sleep_and_clean_up, NULL);
    rill_sleep_ms(1);
    rill_task_cancel(t);
    await_and_show();
    return 0;
}

TEST(cleanup_with_await)
{
    run(main_cleanup);
    trace_is("1 cleanup start\n"
             "8 cleanup end\n"
             "8 ECANCELED\n"
             "8 ECANCELED\n"
             "8 run -> None\n");
}

static int sleep_hundred(void *arg)
{
    (void)arg;
    return rill_sleep_ms(100);
}

static int by_await(rill_future_t *future)
{
    return rill_await(future, NULL);
}

static int by_gather(rill_future_t *future)
{
    rill_awaitable_t children[] = { { .future = future } };
    return rill_gather(children, 1, 0);
}

static int by_shield(rill_future_t *future)
{
    return rill_shield(future, NULL);
}

static int by_wait(rill_future_t *future)
{
    rill_awaitable_t children[] = { { .future = future } };
    return rill_wait(children, 1, RILL_ALL_COMPLETED, RILL_NEVER);
}

static int by_wait_for(rill_future_t *future)
{
    return rill_wait_for(future, RILL_MS(50), NULL);
}

struct composite {
    const char *name;
    int (*wait)(rill_future_t *future);
};

static int run_composite(void *arg)
{
    const struct composite *composite = arg;
    return composite->wait(rill_task_future(t));
}

static void compare(const struct composite *composite)
{
    t = spawn(sleep_hundred, NULL);
    u = spawn(run_composite, (void *)(uintptr_t)composite);
    rill_sleep_ms(1);
    rill_task_cancel(u);
    const char *result = rct(u);
    ev("%s: waiter %s task %s", composite->name, result, stt(t));
    rill_task_cancel(t);
    rill_join(t, NULL);
    rill_join(u, NULL);
}

static int main_composites(void *arg)
{
    static const struct composite composites[] = {
        { "await", by_await }, { "gather", by_gather },     { "shield", by_shield },
        { "wait", by_wait },   { "wait_for", by_wait_for },
    };
    (void)arg;
    for (size_t i = 0; i < sizeof composites / sizeof *composites; i++) {
        compare(&composites[i]);
    }
    return 0;
}

TEST(composites_compared)
{
    run(main_composites);
    trace_is("1 await: waiter ECANCELED task ECANCELED\n"
             "2 gather: waiter ECANCELED task ECANCELED\n"
             "3 shield: waiter ECANCELED task pending\n"
             "4 wait: waiter ECANCELED task pending\n"
             "5 wait_for: waiter ECANCELED task ECANCELED\n"
             "5 run -> None\n");
}

static int convert(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(1000);
    return code == RILL_ECANCELED ? E(8) : code;
}

static int main_converts(void *arg)
{
    (void)arg;
    t = spawn(convert, NULL);
    rill_sleep_ms(1);
    rill_task_cancel(t);
    await_and_show();
    return 0;
}

TEST(converts_to_error)
{
    run(main_converts);
    trace_is("1 E8\n"
             "1 E8\n"
             "1 run -> None\n");
}

// ---- tasks that wait for tasks

static int sleep_thousand(void *arg)
{
    (void)arg;
    return rill_sleep_ms(1000);
}

static int await_t_counting(void *arg)
{
    const char *result = rct(t);
    ev("%s %s cancelling %d", (const char *)arg, result, rill_task_cancelling(me()));
    return 0;
}

static int main_shared(void *arg)
{
    (void)arg;
    t = spawn(sleep_thousand, NULL);
    u = spawn(await_t_counting, "A");
    spawn(await_t_counting, "B");
    rill_sleep_ms(1);
    rill_task_cancel(u);
    rill_sleep_ms(1);
    ev("%s", stt(t));
    return 0;
}

TEST(inner_task_shared)
{
    run(main_shared);
    trace_is("1 A ECANCELED cancelling 1\n"
             "1 B ECANCELED cancelling 0\n"
             "2 ECANCELED\n"
             "2 run -> None\n");
}

static int cancel_other(void *arg)
{
    const char *name = arg;
    int code = rill_sleep_ms(5);
    if (code < 0) {
        return code;
    }
    ev("%s cancels %d", name, rill_task_cancel(*name == 't' ? u : t));
    const char *result = rc_sleep(10);
    ev("%s %s", name, result);
    return rill_return(NONE);
}

static int main_mutual(void *arg)
{
    (void)arg;
    t = spawn(cancel_other, "t");
    u = spawn(cancel_other, "u");
    rill_awaitable_t both[] = { { .future = rill_task_future(t) }, { .future = rill_task_future(u) } };
    CHECK_EQ(rill_gather(both, 2, RILL_COLLECT), 0);
    ev("%s %s", stt(t), stt(u));
    return 0;
}

TEST(mutual)
{
    run(main_mutual);
    trace_is("5 t cancels 1\n"
             "15 t None\n"
             "15 ok:None ECANCELED\n"
             "15 run -> None\n");
}

static void cancel_t(void)
{
    ev("cancel %d", rill_task_cancel(t));
}

static int call_helper(void *arg)
{
    (void)arg;
    cancel_t();
    ev("a continues");
    return 1;
}

static int main_other_cancels(void *arg)
{
    (void)arg;
    t = spawn(call_helper, NULL);
    ev("%s", rct(t));
    return 0;
}

TEST(other_cancels_running_step)
{
    run(main_other_cancels);
    trace_is("0 cancel 1\n"
             "0 a continues\n"
             "0 ECANCELED\n"
             "0 run -> None\n");
}

static int await_inner_or_say(void *arg)
{
    bool mid = *(const char *)arg == 'm';
    int code = rill_await(rill_task_future(mid ? t : u), NULL);
    if (code == RILL_ECANCELED) {
        ev("%s", (const char *)arg);
    }
    return code;
}

static int main_chain(void *arg)
{
    (void)arg;
    t = spawn(sleep_or_say, "leaf");
    u = spawn(await_inner_or_say, "mid");
    o = spawn(await_inner_or_say, "outer");
    rill_sleep_ms(1);
    rill_task_cancel(o);
    ev("%d%d%d", rill_task_cancelling(t), rill_task_cancelling(u), rill_task_cancelling(o));
    ev("%s", rct(o));
    ev("%s %s %s", stt(t), stt(u), stt(o));
    return 0;
}

TEST(propagates_inwards_chain)
{
    run(main_chain);
    trace_is("1 111\n"
             "1 leaf\n"
             "1 mid\n"
             "1 outer\n"
             "1 ECANCELED\n"
             "1 ECANCELED ECANCELED ECANCELED\n"
             "1 run -> None\n");
}

// ---- swallowing

static int swallow_three(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++) {
        if (rill_sleep_ms(1000) == RILL_ECANCELED) {
            ev("swallowed %d", i);
        }
    }
    return 1;
}

static int main_swallow(void *arg)
{
    (void)arg;
    t = spawn(swallow_three, NULL);
    for (int i = 0; i < 3; i++) {
        rill_sleep_ms(2);
        rill_task_cancel(t);
        ev("cancel #%d cancelling %d", i, rill_task_cancelling(t));
    }
    ev("%s", rct(t));
    return 0;
}

TEST(second_cancel_after_swallow)
{
    run(main_swallow);
    trace_is("2 cancel #0 cancelling 1\n"
             "2 swallowed 0\n"
             "4 cancel #1 cancelling 2\n"
             "4 swallowed 1\n"
             "6 cancel #2 cancelling 3\n"
             "6 swallowed 2\n"
             "6 1\n"
             "6 run -> None\n");
}

static int cancel_self_await_f(void *arg)
{
    (void)arg;
    rill_task_cancel(me());
    ev("%s", rc(&f));
    ev("%s", st(&f));
    return 0;
}

static int main_new_future(void *arg)
{
    (void)arg;
    init_futures();
    return rill_join(spawn(cancel_self_await_f, NULL), NULL);
}

TEST(self_cancels_new_future_immediately)
{
    run(main_new_future);
    trace_is("0 ECANCELED\n"
             "0 ECANCELED\n"
             "0 run -> None\n");
}

static int cancel_self_go_on(void *arg)
{
    (void)arg;
    rill_task_cancel(me());
    ev("still running");
    rill_future_set_result(&f, 1);
    const char *result = rc(&f);
    ev("done future: %s", result);
    result = rc_sleep(10);
    ev("blocking: %s", result);
    return 2;
}

static int main_self_then_await(void *arg)
{
    (void)arg;
    init_futures();
    ev("%s", rct(spawn(cancel_self_go_on, NULL)));
    return 0;
}

TEST(self_then_await)
{
    run(main_self_then_await);
    trace_is("0 still running\n"
             "0 done future: 1\n"
             "0 blocking: ECANCELED\n"
             "0 2\n"
             "0 run -> None\n");
}

static int yield_and_say(void *arg)
{
    (void)arg;
    const char *result = outcome(rill_yield(), NONE);
    ev("a %s", result);
    return 1;
}

static int main_sleep0(void *arg)
{
    (void)arg;
    t = spawn(yield_and_say, NULL);
    yield();
    rill_task_cancel(t);
    ev("%s", rct(t));
    return 0;
}

TEST(sleep0_pending)
{
    run(main_sleep0);
    trace_is("0 a ECANCELED\n"
             "0 1\n"
             "0 run -> None\n");
}

// ---- uncancel

static int cancel_task(void *arg)
{
    rill_task_cancel(*(const rill_task_t *)arg);
    return 0;
}

static int block(uint32_t ms)
{
    rill_task_t self = me();
    int base = rill_task_cancelling(self);
    rill_timer_t *timer = later(ms, cancel_task, &self);
    int code = rill_sleep_ms(1000);
    rill_timer_cancel(this_loop(), timer);
    if (code == RILL_ECANCELED && rill_task_uncancel(self) <= base) {
        ev("block: mine");
        return 0;
    }
    ev("block: not only mine");
    return code;
}

static int two_blocks(void *arg)
{
    (void)arg;
    int code = block(10);
    if (code < 0) {
        return code;
    }
    ev("a continues");
    code = block(10);
    if (code < 0) {
        return code;
    }
    ev("never");
    return 0;
}

static int main_blocks(void *arg)
{
    (void)arg;
    t = spawn(two_blocks, NULL);
    later(20, cancel_task, &t);
    await_and_show();
    return 0;
}

TEST(structured_block_with_uncancel)
{
    run(main_blocks);
    trace_is("10 block: mine\n"
             "10 a continues\n"
             "20 block: not only mine\n"
             "20 ECANCELED\n"
             "20 ECANCELED\n"
             "20 run -> None\n");
}

// Looks into the lists of timers: no public function tells what is armed.
static int lists_in_use(void)
{
    int n = 0;
    for (size_t i = 0; i < RILL_WHEEL_LISTS; i++) {
        uintptr_t first = (uintptr_t)this_loop()->wheel.list[i].next & ~(uintptr_t)1u;
        n += first != (uintptr_t)&this_loop()->wheel.list[i];
    }
    return n;
}

static int main_timer_released(void *arg)
{
    (void)arg;
    t = spawn(sleep_thousand, NULL);
    rill_sleep_ms(1);
    CHECK_EQ(lists_in_use(), 1);
    rill_task_cancel(t);
    rct(t);
    ev("armed timers %d", lists_in_use());
    return 0;
}

TEST(timer_released_on_cancel)
{
    run(main_timer_released);
    trace_is("1 armed timers 0\n"
             "1 run -> None\n");
}

static int uncancel_thrice(void *arg)
{
    (void)arg;
    if (rill_sleep_ms(1000) == RILL_ECANCELED) {
        ev("cancelling %d", rill_task_cancelling(me()));
        for (int i = 0; i < 3; i++) {
            ev("uncancel %d", rill_task_uncancel(me()));
        }
    }
    int code = rill_sleep_ms(1);
    return code < 0 ? code : 1;
}

static int main_counts(void *arg)
{
    (void)arg;
    t = spawn(uncancel_thrice, NULL);
    rill_sleep_ms(1);
    rill_task_cancel(t);
    rill_task_cancel(t);
    ev("%s", rct(t));
    ev("%d", rill_task_cancelling(t));
    return 0;
}

TEST(uncancel_counts)
{
    run(main_counts);
    trace_is("1 cancelling 2\n"
             "1 uncancel 1\n"
             "1 uncancel 0\n"
             "1 uncancel 0\n"
             "2 1\n"
             "2 0\n"
             "2 run -> None\n");
}

static int cancel_and_uncancel(void *arg)
{
    (void)arg;
    rill_task_cancel(me());
    rill_task_uncancel(me());
    ev("%s", outcome(rill_yield(), 1));
    return 2;
}

static int main_must_cancel(void *arg)
{
    (void)arg;
    ev("%s", rct(spawn(cancel_and_uncancel, NULL)));
    return 0;
}

TEST(uncancel_resets_must_cancel)
{
    run(main_must_cancel);
    trace_is("0 1\n"
             "0 2\n"
             "0 run -> None\n");
}

// ---- a result that comes too late

static int see_f(void *arg)
{
    (void)arg;
    const char *result = rc(&f);
    ev("a sees %s future %s", result, st(&f));
    return rill_return(NONE);
}

static int main_wakeup_scheduled(void *arg)
{
    (void)arg;
    init_futures();
    t = spawn(see_f, NULL);
    yield();
    rill_future_set_result(&f, 5);
    ev("%d", rill_task_cancel(t));
    rill_sleep_ms(1);
    ev("%s", stt(t));
    return 0;
}

TEST(wakeup_already_scheduled_result)
{
    run(main_wakeup_scheduled);
    trace_is("0 1\n"
             "0 a sees ECANCELED future ok:5\n"
             "1 ok:None\n"
             "1 run -> None\n");
}

static int main_while_sleeping(void *arg)
{
    (void)arg;
    t = spawn(sleep_or_say, "a cancelled");
    rill_sleep_ms(10);
    ev("%d", rill_task_cancel(t));
    ev("%s", stt(t));
    await_and_show();
    return 0;
}

TEST(while_sleeping)
{
    run(main_while_sleeping);
    trace_is("10 1\n"
             "10 pending\n"
             "10 a cancelled\n"
             "10 ECANCELED\n"
             "10 ECANCELED\n"
             "10 run -> None\n");
}

TEST_MAIN("cancel", TEST_CASE(at_end), TEST_CASE(at_end_with_error), TEST_CASE(cancel_and_result_order),
          TEST_CASE(cancel_order_of_several), TEST_CASE(cancel_queued_first_step_and_await),
          TEST_CASE(cancel_while_waiting_on_ready_task), TEST_CASE(cancels_awaited_future),
          TEST_CASE(cleanup_with_await), TEST_CASE(composites_compared), TEST_CASE(converts_to_error),
          TEST_CASE(inner_task_shared), TEST_CASE(mutual), TEST_CASE(other_cancels_running_step),
          TEST_CASE(propagates_inwards_chain), TEST_CASE(second_cancel_after_swallow),
          TEST_CASE(self_cancels_new_future_immediately), TEST_CASE(self_then_await), TEST_CASE(sleep0_pending),
          TEST_CASE(structured_block_with_uncancel), TEST_CASE(timer_released_on_cancel), TEST_CASE(uncancel_counts),
          TEST_CASE(uncancel_resets_must_cancel), TEST_CASE(wakeup_already_scheduled_result),
          TEST_CASE(while_sleeping))
