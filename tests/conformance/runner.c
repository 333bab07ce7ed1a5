// rill-test: min-ram=16
// Conformance, area runner: how a program begins and ends (rules RN1-RN5).
#define CONF_TASKS 5
#include "conformance.h"

#include <rill/contextvars.h>
#include <rill/debug.h>
#include <rill/runner.h>

RILL_VARS_POOL_DEFINE(bindings, 4);
static rill_var_t counter = RILL_VAR_INIT_DEFAULT(0);

// ---- what is left when main ends

static int fails_when_cancelled(void *arg)
{
    (void)arg;
    int rc = rill_sleep_ms(100);
    return rc == RILL_ECANCELED ? E(5) : rc;
}

static int main_leaves_failing(void *arg)
{
    (void)arg;
    go(fails_when_cancelled, NULL);
    rill_sleep_ms(1);
    return 0;
}

TEST(leftover_errors_reported)
{
    run(main_leaves_failing);
    trace_is("1 HANDLER unhandled exception at shutdown E5\n"
             "1 run -> None\n");
}

static int starts_and_sleeps(void *arg)
{
    (void)arg;
    ev("w starts");
    ev("%s", err(rill_sleep_ms(5)));
    ev("w ends");
    return 0;
}

static int main_without_yielding(void *arg)
{
    (void)arg;
    go(starts_and_sleeps, NULL);
    ev("main returns without yielding");
    return 0;
}

TEST(leftover_not_yet_started)
{
    run(main_without_yielding);
    trace_is("0 main returns without yielding\n"
             "0 w starts\n"
             "0 ECANCELED\n"
             "0 w ends\n"
             "0 run -> None\n");
}

static int late(void *arg)
{
    (void)arg;
    ev("late starts");
    int rc = rill_sleep_ms(3);
    ev("late ends");
    return rc;
}

static int spawns_late(void *arg)
{
    (void)arg;
    int rc = rill_sleep_ms(100);
    go(late, NULL);
    ev("spawned late");
    rill_sleep_ms(1);
    return rc;
}

// Python reports a task destroyed pending when it collects it, after run has returned; the close of the loop reports it
// before. This handler keeps the report.
static rill_exception_t kept;

static int keep(rill_loop_t *loop, const rill_exception_t *info)
{
    (void)loop;
    kept = *info;
    return 0;
}

static int main_leaves_spawning(void *arg)
{
    (void)arg;
    rill_loop_set_debug(rill_loop_running(), true); // asyncio reports these always, Rill in debug mode
    rill_loop_set_exception_handler(rill_loop_running(), keep);
    go(spawns_late, NULL);
    rill_sleep_ms(1);
    return 0;
}

TEST(leftover_spawns_more)
{
    kept = (rill_exception_t){ "nothing", 0, NULL, NULL };
    run(main_leaves_spawning);
    print_handler(NULL, &kept);
    trace_is("1 spawned late\n"
             "1 late starts\n"
             "2 run -> None\n"
             "2 HANDLER task destroyed pending ok\n");
}

static int says_cancelled(void *arg)
{
    (void)arg;
    int rc = rill_sleep_ms(100);
    if (rc == RILL_ECANCELED) {
        ev("w cancelled");
    }
    return rc;
}

static int main_fails(void *arg)
{
    (void)arg;
    go(says_cancelled, NULL);
    rill_sleep_ms(1);
    return E(6);
}

TEST(main_error_still_cancels)
{
    run(main_fails);
    trace_is("1 w cancelled\n"
             "1 run -> E6\n");
}

static int cleans_up(void *arg)
{
    int rc = rill_sleep_ms(100);
    if (rc == RILL_ECANCELED) {
        ev("w%d cancelled", INT(arg));
        rill_sleep_ms((uint32_t)INT(arg));
        ev("w%d cleaned", INT(arg));
    }
    return rc;
}

static int main_leaves_three(void *arg)
{
    (void)arg;
    go(cleans_up, PTR(3));
    go(cleans_up, PTR(1));
    go(cleans_up, PTR(2));
    rill_sleep_ms(1);
    ev("main returns");
    return 0;
}

TEST(run_cancels_leftovers)
{
    rill_value_t value = -1;
    begin();
    rill_loop_init(rill_loop_default());
    rill_loop_set_exception_handler(rill_loop_default(), print_handler);
    int code = rill_run(&pool, main_leaves_three, NULL, &value);
    ev("run -> %s", outcome(code, value)); // this main returns 0, not None
    trace_is("1 main returns\n"
             "1 w3 cancelled\n"
             "1 w1 cancelled\n"
             "1 w2 cancelled\n"
             "2 w1 cleaned\n"
             "3 w2 cleaned\n"
             "4 w3 cleaned\n"
             "4 run -> 0\n");
}

// ---- run in run

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static int main_runs(void *arg)
{
    (void)arg;
    ev("%s", err(rill_run(&pool, nothing, NULL, NULL)));
    return 0;
}

TEST(run_inside_running_loop)
{
    run(main_runs);
    trace_is("0 EPERM\n"
             "0 run -> None\n");
}

// ---- several mains (RN5), written after CPython's test_runners.py: test_run, test_run_keeps_context,
// test_double_close, test_second_with_block_raises

static rill_loop_t own_loop;
static rill_runner_t runner;

static int counts_on(void *arg)
{
    rill_value_t n = 0;
    CHECK_EQ(rill_var_get(&counter, &n), 0);
    CHECK_EQ(rill_var_set(&counter, n + INT(arg), NULL), 0);
    ev("counter %d", (int)n + INT(arg));
    return INT(arg);
}

static int ticks(void *arg)
{
    int rc = RILL_OK;
    (void)arg;
    for (int n = 1; rc == RILL_OK; n++) {
        rc = rill_sleep_ms(2);
        ev("tick %d %s", n, err(rc));
    }
    return rc;
}

static int main_starts_ticks(void *arg)
{
    (void)arg;
    go(ticks, NULL);
    return rill_sleep_ms(3);
}

static int main_lets_time_pass(void *arg)
{
    (void)arg;
    return rill_sleep_ms(4);
}

static int main_nested_runner(void *arg)
{
    (void)arg;
    ev("%s %s", err(rill_runner_run(&runner, &pool, nothing, NULL, NULL)), err(rill_runner_close(&runner)));
    return E(7);
}

static void open_runner(rill_loop_t *loop)
{
    begin();
    runner = (rill_runner_t)RILL_RUNNER_INIT(loop);
    rill_loop_set_exception_handler(rill_runner_loop(&runner), print_handler);
    rill_loop_set_debug(rill_runner_loop(&runner), false);
}

static void run_next(rill_fn_t fn, void *arg)
{
    rill_value_t value = 0;
    int code = rill_runner_run(&runner, &pool, fn, arg, &value);
    ev("run -> %s", outcome(code, value));
}

TEST(runner_object_reuse)
{
    open_runner(&own_loop);
    CHECK(rill_runner_loop(&runner) == &own_loop);
    run_next(main_starts_ticks, NULL);
    run_next(main_nested_runner, NULL);
    run_next(main_lets_time_pass, NULL);
    ev("close %s", err(rill_runner_close(&runner)));
    ev("close %s", err(rill_runner_close(&runner)));
    run_next(nothing, NULL);
    CHECK(rill_runner_loop(&runner) == NULL);
    CHECK_EQ(rill_call_soon(&own_loop, &conf_handles[0], say, NULL), RILL_EPERM); // the loop is closed
    trace_is("2 tick 1 ok\n"
             "3 run -> 0\n"
             "3 EPERM EPERM\n"
             "3 run -> E7\n"
             "4 tick 2 ok\n"
             "6 tick 3 ok\n"
             "7 run -> 0\n"
             "7 tick 4 ECANCELED\n"
             "7 close ok\n"
             "7 close ok\n"
             "7 run -> EPERM\n");
}

TEST(runner_keeps_context)
{
    CHECK_EQ(rill_vars_use(&bindings), 0);
    open_runner(NULL);
    run_next(counts_on, PTR(1));
    run_next(counts_on, PTR(2));
    CHECK_EQ(rill_runner_close(&runner), 0);
    open_runner(NULL); // another runner, another context; the default loop once more
    run_next(counts_on, PTR(4));
    CHECK_EQ(rill_runner_close(&runner), 0);
    CHECK_EQ(rill_pool_used(&bindings), 0);
    trace_is("0 counter 1\n"
             "0 run -> 1\n"
             "0 counter 3\n"
             "0 run -> 2\n"
             "0 counter 4\n"
             "0 run -> 4\n");
}

static rill_future_t never;

static int waits_for_ever(void *arg)
{
    (void)arg;
    rill_future_init(&never, NULL);
    int rc = rill_await(&never, NULL);
    ev("%s", err(rc));
    return rc;
}

TEST(runner_goes_on_after_a_deadlock)
{
    open_runner(&own_loop);
    run_next(waits_for_ever, NULL);
    run_next(main_lets_time_pass, NULL);
    ev("close %s", err(rill_runner_close(&runner)));
    CHECK_EQ(rill_runner_run(NULL, &pool, nothing, NULL, NULL), RILL_EINVAL);
    CHECK_EQ(rill_runner_close(NULL), RILL_EINVAL);
    trace_is("0 run -> EDEADLK\n"
             "4 run -> 0\n"
             "4 ECANCELED\n"
             "4 close ok\n");
}

TEST_MAIN("runner", TEST_CASE(leftover_errors_reported), TEST_CASE(leftover_not_yet_started),
          TEST_CASE(leftover_spawns_more), TEST_CASE(main_error_still_cancels), TEST_CASE(run_cancels_leftovers),
          TEST_CASE(run_inside_running_loop), TEST_CASE(runner_object_reuse), TEST_CASE(runner_keeps_context),
          TEST_CASE(runner_goes_on_after_a_deadlock))
