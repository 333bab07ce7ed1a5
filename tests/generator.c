// rill-test: min-ram=16
// Generators: states, ends, errors, delegation; in tasks, where a body may wait.
#include <rill/generator.h>

#include "conformance/conformance.h"

RILL_COROUTINE_STACK(stack1, CONF_STACK);
RILL_COROUTINE_STACK(stack2, CONF_STACK);

static rill_gen_t g, sub;

static void fresh(void)
{
    ASAN_UNPOISON_MEMORY_REGION(stack1, sizeof stack1);
    ASAN_UNPOISON_MEMORY_REGION(stack2, sizeof stack2);
}

static void init(rill_gen_fn_t fn, void *arg)
{
    fresh();
    CHECK_EQ(rill_gen_init(&g, fn, arg, stack1, sizeof stack1), 0);
}

// ---- ends

static int up_to(rill_gen_t *self, void *n)
{
    for (int i = 0; i < INT(n); i++) {
        int error = rill_gen_yield(self, i, NULL);
        if (error != RILL_OK) {
            ev("stopped by %d", error);
            return error;
        }
    }
    return 77;
}

TEST(states_and_the_end)
{
    rill_value_t v = 5;
    init(up_to, PTR(1));
    CHECK_EQ(rill_gen_state(&g), RILL_GEN_NEW);
    CHECK_EQ(rill_gen_next(&g, &v), 0);
    CHECK_EQ(v, 0);
    CHECK_EQ(rill_gen_state(&g), RILL_GEN_SUSPENDED);
    CHECK_EQ(rill_gen_result(&g), 0);
    CHECK_EQ(rill_gen_next(&g, &v), RILL_ENODATA);
    CHECK_EQ(v, 77);
    CHECK_EQ(rill_gen_state(&g), RILL_GEN_DONE);
    CHECK_EQ(rill_gen_result(&g), 77);
    CHECK_EQ(rill_gen_error(&g), 0);
    CHECK_EQ(rill_gen_next(&g, &v), RILL_ENODATA);
    CHECK_EQ(v, 0);
    CHECK_EQ(rill_gen_throw(&g, E(1), &v), E(1));
    CHECK_EQ(rill_gen_close(&g), 0);
}

TEST(next_with_a_default)
{
    rill_value_t v = 5;
    init(up_to, PTR(1));
    CHECK_EQ(rill_gen_next_or(&g, -1, &v), 0);
    CHECK_EQ(v, 0);
    CHECK_EQ(rill_gen_next_or(&g, -1, &v), 0);
    CHECK_EQ(v, -1);
    CHECK_EQ(rill_gen_next_or(&g, -1, NULL), 0);
}

static int word(rill_gen_t *self, void *arg)
{
    rill_gen_yield(self, 1, NULL);
    return rill_gen_return(self, (rill_value_t)arg);
}

TEST(a_result_that_is_a_word)
{
    init(word, &g);
    CHECK_EQ(rill_gen_next(&g, NULL), 0);
    CHECK_EQ(rill_gen_next(&g, NULL), RILL_ENODATA);
    CHECK(rill_gen_result(&g) == (rill_value_t)&g);
}

TEST(before_it_has_begun)
{
    rill_value_t v = 5;
    init(up_to, PTR(3));
    CHECK_EQ(rill_gen_send(&g, 1, &v), RILL_ETYPE);
    CHECK_EQ(rill_gen_send(&g, 0, &v), 0);
    init(up_to, PTR(3));
    CHECK_EQ(rill_gen_throw(&g, E(4), &v), E(4));
    CHECK_EQ(rill_gen_state(&g), RILL_GEN_DONE);
    CHECK_EQ(rill_gen_error(&g), E(4));
    CHECK_EQ(rill_gen_next(&g, &v), RILL_ENODATA);
    init(up_to, PTR(3));
    CHECK_EQ(rill_gen_close(&g), 0);
    CHECK_EQ(rill_gen_next(&g, &v), RILL_ENODATA);
    CHECK_EQ(rill_gen_error(&g), 0);
    CHECK_EQ(rill_gen_throw(&g, 0, &v), RILL_EINVAL);
    trace_is("");
}

// ---- errors

static int fails(rill_gen_t *self, void *code)
{
    rill_gen_yield(self, 1, NULL);
    return INT(code);
}

TEST(a_body_that_fails)
{
    rill_value_t v = 0, sum = 0;
    init(fails, PTR(E(6)));
    RILL_GEN_FOREACH(i, &g)
    {
        sum += i;
    }
    CHECK_EQ(sum, 1);
    CHECK_EQ(rill_gen_error(&g), E(6));
    CHECK_EQ(rill_gen_next(&g, &v), RILL_ENODATA);
    init(fails, PTR(RILL_ENODATA)); // PEP 479: RuntimeError
    CHECK_EQ(rill_gen_next(&g, &v), 0);
    CHECK_EQ(rill_gen_next(&g, &v), RILL_EPERM);
    CHECK_EQ(rill_gen_error(&g), RILL_EPERM);
}

static int stubborn(rill_gen_t *self, void *arg)
{
    (void)arg;
    int error;
    do {
        error = rill_gen_yield(self, 1, NULL);
    } while (error != E(1));
    return 3;
}

TEST(close)
{
    rill_value_t v = 0;
    init(up_to, PTR(3));
    rill_gen_next(&g, NULL);
    CHECK_EQ(rill_gen_close(&g), 0);
    CHECK_EQ(rill_gen_error(&g), 0);
    init(stubborn, NULL);
    rill_gen_next(&g, NULL);
    CHECK_EQ(rill_gen_close(&g), RILL_EPERM); // ignored GeneratorExit
    CHECK_EQ(rill_gen_state(&g), RILL_GEN_SUSPENDED);
    CHECK_EQ(rill_gen_throw(&g, E(1), &v), RILL_ENODATA);
    CHECK_EQ(v, 3);
    init(fails, PTR(E(8)));
    rill_gen_next(&g, NULL);
    CHECK_EQ(rill_gen_close(&g), E(8));
    init(fails, PTR(5)); // it may return a result when closed
    rill_gen_next(&g, NULL);
    CHECK_EQ(rill_gen_close(&g), 0);
    CHECK_EQ(rill_gen_result(&g), 5);
    trace_is("0 stopped by -201\n");
}

static int asks_itself(rill_gen_t *self, void *arg)
{
    (void)arg;
    CHECK_EQ(rill_gen_next(self, NULL), RILL_EBUSY);
    CHECK_EQ(rill_gen_send(self, 1, NULL), RILL_EBUSY);
    CHECK_EQ(rill_gen_throw(self, E(1), NULL), RILL_EBUSY);
    CHECK_EQ(rill_gen_close(self), RILL_EBUSY);
    return 0;
}

TEST(misuse)
{
    init(asks_itself, NULL);
    CHECK_EQ(rill_gen_next(&g, NULL), RILL_ENODATA);
    CHECK_EQ(rill_gen_yield(&g, 1, NULL), RILL_EPERM); // from outside
    CHECK_EQ(rill_gen_init(NULL, up_to, NULL, stack1, sizeof stack1), RILL_EINVAL);
    CHECK_EQ(rill_gen_init(&g, NULL, NULL, stack1, sizeof stack1), RILL_EINVAL);
    CHECK_EQ(rill_gen_init(&g, up_to, NULL, NULL, sizeof stack1), RILL_EINVAL);
    CHECK_EQ(rill_gen_init(&g, up_to, NULL, stack1 + 16, 256), RILL_EINVAL);
    CHECK_EQ(rill_gen_init(&g, up_to, NULL, stack1, 64), RILL_EINVAL);
}

// ---- yield from

static int echo(rill_gen_t *self, void *arg)
{
    rill_value_t sent = 0;
    (void)arg;
    for (;;) {
        int error = rill_gen_yield(self, sent * 2, &sent);
        if (error == E(1)) {
            ev("caught E1");
        } else if (error != RILL_OK) {
            ev("sub ends by %d", error);
            return error;
        } else if (sent == 99) {
            return 55;
        }
    }
}

static int delegating(rill_gen_t *self, void *arg)
{
    rill_value_t result = 0;
    (void)arg;
    CHECK_EQ(rill_gen_init(&sub, echo, NULL, stack2, sizeof stack2), 0);
    int error = rill_gen_yield_from(self, &sub, &result);
    ev("delegate got %d, %d", error, (int)result);
    return error != RILL_OK ? error : INT(result);
}

TEST(yield_from_passes_everything_on)
{
    rill_value_t v = 5;
    init(delegating, NULL);
    CHECK_EQ(rill_gen_next(&g, &v), 0);
    CHECK_EQ(v, 0);
    CHECK_EQ(rill_gen_send(&g, 4, &v), 0);
    CHECK_EQ(v, 8);
    CHECK_EQ(rill_gen_throw(&g, E(1), &v), 0);
    CHECK_EQ(rill_gen_send(&g, 99, &v), RILL_ENODATA);
    CHECK_EQ(v, 55);
    init(delegating, NULL);
    CHECK_EQ(rill_gen_next(&g, &v), 0);
    CHECK_EQ(rill_gen_throw(&g, E(2), &v), E(2));
    init(delegating, NULL);
    CHECK_EQ(rill_gen_next(&g, &v), 0);
    CHECK_EQ(rill_gen_close(&g), 0);
    CHECK_EQ(rill_gen_state(&sub), RILL_GEN_DONE);
    trace_is("0 caught E1\n"
             "0 delegate got 0, 55\n"
             "0 sub ends by -1002\n"
             "0 delegate got -1002, 0\n"
             "0 sub ends by -201\n"
             "0 delegate got -201, 0\n");
}

// ---- from the depth of calls

static int walk(rill_gen_t *self, int low, int high)
{
    if (low >= high) {
        return RILL_OK;
    }
    int middle = (low + high) / 2;
    int error = walk(self, low, middle);
    if (error == RILL_OK) {
        error = rill_gen_yield(self, middle, NULL);
    }
    return error == RILL_OK ? walk(self, middle + 1, high) : error;
}

static int in_order(rill_gen_t *self, void *n)
{
    return walk(self, 0, INT(n));
}

TEST(recursive_bodies_yield)
{
    int expected = 0;
    init(in_order, PTR(7));
    RILL_GEN_FOREACH(i, &g)
    {
        CHECK_EQ(i, expected);
        expected++;
    }
    CHECK_EQ(expected, 7);
}

// ---- in tasks

static int slow(rill_gen_t *self, void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++) {
        int error = rill_sleep_ms(10);
        if (error == RILL_OK) {
            error = rill_gen_yield(self, i, NULL);
        }
        if (error != RILL_OK) {
            ev("slow ends: %s", err(error));
            return error;
        }
    }
    return 0;
}

static int reader(void *arg)
{
    (void)arg;
    RILL_GEN_FOREACH(i, &g)
    {
        ev("read %d", (int)i);
        rill_sleep_ms(2);
    }
    return rill_gen_error(&g);
}

static int tick(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++) {
        rill_sleep_ms(7);
        ev("tick");
    }
    CHECK_EQ(rill_gen_next(&g, NULL), RILL_EBUSY); // the other task waits in it
    return 0;
}

static int wait_main(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(reader, NULL), b = spawn(tick, NULL);
    rill_task_info_t info;
    rill_sleep_ms(3);
    CHECK_EQ(rill_task_info(a, &info), 0);
    CHECK(strcmp(info.waiting, "sleep") == 0);
    rill_join(b, NULL);
    rill_sleep_ms(7);
    rill_task_cancel(a);
    ev("%s", rct(a));
    return 0;
}

TEST(bodies_wait_in_tasks)
{
    init(slow, NULL);
    run(wait_main);
    trace_is("7 tick\n"
             "10 read 0\n"
             "14 tick\n"
             "21 tick\n"
             "22 read 1\n"
             "28 slow ends: ECANCELED\n"
             "28 ECANCELED\n"
             "28 run -> None\n");
}

TEST_MAIN("generator", TEST_CASE(states_and_the_end), TEST_CASE(next_with_a_default),
          TEST_CASE(a_result_that_is_a_word), TEST_CASE(before_it_has_begun), TEST_CASE(a_body_that_fails),
          TEST_CASE(close), TEST_CASE(misuse), TEST_CASE(yield_from_passes_everything_on),
          TEST_CASE(recursive_bodies_yield), TEST_CASE(bodies_wait_in_tasks))
