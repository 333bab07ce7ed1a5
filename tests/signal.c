// rill-test: min-ram=16
// Signals: what an ISR sets reaches whoever waits, once, in order, whatever is cancelled or closed meanwhile.
#include <rill/clock.h>
#include <rill/irq.h>
#include <rill/signal.h>
#include <rill/task.h>
#include <rill/timeout.h>

#include "test.h"

#if defined(__unix__) || defined(__linux__)
#define STACK 16384
#else
#define STACK ((sizeof(void *) == 8 ? 1024 : 512) + TEST_FPU_STACK)
#endif

enum { TASKS = 5 };

static rill_tcb_t tcbs[TASKS];
static unsigned char stacks[TASKS][RILL_STACK_ROUND(STACK)] __attribute__((aligned(RILL_STACK_ALIGN)));
static const rill_task_pool_t fresh = RILL_TASK_POOL_INIT(tcbs, stacks, TASKS, RILL_STACK_ROUND(STACK));
static rill_task_pool_t pool;
static rill_signal_t latch;

static int run(rill_fn_t fn)
{
    pool = fresh;
    rill_loop_init(rill_loop_default());
    rill_signal_init(&latch, rill_loop_default());
    return rill_run(&pool, fn, NULL, NULL);
}

static rill_task_t spawn(rill_fn_t fn, void *arg)
{
    rill_task_t task = RILL_NO_TASK;
    CHECK_EQ(rill_spawn(&pool, fn, arg, &task), 0);
    return task;
}

static void set(void *signal)
{
    rill_signal_set_threadsafe(signal);
}

static void set_thrice(void *signal)
{
    set(signal);
    set(signal);
    set(signal);
}

// Waits once and says so.
static int waiter(void *name)
{
    int error = rill_signal_wait(&latch);
    ev("%s %d", (const char *)name, error);
    return error;
}

// ---- the latch

static int set_first(void *arg)
{
    (void)arg;
    rill_signal_set_threadsafe(&latch);
    CHECK(rill_signal_is_set(&latch));
    waiter("first");
    CHECK(!rill_signal_is_set(&latch));
    isr_at(7, set, &latch);
    waiter("second");
    CHECK(!rill_signal_is_set(&latch));
    isr_now(set_thrice, &latch);
    waiter("third");
    CHECK(!rill_signal_is_set(&latch));
    rill_signal_set_threadsafe(&latch);
    rill_signal_clear(&latch);
    isr_at(9, set, &latch);
    return waiter("fourth");
}

TEST(latch_ends_one_wait)
{
    CHECK_EQ(run(set_first), 0);
    trace_is("0 first 0\n7 second 0\n7 third 0\n9 fourth 0\n");
}

static int nothing_comes(void *arg)
{
    (void)arg;
    rill_timeout_t limit = { 0 };
    rill_signal_set_threadsafe(&latch);
    waiter("one");
    CHECK_EQ(rill_timeout_begin(&limit, RILL_MS(3)), 0);
    return rill_timeout_end(&limit, waiter("two"));
}

TEST(consumed_set_is_gone)
{
    CHECK_EQ(run(nothing_comes), RILL_ETIMEDOUT);
    trace_is("0 one 0\n3 two -125\n");
}

static int three_wait(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(waiter, "a");
    rill_task_t b = spawn(waiter, "b");
    rill_task_t c = spawn(waiter, "c");
    isr_at(3, set_thrice, &latch);
    rill_join(a, NULL);
    rill_join(b, NULL);
    rill_join(c, NULL);
    ev("set: %d", rill_signal_is_set(&latch));
    return 0;
}

TEST(one_set_wakes_all_in_order)
{
    CHECK_EQ(run(three_wait), 0);
    trace_is("3 a 0\n3 b 0\n3 c 0\n3 set: 1\n"); // the first of three ended the waits, the others made it set
}

// `a` waits again before `b`, woken by the same set, has resumed; the set between the two is a's.
static int again(void *name)
{
    waiter(name);
    isr_now(set, &latch);
    return waiter(name);
}

static int set_between(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(again, "a");
    rill_task_t b = spawn(waiter, "b");
    isr_at(1, set, &latch);
    rill_join(a, NULL);
    return rill_join(b, NULL);
}

TEST(set_between_two_wakings)
{
    CHECK_EQ(run(set_between), 0);
    trace_is("1 a 0\n1 a 0\n1 b 0\n");
}

// ---- cancellation

static int cancel_waiting(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(waiter, "a");
    rill_task_t b = spawn(waiter, "b");
    rill_sleep_ms(1);
    rill_task_cancel(a);
    isr_at(2, set, &latch);
    rill_join(a, NULL);
    return rill_join(b, NULL);
}

TEST(cancelled_waiter_leaves)
{
    CHECK_EQ(run(cancel_waiting), 0);
    trace_is("1 a -125\n2 b 0\n");
}

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

// Gives posts their place: whoever they wake is ready, and has not run.
static void take_posts(void)
{
    static rill_handle_t handle;
    CHECK_EQ(rill_call_soon(rill_loop_running(), &handle, nothing, NULL), 0);
}

// The set has woken the task, which is cancelled before it resumes: the set is the next wait's.
static int cancel_after_delivery(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(waiter, "a");
    rill_sleep_ms(1);
    rill_signal_set_threadsafe(&latch);
    take_posts();
    rill_task_cancel(a);
    rill_join(a, NULL);
    return waiter("main");
}

// It is cancelled before the post has woken it.
static int cancel_before_delivery(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(waiter, "a");
    rill_yield();
    rill_signal_set_threadsafe(&latch);
    rill_task_cancel(a);
    rill_join(a, NULL);
    return waiter("main");
}

// The same with somebody waiting behind it already.
static int cancel_handed_on(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(waiter, "a");
    rill_yield();
    rill_signal_set_threadsafe(&latch);
    take_posts();
    rill_task_cancel(a);
    return waiter("main");
}

TEST(cancelled_waiter_uses_no_set)
{
    CHECK_EQ(run(cancel_before_delivery), 0);
    trace_is("0 a -125\n0 main 0\n");
    CHECK_EQ(run(cancel_handed_on), 0);
    trace_is("0 a -125\n0 main 0\n");
    test_clock_reset(0);
    CHECK_EQ(run(cancel_after_delivery), 0);
    trace_is("1 a -125\n1 main 0\n");
}

// ---- closing, errors

static int close_it(void *arg)
{
    rill_task_t a = spawn(waiter, "a");
    rill_task_t b = spawn(waiter, "b");
    rill_yield();
    if (arg != NULL) {
        rill_signal_set_threadsafe(&latch); // posted and not delivered
        rill_signal_set_threadsafe(&latch);
    }
    rill_signal_close(&latch);
    rill_join(a, NULL);
    rill_join(b, NULL);
    CHECK(!rill_signal_is_set(&latch));
    isr_at(4, set, &latch);
    return waiter("again");
}

static int set_and_close(void *arg)
{
    (void)arg;
    return close_it(&latch);
}

TEST(close_ends_waits)
{
    CHECK_EQ(run(close_it), 0);
    trace_is("0 a -32\n0 b -32\n4 again 0\n");
    test_clock_reset(0);
    CHECK_EQ(run(set_and_close), 0);
    trace_is("0 a 0\n0 b 0\n4 again 0\n");
}

static int errors;

static int wait_in_callback(void *arg)
{
    CHECK_EQ(rill_signal_wait(arg), RILL_EPERM);
    errors++;
    return 0;
}

static int other_loop(void *arg)
{
    (void)arg;
    static rill_loop_t other;
    static rill_signal_t foreign;
    static rill_handle_t handle;
    rill_loop_init(&other);
    rill_signal_init(&foreign, &other);
    CHECK_EQ(rill_signal_wait(&foreign), RILL_EPERM);
    CHECK_EQ(rill_loop_close(&other), 0);
    CHECK_EQ(rill_signal_wait(NULL), RILL_EINVAL);
    rill_call_soon(rill_loop_running(), &handle, wait_in_callback, &latch);
    return rill_yield();
}

TEST(wrong_calls_are_refused)
{
    errors = 0;
    rill_signal_set_threadsafe(NULL);
    rill_signal_clear(NULL);
    rill_signal_close(NULL);
    CHECK(!rill_signal_is_set(NULL));
    CHECK_EQ(run(other_loop), 0);
    CHECK_EQ(errors, 1);
    rill_signal_init(&latch, NULL);
    CHECK_EQ(rill_signal_wait(&latch), RILL_EPERM); // no loop runs
}

// ---- no loop yet

static rill_signal_t early = RILL_SIGNAL_INIT;

static int takes_early(void *arg)
{
    ev("early %d", rill_signal_wait(&early));
    isr_at(2, set, arg);
    ev("late %d", rill_signal_wait(&early));
    return 0;
}

static int main_early(void *arg)
{
    (void)arg;
    return takes_early(&early);
}

TEST(set_before_any_loop)
{
    set(&early);
    CHECK_EQ(run(main_early), 0);
    trace_is("0 early 0\n2 late 0\n");
}

// ---- nothing is lost

// The ISR counts and sets; the task looks after each wait. Sets come at once, in bursts and from idle.
static volatile unsigned made;

static void make(void *signal)
{
    made++;
    rill_signal_set_threadsafe(signal);
}

static int consume(void *arg)
{
    unsigned seen = 0;
    (void)arg;
    while (seen < 600) {
        int error = rill_signal_wait(&latch);
        if (error != RILL_OK) {
            return error;
        }
        seen = made;
    }
    return 0;
}

static int produce(void *arg)
{
    uint32_t random = 1;
    (void)arg;
    for (int i = 0; i < 600; i++) {
        random = random * 1664525u + 1013904223u;
        switch (random >> 30) {
        case 0:
            isr_now(make, &latch);
            break;
        case 1:
            isr_now(make, &latch);
            rill_yield();
            break;
        default:
            isr_at((uint32_t)(rill_clock_now() / 1000) + 1, make, &latch);
            rill_sleep_ms(random >> 29 & 3);
        }
    }
    return 0;
}

static int producer_and_consumer(void *arg)
{
    rill_task_t consumer = spawn(consume, arg);
    rill_task_t producer = spawn(produce, arg);
    CHECK_EQ(rill_join(producer, NULL), 0);
    return rill_join(consumer, NULL);
}

TEST(no_set_is_lost)
{
    made = 0;
    CHECK_EQ(run(producer_and_consumer), 0);
    CHECK_EQ(made, 600);
}

TEST_MAIN("signal", TEST_CASE(latch_ends_one_wait), TEST_CASE(consumed_set_is_gone),
          TEST_CASE(one_set_wakes_all_in_order), TEST_CASE(set_between_two_wakings), TEST_CASE(cancelled_waiter_leaves),
          TEST_CASE(cancelled_waiter_uses_no_set), TEST_CASE(close_ends_waits), TEST_CASE(wrong_calls_are_refused),
          TEST_CASE(set_before_any_loop), TEST_CASE(no_set_is_lost))
