// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
// CPython's test_futures.py: BaseFutureTests.
//
// What it checks of the warning about errors nobody read when a Future is deleted is checked here on tasks given up: a
// future's memory is the caller's and nobody learns when it is given up.
#define CONF_TASKS 4
#include "cpython.h"

static rill_future_t f;
static rill_future_t g;

static void start_futures(void)
{
    start();
    rill_future_init(&f, &lp);
    rill_future_init(&g, &lp);
}

TEST(test_initial_state)
{
    start_futures();
    CHECK(!rill_future_cancelled(&f));
    CHECK(!rill_future_done(&f));
    rill_future_cancel(&f);
    CHECK(rill_future_cancelled(&f));
}

static void refuses_completion(void)
{
    CHECK_EQ(rill_future_set_result(&f, 0), RILL_ESTATE);
    CHECK_EQ(rill_future_set_error(&f, E(1), 0), RILL_ESTATE);
    CHECK_EQ(rill_future_cancel(&f), 0);
}

TEST(test_cancel)
{
    start_futures();
    CHECK_EQ(rill_future_cancel(&f), 1);
    CHECK(rill_future_cancelled(&f));
    CHECK(rill_future_done(&f));
    CHECK_EQ(rill_future_result(&f, NULL), RILL_ECANCELED);
    CHECK_EQ(rill_future_exception(&f, NULL), RILL_ECANCELED);
    refuses_completion();
}

TEST(test_result)
{
    start_futures();
    CHECK_EQ(rill_future_result(&f, NULL), RILL_ESTATE);
    CHECK_EQ(rill_future_set_result(&f, 42), 0);
    CHECK(!rill_future_cancelled(&f));
    CHECK(rill_future_done(&f));
    CHECK_EQ(value_of(&f), 42);
    CHECK_EQ(rill_future_exception(&f, NULL), 0);
    refuses_completion();
}

TEST(test_exception)
{
    rill_value_t detail = 0;
    start_futures();
    CHECK_EQ(rill_future_exception(&f, NULL), RILL_ESTATE);
    CHECK_EQ(rill_future_set_error(&f, E(3), 33), 0);
    CHECK(!rill_future_cancelled(&f));
    CHECK(rill_future_done(&f));
    CHECK_EQ(rill_future_result(&f, NULL), E(3));
    CHECK_EQ(rill_future_exception(&f, &detail), E(3));
    CHECK_EQ(detail, 33);
    refuses_completion();
}

TEST(test_future_cancel_message_getter)
{
    rill_value_t message = 0;
    start_futures();
    rill_future_cancel_msg(&f, 17);
    CHECK_EQ(complete(&f, NULL), RILL_ECANCELED);
    CHECK_EQ(rill_future_exception(&f, &message), RILL_ECANCELED);
    CHECK_EQ(message, 17);
}

static int await_twice(void *arg)
{
    (void)arg;
    ev("A");
    int error = await(&f);
    ev("B %d %d", error, value_of(&f));
    error = await(&f);
    ev("C %d %d", error, value_of(&f));
    return 0;
}

// The second await does not wait: B and C are in one step.
TEST(test_yield_from_twice)
{
    start_futures();
    rill_task_t task = spawn_idle(await_twice, NULL);
    run_briefly();
    ev("first await");
    rill_future_set_result(&f, 42);
    run_briefly();
    CHECK(done(task));
    trace_is("0 A\n"
             "0 first await\n"
             "0 B 0 42\n"
             "0 C 0 42\n");
}

static int await_in_callback(void *arg)
{
    *(int *)arg = rill_await(&f, NULL);
    return 0;
}

// A pending future can only be waited for in a task.
TEST(test_iter)
{
    int code = 0;
    start_futures();
    CHECK_EQ(rill_await(&f, NULL), RILL_EPERM);
    soon(await_in_callback, &code);
    run_briefly();
    CHECK_EQ(code, RILL_EPERM);
    CHECK(!rill_future_done(&f));
    rill_future_cancel(&f);
}

// ---- errors nobody reads

static int return_arg(void *arg)
{
    return INT(arg);
}

static rill_task_t ended(int code)
{
    start_futures();
    rill_task_t task = spawn_idle(return_arg, PTR(code));
    run_briefly();
    CHECK(done(task));
    return task;
}

static int wait_for_f(void *arg)
{
    (void)arg;
    return await(&f);
}

TEST(test_tb_logger_abandoned)
{
    start_futures();
    rill_task_t task = spawn_idle(wait_for_f, NULL);
    run_briefly();
    CHECK_EQ(rill_detach(task), 0);
    run_briefly();
    CHECK_EQ(reports, 0);
}

TEST(test_tb_logger_not_called_after_cancel)
{
    rill_task_t task = ended(E(1));
    CHECK_EQ(rill_task_cancel(task), 0);
    CHECK_EQ(rill_detach(task), 0);
    CHECK_EQ(reports, 0);
}

TEST(test_tb_logger_result_unretrieved)
{
    CHECK_EQ(rill_detach(ended(42)), 0);
    CHECK_EQ(reports, 0);
}

TEST(test_tb_logger_result_retrieved)
{
    rill_task_t task = ended(42);
    CHECK_EQ(value_of_task(task), 42);
    CHECK_EQ(rill_detach(task), 0);
    CHECK_EQ(reports, 0);
}

TEST(test_tb_logger_exception_unretrieved)
{
    rill_task_t task = ended(E(1));
    CHECK_EQ(reports, 0);
    CHECK_EQ(rill_detach(task), 0);
    CHECK_EQ(reports, 1);
    CHECK_EQ(reported_error, E(1));
}

TEST(test_tb_logger_exception_retrieved)
{
    rill_task_t task = ended(E(1));
    CHECK_EQ(rill_future_exception(rill_task_future(task), NULL), E(1));
    CHECK_EQ(rill_detach(task), 0);
    CHECK_EQ(reports, 0);
}

TEST(test_tb_logger_exception_result_retrieved)
{
    rill_task_t task = ended(E(1));
    CHECK_EQ(rill_future_result(rill_task_future(task), NULL), E(1));
    CHECK_EQ(rill_detach(task), 0);
    CHECK_EQ(reports, 0);
}

static void never_retrieved(uint8_t debug)
{
    start_futures();
    lp.debug = debug;
    const rill_spawn_options_t options = { .loop = &lp };
    CHECK_EQ(rill_spawn_with(&pool, return_arg, PTR(RILL_ENOMEM), &options, NULL), 0);
    run_briefly();
    CHECK_EQ(reports, 1);
    CHECK_EQ(reported_error, RILL_ENOMEM);
    CHECK(strcmp(reported_message, "exception never retrieved") == 0);
}

TEST(test_future_exception_never_retrieved)
{
    never_retrieved(0);
}

TEST(test_future_exception_never_retrieved_debug)
{
    never_retrieved(1);
}

// ---- completion from another context: an interrupt is the thread here, a posted completion the wrapped future

static rill_completion_t cell = RILL_COMPLETION_INIT;
static bool in_interrupt;
static rill_task_t interrupted;

static void produce(void *arg)
{
    (void)arg;
    interrupted = rill_task_current();
    in_interrupt = true;
    CHECK_EQ(rill_future_set_result_threadsafe(&f, &cell, 11), 1);
}

TEST(test_wrap_future)
{
    rill_value_t value = 0;
    start_futures();
    in_interrupt = false;
    isr_at(5, produce, NULL);
    CHECK_EQ(complete(&f, &value), 0);
    CHECK_EQ(value, 11);
    CHECK(in_interrupt);
    CHECK(interrupted.tcb == NULL); // in no task
}

// The producer learns of the cancellation by a done callback.
static int stop_producer(void *arg)
{
    *(bool *)arg = rill_future_cancelled(&f);
    return 0;
}

TEST(test_wrap_future_cancel)
{
    bool stopped = false;
    start_futures();
    when_done(&f, stop_producer, &stopped);
    CHECK_EQ(rill_future_cancel(&f), 1);
    run_briefly();
    CHECK(stopped);
    CHECK(rill_future_cancelled(&f));
}

// The producer was done before: its completion is under way, and comes too late.
TEST(test_wrap_future_cancel2)
{
    start_futures();
    isr_now(produce, NULL);
    CHECK(!rill_future_done(&f));
    CHECK_EQ(rill_future_cancel(&f), 1);
    run_briefly();
    CHECK(rill_future_cancelled(&f));
    CHECK_EQ(cell.value, 11);
    CHECK_EQ(reports, 0);
}

TEST_MAIN("cpython_futures", TEST_CASE(test_initial_state), TEST_CASE(test_cancel), TEST_CASE(test_result),
          TEST_CASE(test_exception), TEST_CASE(test_future_cancel_message_getter), TEST_CASE(test_yield_from_twice),
          TEST_CASE(test_iter), TEST_CASE(test_tb_logger_abandoned), TEST_CASE(test_tb_logger_not_called_after_cancel),
          TEST_CASE(test_tb_logger_result_unretrieved), TEST_CASE(test_tb_logger_result_retrieved),
          TEST_CASE(test_tb_logger_exception_unretrieved), TEST_CASE(test_tb_logger_exception_retrieved),
          TEST_CASE(test_tb_logger_exception_result_retrieved), TEST_CASE(test_future_exception_never_retrieved),
          TEST_CASE(test_future_exception_never_retrieved_debug), TEST_CASE(test_wrap_future),
          TEST_CASE(test_wrap_future_cancel), TEST_CASE(test_wrap_future_cancel2))
