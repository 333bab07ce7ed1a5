// Generators: functions that hand out values one at a time and keep their place between them. Python's `yield`.
//
//     static int count(rill_gen_t *self, void *arg)
//     {
//         for (rill_value_t i = 1; i <= 5; i++) {
//             int error = rill_gen_yield(self, i, NULL);
//             if (error != RILL_OK) { return error; }    // thrown, or closed: clean up and pass it on
//         }
//         return 0;                                      // the end; the result of `yield from`
//     }
//
//     RILL_COROUTINE_STACK(stack, 256);
//     rill_gen_t numbers;
//     rill_gen_init(&numbers, count, NULL, stack, sizeof stack);
//     RILL_GEN_FOREACH(i, &numbers) { ... }
//
// No loop is needed; nothing is allocated. A generator may yield from any depth of calls. In a task its body may wait:
// the task that asked for the value waits with it. async_generator.h says what asyncio says about that.
//
//   NEW --first next--> RUNNING --yield--> SUSPENDED --next, send, throw, close--> RUNNING --return--> DONE
//
// Unless a function says otherwise: context any but an ISR, O(1) beside what the body does. No object may be NULL,
// except to rill_gen_init.
#ifndef RILL_GENERATOR_H
#define RILL_GENERATOR_H

#include <rill/greenlet.h>

#ifdef __cplusplus
extern "C" {
#endif

// What rill_gen_yield returns when the generator is being closed (Python: GeneratorExit).
#define RILL_EGENEXIT (-201)

typedef struct rill_gen rill_gen_t;

// A generator's body. Returns >= 0 (its result: the end, Python's StopIteration) or a negative code (it failed). A word
// that is no int: return rill_gen_return(self, word).
typedef int (*rill_gen_fn_t)(rill_gen_t *self, void *arg);

typedef enum rill_gen_state {
    RILL_GEN_NEW = 0,
    RILL_GEN_SUSPENDED,
    RILL_GEN_RUNNING,
    RILL_GEN_DONE,
} rill_gen_state_t;

// A generator: 36 bytes on 32-bit machines. Private.
struct rill_gen {
    rill_value_t value;    // on its way in or out; the result when done
    int code;              // of one that is done: RILL_ENODATA, or what it failed with
    rill_gen_fn_t fn;
    rill_context_t context; // behind three words, so that its thread has the generator's address
    rill_context_t caller; // who asked for the next value
    void *arg;
    uint8_t state;
    uint8_t has_word;
};

// Prepares a generator that will call fn(self, arg) when first asked, on `stack` (see rill_greenlet_init). A generator
// that is done, or will not be used any more, may be prepared anew. Returns 0; RILL_EINVAL for NULL arguments or an
// unsuitable stack. Python: calling a generator function. Context: any but an ISR. O(1), linear in the stack with
// RILL_STATS. Does not suspend.
int rill_gen_init(rill_gen_t *gen, rill_gen_fn_t fn, void *arg, void *stack, size_t size);

// The whole of next and yield, out of line. Private.
int rill_gen_resume(rill_gen_t *gen, rill_value_t in, rill_value_t *value);
int rill_gen_suspend(rill_gen_t *gen, rill_value_t value, rill_value_t *sent);

// Where nothing watches the stack's end, the usual case of both goes into the caller. Private.
#if RILL_GREENLET_INLINE && !defined(__OPTIMIZE_SIZE__)
#define RILL_GEN_INLINE 1
#else
#define RILL_GEN_INLINE 0
#endif

// Runs it to its next yield. Returns 0 with what it yields in *value (may be NULL); RILL_ENODATA at the end, and ever
// after, with its result in *value the first time, then 0 (StopIteration); the code it failed with, once; RILL_EBUSY if
// it is running (a generator that asks itself; another task that waits in it). Python: next(gen). Context: any but an
// ISR; suspends the task only if the body does. O(1).
static inline int rill_gen_next(rill_gen_t *gen, rill_value_t *value)
{
#if RILL_GEN_INLINE
    if (__builtin_expect(gen->state < RILL_GEN_RUNNING, 1)) {
        gen->value = 0;
        gen->state = RILL_GEN_RUNNING;
        int code = rill_arch_switch(RILL_OK, RILL_THREAD(&gen->caller), RILL_THREAD(&gen->context));
        if (value != NULL) {
            *value = gen->value;
        }
        return code;
    }
#endif
    return rill_gen_resume(gen, 0, value);
}

// The same, but *value is `otherwise` at the end, and it returns 0. Python: next(gen, otherwise).
int rill_gen_next_or(rill_gen_t *gen, rill_value_t otherwise, rill_value_t *value);

// The same as next, but the yield it is suspended in gives `in` instead of 0. RILL_ETYPE if it has not begun and `in`
// is not 0. Python: gen.send(in).
int rill_gen_send(rill_gen_t *gen, rill_value_t in, rill_value_t *value);

// The same as next, but the yield it is suspended in returns `error` (negative, or RILL_EINVAL). One that has not begun
// ends without running; that and one that is done return `error`. Python: gen.throw.
int rill_gen_throw(rill_gen_t *gen, int error, rill_value_t *value);

// Ends it: the yield it is suspended in returns RILL_EGENEXIT, the body cleans up and returns. Returns 0, also if it
// had not begun or is done; another code the body fails with; RILL_EPERM if it yields instead (RuntimeError; it stays
// suspended); RILL_EBUSY if it is running. Python: gen.close().
int rill_gen_close(rill_gen_t *gen);

// What it returned, when it is done and has not failed; else 0. Python: StopIteration.value.
rill_value_t rill_gen_result(const rill_gen_t *gen);

// Returns the code it failed with; 0 if it ended well or has not ended. To be asked after RILL_GEN_FOREACH, which ends
// in either case. Context: any.
int rill_gen_error(const rill_gen_t *gen);

// Python: inspect.getgeneratorstate. Context: any.
static inline rill_gen_state_t rill_gen_state(const rill_gen_t *gen)
{
    return (rill_gen_state_t)gen->state;
}

// Loops over what it yields: RILL_GEN_FOREACH(value, gen) { use(value); } `break` leaves the generator suspended: close
// it if it has something to clean up. Python: for value in gen.
#define RILL_GEN_FOREACH(value, gen) for (rill_value_t value = 0; rill_gen_next((gen), &value) == RILL_OK;)

// ---- in the body

// Hands out a value and waits to be asked again. Returns 0 with what was sent in *sent (may be NULL; 0 for next), or
// the error thrown in, which is to be passed on after cleaning up: RILL_EGENEXIT when it is being closed; RILL_EPERM if
// called from outside the generator. Python: yield. O(1).
static inline int rill_gen_yield(rill_gen_t *self, rill_value_t value, rill_value_t *sent)
{
#if RILL_GEN_INLINE
    if (__builtin_expect(self->state == RILL_GEN_RUNNING, 1)) {
        self->value = value;
        self->state = RILL_GEN_SUSPENDED;
        int error = rill_arch_switch(RILL_OK, RILL_THREAD(&self->context), RILL_THREAD(&self->caller));
        if (sent != NULL) {
            *sent = self->value;
        }
        return error;
    }
#endif
    return rill_gen_suspend(self, value, sent);
}

// Yields all that `sub` yields; what is sent, thrown or closed goes to `sub`. Returns 0 with the result of `sub` in
// *result (may be NULL), or the code it failed with. Python: yield from.
int rill_gen_yield_from(rill_gen_t *self, rill_gen_t *sub, rill_value_t *result);

// Yields n words, or the characters of a text. What is sent is lost. Each returns as rill_gen_yield. Python: yield from
// a list, from a str.
int rill_gen_yield_array(rill_gen_t *self, const rill_value_t *items, size_t n);
int rill_gen_yield_text(rill_gen_t *self, const char *text);

// The word a body returns that is no int: return rill_gen_return(self, pointer). Returns 0. Python: return in
// a generator.
int rill_gen_return(rill_gen_t *self, rill_value_t word);

#ifdef __cplusplus
}
#endif

#endif
