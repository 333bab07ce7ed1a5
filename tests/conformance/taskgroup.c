// rill-test: min-ram=16
// Conformance, area taskgroup: TG1-TG10, with CPython 3.13's traces where versions differ.
#define CONF_TASKS 7
#include "conformance.h"

#include <rill/group.h>

static rill_group_error_t items[2][6];
static rill_error_list_t list[2];
static rill_group_t *shared;
static rill_task_t child;

static rill_error_list_t *errors(unsigned i)
{
    list[i] = (rill_error_list_t)RILL_ERROR_LIST_INIT(items[i]);
    return &list[i];
}

static void add(rill_group_t *group, rill_fn_t fn, void *arg)
{
    CHECK_EQ(rill_group_spawn(group, &pool, fn, arg, NULL), 0);
}

// EGROUP[E1,EGROUP[E2]], as the reference prints it.
static char *list_text(char *out, const rill_error_list_t *group)
{
    out += strlen(strcpy(out, "EGROUP["));
    for (unsigned i = 0; i < group->count; i++) {
        out = i > 0 ? out + strlen(strcpy(out, ",")) : out;
        const rill_group_error_t *item = &group->items[i];
        if (item->error == RILL_EGROUP) {
            out = list_text(out, (const rill_error_list_t *)item->detail);
        } else {
            out += strlen(strcpy(out, err(item->error)));
        }
    }
    return out + strlen(strcpy(out, "]"));
}

static void ev_error(int code, const rill_error_list_t *group)
{
    char text[48];
    if (code == RILL_EGROUP) {
        list_text(text, group);
        ev("%s", text);
    } else if (code < 0) {
        ev("%s", err(code));
    }
}

static void ev_cancelling(void)
{
    ev("cancelling %d", rill_task_cancelling(rill_task_current()));
}

// ---- the children

static int sleeper(void *arg)
{
    int error = rill_sleep_ms(100);
    if (error == RILL_ECANCELED) {
        ev("a%d cancelled", INT(arg));
    }
    return error;
}

// Ends with its error when it is cancelled.
static int fails_when_cancelled(void *arg)
{
    int error = rill_sleep_ms(100);
    return error == RILL_ECANCELED ? E(INT(arg)) : error;
}

static int fails_at_5(void *arg)
{
    int error = rill_sleep_ms(5);
    return error < 0 ? error : E(INT(arg));
}

static int fails_at_50(void *arg)
{
    int error = rill_sleep_ms(50);
    return error < 0 ? error : E(INT(arg));
}

static int fails_at_once(void *arg)
{
    return E(INT(arg));
}

// ---- ends of groups

static int a_after(int n, uint32_t delay)
{
    int error = rill_sleep_ms(delay);
    if (error < 0) {
        return error;
    }
    ev("a%d", n);
    return n;
}

static int a1_at_10(void *arg)
{
    (void)arg;
    return a_after(1, 10);
}

static int a2_at_5(void *arg)
{
    (void)arg;
    return a_after(2, 5);
}

static int basic_main(void *arg)
{
    (void)arg;
    rill_task_t x, y;
    rill_value_t vx = 0, vy = 0;
    rill_group_t group = RILL_GROUP_INIT(NULL);
    CHECK_EQ(rill_group_begin(&group), 0);
    CHECK_EQ(rill_group_spawn(&group, &pool, a1_at_10, NULL, &x), 0);
    CHECK_EQ(rill_group_spawn(&group, &pool, a2_at_5, NULL, &y), 0);
    ev("body end");
    CHECK_EQ(rill_group_end(&group, 0), 0);
    CHECK_EQ(rill_join(x, &vx), 0);
    CHECK_EQ(rill_join(y, &vy), 0);
    ev("%d %d", (int)vx, (int)vy);
    return 0;
}

TEST(basic)
{
    run(basic_main);
    trace_is("0 body end\n"
             "5 a2\n"
             "10 a1\n"
             "10 1 2\n"
             "10 run -> None\n");
    CHECK_EQ(rill_pool_used(&pool.tcbs), 0);
}

static int body_error_main(void *arg)
{
    (void)arg;
    rill_group_t group = RILL_GROUP_INIT(errors(0));
    rill_group_begin(&group);
    add(&group, sleeper, PTR(1));
    add(&group, fails_when_cancelled, PTR(2));
    int code = rill_sleep_ms(1);
    code = rill_group_end(&group, code < 0 ? code : E(9));
    ev_error(code, &list[0]);
    return 0;
}

TEST(body_error)
{
    run(body_error_main);
    trace_is("1 a1 cancelled\n"
             "1 EGROUP[E2,E9]\n"
             "1 run -> None\n");
}

static int slow_cleanup(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(100);
    int cleanup = rill_sleep_ms(10);
    return cleanup < 0 ? cleanup : code;
}

static int error_then_cancel(void *arg)
{
    (void)arg;
    rill_group_t group = RILL_GROUP_INIT(errors(0));
    rill_group_begin(&group);
    add(&group, fails_at_5, PTR(1));
    add(&group, slow_cleanup, NULL);
    ev_error(rill_group_end(&group, 0), &list[0]);
    ev_cancelling();
    ev("%s", outcome(rill_sleep_ms(1), NONE));
    return 1;
}

static int cancel_counts_main(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(error_then_cancel, NULL);
    rill_sleep_ms(7);
    rill_task_cancel(task);
    ev("%s", rct(task));
    return 0;
}

TEST(cancel_counts_after_error_and_cancel)
{
    run(cancel_counts_main);
    trace_is("15 EGROUP[E1]\n"
             "15 cancelling 1\n"
             "15 ECANCELED\n"
             "15 1\n"
             "15 run -> None\n");
}

static int a_or_cancelled(void *arg)
{
    int error = rill_sleep_ms(INT(arg) == 9 ? 3 : 10);
    ev(error == RILL_ECANCELED ? "a%d cancelled" : "a%d", INT(arg));
    return error;
}

static int says_bad_at_5(void *arg)
{
    (void)arg;
    rill_sleep_ms(5);
    ev("bad");
    return E(1);
}

static int siblings_main(void *arg)
{
    (void)arg;
    rill_group_t group = RILL_GROUP_INIT(errors(0));
    rill_group_begin(&group);
    for (int i = 0; i < 3; i++) {
        add(&group, a_or_cancelled, PTR(i));
    }
    add(&group, says_bad_at_5, NULL);
    add(&group, a_or_cancelled, PTR(9));
    ev_error(rill_group_end(&group, 0), &list[0]);
    ev_cancelling();
    return 0;
}

TEST(child_error_cancels_siblings)
{
    run(siblings_main);
    trace_is("3 a9\n"
             "5 bad\n"
             "5 a0 cancelled\n"
             "5 a1 cancelled\n"
             "5 a2 cancelled\n"
             "5 EGROUP[E1]\n"
             "5 cancelling 0\n"
             "5 run -> None\n");
}

static int interrupts_body_main(void *arg)
{
    (void)arg;
    rill_group_t group = RILL_GROUP_INIT(errors(0));
    rill_group_begin(&group);
    add(&group, fails_at_5, PTR(1));
    const char *slept = outcome(rill_sleep_ms(100), NONE);
    ev("body %s cancelling %d", slept, rill_task_cancelling(rill_task_current()));
    ev("body goes on (swallowed)");
    ev_error(rill_group_end(&group, 0), &list[0]);
    ev_cancelling();
    ev("%s", outcome(rill_sleep_ms(1), NONE));
    return 0;
}

TEST(child_error_interrupts_body)
{
    run(interrupts_body_main);
    trace_is("5 body ECANCELED cancelling 1\n"
             "5 body goes on (swallowed)\n"
             "5 EGROUP[E1]\n"
             "5 cancelling 0\n"
             "6 None\n"
             "6 run -> None\n");
}

static int b_at_3(void *arg)
{
    rill_sleep_ms(3);
    ev("b%d", INT(arg));
    return 0;
}

static int spawns_siblings(void *arg)
{
    rill_sleep_ms(5);
    add(arg, b_at_3, PTR(1));
    add(arg, b_at_3, PTR(2));
    ev("a");
    return 0;
}

static int sibling_main(void *arg)
{
    (void)arg;
    rill_group_t group = RILL_GROUP_INIT(NULL);
    rill_group_begin(&group);
    add(&group, spawns_siblings, &group);
    CHECK_EQ(rill_group_end(&group, 0), 0);
    ev("after");
    return 0;
}

TEST(child_spawns_sibling_in_aexit)
{
    run(sibling_main);
    trace_is("5 a\n"
             "8 b1\n"
             "8 b2\n"
             "8 after\n"
             "8 run -> None\n");
}

static int swallows(void *arg)
{
    (void)arg;
    if (rill_sleep_ms(100) == RILL_ECANCELED) {
        ev("swallowed");
    }
    int error = rill_sleep_ms(5);
    return error < 0 ? error : 4;
}

static int fails_at_1(void *arg)
{
    rill_sleep_ms(1);
    return E(INT(arg));
}

static int swallows_main(void *arg)
{
    (void)arg;
    rill_task_t x;
    rill_group_t group = RILL_GROUP_INIT(errors(0));
    rill_group_begin(&group);
    CHECK_EQ(rill_group_spawn(&group, &pool, swallows, NULL, &x), 0);
    add(&group, fails_at_1, PTR(1));
    ev_error(rill_group_end(&group, 0), &list[0]);
    ev("%s", stt(x));
    return 0;
}

TEST(child_swallows_cancel)
{
    run(swallows_main);
    trace_is("1 swallowed\n"
             "6 EGROUP[E1]\n"
             "6 ok:4\n"
             "6 run -> None\n");
}

// ---- when a child may be created

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static int after_finish_main(void *arg)
{
    (void)arg;
    rill_group_t group = RILL_GROUP_INIT(NULL);
    ev("%s", err(rill_group_spawn(&group, &pool, nothing, NULL, NULL)));
    rill_group_begin(&group);
    add(&group, nothing, NULL);
    CHECK_EQ(rill_group_end(&group, 0), 0);
    ev("%s", err(rill_group_spawn(&group, &pool, nothing, NULL, NULL)));
    ev("%s", err(rill_group_begin(&group)));
    return 0;
}

TEST(create_after_finish)
{
    run(after_finish_main);
    trace_is("0 EPERM\n"
             "0 EPERM\n"
             "0 EPERM\n"
             "0 run -> None\n");
}

static int creates_when_cancelled(void *arg)
{
    (void)arg;
    int error = rill_sleep_ms(100);
    if (error == RILL_ECANCELED) {
        ev("%s", err(rill_group_spawn(shared, &pool, nothing, NULL, NULL)));
    }
    return error;
}

static int aborting_main(void *arg)
{
    (void)arg;
    rill_group_t group = RILL_GROUP_INIT(errors(0));
    shared = &group;
    rill_group_begin(&group);
    add(&group, creates_when_cancelled, NULL);
    add(&group, fails_at_once, PTR(1));
    ev_error(rill_group_end(&group, 0), &list[0]);
    return 0;
}

TEST(create_while_aborting)
{
    run(aborting_main);
    trace_is("0 EPERM\n"
             "0 EGROUP[E1]\n"
             "0 run -> None\n");
}

static int empty_main(void *arg)
{
    (void)arg;
    soon(say, "soon");
    rill_group_t group = RILL_GROUP_INIT(NULL);
    rill_group_begin(&group);
    ev("body");
    CHECK_EQ(rill_group_end(&group, 0), 0);
    ev("after");
    return rill_yield();
}

TEST(empty_does_not_yield)
{
    run(empty_main);
    trace_is("0 body\n"
             "0 after\n"
             "0 soon\n"
             "0 run -> None\n");
}

static int enter_in_callback(void *arg)
{
    (void)arg;
    rill_group_t group = RILL_GROUP_INIT(NULL);
    int code = rill_group_begin(&group);
    ev("%s", code < 0 ? err(code) : "entered");
    return rill_loop_stop(&lp);
}

TEST(without_task)
{
    new_loop();
    soon(enter_in_callback, NULL);
    rill_run_forever(&lp);
    trace_is("0 EPERM\n");
}

// ---- errors

static int after_body_main(void *arg)
{
    (void)arg;
    rill_group_t group = RILL_GROUP_INIT(errors(0));
    rill_group_begin(&group);
    add(&group, fails_at_5, PTR(1));
    ev_error(rill_group_end(&group, 0), &list[0]);
    ev_cancelling();
    ev("%s", outcome(rill_sleep_ms(2), NONE));
    return 0;
}

TEST(error_after_body_returned_group)
{
    run(after_body_main);
    trace_is("5 EGROUP[E1]\n"
             "5 cancelling 0\n"
             "7 None\n"
             "7 run -> None\n");
}

static int order_main(void *arg)
{
    (void)arg;
    unsigned at = 0;
    rill_group_t group = RILL_GROUP_INIT(errors(0));
    rill_group_begin(&group);
    add(&group, fails_when_cancelled, PTR(5));
    add(&group, fails_at_5, PTR(1));
    add(&group, fails_at_5, PTR(2));
    add(&group, fails_when_cancelled, PTR(6));
    add(&group, fails_at_50, PTR(3));
    ev_error(rill_group_end(&group, 0), &list[0]);
    CHECK(rill_error_list_find(&list[0], E(2), &at) == &items[0][1]);
    CHECK_EQ(at, 1);
    CHECK(rill_error_list_find(&list[0], E(2), &at) == NULL);
    CHECK(rill_error_list_find(&list[0], E(3), NULL) == NULL);
    return 0;
}

TEST(error_aggregation_order)
{
    run(order_main);
    trace_is("5 EGROUP[E1,E2,E5,E6]\n"
             "5 run -> None\n");
}

// ---- nesting

static int inner_group(rill_fn_t first, rill_fn_t second)
{
    rill_group_t inner = RILL_GROUP_INIT(errors(1));
    rill_group_begin(&inner);
    add(&inner, first, PTR(2));
    if (second != NULL) {
        add(&inner, second, PTR(1));
    }
    return rill_group_end(&inner, 0);
}

static int both_fail_main(void *arg)
{
    (void)arg;
    rill_group_t outer = RILL_GROUP_INIT(errors(0));
    rill_group_begin(&outer);
    add(&outer, fails_at_5, PTR(1));
    ev_error(rill_group_end(&outer, inner_group(fails_at_5, NULL)), &list[0]);
    ev_cancelling();
    CHECK(rill_error_list_find(&list[0], E(2), NULL) == &items[1][0]);
    return 0;
}

TEST(nested_both_fail)
{
    run(both_fail_main);
    trace_is("5 EGROUP[E1,EGROUP[E2]]\n"
             "5 cancelling 0\n"
             "5 run -> None\n");
}

static int inner_error_main(void *arg)
{
    (void)arg;
    rill_group_t outer = RILL_GROUP_INIT(errors(0));
    rill_group_begin(&outer);
    add(&outer, sleeper, PTR(1));
    ev_error(rill_group_end(&outer, inner_group(sleeper, fails_at_5)), &list[0]);
    ev_cancelling();
    return 0;
}

TEST(nested_inner_error)
{
    run(inner_error_main);
    trace_is("5 a2 cancelled\n"
             "5 a1 cancelled\n"
             "5 EGROUP[EGROUP[E1]]\n"
             "5 cancelling 0\n"
             "5 run -> None\n");
}

static int outer_error_main(void *arg)
{
    (void)arg;
    rill_group_t outer = RILL_GROUP_INIT(errors(0));
    rill_group_begin(&outer);
    add(&outer, fails_at_5, PTR(1));
    int code = inner_group(sleeper, NULL);
    if (code == 0) {
        ev("not reached");
    }
    ev_error(rill_group_end(&outer, code), &list[0]);
    ev_cancelling();
    return 0;
}

TEST(nested_outer_error)
{
    run(outer_error_main);
    trace_is("5 a2 cancelled\n"
             "5 EGROUP[E1]\n"
             "5 cancelling 0\n"
             "5 run -> None\n");
}

// ---- the parent is cancelled

static int waits_at_the_end(void *arg)
{
    (void)arg;
    rill_group_t group = RILL_GROUP_INIT(errors(0));
    rill_group_begin(&group);
    add(&group, sleeper, PTR(1));
    add(&group, sleeper, PTR(2));
    return rill_group_end(&group, 0);
}

static int waits_in_the_body(void *arg)
{
    (void)arg;
    rill_group_t group = RILL_GROUP_INIT(errors(0));
    rill_group_begin(&group);
    add(&group, sleeper, PTR(1));
    add(&group, sleeper, PTR(2));
    return rill_group_end(&group, rill_sleep_ms(50));
}

static int cancels_parent(rill_fn_t parent)
{
    rill_task_t task = spawn(parent, NULL);
    rill_sleep_ms(5);
    rill_task_cancel(task);
    ev("%s", rct(task));
    ev("%s %d", stt(task), rill_task_cancelling(task));
    return 0;
}

static int cancelled_in_aexit_main(void *arg)
{
    (void)arg;
    return cancels_parent(waits_at_the_end);
}

TEST(parent_cancelled_in_aexit)
{
    run(cancelled_in_aexit_main);
    trace_is("5 a1 cancelled\n"
             "5 a2 cancelled\n"
             "5 ECANCELED\n"
             "5 ECANCELED 1\n"
             "5 run -> None\n");
}

static int cancelled_in_body_main(void *arg)
{
    (void)arg;
    return cancels_parent(waits_in_the_body);
}

TEST(parent_cancelled_in_body)
{
    run(cancelled_in_body_main);
    trace_is("5 a1 cancelled\n"
             "5 a2 cancelled\n"
             "5 ECANCELED\n"
             "5 ECANCELED 1\n"
             "5 run -> None\n");
}

static int cleans_up(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(100);
    int cleanup = rill_sleep_ms(10);
    if (cleanup < 0) {
        return cleanup;
    }
    ev("cleaned");
    return code;
}

static int parent_of_cleaner(void *arg)
{
    (void)arg;
    rill_group_t group = RILL_GROUP_INIT(NULL);
    rill_group_begin(&group);
    add(&group, cleans_up, NULL);
    return rill_group_end(&group, 0);
}

static int twice_main(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(parent_of_cleaner, NULL);
    rill_sleep_ms(5);
    rill_task_cancel(task);
    rill_sleep_ms(2);
    rill_task_cancel(task);
    rill_sleep_ms(2);
    rill_task_cancel(task);
    ev("%s", rct(task));
    ev("%d", rill_task_cancelling(task));
    return 0;
}

TEST(parent_cancelled_twice)
{
    run(twice_main);
    trace_is("15 cleaned\n"
             "15 ECANCELED\n"
             "15 3\n"
             "15 run -> None\n");
}

// ---- the rest

static int hello(void *arg)
{
    (void)arg;
    return rill_return((rill_value_t) "Hello");
}

static int value_error(void *arg)
{
    (void)arg;
    return RILL_EINVAL;
}

static int type_error(void *arg)
{
    (void)arg;
    return RILL_ETYPE;
}

static int seed_main(void *arg)
{
    (void)arg;
    rill_task_t x;
    rill_value_t text = 0;
    rill_group_t group = RILL_GROUP_INIT(errors(0));
    rill_group_begin(&group);
    CHECK_EQ(rill_group_spawn(&group, &pool, hello, NULL, &x), 0);
    add(&group, value_error, NULL);
    add(&group, type_error, NULL);
    ev_error(rill_group_end(&group, 0), &list[0]);
    CHECK_EQ(rill_join(x, &text), 0);
    ev("ok:%s", (const char *)text);
    return 0;
}

TEST(seed_exception_group)
{
    run(seed_main);
    trace_is("0 EGROUP[EINVAL,ETYPE]\n"
             "0 ok:Hello\n"
             "0 run -> None\n");
}

static int completes_at_once(void *arg)
{
    (void)arg;
    ev("a");
    return 1;
}

static int before_exit_main(void *arg)
{
    (void)arg;
    rill_group_t group = RILL_GROUP_INIT(NULL);
    rill_group_begin(&group);
    CHECK_EQ(rill_group_spawn(&group, &pool, completes_at_once, NULL, &child), 0);
    rill_sleep_ms(5);
    ev("%s", stt(child));
    CHECK_EQ(rill_group_end(&group, 0), 0);
    ev("after");
    return 0;
}

TEST(task_that_completes_before_exit)
{
    run(before_exit_main);
    trace_is("0 a\n"
             "5 ok:1\n"
             "5 after\n"
             "5 run -> None\n");
}

// No program of the reference: children that run eagerly, end at once, fail at once or go on (TG1, TG2, EG1).
static int eager_main(void *arg)
{
    const rill_spawn_options_t eager = { .eager = true };
    rill_group_t group = RILL_GROUP_INIT(errors(0));
    rill_group_begin(&group);
    CHECK_EQ(rill_group_spawn_with(&group, &pool, completes_at_once, NULL, &eager, NULL), 0);
    CHECK_EQ(rill_group_spawn_with(&group, &pool, sleeper, PTR(1), &eager, NULL), 0);
    if (arg != NULL) {
        CHECK_EQ(rill_group_spawn_with(&group, &pool, fails_at_once, PTR(1), &eager, NULL), 0);
    }
    ev("body");
    ev_error(rill_group_end(&group, 0), &list[0]);
    ev("%d", (int)rill_pool_used(&pool.tcbs));
    return 0;
}

static int eager_failing_main(void *arg)
{
    (void)arg;
    return eager_main(PTR(1));
}

TEST(eager_children)
{
    run(eager_main);
    trace_is("0 a\n"
             "0 body\n"
             "100 1\n"
             "100 run -> None\n");
    run(eager_failing_main);
    trace_is("100 a\n"
             "100 body\n"
             "100 a1 cancelled\n"
             "100 EGROUP[E1]\n"
             "100 1\n"
             "100 run -> None\n");
}

TEST_MAIN("conformance/taskgroup", TEST_CASE(basic), TEST_CASE(body_error), TEST_CASE(cancel_counts_after_error_and_cancel),
          TEST_CASE(child_error_cancels_siblings), TEST_CASE(child_error_interrupts_body),
          TEST_CASE(child_spawns_sibling_in_aexit), TEST_CASE(child_swallows_cancel), TEST_CASE(create_after_finish),
          TEST_CASE(create_while_aborting), TEST_CASE(empty_does_not_yield), TEST_CASE(without_task),
          TEST_CASE(error_after_body_returned_group), TEST_CASE(error_aggregation_order), TEST_CASE(nested_both_fail),
          TEST_CASE(nested_inner_error), TEST_CASE(nested_outer_error), TEST_CASE(parent_cancelled_in_aexit),
          TEST_CASE(parent_cancelled_in_body), TEST_CASE(parent_cancelled_twice), TEST_CASE(seed_exception_group),
          TEST_CASE(task_that_completes_before_exit), TEST_CASE(eager_children))
