// rill-test: boards=arm-m | not=microbit | expect-fault=stack overflow in an interrupt handler
// So is an interrupt handler, whose own stack is the report's as well.
#include <rill/board.h>
#include <rill/loop.h>
#include <rill/task.h>

#include "arch.h"
#include "test.h"

RILL_TASK_POOL_DEFINE(tasks, 2, 512);

// Down by some 2 KB, which no endless recursion could promise where there is no guard.
__attribute__((noinline)) static int recurse(volatile int left)
{
    volatile int pad[4] = { left };
    return left > 0 ? recurse(left - 1) + pad[0] : pad[0];
}

static void handler(void *arg)
{
    (void)arg;
    recurse(64);
}

static int victim(void *arg)
{
    (void)arg;
    rill_irq_attach(rill_board_soft_irq, handler, NULL);
    rill_irq_pend(rill_board_soft_irq);
    return 0;
}

static int app(void *arg)
{
    rill_task_t task;
    (void)arg;
    rill_spawn(&tasks, victim, NULL, &task);
    rill_task_set_name(task, "victim");
    return rill_join(task, NULL);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
