// asyncio.Condition, rules CD1-CD7.
// rill-test: min-ram=16
#include "sync.h"

static rill_lock_t lock;
static rill_condition_t condition;

static void begin(rill_fn_t main_fn)
{
    lock = (rill_lock_t)RILL_LOCK_INIT;
    condition = (rill_condition_t)RILL_CONDITION_INIT(&lock);
    run_main(main_fn);
}

static void notify(unsigned n)
{
    if (rill_lock_acquire(&lock) == 0) {
        rill_condition_notify(&condition, n);
        rill_lock_release(&lock);
    }
}

static int wait_and_report(void *name)
{
    int code = rill_lock_acquire(&lock);
    if (code == 0) {
        code = rill_condition_wait(&condition);
        ev("%s %s", (char *)name, code == RILL_ECANCELED ? "cancelled" : "woke");
        rill_lock_release(&lock);
    }
    return code;
}

static const char *state_name(rill_task_t task)
{
    int code = rill_future_result(rill_task_future(task), NULL);
    return code == RILL_ESTATE ? "pending" : outcome(code, "ok:None");
}

// "a" was notified, then cancelled: the notification goes on to "b".
static int cancel_notified_waiter_main(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(wait_and_report, "a");
    rill_task_t b = spawn(wait_and_report, "b");
    rill_sleep_ms(1);
    rill_lock_acquire(&lock);
    rill_condition_notify(&condition, 1);
    rill_task_cancel(a);
    rill_lock_release(&lock);
    rill_sleep_ms(2);
    ev("%s %s", state_name(a), state_name(b));
    return 0;
}

TEST(cancel_notified_waiter)
{
    begin(cancel_notified_waiter_main);
    trace_is("1 a cancelled\n"
             "1 b woke\n"
             "3 ECANCELED ok:None\n"
             "3 run -> None\n");
}

static int wait_and_look(void *arg)
{
    (void)arg;
    rill_lock_acquire(&lock);
    int code = rill_condition_wait(&condition);
    ev("%s locked %d", outcome(code, "True"), rill_lock_locked(&lock));
    rill_lock_release(&lock);
    return 0;
}

// A cancelled waiter takes the lock again before the error leaves wait().
static int cancel_waiter_reacquires_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(wait_and_look, NULL);
    rill_sleep_ms(1);
    rill_lock_acquire(&lock);
    rill_task_cancel(t);
    ev("holding");
    rill_sleep_ms(5);
    rill_lock_release(&lock);
    rill_sleep_ms(1);
    ev("%d", rill_lock_locked(&lock));
    return 0;
}

TEST(cancel_waiter_reacquires)
{
    begin(cancel_waiter_reacquires_main);
    trace_is("1 holding\n"
             "6 ECANCELED locked 1\n"
             "7 0\n"
             "7 run -> None\n");
}

static void spawn_waiters(unsigned n)
{
    static char names[][2] = { "a", "b", "c", "d", "e" };
    for (unsigned i = 0; i < n; i++) {
        spawn(wait_and_report, names[i]);
    }
}

static int notify_n_main(void *arg)
{
    (void)arg;
    spawn_waiters(5);
    rill_sleep_ms(1);
    notify(2);
    rill_sleep_ms(1);
    ev("-");
    notify(10);
    return rill_sleep_ms(1);
}

TEST(notify_n)
{
    begin(notify_n_main);
    trace_is("1 a woke\n"
             "1 b woke\n"
             "2 -\n"
             "2 c woke\n"
             "2 d woke\n"
             "2 e woke\n"
             "3 run -> None\n");
}

static int notify_one_main(void *arg)
{
    (void)arg;
    spawn_waiters(3);
    rill_sleep_ms(1);
    for (int i = 0; i < 3; i++) {
        rill_lock_acquire(&lock);
        rill_condition_notify(&condition, 1);
        ev("notified");
        rill_lock_release(&lock);
        rill_sleep_ms(1);
    }
    return 0;
}

TEST(notify_one)
{
    begin(notify_one_main);
    trace_is("1 notified\n"
             "1 a woke\n"
             "2 notified\n"
             "2 b woke\n"
             "3 notified\n"
             "3 c woke\n"
             "4 run -> None\n");
}

static int timeout_in_block_main(void *arg)
{
    rill_timeout_t limit = { 0 };
    (void)arg;
    rill_lock_acquire(&lock);
    int code = rill_timeout_begin(&limit, RILL_MS(10));
    if (code == 0) {
        code = rill_timeout_end(&limit, rill_condition_wait(&condition));
    }
    ev("%s", outcome(code, "True"));
    ev("%d", rill_lock_locked(&lock));
    rill_lock_release(&lock);
    ev("%d", rill_lock_locked(&lock));
    return 0;
}

TEST(timeout_in_block)
{
    begin(timeout_in_block_main);
    trace_is("10 ETIMEDOUT\n"
             "10 1\n"
             "10 0\n"
             "10 run -> None\n");
}

static int counter;

static int reached(void *wanted)
{
    return counter >= (int)(intptr_t)wanted;
}

static int wait_for_count(void *wanted)
{
    rill_lock_acquire(&lock);
    int code = rill_condition_wait_for(&condition, reached, wanted);
    ev("%d %s", (int)(intptr_t)wanted, outcome(code, "True"));
    rill_lock_release(&lock);
    return 0;
}

static int wait_for_predicate_main(void *arg)
{
    (void)arg;
    counter = 0;
    spawn(wait_for_count, (void *)2);
    spawn(wait_for_count, (void *)1);
    spawn(wait_for_count, (void *)3);
    rill_sleep_ms(1);
    for (int i = 0; i < 3; i++) {
        rill_lock_acquire(&lock);
        counter++;
        rill_condition_notify_all(&condition);
        rill_lock_release(&lock);
        rill_sleep_ms(1);
    }
    return 0;
}

TEST(wait_for_predicate)
{
    begin(wait_for_predicate_main);
    trace_is("1 1 True\n"
             "2 2 True\n"
             "3 3 True\n"
             "4 run -> None\n");
}

TEST_MAIN("condition", TEST_CASE(cancel_notified_waiter), TEST_CASE(cancel_waiter_reacquires), TEST_CASE(notify_n),
          TEST_CASE(notify_one), TEST_CASE(timeout_in_block), TEST_CASE(wait_for_predicate))
