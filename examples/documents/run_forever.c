// run_forever lets tasks finish that nobody awaits. The document ends it with Ctrl-C; a timer does it here.
#include "document.h"

#include <rill/loop.h>

RILL_TASK_POOL_DEFINE(tasks, 2, STACK);

static int fcn(void *arg)
{
    (void)arg;
    printf("fcn() called\n");
    int error = rill_sleep_ms(1000);
    if (error == RILL_OK) {
        printf("fcn() finished\n");
    }
    return error;
}

static int done(void *arg)
{
    (void)arg;
    printf("done() called\n");
    return 0;
}

static int run(void *arg)
{
    static rill_handle_t handle = RILL_HANDLE_INIT(NULL, NULL);
    (void)arg;
    printf("run() called\n");
    rill_task_t r = create_task(&tasks, fcn, NULL);
    rill_future_add_done_callback(rill_task_future(r), &handle, done, NULL);
    rill_detach(r);
    printf("run() finished\n");
    return 0;
}

static int keyboard_interrupt(void *loop)
{
    return rill_loop_stop(loop);
}

int main(void)
{
    rill_loop_t *loop = rill_loop_default();
    const rill_spawn_options_t options = { .loop = loop };
    rill_timer_t timer = RILL_TIMER_INIT;
    rill_spawn_with(&tasks, run, NULL, &options, NULL);
    rill_call_later(loop, &timer, RILL_S(3), keyboard_interrupt, loop);
    rill_run_forever(loop);
    printf("quit\n");
    return rill_loop_close(loop);
}
