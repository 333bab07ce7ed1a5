// asyncio.run: makes a loop, runs main in it and closes it.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 1, STACK);

static int app(void *arg)
{
    (void)arg;
    int error = rill_sleep_ms(1000);
    if (error == RILL_OK) {
        printf("hello\n");
    }
    return error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
