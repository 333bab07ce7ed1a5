// What depends on how many tasks there are: nothing should. Tasks that yield in turn; and common operations while other
// tasks sleep, each with a timer.
#include "bench.h"

#include <rill/semaphore.h>

enum { N = 10000, MOST = BENCH_SMALL ? 10 : 10000, IN_TURN = BENCH_SMALL ? 10 : 1000 };

#if BENCH_SMALL || !defined(__arm__)
#define MEMORY __attribute__((aligned(RILL_STACK_ALIGN)))
#else
#define MEMORY __attribute__((section(".psram"), aligned(RILL_STACK_ALIGN)))
#endif

RILL_TASK_POOL_DEFINE(tasks, 3, BENCH_STACK);
static rill_tcb_t tcbs[MOST] MEMORY;
static unsigned char stacks[MOST][RILL_STACK_ROUND(BENCH_STACK_SMALL)] MEMORY;
static rill_task_pool_t crowd = RILL_TASK_POOL_INIT(tcbs, stacks, MOST, RILL_STACK_ROUND(BENCH_STACK_SMALL));
static rill_semaphore_t ping = RILL_SEMAPHORE_INIT(0);
static rill_semaphore_t pong = RILL_SEMAPHORE_INIT(0);
static rill_timer_t timer = RILL_TIMER_INIT;
static bool stop;

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static int yielder(void *arg)
{
    (void)arg;
    while (!stop) {
        rill_yield();
    }
    return 0;
}

static int answer(void *arg)
{
    (void)arg;
    while (rill_semaphore_acquire(&ping) == 0 && !stop) {
        rill_semaphore_release(&pong);
    }
    return 0;
}

static int sleeper(void *arg)
{
    uint32_t i = (uint32_t)(uintptr_t)arg;
    return rill_sleep_ms(1000000 + i * 7919u % 10007u * 100);
}

static void in_turn(uint32_t n)
{
    if (!bench_wanted(bench_name("yield-of-", n))) {
        return;
    }
    stop = false;
    for (uint32_t i = 1; i < n; i++) {
        rill_spawn(&crowd, yielder, NULL, NULL);
    }
    rill_yield();
    BENCH_PARTS(bench_name("yield-of-", n), N / n + 32, n, rill_yield());
    stop = true;
    rill_yield();
    rill_yield();
}

static void among(uint32_t n)
{
    rill_loop_t *loop = rill_loop_running();
    rill_time_t late = rill_clock_now() + RILL_S(5000);
    rill_task_t task;
    BENCH(bench_name("ping-pong-among-", n), N, rill_semaphore_release(&ping); rill_semaphore_acquire(&pong));
    BENCH(bench_name("create-run-reap-among-", n), N, rill_spawn(&tasks, nothing, NULL, &task); rill_join(task, NULL));
    BENCH(bench_name("start-cancel-among-", n), N, rill_call_at(loop, &timer, late, nothing, NULL);
          rill_timer_cancel(loop, &timer));
    BENCH(bench_name("start-yield-cancel-among-", n), N, rill_call_at(loop, &timer, late, nothing, NULL); rill_yield();
          rill_timer_cancel(loop, &timer));
}

static void populations(void)
{
    rill_task_t other;
    uint32_t asleep = 0;
    stop = false;
    rill_spawn(&tasks, answer, NULL, &other);
    for (uint32_t n = 1; n <= MOST; n *= 10) {
        for (; asleep < n; asleep++) {
            rill_spawn(&crowd, sleeper, (void *)(uintptr_t)asleep, NULL);
        }
        rill_yield();
        rill_yield();
        among(n);
    }
    stop = true;
    rill_semaphore_release(&ping);
    rill_join(other, NULL);
}

static int all(void *arg)
{
    (void)arg;
    for (uint32_t n = 10; n <= IN_TURN; n *= 10) {
        in_turn(n);
    }
    if (bench_wanted("ping-pong-among-1") || bench_wanted("among")) {
        populations();
    }
    bench_put("bench done\n");
    return 0;
}

int main(void)
{
    return rill_run(&tasks, all, NULL, NULL);
}
