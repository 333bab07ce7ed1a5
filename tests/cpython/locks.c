// CPython 3.13 test_locks.py, LockTests: rules LK1-LK5.
// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
#include <rill/condition.h>
#include <rill/lock.h>
#include <rill/semaphore.h>

#include "misc.h"

static rill_lock_t lock;

static void play_lock(rill_fn_t main_fn)
{
    lock = (rill_lock_t){ 0 };
    play(main_fn);
}

static int acquire(void *arg)
{
    (void)arg;
    return rill_lock_acquire(&lock);
}

static int release(void *arg)
{
    (void)arg;
    return rill_lock_release(&lock);
}

// `await lock` is a type error: here the compiler's.
_Static_assert(!__builtin_types_compatible_p(rill_lock_t *, rill_future_t *), "a lock is not awaitable");
_Static_assert(!__builtin_types_compatible_p(rill_condition_t *, rill_future_t *), "a condition is not awaitable");
_Static_assert(!__builtin_types_compatible_p(rill_semaphore_t *, rill_future_t *), "a semaphore is not awaitable");

static int test_lock_main(void *arg)
{
    (void)arg;
    CHECK(!rill_lock_locked(&lock));
    return 0;
}

TEST(test_lock)
{
    play_lock(test_lock_main);
}

static int test_lock_by_with_statement_main(void *arg)
{
    rill_semaphore_t semaphore = RILL_SEMAPHORE_INIT(1);
    rill_bounded_semaphore_t bounded;
    (void)arg;
    rill_bounded_semaphore_init(&bounded, 1);
    rill_sleep_ms(10);
    CHECK(!rill_lock_locked(&lock));
    CHECK(!rill_semaphore_locked(&semaphore));
    CHECK(!rill_semaphore_locked(&bounded.semaphore));
    return 0;
}

TEST(test_lock_by_with_statement)
{
    play_lock(test_lock_by_with_statement_main);
}

static int acquire_and_add(void *item)
{
    if (rill_lock_acquire(&lock) == 0) {
        add(*(const char *)item);
    }
    return 1;
}

static int test_acquire_main(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_lock_acquire(&lock), 0);
    rill_task_t t1 = spawn(acquire_and_add, "1");
    rill_task_t t2 = spawn(acquire_and_add, "2");
    rill_yield();
    RESULTS("");
    rill_lock_release(&lock);
    rill_yield();
    RESULTS("1");
    rill_yield();
    RESULTS("1");
    rill_task_t t3 = spawn(acquire_and_add, "3");
    rill_lock_release(&lock);
    rill_yield();
    RESULTS("12");
    rill_lock_release(&lock);
    rill_yield();
    RESULTS("123");
    CHECK(done(t1) && result_of(t1) == 1);
    CHECK(done(t2) && result_of(t2) == 1);
    CHECK(done(t3) && result_of(t3) == 1);
    return 0;
}

TEST(test_acquire)
{
    play_lock(test_acquire_main);
}

static int test_acquire_cancel_main(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_lock_acquire(&lock), 0);
    rill_task_t task = spawn(acquire, NULL);
    soon(cancel_it, &task);
    CHECK_EQ(wait_end(task), RILL_ECANCELED);
    CHECK(lock.waiters == NULL);
    return 0;
}

TEST(test_acquire_cancel)
{
    play_lock(test_acquire_cancel_main);
}

static int lock_it(void *blocker)
{
    int code = rill_lock_acquire(&lock);
    if (code == 0) {
        code = blocker != NULL ? rill_await(blocker, NULL) : 0;
        rill_lock_release(&lock);
    }
    return code;
}

// A has the lock, B and C wait; B is cancelled when A releases.
static int test_cancel_race_main(void *arg)
{
    rill_future_t fa = RILL_FUTURE_INIT;
    (void)arg;
    rill_task_t ta = spawn(lock_it, &fa);
    rill_yield();
    CHECK(rill_lock_locked(&lock));
    rill_task_t tb = spawn(lock_it, NULL);
    rill_yield();
    rill_task_t tc = spawn(lock_it, NULL);
    rill_yield();
    rill_future_set_result(&fa, 0);
    rill_task_cancel(tb);
    rill_yield();
    CHECK(!rill_lock_locked(&lock));
    CHECK(done(ta));
    CHECK(cancelled(tb));
    return wait_end(tc);
}

TEST(test_cancel_race)
{
    play_lock(test_cancel_race_main);
}

static rill_task_t first;

static int count_locks(void *arg)
{
    (void)arg;
    add('c');
    int code = rill_lock_acquire(&lock);
    if (code == 0) {
        add('l');
    }
    return code;
}

static int cancel_and_release(void *arg)
{
    (void)arg;
    rill_task_cancel(first);
    return rill_lock_release(&lock);
}

// bpo-32734: two locks were taken at once.
static int test_cancel_release_race_main(void *arg)
{
    (void)arg;
    rill_lock_acquire(&lock);
    first = spawn(count_locks, NULL);
    rill_task_t t2 = spawn(count_locks, NULL);
    rill_task_t t3 = spawn(count_locks, NULL);
    rill_yield();
    soon(cancel_and_release, NULL);
    CHECK_EQ(wait_end(first), RILL_ECANCELED);
    CHECK_EQ(count_of('l'), 1);
    CHECK_EQ(count_of('c'), 3);
    CHECK(cancelled(first) && done(t2));
    rill_task_cancel(t3);
    rill_yield();
    CHECK(cancelled(t3));
    return 0;
}

TEST(test_cancel_release_race)
{
    play_lock(test_cancel_release_race_main);
}

static int test_finished_waiter_cancelled_main(void *arg)
{
    (void)arg;
    rill_lock_acquire(&lock);
    CHECK(rill_lock_locked(&lock));
    rill_task_t tb = spawn(acquire, NULL);
    rill_yield();
    rill_task_t tc = spawn(acquire, NULL);
    rill_task_cancel(tb);
    rill_lock_release(&lock);
    rill_yield();
    CHECK(rill_lock_locked(&lock));
    CHECK(cancelled(tb));
    return wait_end(tc);
}

TEST(test_finished_waiter_cancelled)
{
    play_lock(test_finished_waiter_cancelled_main);
}

static int test_release_not_acquired_main(void *arg)
{
    CHECK_EQ(release(arg), RILL_EPERM);
    return 0;
}

TEST(test_release_not_acquired)
{
    play_lock(test_release_not_acquired_main);
}

static int test_release_no_waiters_main(void *arg)
{
    rill_lock_acquire(&lock);
    CHECK(rill_lock_locked(&lock));
    CHECK_EQ(release(arg), 0);
    CHECK(!rill_lock_locked(&lock));
    return 0;
}

TEST(test_release_no_waiters)
{
    play_lock(test_release_no_waiters_main);
}

// `async with` in C: acquire, and release on the way out.
static int test_context_manager_main(void *arg)
{
    (void)arg;
    CHECK(!rill_lock_locked(&lock));
    if (CHECK(rill_lock_acquire(&lock) == 0)) {
        CHECK(rill_lock_locked(&lock));
        rill_lock_release(&lock);
    }
    CHECK(!rill_lock_locked(&lock));
    return 0;
}

TEST(test_context_manager)
{
    play_lock(test_context_manager_main);
}

TEST_MAIN("cpython_locks",
    TEST_CASE(test_lock),
    TEST_CASE(test_lock_by_with_statement),
    TEST_CASE(test_acquire),
    TEST_CASE(test_acquire_cancel),
    TEST_CASE(test_cancel_race),
    TEST_CASE(test_cancel_release_race),
    TEST_CASE(test_finished_waiter_cancelled),
    TEST_CASE(test_release_not_acquired),
    TEST_CASE(test_release_no_waiters),
    TEST_CASE(test_context_manager))
