// Plain functions in tasks: whatever waits in them suspends them alone, as after gevent's monkey.patch_all(). The
// server is in memory here; it answers after 200 ms.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 3, STACK);

static int requests_get(void)
{
    int error = rill_sleep_ms(200);
    return error == RILL_OK ? 200 : error;
}

static int func(const char *name)
{
    printf("-------%s-------\n", name);
    int status_code = requests_get();
    if (status_code < 0) {
        return status_code;
    }
    printf("%d\n", status_code);
    printf("-------%s1-------\n", name);
    return 0;
}

static int func_a(void *arg)
{
    (void)arg;
    return func("A");
}

static int func_b(void *arg)
{
    (void)arg;
    return func("B");
}

static int app(void *arg)
{
    const rill_call_t calls[] = { { func_a, NULL }, { func_b, NULL } };
    rill_awaitable_t all[2];
    (void)arg;
    rill_task_t g1 = create_task(&tasks, func_a, NULL), g2 = create_task(&tasks, func_b, NULL);
    rill_join(g1, NULL);
    rill_join(g2, NULL);
    return rill_gather_calls(&tasks, calls, all, 2, 0); // gevent.joinall
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
