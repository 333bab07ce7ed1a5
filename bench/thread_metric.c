// The eight tests of Thread-Metric, written anew from their published description. A test there counts how often its
// loop runs in 30 seconds; here it is the instructions of one round of that loop.
//
// Rill's loop has no priorities and its tasks do not preempt. "preemptive" is the same chain of tasks that resume one
// another, but the one resumed runs when the one that resumed it waits next. In "interrupt-preemption" the task that
// was interrupted yields, and the one that the interrupt resumed runs, suspends itself, and gives way to it again.
#include "bench.h"

#include <rill/irq.h>
#include <rill/queue.h>
#include <rill/semaphore.h>

enum { N = 10000, TASKS = 5 };

RILL_TASK_POOL_DEFINE(tasks, TASKS, BENCH_STACK);
RILL_POOL_DEFINE(blocks, struct { uint32_t words[32]; }, 4);
struct message {
    uint32_t words[4];
};
RILL_QUEUE_DEFINE(messages, struct message, 10);
static rill_semaphore_t permit = RILL_SEMAPHORE_INIT(1);
static rill_signal_t fired = RILL_SIGNAL_INIT;
static rill_semaphore_t resume[TASKS];
static volatile uint32_t counters[TASKS];
static volatile uint32_t array[64];
static bool stop;

// The processor alone: what the others are measured against.
static void basic(void)
{
    for (unsigned i = 0; i < 64; i++) {
        array[i] = (array[i] + counters[0]) ^ array[i];
    }
    counters[0]++;
}

static int cooperates(void *arg)
{
    volatile uint32_t *counter = arg;
    while (!stop) {
        rill_yield();
        (*counter)++;
    }
    return 0;
}

// Each resumes the next one, the last one the first, and suspends itself.
static int relays(void *arg)
{
    unsigned i = (unsigned)(uintptr_t)arg;
    while (rill_semaphore_acquire(&resume[i]) == 0 && !stop) {
        counters[i]++;
        rill_semaphore_release(&resume[(i + 1) % TASKS]);
    }
    return 0;
}

static void cooperative(void)
{
    stop = false;
    for (unsigned i = 1; i < TASKS; i++) {
        rill_spawn(&tasks, cooperates, (void *)(uintptr_t)&counters[i], NULL);
    }
    rill_yield();
    BENCH_PARTS("thread-metric-cooperative", N, TASKS, rill_yield(); counters[0]++);
    stop = true;
    rill_yield();
    rill_yield();
}

// The running task is the first of the five.
static void preemptive(void)
{
    stop = false;
    for (uintptr_t i = 1; i < TASKS; i++) {
        rill_spawn(&tasks, relays, (void *)i, NULL);
    }
    rill_yield();
    BENCH_PARTS("thread-metric-preemptive", N, TASKS, rill_semaphore_release(&resume[1]);
                rill_semaphore_acquire(&resume[0]); counters[0]++);
    stop = true;
    for (unsigned i = 1; i < TASKS; i++) {
        rill_semaphore_release(&resume[i]);
    }
    rill_yield();
    rill_yield();
}

// ---- interrupts: signal.h is what an interrupt sets here, a semaphore there

static void set(void *arg)
{
    rill_signal_set_threadsafe(arg);
}

static int resumes(void *arg)
{
    (void)arg;
    while (rill_signal_wait(&fired) == 0) {
        counters[1]++;
    }
    return 0;
}

static void interrupts(void)
{
    rill_irq_attach(rill_board_soft_irq, set, &fired);
    BENCH("thread-metric-interrupt", N, rill_irq_pend(rill_board_soft_irq); rill_signal_wait(&fired);
          counters[0]++);
    rill_task_t task;
    rill_spawn(&tasks, resumes, NULL, &task);
    rill_yield();
    BENCH("thread-metric-interrupt-preemption", N, rill_irq_pend(rill_board_soft_irq); rill_yield(); counters[0]++);
    rill_task_cancel(task);
    rill_join(task, NULL);
    rill_irq_detach(rill_board_soft_irq);
}

static int all(void *arg)
{
    static struct message message;
    (void)arg;
    BENCH("thread-metric-basic", N / 10, basic());
    cooperative();
    preemptive();
    interrupts();
    BENCH("thread-metric-message", N, message.words[0]++; rill_queue_put(&messages, &message);
          rill_queue_get(&messages, &message); counters[0]++);
    BENCH("thread-metric-synchronization", N, rill_semaphore_acquire(&permit); rill_semaphore_release(&permit);
          counters[0]++);
    BENCH("thread-metric-memory", N, rill_pool_free(&blocks, rill_pool_alloc(&blocks)); counters[0]++);
    bench_put("bench done\n");
    return 0;
}

int main(void)
{
    return rill_run(&tasks, all, NULL, NULL);
}
