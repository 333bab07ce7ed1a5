// The event loop.
//
// run_ready, on the loop's own stack, is the whole scheduler. It loops, doing:
//   1. `cur` is a task: switch to it. Tasks switch to each other directly and come back here only when the next node
//      is no task.
//   2. `cur` is a callback: take it out of the ring and call it.
//   3. `cur` is the marker, so an iteration is over: return if the loop was stopped; take interrupt posts, make due
//      timers ready; if nothing is ready then, sleep until an interrupt or the next deadline.
#include <rill/board.h>
#include <rill/executor.h>
#include <rill/signal.h>

#pragma weak rill_told // told.c is linked with those who tell tasks something
#include "kernel.h"

rill_loop_t *rill_current_loop;
rill_loop_t *rill_task_loop;
rill_loop_t *rill_spawn_loop;
RILL_ARCH_PER_THREAD struct rill_job *rill_current_job;

static int marker_fn(void *arg)
{
    (void)arg;
    return 0;
}

// Of a loop that is all zero.
static void set_up(rill_loop_t *loop)
{
    rill_last_task_id |= 1u;
    loop->marker = (rill_node_t){ &loop->marker, &loop->marker, marker_fn };
    loop->cur = &loop->marker;
    loop->tasks = (rill_link_t){ &loop->tasks, &loop->tasks };
    DEBUG_ONLY(loop->debug = 1);
    DEBUG_ONLY(loop->slow = RILL_MS(100));
    rill_wheel_init(&loop->wheel);
}

int rill_loop_init(rill_loop_t *loop)
{
    if (loop == NULL) {
        return RILL_EINVAL;
    }
    if (loop == rill_current_loop) {
        return RILL_EPERM;
    }
    *loop = (rill_loop_t){ 0 };
    set_up(loop);
    return RILL_OK;
}

rill_loop_t *rill_loop_default(void)
{
    static rill_loop_t main_loop;
    if (main_loop.cur == NULL) {
        set_up(&main_loop);
    }
    return &main_loop;
}

rill_loop_t *rill_loop_running(void)
{
    return rill_current_loop;
}

rill_time_t rill_loop_time(void)
{
    return rill_clock_now();
}

// A loop that does not run looks at its timers when it begins to.
void rill_clock_expired(void)
{
    rill_loop_t *loop = rill_current_loop;
    if (UNLIKELY(loop == NULL)) {
        return;
    }
    loop->alarm = 1;
    if (UNLIKELY(loop->background)) {
        rill_preempt(loop);
    }
}

// ---- callbacks

void rill_handle_init(rill_handle_t *handle, rill_callback_t fn, void *arg)
{
    *handle = (rill_handle_t)RILL_HANDLE_INIT(fn, arg);
}

int rill_call_soon(rill_loop_t *loop, rill_handle_t *handle, rill_callback_t fn, void *arg)
{
    RILL_DEBUG_CONTEXT("rill_call_soon");
    if (loop == NULL || handle == NULL || fn == NULL) {
        return RILL_EINVAL;
    }
    if (loop->closed) {
        return RILL_EPERM;
    }
    if (handle->node.next != NULL || handle->node.prev != NULL) {
        return RILL_EBUSY;
    }
    handle->node.fn = fn;
    handle->arg = arg;
    ready_append(loop, &handle->node);
    return RILL_OK;
}

int rill_handle_cancel(rill_loop_t *loop, rill_handle_t *handle)
{
    RILL_DEBUG_CONTEXT("rill_handle_cancel");
    if (loop == NULL || handle == NULL) {
        return RILL_EINVAL;
    }
    rill_node_t *node = &handle->node;
    if (node->prev == node && loop->posts != NULL) {
        rill_loop_drain(loop); // posted: give it its place first
    }
    if (node->prev == NULL) {
        return 0;
    }
    if (loop->cur == node) {
        loop->cur = node->next;
    }
    node_unlink(node);
    node->next = NULL;
    node->prev = NULL;
    return 1;
}

__attribute__((weak)) void rill_log(const char *text)
{
#if RILL_DEBUG
    while (*text != '\0') { // bound: the text
        rill_board_putc(*text++);
    }
    rill_board_putc('\n');
#else
    (void)text;
#endif
}

static void run_callback(rill_loop_t *loop, rill_node_t *node)
{
    rill_handle_t *handle = CONTAINER(node, rill_handle_t, node);
    rill_callback_t fn = node->fn;
    void *arg = handle->arg;
    loop->cur = node->next;
    node_unlink(node);
    node->next = NULL;
    BARRIER();
    node->prev = NULL; // from here on it may be posted again, even by an interrupt
    DEBUG_ONLY(rill_time_t began = rill_clock_now());
    int error = fn(arg);
    DEBUG_ONLY(rill_debug_callback(loop, fn, began));
    if (UNLIKELY(error < 0)) {
        if (has_handler(loop)) {
            rill_handle_callback(loop, error, handle);
        } else {
            rill_log("exception in callback");
        }
    }
}

// ---- running

// What a virtual clock does otherwise: it lets its interrupts come.
__attribute__((weak)) rill_time_t rill_clock_poll(void)
{
    return rill_clock_now();
}

static bool nothing_ready(const rill_loop_t *loop)
{
    return loop->marker.next == &loop->marker;
}

// And this one jumps.
__attribute__((weak)) bool rill_clock_idle(rill_time_t deadline)
{
    (void)deadline;
    rill_arch_wait();
    return true;
}

// Interrupt posts first, then timers (L6): what is due becomes ready, and the alarm is set to the next deadline. Before
// a sleep that must be the deadline of a timer that has not been cancelled.
static void poll(rill_loop_t *loop)
{
    bool look = loop->attention != 0;
    rill_time_t now = 0;
    if (look) {
        // Before the clock is read: an alarm that comes now is seen in the next iteration. It stays set for a loop that
        // was told to stop before it ran, so that no task passes the marker.
        loop->alarm = loop->stopping;
        now = rill_clock_poll();
    }
    if (loop->posts != NULL) {
        rill_loop_drain(loop);
    }
    bool turn = (look || RILL_SMALL) && (now >= loop->wheel.next || loop->crowd);
    turn = turn || (nothing_ready(loop) && !next_known(loop));
    if (turn ? rill_wheel_turn(loop, now) : look) {
        rill_clock_alarm(loop->wheel.next);
    }
}

uint32_t rill_loop_wakeups;
rill_worker_t *rill_running_worker;

// Nothing is ready, and poll has set the alarm. The decision to sleep is made with interrupts masked and the core
// sleeps masked: an interrupt that comes after the check is pending, ends the sleep, and is taken when the mask is
// lifted. No wake-up can be lost. False if nothing can ever happen again.
static bool idle(rill_loop_t *loop)
{
    uintptr_t state = rill_arch_irq_save();
    if (UNLIKELY(((uintptr_t)loop->posts | loop->attention) != 0)) {
        rill_arch_irq_restore(state);
        return true;
    }
    bool alive = rill_clock_idle(loop->wheel.next);
#if RILL_STATS
    rill_loop_wakeups++;
#endif
    rill_arch_irq_restore(state);
    return alive;
}

// Runs the ring from `cur` until the marker comes round.
static void run_batch(rill_loop_t *loop)
{
    while (loop->cur != &loop->marker) { // bound: the batch; each pass leaves it shorter
        rill_node_t *node = loop->cur;
        if (is_task(node)) {
            int told = LIKELY(node->fn == NULL) ? RILL_OK : rill_told(tcb_of_node(node));
            rill_task_loop = loop;
#if RILL_STATS || RILL_DEBUG
            loop->since = rill_clock_now(); // sleep and callbacks are no task's time
#endif
            rill_arch_switch(told, &loop->marker, node);
            rill_task_loop = NULL;
            DEBUG_ONLY(rill_debug_step_report());
        } else {
            run_callback(loop, node);
        }
    }
}

static int run_ready(rill_loop_t *loop)
{
    for (;;) {
        poll(loop);
        if (nothing_ready(loop) && (!loop->stopping || (loop->crowd && loop->stopping != STOP_AT_ONCE))) {
            if (loop->attention == 0) {
                if (!idle(loop)) {
                    DEBUG_ONLY(rill_debug_deadlock(loop));
                    return RILL_EDEADLK;
                }
            } else if (UNLIKELY(loop->jobs)) {
                rill_executor_work(loop);
            }
            continue;
        }
        loop->cur = loop->marker.next;
        run_batch(loop);
        if (loop->stopping) {
            return RILL_OK;
        }
    }
}

static void set_current(rill_loop_t *loop)
{
    rill_current_loop = loop;
#if !RILL_SMALL
    rill_spawn_loop = rill_vars_used ? NULL : loop;
#endif
}

int rill_may_run(const rill_loop_t *loop)
{
    if (loop == NULL) {
        return RILL_EINVAL;
    }
    if (rill_current_loop != NULL || loop->closed || rill_arch_in_isr()) {
        return RILL_EPERM;
    }
    return RILL_OK;
}

int rill_run_forever(rill_loop_t *loop)
{
    RILL_DEBUG_CONTEXT("rill_run_forever");
    int error = rill_may_run(loop);
    if (error != RILL_OK) {
        return error;
    }
    set_current(loop);
    loop->running = 1;
    loop->alarm = 1; // timers may have been armed while the loop did not run
    error = run_ready(loop);
    loop->stopping = 0;
    loop->running = 0;
    set_current(NULL);
    return error;
}

int rill_loop_stop(rill_loop_t *loop)
{
    RILL_DEBUG_CONTEXT("rill_loop_stop");
    if (loop == NULL) {
        return RILL_EINVAL;
    }
    loop->stopping = 1;
    loop->alarm = 1; // keeps tasks from passing the marker without looking
    return RILL_OK;
}

static int stop_when_done(void *arg)
{
    return rill_loop_stop(arg);
}

int rill_run_until_complete(rill_loop_t *loop, rill_future_t *future, rill_value_t *value)
{
    RILL_DEBUG_CONTEXT("rill_run_until_complete");
    int error = future != NULL ? rill_may_run(loop) : RILL_EINVAL;
    if (error != RILL_OK) {
        return error;
    }
    if (future->loop == NULL) {
        future->loop = loop;
    } else if (future->loop != loop) {
        return RILL_EINVAL;
    }
    rill_handle_t done = RILL_HANDLE_INIT(NULL, NULL);
    rill_future_watch(future, &done, stop_when_done, loop);
    error = rill_run_forever(loop);
    if (error == RILL_OK) {
        error = rill_future_done(future) ? rill_future_result(future, value) : RILL_EPERM;
    }
    rill_future_unwatch(future, &done); // not before: a task that was joined or detached meanwhile is reaped here
    return error;
}

int rill_loop_close(rill_loop_t *loop)
{
    RILL_DEBUG_CONTEXT("rill_loop_close");
    if (loop == NULL) {
        return RILL_EINVAL;
    }
    if (loop->running) {
        return RILL_EPERM;
    }
    if (loop->closed) {
        return RILL_OK;
    }
    rill_tcb_t *tcb = loop->debug ? task_behind(loop, &loop->tasks) : NULL;
    for (; tcb != NULL; tcb = task_behind(loop, &tcb->all)) { // bound: number of tasks
        rill_report_task(tcb, "task destroyed pending");
        DEBUG_ONLY(rill_debug_never_started(tcb));
    }
    DEBUG_ONLY(rill_debug_closing(loop));
    loop->closed = 1;
    loop->posts = NULL;
    loop->tasks = (rill_link_t){ &loop->tasks, &loop->tasks };
    loop->marker.next = &loop->marker;
    loop->marker.prev = &loop->marker;
    loop->cur = &loop->marker;
    rill_wheel_init(&loop->wheel);
    return RILL_OK;
}
