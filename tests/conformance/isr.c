// rill-test: min-ram=16
// Conformance, area isr: posts from interrupts (rules L16, TH1-TH9). The programs about executors and threads are not
// here: a board has neither.
#define CONF_TASKS 4
#include "conformance.h"

static rill_future_t f;
static rill_task_t t;
static rill_handle_t posts[2];

// Interrupt functions: each posts a handle to the loop it interrupted, as any device driver would.
static void post_first(void *arg)
{
    CHECK_EQ(rill_call_soon_threadsafe(arg, &posts[0]), 1);
}

static void post_second(void *arg)
{
    CHECK_EQ(rill_call_soon_threadsafe(arg, &posts[1]), 1);
}

static void post_at(uint32_t ms, unsigned which, rill_callback_t fn, void *arg)
{
    rill_handle_init(&posts[which], fn, arg);
    isr_at(ms, which == 0 ? post_first : post_second, this_loop());
}

static int set_f(void *arg)
{
    return rill_future_set_result(&f, INT(arg));
}

static int main_wakes_idle(void *arg)
{
    (void)arg;
    rill_future_init(&f, NULL);
    post_at(7, 0, set_f, PTR(1));
    const char *result = rc(&f);
    ev("%s", result);
    return 0;
}

TEST(call_soon_threadsafe_wakes_idle_loop)
{
    run(main_wakes_idle);
    trace_is("7 1\n"
             "7 run -> None\n");
}

static int sleep_hundred(void *arg)
{
    (void)arg;
    return rill_sleep_ms(100);
}

static int cancel_t(void *arg)
{
    (void)arg;
    rill_task_cancel(t);
    return 0;
}

static int main_cancel(void *arg)
{
    (void)arg;
    t = spawn(sleep_hundred, NULL);
    post_at(5, 0, cancel_t, NULL);
    const char *result = rct(t);
    ev("%s", result);
    return 0;
}

TEST(cancel_from_isr)
{
    run(main_cancel);
    trace_is("5 ECANCELED\n"
             "5 run -> None\n");
}

static int await_f(void *arg)
{
    const char *result = rc(&f);
    ev("%s %s", (const char *)arg, result);
    return 0;
}

static int main_completes(void *arg)
{
    (void)arg;
    rill_future_init(&f, NULL);
    go(await_f, "a");
    go(await_f, "b");
    post_at(5, 0, set_f, PTR(9));
    return rill_sleep_ms(10);
}

TEST(completes_future_waiter_runs_next)
{
    run(main_completes);
    trace_is("5 a 9\n"
             "5 b 9\n"
             "10 run -> None\n");
}

static int busy_between(void *arg)
{
    (void)arg;
    ev("busy start");
    soon(say, "soon before");
    busy(10);
    soon(say, "soon after");
    return 0;
}

static int main_busy(void *arg)
{
    (void)arg;
    post_at(3, 0, say, "posted at 3");
    soon(busy_between, NULL);
    return rill_sleep_ms(20);
}

TEST(isr_during_busy_callback)
{
    run(main_busy);
    trace_is("0 busy start\n"
             "10 soon before\n"
             "10 posted at 3\n"
             "10 soon after\n"
             "20 run -> None\n");
}

static int return_code_of_f(void *arg)
{
    (void)arg;
    return rill_return(rill_await(&f, NULL));
}

static int guarded(void *arg)
{
    if (rill_future_done(&f)) {
        ev("guarded");
        return 0;
    }
    return set_f(arg);
}

static int main_late(void *arg)
{
    (void)arg;
    rill_future_init(&f, NULL);
    t = spawn(return_code_of_f, NULL);
    rill_sleep_ms(1);
    rill_task_cancel(t);
    post_at(5, 0, set_f, PTR(1));
    post_at(6, 1, guarded, PTR(1));
    rill_sleep_ms(10);
    rill_value_t value = 0;
    int code = rill_future_result(rill_task_future(t), &value);
    ev("%s%s", code == 0 ? "ok:" : "", err(code == 0 ? (int)value : code));
    return 0;
}

TEST(late_completion_of_cancelled_future)
{
    run(main_late);
    trace_is("5 HANDLER exception in callback ESTATE\n"
             "6 guarded\n"
             "11 ok:ECANCELED\n"
             "11 run -> None\n");
}

static int tick(void *arg)
{
    (void)arg;
    for (;;) {
        ev("tick");
        int code = rill_sleep_ms(4);
        if (code < 0) {
            return code;
        }
    }
}

TEST(stop_from_isr)
{
    new_loop();
    const rill_spawn_options_t options = { .loop = &lp };
    CHECK_EQ(rill_spawn_with(&pool, tick, NULL, &options, NULL), 0);
    post_at(10, 0, stop_loop, NULL);
    CHECK_EQ(rill_run_forever(&lp), 0);
    ev("stopped");
    trace_is("0 tick\n"
             "4 tick\n"
             "8 tick\n"
             "10 stopped\n");
}

TEST_MAIN("isr", TEST_CASE(call_soon_threadsafe_wakes_idle_loop), TEST_CASE(cancel_from_isr),
          TEST_CASE(completes_future_waiter_runs_next), TEST_CASE(isr_during_busy_callback),
          TEST_CASE(late_completion_of_cancelled_future), TEST_CASE(stop_from_isr))
