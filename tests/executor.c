// rill-test: min-ram=16
// Executors with virtual workers: the queue, cancellation, shutdown, misuse. The names of the first cases are those of
// the reference's programs where it has one.
#define CONF_TASKS 4
#include "conformance/conformance.h"

#include <rill/contextvars.h>
#include <rill/debug.h>
#include <rill/executor.h>
#include <rill/timeout.h>

#include "vexecutor.h"

static vexecutor_t ex;
static vjob_t a, b, c;
static rill_task_t t;

static void jobs(uint32_t ms_a, uint32_t ms_b, uint32_t ms_c)
{
    a = (vjob_t){ .label = "a", .ms = ms_a, .result = 1 };
    b = (vjob_t){ .label = "b", .ms = ms_b, .result = 2 };
    c = (vjob_t){ .label = "c", .ms = ms_c, .result = 3 };
}

// ---- cancellation

static int main_cancel_queued(void *arg)
{
    (void)arg;
    jobs(10, 10, 10);
    rill_future_t *first = vexecutor_run(vexecutor_init(&ex, 1), &a);
    rill_future_t *second = vexecutor_run(&ex.executor, &b);
    rill_future_t *third = vexecutor_run(&ex.executor, &c);
    CHECK_EQ(rill_future_cancel(second), 1);
    CHECK(rill_job_busy(&b.job));
    CHECK_EQ(rill_yield(), 0); // the queue learns of it one iteration later (_chain_future)
    CHECK(!rill_job_busy(&b.job));
    ev("%s %s %s", rc(first), rc(second), rc(third));
    CHECK(!rill_job_busy(&a.job) && !rill_job_busy(&c.job));
    return 0;
}

TEST(executor_cancel_queued_job)
{
    run(main_cancel_queued);
    trace_is("0 a start\n"
             "10 a end\n"
             "10 c start\n"
             "20 c end\n"
             "20 1 ECANCELED 3\n"
             "20 run -> None\n");
}

// The same future may be cancelled, and the job given again, in one step.
static int main_cancel_all(void *arg)
{
    (void)arg;
    jobs(10, 10, 10);
    vexecutor_run(vexecutor_init(&ex, 1), &a);
    for (int i = 0; i < 3; i++) {
        rill_future_t *future = vexecutor_run(&ex.executor, &b);
        CHECK_EQ(rill_run_in_executor(NULL, &ex.executor, &b.job, vjob_fn, &b), RILL_EBUSY);
        CHECK_EQ(rill_future_cancel(future), 1);
        CHECK_EQ(rill_await(future, NULL), RILL_ECANCELED);
        CHECK_EQ(rill_yield(), 0);
        CHECK(ex.executor.queue == NULL);
    }
    CHECK_EQ(rill_await(&a.job.future, NULL), 0);
    CHECK_EQ(ex.executor.jobs, 0);
    return 0;
}

TEST(cancelled_job_is_given_again)
{
    run(main_cancel_all);
    trace_is("0 a start\n"
             "10 a end\n"
             "10 run -> None\n");
}

static int main_wait_for(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    jobs(20, 5, 0);
    rill_future_t *future = vexecutor_run(vexecutor_init(&ex, 1), &a);
    ev("%s", err(rill_wait_for(future, RILL_MS(5), &value)));
    CHECK(rill_job_busy(&a.job));
    ev("%s", rc(vexecutor_run(&ex.executor, &b)));
    CHECK(!rill_job_busy(&a.job));
    return 0;
}

TEST(executor_wait_for_timeout)
{
    run(main_wait_for);
    trace_is("0 a start\n"
             "5 ETIMEDOUT\n"
             "20 a end\n"
             "20 b start\n"
             "25 b end\n"
             "25 2\n"
             "25 run -> None\n");
}

static int in_thread(void *arg)
{
    int code = rill_to_thread(vjob_fn, arg, NULL);
    ev("to_thread %s", err(code));
    return code;
}

static int main_to_thread_cancelled(void *arg)
{
    (void)arg;
    jobs(10, 10, 10);
    CHECK_EQ(rill_loop_set_default_executor(NULL, vexecutor_init(&ex, 1)), 0);
    t = spawn(in_thread, &a);
    rill_task_t queued = spawn(in_thread, &b);
    rill_sleep_ms(3);
    CHECK_EQ(rill_task_cancel(queued), 1);
    CHECK_EQ(rill_task_cancel(t), 1);
    rill_sleep_ms(1);
    CHECK_EQ(rill_task_cancel(t), 1); // once more, while it waits for the end
    ev("%s", rct(queued));
    ev("%s", rct(t));
    return 0;
}

TEST(to_thread_cancelled)
{
    run(main_to_thread_cancelled);
    trace_is("0 a start\n"
             "3 to_thread ECANCELED\n"
             "4 ECANCELED\n"
             "10 a end\n"
             "10 to_thread ECANCELED\n"
             "10 ECANCELED\n"
             "10 run -> None\n");
}

// ---- the workers go on by themselves while the loop is busy

static int main_busy(void *arg)
{
    (void)arg;
    jobs(5, 5, 5);
    vexecutor_run(vexecutor_init(&ex, 1), &a);
    vexecutor_run(&ex.executor, &b);
    rill_future_t *last = vexecutor_run(&ex.executor, &c);
    busy(20);
    ev("%s", rc(last));
    return 0;
}

TEST(workers_need_no_loop)
{
    run(main_busy);
    trace_is("0 a start\n"
             "5 a end\n"
             "5 b start\n"
             "10 b end\n"
             "10 c start\n"
             "15 c end\n"
             "20 3\n"
             "20 run -> None\n");
}

// A worker that comes while the queue is being changed goes away, and is called when that is done.
static unsigned wakes;

static void count_wake(rill_executor_t *executor)
{
    (void)executor;
    wakes++;
}

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static int main_missed(void *arg)
{
    rill_executor_t *executor = &ex.executor;
    static rill_job_t one, two;
    (void)arg;
    CHECK_EQ(rill_executor_init(executor, count_wake), 0);
    CHECK_EQ(rill_run_in_executor(NULL, executor, &one, nothing, NULL), 0);
    CHECK_EQ(rill_run_in_executor(NULL, executor, &two, nothing, NULL), 0);
    wakes = 0;
    executor->held = (void *)1; // somebody is at it
    CHECK(rill_executor_take(executor) == NULL);
    CHECK(rill_executor_take(executor) == NULL);
    CHECK(executor->held == (void *)2);
    executor->held = NULL;
    CHECK(rill_executor_take(executor) == &one);
    CHECK(rill_executor_take(executor) == &two);
    CHECK(rill_executor_take(executor) == NULL);
    rill_job_run(&two);
    rill_job_done(&one, 7);
    rill_value_t value = 0;
    CHECK_EQ(rill_await(&one.future, &value), 0);
    CHECK_EQ(value, 7);
    return 0;
}

TEST(queue_in_use)
{
    run(main_missed);
    trace_is("0 run -> None\n");
}

// ---- results, errors, context variables

static int return_word(void *arg)
{
    (void)arg;
    return rill_job_return((rill_value_t)&ex);
}

static int far_error(void *arg)
{
    (void)arg;
    return INT16_MIN - 5; // not an error a future can carry as it is, but an end
}

static int main_results(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    CHECK_EQ(rill_job_return(1), RILL_EPERM);
    CHECK_EQ(rill_loop_set_default_executor(NULL, vexecutor_init(&ex, 1)), 0);
    a = (vjob_t){ .ms = 1, .fn = return_word };
    CHECK_EQ(rill_to_thread(vjob_fn, &a, &value), 0);
    CHECK_EQ(value, (rill_value_t)&ex);
    a.fn = far_error;
    CHECK(rill_to_thread(vjob_fn, &a, NULL) != 0);
    CHECK_EQ(rill_to_thread(NULL, &a, NULL), RILL_EINVAL);
    return 0;
}

TEST(results)
{
    run(main_results);
    trace_is("2 run -> None\n");
}

static rill_var_t var = RILL_VAR_INIT_DEFAULT(3);
RILL_VARS_POOL_DEFINE(bindings, 4);

static int look(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    CHECK_EQ(rill_var_get(&var, &value), 0);
    ev("job sees %d", (int)value);
    CHECK_EQ(rill_var_set(&var, 9, NULL), RILL_EPERM);
    return 0;
}

static int main_context(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    CHECK_EQ(rill_loop_set_default_executor(NULL, vexecutor_init(&ex, 1)), 0);
    CHECK_EQ(rill_vars_use(&bindings), 0);
    a = (vjob_t){ .ms = 1, .fn = look };
    CHECK_EQ(rill_to_thread(vjob_fn, &a, NULL), 0);
    CHECK_EQ(rill_var_set(&var, 5, NULL), 0);
    CHECK_EQ(rill_to_thread(vjob_fn, &a, NULL), 0);
    CHECK_EQ(rill_await(vexecutor_run(NULL, &a), NULL), 0); // run_in_executor takes no context along
    CHECK_EQ(rill_var_get(&var, &value), 0);
    CHECK_EQ(value, 5);
    return 0;
}

TEST(to_thread_context)
{
    run(main_context);
    trace_is("1 job sees 3\n"
             "2 job sees 5\n"
             "3 job sees 3\n"
             "3 run -> None\n");
    CHECK_EQ(rill_pool_used(&bindings), 0);
}

// ---- shutdown

static int shut_down(void *arg)
{
    int code = rill_executor_shutdown(NULL, arg == NULL ? RILL_NEVER : RILL_MS(INT(arg)));
    ev("shutdown %s", err(code));
    return 0;
}

static int main_shutdown(void *arg)
{
    (void)arg;
    jobs(10, 10, 0);
    CHECK_EQ(rill_executor_shutdown(NULL, RILL_NEVER), 0); // there is none
    CHECK_EQ(rill_loop_set_default_executor(NULL, vexecutor_init(&ex, 1)), 0);
    vexecutor_run(NULL, &a);
    vexecutor_run(NULL, &b);
    go(shut_down, NULL);
    go(shut_down, PTR(5));
    CHECK_EQ(rill_yield(), 0);
    CHECK_EQ(rill_run_in_executor(NULL, NULL, &c.job, vjob_fn, &c), RILL_EPERM);
    ev("%s", rc(&b.job.future));
    CHECK_EQ(rill_yield(), 0);
    CHECK_EQ(rill_executor_shutdown(NULL, 0), 0);
    return 0;
}

TEST(shutdown)
{
    run(main_shutdown);
    trace_is("0 a start\n"
             "5 shutdown ETIMEDOUT\n"
             "10 a end\n"
             "10 b start\n"
             "20 b end\n"
             "20 2\n"
             "20 shutdown ok\n"
             "20 run -> None\n");
}

// asyncio.run shuts the default executor down, which waits for its jobs.
static int main_leaves_jobs(void *arg)
{
    (void)arg;
    jobs(10, 10, 0);
    CHECK_EQ(rill_loop_set_default_executor(NULL, vexecutor_init(&ex, 1)), 0);
    vexecutor_run(NULL, &a);
    vexecutor_run(NULL, &b);
    ev("main ends");
    return 0;
}

TEST(run_waits_for_jobs)
{
    run(main_leaves_jobs);
    trace_is("0 a start\n"
             "0 main ends\n"
             "10 a end\n"
             "10 b start\n"
             "20 b end\n"
             "20 run -> None\n");
}

// ---- misuse

static int main_misuse(void *arg)
{
    static rill_executor_t not_started;
    (void)arg;
    jobs(10, 10, 10);
    CHECK_EQ(rill_run_in_executor(NULL, NULL, &a.job, vjob_fn, &a), RILL_EPERM);
    CHECK_EQ(rill_run_in_executor(NULL, &not_started, &a.job, vjob_fn, &a), RILL_EPERM);
    CHECK_EQ(rill_run_in_executor(NULL, &not_started, NULL, vjob_fn, &a), RILL_EINVAL);
    CHECK_EQ(rill_run_in_executor(NULL, &not_started, &a.job, NULL, &a), RILL_EINVAL);
    CHECK_EQ(rill_executor_init(NULL, count_wake), RILL_EINVAL);
    CHECK_EQ(rill_executor_init(&ex.executor, NULL), RILL_EINVAL);
    CHECK_EQ(rill_to_thread(vjob_fn, &a, NULL), RILL_EPERM);
    CHECK(!rill_job_busy(&a.job));
    return 0;
}

TEST(misuse)
{
    run(main_misuse);
    trace_is("0 run -> None\n");
    CHECK_EQ(rill_loop_set_default_executor(NULL, NULL), RILL_EINVAL);
    CHECK_EQ(rill_run_in_executor(NULL, &ex.executor, &a.job, vjob_fn, &a), RILL_EPERM);
}

#if RILL_DEBUG

static unsigned logged;

void rill_log(const char *text)
{
    logged++;
    ev("%s", text);
}

static int calls_the_loop(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_yield(), RILL_EPERM);
    CHECK_EQ(rill_call_soon(rill_loop_default(), NULL, NULL, NULL), RILL_EPERM);
    return 0;
}

static int main_wrong_context(void *arg)
{
    (void)arg;
    rill_loop_set_debug(rill_loop_running(), true);
    a = (vjob_t){ .ms = 1, .fn = calls_the_loop };
    CHECK_EQ(rill_await(vexecutor_run(vexecutor_init(&ex, 1), &a), NULL), 0);
    return 0;
}

TEST(wrong_context)
{
    run(main_wrong_context);
    trace_is("1 [106] rill_yield called from a job\n"
             "1 [106] rill_call_soon called from a job\n"
             "1 run -> None\n");
}

#else
TEST(wrong_context)
{
}
#endif

TEST_MAIN("executor", TEST_CASE(executor_cancel_queued_job), TEST_CASE(cancelled_job_is_given_again),
          TEST_CASE(executor_wait_for_timeout), TEST_CASE(to_thread_cancelled), TEST_CASE(workers_need_no_loop),
          TEST_CASE(queue_in_use), TEST_CASE(results), TEST_CASE(to_thread_context), TEST_CASE(shutdown),
          TEST_CASE(run_waits_for_jobs), TEST_CASE(misuse), TEST_CASE(wrong_context))
