// Signals: a flag and a posted callback that looks at it.
//
// Why no wake-up is lost. A set is "pending = 1, then post". Three things can be under way on the loop's side:
//
//   1. A task is between its look at `pending` (0) and its place in the waiter list. Posts are run by the loop's own
//      thread only, which is busy with that task until it has blocked, so `deliver` runs later and finds it listed.
//   2. The post is refused because the handle is posted already. The earlier post has not begun to run: the loop frees
//      the handle (prev = NULL) before it calls `deliver`, and `deliver` reads `pending` after that. The refused set
//      wrote `pending` before it tried the handle, so `deliver` sees it. The full fences keep that order between cores
//      too, where each side writes one word and then reads the other's.
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

static int deliver(void *arg)
{
    rill_signal_t *signal = arg;
    FENCE();
    if (signal->pending && signal->waiters != NULL) {
        signal->pending = 0;
        FENCE();
        rill_wake_all(&signal->waiters);
    }
    return RILL_OK;
}

static void bind(rill_signal_t *signal, rill_loop_t *loop)
{
    if (signal->post.node.fn == NULL) { // a line's source brings its own callback (kernel/irq.c)
        rill_handle_init(&signal->post, deliver, signal);
    }
    BARRIER(); // an ISR that sees the loop posts the handle
    signal->loop = loop;
    FENCE();
}

void rill_signal_init(rill_signal_t *signal, rill_loop_t *loop)
{
    loop = loop != NULL ? loop : rill_current_loop;
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
        rill_call_soon_threadsafe(loop, &signal->post);
    }
}

static int wait_for_set(rill_signal_t *signal)
{
    static const rill_wait_kind_t kind = { rill_cancel_listed, "signal" };
    if (rill_current_loop == NULL || rill_current_loop != signal->loop || rill_arch_in_isr()) {
        return RILL_EPERM;
    }
    int error = rill_wait_in(&signal->waiters, &kind);
    if (error == RILL_WOKEN_CANCELED) {
        rill_signal_set_threadsafe(signal);
        error = RILL_ECANCELED;
    }
    return error;
}

int rill_signal_wait(rill_signal_t *signal)
{
    RILL_DEBUG_CONTEXT("rill_signal_wait");
    if (signal == NULL) {
        return RILL_EINVAL;
    }
    if (UNLIKELY(signal->loop == NULL) && rill_current_loop != NULL) {
        bind(signal, rill_current_loop);
    }
    if (signal->pending) {
        signal->pending = 0;
        FENCE();
        return RILL_OK;
    }
    return wait_for_set(signal);
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
        tcb_of_node(signal->waiters)->wait->error = RILL_EPIPE;
        rill_wake_first(&signal->waiters);
    }
}
