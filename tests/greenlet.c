// rill-test: min-ram=16
// Greenlets: words both ways, parents, the dead, throws; outside a loop and in tasks.
#include <rill/greenlet.h>
#include <rill/timeout.h>

#include "conformance/conformance.h"

RILL_COROUTINE_STACK(stack1, CONF_STACK);
RILL_COROUTINE_STACK(stack2, CONF_STACK);

static rill_greenlet_t top, g1, g2;

static void fresh(void)
{
    ASAN_UNPOISON_MEMORY_REGION(stack1, sizeof stack1);
    ASAN_UNPOISON_MEMORY_REGION(stack2, sizeof stack2);
    rill_greenlet_main(&top);
}

#define INIT(g, fn, parent, stack) CHECK_EQ(rill_greenlet_init((g), (fn), (parent), (stack), sizeof(stack)), 0)

static int adder(rill_greenlet_t *self, rill_value_t value)
{
    rill_value_t sum = value;
    while (value != 0) {
        int error = rill_greenlet_switch(self, &top, sum, &value);
        if (error != RILL_OK) {
            return error;
        }
        sum += value;
    }
    return rill_greenlet_return(self, sum * 1000);
}

TEST(words_go_both_ways)
{
    rill_value_t v = 0;
    fresh();
    INIT(&g1, adder, &top, stack1);
    CHECK_EQ(rill_greenlet_state(&g1), RILL_GREENLET_NEW);
    CHECK_EQ(rill_greenlet_switch(&top, &g1, 5, &v), 0);
    CHECK_EQ(v, 5);
    CHECK_EQ(rill_greenlet_switch(&top, &g1, 7, &v), 0);
    CHECK_EQ(v, 12);
    CHECK_EQ(rill_greenlet_state(&g1), RILL_GREENLET_ALIVE);
    CHECK_EQ(rill_greenlet_switch(&top, &g1, 0, &v), 0);
    CHECK_EQ(v, 12000);
    CHECK_EQ(rill_greenlet_state(&g1), RILL_GREENLET_DEAD);
}

TEST(the_dead_pass_on_to_their_parent)
{
    rill_value_t v = 0;
    fresh();
    INIT(&g1, adder, &top, stack1);
    CHECK_EQ(rill_greenlet_switch(&top, &g1, 0, &v), 0);
    CHECK_EQ(rill_greenlet_switch(&top, &g1, 42, &v), 0);
    CHECK_EQ(v, 42);
    CHECK_EQ(rill_greenlet_throw(&top, &g1, E(3), &v), E(3));
    CHECK_EQ(rill_greenlet_switch(&top, &g1, 43, &v), 0);
    CHECK_EQ(v, 43);
}

TEST(thrown_errors)
{
    rill_value_t v = 1;
    fresh();
    INIT(&g1, adder, &top, stack1);
    CHECK_EQ(rill_greenlet_throw(&top, &g1, E(1), &v), E(1)); // it never ran
    CHECK_EQ(rill_greenlet_state(&g1), RILL_GREENLET_DEAD);
    INIT(&g1, adder, &top, stack1);
    CHECK_EQ(rill_greenlet_switch(&top, &g1, 5, &v), 0);
    CHECK_EQ(rill_greenlet_throw(&top, &g1, RILL_ECANCELED, &v), RILL_ECANCELED);
    CHECK_EQ(rill_greenlet_state(&g1), RILL_GREENLET_DEAD);
    CHECK_EQ(rill_greenlet_throw(&top, &g1, 0, &v), RILL_EINVAL);
}

static int child(rill_greenlet_t *self, rill_value_t value)
{
    (void)self;
    ev("child %d", (int)value);
    return value == 13 ? E(13) : INT(value) + 1;
}

static int maker(rill_greenlet_t *self, rill_value_t value)
{
    rill_value_t v = 0;
    INIT(&g2, child, self, stack2);
    int error = rill_greenlet_switch(self, &g2, value, &v);
    ev("maker got %s %d", err(error), (int)v);
    return error == RILL_OK ? INT(v) : 0;
}

TEST(a_greenlet_ends_in_its_parent)
{
    rill_value_t v = 0;
    fresh();
    INIT(&g1, maker, &top, stack1);
    CHECK_EQ(rill_greenlet_switch(&top, &g1, 1, &v), 0);
    CHECK_EQ(v, 2);
    INIT(&g1, maker, &top, stack1);
    CHECK_EQ(rill_greenlet_switch(&top, &g1, 13, &v), 0);
    CHECK_EQ(v, 0);
    trace_is("0 child 1\n"
             "0 maker got ok 2\n"
             "0 child 13\n"
             "0 maker got E13 -1013\n");
}

TEST(parents_can_change)
{
    rill_value_t v = 0;
    fresh();
    INIT(&g1, adder, &top, stack1);
    INIT(&g2, child, &g1, stack2);
    CHECK_EQ(rill_greenlet_set_parent(&g1, &g2), RILL_EINVAL); // a ring
    CHECK_EQ(rill_greenlet_set_parent(&g1, &g1), RILL_EINVAL);
    CHECK_EQ(rill_greenlet_set_parent(&top, &g1), RILL_EINVAL);
    CHECK_EQ(rill_greenlet_set_parent(&g2, &top), 0);
    CHECK_EQ(rill_greenlet_switch(&top, &g2, 8, &v), 0);
    CHECK_EQ(v, 9);
    CHECK_EQ(rill_greenlet_state(&g1), RILL_GREENLET_NEW);
    trace_is("0 child 8\n");
}

static int to_itself(rill_greenlet_t *self, rill_value_t value)
{
    rill_value_t v = 0;
    CHECK_EQ(rill_greenlet_switch(self, self, value + 1, &v), 0);
    return INT(v);
}

TEST(a_switch_to_itself_returns_at_once)
{
    rill_value_t v = 0;
    fresh();
    INIT(&g1, to_itself, &top, stack1);
    CHECK_EQ(rill_greenlet_switch(&top, &g1, 1, &v), 0);
    CHECK_EQ(v, 2);
}

TEST(unsuitable_arguments)
{
    fresh();
    CHECK_EQ(rill_greenlet_init(NULL, child, &top, stack1, sizeof stack1), RILL_EINVAL);
    CHECK_EQ(rill_greenlet_init(&g1, NULL, &top, stack1, sizeof stack1), RILL_EINVAL);
    CHECK_EQ(rill_greenlet_init(&g1, child, NULL, stack1, sizeof stack1), RILL_EINVAL);
    CHECK_EQ(rill_greenlet_init(&g1, child, &top, NULL, sizeof stack1), RILL_EINVAL);
    CHECK_EQ(rill_greenlet_init(&g1, child, &top, stack1 + 8, sizeof stack1 - 8), RILL_EINVAL);
    CHECK_EQ(rill_greenlet_init(&g1, child, &top, stack1, RILL_STACK_MIN - 1), RILL_EINVAL);
}

// ---- in tasks

static int sleeper(rill_greenlet_t *self, rill_value_t ms)
{
    for (;;) {
        int error = rill_sleep_ms((uint32_t)ms);
        ev("slept %d: %s", (int)ms, err(error));
        if (error != RILL_OK) {
            return error;
        }
        error = rill_greenlet_switch(self, self->parent, ms * 10, &ms);
        if (error != RILL_OK) {
            return error;
        }
    }
}

// Its greenlet runs on `stack`, which lies below or above those of the tasks.
static int waits_in_greenlet(unsigned char *stack, int ms)
{
    static rill_greenlet_t pairs[2][2]; // not on the task's small stack
    rill_greenlet_t *here = &pairs[stack == stack2][0], *g = &pairs[stack == stack2][1];
    rill_value_t v = 0;
    rill_greenlet_main(here);
    CHECK_EQ(rill_greenlet_init(g, sleeper, here, stack, sizeof stack1), 0);
    for (int i = 1; i <= 3; i++) {
        int error = rill_greenlet_switch(here, g, ms * i, &v);
        if (error != RILL_OK) {
            return error;
        }
        ev("got %d", (int)v);
        error = rill_sleep_ms(1);
        if (error != RILL_OK) {
            return error;
        }
    }
    return rill_greenlet_throw(here, g, E(2), NULL) == E(2) ? ms : E(9);
}

static int on_stack1(void *ms)
{
    return waits_in_greenlet(stack1, INT(ms));
}

static int on_stack2(void *ms)
{
    return waits_in_greenlet(stack2, INT(ms));
}

static int waiting_main(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(on_stack1, PTR(3)), b = spawn(on_stack2, PTR(10));
    const char *first = rct(a);
    ev("%s %s", first, rct(b));
    return 0;
}

TEST(tasks_wait_in_greenlets)
{
    fresh();
    run(waiting_main);
    trace_is("3 slept 3: ok\n"
             "3 got 30\n"
             "10 slept 10: ok\n"
             "10 got 100\n"
             "10 slept 6: ok\n"
             "10 got 60\n"
             "20 slept 9: ok\n"
             "20 got 90\n"
             "31 slept 20: ok\n"
             "31 got 200\n"
             "62 slept 30: ok\n"
             "62 got 300\n"
             "63 3 10\n"
             "63 run -> None\n");
}

static int cancelling_main(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(on_stack1, PTR(100));
    rill_sleep_ms(30);
    rill_task_cancel(a);
    ev("%s", rct(a));
    return 0;
}

TEST(cancellation_reaches_the_greenlet)
{
    fresh();
    run(cancelling_main);
    trace_is("30 slept 100: ECANCELED\n"
             "30 ECANCELED\n"
             "30 run -> None\n");
}

static int timed_main(void *arg)
{
    static rill_timeout_t limit;
    (void)arg;
    limit = (rill_timeout_t){ 0 };
    int code = rill_timeout_begin(&limit, RILL_MS(40));
    code = rill_timeout_end(&limit, code == RILL_OK ? waits_in_greenlet(stack1, 20) : code);
    ev("%s", err(code));
    return rill_sleep_ms(5);
}

TEST(a_timeout_reaches_the_greenlet)
{
    fresh();
    run(timed_main);
    trace_is("20 slept 20: ok\n"
             "20 got 200\n"
             "40 slept 40: ECANCELED\n"
             "40 ETIMEDOUT\n"
             "45 run -> None\n");
}

static int callback(void *arg)
{
    rill_greenlet_t here;
    rill_value_t v = 0;
    (void)arg;
    rill_greenlet_main(&here);
    INIT(&g1, child, &here, stack1);
    CHECK_EQ(rill_greenlet_switch(&here, &g1, 1, &v), 0);
    ev("callback got %d", (int)v);
    return 0;
}

static int callback_main(void *arg)
{
    (void)arg;
    soon(callback, NULL);
    return rill_sleep_ms(1);
}

TEST(greenlets_in_callbacks)
{
    fresh();
    run(callback_main);
    trace_is("0 child 1\n"
             "0 callback got 2\n"
             "1 run -> None\n");
}

TEST_MAIN("greenlet", TEST_CASE(words_go_both_ways), TEST_CASE(the_dead_pass_on_to_their_parent),
          TEST_CASE(thrown_errors), TEST_CASE(a_greenlet_ends_in_its_parent), TEST_CASE(parents_can_change),
          TEST_CASE(a_switch_to_itself_returns_at_once), TEST_CASE(unsuitable_arguments),
          TEST_CASE(tasks_wait_in_greenlets), TEST_CASE(cancellation_reaches_the_greenlet),
          TEST_CASE(a_timeout_reaches_the_greenlet), TEST_CASE(greenlets_in_callbacks))
