// Greenlets: coroutines that name whom they switch to. No loop, no scheduler: only the switch, on the caller's stacks.
//
//     static int ping(rill_greenlet_t *self, rill_value_t first)
//     {
//         rill_value_t answer;
//         rill_greenlet_switch(self, other, first + 1, &answer);   // continues `other`, comes back when somebody
//         return 0;                                                // switches here; the end continues the parent
//     }
//
// Whoever switches says who it is: `self`, which a body gets as its first argument. That is all the state there is, so
// greenlets work outside a loop, in callbacks, and in any number of tasks at once. The code that starts the first one
// makes itself a greenlet by rill_greenlet_main.
//
// In a task, a greenlet runs as a part of that task: it may wait (rill_sleep_ms, rill_await, ...), which suspends the
// whole task, and it gets the task's cancellation. A greenlet belongs to the task that last ran it while it waits: no
// other task may switch to it then. errno does not survive a switch.
//
// Unless a function says otherwise: O(1). No object may be NULL, except to rill_greenlet_init.
#ifndef RILL_GREENLET_H
#define RILL_GREENLET_H

#include <rill/assert.h>
#include <rill/task.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rill_greenlet rill_greenlet_t;

// A greenlet's body. `value` is what the first switch passed. Returns as a task's body does: >= 0 goes to the parent as
// the value, a negative code is thrown at the parent.
typedef int (*rill_greenlet_fn_t)(rill_greenlet_t *self, rill_value_t value);

typedef enum rill_greenlet_state {
    RILL_GREENLET_NEW = 0,
    RILL_GREENLET_ALIVE,
    RILL_GREENLET_DEAD,
} rill_greenlet_state_t;

// A greenlet: 24 bytes on 32-bit machines. Private.
struct rill_greenlet {
    rill_value_t value; // passed by the last switch to it
    rill_greenlet_t *parent;
    rill_greenlet_fn_t fn;
    rill_context_t context; // behind three words, so that its thread has the greenlet's address
    uint8_t state;
    uint8_t has_word; // `value` is the result
};

// Defines a stack that greenlets and generators accept: RILL_COROUTINE_STACK(stack, 512); ... stack, sizeof stack. The
// bytes wanted do not include those of the guard at its low end. 256 do for a body that calls little.
#define RILL_COROUTINE_STACK(name, bytes)                                                                              \
    static unsigned char name[RILL_STACK_ROUND(bytes)] __attribute__((aligned(RILL_STACK_ALIGN)))

// Makes the calling code a greenlet, so that it can switch: outside a loop, in a callback or in a task. It never dies
// and has no parent. Keep it as long as greenlets have it for a parent, and use it only here. greenlet: the main
// greenlet, getcurrent(). Context: thread, not an ISR. O(1), does not suspend.
void rill_greenlet_main(rill_greenlet_t *self);

// Prepares a greenlet that runs fn when somebody first switches to it, on `stack` (aligned to RILL_STACK_ALIGN, at
// least RILL_STACK_MIN bytes; RILL_COROUTINE_STACK makes one). When fn returns, `parent` continues. Returns 0;
// RILL_EINVAL for NULL arguments or an unsuitable stack. greenlet: greenlet(fn, parent). Context: thread. O(1) (linear
// in the stack with RILL_STATS, which paints it).
int rill_greenlet_init(rill_greenlet_t *greenlet, rill_greenlet_fn_t fn, rill_greenlet_t *parent, void *stack,
                       size_t size);

// The word a body returns that is no int: return rill_greenlet_return(self, pointer). Returns 0. Context: the body.
int rill_greenlet_return(rill_greenlet_t *self, rill_value_t word);

// Gives a greenlet another parent. Returns 0; RILL_EINVAL if it would be its own ancestor or is a main one. greenlet:
// the attribute `parent`. Context: thread. Linear in the number of ancestors.
int rill_greenlet_set_parent(rill_greenlet_t *greenlet, rill_greenlet_t *parent);

// New, alive or dead. A main one is alive. greenlet: bool(g), g.dead. Context: any.
static inline rill_greenlet_state_t rill_greenlet_state(const rill_greenlet_t *greenlet)
{
    return (rill_greenlet_state_t)greenlet->state;
}

// The architecture's switch (arch/arch.h), and the same with what a stack limit needs. Private.
int rill_arch_switch(int told, struct rill_node *from, struct rill_node *to);
int rill_greenlet_transfer(rill_greenlet_t *self, rill_greenlet_t *to, int error);

// Where nothing watches the stack's end, the switch goes into its caller. Private.
#if RILL_STACK_GUARD || RILL_DEBUG || defined(__SANITIZE_ADDRESS__) || (defined(__ARM_ARCH) && __ARM_ARCH >= 8)
#define RILL_GREENLET_INLINE 0
#else
#define RILL_GREENLET_INLINE 1
#endif

// Private: switches, `value` being in place; returns when somebody switches back, with the error thrown then.
static inline int rill_greenlet_go(rill_greenlet_t *self, rill_greenlet_t *to, int error, rill_value_t *value)
{
#if RILL_GREENLET_INLINE
    error = rill_arch_switch(error, RILL_THREAD(&self->context), RILL_THREAD(&to->context));
#else
    error = rill_greenlet_transfer(self, to, error);
#endif
    if (value != NULL) {
        *value = self->value;
    }
    return error;
}

// Continues `to` (a new one begins), passing it a word; returns when somebody switches to `self`, with the word passed
// then in *result (may be NULL). Returns 0, or the error thrown at `self`. A dead greenlet passes the word on to its
// parent. `self` must be the greenlet that calls. greenlet: to.switch(value). Context: that greenlet; in a task it does
// not let other tasks run. O(1).
static inline int rill_greenlet_switch(rill_greenlet_t *self, rill_greenlet_t *to, rill_value_t value,
                                       rill_value_t *result)
{
    to->value = value;
    return rill_greenlet_go(self, to, 0, result);
}

// The same, but in `to` the switch it is suspended in returns `error` (negative). A new one ends without having run, a
// dead one passes the error on to its parent. A body that passes the error on, as it should, ends by it: its parent's
// switch returns it, RILL_ECANCELED too. RILL_EINVAL, without a switch, if `error` is not negative. greenlet: to.throw.
// Context: that greenlet.
static inline int rill_greenlet_throw(rill_greenlet_t *self, rill_greenlet_t *to, int error, rill_value_t *result)
{
    if (error >= 0) {
        return RILL_EINVAL;
    }
    to->value = 0;
    return rill_greenlet_go(self, to, error, result);
}

#ifdef __cplusplus
}
#endif

#endif
