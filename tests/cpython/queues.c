// CPython 3.13 test_queues.py, QueueBasicTests and QueueGetTests: rules Q1-Q8.
// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
//
// A queue without maxsize is one with room for all the test puts here.
#include <rill/event.h>
#include <rill/group.h>
#include <rill/timeout.h>

#include "queues.h"

static void make(uint16_t capacity)
{
    CHECK_EQ(rill_queue_init(&q, storage, sizeof(int), capacity, RILL_FIFO, NULL), 0);
}

static void play_with(uint16_t capacity, rill_fn_t main_fn)
{
    make(capacity);
    play(main_fn);
}

static int test_empty_main(void *arg)
{
    (void)arg;
    CHECK(rill_queue_empty(&q));
    CHECK_EQ(put_int(1), 0);
    CHECK(!rill_queue_empty(&q));
    CHECK_EQ(get_int(), 1);
    CHECK(rill_queue_empty(&q));
    return 0;
}

TEST(test_empty)
{
    play_with(8, test_empty_main);
}

static int test_full_main(void *arg)
{
    (void)arg;
    CHECK(!rill_queue_full(&q));
    make(1);
    CHECK_EQ(put_int(1), 0);
    CHECK(rill_queue_full(&q));
    return 0;
}

TEST(test_full)
{
    play_with(8, test_full_main);
}

static int test_order_main(void *arg)
{
    (void)arg;
    put_int(1);
    put_int(3);
    put_int(2);
    CHECK_EQ(get_int(), 1);
    CHECK_EQ(get_int(), 3);
    CHECK_EQ(get_int(), 2);
    return 0;
}

TEST(test_order)
{
    play_with(8, test_order_main);
}

static int put_three(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++) {
        put_int(i);
        add((char)('0' + i));
    }
    return 1;
}

static int test_maxsize_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(put_three, NULL);
    rill_yield();
    rill_yield();
    RESULTS("01");
    CHECK_EQ(get_int(), 0);
    rill_yield();
    RESULTS("012");
    CHECK_EQ(get_int(), 1);
    CHECK_EQ(get_int(), 2);
    CHECK(done(t) && result_of(t) == 1);
    return 0;
}

TEST(test_maxsize)
{
    play_with(2, test_maxsize_main);
}

static int test_blocking_get_main(void *arg)
{
    (void)arg;
    put_nowait(1);
    CHECK_EQ(get_int(), 1);
    return 0;
}

TEST(test_blocking_get)
{
    play_with(8, test_blocking_get_main);
}

// The reference appends a future to the queue's putters; here it is a task.
static int test_get_with_putters_main(void *arg)
{
    (void)arg;
    put_int(1);
    rill_task_t waiter = spawn(putter, PTR(2));
    rill_yield();
    CHECK(!done(waiter));
    CHECK_EQ(get_int(), 1);
    rill_yield();
    CHECK(done(waiter));
    CHECK_EQ(result_of(waiter), 0);
    return 0;
}

TEST(test_get_with_putters)
{
    play_with(1, test_get_with_putters_main);
}

static rill_event_t started;

static int get_and_finish(void *arg)
{
    (void)arg;
    rill_event_set(&started);
    int item = get_int();
    add('f');
    return item;
}

static int put_soon(void *item)
{
    return put_nowait(INT(item));
}

static int test_blocking_get_wait_main(void *arg)
{
    (void)arg;
    started = (rill_event_t){ 0 };
    rill_task_t task = spawn(get_and_finish, NULL);
    rill_event_wait(&started);
    RESULTS("");
    later(10, put_soon, PTR(1));
    CHECK_EQ(wait_end(task), 0);
    RESULTS("f");
    CHECK_EQ(result_of(task), 1);
    return 0;
}

TEST(test_blocking_get_wait)
{
    play_with(8, test_blocking_get_wait_main);
}

TEST(test_nonblocking_get)
{
    make(8);
    CHECK_EQ(put_nowait(1), 0);
    CHECK_EQ(get_nowait(), 1);
}

TEST(test_nonblocking_get_exception)
{
    make(8);
    CHECK_EQ(get_nowait(), RILL_EQEMPTY);
}

static int test_get_cancelled_race_main(void *arg)
{
    (void)arg;
    rill_task_t t1 = spawn(getter, NULL);
    rill_task_t t2 = spawn(getter, NULL);
    rill_yield();
    rill_task_cancel(t1);
    rill_yield();
    CHECK(done(t1));
    put_int('a');
    rill_yield();
    CHECK_EQ(wait_end(t2), 0);
    CHECK_EQ(result_of(t2), 'a');
    return 0;
}

TEST(test_get_cancelled_race)
{
    play_with(8, test_get_cancelled_race_main);
}

static int test_get_with_waiting_putters_main(void *arg)
{
    (void)arg;
    go(putter, PTR('a'));
    go(putter, PTR('b'));
    CHECK_EQ(get_int(), 'a');
    CHECK_EQ(get_int(), 'b');
    return 0;
}

TEST(test_get_with_waiting_putters)
{
    play_with(1, test_get_with_waiting_putters_main);
}

static int consumer(void *n)
{
    for (int i = 0; i < INT(n); i++) {
        CHECK_EQ(get_int(), i);
    }
    return 0;
}

static int producer(void *n)
{
    for (int i = 0; i < INT(n); i++) {
        CHECK_EQ(put_int(i), 0);
    }
    return 0;
}

static int test_why_are_getters_waiting_main(void *arg)
{
    rill_group_t group = RILL_GROUP_INIT(NULL);
    (void)arg;
    rill_group_begin(&group);
    rill_group_spawn(&group, &pool, producer, PTR(5), NULL);
    rill_group_spawn(&group, &pool, consumer, PTR(5), NULL);
    return rill_group_end(&group, 0);
}

TEST(test_why_are_getters_waiting)
{
    play_with(1, test_why_are_getters_waiting_main);
}

static int test_cancelled_getters_not_being_held_in_self_getters_main(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(getter, NULL);
    CHECK_EQ(rill_wait_for(rill_task_future(task), RILL_MS(100), NULL), RILL_ETIMEDOUT);
    CHECK(q.getters == NULL);
    return 0;
}

TEST(test_cancelled_getters_not_being_held_in_self_getters)
{
    play_with(5, test_cancelled_getters_not_being_held_in_self_getters_main);
}

TEST_MAIN("cpython_queues",
    TEST_CASE(test_empty),
    TEST_CASE(test_full),
    TEST_CASE(test_order),
    TEST_CASE(test_maxsize),
    TEST_CASE(test_blocking_get),
    TEST_CASE(test_get_with_putters),
    TEST_CASE(test_blocking_get_wait),
    TEST_CASE(test_nonblocking_get),
    TEST_CASE(test_nonblocking_get_exception),
    TEST_CASE(test_get_cancelled_race),
    TEST_CASE(test_get_with_waiting_putters),
    TEST_CASE(test_why_are_getters_waiting),
    TEST_CASE(test_cancelled_getters_not_being_held_in_self_getters))
