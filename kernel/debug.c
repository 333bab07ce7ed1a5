// Debug mode: the reports of include/rill/debug.h.
//
// Steps are measured where a task suspends and where a callback returns. A slow step is only noted there, because a
// task's stack need not have room for the report, and the loop's own context is continued instead of the next task: it
// reports.
#include <rill/debug.h>
#include <rill/gather.h>
#include <rill/group.h>

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

// ---- who waits for what

static rill_tcb_t *next_pending(rill_loop_t *loop, rill_tcb_t *tcb)
{
    return rill_task_next(loop, tcb != NULL ? (rill_task_t){ tcb, tcb->id } : RILL_NO_TASK).tcb;
}

static rill_tcb_t *awaited_by(const rill_tcb_t *tcb)
{
    return tcb->wait != NULL ? rill_awaited_task(tcb->wait) : NULL;
}

// Does the chain of awaits that begins at a task lead back to it? It may also run into a circle further on.
static bool in_circle(rill_loop_t *loop, const rill_tcb_t *tcb)
{
    const rill_tcb_t *step = awaited_by(tcb);
    for (rill_tcb_t *t = next_pending(loop, NULL); t != NULL; t = next_pending(loop, t)) { // bound: number of tasks
        if (step == NULL || step == tcb) {
            return step == tcb;
        }
        step = awaited_by(step);
    }
    return false;
}

static void put_children(struct line *line, const rill_gather_t *gather)
{
    for (unsigned i = 0; i < gather->n; i++) { // bound: children
        const rill_awaitable_t *child = &gather->children[i];
        if (child->done) {
            continue;
        }
        put_text(line, " ");
        if ((child->future->flags & FUTURE_OF_TASK) != 0) {
            put_task(line, CONTAINER(child->future, rill_tcb_t, future));
        } else {
            put_address(line, child->future);
        }
    }
}

// The group whose end a task waits for: one of its children knows it.
static const rill_group_t *awaited_group(rill_loop_t *loop, const rill_wait_t *wait)
{
    for (rill_tcb_t *t = next_pending(loop, NULL); t != NULL; t = next_pending(loop, t)) { // bound: number of tasks
        const struct rill_group_member *member = rill_member_of(t);
        const rill_group_t *group = member != NULL ? member->group : NULL;
        if (group != NULL && &group->completed == wait->object) {
            return group;
        }
    }
    return NULL;
}

static void put_members(struct line *line, const rill_group_t *group)
{
    const rill_node_t *node = group->members;
    do { // bound: children
        put_text(line, " ");
        put_task(line, CONTAINER(node, struct rill_group_member, link)->tcb);
        node = node->next;
    } while (node != group->members);
}

static void put_wait(struct line *line, rill_loop_t *loop, const rill_tcb_t *tcb)
{
    const rill_wait_t *wait = tcb->wait;
    rill_tcb_t *inner = rill_awaited_task(wait);
    const rill_gather_t *gather = rill_awaited_gather(wait);
    const rill_group_t *group = awaited_group(loop, wait);
    put_text(line, " waits for ");
    put_text(line, gather != NULL ? "gather" : group != NULL ? "group" : wait->kind->what);
    put_text(line, " ");
    if (inner != NULL) {
        put_task(line, inner);
        put_text(line, in_circle(loop, tcb) ? " (circle)" : "");
        return;
    }
    put_address(line, wait->object);
    put_text(line, gather != NULL || group != NULL ? " of" : "");
    if (gather != NULL) {
        put_children(line, gather);
    } else if (group != NULL) {
        put_members(line, group);
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
        if (tcb == running_task()) {
            put_text(line, " is running");
        } else if (tcb->wait == NULL) {
            put_text(line, " is ready");
        } else {
            put_wait(line, loop, tcb);
        }
        emit(line);
    }
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

bool rill_debug_wrong_context(const char *name)
{
    if (!rill_arch_in_isr() || (rill_current_loop != NULL && !rill_current_loop->debug)) {
        return false;
    }
    struct line line = { .length = 0 };
    put_text(&line, "[103] ");
    put_text(&line, name);
    put_text(&line, " called from an interrupt");
    emit(&line);
    return true;
}

static void put_code(struct line *line, int code)
{
    put_text(line, code < 0 ? "-" : "");
    put_digits(line, code < 0 ? 0u - (unsigned)code : (unsigned)code, 10);
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
        slow_step.name = task->name;
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
    rill_tcb_t likeness = { .id = slow_step.id, .name = slow_step.name };
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
    rill_loop_drain(loop);
    for (rill_node_t *node = loop->marker.next; node != &loop->marker; node = node->next) { // bound: what is queued
        if (node->fn != NULL) {
            report_callback(CONTAINER(node, rill_handle_t, node));
        }
    }
    rill_wheel_each(&loop->wheel, report_timer, NULL);
}

#endif
