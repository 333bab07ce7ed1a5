// The smallest program with a task: it sleeps. What it does not use must cost nothing.
#include <rill/loop.h>
#include <rill/task.h>

RILL_TASK_POOL_DEFINE(tasks, 1, 512);

static int app(void *arg)
{
    while (rill_sleep_ms(500) == RILL_OK) { // for ever
    }
    return arg != NULL;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
