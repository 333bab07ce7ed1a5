// rill-test: min-ram=32 | boards=host,mps2-an385,virt-rv32
// CPython's test_tasks.py, part 4: context variables, submission from other contexts; and test_context.py.
#define CONF_TASKS 14
#include "cpython.h"

#include <rill/contextvars.h>
#include <rill/gather.h>
#include <rill/timeout.h>

static rill_future_t f;

// ---- context variables

enum { NOPE = -7 };
static rill_var_t cvar = RILL_VAR_INIT_DEFAULT(NOPE);
RILL_VARS_POOL_DEFINE(bindings, 24);

static void set_cvar(int value)
{
    CHECK_EQ(rill_var_set(&cvar, value, NULL), 0);
}

static void cvar_is(int expected)
{
    rill_value_t value = 0;
    CHECK_EQ(rill_var_get(&cvar, &value), 0);
    CHECK_EQ(value, expected);
}

static void with_vars(rill_fn_t fn)
{
    CHECK_EQ(rill_vars_use(&bindings), 0);
    main_is(fn, 0);
    cvar_is(NOPE);
    CHECK_EQ(rill_pool_used(&bindings), 0);
}

static int change_late(void *arg)
{
    (void)arg;
    int error = rill_sleep_ms(10);
    cvar_is(NOPE);
    set_cvar(2);
    return error;
}

static int context_1(void *arg)
{
    (void)arg;
    cvar_is(NOPE);
    rill_task_t subtask = spawn(change_late, NULL);
    set_cvar(1);
    cvar_is(1);
    CHECK_EQ(await_task(subtask), 0);
    cvar_is(1);
    return 0;
}

TEST(test_context_1)
{
    with_vars(context_1);
}

static int change_in_callback(void *arg)
{
    (void)arg;
    cvar_is(INT(arg)); // the context it was bound to
    set_cvar(99);
    return 0;
}

static int set_f(void *arg)
{
    (void)arg;
    return rill_future_set_result(&f, 0);
}

static int context_2(void *arg)
{
    rill_bound_t bound;
    (void)arg;
    for (int j = 0; j < 2; j++) {
        renew(&f);
        set_cvar(j + 10);
        CHECK_EQ(rill_vars_bind(&bound, NULL, change_in_callback, PTR(j + 10)), 0);
        when_done(&f, rill_vars_call, &bound);
        soon(set_f, NULL);
        CHECK_EQ(await(&f), 0);
        cvar_is(j + 10);
        for (int i = 0; i < 3; i++) {
            set_cvar(j * 100 + i);
            CHECK_EQ(rill_sleep_ms(1), 0);
            cvar_is(j * 100 + i);
        }
    }
    return 0;
}

TEST(test_context_2)
{
    with_vars(context_2);
}

static int set_and_sleep(void *arg)
{
    for (int i = 0; i < 10; i++) {
        set_cvar(INT(arg) + i);
        CHECK_EQ(rill_sleep_ms((uint32_t)(1 + (INT(arg) * 7 + i * 3) % 5)), 0);
        cvar_is(INT(arg) + i);
    }
    return 0;
}

static int context_3(void *arg)
{
    static rill_awaitable_t children[12];
    (void)arg;
    for (int i = 0; i < 12; i++) {
        children[i] = (rill_awaitable_t){ .future = rill_task_future(spawn(set_and_sleep, PTR(i))) };
    }
    return rill_gather(children, 12, 0);
}

TEST(test_context_3)
{
    with_vars(context_3);
}

static int yield_and_set(void *arg)
{
    CHECK_EQ(rill_yield(), 0);
    set_cvar(INT(arg));
    return 0;
}

static rill_task_t spawn_in(rill_vars_t *ctx, rill_fn_t fn, int arg)
{
    const rill_spawn_options_t options = { .vars = ctx };
    rill_task_t task;
    CHECK_EQ(rill_spawn_with(&pool, fn, PTR(arg), &options, &task), 0);
    return task;
}

static int context_4(void *arg)
{
    rill_vars_t ctx = { NULL };
    rill_value_t value = 0;
    (void)arg;
    rill_vars_copy(&ctx);
    CHECK_EQ(rill_vars_get(&ctx, &cvar, &value), RILL_ENOENT);
    for (int i = 1; i <= 2; i++) {
        CHECK_EQ(await_task(spawn_in(&ctx, yield_and_set, i)), 0);
        CHECK_EQ(rill_vars_get(&ctx, &cvar, &value), 0);
        CHECK_EQ(value, i);
    }
    rill_vars_drop(&ctx);
    return 0;
}

TEST(test_context_4)
{
    with_vars(context_4);
}

// ---- futures2: the exception handler runs in the context of what failed

static int handled;
static const void *handled_function;

static int handler_in_context(rill_loop_t *loop, const rill_exception_t *info)
{
    (void)loop;
    cvar_is(7);
    set_cvar(8); // in that context, which ends
    handled = info->error;
    handled_function = info->handle != NULL ? (const void *)(uintptr_t)info->handle->node.fn : NULL;
    return 0;
}

static int set_and_fail(void *arg)
{
    (void)arg;
    set_cvar(7);
    return RILL_EIO;
}

static int task_exc_handler_main(void *arg)
{
    (void)arg;
    handled = 0;
    rill_loop_set_exception_handler(rill_loop_running(), handler_in_context);
    CHECK_EQ(rill_spawn(&pool, set_and_fail, NULL, NULL), 0);
    rill_yield();
    CHECK_EQ(handled, RILL_EIO);
    cvar_is(NOPE);
    return 0;
}

TEST(test_task_exc_handler_correct_context)
{
    with_vars(task_exc_handler_main);
}

static int handle_exc_handler_main(void *arg)
{
    static rill_handle_t handle;
    static rill_bound_t bound;
    (void)arg;
    handled = 0;
    rill_loop_set_exception_handler(rill_loop_running(), handler_in_context);
    CHECK_EQ(rill_vars_bind(&bound, NULL, set_and_fail, NULL), 0);
    CHECK_EQ(rill_call_soon(rill_loop_running(), &handle, rill_vars_call, &bound), 0);
    rill_yield();
    CHECK_EQ(handled, RILL_EIO);
    CHECK(handled_function == (const void *)(uintptr_t)set_and_fail);
    cvar_is(NOPE);
    handled = 0; // called in a task, what it returns is the task's to see
    CHECK_EQ(rill_vars_bind(&bound, NULL, set_and_fail, NULL), 0);
    CHECK_EQ(rill_vars_call(&bound), RILL_EIO);
    CHECK_EQ(handled, 0);
    return 0;
}

TEST(test_handle_exc_handler_correct_context)
{
    with_vars(handle_exc_handler_main);
}

static int set_in_context(void *arg)
{
    set_cvar(INT(arg));
    return 0;
}

static int check_cvar(void *arg)
{
    cvar_is(INT(arg));
    return 0;
}

// The context a task was given is the one it runs in.
static int get_context(void *arg)
{
    rill_vars_t ctx = { NULL };
    (void)arg;
    CHECK_EQ(rill_vars_run(&ctx, set_in_context, PTR(3)), 0);
    CHECK_EQ(await_task(spawn_in(&ctx, check_cvar, 3)), 0);
    cvar_is(NOPE);
    rill_vars_drop(&ctx);
    return 0;
}

TEST(test_get_context)
{
    with_vars(get_context);
}

// ---- test_context.py: the precision of a division belongs to the task that set it

static rill_var_t precision = RILL_VAR_INIT_DEFAULT(28);

struct fractions {
    uint32_t delay;
    int digits;
    int quotients[2];
};

static int divide(int x, int y)
{
    rill_value_t digits = 0;
    CHECK_EQ(rill_var_get(&precision, &digits), 0);
    int scaled = x;
    for (rill_value_t i = 0; i < digits; i++) {
        scaled *= 10;
    }
    return scaled / y;
}

static int divide_twice(void *arg)
{
    struct fractions *work = arg;
    rill_var_token_t token;
    CHECK_EQ(rill_var_set(&precision, work->digits, &token), 0);
    work->quotients[0] = divide(1, 3);
    int error = rill_sleep_ms(work->delay);
    work->quotients[1] = divide(1, 9);
    CHECK_EQ(rill_var_reset(&precision, &token), 0);
    return error;
}

static int decimal_context(void *arg)
{
    static struct fractions r1, r2;
    (void)arg;
    r1 = (struct fractions){ .delay = 100, .digits = 3 };
    r2 = (struct fractions){ .delay = 200, .digits = 6 };
    rill_awaitable_t both[2] = { { .future = rill_task_future(spawn(divide_twice, &r1)) },
                                 { .future = rill_task_future(spawn(divide_twice, &r2)) } };
    CHECK_EQ(rill_gather(both, 2, 0), 0);
    CHECK(r1.quotients[0] == 333 && r1.quotients[1] == 111);
    CHECK(r2.quotients[0] == 333333 && r2.quotients[1] == 111111);
    return 0;
}

TEST(test_asyncio_task_decimal_context)
{
    with_vars(decimal_context);
}

// ---- run_coroutine_threadsafe: an interrupt asks for it, a posted callback spawns the task, a done-callback hands its
// outcome to the future the submitter holds

struct submission {
    bool fail, cancel;
    rill_task_pool_t *tasks;
    rill_handle_t post;
    rill_handle_t ended;
    rill_task_t task;
    rill_future_t future;
};
static struct submission submission;

static int add(void *arg)
{
    const struct submission *s = arg;
    int error = rill_sleep_ms(50);
    if (error != 0 || s->fail) {
        return error != 0 ? error : E(1);
    }
    if (s->cancel) {
        rill_task_cancel(rill_task_current());
        error = rill_yield();
    }
    return error != 0 ? error : 1 + 2;
}

static int hand_on(void *arg)
{
    struct submission *s = arg;
    rill_value_t value = 0;
    int error = rill_future_result(rill_task_future(s->task), &value);
    rill_detach(s->task);
    if (rill_future_done(&s->future)) {
        return 0;
    }
    if (error == RILL_ECANCELED) {
        rill_future_cancel(&s->future);
        return 0;
    }
    return error < 0 ? rill_future_set_error(&s->future, error, 0) : rill_future_set_result(&s->future, value);
}

static int spawn_submitted(void *arg)
{
    struct submission *s = arg;
    int error = rill_spawn(s->tasks, add, s, &s->task);
    if (error != 0) {
        rill_future_set_error(&s->future, error, 0);
        return error; // the loop's exception handler is told as well
    }
    return rill_future_add_done_callback(rill_task_future(s->task), &s->ended, hand_on, s);
}

static void submit(void *arg)
{
    CHECK_EQ(rill_call_soon_threadsafe(&lp, arg), 1);
}

static void start_submission(void)
{
    start();
    submission = (struct submission){ .tasks = &pool };
    rill_handle_init(&submission.post, spawn_submitted, &submission);
    rill_future_init(&submission.future, &lp);
    isr_at(10, submit, &submission.post);
}

static int complete_submission(rill_value_t *value)
{
    int error = complete(&submission.future, value);
    CHECK_EQ(rill_pool_used(&pool.tcbs), 0);
    return error;
}

TEST(test_run_coroutine_threadsafe)
{
    rill_value_t value = 0;
    start_submission();
    CHECK_EQ(complete_submission(&value), 0);
    CHECK_EQ(value, 3);
    CHECK_EQ(now_ms(), 60);
}

TEST(test_run_coroutine_threadsafe_with_exception)
{
    start_submission();
    submission.fail = true;
    CHECK_EQ(complete_submission(NULL), E(1));
}

// Whoever waits gives up at once, and cancels what was submitted.
static int cancel_submitted(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_sleep_ms(20), 0);
    CHECK_EQ(rill_wait_for(rill_task_future(submission.task), 0, NULL), RILL_ETIMEDOUT);
    return 0;
}

TEST(test_run_coroutine_threadsafe_with_timeout)
{
    start_submission();
    CHECK_EQ(complete_fn(cancel_submitted, NULL, NULL), 0);
    run_briefly();
    CHECK(rill_future_cancelled(&submission.future));
    CHECK(rill_task_next(&lp, RILL_NO_TASK).tcb == NULL);
}

TEST(test_run_coroutine_threadsafe_task_cancelled)
{
    start_submission();
    submission.cancel = true;
    CHECK_EQ(complete_submission(NULL), RILL_ECANCELED);
}

RILL_TASK_POOL_DEFINE(no_tasks, 1, CONF_STACK);

// No task can be made: the submitter learns it, and the loop.
TEST(test_run_coroutine_threadsafe_task_factory_exception)
{
    start_submission();
    void *block = rill_pool_alloc(&no_tasks.tcbs);
    submission.tasks = &no_tasks;
    CHECK_EQ(complete_submission(NULL), RILL_ENOMEM);
    CHECK_EQ(reports, 1);
    CHECK_EQ(reported_error, RILL_ENOMEM);
    CHECK_EQ(rill_pool_free(&no_tasks.tcbs, block), 0);
}

TEST_MAIN("cpython_tasks_4", TEST_CASE(test_context_1), TEST_CASE(test_context_2), TEST_CASE(test_context_3),
          TEST_CASE(test_context_4), TEST_CASE(test_task_exc_handler_correct_context),
          TEST_CASE(test_handle_exc_handler_correct_context), TEST_CASE(test_get_context),
          TEST_CASE(test_asyncio_task_decimal_context),
          TEST_CASE(test_run_coroutine_threadsafe), TEST_CASE(test_run_coroutine_threadsafe_with_exception),
          TEST_CASE(test_run_coroutine_threadsafe_with_timeout),
          TEST_CASE(test_run_coroutine_threadsafe_task_cancelled),
          TEST_CASE(test_run_coroutine_threadsafe_task_factory_exception))
