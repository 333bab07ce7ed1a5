// Debug mode: the reports of include/rill/debug.h.
//
// Steps are measured where a task suspends and where a callback returns. A slow step is only noted there, because a
// task's stack need not have room for the report, and the loop's own context is continued instead of the next task: it
// reports.
#include <rill/debug.h>
#include <rill/gather.h>
#include <rill/group.h>
#include <rill/timeout.h>

#include "kernel.h"

// ---- one line

#define LINE_BYTES 120

struct line {
    char text[LINE_BYTES];
    unsigned length;
};

// A task's stack need not have room for a line. Only an interrupt, which may come while it is filled, has its own.
static struct line *new_line(void)
{
    static struct line line;
    line.length = 0;
    return &line;
}

static void put_text(struct line *line, const char *text)
{
    while (*text != '\0' && line->length + 1 < LINE_BYTES) { // bound: LINE_BYTES
        line->text[line->length++] = *text++;
    }
    line->text[line->length] = '\0';
}

static void put_digits(struct line *line, uintptr_t value, unsigned base)
{
    char digits[2 * sizeof value * 8 / 3];
    char *out = digits + sizeof digits;
    *--out = '\0';
    do { // bound: digits of a word
        *--out = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    put_text(line, out);
}

static void put_address(struct line *line, const void *address)
{
    put_text(line, "0x");
    put_digits(line, (uintptr_t)address, 16);
}

static void put_task(struct line *line, rill_tcb_t *tcb)
{
    char buffer[16];
    put_text(line, rill_task_name((rill_task_t){ tcb, tcb->id }, buffer));
}

static void emit(const struct line *line)
{
    rill_log(line->text);
}

// ---- switches

int rill_loop_set_debug(rill_loop_t *loop, bool on)
{
    if (loop == NULL) {
        return RILL_EINVAL;
    }
    loop->debug = on;
    return RILL_OK;
}

bool rill_loop_get_debug(const rill_loop_t *loop)
{
    return loop != NULL && loop->debug;
}

int rill_loop_set_slow_threshold(rill_loop_t *loop, rill_time_t us)
{
    if (loop == NULL) {
        return RILL_EINVAL;
    }
#if RILL_DEBUG
    loop->slow = us;
    return RILL_OK;
#else
    (void)us;
    return RILL_EPERM;
#endif
}

rill_time_t rill_loop_get_slow_threshold(const rill_loop_t *loop)
{
#if RILL_DEBUG
    return loop != NULL ? loop->slow : RILL_NEVER;
#else
    (void)loop;
    return RILL_NEVER;
#endif
}

// ---- who waits for what

static rill_tcb_t *next_pending(rill_loop_t *loop, rill_tcb_t *tcb)
{
    return rill_task_next(loop, tcb != NULL ? (rill_task_t){ tcb, tcb->id } : RILL_NO_TASK).tcb;
}

static rill_tcb_t *task_of(const rill_future_t *future)
{
    return (future->flags & FUTURE_OF_TASK) != 0 ? CONTAINER(future, rill_tcb_t, future) : NULL;
}

static const rill_future_t *child_of(const rill_awaitable_t *children, unsigned n, unsigned i)
{
    return i < n ? children[i].future : NULL;
}

static const rill_future_t *member_of(const rill_group_t *group, unsigned i)
{
    const rill_node_t *node = group->members;
    while (node != NULL && i-- > 0) { // bound: children
        node = node->next != group->members ? node->next : NULL;
    }
    return node != NULL ? &CONTAINER(node, struct rill_group_member, link)->tcb->future : NULL;
}

// The ith thing that something waits for or stands for, NULL behind the last.
typedef const rill_future_t *(*next_edge_t)(const void *from, unsigned i);

// Of a future that stands for others.
static const rill_future_t *part_of(const void *from, unsigned i)
{
    const rill_future_t *future = from;
    if ((future->flags & FUTURE_HOOKED) != 0) {
        const rill_gather_t *gather = CONTAINER(future, rill_gather_t, outer.future);
        return child_of(gather->children, gather->n, i);
    }
    if ((future->flags & FUTURE_OF_WAIT) != 0) {
        const struct rill_for_many *many = CONTAINER(future, struct rill_for_many, outer);
        return child_of(many->children, many->n, i);
    }
    if ((future->flags & FUTURE_OF_GROUP) != 0) {
        return member_of(CONTAINER(future, rill_group_t, completed), i);
    }
    bool shield = (future->flags & FUTURE_OF_SHIELD) != 0;
    return shield && i == 0 ? CONTAINER(future, rill_shield_t, outer)->inner : NULL;
}

// Of a task's wait, NULL if it does not wait.
static const rill_future_t *awaited(const void *from, unsigned i)
{
    const rill_wait_t *wait = from;
    if (wait == NULL) {
        return NULL;
    }
    if (wait->kind == &rill_wait_as_completed) {
        const rill_as_completed_t *it = CONTAINER(wait->object, rill_as_completed_t, getters);
        return child_of(it->children, it->n, i);
    }
    return i == 0 ? rill_awaited(wait) : NULL;
}

static const rill_future_t *next_edge(const rill_future_t *future, unsigned i)
{
    rill_wait_t room;
    const rill_tcb_t *task = task_of(future);
    return task != NULL ? awaited(wait_of(task, &room), i) : part_of(future, i);
}

// Does what a task waits for lead back to it? Looks through all ways of up to DEPTH steps, but no longer than STEPS, as
// there may be circles elsewhere.
static bool in_circle(const rill_tcb_t *tcb)
{
    enum { DEPTH = 16, STEPS = 500 };
    static struct { // not on a task's stack
        const rill_future_t *from;
        unsigned next;
    } way[DEPTH];
    unsigned depth = 1;
    way[0].from = &tcb->future;
    way[0].next = 0;
    for (unsigned step = 0; depth > 0 && step < STEPS; step++) { // bound: STEPS
        const rill_future_t *to = next_edge(way[depth - 1].from, way[depth - 1].next++);
        if (to == &tcb->future) {
            return true;
        }
        if (to == NULL) {
            depth--;
        } else if (to->state == RILL_PENDING && depth < DEPTH) {
            way[depth].from = to;
            way[depth++].next = 0;
        }
    }
    return false;
}

static const char *kind_of(const rill_future_t *future)
{
    static const char *const names[] = { "shield", "wait", "group", "gather" }; // in the order of the bits
    unsigned kind = 0;
    while (kind < 4 && (future->flags >> kind & FUTURE_OF_SHIELD) == 0) { // bound: kinds
        kind++;
    }
    return kind < 4 ? names[kind] : "future";
}

// A task's name; else the future's kind and address.
__attribute__((noinline)) static void put_future(struct line *line, const rill_future_t *future)
{
    if (task_of(future) != NULL) {
        put_task(line, task_of(future));
    } else {
        put_text(line, kind_of(future));
        put_text(line, " ");
        put_address(line, future);
    }
}

// What a future stands for, or a task waits for, and so on down to `depth` levels; those that are done are left out.
static void put_parts(struct line *line, const void *whole, next_edge_t next, unsigned depth)
{
    if (depth == 0 || next(whole, 0) == NULL) {
        return;
    }
    put_text(line, " of");
    for (unsigned i = 0; next(whole, i) != NULL; i++) { // bound: children
        const rill_future_t *part = next(whole, i);
        if (part->state == RILL_PENDING) {
            put_text(line, task_of(part) != NULL ? " " : " (");
            put_future(line, part);
            put_parts(line, part, part_of, task_of(part) != NULL ? 0 : depth - 1);
            put_text(line, task_of(part) != NULL ? "" : ")");
        }
    }
}

static void put_wait(struct line *line, const rill_tcb_t *tcb)
{
    enum { LEVELS = 3 };
    rill_wait_t room;
    const rill_wait_t *wait = wait_of(tcb, &room);
    const rill_future_t *future = rill_awaited(wait);
    put_text(line, " waits for ");
    if (future != NULL) {
        put_text(line, task_of(future) != NULL ? "task " : "");
        put_future(line, future);
        put_parts(line, future, part_of, task_of(future) != NULL ? 0 : LEVELS);
    } else {
        put_text(line, WAIT_WHAT(wait->kind));
        put_text(line, " ");
        put_address(line, wait->object);
        put_parts(line, wait, awaited, LEVELS);
    }
    put_text(line, in_circle(tcb) ? " (circle)" : "");
}

static void put_state(struct line *line, const rill_tcb_t *tcb)
{
    if (tcb == running_task()) {
        put_text(line, " is running");
    } else if (tcb->wait == NULL) {
        put_text(line, " is ready");
    } else {
        put_wait(line, tcb);
    }
}

void rill_debug_waits(rill_loop_t *loop)
{
    if (loop == NULL) {
        return;
    }
    for (rill_tcb_t *tcb = next_pending(loop, NULL); tcb != NULL; tcb = next_pending(loop, tcb)) { // bound: tasks
        struct line *line = new_line();
        put_task(line, tcb);
        put_state(line, tcb);
        emit(line);
    }
}

static void put_code(struct line *line, int code)
{
    put_text(line, code < 0 ? "-" : "");
    put_digits(line, code < 0 ? 0u - (unsigned)code : (unsigned)code, 10);
}

static void put_usage(struct line *line, const rill_task_info_t *info)
{
    put_text(line, "; stack ");
    put_digits(line, info->stack_used, 10);
    put_text(line, " of ");
    put_digits(line, info->stack_size, 10);
    put_text(line, "; ran ");
    put_digits(line, info->run_time < UINTPTR_MAX ? (uintptr_t)info->run_time : UINTPTR_MAX, 10);
    put_text(line, " us");
}

int rill_debug_task(rill_task_t task)
{
    RILL_DEBUG_CONTEXT("rill_debug_task");
    rill_task_info_t info;
    int error = rill_task_info(task, &info);
    if (error != RILL_OK) {
        return error;
    }
    struct line *line = new_line();
    put_task(line, task.tcb);
#if RILL_DEBUG
    put_text(line, " at ");
    put_address(line, (const void *)(uintptr_t)task.tcb->fn);
#endif
    if (task.tcb->future.state != RILL_PENDING) {
        put_text(line, " is done: ");
        put_code(line, task.tcb->future.error);
    } else {
        put_state(line, task.tcb);
        if (RILL_STATS) {
            put_usage(line, &info);
        }
    }
    emit(line);
    return RILL_OK;
}

#if RILL_DEBUG

void rill_debug_deadlock(rill_loop_t *loop)
{
    if (loop->debug) {
        rill_log("deadlock: nothing can run again");
        rill_debug_waits(loop);
    }
}

// ---- wrong context, lost codes

bool rill_debug_in_circle(const rill_node_t *first, const rill_node_t *node)
{
    const rill_node_t *at = first;
    while (at != NULL && at != node) { // bound: nodes of the circle
        at = at->next != first ? at->next : NULL;
    }
    return at != NULL;
}

bool rill_debug_wrong_context(const char *name)
{
    bool interrupted = rill_running_worker != NULL && rill_arch_in_isr(); // then the job is not the caller
    bool job = rill_current_job != NULL && !interrupted;
    if (!(job || rill_arch_in_isr()) || (rill_current_loop != NULL && !rill_current_loop->debug)) {
        return false;
    }
    struct line line = { .length = 0 };
    put_text(&line, job ? "[106] " : "[103] ");
    put_text(&line, name);
    put_text(&line, job ? " called from a job" : " called from an interrupt");
    emit(&line);
    return true;
}

void rill_debug_lost(const char *scope, int code)
{
    struct line *line = new_line();
    put_text(line, "[104] ");
    put_text(line, scope);
    put_text(line, ": a return lost ");
    put_code(line, code);
    emit(line);
}

void rill_debug_exception(const rill_exception_t *info, int failed)
{
    struct line *line = new_line();
    if (failed < 0) {
        put_text(line, "exception handler: ");
        put_code(line, failed);
        put_text(line, ", for ");
    }
    put_text(line, info->message);
    if (info->error != RILL_OK) {
        put_text(line, ": ");
        put_code(line, info->error);
    }
    if (info->handle != NULL) {
        put_text(line, ", callback ");
        put_address(line, (const void *)(uintptr_t)info->handle->node.fn);
    }
    if (info->future != NULL && (info->future->flags & FUTURE_OF_TASK) != 0) {
        rill_tcb_t *tcb = CONTAINER(info->future, rill_tcb_t, future);
        put_text(line, ", ");
        put_task(line, tcb);
        put_text(line, " at ");
        put_address(line, (const void *)(uintptr_t)tcb->fn);
    }
    emit(line);
}

// ---- slow steps

// Enough of a task to report when it may be gone.
static struct {
    const char *name;
    uint32_t id;
    rill_fn_t fn;
    rill_time_t took;
    bool pending;
} slow_step;

static void put_microseconds(struct line *line, rill_time_t us)
{
    put_text(line, ", ");
    put_digits(line, us < UINT32_MAX ? (uint32_t)us : UINT32_MAX, 10);
    put_text(line, " us");
    emit(line);
}

bool rill_debug_step(rill_loop_t *loop, const rill_tcb_t *task, rill_time_t took)
{
    if (loop->debug && took >= loop->slow && !slow_step.pending) {
        slow_step.name = TASK_NAME(task);
        slow_step.id = task->id;
        slow_step.fn = task->fn;
        slow_step.took = took;
        slow_step.pending = true;
    }
    return slow_step.pending;
}

void rill_debug_step_report(void)
{
    if (!slow_step.pending) {
        return;
    }
    slow_step.pending = false;
    rill_tcb_t likeness = { .id = slow_step.id };
    SET_TASK_NAME(&likeness, slow_step.name);
    struct line *line = new_line();
    put_text(line, "slow task step: ");
    put_task(line, &likeness);
    put_text(line, " at ");
    put_address(line, (const void *)(uintptr_t)slow_step.fn);
    put_microseconds(line, slow_step.took);
}

void rill_debug_callback(rill_loop_t *loop, rill_callback_t fn, rill_time_t began)
{
    rill_time_t took = rill_clock_now() - began;
    if (loop->debug && took >= loop->slow) {
        struct line *line = new_line();
        put_text(line, "slow callback: ");
        put_address(line, (const void *)(uintptr_t)fn);
        put_microseconds(line, took);
    }
}

// ---- what never ran, what is left

void rill_debug_never_started(rill_tcb_t *tcb)
{
    if (tcb->future.loop->debug && (tcb->future.flags & TASK_STARTED) == 0) {
        rill_loop_t *task_loop = rill_task_loop;
        rill_task_loop = NULL; // the handler runs in no task
        const rill_exception_t info = { "task never started", RILL_OK, NULL, &tcb->future };
        rill_loop_call_exception_handler(tcb->future.loop, &info);
        rill_task_loop = task_loop;
    }
}

static void report_timer(void *arg, rill_timer_t *timer)
{
    struct line *line = new_line();
    (void)arg;
    put_text(line, "closed: timer ");
    put_address(line, timer);
    put_text(line, " of ");
    put_address(line, (const void *)(uintptr_t)timer->handle.node.fn);
    put_text(line, " dropped");
    emit(line);
}

static void report_callback(const rill_handle_t *handle)
{
    struct line *line = new_line();
    put_text(line, "closed: callback ");
    put_address(line, (const void *)(uintptr_t)handle->node.fn);
    put_text(line, " with ");
    put_address(line, handle->arg);
    put_text(line, " dropped");
    emit(line);
}

void rill_debug_closing(rill_loop_t *loop)
{
    if (!loop->debug) {
        return;
    }
    if (loop->posts != NULL) {
        rill_loop_drain(loop);
    }
    for (rill_node_t *node = loop->marker.next; node != &loop->marker; node = node->next) { // bound: what is queued
        if (!is_task(node)) {
            report_callback(CONTAINER(node, rill_handle_t, node));
        }
    }
    rill_wheel_each(&loop->wheel, report_timer, NULL);
}

#endif
