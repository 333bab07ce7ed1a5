// A future: a callback, its result; gathered together with a coroutine. The document's pieces print nothing: this one
// prints the result wherever it arrives.
#include "document.h"

#include <rill/loop.h>

RILL_TASK_POOL_DEFINE(tasks, 2, STACK);
static rill_future_t future = RILL_FUTURE_INIT;

static int callback(void *arg)
{
    rill_value_t result = 0;
    rill_future_result(arg, &result);
    printf("callback: %s\n", TEXT(result));
    return 0;
}

static int some_python_coroutine(void *arg)
{
    int error = rill_sleep_ms(1000);
    if (error == RILL_OK) {
        rill_future_set_result(arg, (rill_value_t) "Hello, world!");
    }
    return error;
}

static int app(void *arg)
{
    static rill_handle_t handle = RILL_HANDLE_INIT(NULL, NULL);
    rill_awaitable_t both[2] = { { .future = &future } };
    (void)arg;
    rill_future_add_done_callback(&future, &handle, callback, &future);
    rill_task_t task = create_task(&tasks, some_python_coroutine, &future);
    both[1].future = rill_task_future(task);
    int error = rill_gather(both, 2, 0);
    printf("gather: %s\n", TEXT(both[0].value));
    rill_detach(task);
    return error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
