// rill-test: not=host | min-ram=16 | expect-fault=rill: malloc or a stream beside the loop [107]
// An interrupt handler that allocates might have interrupted malloc itself: it is stopped, in release builds as well.
#include <rill/libc.h>
#include <rill/task.h>

#include <stdlib.h>

#include "test.h"

RILL_HEAP_DEFINE(1024);
RILL_TASK_POOL_DEFINE(tasks, 1, 512 * sizeof(void *) / 4);

static void *volatile memory;

static void handler(void *arg)
{
    (void)arg;
    memory = malloc(16);
}

static int app(void *arg)
{
    (void)arg;
    memory = malloc(16);
    CHECK(memory != NULL);
    free(memory);
    isr_now(handler, NULL);
    return RILL_OK;
}

int main(void)
{
    rill_run(&tasks, app, NULL, NULL);
    return 0;
}
