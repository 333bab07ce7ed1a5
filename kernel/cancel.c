// Cancellation: the requests, what the waits of the kernel do then, and a task that cancels itself.
//
// Linked with those who make requests only: what waits refer to is weak (kernel.h), and nobody comes there otherwise.
#include "kernel.h"

// ---- requests

// Passes from a task to the task it awaits, innermost first to be hit (C3). A chain of awaits that bites its own tail
// would never end; it cannot be longer than the number of tasks made.
static bool cancel_tcb(rill_tcb_t *tcb, rill_value_t message)
{
    for (uint32_t depth = 0;; depth++) { // bound: rill_last_task_id
        if (tcb->future.state != RILL_PENDING) {
            tcb->future.flags |= FUTURE_RETRIEVED;
            return false;
        }
        tcb->cancelling = (uint8_t)(tcb->cancelling + (tcb->cancelling != UINT8_MAX));
        tcb->future.value = message;
        rill_wait_t room;
        rill_wait_t *wait = wait_of(tcb, &room);
        rill_tcb_t *inner = wait != NULL ? rill_awaited_task(wait) : NULL;
        if (inner == NULL || depth == rill_last_task_id) {
            if (wait == NULL || inner != NULL || !wait->kind->cancel(tcb, wait)) {
                set_told(tcb, tcb->future.error | MUST_CANCEL);
            }
            return true;
        }
        tcb = inner;
    }
}

bool rill_cancel_any(rill_future_t *future, rill_value_t message)
{
    if ((future->flags & FUTURE_OF_TASK) != 0) {
        return cancel_tcb(CONTAINER(future, rill_tcb_t, future), message);
    }
    if (future->state != RILL_PENDING) {
        return false;
    }
    if ((future->flags & FUTURE_HOOKED) != 0) {
        return CONTAINER(future, rill_hooked_future_t, future)->cancel(future, message);
    }
    rill_future_complete(future, RILL_CANCELLED, RILL_ECANCELED, message);
    return true;
}

int rill_task_cancel(rill_task_t task)
{
    RILL_DEBUG_CONTEXT("rill_task_cancel");
    return rill_task_cancel_msg(task, 0);
}

int rill_task_cancel_msg(rill_task_t task, rill_value_t message)
{
    RILL_DEBUG_CONTEXT("rill_task_cancel_msg");
    rill_tcb_t *tcb = tcb_of(task);
    return tcb != NULL ? cancel_tcb(tcb, message) : RILL_ESTALE;
}

int rill_task_cancelling(rill_task_t task)
{
    rill_tcb_t *tcb = tcb_of(task);
    return tcb != NULL ? tcb->cancelling : RILL_ESTALE;
}

int rill_uncancel(rill_tcb_t *tcb)
{
    if (tcb->cancelling > 0) {
        tcb->cancelling--;
        if (tcb->cancelling == 0 && tcb->future.state == RILL_PENDING) {
            set_told(tcb, tcb->future.error & ~MUST_CANCEL); // CPython 3.13
        }
    }
    return tcb->cancelling;
}

int rill_task_uncancel(rill_task_t task)
{
    RILL_DEBUG_CONTEXT("rill_task_uncancel");
    rill_tcb_t *tcb = tcb_of(task);
    return tcb != NULL ? rill_uncancel(tcb) : RILL_ESTALE;
}

int rill_future_cancel(rill_future_t *future)
{
    RILL_DEBUG_CONTEXT("rill_future_cancel");
    return rill_future_cancel_msg(future, 0);
}

int rill_future_cancel_msg(rill_future_t *future, rill_value_t message)
{
    RILL_DEBUG_CONTEXT("rill_future_cancel_msg");
    return future != NULL && rill_cancel_any(future, message);
}

// ---- what waits do

// Cancelling a task that awaits a future cancels the future, now; its completion wakes the task (C2). A future that is
// done has put the task in the FIFO already.
bool rill_cancel_awaited(rill_tcb_t *task, rill_wait_t *wait)
{
    rill_future_t *future = wait->object;
    return future->state == RILL_PENDING && rill_cancel_any(future, task->future.value);
}

bool rill_cancel_listed(rill_tcb_t *task, rill_wait_t *wait)
{
    list_remove(wait->object, &task->node);
    end_wait_with(task, RILL_ECANCELED);
    rill_wake(task->future.loop, task);
    return true;
}

bool rill_cancel_sleep(rill_tcb_t *task, rill_wait_t *wait)
{
    rill_loop_t *loop = task->future.loop;
    rill_timer_cancel(loop, wait->object);
    end_wait_with(task, RILL_ECANCELED);
    rill_wake(loop, task);
    return true;
}

// C8: a task that has cancelled itself takes it at its first real suspension.
int rill_block_canceled(rill_loop_t *loop, rill_tcb_t *self, rill_node_t *next)
{
    rill_wait_t room;
    rill_wait_t *wait = wait_of(self, &room);
    loop->cur = next;
    set_told(self, 0);
    if (!wait->kind->cancel(self, wait)) {
        set_told(self, MUST_CANCEL);
    }
    return switch_away(loop, self, loop->cur); // not `next`, which may have been the timer of a cancelled sleep
}
