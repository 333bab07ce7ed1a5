// CPython 3.13 test_locks.py, ConditionTests: rules CD1-CD7.
// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
#include <rill/condition.h>
#include <rill/timeout.h>

#include "misc.h"

static rill_lock_t lock;
static rill_condition_t condition = { NULL, &lock };
static int state; // what the predicates look at

static void play_condition(rill_fn_t main_fn)
{
    lock = (rill_lock_t){ 0 };
    condition = (rill_condition_t){ NULL, &lock };
    state = 0;
    play(main_fn);
}

static int locked(void)
{
    return rill_lock_locked(condition.lock);
}

static int acquire(void)
{
    return rill_lock_acquire(condition.lock);
}

static int release(void)
{
    return rill_lock_release(condition.lock);
}

static int wait_and_add(void *item)
{
    acquire();
    if (rill_condition_wait(&condition) == 0) {
        add(*(const char *)item);
    }
    return 1;
}

static int test_wait_main(void *arg)
{
    (void)arg;
    rill_task_t t1 = spawn(wait_and_add, "1");
    rill_task_t t2 = spawn(wait_and_add, "2");
    rill_task_t t3 = spawn(wait_and_add, "3");
    rill_yield();
    RESULTS("");
    CHECK(!locked());
    CHECK_EQ(acquire(), 0);
    rill_condition_notify(&condition, 1);
    rill_yield();
    RESULTS("");
    CHECK(locked());
    release();
    rill_yield();
    RESULTS("1");
    CHECK(locked());
    rill_condition_notify(&condition, 2);
    rill_yield();
    RESULTS("1");
    CHECK(locked());
    release();
    rill_yield();
    RESULTS("12");
    CHECK(locked());
    release();
    rill_yield();
    RESULTS("123");
    CHECK(locked());
    CHECK(done(t1) && result_of(t1) == 1);
    CHECK(done(t2) && result_of(t2) == 1);
    CHECK(done(t3) && result_of(t3) == 1);
    return 0;
}

TEST(test_wait)
{
    play_condition(test_wait_main);
}

static int just_wait(void *arg)
{
    (void)arg;
    return rill_condition_wait(&condition);
}

static int release_soon(void *arg)
{
    (void)arg;
    return release();
}

static int test_wait_cancel_main(void *arg)
{
    (void)arg;
    acquire();
    rill_task_t wait = spawn(just_wait, NULL);
    soon(cancel_it, &wait);
    CHECK_EQ(wait_end(wait), RILL_ECANCELED);
    CHECK(condition.waiters == NULL);
    CHECK(locked());
    return 0;
}

TEST(test_wait_cancel)
{
    play_condition(test_wait_cancel_main);
}

// Notified, but the lock is contested before the cancellation.
static int test_wait_cancel_contested_main(void *arg)
{
    (void)arg;
    acquire();
    CHECK(locked());
    rill_task_t wait = spawn(just_wait, NULL);
    rill_yield();
    CHECK(!locked());
    acquire();
    CHECK(locked());
    rill_condition_notify(&condition, 1);
    soon(cancel_it, &wait);
    soon(release_soon, NULL);
    wait_end(wait);
    CHECK(locked());
    return 0;
}

TEST(test_wait_cancel_contested)
{
    play_condition(test_wait_cancel_contested_main);
}

static int wait_on_cond(void *arg)
{
    int code = acquire();
    if (code == 0) {
        add('w');
        code = just_wait(arg);
        release();
    }
    return code;
}

// bpo-32841
static int test_wait_cancel_after_notify_main(void *arg)
{
    (void)arg;
    rill_task_t waiter = spawn(wait_on_cond, NULL);
    rill_yield();
    acquire();
    rill_condition_notify(&condition, 1);
    rill_yield();
    rill_task_cancel(waiter);
    rill_yield();
    release();
    rill_yield();
    CHECK(cancelled(waiter));
    RESULTS("w");
    return 0;
}

TEST(test_wait_cancel_after_notify)
{
    play_condition(test_wait_cancel_after_notify_main);
}

static int test_wait_unacquired_main(void *arg)
{
    CHECK_EQ(just_wait(arg), RILL_EPERM);
    return 0;
}

TEST(test_wait_unacquired)
{
    play_condition(test_wait_unacquired_main);
}

static int get_state(void *arg)
{
    (void)arg;
    return state;
}

static int wait_for_and_add(void *item)
{
    acquire();
    if (rill_condition_wait_for(&condition, get_state, NULL) > 0) {
        add(*(const char *)item);
        release();
    }
    return 1;
}

static void notify_locked(unsigned n)
{
    acquire();
    rill_condition_notify(&condition, n);
    release();
}

static int test_wait_for_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(wait_for_and_add, "1");
    rill_yield();
    RESULTS("");
    notify_locked(1);
    rill_yield();
    RESULTS("");
    state = 1;
    notify_locked(1);
    rill_yield();
    RESULTS("1");
    CHECK(done(t) && result_of(t) == 1);
    return 0;
}

TEST(test_wait_for)
{
    play_condition(test_wait_for_main);
}

static int test_wait_for_unacquired_main(void *arg)
{
    (void)arg;
    state = 123; // a true one at entry does not wait
    CHECK_EQ(rill_condition_wait_for(&condition, get_state, NULL), 123);
    state = 0;
    CHECK_EQ(rill_condition_wait_for(&condition, get_state, NULL), RILL_EPERM);
    return 0;
}

TEST(test_wait_for_unacquired)
{
    play_condition(test_wait_for_unacquired_main);
}

static int wait_add_release(void *item)
{
    acquire();
    if (rill_condition_wait(&condition) == 0) {
        add(*(const char *)item);
        release();
    }
    return 1;
}

static int test_notify_main(void *arg)
{
    (void)arg;
    rill_task_t t1 = spawn(wait_add_release, "1");
    rill_task_t t2 = spawn(wait_add_release, "2");
    rill_task_t t3 = spawn(wait_add_release, "3");
    rill_yield();
    RESULTS("");
    notify_locked(1);
    rill_yield();
    RESULTS("1");
    acquire();
    rill_condition_notify(&condition, 1);
    rill_condition_notify(&condition, 2048);
    release();
    rill_yield();
    RESULTS("123");
    CHECK(done(t1) && result_of(t1) == 1);
    CHECK(done(t2) && result_of(t2) == 1);
    CHECK(done(t3) && result_of(t3) == 1);
    return 0;
}

TEST(test_notify)
{
    play_condition(test_notify_main);
}

static int test_notify_all_main(void *arg)
{
    (void)arg;
    rill_task_t t1 = spawn(wait_add_release, "1");
    rill_task_t t2 = spawn(wait_add_release, "2");
    rill_yield();
    RESULTS("");
    acquire();
    rill_condition_notify_all(&condition);
    release();
    rill_yield();
    RESULTS("12");
    CHECK(done(t1) && result_of(t1) == 1);
    CHECK(done(t2) && result_of(t2) == 1);
    return 0;
}

TEST(test_notify_all)
{
    play_condition(test_notify_all_main);
}

// The reference calls these outside a loop.
TEST(test_notify_unacquired)
{
    lock = (rill_lock_t){ 0 };
    CHECK_EQ(rill_condition_notify(&condition, 1), RILL_EPERM);
}

TEST(test_notify_all_unacquired)
{
    lock = (rill_lock_t){ 0 };
    CHECK_EQ(rill_condition_notify_all(&condition), RILL_EPERM);
}

static int test_context_manager_main(void *arg)
{
    (void)arg;
    CHECK(!locked());
    if (CHECK(acquire() == 0)) {
        CHECK(locked());
        release();
    }
    CHECK(!locked());
    return 0;
}

TEST(test_context_manager)
{
    play_condition(test_context_manager_main);
}

// Acquiring the condition is acquiring its lock, and the other way round. One condition has its own lock, one shares
// the caller's.
static int test_explicit_lock_main(void *arg)
{
    rill_lock_t shared = { 0 };
    rill_condition_t other = { NULL, &shared };
    (void)arg;
    CHECK(!rill_lock_locked(&shared));
    CHECK_EQ(rill_condition_notify(&other, 1), RILL_EPERM);
    CHECK_EQ(rill_lock_acquire(&shared), 0);
    CHECK(rill_lock_locked(other.lock));
    CHECK_EQ(rill_condition_notify(&other, 1), 0);
    CHECK(!locked());
    CHECK_EQ(rill_lock_release(other.lock), 0);
    CHECK(!rill_lock_locked(&shared));
    return 0;
}

TEST(test_explicit_lock)
{
    play_condition(test_explicit_lock_main);
}

static int test_timeout_in_block_main(void *arg)
{
    (void)arg;
    acquire();
    rill_task_t wait = spawn(just_wait, NULL);
    CHECK_EQ(rill_wait_for(rill_task_future(wait), RILL_MS(500), NULL), RILL_ETIMEDOUT);
    CHECK_EQ(release(), 0);
    return 0;
}

TEST(test_timeout_in_block)
{
    play_condition(test_timeout_in_block_main);
}

static int wait_for_state(void *arg)
{
    (void)arg;
    acquire();
    int code = rill_condition_wait_for(&condition, get_state, NULL);
    CHECK_EQ(code, RILL_ECANCELED);
    release();
    return code;
}

static void check_cancelled_with(rill_task_t task, rill_value_t message)
{
    rill_value_t detail = 0;
    CHECK_EQ(wait_end(task), RILL_ECANCELED);
    CHECK_EQ(rill_future_exception(rill_task_future(task), &detail), RILL_ECANCELED);
    CHECK_EQ(detail, message);
}

// A cancellation that comes while waiting to be notified is passed on unmodified.
static int test_cancelled_error_wakeup_main(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(wait_for_state, NULL);
    rill_yield();
    rill_task_cancel_msg(task, 77);
    check_cancelled_with(task, 77);
    return 0;
}

TEST(test_cancelled_error_wakeup)
{
    play_condition(test_cancelled_error_wakeup_main);
}

// The same while taking the lock again.
static int test_cancelled_error_re_aquire_main(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(wait_for_state, NULL);
    rill_yield();
    acquire();
    state = 1;
    rill_condition_notify(&condition, 1);
    rill_yield();
    rill_task_cancel_msg(task, 77);
    release();
    check_cancelled_with(task, 77);
    return 0;
}

TEST(test_cancelled_error_re_aquire)
{
    play_condition(test_cancelled_error_re_aquire_main);
}

static int consumer(void *arg)
{
    (void)arg;
    acquire();
    int code = 0;
    while (code >= 0) { // bound: until cancelled or told to end
        code = rill_condition_wait_for(&condition, get_state, NULL);
        if (code < 0 || state < 0) {
            break;
        }
        state--;
    }
    release();
    return code == RILL_ECANCELED ? code : 0;
}

static int state_is_zero(void *arg)
{
    (void)arg;
    return state == 0;
}

// One of two consumers is notified and cancelled; the notification must reach the other one.
static int cancelled_wakeup_main(void *relock)
{
    rill_task_t c[2] = { spawn(consumer, NULL), spawn(consumer, NULL) };
    rill_timeout_t limit = { 0 };
    rill_yield();
    acquire();
    state++;
    rill_condition_notify(&condition, 1);
    if (relock != NULL) {
        rill_yield(); // the consumer now waits for the lock
    }
    rill_task_cancel(c[0]);
    rill_timeout_begin(&limit, RILL_MS(10));
    int code = rill_condition_wait_for(&condition, state_is_zero, NULL);
    code = rill_timeout_end(&limit, code);
    CHECK(code > 0 || code == RILL_ETIMEDOUT);
    CHECK_EQ(state, 0);
    state = -1;
    rill_condition_notify_all(&condition);
    release();
    return wait_end(c[1]);
}

static int test_cancelled_wakeup_main(void *arg)
{
    (void)arg;
    return cancelled_wakeup_main(NULL);
}

TEST(test_cancelled_wakeup)
{
    play_condition(test_cancelled_wakeup_main);
}

static int test_cancelled_wakeup_relock_main(void *arg)
{
    (void)arg;
    return cancelled_wakeup_main(&state);
}

TEST(test_cancelled_wakeup_relock)
{
    play_condition(test_cancelled_wakeup_relock_main);
}

TEST_MAIN("cpython_locks_condition",
    TEST_CASE(test_wait),
    TEST_CASE(test_wait_cancel),
    TEST_CASE(test_wait_cancel_contested),
    TEST_CASE(test_wait_cancel_after_notify),
    TEST_CASE(test_wait_unacquired),
    TEST_CASE(test_wait_for),
    TEST_CASE(test_wait_for_unacquired),
    TEST_CASE(test_notify),
    TEST_CASE(test_notify_all),
    TEST_CASE(test_notify_unacquired),
    TEST_CASE(test_notify_all_unacquired),
    TEST_CASE(test_context_manager),
    TEST_CASE(test_explicit_lock),
    TEST_CASE(test_timeout_in_block),
    TEST_CASE(test_cancelled_error_wakeup),
    TEST_CASE(test_cancelled_error_re_aquire),
    TEST_CASE(test_cancelled_wakeup),
    TEST_CASE(test_cancelled_wakeup_relock))
