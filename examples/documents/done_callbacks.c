// Callbacks of finished tasks; the second has one more argument bound to it, Python's functools.partial.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 3, STACK);

struct bound {
    rill_future_t *future;
    int n;
};

static int letter(void *name)
{
    int error = rill_sleep_ms(1000);
    return error == RILL_OK ? rill_return((rill_value_t)name) : error;
}

static int callback(void *arg)
{
    rill_value_t result = 0;
    rill_future_result(arg, &result);
    printf("Result: %s\n", TEXT(result));
    return 0;
}

static int callback2(void *arg)
{
    const struct bound *bound = arg;
    rill_value_t result = 0;
    rill_future_result(bound->future, &result);
    printf("Result: %s, N: %d\n", TEXT(result), bound->n);
    return 0;
}

static int app(void *arg)
{
    rill_handle_t handles[] = { RILL_HANDLE_INIT(NULL, NULL), RILL_HANDLE_INIT(NULL, NULL) };
    (void)arg;
    rill_future_t *a = rill_task_future(create_task(&tasks, letter, "A"));
    rill_future_t *b = rill_task_future(create_task(&tasks, letter, "B"));
    struct bound bound = { b, 100 };
    rill_future_add_done_callback(a, &handles[0], callback, a);
    rill_future_add_done_callback(b, &handles[1], callback2, &bound);
    rill_awaitable_t both[] = { { .future = a }, { .future = b } };
    return rill_gather(both, 2, 0);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
