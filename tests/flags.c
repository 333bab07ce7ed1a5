// rill-test: min-ram=16
// Event flags: any, all, clear on return, from tasks and interrupts, with cancellation at each moment.
#include <rill/flags.h>

#include "beyond.h"

static rill_flags_t flags;

static int run_fresh(rill_fn_t fn)
{
    rill_flags_init(&flags);
    int error = run(fn);
    CHECK(flags.waiters == NULL);
    return error;
}

// What a waiter waits for: bits and "any", "all", "any-", "all-" with clear.
struct request {
    const char *name;
    uint32_t mask;
    unsigned mode;
};

static int waiter(void *arg)
{
    const struct request *request = arg;
    uint32_t seen = 0;
    int error = rill_flags_wait(&flags, request->mask, request->mode, &seen);
    ev("%s %d %x, left %x", request->name, error, (unsigned)seen, (unsigned)rill_flags_get(&flags));
    return error;
}

static const struct request any = { "any", 5, RILL_FLAGS_ANY };
static const struct request all = { "all", 5, RILL_FLAGS_ALL };
static const struct request any_clear = { "any-", 5, RILL_FLAGS_ANY | RILL_FLAGS_CLEAR };
static const struct request all_clear = { "all-", 5, RILL_FLAGS_ALL | RILL_FLAGS_CLEAR };
static const struct request other = { "other", 2, RILL_FLAGS_ANY };

static int wait_for(const struct request *request)
{
    return waiter((void *)(uintptr_t)request);
}

static void set_1(void *arg)
{
    rill_flags_set_threadsafe(arg, 1);
}

static void set_4(void *arg)
{
    rill_flags_set_threadsafe(arg, 4);
}

static void set_top_and_5(void *arg)
{
    rill_flags_set_threadsafe(arg, 0x80000005);
}

// ---- the rules

static int at_once(void *arg)
{
    (void)arg;
    rill_flags_set(&flags, 0xf0000001);
    wait_for(&any);
    wait_for(&any);
    wait_for(&any_clear);
    rill_flags_set(&flags, 0xff);
    wait_for(&all);
    wait_for(&all_clear);
    CHECK_EQ(rill_flags_clear(&flags, 0x80000000), 0xf00000fa);
    CHECK_EQ(rill_flags_get(&flags), 0x700000fa);
    return 0;
}

TEST(static_initialiser)
{
    static rill_flags_t made = RILL_FLAGS_INIT;
    uint32_t seen = 9;
    CHECK_EQ(rill_flags_get(&made), 0);
    CHECK_EQ(rill_flags_poll(&made, UINT32_MAX, RILL_FLAGS_ANY, &seen), RILL_EAGAIN);
    rill_flags_set(&made, 6);
    CHECK_EQ(rill_flags_poll(&made, 2, RILL_FLAGS_ALL | RILL_FLAGS_CLEAR, &seen), 0);
    CHECK(seen == 2 && rill_flags_get(&made) == 4);
}

TEST(set_flags_do_not_suspend)
{
    CHECK_EQ(run_fresh(at_once), 0);
    trace_is("0 any 0 1, left f0000001\n0 any 0 1, left f0000001\n0 any- 0 1, left f0000000\n"
             "0 all 0 5, left f00000ff\n0 all- 0 5, left f00000fa\n");
}

static int in_order(void *arg)
{
    (void)arg;
    rill_task_t tasks[] = { spawn(waiter, &all), spawn(waiter, &any), spawn(waiter, &other), spawn(waiter, &any_clear),
                            spawn(waiter, &all_clear) };
    rill_sleep_ms(1);
    rill_flags_set(&flags, 4); // both any; the second clears
    rill_sleep_ms(1);
    rill_flags_set(&flags, 1);
    rill_sleep_ms(1);
    rill_flags_set(&flags, 4); // both all
    rill_sleep_ms(1);
    rill_flags_set(&flags, 2);
    for (int i = 0; i < 5; i++) {
        rill_join(tasks[i], NULL);
    }
    return 0;
}

// One set serves all who have what they wait for, then what they clear is cleared.
TEST(one_set_serves_all)
{
    CHECK_EQ(run_fresh(in_order), 0);
    trace_is("1 any 0 4, left 0\n1 any- 0 4, left 0\n3 all 0 5, left 0\n3 all- 0 5, left 0\n4 other 0 2, left 2\n");
}

// ---- interrupts

static int from_isr(void *arg)
{
    (void)arg;
    isr_at(3, set_1, &flags);
    isr_at(5, set_4, &flags);
    rill_task_t a = spawn(waiter, &any);
    rill_task_t b = spawn(waiter, &all_clear);
    rill_join(a, NULL);
    rill_join(b, NULL);
    isr_now(set_top_and_5, &flags);
    CHECK_EQ(rill_flags_get(&flags), 0x80000005);
    return wait_for(&all_clear);
}

TEST(interrupt_sets)
{
    CHECK_EQ(run_fresh(from_isr), 0);
    trace_is("3 any 0 1, left 1\n5 all- 0 5, left 0\n5 all- 0 5, left 80000000\n");
    CHECK_EQ(test_wakeups, 2);
}

static int before_the_first_wait(void *arg)
{
    (void)arg;
    isr_now(set_1, &flags);
    isr_now(set_4, &flags);
    return wait_for(&all);
}

TEST(set_before_there_is_a_loop)
{
    CHECK_EQ(run_fresh(before_the_first_wait), 0);
    trace_is("0 all 0 5, left 5\n");
}

// What an interrupt set goes to the one who waits already, though the newcomer looks first.
static int no_overtaking(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(waiter, &any_clear);
    rill_yield();
    isr_now(set_1, &flags);
    uint32_t seen = 0;
    CHECK_EQ(rill_flags_poll(&flags, 1, RILL_FLAGS_CLEAR, &seen), RILL_EAGAIN);
    return rill_join(a, NULL);
}

// A flag that was cleared again before the loop looked wakes nobody.
static int cleared_again(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(waiter, &any);
    rill_yield();
    isr_now(set_1, &flags);
    CHECK_EQ(rill_flags_clear(&flags, 1), 1);
    rill_sleep_ms(2);
    rill_flags_set(&flags, 4);
    return rill_join(a, NULL);
}

TEST(older_waiter_first)
{
    CHECK_EQ(run_fresh(no_overtaking), 0);
    trace_is("0 any- 0 1, left 0\n");
    CHECK_EQ(run_fresh(cleared_again), 0);
    trace_is("2 any 0 4, left 4\n");
}

// ---- cancellation

static int cancel_waiting(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(waiter, &any_clear);
    rill_task_t b = spawn(waiter, &any_clear);
    rill_sleep_ms(1);
    rill_task_cancel(a);
    rill_join(a, NULL);
    rill_flags_set(&flags, 1);
    return rill_join(b, NULL);
}

static int cancel_woken(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(waiter, &any_clear);
    rill_yield();
    rill_flags_set(&flags, 5);
    CHECK_EQ(rill_flags_get(&flags), 0);
    rill_task_t b = spawn(waiter, &any_clear);
    rill_task_cancel(a); // woken, not resumed: the flags are b's
    rill_join(a, NULL);
    return rill_join(b, NULL);
}

static int cancel_woken_keeping(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(waiter, &any);
    rill_yield();
    rill_flags_set(&flags, 1);
    rill_flags_clear(&flags, 1);
    rill_task_cancel(a); // it cleared nothing, so nothing comes back
    rill_join(a, NULL);
    CHECK_EQ(rill_flags_get(&flags), 0);
    return 0;
}

TEST(cancelled_wait_uses_nothing)
{
    CHECK_EQ(run_fresh(cancel_waiting), 0);
    trace_is("1 any- -125 0, left 0\n1 any- 0 1, left 0\n");
    CHECK_EQ(run_fresh(cancel_woken), 0);
    trace_is("0 any- -125 0, left 5\n0 any- 0 5, left 0\n");
    CHECK_EQ(run_fresh(cancel_woken_keeping), 0);
    trace_is("0 any -125 0, left 0\n");
}

static int limited(void *arg)
{
    (void)arg;
    rill_timeout_t limit = { 0 };
    isr_at(3, set_1, &flags);
    rill_timeout_begin(&limit, RILL_MS(4));
    CHECK_EQ(rill_timeout_end(&limit, wait_for(&all_clear)), RILL_ETIMEDOUT);
    isr_at(6, set_4, &flags);
    return wait_for(&all_clear);
}

TEST(time_limit_keeps_what_came)
{
    CHECK_EQ(run_fresh(limited), 0);
    trace_is("4 all- -125 0, left 1\n6 all- 0 5, left 0\n");
}

// ---- closing, errors

static int close_it(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(waiter, &all);
    rill_task_t b = spawn(waiter, &other);
    rill_yield();
    isr_now(set_1, &flags); // posted and not delivered: withdrawn
    rill_flags_close(&flags);
    rill_join(a, NULL);
    rill_join(b, NULL);
    isr_at(2, set_1, &flags);
    return wait_for(&any);
}

TEST(close_ends_waits)
{
    CHECK_EQ(run_fresh(close_it), 0);
    trace_is("0 all -32 0, left 0\n0 other -32 0, left 0\n2 any 0 1, left 1\n");
}

static int wait_in_callback(void *arg)
{
    CHECK_EQ(rill_flags_wait(arg, 1, RILL_FLAGS_ANY, NULL), RILL_EPERM);
    rill_flags_set(arg, 1);
    CHECK_EQ(rill_flags_wait(arg, 1, RILL_FLAGS_ANY, NULL), 0);
    errors++;
    return 0;
}

static int wrong(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_flags_wait(NULL, 1, RILL_FLAGS_ANY, NULL), RILL_EINVAL);
    CHECK_EQ(rill_flags_wait(&flags, 0, RILL_FLAGS_ALL, NULL), RILL_EINVAL);
    CHECK_EQ(rill_flags_wait(&flags, 1, 4, NULL), RILL_EINVAL);
    CHECK_EQ(rill_flags_poll(NULL, 1, RILL_FLAGS_ANY, NULL), RILL_EINVAL);
    CHECK_EQ(rill_flags_clear(NULL, 1), 0);
    CHECK_EQ(rill_flags_get(NULL), 0);
    rill_flags_set(NULL, 1);
    rill_flags_set_threadsafe(NULL, 1);
    rill_flags_close(NULL);
    in_callback(wait_in_callback, &flags);
    static rill_flags_t foreign;
    static rill_loop_t loop;
    rill_flags_init(&foreign);
    foreign.loop = &loop;
    CHECK_EQ(rill_flags_wait(&foreign, 1, RILL_FLAGS_ANY, NULL), RILL_EPERM);
    return 0;
}

TEST(wrong_calls_are_refused)
{
    CHECK_EQ(run_fresh(wrong), 0);
}

TEST_MAIN("flags", TEST_CASE(static_initialiser),
          TEST_CASE(set_flags_do_not_suspend), TEST_CASE(one_set_serves_all), TEST_CASE(interrupt_sets),
          TEST_CASE(set_before_there_is_a_loop), TEST_CASE(older_waiter_first), TEST_CASE(cancelled_wait_uses_nothing),
          TEST_CASE(time_limit_keeps_what_came), TEST_CASE(close_ends_waits), TEST_CASE(wrong_calls_are_refused))
