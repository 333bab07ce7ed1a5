// The C library's locks, where it was built with any: picolibc, and newlib with --enable-newlib-retargetable-locking,
// as tools/build_newlib.sh builds it for RISC-V. Debian's newlib for ARM has none but malloc's (newlib/heap.c).
//
// The library's functions cannot fail to get a lock. So a request to stop that comes meanwhile is delivered later, and
// who cannot wait for a lock goes on without: between two waits nothing else runs, and where a task may wait inside the
// library what it holds is in order.
#include "console.h"

#include <rill/assert.h>
#include <rill/lock.h>

#include <stdlib.h>
#include <sys/lock.h>

void console_refuse_beside(void)
{
    if (console_beside_loop()) {
        rill_panic(107, "malloc or a stream beside the loop");
    }
}

#ifdef _RETARGETABLE_LOCKING

struct __lock {
    rill_lock_t lock;
    rill_tcb_t *owner;
    unsigned depth;
};

static void wait_for(struct __lock *lock)
{
    bool cancelled = false;
    int error = rill_lock_acquire(&lock->lock);
    while (error == RILL_ECANCELED) { // bound: requests to stop
        cancelled = true;
        error = rill_lock_acquire(&lock->lock);
    }
    if (cancelled) {
        console_cancel_later();
    }
}

void __retarget_lock_acquire_recursive(_LOCK_T lock)
{
    console_refuse_beside();
    rill_tcb_t *self = rill_task_current().tcb;
    if (lock == NULL) {
        return;
    }
    if (lock->depth == 0 || lock->owner != self) {
        if (rill_lock_locked(&lock->lock) && !console_may_wait()) {
            return;
        }
        wait_for(lock);
        lock->owner = self;
    }
    lock->depth++;
}

void __retarget_lock_release_recursive(_LOCK_T lock)
{
    if (lock == NULL || lock->depth == 0 || lock->owner != rill_task_current().tcb) {
        return;
    }
    if (--lock->depth == 0) {
        rill_lock_release(&lock->lock);
    }
}

int __retarget_lock_try_acquire_recursive(_LOCK_T lock)
{
    bool free = lock == NULL || !rill_lock_locked(&lock->lock) || lock->owner == rill_task_current().tcb;
    if (free) {
        __retarget_lock_acquire_recursive(lock);
    }
    return free;
}

// Without memory for a lock there is none.
void __retarget_lock_init_recursive(_LOCK_T *lock)
{
    *lock = calloc(1, sizeof **lock);
}

void __retarget_lock_close_recursive(_LOCK_T lock)
{
    free(lock);
}

void __retarget_lock_acquire(_LOCK_T lock)
{
    __retarget_lock_acquire_recursive(lock);
}

void __retarget_lock_release(_LOCK_T lock)
{
    __retarget_lock_release_recursive(lock);
}

int __retarget_lock_try_acquire(_LOCK_T lock)
{
    return __retarget_lock_try_acquire_recursive(lock);
}

void __retarget_lock_init(_LOCK_T *lock)
{
    __retarget_lock_init_recursive(lock);
}

void __retarget_lock_close(_LOCK_T lock)
{
    __retarget_lock_close_recursive(lock);
}

// Those that the libraries name.
#ifdef __PICOLIBC__
struct __lock __lock___libc_recursive_mutex;
#else
struct __lock __lock___sinit_recursive_mutex, __lock___sfp_recursive_mutex, __lock___atexit_recursive_mutex;
struct __lock __lock___malloc_recursive_mutex, __lock___env_recursive_mutex, __lock___at_quick_exit_mutex;
struct __lock __lock___tz_mutex, __lock___dd_hash_mutex, __lock___arc4random_mutex;
#endif

#endif
