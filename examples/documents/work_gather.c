// work(1) and work(2), waited for by wait and by gather, which has their results.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 3, STACK);

static int work(void *arg)
{
    printf("start %d\n", INT(arg));
    int error = rill_sleep_ms((uint32_t)INT(arg) * 1000);
    if (error != RILL_OK) {
        return error;
    }
    printf("end %d\n", INT(arg));
    return rill_return((rill_value_t) "ok");
}

static int app(void *arg)
{
    (void)arg;
    rill_task_t works[] = { create_task(&tasks, work, PTR(1)), create_task(&tasks, work, PTR(2)) };
    rill_awaitable_t both[] = { { .future = rill_task_future(works[0]) }, { .future = rill_task_future(works[1]) } };
    int done = rill_wait(both, 2, RILL_ALL_COMPLETED, RILL_NEVER);
    printf("%d done\n", done);
    rill_detach(works[0]);
    rill_detach(works[1]);

    const rill_call_t calls[] = { { work, PTR(1) }, { work, PTR(2) } };
    rill_awaitable_t res[2];
    int error = rill_gather_calls(&tasks, calls, res, 2, 0);
    if (error == RILL_OK) {
        printf("['%s', '%s']\n", TEXT(res[0].value), TEXT(res[1].value));
    }
    return error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
