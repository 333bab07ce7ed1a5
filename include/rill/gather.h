// Waiting for several things at once: gather, wait, as_completed, select. All state is in the caller's memory.
#ifndef RILL_GATHER_H
#define RILL_GATHER_H

#include <rill/task.h>

#ifdef __cplusplus
extern "C" {
#endif

// One of the things waited for. Fill in `future` (rill_task_future for a task) and leave the rest zero:
//     rill_awaitable_t both[] = { { .future = &a }, { .future = rill_task_future(t) } };
// The array must stay where it is until the operation that uses it has ended. 40 bytes on 32-bit machines.
typedef struct rill_awaitable {
    rill_future_t *future;
    rill_value_t value; // result
    int error;          // 0, or the error it ended with
    bool done;
    bool registered;    // private, as what follows
    rill_handle_t callback;
    void *owner;
    struct rill_awaitable *next;
} rill_awaitable_t;

// rill_gather collects errors as results (asyncio: return_exceptions=True).
#define RILL_COLLECT 1u

// A gather in progress: asyncio.gather's future, for those who want to hand it on, shield it or cancel it themselves.
typedef struct rill_gather {
    rill_hooked_future_t outer;
    bool collect;
    bool cancel_requested;
    rill_awaitable_t *children;
    unsigned n;
    unsigned finished;
} rill_gather_t;

// Waits for all of them; results are in the array, in its order (G1). Without RILL_COLLECT the first error, in order of
// completion, ends it and is returned; the other children go on and their later errors count as read (G3, G5). With it
// every outcome is an entry and 0 is returned (G4). Cancelling the waiting task cancels every unfinished child (G6). n
// may be 0 (G2). Returns 0, the first error, RILL_ECANCELED; RILL_EINVAL for a NULL, a child without future or
// children of different loops; RILL_EPERM outside a task. asyncio.gather. Context: task; suspends unless all children
// are done (G8). O(n).
int rill_gather(rill_awaitable_t *children, unsigned n, unsigned flags);

// A function to call with its argument.
typedef struct rill_call {
    rill_fn_t fn;
    void *arg;
} rill_call_t;

// rill_gather over functions: spawns a task of `pool` for each and gathers them; children[i] takes the outcome of
// calls[i] and need not be initialised. A task that goes on after the gather has ended (G3) is reaped when it ends.
// Returns as rill_gather; RILL_ENOMEM if the pool has not enough tasks (those spawned are cancelled); RILL_EINVAL for a
// NULL. asyncio.gather(coros). Context: task; suspends. O(n).
int rill_gather_calls(rill_task_pool_t *pool, const rill_call_t *calls, rill_awaitable_t *children, unsigned n,
                      unsigned flags);

// Starts the calls one after the other, each when the one before has failed or `delay` microseconds after its start
// (RILL_NEVER: only then), until one succeeds; the others are cancelled then. All of them have ended when it returns.
// Returns the winner's index, its result in children[index].value; RILL_ENODATA if none succeeded, the errors in the
// children (a call that was never started has .future NULL); RILL_ECANCELED; RILL_ENOMEM, RILL_EINVAL, RILL_EPERM as
// above. asyncio.staggered.staggered_race. Context: task; suspends. O(n^2).
int rill_staggered_race(rill_task_pool_t *pool, const rill_call_t *calls, rill_awaitable_t *children, unsigned n,
                        rill_time_t delay);

// The same without waiting: gather->outer.future is done when the gather is. rill_gather_end takes its callbacks off
// the children and must be called before the memory is reused; it may be called early. Returns 0, RILL_EINVAL as above;
// RILL_EPERM if no loop runs and no child has one.
// asyncio: gather(...) that is not awaited at once. Context: loop. O(n).
int rill_gather_begin(rill_gather_t *gather, rill_awaitable_t *children, unsigned n, unsigned flags);
void rill_gather_end(rill_gather_t *gather);

typedef enum rill_wait_mode { RILL_ALL_COMPLETED, RILL_FIRST_COMPLETED, RILL_FIRST_EXCEPTION } rill_wait_mode_t;

// Waits until all or one of them is done, or one has failed (a cancelled one is not a failure, A3), or `timeout`
// microseconds have passed (RILL_NEVER: no limit). Marks those that are done; child errors and the time-out are not
// errors of the call (A1, A4). Children are never cancelled (A7). Takes at least one trip through the loop (A5).
// Returns the number done; RILL_ECANCELED; RILL_EINVAL for n == 0, a bad mode or NULL (A6); RILL_EPERM outside a task.
// asyncio.wait. Context: task; suspends. O(n).
int rill_wait(rill_awaitable_t *children, unsigned n, rill_wait_mode_t mode, rill_time_t timeout);

// Waits until one of them is done and returns its index. Of several done at once it takes the first at or after *turn,
// which it moves on: a loop over select with one `turn` serves every ready branch. Errors as rill_wait, and
// RILL_ETIMEDOUT. Children are not cancelled; does not suspend if one is done. Context: task; suspends. O(n).
int rill_select(rill_awaitable_t *children, unsigned n, unsigned *turn, rill_time_t timeout);

// Completions in order: asyncio.as_completed.
typedef struct rill_as_completed {
    rill_awaitable_t *children;
    unsigned n;
    unsigned left;    // times next may still be called
    unsigned todo;    // children not done
    unsigned expired; // completions replaced by the time-out
    rill_awaitable_t *first; // done and not handed out, oldest first
    rill_awaitable_t *last;
    rill_node_t *getters;
    rill_timer_t timer;
} rill_as_completed_t;

// Begins; a future that is there twice counts once (AC5). `timeout` in microseconds or RILL_NEVER. RILL_EINVAL for
// NULL; RILL_EPERM outside a loop. Context: loop. O(n^2).
int rill_as_completed_begin(rill_as_completed_t *it, rill_awaitable_t *children, unsigned n, rill_time_t timeout);

// The next child that is done in *child, its outcome in it (AC1, AC2, AC4). Returns 0; RILL_ENODATA after the last;
// RILL_ETIMEDOUT for each that was not done in time (AC3); RILL_ECANCELED, which uses one up; RILL_EINVAL; RILL_EPERM
// if it would wait outside a task. Context: task; suspends. O(1).
int rill_as_completed_next(rill_as_completed_t *it, rill_awaitable_t **child);

// Takes its callbacks off the children; they are not cancelled (AC6). Must be called before the memory is reused.
// Context: loop. O(n).
void rill_as_completed_end(rill_as_completed_t *it);

#ifdef __cplusplus
}
#endif

#endif
