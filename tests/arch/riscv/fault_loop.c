// rill-test: boards=riscv | expect-fault=rill: stack overflow in task the loop
// So is a callback that overruns the loop's stack.
#include <rill/loop.h>
#include <rill/task.h>

RILL_TASK_POOL_DEFINE(tasks, 1, 1024);

__attribute__((noinline)) static unsigned deeper(volatile unsigned *depth)
{
    volatile unsigned bytes[8];
    for (unsigned i = 0; i < 8; i++) {
        bytes[i] = *depth;
    }
    *depth += 1;
    unsigned result = *depth < 1000000 ? deeper(depth) : 0;
    return result + bytes[3];
}

static int callback(void *arg)
{
    volatile unsigned depth = 0;
    (void)arg;
    return (int)(deeper(&depth) & 1);
}

static int app(void *arg)
{
    (void)arg;
    static rill_handle_t handle;
    rill_call_soon(rill_loop_running(), &handle, callback, NULL);
    return rill_yield();
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
