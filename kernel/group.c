// Task groups.
//
// A child carries its membership on top of its own stack, so a group needs no table and has no limit. When its body has
// returned, its task's node, which nobody needs any more, carries the group's done-callback to the loop: first of the
// task's callbacks, as asyncio registers it first.
#include <rill/group.h>

#include "kernel.h"

static bool parent_is_done(const rill_group_t *group)
{
    const rill_tcb_t *parent = live_tcb(group->parent, group->parent_id);
    return parent == NULL || parent->future.state != RILL_PENDING;
}

static void abort_children(rill_group_t *group)
{
    group->aborting = 1;
    rill_node_t *first = group->members;
    if (first == NULL) {
        return;
    }
    rill_node_t *node = first;
    do { // bound: number of children
        rill_tcb_t *child = CONTAINER(node, struct rill_group_member, link)->tcb;
        rill_cancel_any(&child->future, 0);
        node = node->next;
    } while (node != first);
}

// A place for one more error; NULL if there is no list, or none left in it.
ONCE rill_group_error_t *add(rill_error_list_t *list)
{
    if (list == NULL) {
        return NULL;
    }
    if (list->count < list->capacity) {
        return &list->items[list->count++];
    }
    list->dropped = (uint16_t)(list->dropped + (list->dropped != UINT16_MAX));
    return NULL;
}

// `child` is NULL for the group's own body.
ONCE void record(rill_group_t *group, int error, rill_value_t detail, const rill_tcb_t *child)
{
    group->failures++;
    rill_group_error_t *place = add(group->errors);
    if (place != NULL) {
        *place = (rill_group_error_t){ error, detail, 0, NULL };
        if (child != NULL) {
            place->task_id = child->id;
            place->name = TASK_NAME(child);
        }
    }
}

// asyncio: TaskGroup._on_task_done, from "the task has an exception" on.
static void child_failed(rill_group_t *group, rill_tcb_t *child)
{
    child->future.flags |= FUTURE_RETRIEVED;
    record(group, child->future.error, child->future.value, child);
    if (parent_is_done(group)) {
        rill_report_task(child, "task errored, parent done");
    } else if (!group->aborting && !group->parent_cancel_requested) {
        abort_children(group);
        group->parent_cancel_requested = 1;
        rill_cancel_any(&group->parent->future, 0);
    }
}

static void child_done(rill_group_t *group, rill_tcb_t *child)
{
    group->unfinished--;
    if (group->waiting && group->unfinished == 0) {
        rill_future_finish(&group->completed);
    }
    if (child->future.state == RILL_FAILED) {
        child_failed(group, child);
    }
    rill_future_pin(&child->future, -1);
}

static int child_done_callback(void *arg)
{
    rill_tcb_t *child = arg;
    rill_group_t *group = (rill_group_t *)(void *)child->wait;
    bool leftover = (child->future.flags & TASK_LEFTOVER) != 0;
    child->wait = NULL;
    child_done(group, child);
    return leftover ? rill_leftover_callback(NULL) : RILL_OK;
}

// The task's node becomes a handle: rill_handle_t is a node and the word behind it, which is the saved stack pointer
// that a task that has ended does not need.
static void member_ended(struct rill_group_member *member)
{
    _Static_assert(offsetof(rill_handle_t, arg) == offsetof(rill_tcb_t, context.sp), "a dead task is a handle");
    rill_group_t *group = member->group;
    rill_tcb_t *child = member->tcb;
    list_remove(&group->members, &member->link);
    if (group->spawning) { // it ran eagerly; rill_group_spawn_with sees its end itself
        return;
    }
    child->wait = (rill_wait_t *)(void *)group;
    child->context.sp = child;
    child->node.fn = child_done_callback;
    ready_append(group->loop, &child->node);
}

int rill_group_begin(rill_group_t *group)
{
    RILL_DEBUG_CONTEXT("rill_group_begin");
    int error = refuse_object(group);
    if (error != RILL_OK) {
        return error;
    }
    if (group->entered || rill_arch_in_isr()) {
        return RILL_EPERM;
    }
    rill_tcb_t *self = running_task();
    group->parent = self;
    group->parent_id = self->id;
    group->loop = rill_current_loop;
    group->entered = 1;
    if (group->errors != NULL) {
        group->errors->count = 0;
        group->errors->dropped = 0;
    }
    return RILL_OK;
}

int rill_group_spawn(rill_group_t *group, rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_task_t *task)
{
    return rill_group_spawn_with(group, pool, fn, arg, NULL, task);
}

// TG9.
static int may_spawn(const rill_group_t *group, const rill_spawn_options_t *options)
{
    if (group == NULL) {
        return RILL_EINVAL;
    }
    if (!group->entered || group->loop != rill_current_loop || rill_arch_in_isr()) {
        return RILL_EPERM;
    }
    if ((group->exiting && group->unfinished == 0) || group->aborting) {
        return RILL_EPERM;
    }
    return options != NULL && options->loop != NULL && options->loop != group->loop ? RILL_EINVAL : RILL_OK;
}

int rill_group_spawn_with(rill_group_t *group, rill_task_pool_t *pool, rill_fn_t fn, void *arg,
                          const rill_spawn_options_t *options, rill_task_t *task)
{
    if (task != NULL) {
        *task = RILL_NO_TASK;
    }
    RILL_DEBUG_CONTEXT("rill_group_spawn");
    int error = may_spawn(group, options);
    if (error != RILL_OK) {
        return error;
    }
    struct rill_group_member member = { { NULL, NULL, NULL }, &group->members, NULL, member_ended, group };
    uint8_t spawning = group->spawning; // an eager child may spawn another one
    group->spawning = options != NULL && options->eager;
    group->unfinished++;
    error = rill_task_create(pool, fn, arg, options, task, &member);
    if (error != RILL_OK) {
        group->unfinished--;
    } else if (group->spawning && member.tcb->future.state != RILL_PENDING) {
        child_done(group, member.tcb);
    }
    group->spawning = spawning;
    return error;
}

// Waits until every child's end has been seen; true if it was cancelled. Cancellations that come after the first are
// absorbed (TG5).
static bool wait_for_children(rill_group_t *group)
{
    bool cancelled = false;
    while (group->unfinished > 0) { // bound: children + cancellations
        rill_future_init(&group->completed, group->loop);
        group->completed.flags = FUTURE_OF_GROUP;
        group->waiting = 1;
        int error = rill_await(&group->completed, NULL);
        group->waiting = 0;
        if (error == RILL_ECANCELED && !group->aborting) {
            cancelled = true;
            abort_children(group);
        }
    }
    return cancelled;
}

// TG2, TG5, TG6: CPython 3.13's order of decisions. `detail` belongs to `code`, `cancelled` is the cancellation still
// to be passed on.
static int leave(rill_group_t *group, int code, rill_value_t detail, bool cancelled)
{
    rill_tcb_t *self = group->parent;
    if (group->parent_cancel_requested && rill_uncancel(self) == 0) {
        cancelled = false;
    }
    if (cancelled && group->failures == 0) {
        return RILL_ECANCELED;
    }
    if (code < 0 && code != RILL_ECANCELED) {
        record(group, code, detail, NULL);
    }
    if (group->failures == 0) {
        return code;
    }
    if (self->cancelling > 0) {
        rill_uncancel(self);
        rill_cancel_any(&self->future, 0);
    }
    return rill_error_list_raise(group->errors);
}

int rill_group_end(rill_group_t *group, int code)
{
    RILL_DEBUG_CONTEXT("rill_group_end");
    if (group == NULL) {
        return RILL_EINVAL;
    }
    if (!group->entered || group->exiting || group->parent != running_task()) {
        return RILL_EPERM;
    }
    group->exiting = 1;
    // Read now: a cancellation that comes while it waits leaves its message there.
    rill_value_t detail = code == RILL_EGROUP ? group->parent->future.value : 0;
    if (code < 0 && !group->aborting) {
        abort_children(group);
    }
    bool cancelled = wait_for_children(group) || code == RILL_ECANCELED;
    return leave(group, code, detail, cancelled);
}

// ---- error lists

enum { MAX_DEPTH = 8 }; // of nested lists

static const rill_group_error_t *find(const rill_error_list_t *list, int error, unsigned *skip, unsigned depth)
{
    for (unsigned i = 0; list != NULL && i < list->count; i++) { // bound: entries, nested lists included
        const rill_group_error_t *item = &list->items[i];
        const rill_group_error_t *found = NULL;
        if (item->error == RILL_EGROUP && depth > 0) {
            found = find((const rill_error_list_t *)item->detail, error, skip, depth - 1);
        } else if (item->error == error && (*skip)-- == 0) {
            found = item;
        }
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

const rill_group_error_t *rill_error_list_find(const rill_error_list_t *list, int error, unsigned *index)
{
    unsigned none = 0;
    index = index != NULL ? index : &none;
    unsigned skip = *index;
    const rill_group_error_t *found = find(list, error, &skip, MAX_DEPTH);
    *index += found != NULL;
    return found;
}

static int split(rill_error_list_t *list, int error, rill_error_list_t *matched, unsigned depth)
{
    int taken = 0;
    uint16_t left = 0;
    for (unsigned i = 0; i < list->count; i++) { // bound: entries, nested lists included
        const rill_group_error_t *item = &list->items[i];
        rill_group_error_t *place;
        if (item->error == error) {
            taken++;
            place = add(matched);
        } else {
            if (item->error == RILL_EGROUP && item->detail != 0 && depth > 0) {
                rill_error_list_t *nested = (rill_error_list_t *)item->detail;
                taken += split(nested, error, matched, depth - 1);
                if (nested->count == 0 && nested->dropped == 0) {
                    continue;
                }
            }
            place = &list->items[left++];
        }
        if (place != NULL) {
            *place = *item;
        }
    }
    list->count = left;
    return taken;
}

int rill_error_list_split(rill_error_list_t *list, int error, rill_error_list_t *matched)
{
    return list == NULL || list == matched ? RILL_EINVAL : split(list, error, matched, MAX_DEPTH);
}

int rill_error_list_raise(rill_error_list_t *list)
{
    rill_tcb_t *self = running_task();
    if (self != NULL) {
        self->future.value = (rill_value_t)list;
    }
    return RILL_EGROUP;
}
