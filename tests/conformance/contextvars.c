// rill-test: min-ram=16
// Conformance, area contextvars: CV1-CV6; and what the pool of bindings holds.
#define CONF_TASKS 4
#include "conformance.h"

#include <rill/contextvars.h>
#include <rill/gather.h>

static rill_var_t var = RILL_VAR_INIT_DEFAULT(0);
static rill_var_t other = RILL_VAR_INIT_DEFAULT(0);
static rill_var_t unset = RILL_VAR_INIT;
RILL_VARS_POOL_DEFINE(bindings, 8);
static rill_bound_t bounds[4];

static int get(const rill_var_t *which)
{
    rill_value_t value = -1;
    CHECK_EQ(rill_var_get(which, &value), 0);
    return (int)value;
}

static void set(int value)
{
    CHECK_EQ(rill_var_set(&var, value, NULL), 0);
}

static int in(const rill_vars_t *vars)
{
    rill_value_t value = -1;
    CHECK_EQ(rill_vars_get(vars, &var, &value), 0);
    return (int)value;
}

static void run_vars(rill_fn_t main_fn)
{
    rill_vars_use(&bindings);
    run(main_fn);
    CHECK_EQ(rill_pool_used(&bindings), 0);
}

static void *bound(unsigned i, rill_vars_t *vars, rill_callback_t fn)
{
    CHECK_EQ(rill_vars_bind(&bounds[i], vars, fn, NULL), 0);
    return &bounds[i];
}

static int cb(void *arg)
{
    (void)arg;
    ev("cb %d", get(&var));
    return 0;
}

static int set_9(void *arg)
{
    (void)arg;
    set(9);
    ev("in c %d", get(&var));
    return 0;
}

static int call_soon_main(void *arg)
{
    (void)arg;
    rill_vars_t c;
    set(1);
    rill_vars_copy(&c);
    soon(rill_vars_call, bound(0, NULL, cb));
    set(2);
    soon(rill_vars_call, bound(1, NULL, cb));
    soon(rill_vars_call, bound(2, &c, set_9));
    rill_yield();
    ev("main %d c %d", get(&var), in(&c));
    rill_vars_drop(&c);
    return 0;
}

TEST(call_soon_context)
{
    run_vars(call_soon_main);
    trace_is("0 cb 1\n"
             "0 cb 2\n"
             "0 in c 9\n"
             "0 main 2 c 9\n"
             "0 run -> None\n");
}

static int set_5(void *arg)
{
    (void)arg;
    set(5);
    return 0;
}

static int timer_cb(void *arg)
{
    (void)arg;
    ev("timer %d", get(&var));
    return 0;
}

static int leak_main(void *arg)
{
    (void)arg;
    soon(rill_vars_call, bound(0, NULL, set_5));
    later(1, rill_vars_call, bound(1, NULL, timer_cb));
    rill_sleep_ms(2);
    ev("%d", get(&var));
    return 0;
}

TEST(callback_set_does_not_leak)
{
    run_vars(leak_main);
    trace_is("1 timer 0\n"
             "2 0\n"
             "2 run -> None\n");
}

static int sets_5(void *arg)
{
    (void)arg;
    set(5);
    return 1;
}

static int cb_ctx(void *arg)
{
    (void)arg;
    ev("cb ctx %d", get(&var));
    return 0;
}

static int done_callback_main(void *arg)
{
    (void)arg;
    rill_vars_t c;
    set(1);
    rill_task_t task = spawn(sets_5, NULL);
    rill_future_t *future = rill_task_future(task);
    rill_handle_t handles[2] = { RILL_HANDLE_INIT(NULL, NULL), RILL_HANDLE_INIT(NULL, NULL) };
    rill_future_add_done_callback(future, &handles[0], rill_vars_call, bound(0, NULL, cb));
    set(2);
    rill_vars_copy(&c);
    set(3);
    rill_future_add_done_callback(future, &handles[1], rill_vars_call, bound(1, &c, cb_ctx));
    CHECK_EQ(rill_await(future, NULL), 0);
    rill_yield();
    rill_vars_drop(&c);
    return rill_join(task, NULL);
}

TEST(done_callback_context)
{
    run_vars(done_callback_main);
    trace_is("0 cb 1\n"
             "0 cb ctx 2\n"
             "0 run -> None\n");
}

static int adds(void *arg)
{
    set(get(&var) + INT(arg));
    rill_yield();
    return get(&var);
}

static int explicit_main(void *arg)
{
    (void)arg;
    rill_vars_t c;
    rill_task_t x, y;
    rill_vars_copy(&c);
    const rill_spawn_options_t options = { .vars = &c };
    rill_awaitable_t children[2] = { { 0 } };
    CHECK_EQ(rill_spawn_with(&pool, adds, PTR(1), &options, &x), 0);
    CHECK_EQ(rill_spawn_with(&pool, adds, PTR(10), &options, &y), 0);
    children[0].future = rill_task_future(x);
    children[1].future = rill_task_future(y);
    CHECK_EQ(rill_gather(children, 2, 0), 0);
    ev("[%d,%d]", (int)children[0].value, (int)children[1].value);
    ev("main %d c %d", get(&var), in(&c));
    rill_vars_drop(&c);
    return 0;
}

TEST(explicit_task_context)
{
    run_vars(explicit_main);
    trace_is("0 [11,11]\n"
             "0 main 0 c 11\n"
             "0 run -> None\n");
}

static int joined(rill_fn_t fn, void *arg)
{
    rill_value_t value = 0;
    CHECK_EQ(rill_join(spawn(fn, arg), &value), 0);
    return (int)value;
}

static int reads(void *arg)
{
    (void)arg;
    return get(&var);
}

static int sets_2_and_spawns(void *arg)
{
    (void)arg;
    set(2);
    return joined(reads, NULL);
}

static int grandchild_main(void *arg)
{
    (void)arg;
    set(1);
    ev("%d", joined(sets_2_and_spawns, NULL));
    ev("%d", get(&var));
    return 0;
}

TEST(grandchild_inherits)
{
    run_vars(grandchild_main);
    trace_is("0 2\n"
             "0 1\n"
             "0 run -> None\n");
}

static int sets_8(void *arg)
{
    (void)arg;
    set(8);
    return 0;
}

static int inline_main(void *arg)
{
    (void)arg;
    set(7);
    ev("%d", get(&var));
    joined(sets_8, NULL);
    ev("%d", get(&var));
    return 0;
}

TEST(inline_await_shares_context)
{
    run_vars(inline_main);
    trace_is("0 7\n"
             "0 7\n"
             "0 run -> None\n");
}

static int isolated(void *arg)
{
    set(INT(arg));
    rill_yield();
    ev("task %d: %d", INT(arg), get(&var));
    return 0;
}

static int isolation_main(void *arg)
{
    (void)arg;
    rill_task_t first = spawn(isolated, PTR(1));
    rill_task_t second = spawn(isolated, PTR(2));
    rill_join(first, NULL);
    rill_join(second, NULL);
    ev("main: %d", get(&var));
    return 0;
}

TEST(isolation)
{
    run_vars(isolation_main);
    trace_is("0 task 1: 1\n"
             "0 task 2: 2\n"
             "0 main: 0\n"
             "0 run -> None\n");
}

static int resets(void *arg)
{
    ev("%s", err(rill_var_reset(&var, arg)));
    return 0;
}

static int other_context_main(void *arg)
{
    (void)arg;
    rill_var_token_t token;
    CHECK_EQ(rill_var_set(&var, 1, &token), 0);
    joined(resets, &token);
    ev("%d", get(&var));
    return 0;
}

TEST(token_other_context)
{
    run_vars(other_context_main);
    trace_is("0 EINVAL\n"
             "0 1\n"
             "0 run -> None\n");
}

static int token_main(void *arg)
{
    (void)arg;
    rill_var_token_t t1, t2, t;
    rill_var_set(&var, 1, &t1);
    rill_var_set(&var, 2, &t2);
    ev("%d", get(&var));
    CHECK_EQ(rill_var_reset(&var, &t2), 0);
    ev("%d", get(&var));
    CHECK_EQ(rill_var_reset(&var, &t1), 0);
    ev("%d", get(&var));
    ev("%s", err(rill_var_reset(&var, &t1)));
    rill_var_set(&var, 3, &t);
    ev("%s", err(rill_var_reset(&other, &t)));
    ev("%d", get(&var));
    return 0;
}

TEST(token_reset)
{
    run_vars(token_main);
    trace_is("0 2\n"
             "0 1\n"
             "0 0\n"
             "0 EPERM\n"
             "0 EINVAL\n"
             "0 3\n"
             "0 run -> None\n");
}

static int no_default_main(void *arg)
{
    (void)arg;
    rill_value_t value = 0;
    ev("%s", err(rill_var_get(&unset, &value)));
    rill_var_token_t token;
    rill_var_set(&unset, 4, &token);
    ev("%d", get(&unset));
    CHECK_EQ(rill_var_reset(&unset, &token), 0);
    ev("%s", err(rill_var_get(&unset, &value)));
    return 0;
}

TEST(no_default)
{
    run_vars(no_default_main);
    trace_is("0 ENOENT\n"
             "0 4\n"
             "0 ENOENT\n"
             "0 run -> None\n");
}

// ---- no program of the reference: the pool

static rill_var_t many[9];

// Nothing changes when no binding is left, and a child that only reads takes none.
static int exhausted_main(void *arg)
{
    (void)arg;
    for (unsigned i = 0; i < 8; i++) {
        CHECK_EQ(rill_var_set(&many[i], (int)i, NULL), 0);
    }
    CHECK_EQ(rill_var_set(&many[8], 8, NULL), RILL_ENOMEM);
    for (unsigned i = 0; i < 8; i++) {
        CHECK_EQ(rill_var_set(&many[i], (int)i + 10, NULL), 0);
    }
    CHECK_EQ(joined(reads, NULL), 0);
    CHECK_EQ(rill_pool_used(&bindings), 8);
    return 0;
}

// Copy on write: the child's set copies the bindings in front of the one it replaces, and fails whole.
static int cow_child(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_var_set(&many[3], 33, NULL), 0); // 5 deep: many[3] and the one in front of it
    CHECK_EQ(rill_pool_used(&bindings), 7);
    CHECK_EQ(get(&many[4]), 4);
    CHECK_EQ(rill_var_set(&many[0], 0, NULL), RILL_ENOMEM); // three more are shared, one is left
    CHECK_EQ(rill_pool_used(&bindings), 7);
    CHECK_EQ(get(&many[0]), 0);
    CHECK_EQ(get(&many[3]), 33);
    return 0;
}

static int cow_main(void *arg)
{
    (void)arg;
    for (unsigned i = 0; i < 5; i++) {
        CHECK_EQ(rill_var_set(&many[i], (int)i, NULL), 0);
    }
    joined(cow_child, NULL);
    CHECK_EQ(get(&many[3]), 3);
    CHECK_EQ(rill_pool_used(&bindings), 5);
    return 0;
}

TEST(pool_exhausted)
{
    run_vars(exhausted_main);
    run_vars(cow_main);
    trace_is("0 run -> None\n"
             "0 run -> None\n");
}

static int plain_cb(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    CHECK_EQ(rill_var_get(&var, &value), 0);
    CHECK_EQ(value, 0);
    CHECK_EQ(rill_var_set(&var, 1, NULL), RILL_EPERM);
    return 0;
}

static int run_in(void *arg)
{
    CHECK_EQ(get(&var), 5);
    CHECK_EQ(rill_vars_run(arg, plain_cb, NULL), RILL_EPERM); // entered already
    rill_yield();
    set(6);
    return 42;
}

static int errors_main(void *arg)
{
    (void)arg;
    rill_vars_t c;
    rill_bound_t dropped;
    rill_value_t value;
    set(5);
    soon(plain_cb, NULL);
    rill_yield();
    rill_vars_copy(&c);
    set(4);
    CHECK_EQ(rill_vars_run(&c, run_in, &c), 42);
    CHECK_EQ(get(&var), 4);
    CHECK_EQ(in(&c), 6);
    rill_vars_drop(&c);
    CHECK_EQ(rill_vars_get(&c, &var, &value), RILL_ENOENT);
    CHECK_EQ(rill_vars_bind(&dropped, NULL, cb, NULL), 0);
    rill_vars_unbind(&dropped);
    return 0;
}

TEST(errors)
{
    rill_value_t value;
    rill_var_token_t token = { 0 };
    CHECK_EQ(rill_vars_use(NULL), RILL_EINVAL);
    CHECK_EQ(rill_var_get(NULL, &value), RILL_EINVAL);
    CHECK_EQ(rill_var_get(&var, NULL), RILL_EINVAL);
    CHECK_EQ(rill_var_set(NULL, 0, NULL), RILL_EINVAL);
    CHECK_EQ(rill_var_set(&var, 0, NULL), RILL_EPERM);
    CHECK_EQ(rill_var_reset(NULL, &token), RILL_EINVAL);
    CHECK_EQ(rill_var_reset(&var, NULL), RILL_EINVAL);
    CHECK_EQ(rill_vars_run(NULL, cb, NULL), RILL_EINVAL);
    CHECK_EQ(rill_vars_bind(NULL, NULL, cb, NULL), RILL_EINVAL);
    run_vars(errors_main);
    trace_is("0 run -> None\n");
}

TEST_MAIN("conformance/contextvars", TEST_CASE(call_soon_context), TEST_CASE(callback_set_does_not_leak),
          TEST_CASE(done_callback_context), TEST_CASE(explicit_task_context), TEST_CASE(grandchild_inherits),
          TEST_CASE(inline_await_shares_context), TEST_CASE(isolation), TEST_CASE(token_other_context), TEST_CASE(token_reset),
          TEST_CASE(no_default), TEST_CASE(pool_exhausted), TEST_CASE(errors))
