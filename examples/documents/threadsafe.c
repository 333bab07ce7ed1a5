// From another thread: schedule a callback, cancel a future, submit a coroutine and read its result. The other thread
// here is an interrupt, for which a timer stands; it calls nothing that an interrupt may not call.
#include "document.h"

#include <rill/loop.h>
#include <rill/submit.h>

RILL_TASK_POOL_DEFINE(tasks, 2, STACK);
static rill_future_t fut = RILL_FUTURE_INIT;
static rill_submission_t future;

// ---- in the loop

static int callback(void *arg)
{
    printf("callback(%s)\n", (const char *)arg);
    return 0;
}

static int cancel(void *arg)
{
    rill_future_cancel(arg);
    return 0;
}

static int coro_func(void *arg)
{
    (void)arg;
    int error = rill_sleep_ms(1000);
    return error == RILL_OK ? 42 : error; // asyncio.sleep(1, 42)
}

// ---- in the interrupt

static rill_handle_t posts[] = { RILL_HANDLE_INIT(callback, "args"), RILL_HANDLE_INIT(cancel, &fut) };
static rill_timer_t interrupts[2] = { RILL_TIMER_INIT, RILL_TIMER_INIT };

static int first_interrupt(void *loop)
{
    rill_call_soon_threadsafe(loop, &posts[0]);
    rill_call_soon_threadsafe(loop, &posts[1]);
    return rill_submit_threadsafe(loop, &tasks, coro_func, NULL, &future);
}

static int later_interrupt(void *arg)
{
    rill_value_t result = 0;
    (void)arg;
    if (rill_submission_result(&future, &result) == RILL_OK) {
        printf("result: %d\n", (int)result);
    }
    return 0;
}

static int app(void *arg)
{
    rill_loop_t *loop = rill_loop_running();
    (void)arg;
    rill_call_later(loop, &interrupts[0], RILL_MS(10), first_interrupt, loop);
    rill_call_later(loop, &interrupts[1], RILL_MS(2000), later_interrupt, NULL);
    printf("fut: %s\n", rill_await(&fut, NULL) == RILL_ECANCELED ? "CancelledError" : "a result");
    return rill_sleep_ms(3000);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
