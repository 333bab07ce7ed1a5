// What the programs for pipe, watch, flags, rwlock, channel and ticker share: a task pool and rill_run on a fresh loop.
#ifndef BEYOND_H
#define BEYOND_H

#include <rill/clock.h>
#include <rill/task.h>
#include <rill/timeout.h>

#include "test.h"

#if defined(__unix__) || defined(__linux__)
#define STACK 16384
#else
#define STACK ((sizeof(void *) == 8 ? 1024 : 576) + TEST_FPU_STACK)
#endif

enum { TASKS = 6 };

static rill_tcb_t tcbs[TASKS];
static unsigned char stacks[TASKS][RILL_STACK_ROUND(STACK)] __attribute__((aligned(RILL_STACK_ALIGN)));
static const rill_task_pool_t fresh = RILL_TASK_POOL_INIT(tcbs, stacks, TASKS, RILL_STACK_ROUND(STACK));
static rill_task_pool_t pool;
static int errors; // what callbacks counted

// Each run begins at time 0.
static int run(rill_fn_t fn)
{
    pool = fresh;
    errors = 0;
    test_clock_reset(0);
    rill_loop_init(rill_loop_default());
    return rill_run(&pool, fn, NULL, NULL);
}

__attribute__((unused)) static rill_task_t spawn(rill_fn_t fn, const void *arg)
{
    rill_task_t task = RILL_NO_TASK;
    CHECK_EQ(rill_spawn(&pool, fn, (void *)(uintptr_t)arg, &task), 0);
    return task;
}

// Calls fn(arg) in a callback of the loop, where nothing can wait.
__attribute__((unused)) static void in_callback(rill_callback_t fn, void *arg)
{
    static rill_handle_t handle = RILL_HANDLE_INIT(NULL, NULL);
    CHECK_EQ(rill_call_soon(rill_loop_running(), &handle, fn, arg), 0);
    rill_yield();
    CHECK_EQ(errors, 1);
}

#endif
