// A quick self-measurement with the board's own clock. In an emulator the figures are the emulator's; `make bench`
// counts instructions.
#include "shell.h"

#include <rill/clock.h>
#include <rill/queue.h>
#include <rill/semaphore.h>

enum { ROUNDS = 2000 };

RILL_QUEUE_DEFINE(numbers, uint32_t, 4);

static int partner(void *arg)
{
    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        int error = rill_yield();
        if (error != RILL_OK) {
            return error;
        }
    }
    return RILL_OK;
}

static int empty(void *arg)
{
    (void)arg;
    return RILL_OK;
}

// This task and another one take turns: two switches a round.
static int bench_yield(void)
{
    rill_task_t other;
    int error = rill_spawn(shell_workers, partner, NULL, &other);
    if (error != RILL_OK) {
        return error;
    }
    partner(NULL);
    return rill_join(other, NULL);
}

static int bench_spawn(void)
{
    int error = RILL_OK;
    for (int i = 0; i < ROUNDS && error == RILL_OK; i++) {
        rill_task_t task;
        error = rill_spawn(shell_workers, empty, NULL, &task);
        error = error == RILL_OK ? rill_join(task, NULL) : error;
    }
    return error;
}

static int bench_semaphore(void)
{
    rill_semaphore_t semaphore = RILL_SEMAPHORE_INIT(1);
    int error = RILL_OK;
    for (int i = 0; i < ROUNDS && error == RILL_OK; i++) {
        error = rill_semaphore_acquire(&semaphore);
        rill_semaphore_release(&semaphore);
    }
    return error;
}

static int bench_queue(void)
{
    int error = RILL_OK;
    for (uint32_t i = 0; i < ROUNDS && error == RILL_OK; i++) {
        uint32_t back;
        error = rill_queue_put(&numbers, &i);
        error = error == RILL_OK ? rill_queue_get(&numbers, &back) : error;
    }
    return error;
}

static int timer_fn(void *arg)
{
    (void)arg;
    return RILL_OK;
}

static int bench_timer(void)
{
    rill_timer_t timer = RILL_TIMER_INIT;
    rill_loop_t *loop = rill_loop_running();
    rill_time_t when = rill_clock_now() + RILL_S(1000);
    for (int i = 0; i < ROUNDS; i++) {
        rill_call_at(loop, &timer, when, timer_fn, NULL);
        rill_timer_cancel(loop, &timer);
    }
    return RILL_OK;
}

int bench_run(int argc, char **argv)
{
    static const struct {
        const char *name;
        unsigned operations;
        int (*run)(void);
    } all[] = {
        { "yield, task to task", 2 * ROUNDS, bench_yield },
        { "spawn, run and join", ROUNDS, bench_spawn },
        { "semaphore acquire and release", ROUNDS, bench_semaphore },
        { "queue put and get, 4 bytes", ROUNDS, bench_queue },
        { "timer start and cancel", ROUNDS, bench_timer },
    };
    (void)argc;
    (void)argv;
    int error = RILL_OK;
    for (unsigned i = 0; i < sizeof all / sizeof *all && error == RILL_OK; i++) {
        rill_time_t start = rill_clock_now();
        error = all[i].run();
        unsigned long ns = (unsigned long)((rill_clock_now() - start) * 1000 / all[i].operations);
        if (error == RILL_OK) {
            say("%-30s %6lu ns\n", all[i].name, ns);
            error = rill_yield();
        }
    }
    return error;
}
