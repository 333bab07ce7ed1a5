// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
// CPython's test_staggered.py and test_pep492.py.
#define CONF_TASKS 4
#include "cpython.h"

#include <rill/condition.h>
#include <rill/debug.h>
#include <rill/gather.h>
#include <rill/lock.h>
#include <rill/pipe.h>
#include <rill/semaphore.h>

static int return_arg(void *arg)
{
    return INT(arg);
}

// ---- test_staggered.py

static rill_awaitable_t race[2];

static int run_race(rill_fn_t fn, unsigned n, rill_time_t delay)
{
    const rill_call_t calls[2] = { { fn, PTR(0) }, { fn, PTR(1) } };
    return rill_staggered_race(&pool, calls, race, n, delay);
}

static int race_nobody(void *arg)
{
    (void)arg;
    CHECK_EQ(run_race(return_arg, 0, RILL_NEVER), RILL_ENODATA);
    return 0;
}

TEST(test_empty)
{
    main_is(race_nobody, 0);
}

static int index_plus_20(void *arg)
{
    return INT(arg) + 20;
}

static int race_good(void *arg)
{
    (void)arg;
    CHECK_EQ(run_race(index_plus_20, 2, RILL_NEVER), 0);
    CHECK_EQ(race[0].value, 20);
    CHECK_EQ(race[0].error, 0);
    CHECK(race[1].future == NULL); // was not needed
    return 0;
}

TEST(test_one_successful)
{
    main_is(race_good, 0);
}

static int first_fails(void *arg)
{
    return INT(arg) == 0 ? E(4) : index_plus_20(arg);
}

static int race_first_fails(void *arg)
{
    (void)arg;
    CHECK_EQ(run_race(first_fails, 2, RILL_NEVER), 1);
    CHECK_EQ(race[0].error, E(4));
    CHECK_EQ(race[1].error, 0);
    CHECK_EQ(race[1].value, 21);
    return 0;
}

TEST(test_first_error_second_successful)
{
    main_is(race_first_fails, 0);
}

static int first_is_slow(void *arg)
{
    int error = INT(arg) == 0 ? rill_sleep_ms(10000) : 0;
    return error != 0 ? error : index_plus_20(arg);
}

static int race_first_slow(void *arg)
{
    (void)arg;
    CHECK_EQ(run_race(first_is_slow, 2, RILL_MS(100)), 1);
    CHECK_EQ(race[0].error, RILL_ECANCELED);
    CHECK_EQ(race[1].error, 0);
    CHECK_EQ(race[1].value, 21);
    CHECK_EQ(now_ms(), 100);
    return 0;
}

TEST(test_first_timeout_second_successful)
{
    main_is(race_first_slow, 0);
}

static int all_fail(void *arg)
{
    return E(5 + INT(arg));
}

static int race_all_fail(void *arg)
{
    (void)arg;
    CHECK_EQ(run_race(all_fail, 2, RILL_NEVER), RILL_ENODATA);
    CHECK_EQ(race[0].error, E(5));
    CHECK_EQ(race[1].error, E(6));
    return 0;
}

TEST(test_none_successful)
{
    main_is(race_all_fail, 0);
}

// ---- test_pep492.py

static int inline_call(void *arg)
{
    return return_arg(arg);
}

// An await of a coroutine is a call here.
TEST(test_async_def_coroutines)
{
    for (int debug = 0; debug < 2; debug++) {
        rill_value_t value = 0;
        start();
        CHECK_EQ(rill_loop_set_debug(&lp, debug == 1), 0);
        CHECK_EQ(complete_fn(inline_call, PTR(33), &value), 0);
        CHECK_EQ(value, 33);
    }
}

// Each of the four: free, held across a wait, free again.
static rill_lock_t lock;
static rill_condition_t condition = RILL_CONDITION_INIT(&lock);
static rill_semaphore_t semaphore;
static rill_bounded_semaphore_t bounded;

static int hold_lock(void *arg)
{
    rill_lock_t *held = arg;
    CHECK_EQ(rill_sleep_ms(10), 0);
    CHECK(!rill_lock_locked(held));
    CHECK_EQ(rill_lock_acquire(held), 0);
    CHECK(rill_lock_locked(held));
    CHECK_EQ(rill_sleep_ms(10), 0);
    CHECK(rill_lock_locked(held));
    CHECK_EQ(rill_lock_release(held), 0);
    CHECK(!rill_lock_locked(held));
    return 0;
}

static int hold_semaphore(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_sleep_ms(10), 0);
    CHECK(!rill_semaphore_locked(&semaphore));
    CHECK_EQ(rill_semaphore_acquire(&semaphore), 0);
    CHECK(rill_semaphore_locked(&semaphore));
    CHECK_EQ(rill_sleep_ms(10), 0);
    CHECK(rill_semaphore_locked(&semaphore));
    CHECK_EQ(rill_semaphore_release(&semaphore), 0);
    CHECK(!rill_semaphore_locked(&semaphore));
    return 0;
}

static int hold_bounded(void *arg)
{
    const rill_semaphore_t *inner = &bounded.semaphore;
    (void)arg;
    CHECK_EQ(rill_sleep_ms(10), 0);
    CHECK(!rill_semaphore_locked(inner));
    CHECK_EQ(rill_bounded_semaphore_acquire(&bounded), 0);
    CHECK(rill_semaphore_locked(inner));
    CHECK_EQ(rill_sleep_ms(10), 0);
    CHECK(rill_semaphore_locked(inner));
    CHECK_EQ(rill_bounded_semaphore_release(&bounded), 0);
    CHECK(!rill_semaphore_locked(inner));
    return 0;
}

TEST(test_context_manager_async_with)
{
    start();
    CHECK_EQ(rill_semaphore_init(&semaphore, 1), 0);
    CHECK_EQ(rill_bounded_semaphore_init(&bounded, 1), 0);
    CHECK_EQ(complete_fn(hold_lock, &lock, NULL), 0);
    CHECK_EQ(complete_fn(hold_lock, condition.lock, NULL), 0); // a condition's is its lock
    CHECK_EQ(complete_fn(hold_semaphore, NULL, NULL), 0);
    CHECK_EQ(complete_fn(hold_bounded, NULL, NULL), 0);
}

RILL_PIPE_DEFINE(stream, 32);

static void line_is(const char *expected)
{
    char line[8];
    int n = rill_pipe_readline(&stream, line, sizeof line);
    CHECK_EQ(n, strlen(expected));
    CHECK(n >= 0 && memcmp(line, expected, (size_t)n) == 0);
}

static int read_lines(void *arg)
{
    (void)arg;
    line_is("line1\n");
    line_is("line2\n");
    line_is("line3");
    line_is("");
    return 0;
}

TEST(test_readline)
{
    start();
    CHECK_EQ(rill_pipe_write_nowait(&stream, "line1\nline2\nline3", 17), 17);
    rill_pipe_feed_eof(&stream);
    CHECK_EQ(complete_fn(read_lines, NULL, NULL), 0);
}

static int sleep_100(void *arg)
{
    (void)arg;
    return rill_sleep_ms(100);
}

static int join_arg(void *arg)
{
    return rill_join(*(rill_task_t *)arg, NULL);
}

// A body cannot be awaited but by its task. What can be taken twice is a join: the first to come reaps the task, the
// other gets an error.
static int join_twice(void *arg)
{
    static rill_task_t t;
    (void)arg;
    t = spawn(sleep_100, NULL);
    CHECK_EQ(join_arg(&t), 0);
    return join_arg(&t);
}

TEST(test_double_await)
{
    start();
    CHECK_EQ(rill_loop_set_debug(&lp, true), 0);
    CHECK_EQ(complete_fn(join_twice, NULL, NULL), RILL_ESTALE);
}

TEST_MAIN("cpython_tasks_5", TEST_CASE(test_empty), TEST_CASE(test_one_successful),
          TEST_CASE(test_first_error_second_successful), TEST_CASE(test_first_timeout_second_successful),
          TEST_CASE(test_none_successful), TEST_CASE(test_async_def_coroutines),
          TEST_CASE(test_context_manager_async_with), TEST_CASE(test_readline), TEST_CASE(test_double_await))
