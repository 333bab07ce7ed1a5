// wait, and whether a task is in `done`. The document's program prints nothing; this one prints what it found.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 3, STACK);

static int foo(void *arg)
{
    (void)arg;
    return 42;
}

static int slow(void *arg)
{
    (void)arg;
    return rill_sleep_ms(1000);
}

static int app(void *arg)
{
    (void)arg;
    rill_task_t quick = create_task(&tasks, foo, NULL), pending = create_task(&tasks, slow, NULL);
    rill_awaitable_t both[] = { { .future = rill_task_future(quick) }, { .future = rill_task_future(pending) } };
    int done = rill_wait(both, 2, RILL_FIRST_COMPLETED, RILL_NEVER);
    if (both[0].done) {
        rill_value_t result = 0;
        rill_future_result(both[0].future, &result);
        printf("foo is done: %d\n", (int)result);
    }
    printf("%d done, %d pending\n", done, 2 - done);
    rill_detach(quick);
    rill_detach(pending);
    return done < 0 ? done : 0;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
