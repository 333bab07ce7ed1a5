// Values, errors and time: the vocabulary every other header uses.
#ifndef RILL_TYPES_H
#define RILL_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// One machine word carried by a future beside its status; wide enough for a pointer.
typedef intptr_t rill_value_t;

// Monotonic time in microseconds since reset. 64 bits last 584,000 years; nothing in Rill handles a wrap.
typedef uint64_t rill_time_t;

// "No deadline": later than every deadline.
#define RILL_NEVER UINT64_MAX

// Milliseconds and seconds as rill_time_t.
#define RILL_MS(n) ((rill_time_t)(n)*1000u)
#define RILL_S(n) ((rill_time_t)(n)*1000000u)

// A suspended thread of control (arch/arch.h). Private to kernel and ports.
typedef struct rill_context {
    void *sp;    // where its registers were pushed
    void *stack; // lowest address of its stack; NULL for the loop's own context
} rill_context_t;

// The switch is given threads by the node that lies in front of their context in a task and in a loop, because that is
// how the ring knows them. Here it is for a context that has none in front. Private.
struct rill_node;
#define RILL_THREAD(context) ((struct rill_node *)((uintptr_t)(context)-3 * sizeof(void *)))
#define RILL_CONTEXT(thread) ((rill_context_t *)((uintptr_t)(thread) + 3 * sizeof(void *)))

// The context variables of a task or of a callback (contextvars.h). Zeroed: empty. Private.
typedef struct rill_vars {
    void *bindings;
} rill_vars_t;

// Status codes. A function returns >= 0 on success and one of these on failure. The numbers are those of errno where
// errno has the name, so a code can cross into C library code unchanged. An application's own codes start at RILL_EUSER
// and go down: RILL_EUSER, RILL_EUSER - 1, ...
enum rill_error {
    RILL_OK = 0,
    RILL_EPERM = -1,       // wrong state, wrong context or wrong caller (asyncio: RuntimeError)
    RILL_ENOENT = -2,      // no such thing (asyncio: LookupError)
    RILL_EINTR = -4,       // stopped from outside (asyncio: KeyboardInterrupt)
    RILL_EIO = -5,         // hardware reported an error
    RILL_EBADF = -9,       // no such file descriptor, or not open for this
    RILL_EAGAIN = -11,     // would have to wait, and the caller asked not to
    RILL_EQEMPTY = -11,    // asyncio: QueueEmpty
    RILL_ENOMEM = -12,     // pool exhausted
    RILL_EBUSY = -16,      // in use: already armed, already running, already waited for
    RILL_EINVAL = -22,     // argument out of range (asyncio: ValueError)
    RILL_EMFILE = -24,     // no file descriptor left
    RILL_ENOTTY = -25,     // the device knows no such request
    RILL_EPIPE = -32,      // the other side is closed
    RILL_EBROKEN = -32,    // barrier aborted or reset (asyncio: BrokenBarrierError)
    RILL_EDEADLK = -35,    // nothing can ever run again
    RILL_ETYPE = -40,      // argument of the wrong kind (asyncio: TypeError)
    RILL_ENODATA = -61,    // the end (Python: StopIteration)
    RILL_EQFULL = -105,    // asyncio: QueueFull
    RILL_ESHUTDOWN = -108, // asyncio: QueueShutDown
    RILL_EOVERFLOW = -75,  // data was lost because a ring was full
    RILL_ESTALE = -116,    // the task behind this handle is gone
    RILL_ETIMEDOUT = -110, // asyncio: TimeoutError
    RILL_ESTATE = -114,    // not done yet, or done already (asyncio: InvalidStateError)
    RILL_ECANCELED = -125, // asyncio: CancelledError
    RILL_EGROUP = -200,    // an error group (asyncio: ExceptionGroup)
    RILL_EUSER = -1000,    // first application code
};

// A done-callback, a call_soon callback, an interrupt callback: one word of argument. A negative return is the C form
// of an exception that escapes the callback: it goes to the loop's exception handler (rule L14). Return 0 otherwise.
typedef int (*rill_callback_t)(void *arg);

// A task's body, called with the argument given to rill_spawn. task.h says what its return value means.
typedef int (*rill_fn_t)(void *arg);

// Who wants to know that a stream may have become readable or writable, told in any context, interrupts included. The
// first member of whatever knows what to do then.
typedef struct rill_notify {
    void (*fn)(struct rill_notify *notify);
} rill_notify_t;

// Tells it, if there is one. asyncio: none. Context: any. O(1).
static inline void rill_notify(rill_notify_t *notify)
{
    if (notify != NULL) {
        notify->fn(notify);
    }
}

#ifdef __cplusplus
}
#endif

#endif
