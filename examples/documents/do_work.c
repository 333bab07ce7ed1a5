// Three tasks that start in order and finish the other way round.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 4, STACK);

struct job {
    const char *task_name;
    unsigned duration;
};

static int do_work(void *arg)
{
    const struct job *job = arg;
    printf("Task %s started...\n", job->task_name);
    int error = rill_sleep_ms(job->duration * 1000);
    if (error == RILL_OK) {
        printf("Task %s finished.\n", job->task_name);
    }
    return error;
}

static int app(void *arg)
{
    static struct job a = { "A", 3 }, b = { "B", 2 }, c = { "C", 1 };
    const rill_call_t calls[] = { { do_work, &a }, { do_work, &b }, { do_work, &c } };
    rill_awaitable_t results[3];
    (void)arg;
    return rill_gather_calls(&tasks, calls, results, 3, 0);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
