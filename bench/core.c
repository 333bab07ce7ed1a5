// The kernel's own operations: switching, semaphores, queues, timers, tasks, pools, interrupts.
#include "bench.h"

#include <rill/irq.h>
#include <rill/queue.h>
#include <rill/semaphore.h>

#include "../kernel/kernel.h"

enum { N = 10000, LIVE = BENCH_SMALL ? 100 : 10000 };

RILL_TASK_POOL_DEFINE(tasks, 6, BENCH_STACK);
RILL_POOL_DEFINE(blocks, struct { uint32_t words[4]; }, 4);
static rill_semaphore_t ping = RILL_SEMAPHORE_INIT(0);
static rill_semaphore_t pong = RILL_SEMAPHORE_INIT(0);
static rill_semaphore_t permits = RILL_SEMAPHORE_INIT(1);
static rill_timer_t live[LIVE];
static rill_timer_t timer = RILL_TIMER_INIT;
static bool stop;

struct item16 {
    uint32_t words[4];
};
struct item64 {
    uint32_t words[16];
};
RILL_QUEUE_DEFINE(queue4, uint32_t, 8);
RILL_QUEUE_DEFINE(queue16, struct item16, 8);
RILL_QUEUE_DEFINE(queue64, struct item64, 8);

static int yielder(void *arg)
{
    (void)arg;
    while (!stop) {
        rill_yield();
    }
    return 0;
}

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

// Spins for `n` additions: a loop of three instructions on ARM, RISC-V too, that tells whether the clock counts right.
static void known_loop(uint32_t n)
{
#if defined(__ARM_ARCH_6M__)
    __asm__ volatile("1: nop\n\tsub %0, #1\n\tbne 1b" : "+l"(n) : : "cc");
#elif defined(__arm__)
    __asm__ volatile("1: nop\n\tsubs %0, #1\n\tbne 1b" : "+r"(n) : : "cc");
#elif defined(__riscv)
    __asm__ volatile("1: nop\n\taddi %0, %0, -1\n\tbnez %0, 1b" : "+r"(n));
#else
    while (n > 0) {
        n--;
        __asm__ volatile("");
    }
#endif
}

static void calibrate(void)
{
    enum { ROUNDS = 100000 };
    if (bench_wanted("calibration-of-3")) {
        uint32_t n = bench_rounds(ROUNDS);
        rill_time_t start = bench_start();
        known_loop(n);
        bench_report("calibration-of-3", start, n);
    }
}

static void switching(void)
{
    rill_task_t other[4];
    BENCH("yield-alone", N, rill_yield());
    stop = false;
    rill_spawn(&tasks, yielder, NULL, &other[0]);
    rill_yield();
    BENCH_PARTS("yield", N, 2, rill_yield()); // one direction
    for (unsigned i = 1; i < 4; i++) {
        rill_spawn(&tasks, yielder, NULL, &other[i]);
    }
    rill_yield();
    BENCH_PARTS("yield-of-5", N, 5, rill_yield());
    stop = true;
    for (unsigned i = 0; i < 4; i++) {
        rill_join(other[i], NULL);
    }
}

static int answer(void *arg)
{
    (void)arg;
    while (rill_semaphore_acquire(&ping) == 0 && !stop) {
        rill_semaphore_release(&pong);
    }
    return 0;
}

static void semaphores(void)
{
    rill_task_t other;
    BENCH("semaphore-release-acquire", N, rill_semaphore_release(&permits); rill_semaphore_acquire(&permits));
    stop = false;
    rill_spawn(&tasks, answer, NULL, &other);
    rill_yield();
    BENCH("semaphore-ping-pong", N, rill_semaphore_release(&ping); rill_semaphore_acquire(&pong));
    stop = true;
    rill_semaphore_release(&ping);
    rill_join(other, NULL);
}

static void queues(void)
{
    uint32_t item4 = 0;
    struct item16 item16 = { { 0 } };
    struct item64 item64 = { { 0 } };
    BENCH("queue-put-get-4", N, rill_queue_put(&queue4, &item4); rill_queue_get(&queue4, &item4));
    BENCH("queue-put-get-16", N, rill_queue_put(&queue16, &item16); rill_queue_get(&queue16, &item16));
    BENCH("queue-put-get-64", N, rill_queue_put(&queue64, &item64); rill_queue_get(&queue64, &item64));
}

// ---- timers

static void start_and_cancel(const char *operation, rill_loop_t *loop, rill_time_t when)
{
    rill_call_at(loop, &timer, when, nothing, NULL); // another first deadline, once
    rill_timer_cancel(loop, &timer);
    BENCH(operation, N, rill_call_at(loop, &timer, when, nothing, NULL); rill_timer_cancel(loop, &timer));
}

static void fill_wheel(rill_loop_t *loop, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        live[i] = (rill_timer_t)RILL_TIMER_INIT;
        rill_call_later(loop, &live[i], RILL_S(1) + (uint64_t)(i * 7919u % 10007u) * 100000u, nothing, NULL);
    }
}

// A timer later than all others, among deadlines between a second and a quarter of an hour ahead.
static void timers(void)
{
    rill_loop_t *loop = rill_loop_running();
    rill_time_t late = rill_clock_now() + RILL_S(2000);
    start_and_cancel("timer-start-cancel-1", loop, late);
    fill_wheel(loop, 0, 100);
    start_and_cancel("timer-start-cancel-100", loop, late);
    if (LIVE >= 10000) {
        fill_wheel(loop, 100, 1000);
        start_and_cancel("timer-start-cancel-1000", loop, late);
        fill_wheel(loop, 1000, LIVE);
        start_and_cancel("timer-start-cancel-10000", loop, late);
    }
    for (unsigned i = 0; i < LIVE; i++) {
        rill_timer_cancel(loop, &live[i]);
    }
}

// What sorting a crowd takes in one step: placing, each timer earlier than those before; and a search of as many timers
// as one step looks at, in descending order.
static void timer_steps(void)
{
    rill_loop_t *loop = rill_loop_running();
    rill_time_t far = rill_clock_now() + RILL_S(2000);
    uint32_t steps = 1;
    for (unsigned i = 0; i < LIVE / 10; i++) {
        rill_call_at(loop, &live[i], far - i, nothing, NULL);
    }
    rill_time_t start = bench_start();
    while (rill_wheel_place(&loop->wheel)) {
        steps++;
    }
    bench_report("timer-step-place", rill_clock_now() - start, steps);
    for (unsigned i = 0; i < LIVE / 10; i++) {
        rill_timer_cancel(loop, &live[i]);
    }
    for (unsigned i = 0; i < 6; i++) {
        rill_call_at(loop, &live[i], far - i, nothing, NULL);
    }
    BENCH("timer-step-search", N, rill_wheel_turn(loop, 1));
    for (unsigned i = 0; i < 6; i++) {
        rill_timer_cancel(loop, &live[i]);
    }
}

static void lifecycle(void)
{
    rill_task_t task;
    BENCH("task-create-run-reap", N, rill_spawn(&tasks, nothing, NULL, &task); rill_join(task, NULL));
    BENCH("pool-alloc-free", N, rill_pool_free(&blocks, rill_pool_alloc(&blocks)));
}

// ---- interrupts

static rill_signal_t signal = RILL_SIGNAL_INIT;

static void fire(void *arg)
{
    (void)arg;
    rill_signal_set_threadsafe(&signal);
}

static int wakes(void *arg)
{
    (void)arg;
    while (rill_signal_wait(&signal) == 0 && !stop) {
        continue;
    }
    return 0;
}

static void interrupts(void)
{
    rill_task_t task;
    stop = false;
    rill_irq_attach(rill_board_soft_irq, fire, NULL);
    rill_spawn(&tasks, wakes, NULL, &task);
    rill_yield();
    BENCH("interrupt-to-task-and-back", N, rill_arch_irq_pend(rill_board_soft_irq); rill_yield());
    stop = true;
    rill_signal_set_threadsafe(&signal);
    rill_join(task, NULL);
    rill_irq_detach(rill_board_soft_irq);
}

static int all(void *arg)
{
    (void)arg;
    calibrate();
    switching();
    semaphores();
    queues();
    timers();
    timer_steps();
    lifecycle();
    interrupts();
    bench_put("bench done\n");
    return 0;
}

int main(void)
{
    return rill_run(&tasks, all, NULL, NULL);
}
