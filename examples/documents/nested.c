// A coroutine that is not awaited does nothing; awaited, it runs; as a task, it runs at the same time and has a
// result. In C an un-awaited call is a function that is named and not called.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 2, STACK);

static int nested(void *arg)
{
    (void)arg;
    printf("something\n");
    return 0;
}

static int nested_42(void *arg)
{
    (void)arg;
    return 42;
}

static int app(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    rill_fn_t coroutine = nested; // nothing happens
    coroutine(NULL);              // prints "something"
    rill_task_t task = create_task(&tasks, nested_42, NULL);
    int error = rill_join(task, &value);
    printf("%d\n", (int)value);
    return error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
