// rill-test: min-ram=32 | boards=host,mps2-an385,virt-rv32
// CPython's test_taskgroups.py, the second half: tasks made late, names, contexts, misuse.
#define CONF_TASKS 16
#include "cpython.h"

#include <rill/contextvars.h>
#include <rill/group.h>

static rill_group_error_t failed[2];
static rill_error_list_t errors = RILL_ERROR_LIST_INIT(failed);

static void enter(rill_group_t *group)
{
    CHECK_EQ(rill_group_begin(group), 0);
}

static int child(rill_group_t *group, rill_fn_t fn, void *arg)
{
    return rill_group_spawn(group, &pool, fn, arg, NULL);
}

static int sleep_arg(void *arg)
{
    return rill_sleep_ms((uint32_t)INT(arg));
}

static int yield(void *arg)
{
    (void)arg;
    return rill_yield();
}

static unsigned tasks_left(void)
{
    unsigned n = 0;
    rill_loop_t *loop = rill_loop_running();
    for (rill_task_t t = rill_task_next(loop, RILL_NO_TASK); t.tcb != NULL; t = rill_task_next(loop, t)) {
        n++;
    }
    return n - 1; // but the main task
}

static int group_23(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    for (int count = 0; count < 10; count++) {
        CHECK_EQ(rill_sleep_ms(100), 0);
        CHECK_EQ(child(&g, sleep_arg, PTR(300)), 0);
        CHECK(count != 5 || tasks_left() < 5);
    }
    CHECK_EQ(rill_sleep_ms(1350), 0);
    CHECK_EQ(tasks_left(), 0);
    return rill_group_end(&g, 0);
}

TEST(test_taskgroup_23)
{
    main_is(group_23, 0);
}

static int root(void *arg)
{
    int error = rill_sleep_ms(100);
    CHECK_EQ(child(arg, sleep_arg, PTR(100)), 0);
    CHECK_EQ(child(arg, sleep_arg, PTR(200)), 0);
    return error;
}

static int group_24(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    CHECK_EQ(child(&g, root, &g), 0);
    int code = rill_group_end(&g, 0);
    CHECK_EQ(now_ms(), 300);
    return code;
}

TEST(test_taskgroup_24)
{
    main_is(group_24, 0);
}

// Half of CPython's ten: a generation of 16 would need the memory of 50 tasks.
enum { HYDRAS = 5 };
static int nhydras;

static int hydra(void *arg)
{
    nhydras++;
    int error = rill_sleep_ms(10);
    if (error != 0) {
        return error;
    }
    CHECK_EQ(child(arg, hydra, arg), 0);
    CHECK_EQ(child(arg, hydra, arg), 0);
    return 0;
}

static int hercules(void *arg)
{
    (void)arg;
    while (nhydras < HYDRAS) {
        int error = rill_sleep_ms(15);
        if (error != 0) {
            return error;
        }
    }
    return E(1);
}

static int group_25(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    nhydras = 0;
    enter(&g);
    CHECK_EQ(child(&g, hydra, &g), 0);
    CHECK_EQ(child(&g, hercules, NULL), 0);
    return rill_group_end(&g, 0);
}

TEST(test_taskgroup_25)
{
    main_is(group_25, RILL_EGROUP);
    CHECK_EQ(errors.count, 1);
    CHECK_EQ(failed[0].error, E(1));
    CHECK(nhydras >= HYDRAS);
}

static int named(void *arg)
{
    const rill_spawn_options_t options = { .name = "yolo" };
    rill_group_t g = RILL_GROUP_INIT(&errors);
    rill_task_t t;
    (void)arg;
    enter(&g);
    CHECK_EQ(rill_group_spawn_with(&g, &pool, yield, NULL, &options, &t), 0);
    CHECK(strcmp(rill_task_name(t, NULL), "yolo") == 0);
    return rill_group_end(&g, 0);
}

TEST(test_taskgroup_task_name)
{
    main_is(named, 0);
}

static rill_var_t cvar = RILL_VAR_INIT;
RILL_VARS_POOL_DEFINE(bindings, 4);

static int set_cvar(void *arg)
{
    CHECK_EQ(rill_yield(), 0);
    return rill_var_set(&cvar, INT(arg), NULL);
}

static void run_in(rill_group_t *group, rill_vars_t *ctx, int number)
{
    const rill_spawn_options_t options = { .vars = ctx };
    rill_task_t task;
    rill_value_t value = 0;
    CHECK_EQ(rill_group_spawn_with(group, &pool, set_cvar, PTR(number), &options, &task), 0);
    CHECK_EQ(rill_join(task, NULL), 0);
    CHECK_EQ(rill_vars_get(ctx, &cvar, &value), 0);
    CHECK_EQ(value, number);
}

static int in_context(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    rill_vars_t ctx = { NULL };
    rill_value_t value = 0;
    (void)arg;
    enter(&g);
    rill_vars_copy(&ctx);
    CHECK_EQ(rill_vars_get(&ctx, &cvar, &value), RILL_ENOENT);
    run_in(&g, &ctx, 1);
    run_in(&g, &ctx, 2);
    int code = rill_group_end(&g, 0);
    rill_vars_drop(&ctx);
    return code;
}

TEST(test_taskgroup_task_context)
{
    CHECK_EQ(rill_vars_use(&bindings), 0);
    main_is(in_context, 0);
}

static int crash(void *arg)
{
    (void)arg;
    int error = rill_sleep_ms(1);
    return error != 0 ? error : E(1);
}

// Swallows, as the test does.
static int spawn_when_cancelled(void *arg)
{
    if (rill_sleep_ms(1000) == RILL_ECANCELED) {
        CHECK_EQ(child(arg, crash, NULL), RILL_EPERM);
    }
    return 0;
}

static int after_failure(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    CHECK_EQ(child(&g, crash, NULL), 0);
    CHECK_EQ(child(&g, spawn_when_cancelled, &g), 0);
    return rill_group_end(&g, 0);
}

TEST(test_taskgroup_no_create_task_after_failure)
{
    main_is(after_failure, RILL_EGROUP);
    CHECK_EQ(errors.count, 1);
    CHECK_EQ(failed[0].error, E(1));
}

// ---- misuse

static int already_entered(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    CHECK_EQ(rill_group_begin(&g), RILL_EPERM);
    return rill_group_end(&g, 0);
}

TEST(test_taskgroup_already_entered)
{
    main_is(already_entered, 0);
}

static int double_enter(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    CHECK_EQ(rill_group_end(&g, 0), 0);
    CHECK_EQ(rill_group_begin(&g), RILL_EPERM);
    return 0;
}

TEST(test_taskgroup_double_enter)
{
    main_is(double_enter, 0);
}

static int finished(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    CHECK_EQ(rill_group_end(&g, 0), 0);
    CHECK_EQ(child(&g, yield, NULL), RILL_EPERM);
    CHECK_EQ(tasks_left(), 0);
    return 0;
}

TEST(test_taskgroup_finished)
{
    main_is(finished, 0);
}

static int not_entered(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    CHECK_EQ(child(&g, yield, NULL), RILL_EPERM);
    return 0;
}

TEST(test_taskgroup_not_entered)
{
    main_is(not_entered, 0);
}

static int in_callback(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    CHECK_EQ(rill_group_begin(&g), RILL_EPERM);
    CHECK_EQ(child(&g, yield, NULL), RILL_EPERM);
    return 0;
}

TEST(test_taskgroup_without_parent_task)
{
    start();
    in_callback(NULL);
    soon(in_callback, NULL);
    run_briefly();
}

TEST_MAIN("cpython_taskgroups_2", TEST_CASE(test_taskgroup_23), TEST_CASE(test_taskgroup_24),
          TEST_CASE(test_taskgroup_25), TEST_CASE(test_taskgroup_task_name), TEST_CASE(test_taskgroup_task_context),
          TEST_CASE(test_taskgroup_no_create_task_after_failure), TEST_CASE(test_taskgroup_already_entered),
          TEST_CASE(test_taskgroup_double_enter), TEST_CASE(test_taskgroup_finished),
          TEST_CASE(test_taskgroup_not_entered), TEST_CASE(test_taskgroup_without_parent_task))
