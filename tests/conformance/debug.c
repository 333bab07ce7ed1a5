// rill-test: min-ram=16
// Conformance, area debug: what debug mode reports (rules DB1, DB2, DB4, DB5, L14). A release build measures and checks
// nothing, so only the cases without debug mode are in it. non_callable (DB3) has no form in C: the compiler refuses
// what is no function.
#define CONF_TASKS 3
#include "conformance.h"

#include <rill/debug.h>

// The reference prints what the logger gets only for slow callbacks and steps, and it has a default handler of its own,
// which is told of the handler's error alone. Rill's default handler writes both errors to rill_log.
void rill_log(const char *text)
{
    if (strncmp(text, "slow ", 5) == 0) {
        ev("LOG slow callback");
    } else if (strncmp(text, "exception handler: -1002, for exception in callback: -1001", 58) == 0) {
        ev("default E2");
    }
}

static int occupy(void *arg)
{
    busy((uint32_t)INT(arg));
    return 0;
}

// ---- without debug mode

static int main_not_debugged(void *arg)
{
    (void)arg;
    soon(occupy, PTR(150));
    rill_sleep_ms(1);
    ev("silent");
    return 0;
}

TEST(no_slow_log_without_debug)
{
    run(main_not_debugged);
    trace_is("150 silent\n"
             "150 run -> None\n");
}

static int waits_for_ever(void *arg)
{
    rill_future_t *future = arg;
    return rill_await(future, NULL);
}

// In C a task is destroyed when its loop is closed. This one is of a loop that does not run at the moment.
RILL_TASK_POOL_DEFINE(other_pool, 1, CONF_STACK);
static rill_loop_t other_loop;
static rill_future_t never;

static void prepare_other_loop(void)
{
    rill_task_t task;
    const rill_spawn_options_t options = { .loop = &other_loop };
    CHECK_EQ(rill_loop_init(&other_loop), 0);
    rill_loop_set_exception_handler(&other_loop, print_handler);
    rill_future_init(&never, &other_loop);
    CHECK_EQ(rill_spawn_with(&other_pool, waits_for_ever, &never, &options, &task), 0);
    CHECK_EQ(rill_loop_stop(&other_loop), 0);
    CHECK_EQ(rill_run_forever(&other_loop), 0); // one iteration, the sleep(0) of the reference
}

static int main_destroys(void *arg)
{
    (void)arg;
    rill_loop_set_debug(&other_loop, true); // asyncio reports these always, Rill in debug mode
    CHECK_EQ(rill_loop_close(&other_loop), 0);
    ev("after collect");
    return 0;
}

TEST(task_destroyed_pending)
{
    prepare_other_loop();
    run(main_destroys);
    trace_is("0 HANDLER task destroyed pending ok\n"
             "0 after collect\n"
             "0 run -> None\n");
}

#if RILL_DEBUG

// ---- slow callbacks and steps

static rill_fn_t debugged_main;

static int main_debugged(void *arg)
{
    rill_loop_set_debug(rill_loop_running(), true);
    return debugged_main(arg);
}

// run(main, debug=True)
static void run_debug(rill_fn_t main_fn)
{
    debugged_main = main_fn;
    run(main_debugged);
}

static int main_slow_callbacks(void *arg)
{
    (void)arg;
    soon(occupy, PTR(150));
    rill_sleep_ms(1);
    soon(occupy, PTR(99));
    rill_sleep_ms(1);
    CHECK_EQ(rill_loop_set_slow_threshold(rill_loop_running(), RILL_MS(50)), 0);
    soon(occupy, PTR(60));
    rill_sleep_ms(1);
    return 0;
}

TEST(slow_callback)
{
    run_debug(main_slow_callbacks);
    trace_is("150 LOG slow callback\n"
             "309 LOG slow callback\n"
             "309 run -> None\n");
}

static int slow_then_fast(void *arg)
{
    (void)arg;
    busy(120);
    rill_yield();
    busy(10);
    return 0;
}

static int main_slow_step(void *arg)
{
    (void)arg;
    return rill_await(rill_task_future(spawn(slow_then_fast, NULL)), NULL);
}

TEST(slow_task_step)
{
    run_debug(main_slow_step);
    trace_is("120 LOG slow callback\n"
             "130 run -> None\n");
}

// ---- errors in handlers

static int failing_handler(rill_loop_t *loop, const rill_exception_t *info)
{
    (void)loop;
    (void)info;
    ev("handler");
    return E(2);
}

static int bad(void *arg)
{
    (void)arg;
    return E(1);
}

TEST(exception_in_exception_handler)
{
    new_loop();
    rill_loop_set_exception_handler(&lp, failing_handler);
    soon(bad, NULL);
    soon(say, "next");
    later(1, stop_loop, NULL);
    rill_run_forever(&lp);
    trace_is("0 handler\n"
             "0 default E2\n"
             "0 next\n");
}

// ---- what never ran

static int warn_handler(rill_loop_t *loop, const rill_exception_t *info)
{
    (void)loop;
    ev("WARN %s", strcmp(info->message, "task never started") == 0 ? "never awaited" : info->message);
    return 0;
}

// In C a function that was not called leaves nothing behind; one that was made a task and given up before it ran does.
static int main_drops(void *arg)
{
    (void)arg;
    rill_loop_set_exception_handler(rill_loop_running(), warn_handler);
    rill_task_t dropped = spawn(say, "never");
    rill_task_cancel(dropped);
    rill_detach(dropped);
    ev("after");
    say("awaited");
    return 0;
}

TEST(never_awaited)
{
    run_debug(main_drops);
    trace_is("0 WARN never awaited\n"
             "0 after\n"
             "0 awaited\n"
             "0 run -> None\n");
}

// ---- from an interrupt

static const char *results[3];
static rill_handle_t wrong_handle;
static rill_timer_t wrong_timer;
static rill_handle_t right_handle;

static void in_interrupt(void *arg)
{
    rill_loop_t *loop = arg;
    results[0] = err(rill_call_soon(loop, &wrong_handle, say, "x"));
    results[1] = err(rill_call_later(loop, &wrong_timer, 0, say, "x"));
    results[2] = rill_call_soon_threadsafe(loop, &right_handle) == 1 ? "ok" : "refused";
}

static int main_interrupted(void *arg)
{
    (void)arg;
    rill_handle_init(&right_handle, say, "threadsafe ok");
    isr_now(in_interrupt, rill_loop_running());
    ev("[%s,%s,%s]", results[0], results[1], results[2]);
    rill_sleep_ms(1);
    return 0;
}

TEST(wrong_thread)
{
    run_debug(main_interrupted);
    trace_is("0 [EPERM,EPERM,ok]\n"
             "0 threadsafe ok\n"
             "1 run -> None\n");
}

#define DEBUG_CASES                                                                                                    \
    TEST_CASE(slow_callback), TEST_CASE(slow_task_step), TEST_CASE(exception_in_exception_handler),                    \
        TEST_CASE(never_awaited), TEST_CASE(wrong_thread),
#else
#define DEBUG_CASES
#endif

TEST_MAIN("debug", DEBUG_CASES TEST_CASE(no_slow_log_without_debug), TEST_CASE(task_destroyed_pending))
