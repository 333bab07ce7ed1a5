// rill-test: min-ram=16
// Generators, greenlets, asynchronous iterators and generators, `async with`: GN1-GN4, AI1-AI3.
#include <rill/async_generator.h>

#include "conformance.h"

RILL_COROUTINE_STACK(stack1, CONF_STACK);
RILL_COROUTINE_STACK(stack2, CONF_STACK);
RILL_COROUTINE_STACK(stack3, CONF_STACK);

static void fresh(void)
{
    ASAN_UNPOISON_MEMORY_REGION(stack1, sizeof stack1);
    ASAN_UNPOISON_MEMORY_REGION(stack2, sizeof stack2);
    ASAN_UNPOISON_MEMORY_REGION(stack3, sizeof stack3);
}

#define GEN(gen, fn, arg, stack) CHECK_EQ(rill_gen_init((gen), (fn), (arg), (stack), sizeof(stack)), 0)
#define AGEN(agen, fn, arg, stack) CHECK_EQ(rill_agen_init((agen), (fn), (arg), (stack), sizeof(stack)), 0)

// ---- generator_count_char

static int count(rill_gen_t *self, void *arg)
{
    (void)arg;
    for (int c = 1; c < 6; c++) {
        ev("count: %d", c);
        int error = rill_gen_yield(self, c, NULL);
        if (error != RILL_OK) {
            return error;
        }
    }
    return 0;
}

static int letters(rill_gen_t *self, void *arg)
{
    (void)arg;
    for (const char *c = "abc"; *c != '\0'; c++) {
        ev("char: %c", *c);
        int error = rill_gen_yield(self, *c, NULL);
        if (error != RILL_OK) {
            return error;
        }
    }
    return 0;
}

TEST(generator_count_char)
{
    rill_gen_t a, b;
    fresh();
    GEN(&a, count, NULL, stack1);
    GEN(&b, letters, NULL, stack2);
    rill_gen_next(&a, NULL);
    rill_gen_next(&b, NULL);
    rill_gen_next(&a, NULL);
    rill_gen_next(&b, NULL);
    trace_is("0 count: 1\n"
             "0 char: a\n"
             "0 count: 2\n"
             "0 char: b\n");
}

// ---- generator_send_throw_close

static int guarded(rill_gen_t *self)
{
    rill_value_t x, y;
    int error = rill_gen_yield(self, 1, &x);
    if (error != RILL_OK) {
        return error;
    }
    ev("sent %d", (int)x);
    error = rill_gen_yield(self, 2, &y);
    if (error <= RILL_EUSER) {
        ev("thrown %s", err(error));
    } else if (error != RILL_OK) {
        return error;
    }
    return rill_gen_yield(self, 3, NULL);
}

static int with_finally(rill_gen_t *self, void *arg)
{
    (void)arg;
    int code = guarded(self);
    ev("closed");
    return code;
}

TEST(generator_send_throw_close)
{
    rill_gen_t i;
    rill_value_t v = 0;
    fresh();
    GEN(&i, with_finally, NULL, stack1);
    CHECK_EQ(rill_gen_next(&i, &v), 0);
    ev("%d", (int)v);
    CHECK_EQ(rill_gen_send(&i, 10, &v), 0);
    ev("%d", (int)v);
    CHECK_EQ(rill_gen_throw(&i, E(4), &v), 0);
    ev("%d", (int)v);
    CHECK_EQ(rill_gen_close(&i), 0);
    ev("end");
    trace_is("0 1\n"
             "0 sent 10\n"
             "0 2\n"
             "0 thrown E4\n"
             "0 3\n"
             "0 closed\n"
             "0 end\n");
}

// ---- generator_task_scheduler

static int hello(rill_gen_t *self, void *arg)
{
    for (int n = INT(arg); n > 0; n--) {
        ev("hello~ %d", n);
        rill_gen_yield(self, n, NULL);
    }
    ev("say hello");
    return 0;
}

static int hi(rill_gen_t *self, void *arg)
{
    for (int x = 0; x < INT(arg); x++) {
        ev("hi~ %d", x);
        rill_gen_yield(self, 0, NULL);
    }
    ev("say hi");
    return 0;
}

TEST(generator_task_scheduler)
{
    rill_gen_t a, b;
    rill_gen_t *queue[3] = { &a, &b };
    size_t head = 0, tail = 2;
    fresh();
    GEN(&a, hello, PTR(2), stack1);
    GEN(&b, hi, PTR(3), stack2);
    while (head != tail) {
        rill_gen_t *t = queue[head];
        head = (head + 1) % 3;
        if (rill_gen_next(t, NULL) == RILL_OK) {
            queue[tail] = t;
            tail = (tail + 1) % 3;
        }
    }
    trace_is("0 hello~ 2\n"
             "0 hi~ 0\n"
             "0 hello~ 1\n"
             "0 hi~ 1\n"
             "0 say hello\n"
             "0 hi~ 2\n"
             "0 say hi\n");
}

// ---- generator_yield_from

static int f2(rill_gen_t *self, void *arg)
{
    (void)arg;
    rill_gen_yield(self, 3, NULL);
    rill_gen_yield(self, 4, NULL);
    return 9;
}

static int f1(rill_gen_t *self, void *arg)
{
    rill_gen_t sub;
    rill_value_t r = 0;
    (void)arg;
    GEN(&sub, f2, NULL, stack2);
    rill_gen_yield(self, 1, NULL);
    CHECK_EQ(rill_gen_yield_from(self, &sub, &r), 0);
    ev("sub returned %d", (int)r);
    return rill_gen_yield(self, 2, NULL);
}

static int four_to_seven(rill_gen_t *self, void *arg)
{
    (void)arg;
    for (int i = 4; i < 8; i++) {
        rill_gen_yield(self, i, NULL);
    }
    return 0;
}

static int chain(rill_gen_t *self, void *arg)
{
    static const rill_value_t list[] = { 1, 2, 3 };
    rill_gen_t sub;
    (void)arg;
    GEN(&sub, four_to_seven, NULL, stack2);
    rill_gen_yield_text(self, "ABC");
    rill_gen_yield_array(self, list, 3);
    return rill_gen_yield_from(self, &sub, NULL);
}

TEST(generator_yield_from)
{
    rill_gen_t g;
    char line[40] = "[";
    size_t n = 1;
    fresh();
    GEN(&g, f1, NULL, stack1);
    RILL_GEN_FOREACH(i, &g)
    {
        ev("%d", (int)i);
    }
    GEN(&g, chain, NULL, stack1);
    RILL_GEN_FOREACH(c, &g)
    {
        line[n++] = (char)(c < 10 ? '0' + c : c);
        line[n++] = ',';
    }
    line[n - 1] = ']';
    ev("%s", line);
    trace_is("0 1\n"
             "0 3\n"
             "0 4\n"
             "0 sub returned 9\n"
             "0 2\n"
             "0 [A,B,C,1,2,3,4,5,6,7]\n");
}

// ---- greenlet_switch_order

static rill_greenlet_t gr_main, gr1, gr2;

static int func1(rill_greenlet_t *self, rill_value_t value)
{
    (void)value;
    ev("func1 step1");
    rill_greenlet_switch(self, &gr2, 0, NULL);
    ev("func1 step2");
    rill_greenlet_switch(self, &gr2, 0, NULL);
    return 0;
}

static int func2(rill_greenlet_t *self, rill_value_t value)
{
    (void)value;
    ev("func2 step1");
    rill_greenlet_switch(self, &gr1, 0, NULL);
    ev("func2 step2");
    return 0;
}

TEST(greenlet_switch_order)
{
    fresh();
    rill_greenlet_main(&gr_main);
    CHECK_EQ(rill_greenlet_init(&gr1, func1, &gr_main, stack1, sizeof stack1), 0);
    CHECK_EQ(rill_greenlet_init(&gr2, func2, &gr_main, stack2, sizeof stack2), 0);
    CHECK_EQ(rill_greenlet_switch(&gr_main, &gr1, 0, NULL), 0);
    ev("back in parent");
    trace_is("0 func1 step1\n"
             "0 func2 step1\n"
             "0 func1 step2\n"
             "0 func2 step2\n"
             "0 back in parent\n");
}

// ---- async_iterator

struct reader {
    rill_aiter_t iter;
    const char *const *keys;
};

static int read_next(rill_aiter_t *iter, rill_value_t *value)
{
    struct reader *reader = (struct reader *)iter;
    if (*reader->keys == NULL) {
        return RILL_ENODATA;
    }
    *value = (rill_value_t)*reader->keys++;
    return rill_sleep_ms(5);
}

static int async_iterator_main(void *arg)
{
    static const char *const keys[] = { "NAME", "AGE", "GENDER", NULL };
    struct reader reader = { RILL_AITER_INIT(read_next), keys };
    (void)arg;
    RILL_ASYNC_FOR(v, &reader.iter)
    {
        ev("%s", (const char *)v);
    }
    ev("exhausted");
    return rill_aiter_code(&reader.iter);
}

TEST(async_iterator)
{
    run(async_iterator_main);
    trace_is("5 NAME\n"
             "10 AGE\n"
             "15 GENDER\n"
             "15 exhausted\n"
             "15 run -> None\n");
}

// ---- async_generator

struct range {
    int from, to, step;
};

static int rng(rill_agen_t *self, void *arg)
{
    const struct range *range = arg;
    for (int i = range->from; i < range->to; i += range->step) {
        int error = rill_agen_yield(self, i, NULL);
        if (error != RILL_OK) {
            return error;
        }
    }
    return 0;
}

static int async_generator_main(void *arg)
{
    struct range range = { 0, 10, 2 };
    rill_agen_t agen;
    (void)arg;
    AGEN(&agen, rng, &range, stack1);
    RILL_ASYNC_FOR(i, &agen.iter)
    {
        ev("%d", (int)(i * i));
    }
    return rill_aiter_code(&agen.iter);
}

TEST(async_generator)
{
    fresh();
    run(async_generator_main);
    trace_is("0 0\n"
             "0 4\n"
             "0 16\n"
             "0 36\n"
             "0 64\n"
             "0 run -> None\n");
}

// ---- async_generator_cleanup

static int yield_and_sleep(rill_agen_t *self)
{
    for (int i = 0; i < 10; i++) {
        int error = rill_agen_yield(self, i, NULL);
        if (error == RILL_OK) {
            error = rill_sleep_ms(1);
        }
        if (error != RILL_OK) {
            return error;
        }
    }
    return 0;
}

static int tidy(rill_agen_t *self, void *arg)
{
    (void)arg;
    int code = yield_and_sleep(self);
    int error = rill_sleep_ms(5);
    if (error != RILL_OK) {
        return error;
    }
    ev("generator cleaned");
    return code;
}

static int async_generator_cleanup_main(void *arg)
{
    rill_agen_t it;
    (void)arg;
    AGEN(&it, tidy, NULL, stack1);
    RILL_ASYNC_FOR(i, &it.iter)
    {
        ev("%d", (int)i);
        if (i == 2) {
            break;
        }
    }
    CHECK_EQ(rill_agen_close(&it), 0);
    ev("after aclose");
    return rill_aiter_code(&it.iter);
}

TEST(async_generator_cleanup)
{
    fresh();
    run(async_generator_cleanup_main);
    trace_is("0 0\n"
             "1 1\n"
             "2 2\n"
             "7 generator cleaned\n"
             "7 after aclose\n"
             "7 run -> None\n");
}

// ---- async_with_session

struct session {
    const char *name;
    uint32_t ms;
    int error;
};

static int session_enter(struct session *session)
{
    int error = rill_sleep_ms(2);
    if (error == RILL_OK) {
        ev("%s open", session->name);
    }
    return error;
}

static int session_exit(struct session *session, int code)
{
    int error = rill_sleep_ms(1);
    if (error != RILL_OK) {
        return error;
    }
    ev("%s close %s", session->name, err(code));
    return code;
}

static int check(void *arg)
{
    struct session *session = arg;
    int code = session_enter(session);
    if (code != RILL_OK) {
        return code;
    }
    code = rill_sleep_ms(session->ms);
    if (code == RILL_OK && session->error != 0) {
        code = session->error;
    }
    return session_exit(session, code);
}

static const char *name_or_error(rill_task_t task, const char *name)
{
    int code = rill_await(rill_task_future(task), NULL);
    return code == RILL_OK ? name : err(code);
}

static int async_with_session_main(void *arg)
{
    static struct session sessions[] = { { "a", 5, 0 }, { "b", 3, E(7) }, { "c", 100, 0 } };
    (void)arg;
    rill_task_t a = spawn(check, &sessions[0]);
    rill_task_t b = spawn(check, &sessions[1]);
    rill_task_t c = spawn(check, &sessions[2]);
    rill_sleep_ms(20);
    rill_task_cancel(c);
    const char *ra = name_or_error(a, "a");
    const char *rb = name_or_error(b, "b");
    ev("[%s,%s,%s]", ra, rb, name_or_error(c, "c"));
    return 0;
}

TEST(async_with_session)
{
    run(async_with_session_main);
    trace_is("2 a open\n"
             "2 b open\n"
             "2 c open\n"
             "6 b close E7\n"
             "8 a close ok\n"
             "21 c close ECANCELED\n"
             "21 [a,E7,ECANCELED]\n"
             "21 run -> None\n");
}

TEST_MAIN("generators", TEST_CASE(generator_count_char), TEST_CASE(generator_send_throw_close),
          TEST_CASE(generator_task_scheduler), TEST_CASE(generator_yield_from), TEST_CASE(greenlet_switch_order),
          TEST_CASE(async_iterator), TEST_CASE(async_generator), TEST_CASE(async_generator_cleanup),
          TEST_CASE(async_with_session))
