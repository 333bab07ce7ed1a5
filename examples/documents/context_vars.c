// Context variables: each task has its own value, main keeps the default.
#include "document.h"

#include <rill/contextvars.h>

RILL_TASK_POOL_DEFINE(tasks, 3, STACK);
RILL_VARS_POOL_DEFINE(bindings, 4);
static rill_var_t var = RILL_VAR_INIT_DEFAULT(0);

static const char *get(void)
{
    rill_value_t value = 0;
    rill_var_get(&var, &value);
    return value != 0 ? TEXT(value) : "default";
}

static int task(void *value)
{
    int error = rill_var_set(&var, (rill_value_t)value, NULL);
    if (error == RILL_OK) {
        printf("Task %s: var = %s\n", TEXT(value), get());
    }
    return error;
}

static int app(void *arg)
{
    const rill_call_t calls[] = { { task, "A" }, { task, "B" } };
    rill_awaitable_t results[2];
    (void)arg;
    int error = rill_gather_calls(&tasks, calls, results, 2, 0);
    printf("Main after tasks: %s\n", get());
    return error;
}

int main(void)
{
    rill_vars_use(&bindings);
    return rill_run(&tasks, app, NULL, NULL);
}
