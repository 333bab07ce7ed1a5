// gather, wait, select and as_completed, on done-callbacks in the caller's array.
#include <rill/gather.h>

#include "kernel.h"

// ---- children

static void register_child(rill_awaitable_t *child, rill_callback_t fn, void *owner)
{
    child->owner = owner;
    child->done = false;
    child->error = 0;
    child->callback.node.next = NULL;
    child->callback.node.prev = NULL;
    child->registered = true;
    rill_future_watch(child->future, &child->callback, fn, child);
}

static void release_children(rill_awaitable_t *children, unsigned n)
{
    for (rill_awaitable_t *child = children; child != children + n; child++) {
        if (child->registered) {
            child->registered = false;
            rill_future_unwatch(child->future, &child->callback);
        }
    }
}

static void read_outcome(rill_awaitable_t *child)
{
    child->done = true;
    child->value = 0;
    child->error = rill_future_result(child->future, &child->value);
}

static bool usable(const rill_awaitable_t *children, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (children == NULL || children[i].future == NULL) {
            return false;
        }
    }
    return true;
}

// ---- gather

static int child_gathered(void *arg)
{
    rill_awaitable_t *child = arg;
    rill_gather_t *gather = child->owner;
    gather->finished++;
    read_outcome(child); // also marks the error as read
    if (gather->outer.future.state != RILL_PENDING) {
        return RILL_OK;
    }
    int error = gather->collect ? RILL_OK : child->error;
    rill_value_t word = child->future->value;
    if (error == RILL_OK) {
        if (gather->finished != gather->n) {
            return RILL_OK;
        }
        error = gather->cancel_requested ? RILL_ECANCELED : RILL_OK;
        word = gather->cancel_requested ? 0 : (rill_value_t)gather->children;
    }
    rill_future_complete(&gather->outer.future, error == RILL_OK ? RILL_FINISHED : RILL_FAILED, error, word);
    return RILL_OK;
}

static bool cancel_gather(rill_future_t *future, rill_value_t message)
{
    rill_gather_t *gather = CONTAINER(future, rill_gather_t, outer.future);
    bool accepted = false;
    for (unsigned i = 0; i < gather->n; i++) {
        accepted |= rill_cancel_any(gather->children[i].future, message);
    }
    gather->cancel_requested |= accepted;
    return accepted;
}

// The one loop the children belong to; those that have none yet will be the running one's.
static bool have_one_loop(const rill_awaitable_t *children, unsigned n, rill_loop_t **loop)
{
    *loop = rill_current_loop;
    for (const rill_awaitable_t *child = children; child != children + n; child++) {
        rill_loop_t *own = child->future->loop != NULL ? child->future->loop : rill_current_loop;
        if (child != children && own != *loop) {
            return false;
        }
        *loop = own;
    }
    return true;
}

int rill_gather_begin(rill_gather_t *gather, rill_awaitable_t *children, unsigned n, unsigned flags)
{
    RILL_DEBUG_CONTEXT("rill_gather_begin");
    rill_loop_t *loop = NULL;
    if (gather == NULL || !usable(children, n) || !have_one_loop(children, n, &loop)) {
        return RILL_EINVAL;
    }
    if (loop == NULL) {
        return RILL_EPERM;
    }
    *gather = (rill_gather_t){ .children = children, .n = n, .collect = (flags & RILL_COLLECT) != 0 };
    rill_future_init(&gather->outer.future, loop);
    gather->outer.future.flags = FUTURE_HOOKED;
    gather->outer.cancel = cancel_gather;
    for (rill_awaitable_t *child = children; child != children + n; child++) {
        child->owner = gather;
        child->registered = false;
        if (child->future->state == RILL_PENDING) {
            register_child(child, child_gathered, gather);
        }
    }
    for (rill_awaitable_t *child = children; child != children + n; child++) {
        if (!child->registered) {
            child_gathered(child); // those that are done count at once, after the others were registered (G8)
        }
    }
    return n == 0 ? rill_future_finish(gather) : RILL_OK;
}

void rill_gather_end(rill_gather_t *gather)
{
    if (gather == NULL) {
        return;
    }
    for (rill_awaitable_t *child = gather->children; child != gather->children + gather->n; child++) {
        if (child->registered && !child->done) { // G3: a later error of this child counts as read
            child->future->flags |= FUTURE_RETRIEVED;
        }
    }
    release_children(gather->children, gather->n);
}

int rill_gather(rill_awaitable_t *children, unsigned n, unsigned flags)
{
    RILL_DEBUG_CONTEXT("rill_gather");
    rill_gather_t gather;
    if (running_task() == NULL) {
        return RILL_EPERM;
    }
    int error = rill_gather_begin(&gather, children, n, flags);
    if (error == RILL_OK) {
        error = rill_await(&gather.outer.future, NULL);
        rill_gather_end(&gather);
    }
    return error;
}

// ---- wait

struct wait_op {
    struct rill_for_many waiter;
    rill_timer_t timer;
    unsigned counter;
    rill_wait_mode_t mode;
};

static int child_waited(void *arg)
{
    rill_awaitable_t *child = arg;
    struct wait_op *op = child->owner;
    op->counter--;
    bool failed = child->future->state == RILL_FAILED;
    if (op->counter == 0 || op->mode == RILL_FIRST_COMPLETED || (op->mode == RILL_FIRST_EXCEPTION && failed)) {
        rill_timer_cancel(op->waiter.outer.loop, &op->timer);
        return rill_future_finish(&op->waiter.outer);
    }
    return RILL_OK;
}

// asyncio.wait looks at exception() of each child only to decide; it does not mark errors as read.
static int count_done(rill_awaitable_t *children, unsigned n)
{
    int done = 0;
    for (rill_awaitable_t *child = children; child != children + n; child++) {
        child->done = child->future->state != RILL_PENDING;
        done += child->done;
    }
    return done;
}

// Waits; the children stay pinned until release_children, so that a detached one can still be read.
static int wait_for_children(rill_awaitable_t *children, unsigned n, rill_wait_mode_t mode, rill_time_t timeout)
{
    rill_loop_t *loop = rill_current_loop;
    struct wait_op op = { { RILL_FUTURE_INIT, children, n }, RILL_TIMER_INIT, n, mode };
    if (timeout != RILL_NEVER) {
        rill_call_later(loop, &op.timer, timeout, rill_future_finish, &op.waiter.outer);
    }
    op.waiter.outer.loop = loop;
    op.waiter.outer.flags = FUTURE_OF_WAIT;
    for (rill_awaitable_t *child = children; child != children + n; child++) {
        register_child(child, child_waited, &op);
    }
    int error = rill_await(&op.waiter.outer, NULL);
    rill_timer_cancel(loop, &op.timer);
    return error;
}

int rill_wait(rill_awaitable_t *children, unsigned n, rill_wait_mode_t mode, rill_time_t timeout)
{
    RILL_DEBUG_CONTEXT("rill_wait");
    if (n == 0 || (unsigned)mode > RILL_FIRST_EXCEPTION || !usable(children, n)) {
        return RILL_EINVAL;
    }
    if (running_task() == NULL) {
        return RILL_EPERM;
    }
    int error = wait_for_children(children, n, mode, timeout);
    int done = count_done(children, n);
    release_children(children, n);
    return error != RILL_OK ? error : done;
}

// ---- select

static int ready_branch(rill_awaitable_t *children, unsigned n, unsigned *turn)
{
    unsigned first = *turn % n;
    for (unsigned k = 0; k < n; k++) {
        unsigned i = k < n - first ? first + k : k - (n - first);
        if (rill_future_done(children[i].future)) {
            *turn = i + 1 < n ? i + 1 : 0;
            read_outcome(&children[i]);
            return (int)i;
        }
    }
    return RILL_ETIMEDOUT;
}

int rill_select(rill_awaitable_t *children, unsigned n, unsigned *turn, rill_time_t timeout)
{
    RILL_DEBUG_CONTEXT("rill_select");
    if (turn == NULL || n == 0 || !usable(children, n)) {
        return RILL_EINVAL;
    }
    if (running_task() == NULL) {
        return RILL_EPERM;
    }
    int branch = ready_branch(children, n, turn);
    if (branch != RILL_ETIMEDOUT) {
        return branch;
    }
    int error = wait_for_children(children, n, RILL_FIRST_COMPLETED, timeout);
    branch = error != RILL_OK ? error : ready_branch(children, n, turn);
    release_children(children, n);
    return branch;
}

// ---- as_completed

// Called when a completion, or the time-out in its place, can be handed out.
static int child_completed(void *arg)
{
    rill_awaitable_t *child = arg;
    rill_as_completed_t *it = child->owner;
    if (it->todo == 0) {
        return RILL_OK; // the time-out was here first
    }
    it->todo--;
    child->next = NULL;
    *(it->first == NULL ? &it->first : &it->last->next) = child;
    it->last = child;
    rill_wake_first(&it->getters);
    if (it->todo == 0) {
        rill_timer_cancel(child->future->loop, &it->timer);
    }
    return RILL_OK;
}

static int time_is_up(void *arg)
{
    rill_as_completed_t *it = arg;
    for (; it->todo > 0; it->todo--) { // bound: children
        it->expired++;
        rill_wake_first(&it->getters);
    }
    return RILL_OK;
}

static bool seen_before(const rill_awaitable_t *children, unsigned i)
{
    for (unsigned k = 0; k < i; k++) {
        if (children[k].future == children[i].future) {
            return true;
        }
    }
    return false;
}

int rill_as_completed_begin(rill_as_completed_t *it, rill_awaitable_t *children, unsigned n, rill_time_t timeout)
{
    RILL_DEBUG_CONTEXT("rill_as_completed_begin");
    if (it == NULL || !usable(children, n)) {
        return RILL_EINVAL;
    }
    if (rill_current_loop == NULL) {
        return RILL_EPERM;
    }
    *it = (rill_as_completed_t){ .children = children, .n = n };
    for (unsigned i = 0; i < n; i++) {
        children[i].registered = false;
        if (!seen_before(children, i)) {
            it->todo++;
            register_child(&children[i], child_completed, it);
        }
    }
    it->left = it->todo;
    if (it->todo > 0 && timeout != RILL_NEVER) {
        rill_call_later(rill_current_loop, &it->timer, timeout, time_is_up, it);
    }
    return RILL_OK;
}

static bool nothing_yet(const rill_as_completed_t *it)
{
    return it->first == NULL && it->expired == 0;
}

static int hand_out(rill_as_completed_t *it, rill_awaitable_t **child)
{
    if (it->first == NULL) {
        it->expired--;
        return RILL_ETIMEDOUT;
    }
    *child = it->first;
    it->first = it->first->next;
    read_outcome(*child);
    return RILL_OK;
}

const rill_wait_kind_t rill_wait_as_completed = WAIT_KIND(rill_cancel_listed, "as_completed");

int rill_as_completed_next(rill_as_completed_t *it, rill_awaitable_t **child)
{
    RILL_DEBUG_CONTEXT("rill_as_completed_next");
    if (it == NULL || child == NULL) {
        return RILL_EINVAL;
    }
    if (it->left == 0) {
        return RILL_ENODATA;
    }
    if (nothing_yet(it) && running_task() == NULL) {
        return RILL_EPERM;
    }
    it->left--;
    while (nothing_yet(it)) { // bound: times somebody else takes it
        int error = rill_wait_in(&it->getters, &rill_wait_as_completed);
        if (rill_canceled_late(error) && !nothing_yet(it)) {
            rill_wake_first(&it->getters);
        }
        if (error != RILL_OK) {
            return error;
        }
    }
    return hand_out(it, child);
}

void rill_as_completed_end(rill_as_completed_t *it)
{
    if (it != NULL && it->n > 0) {
        rill_timer_cancel(it->children->future->loop, &it->timer); // which may not run any more
        release_children(it->children, it->n);
    }
}
