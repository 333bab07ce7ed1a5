// Private to kernel/: what greenlets and generators share. Their stacks are the application's, and look as a task's do:
// head with canary and size at the low end, the guard over it.
//
// When such a coroutine runs in a task, the task's context says which stack it stands on: the kernel saves and restores
// the stack limit (PSPLIM, the MPU's region) by it and looks at the canary through it. So a task may wait on any stack.
// Where nothing watches stacks, nobody asks and nothing is kept.
#ifndef RILL_COROUTINE_H
#define RILL_COROUTINE_H

#include "kernel.h"

#if RILL_STACK_GUARD || RILL_ARCH_STACK_GUARD || defined(__SANITIZE_ADDRESS__)
#define STACK_FOLLOWS 1
#else
#define STACK_FOLLOWS 0
#endif

// An application without a loop must not link one: weak, as seen from here.
#pragma weak rill_task_loop

// Where the running task notes its stack; NULL outside a task.
static inline void **running_stack(void)
{
    rill_loop_t *loop = &rill_task_loop != NULL ? rill_task_loop : NULL;
    return loop != NULL ? &tcb_of_node(loop->cur)->context.stack : NULL;
}

// Writes the stack head and the first frame. RILL_EINVAL if the stack is unsuitable.
int rill_coroutine_init(rill_context_t *context, void *stack, size_t size, rill_entry_t entry);

#endif
