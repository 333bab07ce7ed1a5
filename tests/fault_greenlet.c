// rill-test: boards=arm-m | not=microbit,stm32vldiscovery | expect-fault=stack overflow in task victim
// A generator that overruns its stack in a task is stopped, and the task that asked is named: the guard moves along.
#include <rill/generator.h>
#include <rill/loop.h>

#include "test.h"

RILL_TASK_POOL_DEFINE(tasks, 2, 2048);
RILL_COROUTINE_STACK(stack, 512);

// Down by some 2 KB.
__attribute__((noinline)) static int recurse(volatile int left)
{
    volatile int pad[4] = { left };
    return left > 0 ? recurse(left - 1) + pad[0] : pad[0];
}

static int body(rill_gen_t *self, void *arg)
{
    (void)arg;
    rill_gen_yield(self, 1, NULL);
    rill_sleep_ms(1);
    return recurse(64);
}

static int victim(void *arg)
{
    rill_gen_t gen;
    (void)arg;
    rill_gen_init(&gen, body, NULL, stack, sizeof stack);
    rill_gen_next(&gen, NULL);
    return rill_gen_next(&gen, NULL);
}

static int app(void *arg)
{
    rill_task_t task;
    (void)arg;
    rill_spawn(&tasks, victim, NULL, &task);
    rill_task_set_name(task, "victim");
    return rill_join(task, NULL);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
