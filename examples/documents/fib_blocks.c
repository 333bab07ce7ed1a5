// Calls block: nothing else runs while fib computes, and func3 waits for func2 waits for func1. The document
// computes fib(43), which takes a microcontroller minutes; this is fib(22). The remedy for work that is all
// computing is rill_yield now and then.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 3, STACK);

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

static int other(void *arg)
{
    (void)arg;
    printf("another task runs meanwhile\n");
    return 0;
}

static int app(void *arg)
{
    const rill_call_t calls[] = { { computing, NULL }, { other, NULL } };
    rill_awaitable_t results[2];
    (void)arg;
    fib(22);
    printf("hello, world!\n");
    func(1);
    return rill_gather_calls(&tasks, calls, results, 2, 0);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
