// Awaiting what returns at once lets nobody else run, however long it takes; sleep(0) does. The document blocks for
// a second in each round; here it is the work of a round.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 3, STACK);

static void work(void)
{
    for (volatile int i = 0; i < 10000; i++) {
    }
}

static int busy_loop(void *polite)
{
    for (int i = 0; i < 10; i++) {
        int error = polite != NULL ? rill_yield() : RILL_OK;
        if (error != RILL_OK) {
            return error;
        }
        printf("Busy\n");
        if (polite == NULL) {
            work();
        }
    }
    return 0;
}

static int normal(void *polite)
{
    for (int i = 0; i < 10; i++) {
        int error = polite != NULL ? rill_yield() : RILL_OK;
        if (error != RILL_OK) {
            return error;
        }
        printf("Normal coroutine\n");
    }
    return 0;
}

static int both(void *polite)
{
    const rill_call_t calls[] = { { busy_loop, polite }, { normal, polite } };
    rill_awaitable_t results[2];
    return rill_gather_calls(&tasks, calls, results, 2, 0);
}

static int app(void *arg)
{
    (void)arg;
    int error = both(NULL);
    printf("with sleep(0):\n");
    return error == RILL_OK ? both(PTR(1)) : error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
