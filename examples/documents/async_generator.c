// An asynchronous generator, and a coroutine awaited for each of its values.
#include "document.h"

#include <rill/async_generator.h>

RILL_TASK_POOL_DEFINE(tasks, 1, STACK);
RILL_COROUTINE_STACK(stack, STACK);

struct range {
    int start, end, step;
};

static int async_range(rill_agen_t *self, void *arg)
{
    const struct range *range = arg;
    int error = RILL_OK;
    for (int i = range->start; i < range->end && error == RILL_OK; i += range->step) {
        error = rill_agen_yield(self, i, NULL);
    }
    return error;
}

static int power(int x, int y)
{
    int result = 1;
    while (y-- > 0) {
        result *= x;
    }
    return result;
}

static int app(void *arg)
{
    struct range range = { 0, 10, 2 };
    rill_agen_t agen;
    (void)arg;
    rill_agen_init(&agen, async_range, &range, stack, sizeof stack);
    RILL_ASYNC_FOR(i, &agen.iter)
    {
        printf("%d\n", power((int)i, 2));
    }
    return rill_aiter_code(&agen.iter);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
