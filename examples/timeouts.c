// Time limits: on one wait, around a stretch of code, nested, and moved while progress is made.
#include <rill/future.h>
#include <rill/task.h>
#include <rill/timeout.h>
#include <stdio.h>

enum { STACK = sizeof(void *) == 8 ? 16384 : 1024 }; // the printf of a PC needs more
RILL_TASK_POOL_DEFINE(tasks, 2, STACK);

static int reply(void *arg)
{
    (void)arg;
    int error = rill_sleep_ms(300);
    return error < 0 ? error : 42;
}

static const char *outcome(int code)
{
    return code == RILL_ETIMEDOUT ? "timed out" : code < 0 ? "failed" : "in time";
}

static int app(void *arg)
{
    (void)arg;
    rill_task_t task;
    rill_value_t value = 0;
    rill_spawn(&tasks, reply, NULL, &task);
    printf("one wait: %s\n", outcome(rill_wait_for(rill_task_future(task), RILL_MS(100), &value)));
    rill_detach(task);

    rill_timeout_t outer = { 0 }, inner = { 0 };
    int code = rill_timeout_begin(&outer, RILL_MS(500));
    rill_timeout_begin(&inner, RILL_S(10));
    code = code < 0 ? code : rill_sleep_ms(2000);
    code = rill_timeout_end(&inner, code);
    printf("inner: %s", rill_timeout_expired(&inner) ? "expired" : "cancelled by the outer one");
    printf(", outer: %s\n", outcome(rill_timeout_end(&outer, code)));

    rill_timeout_t limit = { 0 };
    code = rill_timeout_begin(&limit, RILL_MS(100));
    for (int i = 0; i < 5 && code == 0; i++) {
        code = rill_sleep_ms(60);
        rill_timeout_reschedule(&limit, rill_loop_time() + RILL_MS(100));
    }
    printf("moved: %s\n", outcome(rill_timeout_end(&limit, code)));
    return 0;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
