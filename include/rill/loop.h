// The event loop: ready callbacks in FIFO order, timers, posts from interrupts, sleep when there is nothing to do.
//
// asyncio's loop, rule for rule (L1-L16 of the semantics this kernel is tested against):
//   - call_soon appends to one FIFO; tasks and callbacks share it.
//   - An iteration runs what was ready when it began. Then: interrupt posts, then due timers by (deadline, arming
//   order).
//   - Nothing ready: the CPU sleeps until the next deadline or interrupt. There is no tick.
//
// Call contexts named below: "task" = inside a task; "loop" = the loop's own thread, so a task or a callback of that
// loop, or the thread that will run it while it does not run; "any" = anywhere, interrupts included (suffix
// _threadsafe).
//
// Unless a function says otherwise: O(1), does not suspend.
#ifndef RILL_LOOP_H
#define RILL_LOOP_H

#include <rill/config.h>
#include <rill/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rill_loop rill_loop_t;
typedef struct rill_tcb rill_tcb_t;
struct rill_executor;
typedef struct rill_future rill_future_t;

// A link of the ready FIFO or of one wait list; first member of everything that can be queued. `fn` tells the two kinds
// apart: NULL in a task, the function to call in a callback. next == NULL: queued nowhere. Private to the kernel.
typedef struct rill_node {
    struct rill_node *next;
    struct rill_node *prev;
    rill_callback_t fn;
} rill_node_t;

// A link of the list of all tasks, which is a ring with a link of the loop's in it. Private to the kernel.
typedef struct rill_link {
    struct rill_link *next;
    struct rill_link *prev;
} rill_link_t;

// A callback that can be scheduled: asyncio.Handle. The caller's memory; it must stay valid while it is scheduled. 16
// bytes on 32-bit machines.
typedef struct rill_handle {
    rill_node_t node;
    void *arg;
} rill_handle_t;

// A callback with a deadline: asyncio.TimerHandle. The caller's memory. 24 bytes on 32-bit machines.
typedef struct rill_timer {
    rill_handle_t handle;
    rill_time_t when;
} rill_timer_t;

// Static initialisers: idle, with the function and argument given.
#define RILL_HANDLE_INIT(function, argument) { { NULL, NULL, (function) }, (argument) }
#define RILL_TIMER_INIT { { { NULL, NULL, NULL }, NULL }, 0 }

// What the loop's exception handler is told. A field that does not apply is NULL.
typedef struct rill_exception {
    const char *message; // "exception in callback", "exception never retrieved", ...
    int error;           // the negative code
    rill_handle_t *handle;
    rill_future_t *future; // the future or task concerned
} rill_exception_t;

// Gets every error nobody else can get. May call anything a callback may. A negative return is an error inside the
// handler: the default handler then reports both, once (rule L14).
typedef int (*rill_exception_handler_t)(rill_loop_t *loop, const rill_exception_t *info);

// Lists of timers: fresh ones, those far away, one for each octal digit of 32 bits of distance, and due ones.
#define RILL_WHEEL_LISTS 14

// The timers of a loop (kernel/timer.c explains them). Private.
typedef struct rill_wheel {
    rill_time_t base;
    rill_time_t next; // no timer is earlier
    rill_node_t *first; // the list that begins with the earliest, if that is known
    rill_node_t *nearest; // no list of the wheel behind it holds a timer
    struct {
        rill_node_t *next;
        rill_node_t *prev;
    } list[RILL_WHEEL_LISTS];
} rill_wheel_t;

// A loop. The caller's memory, or the kernel's default loop. Fields are private; rill_loop_init makes it ready.
// Size on 32-bit machines: 192 bytes. What is tested often comes first, where short instructions reach it.
struct rill_loop {
    // Touched at every switch.
    rill_node_t marker;      // in the ring: where an iteration ends and the next poll happens
    rill_context_t context;  // behind it: the thread that called rill_run, suspended
    rill_node_t *cur;        // the running task's node; while a callback runs, the node after it
    union {
        __extension__ struct { // ISO C++ has no anonymous ones
            volatile uint8_t alarm; // the clock's alarm came, a timer is earlier than all, the loop was told to stop
            uint8_t crowd;          // sorting timers has not come to an end
            uint8_t stopping;
            uint8_t jobs;           // there may be jobs to run in place of sleep
        };
        volatile uint32_t attention; // any of them: the loop must look before the next iteration
    };
    union {
        __extension__ struct {
            uint8_t closed;
            volatile uint8_t background; // a job runs in place of sleep; what gives the loop something to do ends that
        };
        uint16_t unusual; // any of them: a post must look
    };
    uint8_t debug;
    uint8_t running;
    void *volatile posts; // handles posted from outside, newest first
    // Touched when tasks come and go.
    rill_link_t tasks;       // all tasks not done, in creation order
    rill_exception_handler_t handler;
    // Touched by timers.
    rill_wheel_t wheel;
#if RILL_STATS || RILL_DEBUG
    rill_time_t since;       // when the running task was switched to
#endif
#if RILL_DEBUG
    rill_time_t slow;        // a step that takes as long is reported
#endif
    struct rill_executor *executor; // the default one (executor.h)
    rill_vars_t vars;        // of the running callback
};

// Prepares a loop. asyncio.new_event_loop(). Returns 0, RILL_EINVAL for NULL, RILL_EPERM while it runs. Context:
// thread.
int rill_loop_init(rill_loop_t *loop);

// The kernel's own loop, initialised on first use; what rill_run uses; never NULL. asyncio.get_event_loop(). Context:
// any.
rill_loop_t *rill_loop_default(void);

// The loop that is running on this core, NULL if none: asyncio.get_running_loop(). Context: any (in an ISR: the loop it
// interrupted).
rill_loop_t *rill_loop_running(void);

// Runs until rill_loop_stop. asyncio: loop.run_forever(), rules L9, L10. Suspends the calling thread, not a task.
// Context: thread. Cost: what runs in it. Returns 0; RILL_EPERM if this loop or another one is running on this core, if
// it is closed or if called from an ISR; RILL_EDEADLK where the clock can prove that nothing will ever happen again
// (host and tests, rule L15).
int rill_run_forever(rill_loop_t *loop);

// Runs until `future` is done, and the rest of that iteration (rule L11). Returns what rill_future_result returns for
// it, with its value in *value (may be NULL); RILL_EINVAL for NULL or a future of another loop; RILL_EPERM as above or
// if the loop was stopped before; RILL_EDEADLK as above. Context: thread. Cost: what runs in it.
int rill_run_until_complete(rill_loop_t *loop, rill_future_t *future, rill_value_t *value);

// Makes the loop return after the current iteration; callbacks that iteration scheduled stay queued (L9). On a loop
// that does not run: its next run makes one iteration (L10). Context: loop; from an ISR post a callback that calls it
// (TH9). Returns 0; RILL_EINVAL for NULL.
int rill_loop_stop(rill_loop_t *loop);

// Runs iterations without sleeping until nothing is ready or `budget` microseconds have passed; one at least, and a
// callback or a step is never cut short. For an application that has a loop of its own, which calls this from its own
// tick. Returns 0 if nothing is ready; RILL_EAGAIN if the budget is used up and more is; RILL_EINVAL for NULL,
// RILL_EPERM as rill_run_forever. In *next (may be NULL) is when it is to be called again at the latest, unless an
// interrupt posts something: now, the next deadline or RILL_NEVER. rill_loop_stop does nothing in it. Context: thread.
// Cost: what runs in it. asyncio: stop() and run_forever(), again and again (L10).
int rill_loop_run_once(rill_loop_t *loop, rill_time_t budget, rill_time_t *next);

// Drops everything queued, for good: a handle, timer or completion that was queued must be initialised before it is
// used again. Idempotent. RILL_EPERM while it runs (L12, L13). Tasks that have not ended can
// never run again; in debug mode (debug.h) they are reported to the exception handler, and what else is dropped to
// rill_log. Context: thread. O(tasks that have not ended; in debug mode also what is dropped).
int rill_loop_close(rill_loop_t *loop);

// True from rill_loop_close to the next rill_loop_init, and for NULL. asyncio: loop.is_closed(). Context: any.
bool rill_loop_closed(const rill_loop_t *loop);

// Times the processor was woken from its sleep since reset: guarantee 3. 0 without RILL_STATS.
extern uint32_t rill_loop_wakeups;

// The loop's time: microseconds of rill_clock_now(). asyncio: loop.time(). Context: any.
rill_time_t rill_loop_time(void);

// Schedules fn(arg) at the end of the FIFO (L1). asyncio: loop.call_soon.
// Returns 0; RILL_EINVAL for a NULL; RILL_EBUSY if `handle` is scheduled already; RILL_EPERM if the loop is closed.
// Context: loop.
int rill_call_soon(rill_loop_t *loop, rill_handle_t *handle, rill_callback_t fn, void *arg);

// Schedules a handle (RILL_HANDLE_INIT or rill_handle_init) from anywhere and wakes the loop. Lock-free; takes its
// place in the FIFO at the moment of the call (L16, TH1, TH2). asyncio: loop.call_soon_threadsafe.
// Returns 1 if it was posted, 0 if it was scheduled already (idempotent: it will run once), RILL_EINVAL for a NULL or
// an uninitialised handle, RILL_EPERM if the loop is closed. Context: any. Cost: two compare-and-swaps.
int rill_call_soon_threadsafe(rill_loop_t *loop, rill_handle_t *handle);

// Makes a handle idle with fn and arg; it must not be NULL. Do not call it on a scheduled handle. asyncio: Handle().
// Context: any.
void rill_handle_init(rill_handle_t *handle, rill_callback_t fn, void *arg);

// True if it is scheduled or posted and has neither run nor been cancelled; false for NULL. asyncio: not
// Handle.cancelled(), as long as it has not run. Context: loop.
bool rill_handle_scheduled(const rill_handle_t *handle);

// Takes a callback out of the FIFO, even out of the running batch. Idempotent (L7). Returns 1 if it was scheduled, else
// 0; RILL_EINVAL for NULL. After it the memory is the caller's again. A callback of a future that is pending is removed
// with rill_future_remove_done_callback instead. asyncio: Handle.cancel. Context: loop.
int rill_handle_cancel(rill_loop_t *loop, rill_handle_t *handle);

// Schedules fn(arg) for `when` (rill_clock_now() time) or `delay` microseconds from now. A deadline that has passed
// runs in the next iteration, behind what is ready (L5). Equal deadlines run in arming order (L4). asyncio:
// loop.call_at/call_later. Returns 0; RILL_EINVAL for a NULL; RILL_EBUSY if the timer is armed already; RILL_EPERM if
// the loop is closed. Context: loop.
int rill_call_at(rill_loop_t *loop, rill_timer_t *timer, rill_time_t when, rill_callback_t fn, void *arg);
int rill_call_later(rill_loop_t *loop, rill_timer_t *timer, rill_time_t delay, rill_callback_t fn, void *arg);

// Disarms a timer, also one that is due and waits in the batch. Idempotent. Returns 1 if it was armed, else 0;
// RILL_EINVAL for NULL. After it the memory is the caller's again. asyncio: TimerHandle.cancel. Context: loop.
int rill_timer_cancel(rill_loop_t *loop, rill_timer_t *timer);

// The deadline of an armed timer; RILL_NEVER for NULL or one that is not armed. asyncio: TimerHandle.when. Context:
// loop.
rill_time_t rill_timer_when(const rill_timer_t *timer);

// Replaces the exception handler; NULL restores the default, which hands one line to rill_log. A NULL loop
// is ignored. asyncio:
// loop.set_exception_handler. Context: loop.
void rill_loop_set_exception_handler(rill_loop_t *loop, rill_exception_handler_t handler);

// The handler that was set; NULL: the default, or no loop. asyncio: loop.get_exception_handler. Context: loop.
rill_exception_handler_t rill_loop_get_exception_handler(const rill_loop_t *loop);

// Gives an error to the loop's handler; NULL is ignored. asyncio: loop.call_exception_handler. Context: loop.
void rill_loop_call_exception_handler(rill_loop_t *loop, const rill_exception_t *info);

// Where the kernel's own reports go, a line each, without an end of line. The library's version is weak: it discards
// the text, in debug builds it prints it on the console; an application may define its own. asyncio: the logger
// `asyncio`. Context: any; debug mode (debug.h) also calls it from an interrupt.
void rill_log(const char *text);

#ifdef __cplusplus
}
#endif

#endif
