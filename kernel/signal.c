// Signals: a word that is set, clear, or leads to those who wait.
//
// A set is one compare-and-swap of that word. If somebody waits, it takes the circle of waiters off the signal and so
// owns it: it pushes it onto the loop's stack of posts, and the loop puts it into the ring (rill_loop_drain). Otherwise
// the word says set. There is no second word that could be late, so no wake-up is lost. The loop's own thread alone
// puts circles into the word, and changes them only while they are in its hands; if it finds that the word was set
// meanwhile it sets the signal again, with the circle in its place.
//
// A task that was woken and cancelled in the same moment did not use the set: it sets the signal again, for whoever
// waits or comes next. What the setter wrote before the set is visible to the one who takes it, on another core too:
// both change the word atomically, with acquire and release.
#include <rill/signal.h>

#include "kernel.h"

void rill_signal_init(rill_signal_t *signal, rill_loop_t *loop)
{
    if (signal != NULL) {
        *signal = (rill_signal_t){ NULL, loop != NULL ? loop : rill_current_loop };
    }
}

static inline bool is_circle(const void *state)
{
    return (uintptr_t)state > (uintptr_t)SIGNAL_SET;
}

FAST void wake(rill_loop_t *loop, rill_node_t *circle)
{
    if (is_unusual(loop)) {
        __asm__("" : "+r"(loop), "+r"(circle)); // so that the usual way need not keep them where they came
        rill_post_unusually(loop, circle);
    } else {
        push_post(loop, circle);
    }
}

void rill_signal_set_threadsafe(rill_signal_t *signal)
{
    bool done = signal == NULL;
    while (!done) { // bound: interrupts that set it, too
        void *state = signal->state;
        if (!is_circle(state)) {
            done = rill_arch_cas(&signal->state, state, SIGNAL_SET);
        } else if (rill_arch_cas(&signal->state, state, NULL)) {
            wake(signal->loop, state);
            done = true;
        }
    }
}

// Takes the circle of those who wait off the signal, and a set with it.
static rill_node_t *take(rill_signal_t *signal, bool *set)
{
    void *state = rill_arch_swap(&signal->state, NULL);
    *set = state == SIGNAL_SET;
    return is_circle(state) ? state : NULL;
}

// Puts a circle in place of "clear", which may be "set" by now.
FAST void put(rill_signal_t *signal, rill_node_t *circle)
{
    if (UNLIKELY(rill_arch_swap(&signal->state, circle) != NULL)) {
        rill_signal_set_threadsafe(signal);
    }
}

SLOW void join(rill_signal_t *signal, rill_node_t *node)
{
    bool set;
    rill_node_t *circle = take(signal, &set);
    list_append(&circle, node);
    put(signal, circle);
    if (set) {
        rill_signal_set_threadsafe(signal);
    }
}

// What is on its way to the ring is there after the drain, or not on the signal any more: then it may have been set
// once more.
static bool cancel(rill_tcb_t *task, rill_wait_t *wait)
{
    rill_signal_t *signal = wait->object;
    bool set = false;
    rill_loop_drain(signal->loop);
    rill_node_t *circle = task->wait != NULL ? take(signal, &set) : NULL;
    if (circle == NULL) {
        if (set) {
            rill_signal_set_threadsafe(signal);
        }
        return false;
    }
    list_remove(&circle, &task->node);
    if (circle != NULL) {
        put(signal, circle);
    }
    end_wait_with(task, RILL_ECANCELED);
    rill_wake(signal->loop, task);
    return true;
}

// The first wait gives the signal its loop.
SLOW int wait_elsewhere(rill_signal_t *signal)
{
    if (signal->loop != NULL || rill_task_loop == NULL || rill_arch_in_isr()) {
        return RILL_EPERM;
    }
    signal->loop = rill_task_loop;
    return rill_signal_wait(signal);
}

// Not set a moment ago.
static __attribute__((noinline)) int wait_for_set(rill_signal_t *signal)
{
    static const rill_wait_kind_t kind = WAIT_KIND(cancel, "signal");
    rill_loop_t *loop = rill_task_loop;
    if (UNLIKELY(loop == NULL || signal->loop != loop)) {
        return wait_elsewhere(signal);
    }
    rill_tcb_t *self = tcb_of_node(loop->cur);
    rill_wait_t wait = { &kind, signal };
    rill_node_t *next = leave_ring(self);
    if (LIKELY(signal->state == NULL)) {
        self->node.next = &self->node;
        self->node.prev = &self->node;
        put(signal, &self->node);
    } else {
        join(signal, &self->node);
    }
    int error = rill_block(loop, self, next, &wait);
    if (UNLIKELY(error != RILL_OK) && rill_canceled_late(error)) {
        rill_signal_set_threadsafe(signal);
    }
    return error;
}

// A set may be taken by anybody.
int rill_signal_wait(rill_signal_t *signal)
{
    RILL_DEBUG_CONTEXT("rill_signal_wait");
    if (signal == NULL) {
        return RILL_EINVAL;
    }
    if (signal->state != SIGNAL_SET) {
        return wait_for_set(signal);
    }
    rill_arch_swap(&signal->state, NULL);
    return RILL_OK;
}

void rill_signal_clear(rill_signal_t *signal)
{
    if (signal != NULL) {
        rill_arch_cas(&signal->state, SIGNAL_SET, NULL);
    }
}

bool rill_signal_is_set(const rill_signal_t *signal)
{
    return signal != NULL && signal->state == SIGNAL_SET;
}

void rill_signal_close(rill_signal_t *signal)
{
    if (signal == NULL) {
        return;
    }
    bool set;
    if (signal->loop != NULL) {
        rill_loop_drain(signal->loop);
    }
    rill_node_t *circle = take(signal, &set);
    while (circle != NULL) { // bound: number of waiters
        end_wait_with(tcb_of_node(circle), RILL_EPIPE);
        rill_wake_first(&circle);
    }
}
