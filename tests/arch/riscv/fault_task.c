// rill-test: boards=riscv | expect-fault=rill: fault illegal instruction in task victim
// An exception is reported with the task it happened in.
#include <rill/task.h>

RILL_TASK_POOL_DEFINE(tasks, 2, 1024);

__attribute__((noinline)) static int illegal(void)
{
    __asm__ volatile(".half 0");
    return 1;
}

static int victim(void *arg)
{
    (void)arg;
    return illegal() + 1;
}

static int app(void *arg)
{
    (void)arg;
    rill_task_t task;
    rill_spawn_with(&tasks, victim, NULL, &(rill_spawn_options_t){ .name = "victim" }, &task);
    return rill_join(task, NULL);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
