// Twenty producers and two consumers at a queue of three: a put waits while it is full. Numbers in place of the
// document's random ones; with them Python prints the same.
#include "queue_print.h"

RILL_TASK_POOL_DEFINE(tasks, 23, STACK);
RILL_QUEUE_DEFINE(queue, int, 3);
static rill_awaitable_t all[22];

static int producer(void *name)
{
    static const int random[] = { 3, 5, 4, 5, 4, 3, 1, 4, 1, 1, 5, 5, 4, 5, 3, 3, 1, 4, 2, 5 };
    int timeout = random[INT(name)];
    int error = rill_queue_put(&queue, &timeout);
    if (error != RILL_OK) {
        return error;
    }
    printf("Producer-%d put%d into th queue ", INT(name), timeout);
    print_queue(&queue, (int)rill_queue_maxsize(&queue));
    return 0;
}

static int consumer(void *name)
{
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
        printf("Consumer-%d ate %d ", INT(name), timeout);
        print_queue(&queue, (int)rill_queue_maxsize(&queue));
    }
    return 0;
}

static int app(void *arg)
{
    (void)arg;
    for (int i = 0; i < 20; i++) {
        all[i].future = rill_task_future(create_task(&tasks, producer, PTR(i)));
    }
    for (int i = 0; i < 2; i++) {
        all[20 + i].future = rill_task_future(create_task(&tasks, consumer, PTR(i)));
    }
    return rill_gather(all, 22, 0);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
