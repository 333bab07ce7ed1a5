// wait_for cancels the task that takes too long; with a shield around it the task goes on and can be awaited again.
#include "document.h"

#include <rill/timeout.h>

RILL_TASK_POOL_DEFINE(tasks, 2, STACK);

static int green(void *timeout)
{
    int error = rill_sleep_ms((uint32_t)INT(timeout) * 1000);
    return error == RILL_OK ? rill_return((rill_value_t) "hello, world!") : error;
}

static void cancelled_after_five(void)
{
    rill_value_t res = 0;
    rill_task_t green_task = create_task(&tasks, green, PTR(20));
    int error = rill_wait_for(rill_task_future(green_task), RILL_S(5), &res);
    if (error == RILL_ETIMEDOUT) {
        printf("timeout: task has canclled\n");
    } else {
        printf("%s\n", TEXT(res));
    }
    rill_detach(green_task);
}

static void shielded(void)
{
    rill_value_t res = 0;
    rill_shield_t shield;
    rill_task_t green_task = create_task(&tasks, green, PTR(20));
    int error = rill_wait_for(rill_shield_begin(&shield, rill_task_future(green_task)), RILL_S(5), &res);
    rill_shield_end(&shield);
    if (error == RILL_ETIMEDOUT) {
        printf("timeout with other reasion\n");
        rill_join(green_task, &res);
    }
    printf("%s\n", TEXT(res));
}

static int app(void *arg)
{
    (void)arg;
    cancelled_after_five();
    printf("%u s\n", seconds());
    shielded();
    printf("%u s\n", seconds());
    return 0;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
