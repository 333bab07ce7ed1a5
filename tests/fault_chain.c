// rill-test: boards=arm-m | expect-fault=rill: in task victim
// An undefined instruction is reported with the task it happened in.
#include <rill/board.h>
#include <rill/loop.h>
#include <rill/task.h>

#include "arch.h"
#include "test.h"

RILL_TASK_POOL_DEFINE(tasks, 2, 512);

__attribute__((noinline)) static void undefined(void)
{
    __asm__ volatile("udf #1");
}

static int victim(void *arg)
{
    (void)arg;
    undefined();
    return 0;
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
