// Calls block: nothing else runs while fib computes, and func3 waits for func2 waits for func1. The document computes
// fib(43), which takes a microcontroller minutes; this is fib(22). Two remedies for work that is all computing:
// rill_yield now and then, and a worker that computes while the loop has nothing to do.
#include "document.h"

#include <rill/executor.h>

RILL_TASK_POOL_DEFINE(tasks, 3, STACK);
RILL_EXECUTOR_DEFINE(workers, 1, 2 * STACK);

static int fib(int n)
{
    return n <= 2 ? 1 : fib(n - 1) + fib(n - 2);
}

static int fib_yielding(int n)
{
    if (n <= 12) {
        return fib(n);
    }
    int left = fib_yielding(n - 1);
    return rill_yield() == RILL_OK ? left + fib_yielding(n - 2) : 0;
}

static int func(int n)
{
    printf("func%d\n", n);
    return n < 3 ? func(n + 1) : n;
}

static int computing(void *arg)
{
    (void)arg;
    printf("fib(22) = %d\n", fib_yielding(22));
    return 0;
}

static int fib_job(void *n)
{
    return fib(INT(n));
}

static int in_a_worker(void *arg)
{
    rill_value_t result = 0;
    (void)arg;
    int error = rill_to_thread(fib_job, PTR(22), &result);
    printf("fib(22) = %d, computed by a worker\n", (int)result);
    return error;
}

static int other(void *arg)
{
    (void)arg;
    printf("another task runs meanwhile\n");
    return 0;
}

static int beside_other(rill_fn_t fn)
{
    const rill_call_t calls[] = { { fn, NULL }, { other, NULL } };
    rill_awaitable_t results[2];
    return rill_gather_calls(&tasks, calls, results, 2, 0);
}

static int app(void *arg)
{
    (void)arg;
    rill_executor_start(&workers);
    rill_loop_set_default_executor(NULL, &workers);
    fib(22);
    printf("hello, world!\n");
    func(1);
    int error = beside_other(computing);
    return error == RILL_OK ? beside_other(in_a_worker) : error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
