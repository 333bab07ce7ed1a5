// Futures: a caller-owned completion cell that any number of tasks and callbacks may wait for.
//
// Completion never runs anybody synchronously: it moves every waiter to the loop's FIFO, in registration order, in O(1)
// (rule F1). A task contains a future; rill_task_future gives it.
//
// Unless a function says otherwise: O(1), does not suspend.
#ifndef RILL_FUTURE_H
#define RILL_FUTURE_H

#include <rill/loop.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rill_state {
    RILL_PENDING = 0,
    RILL_FINISHED = 1,  // has a result
    RILL_FAILED = 2,    // has an error
    RILL_CANCELLED = 3,
} rill_state_t;

// 16 bytes on 32-bit machines. Fields are private. While RILL_PENDING, `waiters` lists tasks and callbacks.
struct rill_future {
    rill_node_t *waiters; // oldest; circular, so waiters->prev is the newest
    uint8_t state; // these are where short instructions reach them, in a task too
    uint8_t flags;
    int16_t error; // of a task that is not done: what it is told when it resumes (kernel.h)
    rill_loop_t *loop;    // NULL until first used in a loop: then the running one
    rill_value_t value;   // result; or what the error or the cancellation was given beside its code
};

// Static initialiser: pending, on the loop that is running when it is first used.
#define RILL_FUTURE_INIT { NULL, RILL_PENDING, 0, 0, NULL, 0 }

// Makes a future pending on `loop` (NULL: the running loop, at first use). asyncio: loop.create_future(). The memory
// must stay valid until it is done and every waiter has resumed. Do not call it on a future somebody waits for, or
// NULL.
// Context: loop.
void rill_future_init(rill_future_t *future, rill_loop_t *loop);

// Completes a pending future with a result, or with an error (`error` < 0, `detail` travels beside it). Rules F1, F4.
// Returns 0; RILL_ESTATE if it is done; RILL_EPERM on a task's future (T6); RILL_EINVAL for NULL or error >= 0.
// Context: loop.
int rill_future_set_result(rill_future_t *future, rill_value_t value);
int rill_future_set_error(rill_future_t *future, int error, rill_value_t detail);

// Cancels a pending future; its waiters get RILL_ECANCELED. On a task's future: rill_task_cancel. Returns 1, or 0 if it
// was done (F4). `_msg` also carries a message, a code or pointer readable with rill_future_detail. Context: loop.
int rill_future_cancel(rill_future_t *future);
int rill_future_cancel_msg(rill_future_t *future, rill_value_t message);

// State, without side effects. NULL counts as cancelled. asyncio: done(), cancelled(). Context: any.
rill_state_t rill_future_state(const rill_future_t *future);
bool rill_future_done(const rill_future_t *future);
bool rill_future_cancelled(const rill_future_t *future);

// asyncio: result(). 0 with the result in *value (may be NULL); the stored error; RILL_ECANCELED; RILL_ESTATE while
// pending (F5). May be read any number of times; marks an error as retrieved (F8). Context: loop.
int rill_future_result(rill_future_t *future, rill_value_t *value);

// asyncio: exception(). 0 if it has a result, else the error that is stored; RILL_ECANCELED, RILL_ESTATE as above. The
// word given beside an error or a cancellation is left in *detail (may be NULL). Context: loop.
int rill_future_exception(rill_future_t *future, rill_value_t *detail);

// Schedules fn(arg) when the future is done; at once if it is (F2). The handle is the caller's memory and is busy until
// the callback has run or was removed. Returns 0; RILL_EINVAL for NULL; RILL_EBUSY; RILL_EPERM if the future has no
// loop yet and none runs, or its loop is closed and it is done. asyncio: add_done_callback. Context: loop.
int rill_future_add_done_callback(rill_future_t *future, rill_handle_t *handle, rill_callback_t fn, void *arg);

// Removes a registration. Returns the number removed: 1, or 0 if the handle is idle or the future is done (F3);
// RILL_EINVAL for NULL. Not for a handle that is scheduled, or registered with another future (assertion 108). asyncio:
// remove_done_callback. Context: loop.
int rill_future_remove_done_callback(rill_future_t *future, rill_handle_t *handle);

// Waits until the future is done; suspends only if it is pending (F6). Returns as rill_future_result. Cancelling the
// waiting task cancels the future (C2), or the task behind it (C3). RILL_EPERM outside a task, for the task's own
// future (T5) or a future of another loop (T10): the last two after one trip through the loop. Context: task; suspends.
int rill_await(rill_future_t *future, rill_value_t *value);

// A future whose cancellation does something else first (gather hands it to the children). Private to the kernel.
typedef struct rill_hooked_future {
    rill_future_t future;
    bool (*cancel)(rill_future_t *future, rill_value_t message);
} rill_hooked_future_t;

// A completion that an interrupt can post. The cell is the caller's memory, 28 bytes on 32-bit machines, and can be
// used again when the future it completes is done.
typedef struct rill_completion {
    rill_handle_t post;
    rill_future_t *future;
    rill_value_t value;
    int error;
} rill_completion_t;

#define RILL_COMPLETION_INIT { RILL_HANDLE_INIT(NULL, NULL), NULL, 0, 0 }

// Completes a future from anywhere: posts a callback that sets result or error unless the future is done by then (F9,
// TH3). The future must have a loop (rill_future_init). Returns 1 if posted, 0 if this cell is posted already (the
// first one
// wins), RILL_EINVAL for a NULL, a future without loop, or error >= 0. Lock-free. asyncio:
// loop.call_soon_threadsafe(fut.set_result, v). Context: any.
int rill_future_set_result_threadsafe(rill_future_t *future, rill_completion_t *cell, rill_value_t value);
int rill_future_set_error_threadsafe(rill_future_t *future, rill_completion_t *cell, int error, rill_value_t detail);

#ifdef __cplusplus
}
#endif

#endif
