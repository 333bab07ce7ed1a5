// rill-test: min-ram=16
// Conformance, area isr: posts from interrupts, and executors (rules L16, TH1-TH9). Workers are virtual ones.
#define CONF_TASKS 4
#include "conformance.h"

#include <rill/gather.h>

#include "vexecutor.h"

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

// ---- executors

static vexecutor_t ex;

static vjob_t job(const char *label, uint32_t ms, int result)
{
    return (vjob_t){ .label = label, .ms = ms, .result = result };
}

static int main_executor_basic(void *arg)
{
    static vjob_t jobs[3];
    static const char *const names[] = { "j0", "j1", "j2" };
    static rill_awaitable_t all[3];
    (void)arg;
    vexecutor_init(&ex, 2);
    for (int i = 0; i < 3; i++) {
        jobs[i] = job(names[i], 10 * (uint32_t)(3 - i), i);
        all[i].future = vexecutor_run(&ex.executor, &jobs[i]);
    }
    CHECK_EQ(rill_gather(all, 3, 0), 0);
    ev("[%d,%d,%d]", (int)all[0].value, (int)all[1].value, (int)all[2].value);
    return 0;
}

TEST(executor_basic)
{
    run(main_executor_basic);
    trace_is("0 j0 start\n"
             "0 j1 start\n"
             "20 j1 end\n"
             "20 j2 start\n"
             "30 j0 end\n"
             "30 j2 end\n"
             "30 [0,1,2]\n"
             "30 run -> None\n");
}

static int tick_four(void *arg)
{
    (void)arg;
    for (int i = 0; i < 4; i++) {
        ev("tick%d", i);
        rill_sleep_ms(5);
    }
    return 0;
}

static int main_does_not_block(void *arg)
{
    static vjob_t j;
    (void)arg;
    t = spawn(tick_four, NULL);
    j = job("j", 12, 1);
    ev("%s", rc(vexecutor_run(vexecutor_init(&ex, 1), &j)));
    return rill_await(rill_task_future(t), NULL);
}

TEST(executor_does_not_block_loop)
{
    run(main_does_not_block);
    trace_is("0 j start\n"
             "0 tick0\n"
             "5 tick1\n"
             "10 tick2\n"
             "12 j end\n"
             "12 1\n"
             "15 tick3\n"
             "20 run -> None\n");
}

static int main_executor_error(void *arg)
{
    static vjob_t j;
    (void)arg;
    j = job("j", 5, E(4));
    ev("%s", rc(vexecutor_run(vexecutor_init(&ex, 1), &j)));
    return 0;
}

TEST(executor_error)
{
    run(main_executor_error);
    trace_is("0 j start\n"
             "5 j end\n"
             "5 E4\n"
             "5 run -> None\n");
}

static int in_thread(void *arg)
{
    rill_value_t value = 0;
    int code = rill_to_thread(vjob_fn, arg, &value);
    return code < 0 ? code : rill_return(value);
}

static int main_to_thread_gather(void *arg)
{
    static vjob_t jobs[2];
    static rill_awaitable_t both[2];
    jobs[0] = job("a", 20, 1);
    jobs[1] = job("b", 20, 2);
    const rill_call_t calls[] = { { in_thread, &jobs[0] }, { in_thread, &jobs[1] } };
    (void)arg;
    CHECK_EQ(rill_loop_set_default_executor(NULL, vexecutor_init(&ex, 4)), 0);
    CHECK_EQ(rill_gather_calls(&pool, calls, both, 2, 0), 0);
    ev("[%d,%d]", (int)both[0].value, (int)both[1].value);
    return 0;
}

TEST(to_thread_gather)
{
    run(main_to_thread_gather);
    trace_is("0 a start\n"
             "0 b start\n"
             "20 a end\n"
             "20 b end\n"
             "20 [1,2]\n"
             "20 run -> None\n");
}

TEST_MAIN("isr", TEST_CASE(call_soon_threadsafe_wakes_idle_loop), TEST_CASE(cancel_from_isr),
          TEST_CASE(completes_future_waiter_runs_next), TEST_CASE(isr_during_busy_callback),
          TEST_CASE(late_completion_of_cancelled_future), TEST_CASE(stop_from_isr), TEST_CASE(executor_basic),
          TEST_CASE(executor_does_not_block_loop), TEST_CASE(executor_error), TEST_CASE(to_thread_gather))
