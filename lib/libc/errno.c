// errno per task.
//
// The C libraries write one word of their own (newlib's _impure_ptr->_errno, picolibc's thread-local errno).
// Exchanging it at every switch would cost every switch of every program; instead each task has a word in the record
// on top of its stack, errno is that word, and whoever looks at it first takes over what the library left in its own.
#include "console.h"

#include <rill/libc.h>
#include <rill/task.h>

static int outside; // code outside tasks

int *console_errno(void)
{
    int *word = rill_task_errno();
    return word != NULL ? word : &outside;
}

int *rill_errno(void)
{
    int *shared = console_shared_errno();
    int *own = console_errno();
    if (*shared != 0) {
        *own = *shared;
        *shared = 0;
    }
    return own;
}
