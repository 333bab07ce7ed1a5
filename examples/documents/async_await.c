// Four ways to write coroutines, 3 and 4: @asyncio.coroutine with `yield from`, and async def with await. Both are
// the same here: a task waits wherever it calls something that waits.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 3, STACK);

static int func1_async(void *arg)
{
    (void)arg;
    printf("1\n");
    int error = rill_sleep_ms(2000);
    if (error == RILL_OK) {
        printf("2\n");
    }
    return error;
}

static int func2_async(void *arg)
{
    (void)arg;
    printf("3\n");
    int error = rill_sleep_ms(2000);
    if (error == RILL_OK) {
        printf("4\n");
    }
    return error;
}

static int app(void *arg)
{
    (void)arg;
    rill_task_t a = create_task(&tasks, func1_async, NULL), b = create_task(&tasks, func2_async, NULL);
    rill_awaitable_t both[] = { { .future = rill_task_future(a) }, { .future = rill_task_future(b) } };
    return rill_wait(both, 2, RILL_ALL_COMPLETED, RILL_NEVER);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
