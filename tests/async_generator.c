// rill-test: min-ram=16
// Asynchronous generators: cancellation, athrow, aclose, several tasks; iterators of one's own.
#include <rill/async_generator.h>
#include <rill/lock.h>
#include <rill/queue.h>
#include <rill/timeout.h>

#include "conformance/conformance.h"

RILL_COROUTINE_STACK(stack1, CONF_STACK);
RILL_COROUTINE_STACK(stack2, CONF_STACK);

static rill_agen_t g, inner;

static void fresh(rill_agen_fn_t fn, void *arg)
{
    ASAN_UNPOISON_MEMORY_REGION(stack1, sizeof stack1);
    ASAN_UNPOISON_MEMORY_REGION(stack2, sizeof stack2);
    CHECK_EQ(rill_agen_init(&g, fn, arg, stack1, sizeof stack1), 0);
}

static int produce(rill_agen_t *self, int ms)
{
    for (int i = 0;; i++) {
        int error = rill_sleep_ms((uint32_t)ms);
        if (error == RILL_OK) {
            error = rill_agen_yield(self, i, NULL);
        }
        if (error != RILL_OK) {
            return error;
        }
    }
}

// Cleans up for 5 ms.
static int producer(rill_agen_t *self, void *ms)
{
    int code = produce(self, INT(ms));
    ev("producer ends: %s", code == RILL_EGENEXIT ? "closed" : err(code));
    int error = rill_sleep_ms(5);
    ev("producer cleaned: %s", err(error));
    return error != RILL_OK ? error : code;
}

static int consumer(void *arg)
{
    (void)arg;
    RILL_ASYNC_FOR(i, &g.iter)
    {
        ev("consumed %d", (int)i);
    }
    ev("consumer: %s", err(rill_aiter_code(&g.iter)));
    return rill_aiter_code(&g.iter);
}

static int cancelled_main(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(consumer, NULL);
    rill_sleep_ms(25);
    rill_task_cancel(task);
    ev("%s", rct(task));
    CHECK_EQ(rill_agen_next(&g, NULL), RILL_ENODATA);
    return 0;
}

TEST(cancellation_reaches_the_producer)
{
    fresh(producer, PTR(10));
    run(cancelled_main);
    trace_is("10 consumed 0\n"
             "20 consumed 1\n"
             "25 producer ends: ECANCELED\n"
             "30 producer cleaned: ok\n"
             "30 consumer: ECANCELED\n"
             "30 ECANCELED\n"
             "30 run -> None\n");
}

static int timeout_main(void *arg)
{
    rill_timeout_t limit = { 0 };
    (void)arg;
    int code = rill_timeout_begin(&limit, RILL_MS(25));
    code = rill_timeout_end(&limit, code == RILL_OK ? consumer(NULL) : code);
    ev("%s", err(code));
    return 0;
}

TEST(a_timeout_reaches_the_producer)
{
    fresh(producer, PTR(10));
    run(timeout_main);
    trace_is("10 consumed 0\n"
             "20 consumed 1\n"
             "25 producer ends: ECANCELED\n"
             "30 producer cleaned: ok\n"
             "30 consumer: ECANCELED\n"
             "30 ETIMEDOUT\n"
             "30 run -> None\n");
}

static int athrow_main(void *arg)
{
    rill_value_t v;
    (void)arg;
    CHECK_EQ(rill_agen_next(&g, &v), 0);
    CHECK_EQ(rill_agen_throw(&g, E(3), &v), E(3));
    ev("thrown");
    CHECK_EQ(rill_agen_state(&g), RILL_GEN_DONE);
    CHECK_EQ(rill_agen_close(&g), 0);
    return 0;
}

TEST(athrow)
{
    fresh(producer, PTR(1));
    run(athrow_main);
    trace_is("1 producer ends: E3\n"
             "6 producer cleaned: ok\n"
             "6 thrown\n"
             "6 run -> None\n");
}

static int closer(void *arg)
{
    (void)arg;
    int code = rill_agen_close(&g);
    ev("closed: %s", err(code));
    return code;
}

// A clean-up that waits can be cancelled like any other code.
static int aclose_main(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_agen_next(&g, NULL), 0);
    rill_task_t task = spawn(closer, NULL);
    rill_sleep_ms(2);
    CHECK_EQ(rill_agen_close(&g), RILL_EBUSY);
    CHECK_EQ(rill_agen_next(&g, NULL), RILL_EBUSY);
    rill_task_cancel(task);
    ev("%s", rct(task));
    return 0;
}

TEST(aclose_may_be_cancelled)
{
    fresh(producer, PTR(1));
    run(aclose_main);
    trace_is("1 producer ends: closed\n"
             "3 producer cleaned: ECANCELED\n"
             "3 closed: ECANCELED\n"
             "3 ECANCELED\n"
             "3 run -> None\n");
}

// ---- several tasks, one after the other

static rill_lock_t lock = RILL_LOCK_INIT;

static int taker(void *name)
{
    for (int i = 0; i < 2; i++) {
        rill_value_t v = 0;
        int error = rill_lock_acquire(&lock);
        if (error != RILL_OK) {
            return error;
        }
        error = rill_agen_next(&g, &v);
        rill_lock_release(&lock);
        ev("%s took %d", (const char *)name, error == RILL_OK ? (int)v : error);
    }
    return 0;
}

static int sharing_main(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(taker, "a"), b = spawn(taker, "b");
    rill_join(a, NULL);
    rill_join(b, NULL);
    return rill_agen_close(&g);
}

TEST(tasks_share_a_generator)
{
    fresh(producer, PTR(10));
    run(sharing_main);
    trace_is("10 a took 0\n"
             "20 b took 1\n"
             "30 a took 2\n"
             "40 b took 3\n"
             "40 producer ends: closed\n"
             "45 producer cleaned: ok\n"
             "45 run -> None\n");
}

// ---- one generator over another, and a send

static int squares(rill_agen_t *self, void *arg)
{
    rill_value_t stop = 0;
    int error = RILL_OK;
    (void)arg;
    RILL_ASYNC_FOR(i, &inner.iter)
    {
        error = rill_agen_yield(self, i * i, &stop);
        if (error != RILL_OK || stop != 0) {
            break;
        }
    }
    int code = rill_agen_close(&inner);
    return error != RILL_OK ? error : code;
}

static int pipeline_main(void *arg)
{
    rill_value_t v = 0;
    (void)arg;
    CHECK_EQ(rill_agen_init(&inner, producer, PTR(3), stack2, sizeof stack2), 0);
    CHECK_EQ(rill_agen_send(&g, 1, &v), RILL_ETYPE);
    for (int i = 0; i < 4; i++) {
        CHECK_EQ(rill_anext(&g.iter, &v), 0);
        ev("%d", (int)v);
    }
    CHECK_EQ(rill_agen_send(&g, 1, &v), RILL_ENODATA);
    ev("end");
    return 0;
}

TEST(a_pipeline)
{
    fresh(squares, NULL);
    run(pipeline_main);
    trace_is("3 0\n"
             "6 1\n"
             "9 4\n"
             "12 9\n"
             "12 producer ends: closed\n"
             "17 producer cleaned: ok\n"
             "17 end\n"
             "17 run -> None\n");
}

// ---- an iterator of one's own

RILL_QUEUE_DEFINE(queue, int, 2);

struct drain {
    rill_aiter_t iter;
    rill_queue_t *queue;
};

static int drain_next(rill_aiter_t *iter, rill_value_t *value)
{
    int item = 0;
    int error = rill_queue_get(((struct drain *)iter)->queue, &item);
    *value = item;
    return error == RILL_OK && item < 0 ? RILL_ENODATA : error;
}

static int filler(void *arg)
{
    (void)arg;
    for (int i = 3; i >= -1; i--) {
        rill_sleep_ms(1);
        rill_queue_put(&queue, &i);
    }
    return 0;
}

static int iterator_main(void *arg)
{
    struct drain drain = { RILL_AITER_INIT(drain_next), &queue };
    (void)arg;
    go(filler, NULL);
    RILL_ASYNC_FOR(i, &drain.iter)
    {
        ev("%d", (int)i);
    }
    return rill_aiter_code(&drain.iter);
}

TEST(iterators_over_anything)
{
    run(iterator_main);
    trace_is("1 3\n"
             "2 2\n"
             "3 1\n"
             "4 0\n"
             "5 run -> None\n");
}

TEST(outside_a_task)
{
    fresh(producer, PTR(1));
    CHECK_EQ(rill_agen_next(&g, NULL), RILL_EPERM);
    CHECK_EQ(rill_agen_close(&g), RILL_EPERM);
    CHECK_EQ(rill_agen_init(NULL, producer, NULL, stack1, sizeof stack1), RILL_EINVAL);
    CHECK_EQ(rill_agen_init(&g, NULL, NULL, stack1, sizeof stack1), RILL_EINVAL);
    CHECK_EQ(rill_agen_init(&g, producer, NULL, stack1 + 1, sizeof stack1), RILL_EINVAL);
}

TEST_MAIN("async_generator", TEST_CASE(cancellation_reaches_the_producer), TEST_CASE(a_timeout_reaches_the_producer),
          TEST_CASE(athrow), TEST_CASE(aclose_may_be_cancelled), TEST_CASE(tasks_share_a_generator),
          TEST_CASE(a_pipeline), TEST_CASE(iterators_over_anything), TEST_CASE(outside_a_task))
