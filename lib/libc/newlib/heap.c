// newlib's heap.
#include "../console.h"

#include <rill/libc.h>

#include <errno.h>
#include <sys/lock.h>
#include <sys/reent.h>

void *_sbrk(ptrdiff_t bytes);
void __malloc_lock(struct _reent *reent);
void __malloc_unlock(struct _reent *reent);

void *_sbrk(ptrdiff_t bytes)
{
    void *memory = console_heap(bytes);
    if (memory == NULL) {
        *console_errno() = ENOMEM;
        return (void *)-1;
    }
    return memory;
}

// malloc never waits, so no other task can be in the middle of it; an interrupt could.
void __malloc_lock(struct _reent *reent)
{
    (void)reent;
    console_refuse_interrupt();
}

void __malloc_unlock(struct _reent *reent)
{
    (void)reent;
}

#ifdef _RETARGETABLE_LOCKING
void (*const rill_heap_glue)(void) = (void (*)(void))__retarget_lock_acquire_recursive;
#else
void (*const rill_heap_glue)(void) = NULL;
#endif
