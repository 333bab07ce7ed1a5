// asyncio.Barrier, rules BR1-BR5.
// rill-test: min-ram=16
#include "sync.h"

static rill_barrier_t barrier;

static void begin(uint16_t parties, rill_fn_t main_fn)
{
    CHECK_EQ(rill_barrier_init(&barrier, parties), RILL_OK);
    run_main(main_fn);
}

static int meet(void *name)
{
    int code = rill_barrier_wait(&barrier);
    ev("%s %s", (char *)name, number_or_error(code, code));
    return 0;
}

static int abort_main(void *arg)
{
    (void)arg;
    spawn(meet, "a");
    spawn(meet, "b");
    rill_sleep_ms(1);
    rill_barrier_abort(&barrier);
    rill_sleep_ms(1);
    ev("broken %d", rill_barrier_broken(&barrier));
    int code = rill_barrier_wait(&barrier);
    ev("%s", number_or_error(code, code));
    rill_barrier_reset(&barrier);
    ev("broken %d", rill_barrier_broken(&barrier));
    return 0;
}

TEST(abort_and_reset)
{
    begin(3, abort_main);
    trace_is("1 a EBROKEN\n"
             "1 b EBROKEN\n"
             "2 broken 1\n"
             "2 EBROKEN\n"
             "2 broken 0\n"
             "2 run -> None\n");
}

// A cancelled waiter just leaves: the count drops, the barrier is not broken.
static int cancel_waiter_main(void *arg)
{
    static rill_awaitable_t both[2];
    (void)arg;
    EMPTY(both);
    rill_task_t a = spawn(meet, "a");
    spawn(meet, "b");
    rill_sleep_ms(1);
    rill_task_cancel(a);
    rill_sleep_ms(1);
    ev("waiting %u broken %d", rill_barrier_waiting(&barrier), rill_barrier_broken(&barrier));
    both[0].future = spawn_future(meet, "c");
    both[1].future = spawn_future(meet, "d");
    return rill_gather(both, 2, 0);
}

TEST(cancel_waiter)
{
    begin(3, cancel_waiter_main);
    trace_is("1 a ECANCELED\n"
             "2 waiting 1 broken 0\n"
             "2 d 2\n"
             "2 b 1\n"
             "2 c 1\n"
             "2 run -> None\n");
}

static int five_tasks_of_two_main(void *arg)
{
    (void)arg;
    spawn(meet, "a");
    spawn(meet, "b");
    spawn(meet, "c");
    spawn(meet, "d");
    rill_task_t e = spawn(meet, "e");
    rill_sleep_ms(1);
    ev("waiting %u", rill_barrier_waiting(&barrier));
    rill_task_cancel(e);
    rill_sleep_ms(1);
    ev("waiting %u", rill_barrier_waiting(&barrier));
    return 0;
}

TEST(five_tasks_of_two)
{
    begin(2, five_tasks_of_two_main);
    trace_is("0 b 1\n"
             "0 a 0\n"
             "0 d 1\n"
             "0 c 0\n"
             "1 waiting 1\n"
             "1 e ECANCELED\n"
             "2 waiting 0\n"
             "2 run -> None\n");
}

static int reset_idle_main(void *arg)
{
    (void)arg;
    rill_barrier_reset(&barrier);
    ev("%u %d %u", rill_barrier_waiting(&barrier), rill_barrier_broken(&barrier), (unsigned)barrier.parties);
    return 0;
}

TEST(reset_idle)
{
    begin(2, reset_idle_main);
    trace_is("0 0 0 2\n"
             "0 run -> None\n");
}

static int reset_while_waiting_main(void *arg)
{
    static rill_awaitable_t all[3];
    (void)arg;
    EMPTY(all);
    spawn(meet, "a");
    spawn(meet, "b");
    rill_sleep_ms(1);
    rill_barrier_reset(&barrier);
    rill_sleep_ms(1);
    ev("waiting %u broken %d", rill_barrier_waiting(&barrier), rill_barrier_broken(&barrier));
    all[0].future = spawn_future(meet, "x");
    all[1].future = spawn_future(meet, "y");
    all[2].future = spawn_future(meet, "z");
    return rill_gather(all, 3, 0);
}

TEST(reset_while_waiting)
{
    begin(3, reset_while_waiting_main);
    trace_is("1 a EBROKEN\n"
             "1 b EBROKEN\n"
             "2 waiting 0 broken 0\n"
             "2 z 2\n"
             "2 x 0\n"
             "2 y 1\n"
             "2 run -> None\n");
}

static int three_rounds(void *pace)
{
    unsigned n = (unsigned)(uintptr_t)pace;
    for (int round = 0; round < 3; round++) {
        rill_sleep_ms(n);
        rill_barrier_wait(&barrier);
        ev("%u round %d", n, round);
    }
    return 0;
}

static int reuse_cycles_main(void *arg)
{
    static rill_awaitable_t both[2];
    (void)arg;
    EMPTY(both);
    both[0].future = spawn_future(three_rounds, (void *)1);
    both[1].future = spawn_future(three_rounds, (void *)2);
    return rill_gather(both, 2, 0);
}

TEST(reuse_cycles)
{
    begin(2, reuse_cycles_main);
    trace_is("2 2 round 0\n"
             "2 1 round 0\n"
             "4 2 round 1\n"
             "4 1 round 1\n"
             "6 2 round 2\n"
             "6 1 round 2\n"
             "6 run -> None\n");
}

static int single_party_main(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2; i++) {
        int code = rill_barrier_wait(&barrier);
        ev("%s", number_or_error(code, code));
    }
    rill_barrier_t other;
    ev("%s", outcome(rill_barrier_init(&other, 0), "None"));
    return 0;
}

TEST(single_party)
{
    begin(1, single_party_main);
    trace_is("0 0\n"
             "0 0\n"
             "0 EINVAL\n"
             "0 run -> None\n");
}

static int timeout_main(void *arg)
{
    rill_timeout_t limit = { 0 };
    (void)arg;
    int code = rill_timeout_begin(&limit, RILL_MS(5));
    if (code == 0) {
        code = rill_timeout_end(&limit, rill_barrier_wait(&barrier));
    }
    ev("%s", number_or_error(code, code));
    ev("%u %d", rill_barrier_waiting(&barrier), rill_barrier_broken(&barrier));
    return 0;
}

TEST(timeout)
{
    begin(2, timeout_main);
    trace_is("5 ETIMEDOUT\n"
             "5 0 0\n"
             "5 run -> None\n");
}

TEST_MAIN("barrier", { "abort", abort_and_reset }, TEST_CASE(cancel_waiter), TEST_CASE(five_tasks_of_two),
          TEST_CASE(reset_idle), TEST_CASE(reset_while_waiting), TEST_CASE(reuse_cycles), TEST_CASE(single_party),
          TEST_CASE(timeout))
