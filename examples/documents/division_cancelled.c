// gather with return_exceptions=True: one of three tasks is cancelled before it begins, the others are not touched.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 4, STACK);

enum { ZERO_DIVISION = RILL_EUSER };

struct division {
    int divisor, dividend;
};

// Tenths, because printf here has no floating point.
static void print_quotient(int tenths)
{
    printf("%d.%d", tenths / 10, tenths % 10);
}

static int division(void *arg)
{
    const struct division *d = arg;
    if (d->divisor == 0) {
        return ZERO_DIVISION;
    }
    int error = rill_sleep_ms((uint32_t)d->divisor * 1000);
    if (error != RILL_OK) {
        return error;
    }
    int tenths = d->dividend * 10 / d->divisor;
    printf("%d/%d=", d->dividend, d->divisor);
    print_quotient(tenths);
    printf("\n");
    return tenths;
}

static void print_outcome(const rill_awaitable_t *outcome)
{
    if (outcome->error == RILL_ECANCELED) {
        printf("CancelledError()");
    } else if (outcome->error != RILL_OK) {
        printf("ZeroDivisionError()");
    } else {
        print_quotient((int)outcome->value);
    }
}

static int app(void *arg)
{
    static struct division d[] = { { 0, 2 }, { 1, 5 }, { 3, 6 } };
    rill_awaitable_t results[3] = { 0 };
    (void)arg;
    rill_task_t task1 = create_task(&tasks, division, &d[0]);
    results[0].future = rill_task_future(task1);
    results[1].future = rill_task_future(create_task(&tasks, division, &d[1]));
    results[2].future = rill_task_future(create_task(&tasks, division, &d[2]));
    rill_task_cancel(task1);
    int error = rill_gather(results, 3, RILL_COLLECT);
    for (int i = 0; i < 3; i++) {
        printf(i == 0 ? "[" : ", ");
        print_outcome(&results[i]);
    }
    printf("]\n");
    return error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
