// Ten producers and one consumer. The queue is as large as needed, since nothing here is without bounds. The
// document's numbers are random; these are the ones it printed.
#include "queue_print.h"

RILL_TASK_POOL_DEFINE(tasks, 12, STACK);
RILL_QUEUE_DEFINE(queue, int, 10);

static int producer(void *name)
{
    static const int random[] = { 2, 5, 4, 2, 1, 1, 3, 5, 4, 2 };
    int timeout = random[INT(name)];
    int error = rill_queue_put(&queue, &timeout);
    if (error != RILL_OK) {
        return error;
    }
    printf("Producer-%d put%d into th queue ", INT(name), timeout);
    print_queue(&queue, 0);
    return 0;
}

static int consumer(void *arg)
{
    (void)arg;
    while (!rill_queue_empty(&queue)) {
        int timeout = 0;
        int error = rill_queue_get(&queue, &timeout);
        if (error != RILL_OK) {
            return error;
        }
        error = rill_sleep_ms((uint32_t)timeout * 1000);
        if (error != RILL_OK) {
            return error;
        }
        printf("Consumer ate %d ", timeout);
        print_queue(&queue, 0);
    }
    return 0;
}

static int app(void *arg)
{
    rill_awaitable_t all[11] = { 0 };
    (void)arg;
    for (int i = 0; i < 10; i++) {
        all[i].future = rill_task_future(create_task(&tasks, producer, PTR(i)));
    }
    all[10].future = rill_task_future(create_task(&tasks, consumer, NULL));
    return rill_gather(all, 11, 0);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
