// create_task outside a loop. Python raises RuntimeError and prints where; here the code says so.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 1, STACK);

static int coroutine(void *arg)
{
    (void)arg;
    return 1;
}

int main(void)
{
    rill_task_t task;
    if (rill_spawn(&tasks, coroutine, NULL, &task) == RILL_EPERM) {
        printf("RuntimeError: no running event loop\n");
    }
    return 0;
}
