// Posts from outside: onto the loop's stack of posts, and from there into the ring.
//
// Linked with those who post only: where posts are taken the references are weak (kernel.h), and nobody comes there
// otherwise.
#include "post.h"

__attribute__((noinline)) // the usual way needs no frame
int rill_post_unusually(rill_loop_t *loop, rill_node_t *node)
{
    if (loop->closed) {
        return RILL_EPERM;
    }
    bool ours = is_task(node) || claim_post(node); // even one that has cancelled itself
    if (ours) {
        push_post(loop, node);
    }
    if (loop->background || (RILL_ARCH_THREADS && rill_preempt != NULL)) { // a thread may be late to see the former
        rill_preempt(loop);
    }
    return ours;
}

int rill_call_soon_threadsafe(rill_loop_t *loop, rill_handle_t *handle)
{
    if (loop == NULL || handle == NULL || handle->node.fn == NULL) {
        return RILL_EINVAL;
    }
    return post(loop, &handle->node);
}

// Tasks that waited for a signal: the first one's node was pushed, and carries the others. Its `next` became the link
// of the stack; `prev` still leads through the circle.
static void deliver_circle(rill_node_t *first, rill_node_t *position)
{
    rill_node_t *node = first;
    rill_node_t *behind;
    do { // bound: number of waiters
        tcb_of_node(node)->wait = NULL;
        behind = node;
        node = node->prev;
    } while (node != first);
    first->next = behind;
    list_insert_before(position, first);
}

void rill_deliver(rill_node_t *posts, rill_node_t *position)
{
    while (posts != NULL) { // bound: posts since the last drain; newest first, each in front of the one before
        rill_node_t *node = posts;
        posts = node->next;
        if (is_task(node)) {
            deliver_circle(node, position);
        } else {
            node_insert_before(position, node);
        }
        position = node;
    }
}

void rill_loop_drain(rill_loop_t *loop)
{
    rill_node_t *posts = rill_arch_swap(&loop->posts, NULL);
    if (posts != NULL && !deliver_one(loop, posts)) {
        rill_deliver(posts, loop->cur);
    }
}

int rill_append_late(rill_loop_t *loop, rill_node_t *node)
{
    rill_loop_drain(loop);
    node_insert_before(loop->cur, node);
    return RILL_OK;
}

// ---- completion of futures

// The cell is free again before its future is completed.
static int complete_posted(void *arg)
{
    rill_completion_t *cell = arg;
    rill_future_t *future = cell->future;
    int error = cell->error;
    rill_value_t value = cell->value;
    FENCE();
    cell->future = NULL;
    if (future->state != RILL_PENDING) {
        return RILL_OK; // F9: cancelled or completed meanwhile
    }
    return rill_future_settle(future, error, value);
}

SLOW int post_unusually(rill_loop_t *loop, rill_completion_t *cell)
{
    int posted = rill_post_unusually(loop, &cell->post.node);
    if (posted < 0) {
        cell->future = NULL;
    }
    return posted;
}

// A cell belongs to the first who writes its future, and its handle with it, so whoever comes between the lines cannot
// change a completion.
ONCE int post_completion(rill_future_t *future, rill_completion_t *cell, int error, rill_value_t value)
{
    rill_loop_t *loop = future != NULL && cell != NULL ? future->loop : NULL;
    if (loop == NULL) {
        return RILL_EINVAL;
    }
    if (!rill_arch_cas((void *volatile *)&cell->future, NULL, future)) {
        return 0;
    }
    cell->post.node.fn = complete_posted;
    cell->post.arg = cell;
    cell->error = error;
    cell->value = value;
    if (is_unusual(loop)) {
        return post_unusually(loop, cell);
    }
    cell->post.node.prev = &cell->post.node;
    push_post(loop, &cell->post.node);
    return 1;
}

int rill_future_set_result_threadsafe(rill_future_t *future, rill_completion_t *cell, rill_value_t value)
{
    return post_completion(future, cell, RILL_OK, value);
}

int rill_future_set_error_threadsafe(rill_future_t *future, rill_completion_t *cell, int error, rill_value_t detail)
{
    return error >= 0 || error < INT16_MIN ? RILL_EINVAL : post_completion(future, cell, error, detail);
}
