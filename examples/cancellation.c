// Cancellation with cleanup that itself waits: a motor must not be left running, and takes time to stop.
#include <rill/task.h>
#include <rill/timeout.h>
#include <stdio.h>

enum { STACK = sizeof(void *) == 8 ? 16384 : 1024 }; // the printf of a PC needs more
RILL_TASK_POOL_DEFINE(tasks, 3, STACK);

static int brake(void *arg)
{
    (void)arg;
    for (int speed = 300; speed >= 0; speed -= 100) {
        printf("speed %d\n", speed);
        rill_sleep_ms(50);
    }
    return 0;
}

// The brake is a task of its own behind a shield: a second cancellation ends the wait, not the braking.
static int motor(void *arg)
{
    (void)arg;
    rill_task_t braking;
    printf("motor on\n");
    int error = rill_sleep_ms(60000);
    if (rill_spawn(&tasks, brake, NULL, &braking) == 0) {
        while (rill_shield(rill_task_future(braking), NULL) == RILL_ECANCELED) {
            printf("still braking\n");
        }
        rill_detach(braking);
    }
    printf("motor off\n");
    return error;
}

static int app(void *arg)
{
    (void)arg;
    rill_task_t task;
    rill_value_t value;
    rill_spawn(&tasks, motor, NULL, &task);
    rill_sleep_ms(1000);
    rill_task_cancel(task);
    rill_sleep_ms(120);
    rill_task_cancel(task);
    printf("cancelled: %d\n", rill_join(task, &value) == RILL_ECANCELED);
    return 0;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
