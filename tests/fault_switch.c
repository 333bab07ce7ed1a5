// rill-test: boards=arm-m | not=microbit,stm32vldiscovery | expect-fault=stack overflow in task victim
// A task that overruns its stack on its way out, when another one has its place already: not that one is named.
#include <rill/board.h>
#include <rill/loop.h>
#include <rill/task.h>

#include "arch.h"
#include "test.h"

RILL_TASK_POOL_DEFINE(tasks, 3, 640);

__attribute__((noinline)) static int recurse(volatile int left)
{
    rill_yield(); // needs more stack than the call of recurse
    return left > 0 ? recurse(left - 1) + 1 : 0;
}

static int victim(void *arg)
{
    (void)arg;
    return recurse(200);
}

static int innocent(void *arg)
{
    (void)arg;
    while (rill_yield() == 0) {
        continue;
    }
    return 0;
}

static int app(void *arg)
{
    rill_task_t task;
    (void)arg;
    rill_spawn(&tasks, victim, NULL, &task);
    rill_task_set_name(task, "victim");
    rill_spawn(&tasks, innocent, NULL, NULL);
    return rill_join(task, NULL);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
