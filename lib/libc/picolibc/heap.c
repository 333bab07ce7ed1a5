// picolibc's heap.
#include "../console.h"

#include <rill/libc.h>

#include <errno.h>
#include <sys/lock.h>
#include <unistd.h>

void *sbrk(ptrdiff_t bytes)
{
    void *memory = console_heap(bytes);
    if (memory == NULL) {
        *console_errno() = ENOMEM;
        return (void *)-1;
    }
    return memory;
}

void (*const rill_heap_glue)(void) = (void (*)(void))__retarget_lock_acquire_recursive;
