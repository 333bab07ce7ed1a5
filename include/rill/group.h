// Structured concurrency: a group of tasks that ends as a whole. asyncio.TaskGroup with CPython 3.13's rules, TG1-TG10.
//
//     rill_group_error_t failed[4];
//     rill_error_list_t errors = RILL_ERROR_LIST_INIT(failed);
//     rill_group_t group = RILL_GROUP_INIT(&errors);
//     int rc = rill_group_begin(&group);
//     rc = rill_group_spawn(&group, &pool, fetch, "a", NULL);
//     if (rc == 0) rc = rill_group_spawn(&group, &pool, fetch, "b", NULL);
//     rc = rill_group_end(&group, rc);            // waits; RILL_EGROUP if any child failed
#ifndef RILL_GROUP_H
#define RILL_GROUP_H

#include <rill/task.h>

#ifdef __cplusplus
extern "C" {
#endif

// Who failed and how. 16 bytes on 32-bit machines.
typedef struct rill_group_error {
    int error;
    rill_value_t detail; // what the task returned beside it; for RILL_EGROUP its rill_error_list_t
    uint32_t task_id;    // 0: the group's own body
    const char *name;    // the task's name, NULL for the default
} rill_group_error_t;

// An error group: the caller's array, oldest error first. It must outlive whoever reads it; a nested group's list must
// outlive the task that returns RILL_EGROUP.
typedef struct rill_error_list {
    rill_group_error_t *items;
    uint16_t capacity;
    uint16_t count;
    uint16_t dropped; // errors that found the array full
} rill_error_list_t;

#define RILL_ERROR_LIST_INIT(array) { (array), sizeof(array) / sizeof *(array), 0, 0 }

// A group. The parent's memory, usually its stack. 52 bytes on 32-bit machines.
typedef struct rill_group {
    uint8_t entered;
    uint8_t exiting;
    uint8_t aborting;
    uint8_t parent_cancel_requested;
    uint8_t waiting;
    uint8_t spawning; // a child may end before rill_group_spawn returns (eager)
    rill_future_t completed;
    rill_tcb_t *parent;
    uint32_t parent_id;
    rill_loop_t *loop;
    rill_node_t *members; // children that have not ended, oldest first
    unsigned unfinished;  // children whose end the group has not seen
    rill_error_list_t *errors;
    unsigned failures;
} rill_group_t;

// A group that was not entered yet. `list` takes the errors; NULL: they are only counted.
#define RILL_GROUP_INIT(list) { 0, 0, 0, 0, 0, 0, RILL_FUTURE_INIT, NULL, 0, NULL, NULL, 0, (list), 0 }

// Enters the group, once (TG9); its error list is emptied. Returns 0; RILL_EPERM if it was entered before or outside a
// task; RILL_EINVAL for NULL. asyncio: TaskGroup.__aenter__. Context: task. O(1).
int rill_group_begin(rill_group_t *group);

// Spawns a child. With `task` NULL it is reaped when it ends; else the caller joins or detaches it. Returns as
// rill_spawn; RILL_EPERM before begin, after the end, or while the group shuts down (TG9). asyncio:
// TaskGroup.create_task. Context: loop. O(1).
int rill_group_spawn(rill_group_t *group, rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_task_t *task);
int rill_group_spawn_with(rill_group_t *group, rill_task_pool_t *pool, rill_fn_t fn, void *arg,
                          const rill_spawn_options_t *options, rill_task_t *task);

// Leaves the group with the outcome of its body: waits for all children (TG1). A child's error or the body's cancels
// the rest (TG2, TG4). Returns `code` if nothing failed; RILL_EGROUP with the list filled, the body's own error last
// (TG3, TG4); RILL_ECANCELED if the parent was cancelled and no child failed (TG5); RILL_EPERM from another task or
// when it was left before. Must be called on every path once begin returned 0. A task that waits before it passes
// RILL_EGROUP on returns rill_error_list_raise: a cancellation may have taken the list's place.
// asyncio: TaskGroup.__aexit__. Context: the task that began; suspends. O(children).
int rill_group_end(rill_group_t *group, int code);

// Looks for a code in a list and the lists nested in it, as `except*` does: the (*index)th entry with that code,
// counted from
// 0, NULL if there are fewer. *index is counted up when one is found, so a loop visits all of them; index NULL: the
// first. Nesting is followed 8 levels deep. Python: except*. Context: any. O(entries).
const rill_group_error_t *rill_error_list_find(const rill_error_list_t *list, int error, unsigned *index);

// Moves every entry with a code, nested ones too, to the end of `matched` (NULL: they are dropped), and closes the
// gaps; a nested list that becomes empty loses its entry. What finds `matched` full is counted there in `dropped`.
// Returns the
// number of entries taken out; RILL_EINVAL for NULL. What is left may go on:
//     n = rill_error_list_split(&errors, RILL_EIO, NULL);                       // except* OSError: pass
//     return errors.count > 0 ? rill_error_list_raise(&errors) : RILL_OK;
// Nesting is followed 8 levels deep. Python: ExceptionGroup.split, except*. Context: any. O(entries).
int rill_error_list_split(rill_error_list_t *list, int error, rill_error_list_t *matched);

// Returns RILL_EGROUP and hands the list to whoever awaits this task: return rill_error_list_raise(&errors);
// rill_group_end does this itself; it is for a body that handled some of the errors. Context: task. O(1).
int rill_error_list_raise(rill_error_list_t *list);

#ifdef __cplusplus
}
#endif

#endif
