// CPython 3.13 test_locks.py, SemaphoreTests: rules SM1-SM7.
// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
#include <rill/gather.h>
#include <rill/group.h>
#include <rill/semaphore.h>
#include <rill/timeout.h>

#include "misc.h"

static rill_semaphore_t sem;

static void play_with(unsigned permits, rill_fn_t main_fn)
{
    CHECK_EQ(rill_semaphore_init(&sem, permits), 0);
    play(main_fn);
}

static int acquire(void *arg)
{
    (void)arg;
    return rill_semaphore_acquire(&sem);
}

static void release(void)
{
    CHECK_EQ(rill_semaphore_release(&sem), 0);
}

static int acquire_and_add(void *item)
{
    int code = rill_semaphore_acquire(&sem);
    if (code == 0) {
        add(*(const char *)item);
    }
    return code == 0 ? 1 : code;
}

static int gather_tasks(const rill_task_t *tasks, unsigned n, unsigned flags)
{
    static rill_awaitable_t children[4];
    memset(children, 0, sizeof children);
    for (unsigned i = 0; i < n; i++) {
        children[i].future = rill_task_future(tasks[i]);
    }
    return rill_gather(children, n, flags);
}

TEST(test_initial_value_zero)
{
    rill_semaphore_t zero = RILL_SEMAPHORE_INIT(0);
    CHECK(rill_semaphore_locked(&zero));
}

// `await sem` is a type error: here the compiler's.
_Static_assert(!__builtin_types_compatible_p(rill_semaphore_t *, rill_future_t *), "a semaphore is not awaitable");

TEST(test_semaphore)
{
    rill_semaphore_t one = RILL_SEMAPHORE_INIT(1);
    CHECK_EQ(rill_semaphore_value(&one), 1);
    CHECK(!rill_semaphore_locked(&one));
}

TEST(test_semaphore_value)
{
    CHECK_EQ(rill_semaphore_init(&sem, (unsigned)-1), RILL_EINVAL);
}

static int test_acquire_main(void *arg)
{
    CHECK_EQ(acquire(arg), 0);
    CHECK_EQ(acquire(arg), 0);
    CHECK(!rill_semaphore_locked(&sem));
    rill_task_t t1 = spawn(acquire_and_add, "1");
    rill_task_t race[3] = { spawn(acquire_and_add, "2"), spawn(acquire_and_add, "3"), RILL_NO_TASK };
    rill_yield();
    RESULTS("1");
    CHECK(rill_semaphore_locked(&sem));
    CHECK_EQ(rill_semaphore_value(&sem), 0);
    race[2] = spawn(acquire_and_add, "4");
    release();
    release();
    CHECK_EQ(rill_semaphore_value(&sem), 0);
    rill_yield();
    CHECK_EQ(rill_semaphore_value(&sem), 0);
    CHECK_EQ(strlen(results), 3);
    CHECK(rill_semaphore_locked(&sem));
    CHECK(done(t1) && result_of(t1) == 1);
    CHECK_EQ(done(race[0]) + done(race[1]) + done(race[2]), 2);
    release();
    return gather_tasks(race, 3, 0);
}

TEST(test_acquire)
{
    play_with(3, test_acquire_main);
}

static int test_acquire_cancel_main(void *arg)
{
    acquire(arg);
    rill_task_t task = spawn(acquire, NULL);
    soon(cancel_it, &task);
    CHECK_EQ(wait_end(task), RILL_ECANCELED);
    CHECK(sem.waiters == NULL);
    return 0;
}

TEST(test_acquire_cancel)
{
    play_with(1, test_acquire_cancel_main);
}

static int test_acquire_cancel_before_awoken_main(void *arg)
{
    (void)arg;
    rill_task_t t1 = spawn(acquire, NULL);
    rill_task_t t2 = spawn(acquire, NULL);
    rill_task_t t3 = spawn(acquire, NULL);
    rill_task_t t4 = spawn(acquire, NULL);
    rill_yield();
    rill_task_cancel(t1);
    rill_task_cancel(t2);
    release();
    rill_yield();
    rill_yield();
    CHECK(done(t3));
    CHECK(!done(t4));
    rill_task_cancel(t3);
    rill_task_cancel(t4);
    rill_yield();
    return 0;
}

TEST(test_acquire_cancel_before_awoken)
{
    play_with(0, test_acquire_cancel_before_awoken_main);
}

static int test_acquire_hang_main(void *arg)
{
    (void)arg;
    rill_task_t t1 = spawn(acquire, NULL);
    rill_task_t t2 = spawn(acquire, NULL);
    rill_yield();
    rill_task_cancel(t1);
    release();
    rill_yield();
    rill_yield();
    CHECK(rill_semaphore_locked(&sem));
    CHECK(done(t2));
    return 0;
}

TEST(test_acquire_hang)
{
    play_with(0, test_acquire_hang_main);
}

static rill_task_t second;

static int hold_then_cancel(void *arg)
{
    if (CHECK(acquire(arg) == 0)) {
        rill_yield();
        release();
    }
    rill_task_cancel(second);
    return 0;
}

static int never_gets_it(void *arg)
{
    int code = acquire(arg);
    if (!CHECK(code != 0)) {
        release();
    }
    return code;
}

static int test_acquire_no_hang_main(void *arg)
{
    (void)arg;
    rill_task_t t1 = spawn(hold_then_cancel, NULL);
    second = spawn(never_gets_it, NULL);
    rill_task_t both[2] = { t1, second };
    CHECK_EQ(gather_tasks(both, 2, RILL_COLLECT), 0);
    CHECK_EQ(result_of(t1), 0);
    CHECK_EQ(result_of(second), RILL_ECANCELED);
    return rill_wait_for(rill_task_future(spawn(acquire, NULL)), RILL_MS(1000), NULL);
}

TEST(test_acquire_no_hang)
{
    play_with(1, test_acquire_no_hang_main);
}

TEST(test_release_not_acquired)
{
    rill_bounded_semaphore_t bounded;
    CHECK_EQ(rill_bounded_semaphore_init(&bounded, 1), 0);
    CHECK_EQ(rill_bounded_semaphore_release(&bounded), RILL_EINVAL);
}

static int test_release_no_waiters_main(void *arg)
{
    acquire(arg);
    CHECK(rill_semaphore_locked(&sem));
    release();
    CHECK(!rill_semaphore_locked(&sem));
    return 0;
}

TEST(test_release_no_waiters)
{
    play_with(1, test_release_no_waiters_main);
}

static int twice(void *items)
{
    for (int i = 0; i < 2; i++) {
        acquire(NULL);
        add(((const char *)items)[i]);
        rill_sleep_ms(10);
        release();
    }
    return 0;
}

static int test_acquire_fifo_order_main(void *arg)
{
    rill_group_t group = RILL_GROUP_INIT(NULL);
    (void)arg;
    rill_group_begin(&group);
    rill_group_spawn(&group, &pool, twice, "aA", NULL);
    rill_group_spawn(&group, &pool, twice, "bB", NULL);
    rill_group_spawn(&group, &pool, twice, "cC", NULL);
    CHECK_EQ(rill_group_end(&group, 0), 0);
    RESULTS("abcABC");
    return 0;
}

TEST(test_acquire_fifo_order)
{
    play_with(1, test_acquire_fifo_order_main);
}

static int acquire_again(void *arg)
{
    acquire(arg);
    add('2');
    release();
    acquire(arg);
    add('4');
    return 0;
}

static int test_acquire_fifo_order_2_main(void *arg)
{
    (void)arg;
    rill_task_t t1 = spawn(acquire_and_add, "1");
    rill_task_t t2 = spawn(acquire_again, NULL);
    rill_task_t tasks[3] = { t1, t2, spawn(acquire_and_add, "3") };
    rill_yield();
    release();
    release();
    CHECK_EQ(gather_tasks(tasks, 3, 0), 0);
    RESULTS("1234");
    return 0;
}

TEST(test_acquire_fifo_order_2)
{
    play_with(1, test_acquire_fifo_order_2_main);
}

static int test_acquire_fifo_order_3_main(void *arg)
{
    (void)arg;
    rill_task_t tasks[3];
    tasks[0] = spawn(acquire_and_add, "1");
    tasks[1] = spawn(acquire_and_add, "2");
    tasks[2] = spawn(acquire_and_add, "3");
    rill_yield();
    rill_task_cancel(tasks[0]);
    rill_yield();
    release();
    release();
    CHECK_EQ(gather_tasks(tasks, 3, RILL_COLLECT), 0);
    RESULTS("23");
    return 0;
}

TEST(test_acquire_fifo_order_3)
{
    play_with(0, test_acquire_fifo_order_3_main);
}

static rill_task_t fourth;

static int just_add(void *item)
{
    add(*(const char *)item);
    return 1;
}

// Woken by c2. When it resumes it has woken all that wait.
static int c1(void *arg)
{
    CHECK_EQ(rill_semaphore_value(&sem), 0);
    acquire(arg);
    CHECK_EQ(rill_semaphore_value(&sem), 0);
    fourth = spawn(just_add, "4"); // after c3
    add('1');
    return 1;
}

static int c2(void *arg)
{
    release();
    release();
    release();
    CHECK_EQ(rill_semaphore_value(&sem), 2);
    CHECK(rill_semaphore_locked(&sem)); // c1 has not resumed
    acquire(arg);
    add('2');
    return 1;
}

static int c3(void *arg)
{
    acquire(arg);
    CHECK(rill_semaphore_locked(&sem));
    add('3');
    return 1;
}

static int test_acquire_fifo_order_4_main(void *arg)
{
    rill_task_t tasks[4];
    (void)arg;
    tasks[0] = spawn(c1, NULL);
    tasks[1] = spawn(c2, NULL);
    tasks[2] = spawn(c3, NULL);
    rill_yield();
    CHECK_EQ(rill_semaphore_value(&sem), 2);
    rill_yield();
    tasks[3] = fourth;
    CHECK_EQ(gather_tasks(tasks, 4, 0), 0);
    RESULTS("1234");
    return 0;
}

TEST(test_acquire_fifo_order_4)
{
    play_with(0, test_acquire_fifo_order_4_main);
}

TEST_MAIN("cpython_locks_semaphore",
    TEST_CASE(test_initial_value_zero),
    TEST_CASE(test_semaphore),
    TEST_CASE(test_semaphore_value),
    TEST_CASE(test_acquire),
    TEST_CASE(test_acquire_cancel),
    TEST_CASE(test_acquire_cancel_before_awoken),
    TEST_CASE(test_acquire_hang),
    TEST_CASE(test_acquire_no_hang),
    TEST_CASE(test_release_not_acquired),
    TEST_CASE(test_release_no_waiters),
    TEST_CASE(test_acquire_fifo_order),
    TEST_CASE(test_acquire_fifo_order_2),
    TEST_CASE(test_acquire_fifo_order_3),
    TEST_CASE(test_acquire_fifo_order_4))
