// Three factorials at once.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 4, STACK);

struct job {
    const char *name;
    int number;
};

static int factorial(void *arg)
{
    const struct job *job = arg;
    int f = 1;
    for (int i = 2; i <= job->number; i++) {
        printf("Task %s: Compute factorial(%d)...\n", job->name, i);
        int error = rill_sleep_ms(1000);
        if (error != RILL_OK) {
            return error;
        }
        f *= i;
    }
    printf("Task %s: factorial(%d) = %d\n", job->name, job->number, f);
    return f;
}

static int app(void *arg)
{
    static struct job a = { "A", 2 }, b = { "B", 3 }, c = { "C", 4 };
    const rill_call_t calls[] = { { factorial, &a }, { factorial, &b }, { factorial, &c } };
    rill_awaitable_t results[3];
    (void)arg;
    return rill_gather_calls(&tasks, calls, results, 3, 0);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
