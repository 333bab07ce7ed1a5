// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
// CPython's tests of to_thread and executors: test_threads.py, and the rows about executors of test_events.py and
// test_base_events.py. The worker is a virtual one, which calls the job's function in an interrupt.
#define CONF_TASKS 11
#include "cpython.h"

#include <rill/contextvars.h>
#include <rill/gather.h>

#include "arch.h"
#include "vexecutor.h"

static vexecutor_t workers;
static int calls;

static void use_workers(unsigned n)
{
    CHECK_EQ(rill_loop_set_default_executor(NULL, vexecutor_init(&workers, n)), 0);
    calls = 0;
}

// ---- test_threads.py. A virtual job's function is `hook`; its result and the time it takes are the job's.

static int sum(void *arg)
{
    vjob_t *job = arg;
    const int *numbers = job->words;
    return numbers[0] + numbers[1];
}

static int main_to_thread(void *arg)
{
    static int numbers[] = { 40, 2 };
    static vjob_t job;
    job = (vjob_t){ .ms = 1, .fn = sum, .words = numbers };
    rill_value_t result = 0;
    (void)arg;
    use_workers(1);
    CHECK_EQ(rill_to_thread(vjob_fn, &job, &result), 0);
    CHECK_EQ(result, 42);
    return 0;
}

TEST(test_to_thread)
{
    main_is(main_to_thread, 0);
}

static int main_exception(void *arg)
{
    static vjob_t job;
    job = (vjob_t){ .ms = 1, .result = E(1) };
    (void)arg;
    use_workers(1);
    CHECK_EQ(rill_to_thread(vjob_fn, &job, NULL), E(1));
    return 0;
}

TEST(test_to_thread_exception)
{
    main_is(main_exception, 0);
}

static int count_call(void *arg)
{
    (void)arg;
    return ++calls;
}

static int main_once(void *arg)
{
    static vjob_t job;
    job = (vjob_t){ .ms = 1, .fn = count_call };
    (void)arg;
    use_workers(1);
    CHECK_EQ(rill_to_thread(vjob_fn, &job, NULL), 0);
    CHECK_EQ(calls, 1);
    return 0;
}

TEST(test_to_thread_once)
{
    main_is(main_once, 0);
}

static int in_thread(void *arg)
{
    return rill_to_thread(vjob_fn, arg, NULL);
}

static int main_concurrent(void *arg)
{
    static vjob_t jobs[10];
    static rill_call_t threads[10];
    static rill_awaitable_t all[10];
    (void)arg;
    use_workers(3);
    for (int i = 0; i < 10; i++) {
        jobs[i] = (vjob_t){ .ms = 1, .fn = count_call };
        threads[i] = (rill_call_t){ in_thread, &jobs[i] };
    }
    CHECK_EQ(rill_gather_calls(&pool, threads, all, 10, 0), 0);
    CHECK_EQ(calls, 10);
    return 0;
}

TEST(test_to_thread_concurrent)
{
    main_is(main_concurrent, 0);
}

// C's argument is one pointer; what it points to is the function's affair.
static int check_words(void *arg)
{
    const char *const *words = ((vjob_t *)arg)->words;
    CHECK(strcmp(words[0], "test") == 0 && strcmp(words[1], "something") == 0);
    return count_call(arg);
}

static int main_args(void *arg)
{
    static const char *words[] = { "test", "something" };
    static vjob_t job;
    job = (vjob_t){ .ms = 1, .fn = check_words, .words = words };
    (void)arg;
    use_workers(1);
    CHECK_EQ(rill_to_thread(vjob_fn, &job, NULL), 0);
    CHECK_EQ(calls, 1);
    return 0;
}

TEST(test_to_thread_args_kwargs)
{
    main_is(main_args, 0);
}

static rill_var_t test_ctx = RILL_VAR_INIT;
RILL_VARS_POOL_DEFINE(bindings, 4);

static int get_ctx(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    return rill_var_get(&test_ctx, &value) == 0 ? (int)value : -1;
}

static int main_contextvars(void *arg)
{
    static vjob_t job;
    job = (vjob_t){ .ms = 1, .fn = get_ctx };
    rill_value_t result = 0;
    (void)arg;
    use_workers(1);
    CHECK_EQ(rill_vars_use(&bindings), 0);
    CHECK_EQ(rill_var_set(&test_ctx, 'p', NULL), 0);
    CHECK_EQ(rill_to_thread(vjob_fn, &job, &result), 0);
    CHECK_EQ(result, 'p');
    return 0;
}

TEST(test_to_thread_contextvars)
{
    main_is(main_contextvars, 0);
    CHECK_EQ(rill_pool_used(&bindings), 0);
}

// ---- test_base_events.py

static void never_wake(rill_executor_t *executor)
{
    (void)executor;
}

TEST(test_set_default_executor)
{
    rill_executor_t dummy;
    start();
    CHECK_EQ(rill_executor_init(&dummy, never_wake), 0);
    CHECK_EQ(rill_loop_set_default_executor(&lp, &dummy), 0);
    CHECK(rill_loop_default_executor(&lp) == &dummy);
    CHECK_EQ(rill_loop_close(&lp), 0);
}

static int main_shutdown_timeout(void *arg)
{
    static vjob_t job;
    (void)arg;
    use_workers(1);
    job = (vjob_t){ .ms = 100 };
    rill_future_t *future = vexecutor_run(NULL, &job);
    CHECK_EQ(rill_executor_shutdown(NULL, RILL_MS(10)), RILL_ETIMEDOUT);
    CHECK_EQ(now_ms(), 10);
    CHECK_EQ(rill_run_in_executor(NULL, NULL, &job.job, vjob_fn, &job), RILL_EPERM);
    CHECK_EQ(await(future), 0); // it goes on
    CHECK_EQ(now_ms(), 100);
    return 0;
}

TEST(test_shutdown_default_executor_timeout)
{
    main_is(main_shutdown_timeout, 0);
}

// ---- test_events.py

static bool in_loop;

static int yo(void *arg)
{
    (void)arg;
    in_loop = !rill_arch_in_isr();
    return 'y';
}

TEST(test_run_in_executor)
{
    static vjob_t job;
    rill_value_t result = 0;
    start();
    CHECK_EQ(rill_loop_set_default_executor(&lp, vexecutor_init(&workers, 1)), 0);
    job = (vjob_t){ .ms = 1, .fn = yo };
    in_loop = true;
    CHECK_EQ(rill_run_in_executor(&lp, NULL, &job.job, vjob_fn, &job), 0);
    CHECK_EQ(complete(&job.job.future, &result), 0);
    CHECK_EQ(result, 'y');
    CHECK(!in_loop);
    CHECK_EQ(rill_loop_close(&lp), 0);
}

static int shut_down(void *arg)
{
    (void)arg;
    return rill_executor_shutdown(NULL, RILL_NEVER);
}

// After close nothing calls into the loop any more.
TEST(test_run_in_executor_cancel)
{
    static vjob_t job;
    start();
    CHECK_EQ(rill_loop_set_default_executor(&lp, vexecutor_init(&workers, 1)), 0);
    job = (vjob_t){ .ms = 50 };
    CHECK_EQ(rill_run_in_executor(&lp, NULL, &job.job, vjob_fn, &job), 0);
    CHECK_EQ(rill_future_cancel(&job.job.future), 1);
    CHECK_EQ(complete_fn(shut_down, NULL, NULL), 0);
    CHECK_EQ(now_ms(), 50);
    CHECK(!rill_job_busy(&job.job));
    CHECK_EQ(rill_loop_close(&lp), 0);
    busy(400);
    CHECK(lp.posts == NULL);
    CHECK_EQ(reports, 0);
}

TEST_MAIN("threads", TEST_CASE(test_to_thread), TEST_CASE(test_to_thread_exception), TEST_CASE(test_to_thread_once),
          TEST_CASE(test_to_thread_concurrent), TEST_CASE(test_to_thread_args_kwargs),
          TEST_CASE(test_to_thread_contextvars), TEST_CASE(test_set_default_executor),
          TEST_CASE(test_shutdown_default_executor_timeout), TEST_CASE(test_run_in_executor),
          TEST_CASE(test_run_in_executor_cancel))
