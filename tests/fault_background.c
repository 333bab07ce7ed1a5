// rill-test: boards=arm-m,riscv | min-ram=16 | expect-fault=the background
// A job that overruns its stack is stopped, and the report names the background: at the write where a guard stands,
// else when the job gives way to the loop.
#include <rill/executor.h>

#include "arch.h"
#include "test.h"

enum { DEEP = 24 };

RILL_TASK_POOL_DEFINE(tasks, 1, 640 + TEST_FPU_STACK);

// As RILL_EXECUTOR_DEFINE makes it, but the overflow destroys nothing that the report needs.
static struct {
    unsigned char below[2048];
    unsigned char stack[RILL_STACK_ROUND(512)];
} memory __attribute__((aligned(RILL_STACK_ALIGN)));
static rill_worker_t workers[1];
static rill_executor_t worker = {
    .workers = workers, .stacks = memory.stack, .stack_size = sizeof memory.stack, .n = 1
};

__attribute__((noinline)) static int recurse(volatile int left)
{
    volatile int pad[8] = { left };
    return left > 0 ? recurse(left - 1) + pad[0] : pad[0];
}

// Where frames have gaps, one of them may lie on the one word that is looked at: hence three passes, each 16 bytes
// lower.
static int victim(void *arg)
{
    int sum = 0;
    (void)arg;
    for (int pass = 1; pass <= 3; pass++) {
        volatile char room[16 * pass];
        room[0] = 0;
        sum += recurse(DEEP) + room[0];
    }
    return sum;
}

static int app(void *arg)
{
    (void)arg;
    rill_executor_start(&worker);
    rill_loop_set_default_executor(NULL, &worker);
    rill_to_thread(victim, NULL, NULL);
    return 0;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
