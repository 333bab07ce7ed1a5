// gather: the results in the order of the calls; with return_exceptions=True a ValueError is one of them.
#include "session.h"

RILL_TASK_POOL_DEFINE(tasks, 5, STACK);

static int raise_exceptions(void *arg)
{
    (void)arg;
    return RILL_EINVAL; // ValueError("\u6d4b\u8bd5\u9519\u8bef")
}

static int app(void *arg)
{
    const rill_call_t calls[] = {
        { check, &pages[0] }, { check, &pages[1] }, { check, &pages[2] }, { raise_exceptions, NULL },
    };
    rill_awaitable_t results[4];
    (void)arg;
    int error = rill_gather_calls(&tasks, calls, results, 3, 0);
    for (int i = 0; i < 3 && error == RILL_OK; i++) {
        print_page(results[i].value);
    }
    error = rill_gather_calls(&tasks, calls, results, 4, RILL_COLLECT);
    for (int i = 0; i < 4 && error == RILL_OK; i++) {
        if (results[i].error == RILL_OK) {
            print_page(results[i].value);
        } else {
            printf("\u6d4b\u8bd5\u9519\u8bef\n");
        }
    }
    return error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
