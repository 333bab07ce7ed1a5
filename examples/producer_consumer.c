// Producer and consumers over a bounded queue: a full queue slows the producer down, shutdown ends the consumers.
#include <rill/gather.h>
#include <rill/queue.h>
#include <stdio.h>

enum { STACK = sizeof(void *) == 8 ? 16384 : 1024 }; // the printf of a PC needs more
RILL_TASK_POOL_DEFINE(tasks, 4, STACK);
RILL_QUEUE_DEFINE(jobs, int, 2);

static int producer(void *arg)
{
    (void)arg;
    for (int job = 1; job <= 6; job++) {
        int error = rill_queue_put(&jobs, &job);
        if (error < 0) {
            return error;
        }
        printf("put %d, %u waiting\n", job, rill_queue_size(&jobs));
    }
    int error = rill_queue_join(&jobs);
    rill_queue_shutdown(&jobs, false);
    return error;
}

static int consumer(void *name)
{
    int job, error, done = 0;
    while ((error = rill_queue_get(&jobs, &job)) == 0) {
        rill_sleep_ms(100u * (unsigned)job);
        printf("%s did %d\n", (const char *)name, job);
        rill_queue_task_done(&jobs);
        done++;
    }
    return error == RILL_ESHUTDOWN ? done : error;
}

static int app(void *arg)
{
    (void)arg;
    rill_awaitable_t children[3];
    const rill_call_t calls[] = { { producer, NULL }, { consumer, "a" }, { consumer, "b" } };
    int error = rill_gather_calls(&tasks, calls, children, 3, 0);
    printf("a did %d jobs, b did %d\n", (int)children[1].value, (int)children[2].value);
    return error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
