// rill-test: min-ram=16
// Interrupt lines as sources: attach, a task each, callbacks, level and edge, closing at any moment.
#include <rill/board.h>
#include <rill/clock.h>
#include <rill/irq.h>
#include <rill/task.h>

#include "arch.h"
#include "test.h"

#if defined(__unix__) || defined(__linux__)
#define STACK 16384
#else
#define STACK ((sizeof(void *) == 8 ? 1024 : 512) + TEST_FPU_STACK)
#endif

enum { TASKS = 4 };

static rill_tcb_t tcbs[TASKS];
static unsigned char stacks[TASKS][RILL_STACK_ROUND(STACK)] __attribute__((aligned(RILL_STACK_ALIGN)));
static const rill_task_pool_t fresh = RILL_TASK_POOL_INIT(tcbs, stacks, TASKS, RILL_STACK_ROUND(STACK));
static rill_task_pool_t pool;

// Sources that are closed, and the lines they get: any the board has and nobody uses.
static rill_irq_t one, two;
static unsigned line_one, line_two;

static unsigned free_line(unsigned below)
{
    while (below > 1) {
        below--;
        if (below != rill_board_soft_irq && rill_irq_table[below].isr == NULL) {
            return below;
        }
    }
    return 0;
}

static int run(rill_fn_t fn)
{
    line_one = free_line(rill_irq_count);
    line_two = free_line(line_one);
    pool = fresh;
    rill_loop_init(rill_loop_default());
    return rill_run(&pool, fn, NULL, NULL);
}

static rill_task_t spawn(rill_fn_t fn, void *arg)
{
    rill_task_t task = RILL_NO_TASK;
    CHECK_EQ(rill_spawn(&pool, fn, arg, &task), 0);
    return task;
}

// The device: makes its line pending. An interrupt controller that cannot do that by software (PLIC) is left out: the
// line's handler is called, as its trap would, unless the source has masked the line.
static void fire(void *source)
{
    const rill_irq_t *irq = source;
    if (rill_irq_pend(irq->line) == RILL_EPERM && !irq->masked) {
        rill_irq_dispatch(irq->line);
    }
}

static void fire_twice(void *source)
{
    rill_irq_dispatch(((const rill_irq_t *)source)->line);
    fire(source);
}

static int waiter(void *source)
{
    int n = rill_irq_wait(source);
    ev("%s %d", source == &one ? "one" : "two", n);
    return n;
}

// ---- attach

static unsigned hits;

static void hit(void *arg)
{
    hits += *(unsigned *)arg;
}

TEST(attach_and_detach)
{
    unsigned step = 3;
    unsigned line = free_line(rill_irq_count);
    uint32_t taken = rill_irq_taken;
    hits = 0;
    CHECK_EQ(rill_irq_attach(line, hit, &step), 0);
    CHECK_EQ(rill_irq_attach(line, hit, &step), RILL_EBUSY);
    rill_irq_dispatch(line);
    CHECK_EQ(hits, 3);
    CHECK_EQ(rill_irq_detach(line), 0);
    CHECK_EQ(rill_irq_detach(line), RILL_ENOENT);
    uint32_t spurious = rill_irq_spurious;
    rill_irq_dispatch(line); // nobody there: counted, the line is disabled
    rill_irq_dispatch(rill_irq_count);
    CHECK_EQ(rill_irq_spurious - spurious, 2);
    CHECK_EQ(hits, 3);
    CHECK_EQ(rill_irq_taken - taken, 3);
    CHECK_EQ(rill_irq_attach(rill_irq_count, hit, &step), RILL_EINVAL);
    CHECK_EQ(rill_irq_detach(rill_irq_count), RILL_EINVAL);
    CHECK_EQ(rill_irq_attach(line, NULL, NULL), RILL_EINVAL);
    CHECK(rill_irq_table[line].isr == NULL);
}

// ---- a task per source

static int edges(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_irq_open(&one, line_one, RILL_IRQ_EDGE), 0);
    isr_at(2, fire, &one);
    waiter(&one);
    isr_now(fire_twice, &one); // counted while nobody waits
    isr_at(5, fire, &one);
    waiter(&one);
    CHECK_EQ(rill_irq_take(&one), RILL_EAGAIN);
    waiter(&one);
    isr_now(fire, &one);
    CHECK_EQ(rill_irq_take(&one), 1);
    return rill_irq_close(&one);
}

TEST(edge_counts_every_occurrence)
{
    CHECK_EQ(run(edges), 0);
    trace_is("2 one 1\n2 one 2\n5 one 1\n");
}

static int levels(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_irq_open(&one, line_one, RILL_IRQ_LEVEL), 0);
    isr_at(2, fire, &one);
    isr_at(3, fire, &one); // the line is masked: one occurrence until the next wait
    isr_at(6, fire, &one);
    waiter(&one);
    busy(2);
    waiter(&one);
    isr_now(fire, &one);
    CHECK_EQ(rill_irq_take(&one), RILL_EAGAIN); // lets it through
    isr_now(fire, &one);
    CHECK_EQ(rill_irq_take(&one), 1);
    return rill_irq_close(&one);
}

TEST(level_is_masked_until_the_next_wait)
{
    CHECK_EQ(run(levels), 0);
    trace_is("2 one 1\n6 one 1\n");
}

static int two_sources(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_irq_open(&one, line_one, RILL_IRQ_EDGE), 0);
    CHECK_EQ(rill_irq_open(&two, line_two, RILL_IRQ_LEVEL), 0);
    CHECK_EQ(rill_irq_open(&two, line_two, RILL_IRQ_LEVEL), RILL_EBUSY);
    rill_task_t a = spawn(waiter, &one);
    rill_task_t b = spawn(waiter, &two);
    isr_at(1, fire, &two);
    isr_at(4, fire, &one);
    rill_join(a, NULL);
    rill_join(b, NULL);
    CHECK_EQ(rill_irq_close(&one), 0);
    return rill_irq_close(&two);
}

TEST(one_task_each)
{
    CHECK_EQ(run(two_sources), 0);
    trace_is("1 two 1\n4 one 1\n");
}

// ---- cancellation, closing

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

static int cancelled(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_irq_open(&one, line_one, RILL_IRQ_EDGE), 0);
    rill_task_t a = spawn(waiter, &one);
    rill_yield();
    CHECK_EQ(rill_irq_wait(&one), RILL_EBUSY);
    rill_task_cancel(a);
    isr_now(fire, &one); // in the moment of the cancellation
    rill_join(a, NULL);
    waiter(&one);
    a = spawn(waiter, &one);
    rill_yield();
    isr_now(fire, &one);
    take_posts(); // it is awake
    rill_task_cancel(a);
    rill_join(a, NULL);
    waiter(&one);
    return rill_irq_close(&one);
}

TEST(cancelled_wait_loses_nothing)
{
    CHECK_EQ(run(cancelled), 0);
    trace_is("0 one -125\n0 one 1\n0 one -125\n0 one 1\n");
}

static int closed(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_irq_open(&one, line_one, RILL_IRQ_EDGE), 0);
    rill_task_t a = spawn(waiter, &one);
    rill_yield();
    CHECK_EQ(rill_irq_close(&one), 0);
    CHECK_EQ(rill_irq_open(&one, line_one, RILL_IRQ_EDGE), 0); // before the task has resumed
    rill_join(a, NULL);
    isr_at(3, fire, &one);
    waiter(&one);
    CHECK_EQ(rill_irq_close(&one), 0);
    CHECK_EQ(rill_irq_wait(&one), RILL_EPIPE);
    CHECK_EQ(rill_irq_take(&one), RILL_EPIPE);
    CHECK_EQ(rill_irq_close(&one), RILL_ENOENT);
    return 0;
}

TEST(close_ends_the_wait)
{
    CHECK_EQ(run(closed), 0);
    trace_is("0 one -32\n3 one 1\n");
}

// ---- callbacks

static int called(void *arg)
{
    (void)arg;
    ev("called %d", rill_irq_take(&one));
    return 0;
}

static int callbacks(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_irq_open_callback(&one, line_one, RILL_IRQ_EDGE, NULL, called, NULL), 0);
    CHECK_EQ(rill_irq_wait(&one), RILL_EPERM);
    isr_now(fire_twice, &one);
    isr_at(3, fire, &one);
    rill_sleep_ms(5);
    isr_now(fire, &one);
    CHECK_EQ(rill_irq_close(&one), 0); // the callback that was due is dropped
    return rill_sleep_ms(1);
}

TEST(callback_once_for_all_that_came)
{
    CHECK_EQ(run(callbacks), 0);
    trace_is("0 called 2\n3 called 1\n");
}

// An occurrence while the callback runs is another call, with its own count.
static int called_again(void *arg)
{
    int *left = arg;
    if (--*left > 0) {
        ev("first");
        isr_now(fire, &one);
        return 0;
    }
    ev("again %d", rill_irq_take(&one));
    return rill_irq_close(&one); // from its own callback
}

static int during(void *arg)
{
    int left = 2;
    (void)arg;
    CHECK_EQ(rill_irq_open_callback(&one, line_one, RILL_IRQ_EDGE, NULL, called_again, &left), 0);
    isr_now(fire, &one);
    rill_sleep_ms(1);
    CHECK_EQ(rill_irq_close(&one), RILL_ENOENT);
    return 0;
}

TEST(occurrence_during_the_callback)
{
    CHECK_EQ(run(during), 0);
    trace_is("0 first\n0 again 1\n");
}

static int served(void *arg)
{
    (void)arg;
    ev("served %d", rill_irq_take(&two));
    return 0;
}

static int level_callback(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_irq_open_callback(&two, line_two, RILL_IRQ_LEVEL, rill_loop_running(), served, NULL), 0);
    isr_now(fire, &two);
    isr_now(fire, &two); // masked until the callback has returned
    isr_at(4, fire, &two);
    rill_sleep_ms(8);
    return rill_irq_close(&two);
}

TEST(level_callback_unmasks)
{
    CHECK_EQ(run(level_callback), 0);
    trace_is("0 served 1\n4 served 1\n");
}

// ---- errors

static rill_irq_t unused;
static int isr_errors[3];

static void from_isr(void *arg)
{
    isr_errors[0] = rill_irq_open(&unused, line_two, RILL_IRQ_EDGE);
    isr_errors[1] = rill_irq_close(arg);
    isr_errors[2] = rill_irq_wait(arg);
}

static int wrong(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_irq_open(&unused, rill_irq_count, RILL_IRQ_EDGE), RILL_EINVAL);
    CHECK_EQ(rill_irq_open(&unused, line_one, (rill_irq_mode_t)2), RILL_EINVAL);
    CHECK_EQ(rill_irq_open(NULL, line_one, RILL_IRQ_EDGE), RILL_EINVAL);
    CHECK_EQ(rill_irq_open(&unused, rill_board_soft_irq, RILL_IRQ_EDGE), RILL_EBUSY);
    CHECK_EQ(rill_irq_open_callback(&unused, line_one, RILL_IRQ_EDGE, NULL, NULL, NULL), RILL_EINVAL);
    CHECK_EQ(rill_irq_wait(&unused), RILL_EPIPE); // every refusal has left it closed
    CHECK_EQ(rill_irq_wait(NULL), RILL_EINVAL);
    CHECK_EQ(rill_irq_take(NULL), RILL_EINVAL);
    CHECK_EQ(rill_irq_close(NULL), RILL_EINVAL);
    CHECK_EQ(rill_irq_open(&one, line_one, RILL_IRQ_EDGE), 0);
    isr_now(from_isr, &one);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(isr_errors[i], RILL_EPERM);
    }
    return 0;
}

TEST(wrong_calls_are_refused)
{
    CHECK_EQ(run(wrong), 0);
    CHECK_EQ(rill_irq_wait(&one), RILL_EPERM); // outside a task
    CHECK_EQ(rill_irq_close(&one), 0);
    CHECK_EQ(rill_irq_open_callback(&one, line_one, RILL_IRQ_EDGE, NULL, called, NULL), RILL_EPERM); // no loop
}

TEST_MAIN("irq", TEST_CASE(attach_and_detach), TEST_CASE(edge_counts_every_occurrence),
          TEST_CASE(level_is_masked_until_the_next_wait), TEST_CASE(one_task_each),
          TEST_CASE(cancelled_wait_loses_nothing), TEST_CASE(close_ends_the_wait),
          TEST_CASE(callback_once_for_all_that_came), TEST_CASE(occurrence_during_the_callback),
          TEST_CASE(level_callback_unmasks), TEST_CASE(wrong_calls_are_refused))
