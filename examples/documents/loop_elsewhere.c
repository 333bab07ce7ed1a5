// A loop that is given work, and is stopped, from outside: call_soon_threadsafe. The document's other side is the
// main thread; here it is the code before the loop runs, as it could be an interrupt.
#include "document.h"

#include <rill/loop.h>

RILL_TASK_POOL_DEFINE(tasks, 2, STACK);
static rill_loop_t loop;

static int async_operation(void *arg)
{
    (void)arg;
    printf("async thing ...\n");
    return 0;
}

static int close_loop(void *arg)
{
    (void)arg;
    return rill_loop_stop(rill_loop_running());
}

static int submit(void *fn)
{
    return rill_spawn(&tasks, *(rill_fn_t *)fn, NULL, NULL);
}

int main(void)
{
    static rill_fn_t operation = async_operation, closing = close_loop;
    static rill_handle_t first = RILL_HANDLE_INIT(submit, &operation), second = RILL_HANDLE_INIT(submit, &closing);
    rill_loop_init(&loop);
    rill_call_soon_threadsafe(&loop, &first);
    printf("other thing ...\n");
    rill_call_soon_threadsafe(&loop, &second);
    rill_run_forever(&loop);
    return rill_loop_close(&loop);
}
