// CPython 3.13 test_queues.py: LIFO and priority order, join and shutdown: rules Q3, Q9, Q10. As there, the cases of
// join and shutdown run on all three kinds of queue.
// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
#include <rill/group.h>

#define ITEMS 100
#include "queues.h"

static rill_queue_order_t order;
static int sum;
static bool running;

static bool less(const void *a, const void *b)
{
    return *(const int *)a < *(const int *)b;
}

static void make(uint16_t capacity, rill_queue_order_t kind)
{
    order = kind;
    CHECK_EQ(rill_queue_init(&q, storage, sizeof(int), capacity, kind, kind == RILL_PRIORITY ? less : NULL), 0);
}

static void play_kinds(uint16_t capacity, rill_fn_t main_fn)
{
    for (int kind = RILL_FIFO; kind <= RILL_PRIORITY; kind++) {
        make(capacity, (rill_queue_order_t)kind);
        play(main_fn);
    }
}

static int joiner(void *arg)
{
    (void)arg;
    return rill_queue_join(&q);
}

static int put_132_main(void *arg)
{
    (void)arg;
    put_int(1);
    put_int(3);
    put_int(2);
    for (int i = 0; i < 3; i++) {
        add((char)('0' + get_int()));
    }
    RESULTS(order == RILL_LIFO ? "231" : "123");
    return 0;
}

// LifoQueueTests
TEST(test_order_lifo)
{
    make(3, RILL_LIFO);
    play(put_132_main);
}

// PriorityQueueTests
TEST(test_order_priority)
{
    make(3, RILL_PRIORITY);
    play(put_132_main);
}

TEST(test_task_done_underflow)
{
    for (int kind = RILL_FIFO; kind <= RILL_PRIORITY; kind++) {
        make(1, (rill_queue_order_t)kind);
        CHECK_EQ(rill_queue_task_done(&q), RILL_EINVAL);
    }
}

static int worker(void *arg)
{
    (void)arg;
    while (running) { // bound: until the queue is done
        sum += get_int();
        rill_queue_task_done(&q);
    }
    return 0;
}

// Two workers; what they processed is everything when join() returns.
static int test_task_done_main(void *arg)
{
    rill_group_t group = RILL_GROUP_INIT(NULL);
    (void)arg;
    for (int i = 0; i < ITEMS; i++) {
        put_nowait(i);
    }
    sum = 0;
    running = true;
    rill_group_begin(&group);
    rill_group_spawn(&group, &pool, worker, NULL, NULL);
    rill_group_spawn(&group, &pool, worker, NULL, NULL);
    CHECK_EQ(rill_queue_join(&q), 0);
    CHECK_EQ(sum, ITEMS * (ITEMS - 1) / 2);
    running = false;
    put_nowait(0);
    put_nowait(0);
    return rill_group_end(&group, 0);
}

TEST(test_task_done)
{
    play_kinds(ITEMS, test_task_done_main);
}

static int test_join_empty_queue_main(void *arg)
{
    CHECK_EQ(joiner(arg), 0);
    CHECK_EQ(joiner(arg), 0);
    return 0;
}

TEST(test_join_empty_queue)
{
    play_kinds(1, test_join_empty_queue_main);
}

static void check_shut_down(void)
{
    int item = 0;
    CHECK_EQ(put_int(1), RILL_ESHUTDOWN);
    CHECK_EQ(put_nowait(1), RILL_ESHUTDOWN);
    CHECK_EQ(get_int(), RILL_ESHUTDOWN);
    CHECK_EQ(rill_queue_get_nowait(&q, &item), RILL_ESHUTDOWN);
}

static int test_shutdown_empty_main(void *arg)
{
    rill_task_t get_task = spawn(getter, NULL);
    rill_yield();
    rill_queue_shutdown(&q, false);
    CHECK_EQ(rill_queue_size(&q), 0);
    CHECK_EQ(joiner(arg), 0);
    rill_yield();
    CHECK(done(get_task));
    CHECK_EQ(wait_end(get_task), RILL_ESHUTDOWN);
    check_shut_down();
    return 0;
}

TEST(test_shutdown_empty)
{
    play_kinds(4, test_shutdown_empty_main);
}

static int test_shutdown_nonempty_main(void *arg)
{
    (void)arg;
    put_nowait(7);
    rill_task_t join_task = spawn(joiner, NULL);
    rill_task_t put_task = spawn(putter, PTR(8));
    rill_yield();
    CHECK(!done(put_task));
    rill_queue_shutdown(&q, false);
    CHECK_EQ(rill_queue_size(&q), 1);
    rill_yield();
    CHECK(done(put_task));
    CHECK_EQ(wait_end(put_task), RILL_ESHUTDOWN);
    CHECK_EQ(get_int(), 7);
    rill_yield();
    CHECK(!done(join_task));
    check_shut_down();
    CHECK_EQ(rill_queue_task_done(&q), 0);
    rill_yield();
    CHECK(done(join_task));
    CHECK_EQ(wait_end(join_task), 0);
    CHECK_EQ(rill_queue_task_done(&q), RILL_EINVAL);
    return 0;
}

TEST(test_shutdown_nonempty)
{
    play_kinds(1, test_shutdown_nonempty_main);
}

static int test_shutdown_immediate_main(void *arg)
{
    (void)arg;
    put_nowait(7);
    rill_task_t join_task = spawn(joiner, NULL);
    rill_queue_shutdown(&q, true);
    CHECK_EQ(rill_queue_size(&q), 0);
    rill_yield();
    CHECK(done(join_task));
    CHECK_EQ(wait_end(join_task), 0);
    check_shut_down();
    CHECK_EQ(rill_queue_task_done(&q), RILL_EINVAL);
    return 0;
}

TEST(test_shutdown_immediate)
{
    play_kinds(4, test_shutdown_immediate_main);
}

static int test_shutdown_immediate_with_unfinished_main(void *arg)
{
    (void)arg;
    put_nowait(7);
    put_nowait(7);
    rill_task_t join_task = spawn(joiner, NULL);
    CHECK_EQ(get_int(), 7);
    rill_queue_shutdown(&q, true);
    CHECK_EQ(rill_queue_size(&q), 0);
    rill_yield();
    CHECK(!done(join_task));
    check_shut_down();
    CHECK_EQ(rill_queue_task_done(&q), 0);
    CHECK_EQ(rill_queue_task_done(&q), RILL_EINVAL);
    rill_yield();
    CHECK(done(join_task));
    return wait_end(join_task);
}

TEST(test_shutdown_immediate_with_unfinished)
{
    play_kinds(4, test_shutdown_immediate_with_unfinished_main);
}

TEST_MAIN("cpython_queues_3",
    TEST_CASE(test_order_lifo),
    TEST_CASE(test_order_priority),
    TEST_CASE(test_task_done_underflow),
    TEST_CASE(test_task_done),
    TEST_CASE(test_join_empty_queue),
    TEST_CASE(test_shutdown_empty),
    TEST_CASE(test_shutdown_nonempty),
    TEST_CASE(test_shutdown_immediate),
    TEST_CASE(test_shutdown_immediate_with_unfinished))
