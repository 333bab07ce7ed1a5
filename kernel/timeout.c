// timeout, wait_for, shield.
#include <rill/gather.h>
#include <rill/timeout.h>

#include "kernel.h"

// ---- timeout

static int on_timeout(void *arg)
{
    rill_timeout_t *timeout = arg;
    rill_cancel_any(&timeout->task->future, 0);
    timeout->state = RILL_TIMEOUT_EXPIRING;
    return RILL_OK;
}

int rill_timeout_reschedule(rill_timeout_t *timeout, rill_time_t when)
{
    RILL_DEBUG_CONTEXT("rill_timeout_reschedule");
    if (timeout == NULL) {
        return RILL_EINVAL;
    }
    if (timeout->state != RILL_TIMEOUT_ENTERED) {
        return RILL_EPERM;
    }
    rill_loop_t *loop = timeout->task->future.loop;
    rill_timer_cancel(loop, &timeout->timer);
    timeout->when = when;
    if (when == RILL_NEVER) {
        return RILL_OK;
    }
    if (when <= rill_clock_now()) { // TO5
        return rill_call_soon(loop, &timeout->timer.handle, on_timeout, timeout);
    }
    return rill_call_at(loop, &timeout->timer, when, on_timeout, timeout);
}

int rill_timeout_begin_at(rill_timeout_t *timeout, rill_time_t when)
{
    RILL_DEBUG_CONTEXT("rill_timeout_begin_at");
    int error = refuse_object(timeout);
    if (error != RILL_OK) {
        return error;
    }
    if (timeout->state != RILL_TIMEOUT_CREATED) {
        return RILL_EPERM;
    }
    rill_tcb_t *self = running_task();
    timeout->timer = (rill_timer_t)RILL_TIMER_INIT;
    timeout->task = self;
    timeout->state = RILL_TIMEOUT_ENTERED;
    timeout->cancelling = self->cancelling;
    return rill_timeout_reschedule(timeout, when);
}

int rill_timeout_begin(rill_timeout_t *timeout, rill_time_t us)
{
    RILL_DEBUG_CONTEXT("rill_timeout_begin");
    return rill_timeout_begin_at(timeout, time_after(rill_clock_now(), us));
}

int rill_timeout_end(rill_timeout_t *timeout, int code)
{
    RILL_DEBUG_CONTEXT("rill_timeout_end");
    if (timeout == NULL || timeout->state == RILL_TIMEOUT_CREATED) {
        return code;
    }
    rill_tcb_t *task = timeout->task;
    rill_timer_cancel(task->future.loop, &timeout->timer);
    if (timeout->state == RILL_TIMEOUT_EXPIRING) {
        timeout->state = RILL_TIMEOUT_EXPIRED;
        int left = rill_uncancel(task);
        return left <= timeout->cancelling && code == RILL_ECANCELED ? RILL_ETIMEDOUT : code;
    }
    if (timeout->state == RILL_TIMEOUT_ENTERED) {
        timeout->state = RILL_TIMEOUT_EXITED;
    }
    return code;
}

rill_time_t rill_timeout_when(const rill_timeout_t *timeout)
{
    return timeout != NULL ? timeout->when : RILL_NEVER;
}

bool rill_timeout_expired(const rill_timeout_t *timeout)
{
    return timeout != NULL && (timeout->state == RILL_TIMEOUT_EXPIRING || timeout->state == RILL_TIMEOUT_EXPIRED);
}

// ---- wait_for

// Cancels a future and waits until it has ended, without being a waiter of it: its own cancellation does not reach us.
__attribute__((noinline)) static int end_now(rill_future_t *future, rill_value_t *value)
{
    if (future->state != RILL_PENDING) {
        return rill_future_result(future, value);
    }
    rill_awaitable_t end = { .future = future };
    rill_future_pin(future, 1);
    rill_cancel_any(future, 0);
    int error = rill_wait(&end, 1, RILL_ALL_COMPLETED, RILL_NEVER);
    if (error >= 0) {
        error = rill_future_result(future, value);
        error = error == RILL_ECANCELED ? RILL_ETIMEDOUT : error;
    }
    rill_future_pin(future, -1);
    return error;
}

int rill_wait_for(rill_future_t *future, rill_time_t us, rill_value_t *value)
{
    RILL_DEBUG_CONTEXT("rill_wait_for");
    int error = refuse_object(future);
    if (error != RILL_OK) {
        return error;
    }
    if (us == 0) {
        return end_now(future, value);
    }
    rill_timeout_t limit = { 0 };
    error = rill_timeout_begin(&limit, us);
    return error != RILL_OK ? error : rill_timeout_end(&limit, rill_await(future, value));
}

// ---- shield

static int inner_done(void *arg)
{
    rill_shield_t *shield = arg;
    const rill_future_t *inner = shield->inner;
    shield->inner->flags |= FUTURE_RETRIEVED; // also if the outer one was cancelled in this very iteration
    if (shield->outer.state == RILL_PENDING) {
        rill_future_complete(&shield->outer, (rill_state_t)inner->state, inner->error, inner->value);
    }
    return RILL_OK;
}

static int outer_done(void *arg)
{
    rill_shield_t *shield = arg;
    rill_future_remove_done_callback(shield->inner, &shield->inner_done);
    return RILL_OK;
}

rill_future_t *rill_shield_begin(rill_shield_t *shield, rill_future_t *inner)
{
    if (shield == NULL || inner == NULL || (inner->loop == NULL && rill_current_loop == NULL)) {
        return NULL;
    }
    *shield = (rill_shield_t){ .inner = inner };
    rill_future_init(&shield->outer, inner->loop);
    shield->outer.flags = FUTURE_OF_SHIELD;
    if (inner->state != RILL_PENDING) {
        rill_future_pin(inner, 1);
        return inner;
    }
    rill_future_watch(inner, &shield->inner_done, inner_done, shield);
    rill_future_add_done_callback(&shield->outer, &shield->outer_done, outer_done, shield);
    return &shield->outer;
}

void rill_shield_end(rill_shield_t *shield)
{
    if (shield != NULL && shield->inner != NULL) {
        rill_future_remove_done_callback(&shield->outer, &shield->outer_done);
        rill_handle_cancel(shield->outer.loop, &shield->outer_done);
        if (shield->inner->state != RILL_PENDING && rill_handle_scheduled(&shield->inner_done)) {
            inner_done(shield); // asyncio's callback runs later
        }
        rill_future_unwatch(shield->inner, &shield->inner_done);
        shield->inner = NULL;
    }
}

int rill_shield(rill_future_t *future, rill_value_t *value)
{
    RILL_DEBUG_CONTEXT("rill_shield");
    int error = refuse_object(future);
    if (error != RILL_OK) {
        return error;
    }
    rill_shield_t shield;
    shield.inner = NULL;
    error = rill_await(rill_shield_begin(&shield, future), value);
    rill_shield_end(&shield);
    return error;
}
