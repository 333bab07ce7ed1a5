// The smallest operations: switching, semaphores, queues, pools. All but yield on a task of its own.
#include "bench.h"

#include <rill/queue.h>
#include <rill/semaphore.h>

enum { N = 10000 };

RILL_TASK_POOL_DEFINE(tasks, 6, BENCH_STACK);
RILL_POOL_DEFINE(blocks, struct { uint32_t words[4]; }, 4);
static rill_semaphore_t ping = RILL_SEMAPHORE_INIT(0);
static rill_semaphore_t pong = RILL_SEMAPHORE_INIT(0);
static rill_semaphore_t permits = RILL_SEMAPHORE_INIT(1);
static bool stop;

struct item16 {
    uint32_t words[4];
};
struct item64 {
    uint32_t words[16];
};
struct item256 {
    uint32_t words[64];
};
RILL_QUEUE_DEFINE(queue4, uint32_t, 8);
RILL_QUEUE_DEFINE(queue16, struct item16, 8);
RILL_QUEUE_DEFINE(queue64, struct item64, 8);
RILL_QUEUE_DEFINE(queue256, struct item256, 2);

static int yielder(void *arg)
{
    (void)arg;
    while (!stop) {
        rill_yield();
    }
    return 0;
}

// Loops that take a known number of instructions: whether the clock counts right.
#if defined(__ARM_ARCH_6M__)
#define LOOP(nops, n) __asm__ volatile("1: .rept " #nops "\n\tnop\n\t.endr\n\tsub %0, #1\n\tbne 1b" : "+l"(n) : : "cc")
#elif defined(__arm__)
#define LOOP(nops, n) __asm__ volatile("1: .rept " #nops "\n\tnop\n\t.endr\n\tsubs %0, #1\n\tbne 1b" : "+r"(n) : : "cc")
#elif defined(__riscv)
#define LOOP(nops, n) __asm__ volatile("1: .rept " #nops "\n\tnop\n\t.endr\n\taddi %0, %0, -1\n\tbnez %0, 1b" : "+r"(n))
#else
#define LOOP(nops, n) for (; (n) > 0; (n)--) __asm__ volatile("") // the host counts no instructions
#endif

// Not inlined: the compiler does not know how long they are, and branches across them.
static __attribute__((noinline)) void loop_of_3(uint32_t n)
{
    LOOP(1, n);
}

static __attribute__((noinline)) void loop_of_100(uint32_t n)
{
    LOOP(98, n);
}

static void calibrate(const char *operation, void (*loop)(uint32_t n))
{
    if (bench_wanted(operation)) {
        uint32_t n = bench_rounds(N);
        rill_time_t start = bench_start();
        loop(n);
        bench_report(operation, start, n, 1);
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

#if defined(__ARM_FP)
// Tasks that use the FPU: each touches it between any two of its switches, so that its registers are its own.

static inline void use_fpu(void)
{
    __asm__ volatile("vmov.f32 s0, #1.0" : : : "s0");
}

static int fpu_yielder(void *arg)
{
    (void)arg;
    while (!stop) {
        use_fpu();
        rill_yield();
    }
    return 0;
}

static int fpu_answer(void *arg)
{
    (void)arg;
    while (rill_semaphore_acquire(&ping) == 0 && !stop) {
        use_fpu();
        rill_semaphore_release(&pong);
    }
    return 0;
}

// The instruction that uses it is one of a yield's, and two of a round trip's.
static void with_fpu(void)
{
    rill_task_t other;
    stop = false;
    rill_spawn(&tasks, fpu_yielder, NULL, &other);
    rill_yield();
    BENCH_PARTS("yield-fpu-one", N, 2, rill_yield());
    BENCH_PARTS("yield-fpu-both", N, 2, use_fpu(); rill_yield());
    stop = true;
    rill_join(other, NULL);
    stop = false;
    rill_spawn(&tasks, fpu_answer, NULL, &other);
    rill_yield();
    BENCH("semaphore-ping-pong-fpu-both", N, use_fpu(); rill_semaphore_release(&ping); rill_semaphore_acquire(&pong));
    stop = true;
    rill_semaphore_release(&ping);
    rill_join(other, NULL);
}
#else
static void with_fpu(void)
{
}
#endif

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
    static uint32_t item4;
    static struct item16 item16;
    static struct item64 item64;
    static struct item256 item256;
    BENCH("queue-put-get-4", N, rill_queue_put(&queue4, &item4); rill_queue_get(&queue4, &item4));
    BENCH("queue-put-get-16", N, rill_queue_put(&queue16, &item16); rill_queue_get(&queue16, &item16));
    BENCH("queue-put-get-64", N, rill_queue_put(&queue64, &item64); rill_queue_get(&queue64, &item64));
    BENCH("queue-put-get-256", N, rill_queue_put(&queue256, &item256); rill_queue_get(&queue256, &item256));
}

static int all(void *arg)
{
    (void)arg;
    calibrate("calibration-of-3", loop_of_3);
    calibrate("calibration-of-100", loop_of_100);
    switching();
    semaphores();
    with_fpu();
    queues();
    BENCH("pool-alloc-free", N, rill_pool_free(&blocks, rill_pool_alloc(&blocks)));
    bench_put("bench done\n");
    return 0;
}

int main(void)
{
    return rill_run(&tasks, all, NULL, NULL);
}
