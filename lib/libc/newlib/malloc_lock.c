// The lock around newlib's malloc, in place of the library's own: RILL_HEAP_DEFINE names rill_heap_glue, so that this
// file is taken first. Nothing else may name anything in it.
#include "../console.h"

#include <rill/libc.h>

#include <sys/lock.h>
#include <sys/reent.h>

void __malloc_lock(struct _reent *reent);
void __malloc_unlock(struct _reent *reent);

// malloc never waits, so no other task can be in the middle of it; an interrupt or a job could.
void __malloc_lock(struct _reent *reent)
{
    (void)reent;
    console_refuse_beside();
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
