// Tasks from outside the loop: asyncio.run_coroutine_threadsafe, rules TH4 and TH5.
//
// An interrupt, a job of an executor or another thread has a task made, and may look at how it ends, or cancel it.
#ifndef RILL_SUBMIT_H
#define RILL_SUBMIT_H

#include <rill/task.h>

#ifdef __cplusplus
extern "C" {
#endif

// A task that was asked for: concurrent.futures.Future. The caller's memory, 72 bytes on 32-bit machines; it must stay
// valid until rill_submission_busy says no. Fields are private.
typedef struct rill_submission {
    rill_handle_t post; // begins the task, later cancels it
    rill_handle_t ended;
    rill_loop_t *loop;
    rill_task_pool_t *pool;
    rill_fn_t fn;
    void *arg;
    rill_task_t task;
    void *volatile state; // a rill_state_t
    rill_value_t value;
    int error;
    volatile bool busy;
} rill_submission_t;

// Posts the creation of a task of `pool` that calls fn(arg); takes its place in the loop's FIFO now. That the pool is
// exhausted is the submission's error, RILL_ENOMEM, and is reported to the loop's exception handler. Returns 0;
// RILL_EINVAL for NULL; RILL_EBUSY while the submission is in use; RILL_EPERM if the loop is closed.
// asyncio.run_coroutine_threadsafe. Context: any. O(1), lock-free.
int rill_submit_threadsafe(rill_loop_t *loop, rill_task_pool_t *pool, rill_fn_t fn, void *arg,
                           rill_submission_t *submission);

// Cancels it: at once for those who look, and the task, or its creation, by a post. Returns 1, or 0 if it was done;
// RILL_EINVAL for NULL. asyncio: concurrent Future.cancel (TH5). Context: any. O(1), lock-free.
int rill_submission_cancel_threadsafe(rill_submission_t *submission);

// How it stands: RILL_CANCELLED also if the task was cancelled otherwise. NULL counts as cancelled.
// asyncio: concurrent Future.done, cancelled. Context: any. O(1).
rill_state_t rill_submission_state(const rill_submission_t *submission);

// Result or error, as rill_future_result: RILL_ESTATE while it is pending. `value` may be NULL. asyncio:
// concurrent Future.result. Context: any. O(1).
int rill_submission_result(const rill_submission_t *submission, rill_value_t *value);

// True until the loop has done with the memory: the task has ended, also if it was cancelled before. Beyond asyncio,
// where memory is nobody's affair. Context: any. O(1).
bool rill_submission_busy(const rill_submission_t *submission);

#ifdef __cplusplus
}
#endif

#endif
