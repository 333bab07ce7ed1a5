// Context variables: a request's number follows it through every function and task, without a parameter.
#include <rill/contextvars.h>
#include <rill/gather.h>
#include <stdio.h>

enum { STACK = sizeof(void *) == 8 ? 16384 : 1024 }; // the printf of a PC needs more
RILL_TASK_POOL_DEFINE(tasks, 6, STACK);
RILL_VARS_POOL_DEFINE(bindings, 8);
static rill_var_t request = RILL_VAR_INIT_DEFAULT(0);

static void say(const char *text)
{
    rill_value_t number = 0;
    rill_var_get(&request, &number);
    printf("[request %d] %s\n", (int)number, text);
}

static int flash_write(void *arg)
{
    (void)arg;
    rill_value_t number = 0;
    rill_var_get(&request, &number);
    int error = rill_sleep_ms((uint32_t)number * 10);
    say("written");
    return error;
}

static int handle(void *number)
{
    rill_task_t writer;
    rill_var_set(&request, (rill_value_t)number, NULL);
    say("begins");
    int error = rill_spawn(&tasks, flash_write, NULL, &writer); // the new task inherits the number
    error = error < 0 ? error : rill_join(writer, NULL);
    say("ends");
    return error;
}

static int app(void *arg)
{
    (void)arg;
    rill_awaitable_t children[2];
    const rill_call_t calls[] = { { handle, (void *)7 }, { handle, (void *)8 } };
    rill_vars_use(&bindings);
    int error = rill_gather_calls(&tasks, calls, children, 2, 0);
    say("is nobody's");
    return error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
