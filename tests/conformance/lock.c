// asyncio.Lock, rules LK1-LK5.
// rill-test: min-ram=16
#include "sync.h"

static rill_lock_t lock;

static int take(void *name)
{
    int code = rill_lock_acquire(&lock);
    ev("%s %s", (char *)name, outcome(code, "True"));
    return 0;
}

static void begin(rill_fn_t main_fn)
{
    lock = (rill_lock_t)RILL_LOCK_INIT;
    run_main(main_fn);
}

static int take_and_hold(void *name)
{
    rill_lock_acquire(&lock);
    ev("%s has it", (char *)name);
    rill_sleep_ms(1);
    return rill_lock_release(&lock);
}

// A third task tries to acquire between release() and the chosen waiter's resumption.
static int acquire_between_release_and_wakeup_main(void *arg)
{
    static rill_awaitable_t both[2];
    (void)arg;
    EMPTY(both);
    rill_lock_acquire(&lock);
    both[0].future = spawn_future(take_and_hold, "a");
    rill_sleep_ms(1);
    both[1].future = spawn_future(take_and_hold, "b");
    call_soon_ev("-");
    rill_lock_release(&lock);
    return rill_gather(both, 2, 0);
}

TEST(acquire_between_release_and_wakeup)
{
    begin(acquire_between_release_and_wakeup_main);
    trace_is("1 -\n"
             "1 a has it\n"
             "2 b has it\n"
             "3 run -> None\n");
}

static int cancel_then_release_main(void *arg)
{
    (void)arg;
    rill_lock_acquire(&lock);
    rill_task_t a = spawn(take, "a");
    spawn(take, "b");
    rill_sleep_ms(1);
    rill_task_cancel(a);
    rill_lock_release(&lock);
    rill_sleep_ms(1);
    ev("locked %d", rill_lock_locked(&lock));
    return 0;
}

TEST(cancel_then_release)
{
    begin(cancel_then_release_main);
    trace_is("1 a ECANCELED\n"
             "1 b True\n"
             "2 locked 1\n"
             "2 run -> None\n");
}

static int cancel_waiter_main(void *arg)
{
    (void)arg;
    rill_lock_acquire(&lock);
    spawn(take, "a");
    rill_task_t b = spawn(take, "b");
    spawn(take, "c");
    rill_sleep_ms(1);
    rill_task_cancel(b);
    rill_sleep_ms(1);
    rill_lock_release(&lock);
    rill_sleep_ms(1);
    ev("%d", rill_lock_locked(&lock));
    rill_lock_release(&lock);
    return rill_sleep_ms(1);
}

TEST(cancel_waiter)
{
    begin(cancel_waiter_main);
    trace_is("1 b ECANCELED\n"
             "2 a True\n"
             "3 1\n"
             "3 c True\n"
             "4 run -> None\n");
}

static int take_unnamed(void *arg)
{
    (void)arg;
    int code = rill_lock_acquire(&lock);
    ev("%s", outcome(code, "True"));
    return 0;
}

static int cancelled_all_waiters_then_acquire_main(void *arg)
{
    (void)arg;
    rill_lock_acquire(&lock);
    rill_task_t a = spawn(take_unnamed, NULL);
    rill_task_t b = spawn(take_unnamed, NULL);
    rill_sleep_ms(1);
    rill_task_cancel(a);
    rill_task_cancel(b);
    rill_lock_release(&lock);
    int code = rill_lock_acquire(&lock);
    ev("immediate %s", outcome(code, "True"));
    rill_sleep_ms(1);
    ev("%d", rill_lock_locked(&lock));
    return 0;
}

TEST(cancelled_all_waiters_then_acquire)
{
    begin(cancelled_all_waiters_then_acquire_main);
    trace_is("1 immediate True\n"
             "1 ECANCELED\n"
             "1 ECANCELED\n"
             "2 1\n"
             "2 run -> None\n");
}

static int in_and_out(void *name)
{
    int code = rill_lock_acquire(&lock);
    if (code == 0) {
        ev("%s in", (char *)name);
        rill_sleep_ms(5);
        ev("%s out", (char *)name);
        rill_lock_release(&lock);
    }
    return code;
}

static int fifo_main(void *arg)
{
    static const char *const names[] = { "a", "b", "c", "d" };
    static rill_awaitable_t all[4];
    (void)arg;
    EMPTY(all);
    for (unsigned i = 0; i < 4; i++) {
        all[i].future = spawn_future(in_and_out, (void *)(uintptr_t)names[i]);
    }
    rill_gather(all, 4, 0);
    ev("%d", rill_lock_locked(&lock));
    return 0;
}

TEST(fifo)
{
    begin(fifo_main);
    trace_is("0 a in\n"
             "5 a out\n"
             "5 b in\n"
             "10 b out\n"
             "10 c in\n"
             "15 c out\n"
             "15 d in\n"
             "20 d out\n"
             "20 0\n"
             "20 run -> None\n");
}

static int release_unlocked_main(void *arg)
{
    (void)arg;
    ev("%s", outcome(rill_lock_release(&lock), "None"));
    rill_lock_acquire(&lock);
    rill_lock_release(&lock);
    ev("%s", outcome(rill_lock_release(&lock), "None"));
    return 0;
}

TEST(release_unlocked)
{
    begin(release_unlocked_main);
    trace_is("0 EPERM\n"
             "0 EPERM\n"
             "0 run -> None\n");
}

TEST_MAIN("lock", TEST_CASE(acquire_between_release_and_wakeup), TEST_CASE(cancel_then_release),
          TEST_CASE(cancel_waiter), TEST_CASE(cancelled_all_waiters_then_acquire), TEST_CASE(fifo),
          TEST_CASE(release_unlocked))
