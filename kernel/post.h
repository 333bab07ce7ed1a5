// Private to kernel/: the way from an interrupt to the waiters of an object that has a handle and a loop of its own, as
// rill_signal_t has. Why nothing is lost: kernel/signal.c. The object's side of the bargain: the interrupt first writes
// what it has, then calls rill_post; who waits first calls rill_post_bind, then looks at what was written.
#ifndef POST_H
#define POST_H

#include "kernel.h"

#define FENCE() __atomic_thread_fence(__ATOMIC_SEQ_CST)

// Gives the object the running loop, if it has none yet. RILL_EPERM unless a task of its loop calls.
int rill_post_bind(rill_handle_t *post, rill_loop_t **loop, rill_callback_t deliver, void *object);

// Has deliver(object) run by the object's loop, once for all posts that came before it runs. Without a loop nobody
// waits yet, and nothing is done. Context: any.
void rill_post(rill_handle_t *post, rill_loop_t **loop);

// Takes a post out of the loop again; the object keeps its loop. Context: loop.
void rill_post_withdraw(rill_handle_t *post, rill_loop_t *loop);

#endif
