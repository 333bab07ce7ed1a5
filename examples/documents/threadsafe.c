// From another thread: schedule a callback, cancel a future, submit a coroutine and read its result. The other thread
// here is an interrupt, for which a timer stands; it calls nothing that an interrupt may not call, and reads the result
// when the loop has put it where the interrupt can see it.
#include "document.h"

#include <rill/loop.h>

RILL_TASK_POOL_DEFINE(tasks, 2, STACK);
static rill_future_t fut = RILL_FUTURE_INIT;
static volatile bool finished;
static int answer;

// ---- in the loop, on behalf of the interrupt

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
    answer = error == RILL_OK ? 42 : error; // asyncio.sleep(1, 42)
    finished = true;
    return error;
}

static int submit(void *arg)
{
    return rill_spawn(&tasks, coro_func, arg, NULL);
}

// ---- in the interrupt

static rill_handle_t posts[] = { RILL_HANDLE_INIT(callback, "args"), RILL_HANDLE_INIT(cancel, &fut),
                                 RILL_HANDLE_INIT(submit, NULL) };
static rill_timer_t interrupts[2] = { RILL_TIMER_INIT, RILL_TIMER_INIT };

static int first_interrupt(void *loop)
{
    for (int i = 0; i < 3; i++) {
        rill_call_soon_threadsafe(loop, &posts[i]);
    }
    return 0;
}

static int later_interrupt(void *arg)
{
    (void)arg;
    if (finished) {
        printf("result: %d\n", answer);
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
