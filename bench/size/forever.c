// sleep.c in a loop that nothing ends, as other kernels' schedulers: what rill_run does at the end of a run is not
// linked.
#include <rill/loop.h>
#include <rill/task.h>

RILL_TASK_POOL_DEFINE(tasks, 1, 512);

static int app(void *arg)
{
    while (rill_sleep_ms(500) == RILL_OK) { // for ever
    }
    return arg != NULL;
}

static int begin(void *arg)
{
    return rill_spawn(&tasks, app, arg, NULL);
}

int main(void)
{
    static rill_handle_t first;
    rill_loop_t *loop = rill_loop_default();
    rill_call_soon(loop, &first, begin, NULL);
    return rill_run_forever(loop);
}
