// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
// CPython's test_tasks.py, part 3: shield, gather, cancellation through them, what the loop is told of tasks.
#define CONF_TASKS 6
#include "cpython.h"

#include <rill/debug.h>
#include <rill/gather.h>
#include <rill/timeout.h>

static rill_future_t f[6]; // a, b, c, ...
static rill_awaitable_t children[6];
static rill_gather_t gather;
static rill_shield_t shields[2];
static int proof;
static int called;

static void start_futures(void)
{
    start();
    proof = 0;
    called = 0;
    for (unsigned i = 0; i < 6; i++) {
        rill_future_init(&f[i], &lp);
        children[i] = (rill_awaitable_t){ .future = &f[i] };
    }
}

static void run_loop(void)
{
    for (unsigned i = 0; i < 8; i++) {
        run_briefly();
    }
}

// ---- how cancellation passes

static int inner(void *arg)
{
    int error = await(arg);
    proof += error == RILL_ECANCELED;
    return error;
}

static int outer(void *arg)
{
    int error = inner(arg);
    proof += error == RILL_ECANCELED ? 100 : 10;
    return 0;
}

TEST(test_yield_future_passes_cancel)
{
    start_futures();
    rill_task_t t = spawn_idle(outer, &f[0]);
    run_briefly();
    CHECK_EQ(rill_task_cancel(t), 1);
    CHECK_EQ(complete_task(t, NULL), 0);
    CHECK_EQ(proof, 101);
    CHECK(rill_future_cancelled(&f[0]));
}

static int await_and_count(void *arg)
{
    int error = await(arg);
    proof += error == 0;
    return error;
}

static int wait_for_inner(void *arg)
{
    children[0] = (rill_awaitable_t){ .future = rill_task_future(spawn(await_and_count, arg)) };
    int n = rill_wait(children, 1, RILL_ALL_COMPLETED, RILL_NEVER);
    proof += n >= 0 ? 100 : 0;
    return n < 0 ? n : 0;
}

TEST(test_yield_wait_does_not_shield_cancel)
{
    start_futures();
    rill_task_t t = spawn_idle(wait_for_inner, &f[0]);
    run_briefly();
    CHECK_EQ(rill_task_cancel(t), 1);
    CHECK_EQ(complete_task(t, NULL), RILL_ECANCELED);
    rill_future_set_result(&f[0], 0);
    run_briefly();
    CHECK_EQ(proof, 1);
}

// ---- shield

static rill_future_t *shielded(unsigned i)
{
    return rill_shield_begin(&shields[i], &f[i]);
}

TEST(test_shield_result)
{
    rill_value_t value = 0;
    start_futures();
    rill_future_t *o = shielded(0);
    rill_future_set_result(&f[0], 42);
    CHECK_EQ(complete(o, &value), 0);
    CHECK_EQ(value, 42);
    rill_shield_end(&shields[0]);
}

TEST(test_shield_exception)
{
    start_futures();
    rill_future_t *o = shielded(0);
    run_briefly();
    rill_future_set_error(&f[0], E(5), 0);
    run_briefly();
    CHECK_EQ(rill_future_exception(o, NULL), E(5));
    rill_shield_end(&shields[0]);
}

TEST(test_shield_cancel_inner)
{
    start_futures();
    rill_future_t *o = shielded(0);
    run_briefly();
    rill_future_cancel(&f[0]);
    run_briefly();
    CHECK(rill_future_cancelled(o));
    rill_shield_end(&shields[0]);
}

TEST(test_shield_cancel_outer)
{
    start_futures();
    rill_future_t *o = shielded(0);
    run_briefly();
    rill_future_cancel(o);
    run_briefly();
    CHECK(rill_future_cancelled(o));
    CHECK(o->waiters == NULL && f[0].waiters == NULL); // no callback is left
    CHECK(!rill_future_done(&f[0]));
    rill_shield_end(&shields[0]);
}

TEST(test_shield_shortcut)
{
    rill_value_t value = 0;
    start_futures();
    rill_future_set_result(&f[0], 42);
    rill_future_t *o = shielded(0);
    CHECK(o == &f[0]);
    CHECK_EQ(complete(o, &value), 0);
    CHECK_EQ(value, 42);
    rill_shield_end(&shields[0]);
}

static int shield_inner(void *arg)
{
    int error = rill_shield(rill_task_future(spawn(await_and_count, arg)), NULL);
    proof += error == 0 ? 100 : 0;
    return error;
}

TEST(test_shield_effect)
{
    start_futures();
    rill_task_t t = spawn_idle(shield_inner, &f[0]);
    run_briefly();
    CHECK_EQ(rill_task_cancel(t), 1);
    CHECK_EQ(complete_task(t, NULL), RILL_ECANCELED);
    rill_future_set_result(&f[0], 0);
    run_briefly();
    CHECK_EQ(proof, 1);
}

TEST(test_shield_gather)
{
    start_futures();
    CHECK_EQ(rill_gather_begin(&gather, children, 2, 0), 0);
    rill_future_t *o = rill_shield_begin(&shields[0], &gather.outer.future);
    run_briefly();
    rill_future_cancel(o);
    run_briefly();
    CHECK(rill_future_cancelled(o));
    rill_future_set_result(&f[0], 1);
    rill_future_set_result(&f[1], 2);
    run_briefly();
    CHECK_EQ(rill_future_state(&gather.outer.future), RILL_FINISHED);
    CHECK_EQ(children[0].value, 1);
    CHECK_EQ(children[1].value, 2);
    rill_shield_end(&shields[0]);
    rill_gather_end(&gather);
}

TEST(test_gather_shield)
{
    start_futures();
    for (unsigned i = 0; i < 2; i++) {
        children[i] = (rill_awaitable_t){ .future = shielded(i) };
    }
    CHECK_EQ(rill_gather_begin(&gather, children, 2, 0), 0);
    run_briefly();
    CHECK_EQ(rill_future_cancel(&gather.outer.future), 1);
    run_briefly();
    CHECK_EQ(rill_future_exception(&gather.outer.future, NULL), RILL_ECANCELED);
    for (unsigned i = 0; i < 2; i++) {
        CHECK(rill_future_cancelled(&shields[i].outer));
        CHECK_EQ(rill_future_set_result(&f[i], 1), 0);
    }
    run_briefly();
    rill_gather_end(&gather);
    rill_shield_end(&shields[0]);
    rill_shield_end(&shields[1]);
}

static int return_42(void *arg)
{
    (void)arg;
    return 42;
}

static int begin_shield(void *arg)
{
    rill_future_t *o = rill_shield_begin(&shields[0], rill_task_future(spawn(return_42, NULL)));
    CHECK(o->loop == &lp);
    *(rill_future_t **)arg = o;
    return 0;
}

TEST(test_shield_coroutine_use_running_loop)
{
    static rill_future_t *o;
    rill_value_t value = 0;
    start_futures();
    CHECK_EQ(complete_fn(begin_shield, &o, NULL), 0);
    CHECK_EQ(complete(o, &value), 0);
    CHECK_EQ(value, 42);
    rill_shield_end(&shields[0]);
}

// ---- gather: on futures, and on tasks that await the futures

static bool on_tasks;

static int await_value(void *arg)
{
    rill_value_t value = 0;
    int error = rill_await(arg, &value);
    return error != 0 ? error : (int)value;
}

static int count_call(void *arg)
{
    (void)arg;
    called++;
    return 0;
}

static void begin_gather(unsigned n, unsigned flags)
{
    start_futures();
    for (unsigned i = 0; on_tasks && i < n; i++) {
        children[i].future = rill_task_future(spawn_idle(await_value, &f[i]));
    }
    CHECK_EQ(rill_gather_begin(&gather, children, n, flags), 0);
    when_done(&gather.outer.future, count_call, NULL);
}

static void gather_is(bool is_done)
{
    run_loop();
    CHECK_EQ(rill_future_done(&gather.outer.future), is_done);
    CHECK_EQ(called, is_done ? 1 : 0);
}

static int gather_error(void)
{
    return rill_future_exception(&gather.outer.future, NULL);
}

static void check_success(unsigned flags)
{
    begin_gather(3, flags);
    rill_future_set_result(&f[1], 1);
    rill_future_set_result(&f[0], 2);
    gather_is(false);
    rill_future_set_result(&f[2], 3);
    gather_is(true);
    CHECK_EQ(gather_error(), 0);
    CHECK_EQ(children[0].value * 100 + children[1].value * 10 + children[2].value, 213);
    rill_gather_end(&gather);
}

TEST(test_success)
{
    for (int i = 0; i < 2; i++) {
        on_tasks = i == 1;
        check_success(0);
    }
}

TEST(test_result_exception_success)
{
    for (int i = 0; i < 2; i++) {
        on_tasks = i == 1;
        check_success(RILL_COLLECT);
    }
}

// What the others do afterwards is not seen.
static void end_others(void)
{
    rill_future_set_result(&f[2], 3);
    rill_future_cancel(&f[3]);
    rill_future_set_error(&f[4], E(2), 0);
    run_loop();
    CHECK_EQ(called, 1);
    rill_gather_end(&gather);
    CHECK_EQ(reports, 0);
}

TEST(test_one_exception)
{
    for (int i = 0; i < 2; i++) {
        on_tasks = i == 1;
        begin_gather(5, 0);
        rill_future_set_result(&f[0], 1);
        rill_future_set_error(&f[1], E(1), 0);
        gather_is(true);
        CHECK_EQ(gather_error(), E(1));
        end_others();
        CHECK_EQ(gather_error(), E(1));
    }
}

TEST(test_return_exceptions)
{
    for (int i = 0; i < 2; i++) {
        on_tasks = i == 1;
        begin_gather(4, RILL_COLLECT);
        rill_future_set_result(&f[1], 1);
        rill_future_set_error(&f[2], E(1), 0);
        rill_future_set_result(&f[0], 3);
        gather_is(false);
        rill_future_set_error(&f[3], E(2), 0);
        gather_is(true);
        CHECK_EQ(gather_error(), 0);
        CHECK(children[0].value == 3 && children[1].value == 1);
        CHECK(children[2].error == E(1) && children[3].error == E(2));
        rill_gather_end(&gather);
    }
}

static int gather_nothing(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_gather_begin(&gather, NULL, 0, 0), 0);
    CHECK(gather.outer.future.loop == &lp);
    return 0;
}

TEST(test_constructor_empty_sequence_use_running_loop)
{
    start_futures();
    CHECK_EQ(complete_fn(gather_nothing, NULL, NULL), 0);
    run_loop();
    CHECK_EQ(rill_future_result(&gather.outer.future, NULL), 0);
    rill_gather_end(&gather);
}

static rill_loop_t other_loop;

TEST(test_constructor_heterogenous_futures)
{
    start_futures();
    rill_loop_init(&other_loop);
    rill_future_init(&f[1], &other_loop);
    CHECK_EQ(rill_gather_begin(&gather, children, 2, 0), RILL_EINVAL);
    CHECK(f[0].waiters == NULL && f[1].waiters == NULL);
    CHECK_EQ(rill_loop_close(&other_loop), 0);
}

static int gather_there(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_gather_begin(&gather, children, 3, 0), 0);
    CHECK(gather.outer.future.loop == &other_loop);
    CHECK(!rill_future_done(&gather.outer.future));
    rill_gather_end(&gather);
    return 0;
}

// It belongs to the loop of its children, whichever runs.
TEST(test_constructor_homogenous_futures)
{
    start_futures();
    rill_loop_init(&other_loop);
    for (unsigned i = 0; i < 3; i++) {
        rill_future_init(&f[i], &other_loop);
    }
    gather_there(NULL);
    CHECK_EQ(complete_fn(gather_there, NULL, NULL), 0);
    CHECK_EQ(rill_loop_close(&other_loop), 0);
}

TEST(test_one_cancellation)
{
    on_tasks = false;
    begin_gather(5, 0);
    rill_future_set_result(&f[0], 1);
    rill_future_cancel(&f[1]);
    gather_is(true);
    CHECK(!rill_future_cancelled(&gather.outer.future));
    CHECK_EQ(gather_error(), RILL_ECANCELED);
    end_others();
}

TEST(test_result_exception_one_cancellation)
{
    static const int expected[6] = { 1, E(1), RILL_ECANCELED, 3, RILL_ECANCELED, E(2) };
    on_tasks = false;
    begin_gather(6, RILL_COLLECT);
    rill_future_set_result(&f[0], 1);
    rill_future_set_error(&f[1], E(1), 0);
    rill_future_cancel(&f[2]);
    gather_is(false);
    rill_future_set_result(&f[3], 3);
    rill_future_cancel(&f[4]);
    rill_future_set_error(&f[5], E(2), 0);
    CHECK_EQ(complete(&gather.outer.future, NULL), 0);
    for (unsigned i = 0; i < 6; i++) {
        CHECK_EQ(children[i].error != 0 ? children[i].error : (int)children[i].value, expected[i]);
    }
    CHECK_EQ(called, 1);
    rill_gather_end(&gather);
}

static int return_arg(void *arg)
{
    return INT(arg);
}

TEST(test_duplicate_coroutines)
{
    start_futures();
    rill_task_t c = spawn_idle(return_arg, PTR(1));
    for (unsigned i = 0; i < 4; i++) {
        children[i].future = rill_task_future(c);
    }
    children[2].future = rill_task_future(spawn_idle(return_arg, PTR(2)));
    CHECK_EQ(rill_gather_begin(&gather, children, 4, 0), 0);
    run_loop();
    CHECK_EQ(gather_error(), 0);
    for (unsigned i = 0; i < 4; i++) {
        CHECK_EQ(children[i].value, i == 2 ? 2 : 1);
    }
    rill_gather_end(&gather);
}

static int gather_two(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_gather_begin(&gather, children, 2, 0), 0);
    int error = rill_await(&gather.outer.future, NULL);
    proof += error == 0 ? 100 : 0;
    return error;
}

TEST(test_cancellation_broadcast)
{
    start_futures();
    rill_task_t child1 = spawn_idle(await_and_count, &f[0]);
    rill_task_t child2 = spawn_idle(await_and_count, &f[0]);
    children[0].future = rill_task_future(child1);
    children[1].future = rill_task_future(child2);
    rill_task_t t = spawn_idle(gather_two, NULL);
    run_briefly();
    CHECK_EQ(rill_task_cancel(t), 1);
    CHECK_EQ(complete_task(t, NULL), RILL_ECANCELED);
    CHECK_EQ(rill_future_cancel(&gather.outer.future), 0);
    CHECK(rill_future_cancelled(&f[0]));
    CHECK(cancelled(child1));
    CHECK(cancelled(child2));
    rill_gather_end(&gather);
    run_briefly();
    CHECK_EQ(proof, 0);
}

static int await_then_fail(void *arg)
{
    int error = await(arg);
    return error != 0 ? error : E(3);
}

static int gather_failing(void *arg)
{
    rill_task_t tasks[2];
    (void)arg;
    for (unsigned i = 0; i < 2; i++) {
        tasks[i] = spawn(await_then_fail, &f[i]);
        children[i] = (rill_awaitable_t){ .future = rill_task_future(tasks[i]) };
    }
    int error = rill_gather(children, 2, 0);
    for (unsigned i = 0; i < 2; i++) {
        CHECK_EQ(rill_detach(tasks[i]), 0);
    }
    return error;
}

// The second error comes when nobody gathers any more, and counts as read.
TEST(test_exception_marking)
{
    start_futures();
    rill_task_t t = spawn_idle(gather_failing, NULL);
    run_briefly();
    rill_future_set_result(&f[0], 0);
    run_loop();
    rill_future_set_result(&f[1], 0);
    run_loop();
    CHECK_EQ(rill_future_exception(rill_task_future(t), NULL), E(3));
    CHECK_EQ(rill_pool_used(&pool.tcbs), 1);
    CHECK_EQ(reports, 0);
}

// ---- cancelling a gather

static int cancel_result;

static int cancel_gatherer(void *arg)
{
    (void)arg;
    CHECK(!rill_future_done(&gather.outer.future));
    cancel_result = rill_future_cancel(&gather.outer.future);
    return 0;
}

// The child is done, though the gather has not heard of it: there is nothing left to cancel.
TEST(test_cancel_gather_1)
{
    on_tasks = true;
    begin_gather(1, 0);
    cancel_result = -1;
    run_loop();
    when_done(&f[0], cancel_gatherer, NULL);
    rill_future_set_result(&f[0], 42);
    CHECK_EQ(complete(&gather.outer.future, NULL), 0);
    CHECK_EQ(cancel_result, 0);
    CHECK(!rill_future_cancelled(&gather.outer.future));
    CHECK_EQ(children[0].value, 42);
    rill_gather_end(&gather);
}

static int sleep_50(void *arg)
{
    (void)arg;
    return rill_sleep_ms(50);
}

static int gather_again_and_again(void *arg)
{
    (void)arg;
    for (int time = 0; time <= 1000; time += 50) {
        rill_task_t task = spawn(sleep_50, NULL);
        children[0] = (rill_awaitable_t){ .future = rill_task_future(task) };
        int error = rill_gather(children, 1, RILL_COLLECT);
        CHECK_EQ(rill_detach(task), 0);
        if (error != 0) {
            return error;
        }
    }
    return 0;
}

static int cancel_at_200(void *arg)
{
    (void)arg;
    rill_task_t qwe = spawn(gather_again_and_again, NULL);
    CHECK_EQ(rill_sleep_ms(200), 0);
    CHECK_EQ(rill_task_cancel_msg(qwe, 5), 1);
    return await_task(qwe);
}

TEST(test_cancel_gather_2)
{
    start_futures();
    CHECK_EQ(complete_fn(cancel_at_200, NULL, NULL), RILL_ECANCELED);
    CHECK_EQ(now_ms(), 200);
}

// ---- what the loop is told

TEST(test_log_destroyed_pending_task)
{
    start_futures();
    CHECK_EQ(rill_loop_set_debug(&lp, true), 0);
    rill_task_t t = spawn_idle(await_then_fail, &f[0]);
    CHECK_EQ(rill_task_next(&lp, RILL_NO_TASK).id, t.id);
    run_briefly();
    CHECK_EQ(rill_loop_close(&lp), 0);
    CHECK(rill_task_next(&lp, RILL_NO_TASK).tcb == NULL);
    CHECK_EQ(reports, 1);
    CHECK(strcmp(reported_message, "task destroyed pending") == 0);
}

static int cancel_late(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(return_arg, PTR(E(1)));
    CHECK_EQ(rill_sleep_ms(50), 0);
    CHECK_EQ(rill_task_cancel(task), 0);
    return rill_detach(task);
}

TEST(test_tb_logger_not_called_after_cancel)
{
    main_is(cancel_late, 0);
}

// A closed loop takes no callbacks: no task is made then, nothing is lost and nothing is left.
TEST(test_error_in_call_soon)
{
    const rill_spawn_options_t options = { .loop = &lp };
    rill_task_t task;
    start_futures();
    CHECK_EQ(rill_loop_close(&lp), 0);
    CHECK_EQ(rill_spawn_with(&pool, return_42, NULL, &options, &task), RILL_EPERM);
    CHECK_EQ(rill_pool_used(&pool.tcbs), 0);
    CHECK_EQ(rill_pool_used(&pool.stacks), 0);
    CHECK(rill_task_next(&lp, RILL_NO_TASK).tcb == NULL);
}

static int bare(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(return_arg, PTR(1));
    CHECK_EQ(await_task(task), 0);
    CHECK_EQ(value_of_task(task), 1);
    return 0;
}

TEST(test_bare_create_task)
{
    main_is(bare, 0);
}

static int bare_named(void *arg)
{
    (void)arg;
    rill_task_t task = spawn_named(return_arg, PTR(0), "No-op");
    CHECK(strcmp(rill_task_name(task, NULL), "No-op") == 0);
    return await_task(task);
}

TEST(test_bare_create_named_task)
{
    main_is(bare_named, 0);
}

TEST_MAIN("cpython_tasks_3", TEST_CASE(test_yield_future_passes_cancel),
          TEST_CASE(test_yield_wait_does_not_shield_cancel), TEST_CASE(test_shield_result),
          TEST_CASE(test_shield_exception), TEST_CASE(test_shield_cancel_inner), TEST_CASE(test_shield_cancel_outer),
          TEST_CASE(test_shield_shortcut), TEST_CASE(test_shield_effect), TEST_CASE(test_shield_gather),
          TEST_CASE(test_gather_shield), TEST_CASE(test_shield_coroutine_use_running_loop), TEST_CASE(test_success),
          TEST_CASE(test_result_exception_success), TEST_CASE(test_one_exception), TEST_CASE(test_return_exceptions),
          TEST_CASE(test_constructor_empty_sequence_use_running_loop),
          TEST_CASE(test_constructor_heterogenous_futures), TEST_CASE(test_constructor_homogenous_futures),
          TEST_CASE(test_one_cancellation), TEST_CASE(test_result_exception_one_cancellation),
          TEST_CASE(test_duplicate_coroutines), TEST_CASE(test_cancellation_broadcast),
          TEST_CASE(test_exception_marking), TEST_CASE(test_cancel_gather_1), TEST_CASE(test_cancel_gather_2),
          TEST_CASE(test_log_destroyed_pending_task), TEST_CASE(test_tb_logger_not_called_after_cancel),
          TEST_CASE(test_error_in_call_soon), TEST_CASE(test_bare_create_task),
          TEST_CASE(test_bare_create_named_task))
