// CPython 3.13 test_base_events.py: rules L1-L15. `_run_once` is rill_loop_stop and rill_run_forever, one iteration
// (L10).
// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
#include <rill/debug.h>

#include "misc.h"

static unsigned calls;
static unsigned logged;
static char last_log[64];

// The kernel's own, which prints in debug builds, is weak.
void rill_log(const char *text)
{
    logged++;
    strncpy(last_log, text, sizeof last_log - 1);
}

static void setup(void)
{
    test_clock_reset(0);
    new_loop();
    rill_loop_set_exception_handler(&lp, NULL);
    results[0] = '\0';
    calls = 0;
    logged = 0;
    last_log[0] = '\0';
}

static int run_once(void)
{
    CHECK_EQ(rill_loop_stop(&lp), 0);
    return rill_run_forever(&lp);
}

static int count_call(void *arg)
{
    (void)arg;
    calls++;
    return 0;
}

static int add_it(void *item)
{
    add(*(const char *)item);
    return 0;
}

static int fail(void *future)
{
    if (future != NULL) {
        rill_future_set_result(future, 1);
    }
    return E(1);
}

static rill_task_t create_task(rill_fn_t fn, void *arg, const char *name)
{
    const rill_spawn_options_t options = { .loop = &lp, .name = name };
    rill_task_t task = RILL_NO_TASK;
    CHECK_EQ(rill_spawn_with(&pool, fn, arg, &options, &task), 0);
    return task;
}

static int return_1(void *arg)
{
    (void)arg;
    return 1;
}

static int sleep_for(void *ms)
{
    return rill_sleep_ms((uint32_t)INT(ms));
}

TEST(test_close)
{
    rill_future_t f = RILL_FUTURE_INIT;
    setup();
    CHECK_EQ(run_once(), 0);
    CHECK_EQ(rill_loop_close(&lp), 0);
    CHECK_EQ(rill_loop_close(&lp), 0);
    CHECK_EQ(rill_loop_close(&lp), 0);
    CHECK_EQ(rill_run_forever(&lp), RILL_EPERM);
    CHECK_EQ(rill_run_until_complete(&lp, &f, NULL), RILL_EPERM);
}

TEST(test__add_callback_handle)
{
    setup();
    rill_handle_t h = RILL_HANDLE_INIT(count_call, NULL);
    CHECK_EQ(rill_call_soon_threadsafe(&lp, &h), 1);
    CHECK_EQ(run_once(), 0);
    CHECK_EQ(calls, 1);
}

TEST(test__add_callback_cancelled_handle)
{
    setup();
    rill_handle_t h = RILL_HANDLE_INIT(count_call, NULL);
    CHECK_EQ(rill_call_soon_threadsafe(&lp, &h), 1);
    CHECK_EQ(rill_handle_cancel(&lp, &h), 1);
    CHECK_EQ(run_once(), 0);
    CHECK_EQ(calls, 0);
}

TEST(test_call_soon)
{
    setup();
    rill_handle_t h;
    rill_handle_init(&h, NULL, NULL);
    CHECK_EQ(rill_call_soon(&lp, &h, count_call, NULL), 0);
    CHECK(h.node.fn == count_call);
    CHECK_EQ(rill_call_soon(&lp, &h, count_call, NULL), RILL_EBUSY); // it is in the FIFO
    CHECK_EQ(run_once(), 0);
    CHECK_EQ(calls, 1);
}

TEST(test_call_soon_non_callable)
{
    rill_handle_t h = RILL_HANDLE_INIT(NULL, NULL);
    setup();
    CHECK_EQ(rill_call_soon(&lp, &h, NULL, NULL), RILL_EINVAL);
}

TEST(test_call_later)
{
    rill_timer_t h = RILL_TIMER_INIT;
    setup();
    CHECK_EQ(rill_call_later(&lp, &h, RILL_MS(10000), count_call, NULL), 0);
    CHECK_EQ(run_once(), 0);
    CHECK_EQ(calls, 0);
    CHECK_EQ(rill_timer_cancel(&lp, &h), 1); // it was scheduled
    CHECK_EQ(rill_call_later(&lp, &h, 0, NULL, NULL), RILL_EINVAL);
}

// A delay cannot be negative; a deadline that has passed can be farther in the past than another.
TEST(test_call_later_negative_delays)
{
    setup();
    test_clock_reset(RILL_MS(10));
    at(9, add_it, "a");
    at(8, add_it, "b");
    CHECK_EQ(run_once(), 0);
    RESULTS("ba");
}

TEST(test_time_and_call_at)
{
    setup();
    rill_timer_t timer = RILL_TIMER_INIT;
    rill_time_t when = rill_loop_time() + RILL_MS(100);
    CHECK_EQ(rill_call_at(&lp, &timer, when, stop_loop, NULL), 0);
    rill_time_t t0 = rill_loop_time();
    CHECK_EQ(rill_run_forever(&lp), 0);
    CHECK_EQ(rill_loop_time() - t0, RILL_MS(100));
}

// The loop sleeps until the deadline that was not cancelled.
TEST(test__run_once)
{
    setup();
    rill_timer_t *h1 = later(5000, count_call, NULL);
    later(10000, stop_loop, NULL);
    CHECK_EQ(rill_timer_cancel(&lp, h1), 1);
    test_wakeups = 0;
    CHECK_EQ(rill_run_forever(&lp), 0);
    CHECK_EQ(rill_loop_time(), RILL_MS(10000));
    CHECK_EQ(test_wakeups, 1);
    CHECK_EQ(calls, 0);
}

static int schedule_more(void *arg)
{
    (void)arg;
    add('p');
    soon(count_call, NULL);
    return 0;
}

// What a timer schedules waits for the next iteration.
TEST(test__run_once_schedule_handle)
{
    setup();
    test_clock_reset(RILL_MS(1000));
    at(0, schedule_more, NULL);
    CHECK_EQ(run_once(), 0);
    RESULTS("p");
    CHECK_EQ(calls, 0);
    CHECK_EQ(run_once(), 0);
    CHECK_EQ(calls, 1);
}

// asyncio keeps cancelled timers until there are many of them; here each is gone, and its memory free, at once.
TEST(test__run_once_cancelled_event_cleanup)
{
    setup();
    rill_timer_t many[24] = { RILL_TIMER_INIT };
    for (unsigned i = 0; i < 24; i++) {
        many[i] = (rill_timer_t)RILL_TIMER_INIT;
        rill_call_later(&lp, &many[i], RILL_MS(i % 3 == 0 ? 100 : 3600000), count_call, NULL);
        CHECK_EQ(rill_timer_cancel(&lp, &many[i]), 1);
        CHECK_EQ(rill_timer_cancel(&lp, &many[i]), 0);
    }
    memset(many, 0xaa, sizeof many); // nothing refers to them
    later(3000, stop_loop, NULL);
    test_wakeups = 0;
    CHECK_EQ(rill_run_forever(&lp), 0);
    CHECK_EQ(rill_loop_time(), RILL_MS(3000));
    CHECK_EQ(test_wakeups, 1);
    CHECK_EQ(calls, 0);
}

TEST(test_run_until_complete_loop)
{
    rill_loop_t other;
    rill_future_t future;
    setup();
    rill_loop_init(&other);
    rill_future_init(&future, &lp);
    CHECK_EQ(rill_run_until_complete(&other, &future, NULL), RILL_EINVAL);
    CHECK_EQ(rill_loop_close(&other), 0);
}

// A run that was ended early leaves no callback behind that would end the next one: here by stop, as no callback
// raises SystemExit.
TEST(test_run_until_complete_loop_orphan_future_close_loop)
{
    setup();
    rill_task_t first = create_task(sleep_for, PTR(100), NULL);
    rill_task_t second = create_task(sleep_for, PTR(200), NULL);
    soon(stop_loop, NULL);
    CHECK_EQ(rill_run_until_complete(&lp, rill_task_future(first), NULL), RILL_EPERM);
    CHECK_EQ(rill_run_until_complete(&lp, rill_task_future(second), NULL), 0);
    CHECK(done(first));
    CHECK_EQ(rill_loop_time(), RILL_MS(200));
}

static void check_logged(const char *text)
{
    CHECK_EQ(logged, 1);
    CHECK(strncmp(last_log, text, strlen(text)) == 0);
    logged = 0;
}

TEST(test_default_exc_handler_callback)
{
    rill_future_t fut;
    setup();
    rill_future_init(&fut, &lp);
    soon(fail, &fut);
    when_done(&fut, stop_loop, NULL);
    CHECK_EQ(rill_run_forever(&lp), 0);
    check_logged("exception in callback");
    rill_future_init(&fut, &lp);
    later(10, fail, &fut);
    when_done(&fut, stop_loop, NULL);
    CHECK_EQ(rill_run_forever(&lp), 0);
    check_logged("exception in callback");
}

static rill_exception_t told;

static int custom_handler(rill_loop_t *loop, const rill_exception_t *info)
{
    CHECK(loop == &lp);
    calls++;
    told = *info;
    return 0;
}

static int broken_handler(rill_loop_t *loop, const rill_exception_t *info)
{
    custom_handler(loop, info);
    return E(2);
}

TEST(test_set_exc_handler_custom)
{
    setup();
    rill_loop_set_exception_handler(&lp, custom_handler);
    rill_handle_t *handle = soon(fail, NULL);
    CHECK_EQ(run_once(), 0);
    CHECK_EQ(calls, 1);
    CHECK_EQ(told.error, E(1));
    CHECK(strcmp(told.message, "exception in callback") == 0);
    CHECK(told.handle == handle);
    CHECK_EQ(logged, 0);
    rill_loop_set_exception_handler(&lp, NULL);
    soon(fail, NULL);
    CHECK_EQ(run_once(), 0);
    check_logged("exception in callback");
    CHECK_EQ(calls, 1);
}

TEST(test_set_exc_handler_broken)
{
    setup();
    rill_loop_set_exception_handler(&lp, broken_handler);
    soon(fail, NULL);
    CHECK_EQ(run_once(), 0);
    CHECK_EQ(calls, 1);
    // E(2) is the handler's own error, E(1) the one it was told. Without debug the message alone.
    check_logged(RILL_DEBUG ? "exception handler: -1002, for exception in callback: -1001" : "exception in callback");
}

// The reference's loop overrides create_task; here the loop is an option of the spawn.
TEST(test_create_task)
{
    setup();
    rill_task_t task = create_task(return_1, NULL, NULL);
    CHECK_EQ(rill_run_until_complete(&lp, rill_task_future(task), NULL), 0);
    CHECK_EQ(result_of(task), 1);
}

TEST(test_create_named_task_with_default_factory)
{
    char buffer[16];
    setup();
    rill_task_t task = create_task(return_1, NULL, "test_task");
    CHECK(strcmp(rill_task_name(task, buffer), "test_task") == 0);
    CHECK_EQ(rill_run_until_complete(&lp, rill_task_future(task), NULL), 0);
}

static rill_handle_t doer;

static int clear_selector(void *arg)
{
    (void)arg;
    rill_handle_cancel(&lp, &doer);
    return 0;
}

static int do_event(void *arg)
{
    calls++;
    soon(clear_selector, arg);
    return 0;
}

static void post_event(void *arg)
{
    (void)arg;
    rill_call_soon_threadsafe(&lp, &doer);
}

// An event of an earlier run does not run twice.
TEST(test_single_selecter_event_callback_after_stopping)
{
    setup();
    rill_handle_init(&doer, do_event, NULL);
    for (int i = 0; i < 2; i++) {
        isr_now(post_event, NULL);
        soon(stop_loop, NULL);
        CHECK_EQ(rill_run_forever(&lp), 0);
        CHECK_EQ(calls, 1);
    }
}

TEST(test_run_once)
{
    setup();
    soon(count_call, NULL);
    soon(stop_loop, NULL);
    CHECK_EQ(rill_run_forever(&lp), 0);
    CHECK_EQ(calls, 1);
}

TEST(test_run_forever_pre_stopped)
{
    setup();
    test_wakeups = 0;
    CHECK_EQ(rill_loop_stop(&lp), 0);
    CHECK_EQ(rill_run_forever(&lp), 0);
    CHECK_EQ(test_wakeups, 0); // it did not sleep
}

static int look_at_loop(void *arg)
{
    CHECK(rill_loop_running() == &lp);
    return count_call(arg);
}

TEST(test_custom_run_forever_integration)
{
    setup();
    soon(look_at_loop, NULL);
    for (int i = 0; i < 10; i++) {
        CHECK_EQ(run_once(), 0);
    }
    CHECK(rill_loop_running() == NULL);
    CHECK_EQ(calls, 1);
}

// A task's body and a callback have the same type in C. What is refused is waiting.
static int wait_in_callback(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_sleep_ms(1), RILL_EPERM);
    CHECK_EQ(rill_yield(), RILL_EPERM);
    calls++;
    return 0;
}

TEST(test_call_coroutine)
{
    rill_handle_t h = RILL_HANDLE_INIT(wait_in_callback, NULL);
    setup();
    soon(wait_in_callback, NULL);
    rill_call_soon_threadsafe(&lp, &h);
    later(60, wait_in_callback, NULL);
    at(60, wait_in_callback, NULL);
    later(61, stop_loop, NULL);
    CHECK_EQ(rill_run_forever(&lp), 0);
    CHECK_EQ(calls, 4);
}

static int expected;

// Here the other thread is an interrupt.
static void check_thread(void *arg)
{
    static rill_handle_t handle;
    static rill_timer_t timers[2];
    (void)arg;
    CHECK_EQ(rill_call_soon(&lp, &handle, count_call, NULL), expected);
    CHECK_EQ(rill_call_later(&lp, &timers[0], RILL_MS(60), count_call, NULL), expected);
    CHECK_EQ(rill_call_at(&lp, &timers[1], RILL_MS(60), count_call, NULL), expected);
}

static int in_thread(void *arg)
{
    isr_now(check_thread, arg);
    return 0;
}

TEST(test_check_thread)
{
    setup();
    for (int debug = 0; debug < 2; debug++) {
        rill_loop_set_debug(&lp, debug);
        expected = debug && RILL_DEBUG ? RILL_EPERM : 0;
        soon(in_thread, NULL);
        later(100, stop_loop, NULL);
        CHECK_EQ(rill_run_forever(&lp), 0);
    }
    CHECK_EQ(calls, RILL_DEBUG ? 3 : 6);
    CHECK_EQ(logged, RILL_DEBUG ? 3 : 0);
}

TEST(test_set_debug)
{
    setup();
    rill_loop_set_debug(&lp, true);
    CHECK(rill_loop_get_debug(&lp));
    rill_loop_set_debug(&lp, false);
    CHECK(!rill_loop_get_debug(&lp));
}

#if RILL_DEBUG
// Only a debug build measures.
TEST(test_log_slow_callbacks)
{
    setup();
    rill_loop_set_debug(&lp, true);
    CHECK_EQ(rill_loop_set_slow_threshold(&lp, 0), 0);
    soon(stop_loop, NULL);
    CHECK_EQ(rill_run_forever(&lp), 0);
    check_logged("slow callback: 0x");
    rill_task_t task = create_task(stop_loop, NULL, "slow_task");
    CHECK_EQ(rill_run_forever(&lp), 0);
    CHECK(done(task));
    check_logged("slow task step: slow_task at 0x");
}
#else
TEST(test_log_slow_callbacks)
{
    setup();
    CHECK_EQ(rill_loop_set_slow_threshold(&lp, 0), RILL_EPERM);
}
#endif

static int run_other(void *loop)
{
    return rill_run_forever(loop);
}

TEST(test_running_loop_within_a_loop)
{
    rill_loop_t other;
    setup();
    rill_loop_init(&other);
    rill_task_t task = create_task(run_other, &other, NULL);
    CHECK_EQ(rill_run_until_complete(&lp, rill_task_future(task), NULL), RILL_EPERM);
    CHECK_EQ(rill_loop_close(&other), 0);
}

TEST_MAIN("cpython_base_events",
    TEST_CASE(test_close),
    TEST_CASE(test__add_callback_handle),
    TEST_CASE(test__add_callback_cancelled_handle),
    TEST_CASE(test_call_soon),
    TEST_CASE(test_call_soon_non_callable),
    TEST_CASE(test_call_later),
    TEST_CASE(test_call_later_negative_delays),
    TEST_CASE(test_time_and_call_at),
    TEST_CASE(test__run_once),
    TEST_CASE(test__run_once_schedule_handle),
    TEST_CASE(test__run_once_cancelled_event_cleanup),
    TEST_CASE(test_run_until_complete_loop),
    TEST_CASE(test_run_until_complete_loop_orphan_future_close_loop),
    TEST_CASE(test_default_exc_handler_callback),
    TEST_CASE(test_set_exc_handler_custom),
    TEST_CASE(test_set_exc_handler_broken),
    TEST_CASE(test_create_task),
    TEST_CASE(test_create_named_task_with_default_factory),
    TEST_CASE(test_single_selecter_event_callback_after_stopping),
    TEST_CASE(test_run_once),
    TEST_CASE(test_run_forever_pre_stopped),
    TEST_CASE(test_custom_run_forever_integration),
    TEST_CASE(test_call_coroutine),
    TEST_CASE(test_check_thread),
    TEST_CASE(test_set_debug),
    TEST_CASE(test_log_slow_callbacks),
    TEST_CASE(test_running_loop_within_a_loop))
