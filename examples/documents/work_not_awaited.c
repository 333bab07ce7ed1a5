// A task nobody awaits is cancelled when the main task ends: work(2) starts and does not end.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 3, STACK);

static int work(void *arg)
{
    printf("start %d\n", INT(arg));
    int error = rill_sleep_ms((uint32_t)INT(arg) * 1000);
    if (error != RILL_OK) {
        return error;
    }
    printf("end %d\n", INT(arg));
    return rill_return((rill_value_t) "ok");
}

static int app(void *arg)
{
    (void)arg;
    printf("main 1\n");
    rill_task_t t = create_task(&tasks, work, PTR(1));
    rill_spawn(&tasks, work, PTR(2), NULL);
    printf("main 2\n");
    return rill_join(t, NULL);
}

int main(void)
{
    int error = rill_run(&tasks, app, NULL, NULL);
    printf("end\n");
    return error;
}
