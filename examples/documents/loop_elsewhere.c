// A loop that is given work, and is stopped, from outside: run_coroutine_threadsafe. The document's other side is the
// main thread; here it is the code before the loop runs, as it could be an interrupt.
#include "document.h"

#include <rill/loop.h>
#include <rill/submit.h>

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

int main(void)
{
    static rill_submission_t operation, closing;
    rill_loop_init(&loop);
    rill_submit_threadsafe(&loop, &tasks, async_operation, NULL, &operation);
    printf("other thing ...\n");
    rill_submit_threadsafe(&loop, &tasks, close_loop, NULL, &closing);
    rill_run_forever(&loop);
    rill_loop_run_once(&loop, 0, NULL); // the submissions hear of their tasks' end
    return rill_loop_close(&loop);
}
