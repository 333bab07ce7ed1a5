// rill-test: boards=host,mps2-*,virt-* | expect-fault=rill: the tank is dry [990] in task pump
// An assertion of the application's own: in debug builds it names the task and stops everything.
#include <rill/assert.h>
#include <rill/board.h>
#include <rill/task.h>

#include "test.h"

RILL_TASK_POOL_DEFINE(tasks, 2, 4096);

static int level = 1;

static int pump(void *arg)
{
    (void)arg;
    RILL_ASSERT(989, level > 0, "the tank is full");
    while (level > 0) {
        level--;
        rill_yield();
    }
    RILL_ASSERT(990, level > 0, "the tank is dry");
#if RILL_DEBUG
    return 0; // no output: the test fails
#else
    rill_panic(990, "the tank is dry"); // where assertions are off
#endif
}

static int app(void *arg)
{
    const rill_spawn_options_t options = { .name = "pump" };
    rill_task_t task;
    (void)arg;
    rill_spawn_with(&tasks, pump, NULL, &options, &task);
    return rill_join(task, NULL);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
