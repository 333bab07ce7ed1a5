// Tasks: stackful coroutines. A plain C function that may wait anywhere in its call tree.
//
//        rill_spawn              first turn               returns
//   (none) ------------> READY ------------> RUNNING ----------------> DONE --rill_join, rill_detach--> (none)
//                          ^                  |   |
//                          |      rill_yield  |   | any wait
//                          +------------------+   v
//                          +------------------ WAITING      done, cancelled or woken
//
// A body returns >= 0 (its result), RILL_ECANCELED (the task is cancelled) or another negative code (it failed): rule
// T6. An await that returns RILL_ECANCELED must be passed on after cleaning up; going on instead is swallowing, as
// Python's `except CancelledError: pass` (C4).
//
// Unless a function says otherwise: O(1), does not suspend.
#ifndef RILL_TASK_H
#define RILL_TASK_H

#include <rill/future.h>
#include <rill/pool.h>

#ifdef __cplusplus
extern "C" {
#endif

// The longest stack of a task depends on the port; these are the alignment and the smallest size any port accepts.
#define RILL_STACK_ALIGN 32
#define RILL_STACK_MIN 128

// A task control block. Private; 64 bytes on 32-bit machines (72 with RILL_STATS, 80 with RILL_DEBUG too). Use
// rill_task_t.
struct rill_tcb {
    rill_node_t node; // in the FIFO, or in the list of what it waits for
    rill_context_t context; // .stack is its pool once the task is done
    uint16_t pins;          // waiters that will still read this task's result
    uint8_t cancelling;     // cancel() calls not yet undone by uncancel(); stops at 255
    uint8_t canceled_late : 1; // it was ready already when the cancellation came that it was last told of
    uint8_t grouped : 1;    // a group's record of it lies on top of its stack
    uint8_t unused : 6;
    rill_future_t future;
    struct rill_wait *wait; // how to cancel the wait it is in; NULL when ready or running
    rill_vars_t vars;       // context variables
    rill_link_t all;        // in loop->tasks, while not done
    uint32_t id; // generation: odd, its half is the task's number; 0 in a free block
#if RILL_NAMES
    const char *name;
#endif
#if RILL_DEBUG
    rill_fn_t fn;
#endif
#if RILL_STATS
    rill_time_t run_time;
#endif
};

// A handle to a task, passed by value. Using it after the task was reaped gives RILL_ESTALE, never another task's data.
typedef struct rill_task {
    __attribute__((aligned(8))) // as one number: else Arm's GCC stores a parameter to the stack
    rill_tcb_t *tcb;
    uint32_t id;
} rill_task_t;

#define RILL_NO_TASK ((rill_task_t){ NULL, 0 })

// Where tasks come from: control blocks and stacks, so that a task that is done but not joined holds only its block.
typedef struct rill_task_pool {
    rill_pool_t tcbs;
    rill_pool_t stacks;
} rill_task_pool_t;

// Bytes at the low end of each stack that no task uses: canary or guard region, then the kernel's own words.
#define RILL_STACK_GUARD_BYTES 32

// Bytes at the high end of each stack: the kernel's words about its task. A free stack is linked through them.
#define RILL_STACK_TOP_BYTES (4 * sizeof(void *))

// What the address sanitizer takes beyond what the application reckons with: larger frames, and 3 KB whenever its
// library binds a symbol at the first call. Private.
#if defined(__SANITIZE_ADDRESS__)
#define RILL_STACK_EXTRA 8192
#else
#define RILL_STACK_EXTRA 0 // Private.
#endif

// What a stack takes of which a task may use `bytes`.
#define RILL_STACK_ROUND(bytes)                                                                                        \
    (((size_t)(bytes) + RILL_STACK_EXTRA + RILL_STACK_GUARD_BYTES + RILL_STACK_ALIGN - 1) / RILL_STACK_ALIGN *         \
     RILL_STACK_ALIGN)

// Defines a pool of n tasks with stacks of `bytes` each: RILL_TASK_POOL_DEFINE(workers, 8, 512);
#define RILL_TASK_POOL_DEFINE(name, n, bytes)                                                                          \
    static rill_tcb_t name##_tcbs[n];                                                                                  \
    static unsigned char name##_stacks[n][RILL_STACK_ROUND(bytes)] __attribute__((aligned(RILL_STACK_ALIGN)));         \
    static rill_task_pool_t name = RILL_TASK_POOL_INIT(name##_tcbs, name##_stacks, n, RILL_STACK_ROUND(bytes))

// The same over memory of the caller's choice: an array of n rill_tcb_t, and n stacks of `bytes` (a multiple of
// RILL_STACK_ALIGN, aligned to it) each.
#define RILL_TASK_POOL_INIT(tcb_array, stack_array, n, bytes)                                                          \
    { RILL_POOL_INIT(tcb_array, sizeof(rill_tcb_t), n),                                                                \
      RILL_POOL_INIT((unsigned char *)(stack_array) + (bytes) - RILL_STACK_TOP_BYTES, bytes, n) }

// Defines the memory of one task: RILL_TASK_DEFINE(blink, 256); ... rill_spawn(&blink, blink_fn, NULL, &task);
#define RILL_TASK_DEFINE(name, bytes) RILL_TASK_POOL_DEFINE(name, 1, bytes)

// Options of rill_spawn_with; zero-initialise for defaults.
typedef struct rill_spawn_options {
    rill_loop_t *loop; // default: the running loop
    const char *name;  // default: "Task-<n>"; must outlive the task
    bool eager;        // run it now until it first waits (asyncio's eager task factory, EG1)
    rill_vars_t *vars; // run in this context, not in a copy of the creator's (CV6); needs rill_vars_use
} rill_spawn_options_t;

// What rill_spawn and rill_spawn_eager do: for arguments that are not NULL, and for any. Callers know most of that of
// their variables, so it is tested where they are, unless space counts. Private.
int rill_spawn_plainly(rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_task_t *task);
int rill_spawn_any(rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_task_t *task);
int rill_spawn_eager_plainly(rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_task_t *task);
int rill_spawn_eager_any(rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_task_t *task);

// May the former of each be called? Private.
#if defined(__OPTIMIZE_SIZE__)
#define RILL_SPAWN_PLAINLY(pool, fn, task) false
#else
// Private.
#define RILL_SPAWN_PLAINLY(pool, fn, task) __builtin_expect((pool) != NULL && (fn) != NULL && (task) != NULL, 1)
#endif

// Creates a task that will call fn(arg); its first step is put at the tail of the FIFO (T1). asyncio.create_task.
// Returns 0 with the handle in *task (may be NULL: the task is detached); RILL_ENOMEM if the pool is exhausted;
// RILL_EINVAL for NULL pool or fn, or a stack too small; RILL_EPERM if no loop is running. Context: loop. O(1).
static inline int rill_spawn(rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_task_t *task)
{
    return RILL_SPAWN_PLAINLY(pool, fn, task) ? rill_spawn_plainly(pool, fn, arg, task)
                                              : rill_spawn_any(pool, fn, arg, task);
}
int rill_spawn_with(rill_task_pool_t *pool, rill_fn_t fn, void *arg, const rill_spawn_options_t *options,
                    rill_task_t *task);

// Creates a task and runs it now, until it first waits or ends; then the creator goes on (EG1). The same as
// rill_spawn_with and the option `eager`. asyncio: eager_task_factory. Returns as rill_spawn. Context: loop. O(1) and
// what the task does; the creator itself does not suspend.
static inline int rill_spawn_eager(rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_task_t *task)
{
    return RILL_SPAWN_PLAINLY(pool, fn, task) ? rill_spawn_eager_plainly(pool, fn, arg, task)
                                              : rill_spawn_eager_any(pool, fn, arg, task);
}

// asyncio.run: runs fn(arg) as the main task of the default loop; when it ends, cancels what is left in creation order
// and waits for it (RN1-RN3), then closes the loop. Returns main's result code: 0 with its value in *value (may be
// NULL), or its error; RILL_EPERM inside a running loop; RILL_ENOMEM, RILL_EINVAL as rill_spawn; RILL_EDEADLK where
// provable. Context: thread (main).
int rill_run(rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_value_t *value);

// Result for a body that must return a word that is no int: return rill_return(pointer). The task must not wait after
// it: the message of a cancellation takes the word's place. Returns 0; RILL_EPERM outside a task. Python: return.
// Context: task.
int rill_return(rill_value_t value);

// Waits for the task and reaps it: its memory returns to its pool. Returns as rill_await; RILL_ESTALE if it was reaped.
// If the waiting task is cancelled meanwhile, the cancellation goes to the joined task (C3); it is reaped when it is
// done, and stays joinable when the wait ended before that. Context: task; suspends.
int rill_join(rill_task_t task, rill_value_t *value);

// Gives up the handle: the task is reaped as soon as it is done. An error nobody read then goes to the exception
// handler (F8). Returns 0, RILL_ESTALE. Context: loop.
int rill_detach(rill_task_t task);

// The future inside a task, for rill_await and the combinators; valid until the task is reaped. NULL if stale.
// asyncio: a Task is a Future. Context: loop.
rill_future_t *rill_task_future(rill_task_t task);

// Requests cancellation: RILL_ECANCELED at its next or current wait (C1-C10). Returns 1; 0 if it is done; RILL_ESTALE.
// `_msg` carries a message beside it. asyncio: Task.cancel. Context: loop.
int rill_task_cancel(rill_task_t task);
int rill_task_cancel_msg(rill_task_t task, rill_value_t message);

// Number of cancel() calls not undone; undo one and return what remains (C13). RILL_ESTALE. asyncio: cancelling,
// uncancel. Context: loop.
int rill_task_cancelling(rill_task_t task);
int rill_task_uncancel(rill_task_t task);

// The running task, RILL_NO_TASK in callbacks and outside (T7). Context: any; an ISR gets RILL_NO_TASK.
rill_task_t rill_task_current(void);

// A word of the running task, 0 when it starts, for the glue of a C library: its errno. NULL in callbacks, interrupts
// and outside. Context: any.
int *rill_task_errno(void);

// All tasks of a loop that are not done, in creation order (T8): start with RILL_NO_TASK, ends with RILL_NO_TASK, as
// does NULL.
//     for (rill_task_t t = rill_task_next(loop, RILL_NO_TASK); t.tcb; t = rill_task_next(loop, t)) ...
// A task that ends meanwhile must not be the one passed in. Context: loop.
rill_task_t rill_task_next(rill_loop_t *loop, rill_task_t previous);

// Name; settable; default "Task-<n>" written into buffer (at least 16 bytes). NULL if stale. The name must outlive the
// task. asyncio: Task.get_name, set_name. Context: loop.
const char *rill_task_name(rill_task_t task, char *buffer);
int rill_task_set_name(rill_task_t task, const char *name);

// State of the task as rill_future_state; RILL_CANCELLED if stale. Context: loop.
rill_state_t rill_task_state(rill_task_t task);

// What there is to know about a task: its stack, with RILL_STATS the most bytes of it ever used and the time it has run
// in microseconds, what it waits for, and where it belongs. RILL_ESTALE; RILL_EINVAL for NULL. asyncio: Task.get_loop,
// get_coro, get_context, get_stack. Context: loop. O(1), with RILL_STATS O(stack); does not suspend.
typedef struct rill_task_info {
    size_t stack_size;
    size_t stack_used; // 0 without RILL_STATS
    rill_time_t run_time; // 0 without RILL_STATS
    const char *waiting; // what kind of thing it waits for: "sleep", "future", "task", ...; "ready"; "running"; "done"
    const void *object;  // the object it waits for, or NULL
    rill_loop_t *loop;
    rill_fn_t fn;            // its body; NULL without RILL_DEBUG
    const rill_vars_t *vars; // its context variables, for rill_vars_get; valid until it is reaped
} rill_task_info_t;
int rill_task_info(rill_task_t task, rill_task_info_t *info);

// Lets everything that is ready run once, then continues (sleep(0), T3). Returns 0 or RILL_ECANCELED; RILL_EPERM
// outside a task. Context: task; suspends.
int rill_yield(void);

// Waits for a duration or until a deadline of rill_clock_now() time. A duration of 0 is rill_yield; a deadline that has
// passed takes the timer's way (L5). Returns 0 or RILL_ECANCELED (the timer is disarmed, C2); RILL_EPERM outside a
// task. No drift: compute the next deadline from the last one and use rill_sleep_until. Context: task; suspends.
int rill_sleep_us(rill_time_t us);
int rill_sleep_ms(uint32_t ms);
int rill_sleep_until(rill_time_t when);

#ifdef __cplusplus
}
#endif

#endif
