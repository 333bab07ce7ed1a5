// CPython 3.13 test_runners.py: rules RN1-RN5. A Runner is a loop of the caller's: rill_loop_init, any number of
// rill_run_until_complete, rill_loop_close.
// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
#include <rill/contextvars.h>
#include <rill/debug.h>

#include "misc.h"

RILL_VARS_POOL_DEFINE(bindings, 8);

static rill_loop_t runner;
static rill_task_t leftover;
static unsigned told;

static void setup(void)
{
    fresh();
    test_clock_reset(0);
    told = 0;
}

static int run_main(rill_fn_t fn)
{
    rill_value_t value = 0;
    int code = rill_run(&pool, fn, NULL, &value);
    return code < 0 ? code : (int)value;
}

// runner.run(fn(arg)) in the given context, NULL: in a copy of the thread's, which is empty.
static int runner_run(rill_fn_t fn, void *arg, rill_vars_t *vars)
{
    const rill_spawn_options_t options = { .loop = &runner, .vars = vars };
    rill_task_t task;
    rill_value_t value = 0;
    int code = rill_spawn_with(&pool, fn, arg, &options, &task);
    if (code != 0) {
        return code;
    }
    code = rill_run_until_complete(&runner, rill_task_future(task), &value);
    rill_detach(task);
    return code < 0 ? code : (int)value;
}

static int return_42(void *arg)
{
    (void)arg;
    rill_yield();
    return 42;
}

TEST(test_asyncio_run_return)
{
    setup();
    CHECK_EQ(run_main(return_42), 42);
}

static int raise_error(void *arg)
{
    (void)arg;
    rill_yield();
    return E(1);
}

TEST(test_asyncio_run_raises)
{
    setup();
    CHECK_EQ(run_main(raise_error), E(1));
}

static int get_debug(void *arg)
{
    (void)arg;
    return rill_loop_get_debug(rill_loop_running());
}

// A debug build starts every loop in debug mode, as asyncio does in its dev mode; before the run it may be switched.
TEST(test_asyncio_run_debug)
{
    setup();
    CHECK_EQ(rill_loop_set_debug(rill_loop_default(), false), 0);
    CHECK_EQ(run_main(get_debug), 0);
    fresh();
    CHECK_EQ(rill_loop_set_debug(rill_loop_default(), true), 0);
    CHECK_EQ(run_main(get_debug), 1);
    begin();
    rill_loop_init(rill_loop_default());
    CHECK_EQ(run_main(get_debug), RILL_DEBUG);
}

static int run_again(void *arg)
{
    (void)arg;
    return rill_run(&pool, return_42, NULL, NULL);
}

TEST(test_asyncio_run_from_running_loop)
{
    setup();
    CHECK_EQ(run_main(run_again), RILL_EPERM);
}

static int sleep_100(void *arg)
{
    (void)arg;
    return rill_sleep_ms(100);
}

static int leave_one(void *arg)
{
    leftover = spawn(sleep_100, arg);
    return 123;
}

TEST(test_asyncio_run_cancels_hanging_tasks)
{
    setup();
    CHECK_EQ(run_main(leave_one), 123);
    CHECK(done(leftover));
    CHECK_EQ(rill_clock_now(), 0);
}

static int fail_at_cancellation(void *arg)
{
    (void)arg;
    return rill_sleep_ms(100) == RILL_ECANCELED ? E(1) : 0;
}

static int note(rill_loop_t *loop, const rill_exception_t *info)
{
    (void)loop;
    CHECK(strcmp(info->message, "unhandled exception at shutdown") == 0);
    CHECK_EQ(info->error, E(1));
    CHECK(info->future == rill_task_future(leftover));
    told++;
    return 0;
}

static int leave_a_failing_one(void *arg)
{
    rill_loop_set_exception_handler(rill_loop_running(), note);
    leftover = spawn(fail_at_cancellation, arg);
    return 123;
}

TEST(test_asyncio_run_reports_hanging_tasks_errors)
{
    setup();
    CHECK_EQ(run_main(leave_a_failing_one), 123);
    CHECK(done(leftover));
    CHECK_EQ(told, 1);
}

static int running_is_runner(void *arg)
{
    (void)arg;
    return rill_loop_running() == &runner;
}

static int running_is_default(void *arg)
{
    (void)arg;
    return rill_loop_running() == rill_loop_default();
}

TEST(test_asyncio_run_loop_factory)
{
    setup();
    CHECK_EQ(rill_loop_init(&runner), 0);
    CHECK_EQ(runner_run(running_is_runner, NULL, NULL), 1);
    CHECK_EQ(rill_loop_close(&runner), 0);
}

TEST(test_loop_factory_default_event_loop)
{
    setup();
    CHECK_EQ(run_main(running_is_default), 1);
}

// ---- RunnerTests

static void check_debug(bool debug)
{
    setup();
    rill_loop_init(&runner);
    rill_loop_set_debug(&runner, debug);
    CHECK_EQ(rill_loop_get_debug(&runner), debug);
    CHECK_EQ(rill_loop_close(&runner), 0);
}

TEST(test_non_debug)
{
    check_debug(false);
}

TEST(test_debug)
{
    check_debug(true);
}

TEST(test_custom_factory)
{
    static rill_loop_t mine;
    const rill_spawn_options_t options = { .loop = &mine };
    rill_task_t task;
    setup();
    rill_loop_init(&mine);
    CHECK_EQ(rill_spawn_with(&pool, return_42, NULL, &options, &task), 0);
    CHECK_EQ(rill_run_until_complete(&mine, rill_task_future(task), NULL), 0);
    CHECK_EQ(rill_loop_close(&mine), 0);
}

static void check_closed(void)
{
    CHECK_EQ(rill_run_forever(&runner), RILL_EPERM);
    CHECK_EQ(runner_run(return_42, NULL, NULL), RILL_EPERM);
}

TEST(test_run)
{
    setup();
    rill_loop_init(&runner);
    CHECK_EQ(runner_run(return_42, NULL, NULL), 42);
    CHECK_EQ(rill_loop_close(&runner), 0);
    check_closed();
}

TEST(test_explicit_close)
{
    setup();
    rill_loop_init(&runner);
    CHECK_EQ(rill_loop_close(&runner), 0);
    check_closed();
}

TEST(test_double_close)
{
    setup();
    rill_loop_init(&runner);
    CHECK_EQ(rill_loop_close(&runner), 0);
    check_closed();
    CHECK_EQ(rill_loop_close(&runner), 0);
    check_closed();
}

static int add_it(void *item)
{
    add(*(const char *)item);
    return 0;
}

TEST(test_second_with_block_raises)
{
    setup();
    rill_loop_init(&runner);
    CHECK_EQ(runner_run(add_it, "1", NULL), 0);
    CHECK_EQ(rill_loop_close(&runner), 0);
    CHECK_EQ(runner_run(add_it, "2", NULL), RILL_EPERM);
    RESULTS("1");
}

static rill_var_t cvar = RILL_VAR_INIT_DEFAULT(99);

static int set_cvar(void *value)
{
    rill_value_t old = 0;
    CHECK_EQ(rill_var_get(&cvar, &old), 0);
    rill_yield();
    CHECK_EQ(rill_var_set(&cvar, INT(value), NULL), 0);
    return (int)old;
}

TEST(test_run_keeps_context)
{
    rill_vars_t context = { NULL };
    rill_value_t value = 0;
    setup();
    CHECK_EQ(rill_vars_use(&bindings), 0);
    rill_loop_init(&runner);
    CHECK_EQ(runner_run(set_cvar, PTR(1), &context), 99);
    CHECK_EQ(runner_run(set_cvar, PTR(2), &context), 1);
    CHECK_EQ(rill_vars_get(&context, &cvar, &value), 0);
    CHECK_EQ(value, 2);
    rill_vars_drop(&context);
    CHECK_EQ(rill_loop_close(&runner), 0);
}

static int run_on_runner(void *arg)
{
    rill_future_t future = RILL_FUTURE_INIT;
    (void)arg;
    return rill_run_until_complete(&runner, &future, NULL);
}

TEST(test_recursive_run)
{
    setup();
    rill_loop_init(&runner);
    CHECK_EQ(runner_run(run_on_runner, NULL, NULL), RILL_EPERM);
    CHECK_EQ(rill_loop_close(&runner), 0);
}

TEST_MAIN("cpython_runners",
    TEST_CASE(test_asyncio_run_return),
    TEST_CASE(test_asyncio_run_raises),
    TEST_CASE(test_asyncio_run_debug),
    TEST_CASE(test_asyncio_run_from_running_loop),
    TEST_CASE(test_asyncio_run_cancels_hanging_tasks),
    TEST_CASE(test_asyncio_run_reports_hanging_tasks_errors),
    TEST_CASE(test_asyncio_run_loop_factory),
    TEST_CASE(test_loop_factory_default_event_loop),
    TEST_CASE(test_non_debug),
    TEST_CASE(test_debug),
    TEST_CASE(test_custom_factory),
    TEST_CASE(test_run),
    TEST_CASE(test_explicit_close),
    TEST_CASE(test_double_close),
    TEST_CASE(test_second_with_block_raises),
    TEST_CASE(test_run_keeps_context),
    TEST_CASE(test_recursive_run))
