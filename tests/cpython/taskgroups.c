// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
// CPython's test_taskgroups.py, the first half: results, errors, cancellation. Children whose result nobody reads are
// spawned without a handle, so that the group reaps them.
#define CONF_TASKS 9
#include "cpython.h"

#include <rill/group.h>

enum { ZERO_DIVISION = 1, VALUE = 2, MY_EXC = 3, RUNTIME = 4 }; // user errors

static rill_group_error_t failed[8];
static rill_error_list_t errors = RILL_ERROR_LIST_INIT(failed);
static rill_group_error_t inner_failed[8];
static rill_error_list_t inner_errors = RILL_ERROR_LIST_INIT(inner_failed);
static rill_task_t t1;
static rill_task_t t2;
static int num;
static bool t2_cancel;
static bool runner_cancel;

// Has the list `count` errors, all of them E(number)?
static bool all_are(const rill_error_list_t *list, unsigned count, int number)
{
    bool same = list->count == count && list->dropped == 0;
    for (unsigned i = 0; same && i < count; i++) {
        same = list->items[i].error == E(number);
    }
    return same;
}

// Has `errors` one entry, the group behind `inner_errors`?
static bool is_inner_group(void)
{
    return errors.count == 1 && failed[0].error == RILL_EGROUP && failed[0].detail == (rill_value_t)&inner_errors;
}

static void enter(rill_group_t *group)
{
    CHECK_EQ(rill_group_begin(group), 0);
}

static void child(rill_group_t *group, rill_fn_t fn, int arg)
{
    CHECK_EQ(rill_group_spawn(group, &pool, fn, PTR(arg), NULL), 0);
}

static void children(rill_group_t *group, unsigned n, rill_fn_t fn, int arg)
{
    for (unsigned i = 0; i < n; i++) {
        child(group, fn, arg);
    }
}

static rill_task_t kept_child(rill_group_t *group, rill_fn_t fn, int arg)
{
    rill_task_t task = RILL_NO_TASK;
    CHECK_EQ(rill_group_spawn(group, &pool, fn, PTR(arg), &task), 0);
    return task;
}

// ---- the coroutines of the tests

static int sleep_then_return(void *arg)
{
    int error = rill_sleep_ms((uint32_t)INT(arg));
    return error != 0 ? error : INT(arg);
}

static int crash_after(void *arg)
{
    int error = rill_sleep_ms((uint32_t)INT(arg));
    return error != 0 ? error : E(VALUE);
}

static int crash_soon(void *arg)
{
    int error = rill_sleep_ms((uint32_t)INT(arg));
    return error != 0 ? error : E(ZERO_DIVISION);
}

static int crash_in_cleanup(void *arg)
{
    (void)rill_sleep_ms((uint32_t)INT(arg));
    return E(ZERO_DIVISION);
}

static int count_cancel(void *arg)
{
    int error = rill_sleep_ms((uint32_t)INT(arg));
    num += error == RILL_ECANCELED;
    return error;
}

static int note_cancel(void *arg)
{
    int error = rill_sleep_ms((uint32_t)INT(arg));
    t2_cancel = error == RILL_ECANCELED;
    num += error == 0;
    return error;
}

// Runs `runner`, cancels it at 100 ms, and checks how it ends.
static void cancel_at_100(rill_fn_t runner, int expected)
{
    rill_task_t r = spawn(runner, NULL);
    num = 0;
    rill_sleep_ms(100);
    CHECK(!done(r));
    CHECK_EQ(rill_task_cancel(r), 1);
    CHECK_EQ(await_task(r), expected);
}

// ---- results

static int group_01(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    t1 = kept_child(&g, sleep_then_return, 100);
    t2 = kept_child(&g, sleep_then_return, 200);
    CHECK_EQ(rill_group_end(&g, 0), 0);
    CHECK_EQ(value_of_task(t1), 100);
    CHECK_EQ(value_of_task(t2), 200);
    return 0;
}

TEST(test_taskgroup_01)
{
    main_is(group_01, 0);
}

static int group_02(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    t1 = kept_child(&g, sleep_then_return, 100);
    int error = rill_sleep_ms(150);
    t2 = kept_child(&g, sleep_then_return, 200);
    CHECK_EQ(rill_group_end(&g, error), 0);
    CHECK_EQ(value_of_task(t1), 100);
    CHECK_EQ(value_of_task(t2), 200);
    CHECK_EQ(now_ms(), 350);
    return 0;
}

TEST(test_taskgroup_02)
{
    main_is(group_02, 0);
}

static int group_03(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    t1 = kept_child(&g, sleep_then_return, 1000);
    int error = rill_sleep_ms(150);
    CHECK_EQ(rill_task_cancel(t1), 1); // all goes on as before
    t2 = kept_child(&g, sleep_then_return, 200);
    CHECK_EQ(rill_group_end(&g, error), 0);
    CHECK(cancelled(t1));
    CHECK_EQ(value_of_task(t2), 200);
    return 0;
}

TEST(test_taskgroup_03)
{
    main_is(group_03, 0);
}

// ---- errors of children

static int runner_04(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    child(&g, crash_soon, 100);
    t2 = kept_child(&g, note_cancel, 1000);
    int code = rill_group_end(&g, 0);
    num += code == 0 ? 10 : 0;
    return code;
}

static int main_04(void *arg)
{
    (void)arg;
    num = 0;
    t2_cancel = false;
    CHECK_EQ(await_task(spawn(runner_04, NULL)), RILL_EGROUP);
    CHECK(all_are(&errors, 1, ZERO_DIVISION));
    CHECK_EQ(num, 0);
    CHECK(t2_cancel);
    CHECK(cancelled(t2));
    return 0;
}

TEST(test_taskgroup_04)
{
    main_is(main_04, 0);
}

static int runner_error(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    children(&g, 3, crash_soon, 100);
    child(&g, note_cancel, 5000);
    int error = rill_sleep_ms(10000);
    runner_cancel = error == RILL_ECANCELED;
    int code = rill_group_end(&g, error);
    num += code == 0 ? 10 : 0;
    return code;
}

static int main_error(void *arg)
{
    (void)arg;
    num = 0;
    t2_cancel = false;
    runner_cancel = false;
    CHECK_EQ(await_task(spawn(runner_error, NULL)), RILL_EGROUP);
    CHECK(all_are(&errors, 3, ZERO_DIVISION)); // all three fall due in the same iteration
    CHECK_EQ(num, 0);
    CHECK(t2_cancel);
    CHECK(runner_cancel);
    return 0;
}

TEST(test_cancel_children_on_child_error)
{
    main_is(main_error, 0);
}

// ---- cancellation

static int runner_cancellation(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    children(&g, 5, count_cancel, 5000);
    return rill_group_end(&g, 0);
}

static int main_cancellation(void *arg)
{
    (void)arg;
    cancel_at_100(runner_cancellation, RILL_ECANCELED);
    CHECK_EQ(num, 5);
    return 0;
}

TEST(test_cancellation)
{
    main_is(main_cancellation, 0);
}

static int sleep_10_s(void)
{
    int error = rill_sleep_ms(10000);
    num += error == RILL_ECANCELED ? 10 : 0;
    return error;
}

static int runner_07(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    children(&g, 5, count_cancel, 5000);
    return rill_group_end(&g, sleep_10_s());
}

static int main_07(void *arg)
{
    (void)arg;
    cancel_at_100(runner_07, RILL_ECANCELED);
    CHECK_EQ(num, 15);
    return 0;
}

TEST(test_taskgroup_07)
{
    main_is(main_07, 0);
}

static int runner_08(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    children(&g, 5, crash_in_cleanup, 10000);
    return rill_group_end(&g, rill_sleep_ms(10000));
}

static int main_08(void *arg)
{
    (void)arg;
    cancel_at_100(runner_08, RILL_EGROUP);
    CHECK(all_are(&errors, 5, ZERO_DIVISION));
    return 0;
}

TEST(test_taskgroup_08)
{
    main_is(main_08, 0);
}

// ---- errors of the body

static int runner_09(uint32_t delay)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    enter(&g);
    t1 = kept_child(&g, sleep_then_return, 1000);
    t2 = kept_child(&g, sleep_then_return, 2000);
    if (delay > 0) {
        CHECK_EQ(rill_sleep_ms(delay), 0);
    }
    CHECK_EQ(rill_group_end(&g, E(ZERO_DIVISION)), RILL_EGROUP);
    CHECK(all_are(&errors, 1, ZERO_DIVISION));
    CHECK(cancelled(t1));
    CHECK(cancelled(t2));
    return 0;
}

static int group_09(void *arg)
{
    (void)arg;
    return runner_09(100);
}

TEST(test_taskgroup_09)
{
    main_is(group_09, 0);
}

static int group_10(void *arg)
{
    (void)arg;
    return runner_09(0);
}

TEST(test_taskgroup_10)
{
    main_is(group_10, 0);
}

// ---- groups in groups

static int inner_group(void)
{
    rill_group_t g2 = RILL_GROUP_INIT(&inner_errors);
    enter(&g2);
    children(&g2, 5, crash_in_cleanup, 10000);
    return rill_group_end(&g2, rill_sleep_ms(10000));
}

static int runner_11(void *arg)
{
    rill_group_t g1 = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g1);
    return rill_group_end(&g1, inner_group());
}

static int main_11(void *arg)
{
    (void)arg;
    cancel_at_100(runner_11, RILL_EGROUP);
    CHECK(is_inner_group());
    CHECK(all_are(&inner_errors, 5, ZERO_DIVISION));
    return 0;
}

TEST(test_taskgroup_11)
{
    main_is(main_11, 0);
}

static int runner_12(void *arg)
{
    rill_group_t g1 = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g1);
    child(&g1, sleep_then_return, 10000);
    return rill_group_end(&g1, inner_group());
}

static int main_12(void *arg)
{
    (void)arg;
    cancel_at_100(runner_12, RILL_EGROUP);
    CHECK(is_inner_group());
    CHECK(all_are(&inner_errors, 5, ZERO_DIVISION));
    return 0;
}

TEST(test_taskgroup_12)
{
    main_is(main_12, 0);
}

// An outer child that crashes at `outer`, an inner one at `inner` ms.
static int two_crashes(int outer, int inner)
{
    rill_group_t g1 = RILL_GROUP_INIT(&errors);
    rill_group_t g2 = RILL_GROUP_INIT(&inner_errors);
    enter(&g1);
    child(&g1, crash_after, outer);
    enter(&g2);
    child(&g2, crash_after, inner);
    return rill_group_end(&g1, rill_group_end(&g2, 0));
}

static int runner_13(void *arg)
{
    (void)arg;
    return two_crashes(100, 10000);
}

TEST(test_taskgroup_13)
{
    main_is(runner_13, RILL_EGROUP);
    CHECK(all_are(&errors, 1, VALUE));
}

static int runner_14(void *arg)
{
    (void)arg;
    return two_crashes(10000, 100);
}

TEST(test_taskgroup_14)
{
    main_is(runner_14, RILL_EGROUP);
    CHECK(is_inner_group());
    CHECK(all_are(&inner_errors, 1, VALUE));
}

// A cleanup that takes long enough for a child to crash in it.
static int runner_15(void *arg)
{
    rill_group_t g1 = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g1);
    child(&g1, crash_soon, 300);
    int error = rill_sleep_ms(10000);
    if (error == RILL_ECANCELED) {
        (void)rill_sleep_ms(500);
    }
    return rill_group_end(&g1, error);
}

static int main_15(void *arg)
{
    (void)arg;
    cancel_at_100(runner_15, RILL_EGROUP);
    CHECK(all_are(&errors, 1, ZERO_DIVISION));
    return 0;
}

TEST(test_taskgroup_15)
{
    main_is(main_15, 0);
}

static int runner_16(void *arg)
{
    (void)arg;
    return await_task(spawn(runner_15, NULL));
}

static int main_16(void *arg)
{
    (void)arg;
    cancel_at_100(runner_16, RILL_EGROUP);
    CHECK(all_are(&errors, 1, ZERO_DIVISION));
    return 0;
}

TEST(test_taskgroup_16)
{
    main_is(main_16, 0);
}

static int runner_17(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    return rill_group_end(&g, sleep_10_s());
}

static int main_17(void *arg)
{
    (void)arg;
    cancel_at_100(runner_17, RILL_ECANCELED);
    CHECK_EQ(num, 10);
    return 0;
}

TEST(test_taskgroup_17)
{
    main_is(main_17, 0);
}

static int runner_18(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    return rill_group_end(&g, sleep_10_s() == RILL_ECANCELED ? E(MY_EXC) : 0);
}

static int main_18(void *arg)
{
    (void)arg;
    cancel_at_100(runner_18, RILL_EGROUP);
    CHECK(all_are(&errors, 1, MY_EXC));
    CHECK_EQ(num, 10);
    return 0;
}

TEST(test_taskgroup_18)
{
    main_is(main_18, 0);
}

static int runner_19(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    child(&g, crash_soon, 100);
    (void)rill_sleep_ms(10000);
    return rill_group_end(&g, E(MY_EXC));
}

TEST(test_taskgroup_19)
{
    main_is(runner_19, RILL_EGROUP);
    CHECK_EQ(errors.count, 2);
    CHECK_EQ(failed[0].error, E(ZERO_DIVISION));
    CHECK_EQ(failed[1].error, E(MY_EXC));
}

static int runner_22(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    child(&g, sleep_then_return, 1000);
    child(&g, sleep_then_return, 2000);
    return rill_group_end(&g, 0);
}

static int main_22(void *arg)
{
    (void)arg;
    cancel_at_100(runner_22, RILL_ECANCELED);
    return 0;
}

TEST(test_taskgroup_22)
{
    main_is(main_22, 0);
}

// ---- cleanup that fails, and what is left of the cancellation

static int fail_at_once(void *arg)
{
    return E(INT(arg));
}

static int cleanup_fails(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    child(&g, fail_at_once, MY_EXC);
    CHECK_EQ(rill_sleep_ms(1000), RILL_ECANCELED);
    CHECK_EQ(rill_group_end(&g, E(MY_EXC)), RILL_EGROUP);
    CHECK_EQ(rill_task_cancelling(rill_task_current()), 0);
    CHECK(all_are(&errors, 2, MY_EXC));
    return 0;
}

TEST(test_taskgroup_context_manager_exit_raises)
{
    main_is(cleanup_fails, 0);
}

static int level_preserved(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    child(&g, crash_soon, 0);
    CHECK_EQ(rill_group_end(&g, 0), RILL_EGROUP);
    CHECK_EQ(rill_task_cancelling(rill_task_current()), 0);
    return 0;
}

TEST(test_cancelling_level_preserved)
{
    main_is(level_preserved, 0);
}

static int both_cancelled(void *arg)
{
    rill_group_t outer = RILL_GROUP_INIT(&errors);
    rill_group_t inner = RILL_GROUP_INIT(&inner_errors);
    (void)arg;
    enter(&outer);
    enter(&inner);
    child(&inner, crash_soon, 0);
    child(&outer, crash_after, 0);
    CHECK_EQ(rill_group_end(&inner, 0), RILL_EGROUP);
    CHECK(all_are(&inner_errors, 1, ZERO_DIVISION));
    CHECK_EQ(rill_task_cancelling(rill_task_current()), 1); // by the outer group
    CHECK_EQ(rill_group_end(&outer, 0), RILL_EGROUP);
    CHECK(all_are(&errors, 1, VALUE));
    CHECK_EQ(rill_task_cancelling(rill_task_current()), 0);
    return 0;
}

TEST(test_nested_groups_both_cancelled)
{
    main_is(both_cancelled, 0);
}

static rill_future_t event;

static int set_event_and_crash(void *arg)
{
    (void)arg;
    rill_future_set_result(&event, 0);
    int error = rill_yield();
    return error != 0 ? error : E(RUNTIME);
}

static int error_and_cancel_inner(void *arg)
{
    rill_group_t g = RILL_GROUP_INIT(&errors);
    (void)arg;
    enter(&g);
    child(&g, set_event_and_crash, 0);
    int error = rill_sleep_ms(1000);
    CHECK_EQ(error, RILL_ECANCELED);
    CHECK_EQ(rill_group_end(&g, error), RILL_EGROUP);
    CHECK(all_are(&errors, 1, RUNTIME));
    CHECK_EQ(rill_task_cancelling(rill_task_current()), 1);
    error = rill_sleep_ms(1000);
    CHECK_EQ(error, RILL_ECANCELED);
    return error;
}

static int error_and_cancel(void *arg)
{
    (void)arg;
    renew(&event);
    rill_task_t t = spawn(error_and_cancel_inner, NULL);
    CHECK_EQ(await(&event), 0);
    CHECK_EQ(rill_task_cancelling(t), 0);
    CHECK_EQ(rill_task_cancel(t), 1);
    CHECK_EQ(rill_task_cancelling(t), 1);
    CHECK_EQ(await_task(t), RILL_ECANCELED);
    CHECK(cancelled(t));
    return 0;
}

TEST(test_error_and_cancel)
{
    main_is(error_and_cancel, 0);
}

TEST_MAIN("cpython_taskgroups", TEST_CASE(test_taskgroup_01), TEST_CASE(test_taskgroup_02),
          TEST_CASE(test_taskgroup_03), TEST_CASE(test_taskgroup_04), TEST_CASE(test_cancel_children_on_child_error),
          TEST_CASE(test_cancellation), TEST_CASE(test_taskgroup_07), TEST_CASE(test_taskgroup_08),
          TEST_CASE(test_taskgroup_09), TEST_CASE(test_taskgroup_10), TEST_CASE(test_taskgroup_11),
          TEST_CASE(test_taskgroup_12), TEST_CASE(test_taskgroup_13), TEST_CASE(test_taskgroup_14),
          TEST_CASE(test_taskgroup_15), TEST_CASE(test_taskgroup_16), TEST_CASE(test_taskgroup_17),
          TEST_CASE(test_taskgroup_18), TEST_CASE(test_taskgroup_19), TEST_CASE(test_taskgroup_22),
          TEST_CASE(test_taskgroup_context_manager_exit_raises), TEST_CASE(test_cancelling_level_preserved),
          TEST_CASE(test_nested_groups_both_cancelled), TEST_CASE(test_error_and_cancel))
