// Futures.
//
// The waiters of a pending future are ready nodes in waiting: completion splices the whole list into the FIFO.
#include <rill/gather.h>

#include "kernel.h"

void rill_future_init(rill_future_t *future, rill_loop_t *loop)
{
    *future = (rill_future_t)RILL_FUTURE_INIT;
    future->loop = loop != NULL ? loop : rill_current_loop;
}

void rill_future_complete(rill_future_t *future, rill_state_t state, int error, rill_value_t value)
{
    future_complete(future, state, error, value);
}

int rill_future_finish(void *arg)
{
    rill_future_t *future = arg;
    if (future->state == RILL_PENDING) {
        rill_future_complete(future, RILL_FINISHED, 0, 0);
    }
    return RILL_OK;
}

int rill_future_settle(rill_future_t *future, int error, rill_value_t value)
{
    if (future == NULL) {
        return RILL_EINVAL;
    }
    if ((future->flags & FUTURE_OF_TASK) != 0) {
        return RILL_EPERM;
    }
    if (future->state != RILL_PENDING) {
        return RILL_ESTATE;
    }
    rill_future_complete(future, error == RILL_OK ? RILL_FINISHED : RILL_FAILED, error, value);
    return RILL_OK;
}

int rill_future_set_result(rill_future_t *future, rill_value_t value)
{
    RILL_DEBUG_CONTEXT("rill_future_set_result");
    return rill_future_settle(future, RILL_OK, value);
}

int rill_future_set_error(rill_future_t *future, int error, rill_value_t detail)
{
    RILL_DEBUG_CONTEXT("rill_future_set_error");
    return error >= 0 || error < INT16_MIN ? RILL_EINVAL : rill_future_settle(future, error, detail);
}

rill_state_t rill_future_state(const rill_future_t *future)
{
    return future != NULL ? (rill_state_t)future->state : RILL_CANCELLED;
}

bool rill_future_done(const rill_future_t *future)
{
    return rill_future_state(future) != RILL_PENDING;
}

bool rill_future_cancelled(const rill_future_t *future)
{
    return rill_future_state(future) == RILL_CANCELLED;
}

int rill_future_exception(rill_future_t *future, rill_value_t *detail)
{
    RILL_DEBUG_CONTEXT("rill_future_exception");
    if (future == NULL) {
        return RILL_EINVAL;
    }
    if (future->state == RILL_PENDING) {
        return RILL_ESTATE;
    }
    future->flags |= FUTURE_RETRIEVED;
    if (detail != NULL) {
        *detail = future->state == RILL_FINISHED ? 0 : future->value;
    }
    return future->state == RILL_CANCELLED ? RILL_ECANCELED : future->error;
}

int rill_future_result(rill_future_t *future, rill_value_t *value)
{
    RILL_DEBUG_CONTEXT("rill_future_result");
    int error = rill_future_exception(future, NULL);
    if (error == RILL_OK && value != NULL) {
        *value = future->value;
    }
    return error;
}

// ---- done callbacks

FAST int add_done_callback(rill_future_t *future, rill_handle_t *handle, rill_callback_t fn, void *arg)
{
    if (future == NULL || handle == NULL || fn == NULL) {
        return RILL_EINVAL;
    }
    if (UNLIKELY(future->loop == NULL)) {
        future->loop = rill_current_loop;
        if (future->loop == NULL) {
            return RILL_EPERM;
        }
    }
    if (future->state != RILL_PENDING) {
        return rill_call_soon(future->loop, handle, fn, arg);
    }
    if (handle->node.next != NULL || handle->node.prev != NULL) {
        return RILL_EBUSY;
    }
    handle->node.fn = fn;
    handle->arg = arg;
    list_append(&future->waiters, &handle->node);
    return RILL_OK;
}

int rill_future_add_done_callback(rill_future_t *future, rill_handle_t *handle, rill_callback_t fn, void *arg)
{
    RILL_DEBUG_CONTEXT("rill_future_add_done_callback");
    return add_done_callback(future, handle, fn, arg);
}

int rill_future_remove_done_callback(rill_future_t *future, rill_handle_t *handle)
{
    RILL_DEBUG_CONTEXT("rill_future_remove_done_callback");
    if (future == NULL || handle == NULL) {
        return RILL_EINVAL;
    }
    if (future->state != RILL_PENDING || handle->node.next == NULL) {
        return 0;
    }
    RILL_ASSERT(108, rill_debug_in_circle(future->waiters, &handle->node),
                "rill_future_remove_done_callback: a handle of something else");
    list_remove(&future->waiters, &handle->node);
    handle->node.next = NULL;
    handle->node.prev = NULL;
    return 1;
}

void rill_future_watch(rill_future_t *future, rill_handle_t *handle, rill_callback_t fn, void *arg)
{
    rill_future_pin(future, 1);
    add_done_callback(future, handle, fn, arg);
}

void rill_future_unwatch(rill_future_t *future, rill_handle_t *handle)
{
    if (rill_future_remove_done_callback(future, handle) == 0) {
        rill_handle_cancel(future->loop, handle);
    }
    rill_future_pin(future, -1);
}

// ---- await

static const rill_wait_kind_t await_future = WAIT_KIND(rill_cancel_awaited, "future");
static const rill_wait_kind_t *const await_task = &rill_plain_waits[WAIT_TASK - 1];

_Static_assert(offsetof(rill_future_t, waiters) == 0, "the list is what a plain wait for a task is told to wait for");

rill_tcb_t *rill_awaited_task(const rill_wait_t *wait)
{
    rill_future_t *future = wait->object;
    bool pending = wait->kind == await_task && future->state == RILL_PENDING;
    return pending ? CONTAINER(future, rill_tcb_t, future) : NULL;
}

rill_future_t *rill_awaited(const rill_wait_t *wait)
{
    return wait->kind == await_task || wait->kind == &await_future ? wait->object : NULL;
}

void rill_future_pin(rill_future_t *future, int by)
{
    if ((future->flags & FUTURE_OF_TASK) != 0) {
        rill_tcb_t *tcb = CONTAINER(future, rill_tcb_t, future);
        tcb->pins = (uint16_t)(tcb->pins + by);
        if (tcb->pins == 0 && (future->flags & TASK_REAP) != 0) {
            rill_tcb_reap(tcb);
        }
    }
}

// What cannot be awaited: nothing, outside a task, itself (T5), a future of another loop (T10). The last two are told
// one trip later. A future that has no loop yet gets one and can.
SLOW int may_await(rill_future_t *future)
{
    rill_tcb_t *self = running_task();
    if (future == NULL || self == NULL) {
        return future == NULL ? RILL_EINVAL : RILL_EPERM;
    }
    if (future->loop == NULL) {
        future->loop = rill_task_loop;
    }
    if (future->loop == rill_task_loop && future != &self->future) {
        return RILL_OK;
    }
    int error = rill_yield();
    return error != RILL_OK ? error : RILL_EPERM;
}

FAST int outcome(rill_future_t *future, rill_value_t *value)
{
    int error = future->error;
    if (UNLIKELY(error != RILL_OK)) {
        future->flags |= FUTURE_RETRIEVED;
    } else if (value != NULL) {
        *value = future->value;
    }
    return error;
}

FAST int wait_until_done(rill_loop_t *loop, rill_tcb_t *self, rill_future_t *future, rill_wait_t *wait)
{
    rill_node_t *next = leave_ring(self);
    list_append(&future->waiters, &self->node);
    int error = rill_block(loop, self, next, wait);
    self->wait = NULL; // completion moves its waiters without a look at them
    return error;
}

FAST rill_wait_t *wait_for_task(rill_future_t *future)
{
    return plain_wait(&future->waiters, WAIT_TASK);
}

FAST int await_in(rill_loop_t *loop, rill_tcb_t *self, rill_future_t *future, rill_wait_t *wait, rill_value_t *value)
{
    int error = wait_until_done(loop, self, future, wait);
    return error == RILL_OK ? outcome(future, value) : error;
}

int rill_await(rill_future_t *future, rill_value_t *value)
{
    RILL_DEBUG_CONTEXT("rill_await");
    rill_loop_t *loop = rill_task_loop;
    rill_tcb_t *self = running_task();
    if (future != NULL && self != NULL && future->state != RILL_PENDING) {
        return outcome(future, value);
    }
    if (UNLIKELY(future == NULL || self == NULL || future->loop != loop || future == &self->future)) {
        int error = may_await(future);
        if (error != RILL_OK) {
            return error;
        }
    }
    if ((future->flags & FUTURE_OF_TASK) == 0) { // its memory is its owner's business; tasks are pinned
        rill_wait_t wait = { &await_future, future };
        return await_in(loop, self, future, &wait, value);
    }
    rill_future_pin(future, 1);
    int error = await_in(loop, self, future, wait_for_task(future), value);
    rill_future_pin(future, -1);
    return error;
}

// The end of every join but the plain one.
SLOW int joined(rill_tcb_t *tcb, int error)
{
    tcb->pins--;
    if (tcb->future.state != RILL_PENDING) {
        tcb->future.flags |= FUTURE_RETRIEVED;
        rill_tcb_reap(tcb);
    }
    return error;
}

SLOW int join_unusually(rill_tcb_t *tcb, rill_value_t *value)
{
    tcb->pins++;
    return joined(tcb, rill_await(&tcb->future, value));
}

SLOW int joined_unusually(rill_tcb_t *tcb, int error, rill_value_t *value)
{
    return joined(tcb, error == RILL_OK ? outcome(&tcb->future, value) : error);
}

// One that has ended with a result, and whom nobody else will read.
FAST int reap_result(rill_tcb_t *tcb, rill_value_t *value)
{
    if (value != NULL) {
        *value = tcb->future.value;
    }
    give_back(tcb);
    return RILL_OK;
}

// Plain: this task alone waits for another one of its loop, which ends with a result.
static __attribute__((noinline)) int join_pending(rill_tcb_t *tcb, rill_value_t *value)
{
    rill_loop_t *loop = rill_task_loop;
    rill_future_t *future = &tcb->future;
    if (!SHORTCUT(future->loop == loop && loop->cur != &tcb->node)) {
        return join_unusually(tcb, value);
    }
    tcb->pins++;
    int error = wait_until_done(loop, tcb_of_node(loop->cur), future, wait_for_task(future));
    if (!LIKELY(error == RILL_OK && status_of(future) == status(RILL_FINISHED, FUTURE_OF_TASK, 0) && tcb->pins == 1)) {
        return joined_unusually(tcb, error, value);
    }
    return reap_result(tcb, value);
}

int rill_join(rill_task_t task, rill_value_t *value)
{
    RILL_DEBUG_CONTEXT("rill_join");
    rill_tcb_t *tcb = tcb_of(task);
    if (tcb == NULL) {
        return RILL_ESTALE;
    }
    if (tcb->future.state == RILL_PENDING) {
        return join_pending(tcb, value);
    }
    bool plain = status_of(&tcb->future) == status(RILL_FINISHED, FUTURE_OF_TASK, 0) && tcb->pins == 0;
    return SHORTCUT(plain) ? reap_result(tcb, value) : join_unusually(tcb, value);
}
