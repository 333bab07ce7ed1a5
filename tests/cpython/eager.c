// rill-test: min-ram=32 | boards=host,mps2-an385,virt-rv32
// CPython's test_eager_task_factory.py. A task is eager by an option of its spawn, not by a factory of the loop.
#define CONF_TASKS 16
#include "cpython.h"

#include <rill/contextvars.h>
#include <rill/gather.h>
#include <rill/group.h>

static rill_task_t spawn_eager(rill_fn_t fn, void *arg)
{
    const rill_spawn_options_t options = { .eager = true };
    rill_task_t task;
    CHECK_EQ(rill_spawn_with(&pool, fn, arg, &options, &task), 0);
    return task;
}

static int return_arg(void *arg)
{
    return INT(arg);
}

static int factory_set(void *arg)
{
    (void)arg;
    rill_task_t t = spawn_eager(return_arg, PTR(0));
    CHECK(rill_task_future(t) != NULL);
    return rill_join(t, NULL);
}

TEST(test_eager_task_factory_set)
{
    main_is(factory_set, 0);
}

static rill_future_t f;
static rill_future_t g;

static int set_f(void *arg)
{
    return rill_future_set_result(&f, INT(arg));
}

static int await_in_step(void *arg)
{
    (void)arg;
    renew(&f);
    rill_task_t t = spawn_eager(set_f, PTR(7));
    CHECK(done(t));
    CHECK_EQ(await(&f), 0);
    CHECK_EQ(value_of(&f), 7);
    return 0;
}

TEST(test_await_future_during_eager_step)
{
    main_is(await_in_step, 0);
}

static int completion(void *arg)
{
    (void)arg;
    rill_task_t t = spawn_eager(return_arg, PTR(8));
    CHECK(done(t));
    CHECK_EQ(await_task(t), 0);
    CHECK_EQ(value_of_task(t), 8);
    return 0;
}

TEST(test_eager_completion)
{
    main_is(completion, 0);
}

static int block_then_return(void *arg)
{
    int error = rill_sleep_ms(100);
    return error != 0 ? error : INT(arg);
}

static int block_after_step(void *arg)
{
    (void)arg;
    rill_task_t t = spawn_eager(block_then_return, PTR(9));
    CHECK(!done(t));
    CHECK_EQ(await_task(t), 0);
    CHECK(done(t));
    CHECK_EQ(value_of_task(t), 9);
    return 0;
}

TEST(test_block_after_eager_step)
{
    main_is(block_after_step, 0);
}

static int cancel_completed(void *arg)
{
    (void)arg;
    rill_task_t t = spawn_eager(return_arg, PTR(8));
    CHECK_EQ(rill_task_cancel(t), 0);
    CHECK_EQ(await_task(t), 0);
    CHECK(!cancelled(t));
    CHECK_EQ(value_of_task(t), 8);
    return 0;
}

TEST(test_cancellation_after_eager_completion)
{
    main_is(cancel_completed, 0);
}

static int cancel_blocked(void *arg)
{
    rill_value_t message = 0;
    (void)arg;
    rill_task_t t = spawn_eager(block_then_return, PTR(9));
    CHECK_EQ(rill_task_cancel_msg(t, 55), 1);
    CHECK(rill_task_cancelling(t) > 0);
    int error = await_task(t);
    CHECK_EQ(rill_future_exception(rill_task_future(t), &message), RILL_ECANCELED);
    CHECK_EQ(message, 55);
    return error;
}

TEST(test_cancellation_after_eager_step_blocks)
{
    main_is(cancel_blocked, RILL_ECANCELED);
}

static rill_task_t captured;

static bool is_current(rill_task_t task)
{
    rill_task_t current = rill_task_current();
    return current.tcb == task.tcb && current.id == task.id;
}

static int capture(void *arg)
{
    (void)arg;
    captured = rill_task_current();
    CHECK_EQ(rill_sleep_ms(100), 0);
    CHECK(is_current(captured));
    return 0;
}

static int current(void *arg)
{
    rill_task_t self = rill_task_current();
    (void)arg;
    rill_task_t t = spawn_eager(capture, NULL);
    CHECK(captured.tcb == t.tcb && captured.id == t.id);
    CHECK(is_current(self));
    return await_task(t);
}

TEST(test_current_task)
{
    main_is(current, 0);
}

// ---- all_tasks

static bool listed(uint32_t id)
{
    rill_loop_t *loop = rill_loop_running();
    for (rill_task_t t = rill_task_next(loop, RILL_NO_TASK); t.tcb != NULL; t = rill_task_next(loop, t)) {
        if (t.id == id) {
            return true;
        }
    }
    return false;
}

static bool listed_in_step;

static int look_at_tasks(void *arg)
{
    (void)arg;
    listed_in_step = listed(rill_task_current().id);
    return 0;
}

static int all_tasks_completion(void *arg)
{
    (void)arg;
    rill_task_t t = spawn_eager(look_at_tasks, NULL);
    CHECK(listed_in_step);
    CHECK(!listed(t.id));
    return 0;
}

TEST(test_all_tasks_with_eager_completion)
{
    main_is(all_tasks_completion, 0);
}

static int look_and_block(void *arg)
{
    look_at_tasks(arg);
    int error = await(&f);
    rill_future_set_result(&g, 0);
    return error;
}

static int all_tasks_blocking(void *arg)
{
    (void)arg;
    renew(&f);
    renew(&g);
    rill_task_t t = spawn_eager(look_and_block, NULL);
    CHECK(listed_in_step);
    CHECK(listed(t.id));
    rill_future_set_result(&f, 0);
    CHECK_EQ(await(&g), 0);
    CHECK(!listed(t.id));
    return 0;
}

TEST(test_all_tasks_with_blocking)
{
    main_is(all_tasks_blocking, 0);
}

// ---- context variables

static rill_var_t cv = RILL_VAR_INIT_DEFAULT(0);
static int steps;
RILL_VARS_POOL_DEFINE(bindings, 4);

static int cv_value(void)
{
    rill_value_t value = -1;
    CHECK_EQ(rill_var_get(&cv, &value), 0);
    return (int)value;
}

static void change_cv(int from, int to)
{
    CHECK_EQ(cv_value(), from);
    CHECK_EQ(rill_var_set(&cv, to, NULL), 0);
    CHECK_EQ(cv_value(), to);
    steps++;
}

static int two_steps(void *arg)
{
    (void)arg;
    change_cv(1, 2);
    int error = rill_sleep_ms(100);
    change_cv(2, 3);
    return error;
}

static int context_vars(void *arg)
{
    (void)arg;
    steps = 0;
    change_cv(0, 1);
    rill_task_t t = spawn_eager(two_steps, NULL);
    CHECK_EQ(steps, 2);
    CHECK_EQ(cv_value(), 1);
    CHECK_EQ(await_task(t), 0);
    CHECK_EQ(steps, 3);
    CHECK_EQ(cv_value(), 1);
    return 0;
}

TEST(test_context_vars)
{
    CHECK_EQ(rill_vars_use(&bindings), 0);
    main_is(context_vars, 0);
}

// ---- how many tasks: none that an eager child need wait for. Widths and depths are smaller than CPython's.

enum { WIDTH = 2, DEPTH = 2 };
static bool eager;
static unsigned task_count;     // spawned
static unsigned suspended_count; // of those, not done when spawn returned

static void count(rill_task_t task)
{
    task_count++;
    suspended_count += !done(task);
}

static int chain(int depth)
{
    return depth == 0 ? 0 : 1 + chain(depth - 1);
}

static int chain_main(void *arg)
{
    (void)arg;
    return chain(10);
}

static int await_chain(void *arg)
{
    const rill_spawn_options_t options = { .eager = eager };
    rill_task_t t;
    (void)arg;
    CHECK_EQ(rill_spawn_with(&pool, chain_main, NULL, &options, &t), 0);
    count(t);
    CHECK_EQ(await_task(t), 0);
    CHECK_EQ(value_of_task(t), 10);
    return 0;
}

static void counted(rill_fn_t fn, bool is_eager, unsigned suspended)
{
    eager = is_eager;
    task_count = 0;
    suspended_count = 0;
    main_is(fn, 0);
    CHECK_EQ(suspended_count, suspended);
}

TEST(test_awaitables_chain)
{
    counted(await_chain, false, 1);
    counted(await_chain, true, 0);
}

static int recursive_group(void *arg)
{
    const rill_spawn_options_t options = { .eager = eager };
    rill_group_t group = RILL_GROUP_INIT(NULL);
    if (INT(arg) == 0) {
        return 0;
    }
    CHECK_EQ(rill_group_begin(&group), 0);
    for (int i = 0; i < WIDTH; i++) {
        rill_task_t t;
        CHECK_EQ(rill_group_spawn_with(&group, &pool, recursive_group, PTR(INT(arg) - 1), &options, &t), 0);
        count(t);
        CHECK_EQ(rill_detach(t), 0);
    }
    return rill_group_end(&group, 0);
}

static int group_main(void *arg)
{
    (void)arg;
    return recursive_group(PTR(DEPTH));
}

TEST(test_recursive_taskgroups)
{
    counted(group_main, false, WIDTH + WIDTH * WIDTH);
    CHECK_EQ(task_count, WIDTH + WIDTH * WIDTH);
    counted(group_main, true, 0);
    CHECK_EQ(task_count, WIDTH + WIDTH * WIDTH);
}

static int recursive_gather(void *arg)
{
    const rill_spawn_options_t options = { .eager = eager };
    rill_task_t tasks[WIDTH];
    rill_awaitable_t children[WIDTH];
    if (INT(arg) == 0) {
        return 0;
    }
    for (int i = 0; i < WIDTH; i++) {
        CHECK_EQ(rill_spawn_with(&pool, recursive_gather, PTR(INT(arg) - 1), &options, &tasks[i]), 0);
        count(tasks[i]);
        children[i] = (rill_awaitable_t){ .future = rill_task_future(tasks[i]) };
    }
    int error = rill_gather(children, WIDTH, 0);
    for (int i = 0; i < WIDTH; i++) {
        CHECK_EQ(rill_detach(tasks[i]), 0);
    }
    return error;
}

static int gather_main(void *arg)
{
    (void)arg;
    return recursive_gather(PTR(DEPTH));
}

TEST(test_recursive_gather)
{
    counted(gather_main, false, WIDTH + WIDTH * WIDTH);
    CHECK_EQ(task_count, WIDTH + WIDTH * WIDTH);
    counted(gather_main, true, 0);
    CHECK_EQ(task_count, WIDTH + WIDTH * WIDTH);
}

TEST_MAIN("cpython_eager", TEST_CASE(test_eager_task_factory_set), TEST_CASE(test_await_future_during_eager_step),
          TEST_CASE(test_eager_completion), TEST_CASE(test_block_after_eager_step),
          TEST_CASE(test_cancellation_after_eager_completion), TEST_CASE(test_cancellation_after_eager_step_blocks),
          TEST_CASE(test_current_task), TEST_CASE(test_all_tasks_with_eager_completion),
          TEST_CASE(test_all_tasks_with_blocking), TEST_CASE(test_context_vars), TEST_CASE(test_awaitables_chain),
          TEST_CASE(test_recursive_taskgroups), TEST_CASE(test_recursive_gather))
