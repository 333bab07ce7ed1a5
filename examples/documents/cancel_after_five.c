// Cancels a task after five seconds, looking at it every second. The document prints the CancelledError, which has no
// text, and then a result there is none of: Python stops there with UnboundLocalError, this program is done.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 2, STACK);

static int green(void *timeout)
{
    int error = rill_sleep_ms((uint32_t)INT(timeout) * 1000);
    return error == RILL_OK ? rill_return((rill_value_t) "hello, world!") : error;
}

static int app(void *arg)
{
    (void)arg;
    rill_task_t green_task = create_task(&tasks, green, PTR(20));
    int passed = 0;
    while (!rill_future_done(rill_task_future(green_task))) {
        int error = rill_sleep_ms(1000);
        if (error != RILL_OK) {
            return error;
        }
        printf("\u4efb\u52a1\u6267\u884c %d \u79d2\n", ++passed);
        if (passed == 5) {
            rill_task_cancel(green_task);
        }
    }
    rill_value_t res = 0;
    if (rill_join(green_task, &res) == RILL_ECANCELED) {
        printf("\n");
    } else {
        printf("%s\n", TEXT(res));
    }
    return 0;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
