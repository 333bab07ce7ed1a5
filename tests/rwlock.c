// rill-test: min-ram=16
// Reader-writer lock: who gets in with whom, in which order, whatever is cancelled.
#include <rill/rwlock.h>

#include "beyond.h"

static rill_rwlock_t lock;

static int run_fresh(rill_fn_t fn)
{
    lock = (rill_rwlock_t)RILL_RWLOCK_INIT;
    int error = run(fn);
    CHECK(lock.waiters == NULL);
    CHECK_EQ(rill_rwlock_readers(&lock), 0);
    CHECK(!rill_rwlock_writing(&lock));
    return error;
}

// "r1", "w2": takes the lock, holds it for 10 ms.
static int holder(void *arg)
{
    const char *name = arg;
    bool write = name[0] == 'w';
    int error = write ? rill_rwlock_acquire_write(&lock) : rill_rwlock_acquire_read(&lock);
    ev("%s %d", name, error);
    if (error != RILL_OK) {
        return error;
    }
    CHECK(write ? rill_rwlock_writing(&lock) && rill_rwlock_readers(&lock) == 0 : !rill_rwlock_writing(&lock));
    error = rill_sleep_ms(10);
    ev("%s out", name);
    CHECK_EQ(write ? rill_rwlock_release_write(&lock) : rill_rwlock_release_read(&lock), 0);
    return error;
}

static void join_all(rill_task_t *tasks, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        rill_join(tasks[i], NULL);
    }
}

static int mixed(void *arg)
{
    (void)arg;
    rill_task_t tasks[] = { spawn(holder, "r1"), spawn(holder, "r2"), spawn(holder, "w3"), spawn(holder, "r4"),
                            spawn(holder, "r5") };
    join_all(tasks, 5);
    return 0;
}

TEST(readers_together_writer_alone)
{
    CHECK_EQ(run_fresh(mixed), 0);
    trace_is("0 r1 0\n0 r2 0\n10 r1 out\n10 r2 out\n10 w3 0\n20 w3 out\n20 r4 0\n20 r5 0\n30 r4 out\n30 r5 out\n");
}

// A reader that comes while a writer waits stands behind it; readers that wait are not starved by later writers.
static int late_reader(void *arg)
{
    (void)arg;
    rill_task_t tasks[4] = { spawn(holder, "r1") };
    rill_sleep_ms(2);
    tasks[1] = spawn(holder, "w2");
    rill_sleep_ms(2);
    tasks[2] = spawn(holder, "r3");
    tasks[3] = spawn(holder, "w4");
    rill_yield();
    CHECK_EQ(rill_rwlock_try_read(&lock), RILL_EAGAIN);
    join_all(tasks, 4);
    return 0;
}

TEST(order_of_arrival)
{
    CHECK_EQ(run_fresh(late_reader), 0);
    trace_is("0 r1 0\n10 r1 out\n10 w2 0\n20 w2 out\n20 r3 0\n30 r3 out\n30 w4 0\n40 w4 out\n");
}

// The lock is the waiter's from the moment of the release: nobody takes it in between.
static int no_barging(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_rwlock_acquire_write(&lock), 0);
    rill_task_t task = spawn(holder, "w1");
    rill_yield();
    CHECK_EQ(rill_rwlock_release_write(&lock), 0);
    CHECK(rill_rwlock_writing(&lock));
    CHECK_EQ(rill_rwlock_try_write(&lock), RILL_EAGAIN);
    CHECK_EQ(rill_rwlock_try_read(&lock), RILL_EAGAIN);
    return rill_join(task, NULL);
}

TEST(handed_over_not_thrown_up)
{
    CHECK_EQ(run_fresh(no_barging), 0);
    trace_is("0 w1 0\n10 w1 out\n");
}

// ---- cancellation

static int cancel_waiting_writer(void *arg)
{
    (void)arg;
    rill_task_t tasks[] = { spawn(holder, "r1"), spawn(holder, "w2"), spawn(holder, "r3"), spawn(holder, "r4") };
    rill_sleep_ms(3);
    rill_task_cancel(tasks[1]); // r3 and r4 join r1 at once
    join_all(tasks, 4);
    return 0;
}

TEST(writer_that_gives_up_lets_readers_in)
{
    CHECK_EQ(run_fresh(cancel_waiting_writer), 0);
    trace_is("0 r1 0\n3 w2 -125\n3 r3 0\n3 r4 0\n10 r1 out\n13 r3 out\n13 r4 out\n");
}

static int cancel_handed(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_rwlock_acquire_write(&lock), 0);
    rill_task_t tasks[] = { spawn(holder, "w1"), spawn(holder, "r2"), spawn(holder, "r3") };
    rill_yield();
    CHECK_EQ(rill_rwlock_release_write(&lock), 0);
    rill_task_cancel(tasks[0]); // it has the lock and has not resumed
    join_all(tasks, 3);
    CHECK_EQ(rill_rwlock_acquire_write(&lock), 0);
    rill_task_t reader = spawn(holder, "r4");
    rill_task_t writer = spawn(holder, "w5");
    rill_yield();
    CHECK_EQ(rill_rwlock_release_write(&lock), 0);
    rill_task_cancel(reader);
    rill_join(reader, NULL);
    return rill_join(writer, NULL);
}

TEST(cancelled_owner_passes_it_on)
{
    CHECK_EQ(run_fresh(cancel_handed), 0);
    trace_is("0 w1 -125\n0 r2 0\n0 r3 0\n10 r2 out\n10 r3 out\n10 r4 -125\n10 w5 0\n20 w5 out\n");
}

static int cancel_in_the_middle(void *arg)
{
    (void)arg;
    rill_task_t tasks[] = { spawn(holder, "w1"), spawn(holder, "r2"), spawn(holder, "w3"), spawn(holder, "r4") };
    rill_sleep_ms(1);
    rill_task_cancel(tasks[2]);
    rill_task_cancel(tasks[1]);
    join_all(tasks, 4);
    return 0;
}

TEST(cancelled_waiters_leave)
{
    CHECK_EQ(run_fresh(cancel_in_the_middle), 0);
    trace_is("0 w1 0\n1 w3 -125\n1 r2 -125\n10 w1 out\n10 r4 0\n20 r4 out\n");
}

// ---- the rest

static int downgrade(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_rwlock_acquire_write(&lock), 0);
    rill_task_t tasks[] = { spawn(holder, "r1"), spawn(holder, "w2") };
    rill_yield();
    CHECK_EQ(rill_rwlock_downgrade(&lock), 0);
    CHECK_EQ(rill_rwlock_readers(&lock), 2);
    CHECK_EQ(rill_rwlock_downgrade(&lock), RILL_EPERM);
    rill_sleep_ms(15);
    CHECK_EQ(rill_rwlock_release_read(&lock), 0);
    join_all(tasks, 2);
    return 0;
}

TEST(writer_becomes_reader)
{
    CHECK_EQ(run_fresh(downgrade), 0);
    trace_is("0 r1 0\n10 r1 out\n15 w2 0\n25 w2 out\n");
}

static int wait_in_callback(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_rwlock_acquire_read(&lock), RILL_EPERM);
    CHECK_EQ(rill_rwlock_acquire_write(&lock), RILL_EPERM);
    CHECK_EQ(rill_rwlock_try_write(&lock), RILL_EAGAIN);
    errors++;
    return 0;
}

static int wrong(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_rwlock_acquire_read(NULL), RILL_EINVAL);
    CHECK_EQ(rill_rwlock_acquire_write(NULL), RILL_EINVAL);
    CHECK_EQ(rill_rwlock_release_read(NULL), RILL_EINVAL);
    CHECK_EQ(rill_rwlock_downgrade(NULL), RILL_EINVAL);
    CHECK_EQ(rill_rwlock_readers(NULL), 0);
    CHECK_EQ(rill_rwlock_release_read(&lock), RILL_EPERM);
    CHECK_EQ(rill_rwlock_release_write(&lock), RILL_EPERM);
    for (unsigned i = 0; i < UINT16_MAX; i++) {
        rill_rwlock_try_read(&lock);
    }
    CHECK_EQ(rill_rwlock_readers(&lock), UINT16_MAX);
    CHECK_EQ(rill_rwlock_try_read(&lock), RILL_EOVERFLOW);
    CHECK_EQ(rill_rwlock_acquire_read(&lock), RILL_EOVERFLOW);
    while (rill_rwlock_readers(&lock) > 0) {
        rill_rwlock_release_read(&lock);
    }
    CHECK_EQ(rill_rwlock_acquire_write(&lock), 0);
    CHECK_EQ(rill_rwlock_release_read(&lock), RILL_EPERM);
    in_callback(wait_in_callback, NULL);
    return rill_rwlock_release_write(&lock);
}

TEST(wrong_calls_are_refused)
{
    CHECK_EQ(run_fresh(wrong), 0);
}

// ---- many tasks at random, against the rule that it is readers or one writer

static uint32_t random_state = 7;
static int inside_read, inside_write, served;

static uint32_t next_random(void)
{
    random_state = random_state * 1664525u + 1013904223u;
    return random_state >> 16;
}

static int visit(bool write)
{
    int error = write ? rill_rwlock_acquire_write(&lock) : rill_rwlock_acquire_read(&lock);
    if (error != RILL_OK) {
        return error;
    }
    *(write ? &inside_write : &inside_read) += 1;
    CHECK(inside_write == 0 || (inside_write == 1 && inside_read == 0));
    error = rill_sleep_us(next_random() % 50);
    *(write ? &inside_write : &inside_read) -= 1;
    served++;
    (void)(write ? rill_rwlock_release_write(&lock) : rill_rwlock_release_read(&lock));
    return error;
}

static int visitor(void *arg)
{
    (void)arg;
    for (int i = 0; i < 100; i++) {
        rill_timeout_t limit = { 0 };
        rill_timeout_begin(&limit, next_random() % 120);
        rill_timeout_end(&limit, visit(next_random() % 3 == 0));
        rill_sleep_us(next_random() % 30);
    }
    return 0;
}

static int crowd(void *arg)
{
    (void)arg;
    rill_task_t tasks[TASKS - 1];
    for (unsigned i = 0; i < TASKS - 1; i++) {
        tasks[i] = spawn(visitor, NULL);
    }
    join_all(tasks, TASKS - 1);
    return 0;
}

TEST(random_visits_and_time_limits)
{
    CHECK_EQ(run_fresh(crowd), 0);
    CHECK(served > 200 && served < 500);
}

TEST_MAIN("rwlock", TEST_CASE(readers_together_writer_alone), TEST_CASE(order_of_arrival),
          TEST_CASE(handed_over_not_thrown_up), TEST_CASE(writer_that_gives_up_lets_readers_in),
          TEST_CASE(cancelled_owner_passes_it_on), TEST_CASE(cancelled_waiters_leave), TEST_CASE(writer_becomes_reader),
          TEST_CASE(wrong_calls_are_refused), TEST_CASE(random_visits_and_time_limits))
