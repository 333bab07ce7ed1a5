// The first coroutine of the document. What the document prints before of its type, and the warning that it was never
// awaited, has no counterpart: naming a function in C makes no object (nested.c).
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 1, STACK);

static int counter(void *arg)
{
    (void)arg;
    printf("one\n");
    int error = rill_sleep_ms(1000);
    if (error == RILL_OK) {
        printf("two\n");
    }
    return error;
}

int main(void)
{
    return rill_run(&tasks, counter, NULL, NULL);
}
