// CPython 3.13 test_queues.py, QueuePutTests: rules Q1-Q8.
// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
#include <rill/event.h>
#include <rill/group.h>

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

static int test_blocking_put_main(void *arg)
{
    (void)arg;
    CHECK_EQ(put_int(1), 0);
    CHECK_EQ(get_int(), 1);
    return 0;
}

TEST(test_blocking_put)
{
    play_with(8, test_blocking_put_main);
}

static rill_event_t started;

static int put_two(void *arg)
{
    (void)arg;
    rill_event_set(&started);
    put_int(1);
    put_int(2);
    add('f');
    return 0;
}

static int get_soon(void *arg)
{
    (void)arg;
    return get_nowait() < 0;
}

static int test_blocking_put_wait_main(void *arg)
{
    (void)arg;
    started = (rill_event_t){ 0 };
    later(10, get_soon, NULL);
    rill_task_t task = spawn(put_two, NULL);
    rill_event_wait(&started);
    RESULTS("");
    CHECK_EQ(wait_end(task), 0);
    RESULTS("f");
    return 0;
}

TEST(test_blocking_put_wait)
{
    play_with(1, test_blocking_put_wait_main);
}

TEST(test_nonblocking_put)
{
    make(8);
    CHECK_EQ(put_nowait(1), 0);
    CHECK_EQ(get_nowait(), 1);
}

static int test_get_cancel_drop_one_pending_reader_main(void *arg)
{
    (void)arg;
    rill_task_t reader = spawn(getter, NULL);
    rill_yield();
    put_nowait(1);
    put_nowait(2);
    rill_task_cancel(reader);
    if (wait_end(reader) == RILL_ECANCELED) {
        reader = spawn(getter, NULL);
        CHECK_EQ(wait_end(reader), 0);
    }
    CHECK_EQ(result_of(reader), 1); // 2: 1 was dropped
    return 0;
}

TEST(test_get_cancel_drop_one_pending_reader)
{
    play_with(8, test_get_cancel_drop_one_pending_reader_main);
}

static int test_get_cancel_drop_many_pending_readers_main(void *arg)
{
    rill_group_t group = RILL_GROUP_INIT(NULL);
    rill_task_t reader[3];
    (void)arg;
    rill_group_begin(&group);
    for (unsigned i = 0; i < 3; i++) {
        rill_group_spawn(&group, &pool, getter, NULL, &reader[i]);
    }
    rill_yield();
    put_nowait(1);
    put_nowait(2);
    rill_task_cancel(reader[0]);
    CHECK_EQ(wait_end(reader[0]), RILL_ECANCELED);
    CHECK_EQ(wait_end(reader[2]), 0);
    CHECK_EQ(rill_group_end(&group, 0), 0);
    CHECK_EQ(1 << result_of(reader[1]) | 1 << result_of(reader[2]), 1 << 1 | 1 << 2);
    return 0;
}

TEST(test_get_cancel_drop_many_pending_readers)
{
    play_with(8, test_get_cancel_drop_many_pending_readers_main);
}

static int test_put_cancel_drop_main(void *arg)
{
    (void)arg;
    put_nowait(1);
    rill_task_t writer = spawn(putter, PTR(2));
    rill_yield();
    CHECK_EQ(get_nowait(), 1);
    rill_task_cancel(writer);
    if (wait_end(writer) == RILL_ECANCELED) {
        CHECK_EQ(wait_end(spawn(putter, PTR(2))), 0);
    }
    CHECK_EQ(get_nowait(), 2);
    CHECK_EQ(rill_queue_size(&q), 0);
    return 0;
}

TEST(test_put_cancel_drop)
{
    play_with(1, test_put_cancel_drop_main);
}

TEST(test_nonblocking_put_exception)
{
    make(1);
    CHECK_EQ(put_nowait(1), 0);
    CHECK_EQ(put_nowait(2), RILL_EQFULL);
}

static int put_then_one(void *arg)
{
    (void)arg;
    put_int(1);
    return 1;
}

static int test_put_cancelled_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(put_then_one, NULL);
    CHECK_EQ(get_int(), 1);
    CHECK(done(t) && result_of(t) == 1);
    return 0;
}

TEST(test_put_cancelled)
{
    play_with(8, test_put_cancelled_main);
}

static int test_put_cancelled_race_main(void *arg)
{
    (void)arg;
    rill_task_t put_a = spawn(putter, PTR('a'));
    rill_task_t put_b = spawn(putter, PTR('b'));
    rill_task_t put_c = spawn(putter, PTR('X'));
    rill_yield();
    CHECK(done(put_a));
    CHECK(!done(put_b));
    rill_task_cancel(put_c);
    rill_yield();
    CHECK(done(put_c));
    CHECK_EQ(get_nowait(), 'a');
    rill_yield();
    CHECK_EQ(get_nowait(), 'b');
    return wait_end(put_b);
}

TEST(test_put_cancelled_race)
{
    play_with(1, test_put_cancelled_race_main);
}

static int test_put_with_waiting_getters_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(getter, NULL);
    rill_yield();
    put_int('a');
    CHECK_EQ(wait_end(t), 0);
    CHECK_EQ(result_of(t), 'a');
    return 0;
}

TEST(test_put_with_waiting_getters)
{
    play_with(8, test_put_with_waiting_getters_main);
}

static int drain(void *arg)
{
    (void)arg;
    rill_yield();
    for (unsigned n = rill_queue_size(&q); n > 0; n--) {
        CHECK(get_nowait() >= 0);
    }
    return 0;
}

static int test_why_are_putters_waiting_main(void *arg)
{
    rill_group_t group = RILL_GROUP_INIT(NULL);
    (void)arg;
    rill_group_begin(&group);
    rill_group_spawn(&group, &pool, drain, NULL, NULL);
    for (int i = 0; i < 4; i++) {
        rill_group_spawn(&group, &pool, putter, PTR(i), NULL);
    }
    return rill_group_end(&group, 0);
}

TEST(test_why_are_putters_waiting)
{
    play_with(2, test_why_are_putters_waiting_main);
}

static int test_cancelled_puts_not_being_held_in_self_putters_main(void *arg)
{
    (void)arg;
    put_nowait(1);
    rill_task_t task = spawn(putter, PTR(1));
    rill_yield();
    CHECK(q.putters != NULL);
    rill_task_cancel(task);
    CHECK_EQ(wait_end(task), RILL_ECANCELED);
    CHECK(q.putters == NULL);
    return 0;
}

TEST(test_cancelled_puts_not_being_held_in_self_putters)
{
    play_with(1, test_cancelled_puts_not_being_held_in_self_putters_main);
}

// The room the getter made is there although the cancelled putter had been woken for it.
static int test_cancelled_put_silence_value_error_exception_main(void *arg)
{
    (void)arg;
    put_nowait(1);
    rill_task_t task = spawn(putter, PTR(1));
    rill_yield();
    CHECK_EQ(get_nowait(), 1);
    rill_task_cancel(task);
    CHECK_EQ(wait_end(task), RILL_ECANCELED);
    CHECK_EQ(rill_queue_size(&q), 0);
    return 0;
}

TEST(test_cancelled_put_silence_value_error_exception)
{
    play_with(1, test_cancelled_put_silence_value_error_exception_main);
}

TEST_MAIN("cpython_queues_2",
    TEST_CASE(test_blocking_put),
    TEST_CASE(test_blocking_put_wait),
    TEST_CASE(test_nonblocking_put),
    TEST_CASE(test_get_cancel_drop_one_pending_reader),
    TEST_CASE(test_get_cancel_drop_many_pending_readers),
    TEST_CASE(test_put_cancel_drop),
    TEST_CASE(test_nonblocking_put_exception),
    TEST_CASE(test_put_cancelled),
    TEST_CASE(test_put_cancelled_race),
    TEST_CASE(test_put_with_waiting_getters),
    TEST_CASE(test_why_are_putters_waiting),
    TEST_CASE(test_cancelled_puts_not_being_held_in_self_putters),
    TEST_CASE(test_cancelled_put_silence_value_error_exception))
