// asyncio.Semaphore and BoundedSemaphore, rules SM1-SM7.
// rill-test: min-ram=16
#include "sync.h"

static rill_semaphore_t semaphore;

static void begin(unsigned permits, rill_fn_t main_fn)
{
    CHECK_EQ(rill_semaphore_init(&semaphore, permits), RILL_OK);
    run_main(main_fn);
}

static int take(void *name)
{
    int code = rill_semaphore_acquire(&semaphore);
    ev("%s %s", (char *)name, outcome(code, "True"));
    return 0;
}

static int take_quietly(void *name)
{
    int code = rill_semaphore_acquire(&semaphore);
    if (code == 0) {
        ev("%s", (char *)name);
    }
    return code;
}

// The permit was handed to "a", which does not run yet; a newcomer must not take it.
static int barging_while_wakeup_pending_main(void *arg)
{
    static rill_awaitable_t both[2];
    (void)arg;
    EMPTY(both);
    both[0].future = spawn_future(take_quietly, "a");
    rill_sleep_ms(1);
    both[1].future = spawn_future(take_quietly, "b");
    rill_semaphore_release(&semaphore);
    ev("locked %d", rill_semaphore_locked(&semaphore));
    rill_sleep_ms(1);
    rill_semaphore_release(&semaphore);
    return rill_gather(both, 2, 0);
}

TEST(barging_while_wakeup_pending)
{
    begin(0, barging_while_wakeup_pending_main);
    trace_is("1 locked 1\n"
             "1 a\n"
             "2 b\n"
             "2 run -> None\n");
}

static int bounded_main(void *arg)
{
    static rill_bounded_semaphore_t s = RILL_BOUNDED_SEMAPHORE_INIT(2);
    (void)arg;
    ev("%s", outcome(rill_bounded_semaphore_release(&s), "None"));
    rill_bounded_semaphore_acquire(&s);
    rill_bounded_semaphore_release(&s);
    ev("%s", outcome(rill_bounded_semaphore_release(&s), "None"));
    rill_semaphore_release(&semaphore);
    rill_semaphore_release(&semaphore);
    ev("%d", (int)rill_semaphore_value(&semaphore));
    ev("%s", outcome(rill_semaphore_init(&semaphore, (unsigned)-1), "None"));
    return 0;
}

TEST(bounded)
{
    begin(0, bounded_main);
    trace_is("0 EINVAL\n"
             "0 EINVAL\n"
             "0 2\n"
             "0 EINVAL\n"
             "0 run -> None\n");
}

static int cancel_then_release_main(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(take, "a");
    spawn(take, "b");
    rill_sleep_ms(1);
    rill_task_cancel(a);
    rill_semaphore_release(&semaphore);
    rill_sleep_ms(1);
    ev("value %d", (int)rill_semaphore_value(&semaphore));
    return 0;
}

TEST(cancel_then_release)
{
    begin(0, cancel_then_release_main);
    trace_is("1 a ECANCELED\n"
             "1 b True\n"
             "2 value 0\n"
             "2 run -> None\n");
}

static int cancel_waiter_main(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(take, "a");
    spawn(take, "b");
    spawn(take, "c");
    rill_sleep_ms(1);
    rill_task_cancel(a);
    rill_sleep_ms(1);
    rill_semaphore_release(&semaphore);
    rill_sleep_ms(1);
    rill_semaphore_release(&semaphore);
    rill_sleep_ms(1);
    ev("%d", (int)rill_semaphore_value(&semaphore));
    return 0;
}

TEST(cancel_waiter)
{
    begin(0, cancel_waiter_main);
    trace_is("1 a ECANCELED\n"
             "2 b True\n"
             "3 c True\n"
             "4 0\n"
             "4 run -> None\n");
}

static void spawn_abcd(void)
{
    spawn(take_quietly, "a");
    spawn(take_quietly, "b");
    spawn(take_quietly, "c");
    spawn(take_quietly, "d");
}

static int fifo_main(void *arg)
{
    (void)arg;
    spawn_abcd();
    rill_sleep_ms(1);
    for (int i = 0; i < 4; i++) {
        rill_semaphore_release(&semaphore);
        rill_sleep_ms(1);
    }
    return 0;
}

TEST(fifo)
{
    begin(0, fifo_main);
    trace_is("1 a\n"
             "2 b\n"
             "3 c\n"
             "4 d\n"
             "5 run -> None\n");
}

// A task that releases and acquires again at once queues behind those who wait.
static int twice(void *name)
{
    for (int i = 0; i < 2; i++) {
        rill_semaphore_acquire(&semaphore);
        ev("%s%d", (char *)name, i);
        rill_yield();
        rill_semaphore_release(&semaphore);
    }
    return 0;
}

static int no_barging_main(void *arg)
{
    static rill_awaitable_t all[3];
    (void)arg;
    EMPTY(all);
    all[0].future = spawn_future(twice, "a");
    all[1].future = spawn_future(twice, "b");
    all[2].future = spawn_future(twice, "c");
    return rill_gather(all, 3, 0);
}

TEST(no_barging)
{
    begin(1, no_barging_main);
    trace_is("0 a0\n"
             "0 b0\n"
             "0 c0\n"
             "0 a1\n"
             "0 b1\n"
             "0 c1\n"
             "0 run -> None\n");
}

static int release_many_at_once_main(void *arg)
{
    (void)arg;
    spawn_abcd();
    rill_sleep_ms(1);
    rill_semaphore_release(&semaphore);
    rill_semaphore_release(&semaphore);
    rill_semaphore_release(&semaphore);
    ev("locked %d", rill_semaphore_locked(&semaphore));
    rill_sleep_ms(1);
    rill_semaphore_release(&semaphore);
    return rill_sleep_ms(1);
}

TEST(release_many_at_once)
{
    begin(0, release_many_at_once_main);
    trace_is("1 locked 1\n"
             "1 a\n"
             "1 b\n"
             "1 c\n"
             "2 d\n"
             "3 run -> None\n");
}

static int acquire_within_10(void)
{
    rill_timeout_t limit = { 0 };
    int code = rill_timeout_begin(&limit, RILL_MS(10));
    return code != 0 ? code : rill_timeout_end(&limit, rill_semaphore_acquire(&semaphore));
}

static int timeout_on_acquire_main(void *arg)
{
    (void)arg;
    rill_semaphore_acquire(&semaphore);
    int code = acquire_within_10();
    ev("%s", outcome(code, "True"));
    rill_semaphore_release(&semaphore);
    ev("%d", (int)rill_semaphore_value(&semaphore));
    code = acquire_within_10();
    ev("%s", outcome(code, "True"));
    return 0;
}

TEST(timeout_on_acquire)
{
    begin(1, timeout_on_acquire_main);
    trace_is("10 ETIMEDOUT\n"
             "10 1\n"
             "10 True\n"
             "10 run -> None\n");
}

TEST_MAIN("semaphore", TEST_CASE(barging_while_wakeup_pending), TEST_CASE(bounded), TEST_CASE(cancel_then_release),
          TEST_CASE(cancel_waiter), TEST_CASE(fifo), TEST_CASE(no_barging), TEST_CASE(release_many_at_once),
          TEST_CASE(timeout_on_acquire))
