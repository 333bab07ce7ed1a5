// What the programs of this folder share. Each is a program of the documents Rill was asked for, in C; <name>.out
// is what it prints, which is what the document prints where it prints something.
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include <stdio.h>

#include <rill/clock.h>
#include <rill/gather.h>
#include <rill/task.h>

// A host's printf needs more stack.
#if defined(__unix__) || defined(__linux__)
#define STACK 32768
#else
#define STACK (sizeof(void *) * 256)
#endif

#define INT(p) ((int)(intptr_t)(p))
#define PTR(n) ((void *)(intptr_t)(n))
#define TEXT(value) ((const char *)(value))

// Whole seconds since the program began; rounded, as a stopwatch would show them.
static inline unsigned seconds(void)
{
    return (unsigned)((rill_clock_now() + 500000u) / 1000000u);
}

// asyncio.create_task, of a pool that is large enough.
static inline rill_task_t create_task(rill_task_pool_t *pool, rill_fn_t fn, void *arg)
{
    rill_task_t task = RILL_NO_TASK;
    if (rill_spawn(pool, fn, arg, &task) != RILL_OK) {
        printf("no task left\n");
    }
    return task;
}

#endif
