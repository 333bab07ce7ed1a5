// Plain functions in tasks: whatever waits in them suspends them alone, as after gevent's monkey.patch_all(). Here the
// linker patches: RILL_WRAP := HAL_Delay makes the vendor's delay Rill's (include/rill/wrap.h). The server is in
// memory; it answers after 200 ms.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 3, STACK);

void HAL_Delay(uint32_t ms); // the vendor's

static int requests_get(void)
{
    HAL_Delay(200); // code that knows nothing of tasks
    return 200;
}

static int func(const char *name)
{
    printf("-------%s-------\n", name);
    printf("%d\n", requests_get());
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
    rill_task_t g1 = create_task(&tasks, func_a, NULL), g2 = create_task(&tasks, func_b, NULL); // gevent.spawn
    rill_join(g1, NULL); // g1.join()
    rill_join(g2, NULL);
    return rill_gather_calls(&tasks, calls, all, 2, 0); // gevent.joinall
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
