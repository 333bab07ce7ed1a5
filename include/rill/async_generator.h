// Asynchronous iterators and generators: sources of values for whose next one a task may have to wait.
//
//     RILL_ASYNC_FOR(line, &reader.iter) { use(line); }     // async for line in reader:
//     int code = rill_aiter_code(&reader.iter);             // how it ended: 0, or an error to pass on
//
// An iterator is whatever has a function `next`; a generator is one whose next() runs a body up to its next yield. The
// body runs as part of the task that asks: it may wait anywhere; a cancellation of that task is delivered to the wait
// in the body, which cleans up and passes it on. Different tasks may ask in turn, but not at the same time.
//
// Unless a function says otherwise: O(1) beside what the body does. No object may be NULL, except to rill_agen_init.
#ifndef RILL_ASYNC_GENERATOR_H
#define RILL_ASYNC_GENERATOR_H

#include <rill/generator.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rill_aiter rill_aiter_t;

// An asynchronous iterator, the first member of a type of yours: `next` returns 0 with a value, RILL_ENODATA at the end
// (StopAsyncIteration), or another error; it may wait. Python: __aiter__, __anext__.
struct rill_aiter {
    int (*next)(rill_aiter_t *self, rill_value_t *value);
    int code; // what the last call returned
};

#define RILL_AITER_INIT(next_fn) { (next_fn), 0 }

// Asks for the next value. Returns what `next` returns. Python: await anext(it). Context: task; may suspend.
int rill_anext(rill_aiter_t *iter, rill_value_t *value);

// How the last rill_anext ended, so how RILL_ASYNC_FOR did: 0 at the end or after `break`, else the error, which is to
// be passed on, as rill_anext returned it. Returns that code.
// Context: any.
static inline int rill_aiter_code(const rill_aiter_t *iter)
{
    return iter->code == RILL_ENODATA ? RILL_OK : iter->code;
}

// Loops over an iterator: RILL_ASYNC_FOR(value, iter) { ... } Ends at the end, and on an error: ask rill_aiter_code
// after it. `break` leaves a generator suspended: rill_agen_close. Python: async for value in iter. Context: task.
#define RILL_ASYNC_FOR(value, iter) for (rill_value_t value = 0; rill_anext((iter), &value) == RILL_OK;)

typedef struct rill_agen rill_agen_t;
typedef int (*rill_agen_fn_t)(rill_agen_t *self, void *arg);

// An asynchronous generator; its iterator is `iter`. 48 bytes on 32-bit machines. The rest is private.
struct rill_agen {
    rill_aiter_t iter;
    rill_gen_t gen;
    rill_agen_fn_t fn;
};

// As rill_gen_init. The body may call rill_agen_yield, and everything a task may. It returns >= 0 at the end, which is
// not passed to anybody, or the code it fails with. Python: async def with yield. Context: any but an ISR. O(1), linear
// in the stack with RILL_STATS.
int rill_agen_init(rill_agen_t *agen, rill_agen_fn_t fn, void *arg, void *stack, size_t size);

// The next value, as rill_gen_next, rill_gen_send and rill_gen_throw: 0, RILL_ENODATA at the end, the body's error,
// RILL_EBUSY while another task waits in the body (RuntimeError), RILL_EPERM outside a task. Python: anext(agen),
// agen.asend, agen.athrow. Context: task; suspend while the body waits.
int rill_agen_next(rill_agen_t *agen, rill_value_t *value);
int rill_agen_send(rill_agen_t *agen, rill_value_t in, rill_value_t *value);
int rill_agen_throw(rill_agen_t *agen, int error, rill_value_t *value);

// Ends it and returns as rill_gen_close; its clean-up may wait. There is no garbage collector that would call it: a
// generator that was
// left by `break` and has something to clean up must be closed before its memory goes. Python: agen.aclose(). Context:
// task; suspends while the body waits.
int rill_agen_close(rill_agen_t *agen);

// In the body: hands out a value, returns as rill_gen_yield. It is no place where other tasks run. Python: yield.
// Context: the body.
int rill_agen_yield(rill_agen_t *self, rill_value_t value, rill_value_t *sent);

// Python: agen.ag_running, inspect.getasyncgenstate. Context: any.
static inline rill_gen_state_t rill_agen_state(const rill_agen_t *agen)
{
    return rill_gen_state(&agen->gen);
}

#ifdef __cplusplus
}
#endif

#endif
