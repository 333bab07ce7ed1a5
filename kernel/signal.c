// Signals: a flag, and a post that puts those who wait into the ring.
//
// Why no wake-up is lost. A set is "pending = 1, then post". Three things can be under way on the loop's side:
//
//   1. A task is between its look at `pending` (0) and its place in the waiter list. Posts are taken by the loop's own
//      thread only, and it takes none between the two (wait_for_set), so the post is delivered later and finds it.
//   2. The post is refused because it is posted already. The earlier one has not been delivered: `deliver` frees the
//   post
//      (prev = NULL) and reads `pending` after that. The refused set wrote `pending` before it tried the post, so
//      `deliver` sees it. The full fences keep that order between cores too, where each side writes one word and then
//      reads the other's.
//   3. The signal has no loop yet, so nothing is posted. The first wait stores the loop before it reads `pending`, the
//      set writes `pending` before it reads the loop: one of the two sees the other.
//
// `deliver` clears the flag when it wakes those who wait; a set that comes while it does so either is covered by their
// return, which is still to come, or stays for the next wait. A task that was woken and cancelled in the same moment
// did not use the set: it sets the signal again, for whoever waits or comes next. The fences around the flag keep what
// the setter wrote before it visible to the one who takes it.
#include <rill/signal.h>

#include "kernel.h"

#define FENCE() __atomic_thread_fence(__ATOMIC_SEQ_CST)

static rill_node_t *deliver(rill_node_t *post, rill_node_t *position)
{
    rill_signal_t *signal = CONTAINER(post, rill_signal_t, post.node);
    post->next = NULL;
    BARRIER();
    post->prev = NULL; // from here on it may be posted again
    FENCE();
    rill_node_t *first = signal->waiters;
    if (!signal->pending || first == NULL) {
        return position;
    }
    signal->pending = 0;
    FENCE();
    signal->waiters = NULL;
    rill_node_t *node = first;
    do { // bound: number of waiters
        tcb_of_node(node)->wait = NULL;
        node = node->next;
    } while (node != first);
    list_insert_before(position, first);
    return first;
}

static void bind(rill_signal_t *signal, rill_loop_t *loop)
{
    if (signal->post.node.fn == NULL) { // a line's source brings its own callback (kernel/irq.c)
        rill_handle_init(&signal->post, rill_signal_post, signal);
        rill_signal_deliver = deliver;
    }
    BARRIER(); // an ISR that sees the loop posts the handle
    signal->loop = loop;
    FENCE();
}

void rill_signal_init(rill_signal_t *signal, rill_loop_t *loop)
{
    loop = loop != NULL ? loop : rill_current_loop;
    if (signal == NULL) {
        return;
    }
    *signal = (rill_signal_t)RILL_SIGNAL_INIT;
    if (loop != NULL) {
        bind(signal, loop);
    }
}

void rill_signal_set_threadsafe(rill_signal_t *signal)
{
    if (signal == NULL) {
        return;
    }
    FENCE();
    signal->pending = 1;
    FENCE();
    rill_loop_t *loop = *(rill_loop_t *volatile *)&signal->loop;
    if (loop != NULL) {
        post(loop, &signal->post.node);
    }
}

static int take(rill_signal_t *signal)
{
    signal->pending = 0;
    FENCE();
    return RILL_OK;
}

// Anything but a task of the signal's loop: it may take what is pending; the first wait gives the signal its loop.
SLOW int wait_elsewhere(rill_signal_t *signal)
{
    if (signal == NULL) {
        return RILL_EINVAL;
    }
    bool first = signal->loop == NULL && rill_current_loop != NULL;
    if (first) {
        bind(signal, rill_current_loop);
    }
    if (signal->pending) {
        return take(signal);
    }
    return first && rill_task_loop != NULL && !rill_arch_in_isr() ? rill_signal_wait(signal) : RILL_EPERM;
}

// From the last look at `pending` to the task's place in the list no post is taken.
int rill_signal_wait(rill_signal_t *signal)
{
    RILL_DEBUG_CONTEXT("rill_signal_wait");
    static const rill_wait_kind_t kind = WAIT_KIND(rill_cancel_listed, "signal");
    rill_loop_t *loop = rill_task_loop;
    if (UNLIKELY(signal == NULL || loop == NULL || signal->loop != loop || rill_arch_in_isr())) {
        return wait_elsewhere(signal);
    }
    if (UNLIKELY(loop->posts != NULL)) {
        rill_loop_drain(loop);
    }
    if (signal->pending) {
        return take(signal);
    }
    rill_tcb_t *self = tcb_of_node(loop->cur);
    rill_wait_t wait = { &kind, &signal->waiters };
    rill_node_t *next = leave_ring(self);
    list_append(&signal->waiters, &self->node);
    int error = rill_block(loop, self, next, &wait);
    if (UNLIKELY(error != RILL_OK) && rill_canceled_late(error)) {
        rill_signal_set_threadsafe(signal);
    }
    return error;
}

void rill_signal_clear(rill_signal_t *signal)
{
    if (signal != NULL) {
        signal->pending = 0;
    }
}

bool rill_signal_is_set(const rill_signal_t *signal)
{
    return signal != NULL && signal->pending;
}

void rill_signal_close(rill_signal_t *signal)
{
    if (signal == NULL) {
        return;
    }
    signal->pending = 0;
    if (signal->loop != NULL) {
        rill_handle_cancel(signal->loop, &signal->post);
    }
    while (signal->waiters != NULL) { // bound: number of waiters
        end_wait_with(tcb_of_node(signal->waiters), RILL_EPIPE);
        rill_wake_first(&signal->waiters);
    }
}
