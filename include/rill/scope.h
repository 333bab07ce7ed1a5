// `async with`: blocks that give back what they took on every way out. Header only; needs gcc or clang.
//
//     int rc;
//     RILL_WITH_LOCK(&bus, rc) {
//         rc = transfer(data);
//         if (rc < 0) {
//             break;                      // leaves the block, not a loop around it
//         }
//         rc = transfer(more);
//     }
//     return rc;                          // of the acquire, the last transfer or the release
//
// The rules, the same for every macro here:
//   - `rc` is an int variable, the block's outcome. On entry it becomes 0, or the error of the acquire, and then the
//   block is
//     not run. The block stores its own outcome there; at its end it becomes the outcome of the whole.
//   - The end, `break` and `continue` leave the block and run its end, whose code is then in `rc`: RILL_ETIMEDOUT of a
//   limit
//     that expired, RILL_EGROUP of a group whose child failed, the error of a release if the block had none.
//   - `return` and `goto` run the end as well, with the code that is in `rc` at that moment. But `return rc` has read
//   `rc`
//     before: the caller gets RILL_ECANCELED where `break` would have made it RILL_ETIMEDOUT. With a lock, a semaphore
//     or a
//     condition nothing is lost, with a limit or a group leave by `break`. A debug build reports a code that got lost
//     (assertion 104).
//   - What does not run the end: a longjmp out of the block, and the close of a loop whose task is still inside.
//   - Do not jump into a block.
// Blocks nest, also on one line: RILL_WITH_LOCK(&a, rc) RILL_WITH_LOCK(&b, rc) { ... }
#ifndef RILL_SCOPE_H
#define RILL_SCOPE_H

#include <rill/condition.h>
#include <rill/debug.h>
#include <rill/group.h>
#include <rill/lock.h>
#include <rill/semaphore.h>
#include <rill/timeout.h>

#ifdef __cplusplus
extern "C" {
#endif

// The begin and the end of a resource of your own: Python's __aenter__ and __aexit__. begin returns 0, or an error and
// has taken nothing. end gets the code of the block and returns the code of the whole: the same one to pass an error
// on, another one to replace it, 0 to swallow it. Both may wait; end also runs when the task is cancelled inside the
// block.
typedef int (*rill_scope_begin_t)(void *object);
typedef int (*rill_scope_end_t)(void *object, int code);

// A block in progress. Private.
typedef struct rill_scope {
    void *object;
    rill_scope_end_t end;
    int *rc;
    const char *name;
    bool open;
} rill_scope_t;

// `async with object`: calls begin(object), runs the block if it returned no error, then end(object, rc). The end of a
// block may itself wait and is not interrupted by the cancellation that ended the block. Context: task; suspends if
// begin or end do.
#define RILL_WITH(object, begin, end, rc) RILL_SCOPE_(rill_scope_enter("RILL_WITH", (object), (begin), (end), &(rc)))

// `async with lock`: rill_lock_acquire, rill_lock_release. Context: task; suspends.
#define RILL_WITH_LOCK(lock, rc) RILL_SCOPE_(rill_scope_lock((lock), &(rc)))

// `async with semaphore`: rill_semaphore_acquire and release; the bounded kind's. Context: task; suspends.
#define RILL_WITH_SEMAPHORE(semaphore, rc) RILL_SCOPE_(rill_scope_semaphore((semaphore), &(rc)))
#define RILL_WITH_BOUNDED_SEMAPHORE(semaphore, rc) RILL_SCOPE_(rill_scope_bounded((semaphore), &(rc)))

// `async with condition`: takes the condition's lock, for rill_condition_wait and rill_condition_notify inside the
// block. Context: task; suspends.
#define RILL_WITH_CONDITION(condition, rc) RILL_SCOPE_(rill_scope_condition((condition), &(rc)))

// `async with asyncio.timeout(...)`: a limit of `us` microseconds on the block, or until `when`; RILL_NEVER for none.
// If it
// comes, the wait the block is in returns RILL_ECANCELED; store that in rc and leave, and rc becomes RILL_ETIMEDOUT.
// Context: task.
#define RILL_WITH_TIMEOUT(us, rc) RILL_SCOPE_LIMIT_(__COUNTER__, rill_timeout_begin, (us), &(rc))
#define RILL_WITH_TIMEOUT_AT(when, rc) RILL_SCOPE_LIMIT_(__COUNTER__, rill_timeout_begin_at, (when), &(rc))

// `async with asyncio.timeout(...) as limit`: the same with a rill_timeout_t of the caller's, zeroed, for
// rill_timeout_reschedule in the block and rill_timeout_expired after it.
#define RILL_WITH_TIMEOUT_AS(limit, us, rc) RILL_SCOPE_(rill_scope_limit((limit), rill_timeout_begin, (us), &(rc)))

// `async with asyncio.TaskGroup() as group`: begins the group; its end waits for the children the block spawned. An
// error in rc at the end of the block cancels them. Context: task; suspends.
//     rill_group_t group = RILL_GROUP_INIT(&errors);
//     RILL_WITH_GROUP(&group, rc) {
//         rc = rill_group_spawn(&group, &pool, fetch, "a", NULL);
//     }
#define RILL_WITH_GROUP(group, rc) RILL_SCOPE_(rill_scope_group((group), &(rc)))

// ---- what the macros are made of; private

// Two loops of one pass each: `break` and `continue` end the inner one, and the outer one ends the scope. Whatever
// leaves both at once meets the variable's cleanup.
#define RILL_SCOPE_(begin) RILL_SCOPE_COUNTED_(__COUNTER__, begin)
#define RILL_SCOPE_COUNTED_(id, begin) RILL_SCOPE_AT_(id, begin)
#define RILL_SCOPE_AT_(id, begin) RILL_SCOPE_NAMED_(rill_scope_##id, rill_pass_##id, begin)
#define RILL_SCOPE_NAMED_(scope, pass, begin)                                                                          \
    for (rill_scope_t scope __attribute__((cleanup(rill_scope_abandon))) = begin; scope.open;                          \
         rill_scope_close(&scope))                                                                                     \
        for (bool pass = true; pass; pass = false)

#define RILL_SCOPE_LIMIT_(id, begin, time, rc) RILL_SCOPE_LIMIT_AT_(id, begin, time, rc)
#define RILL_SCOPE_LIMIT_AT_(id, begin, time, rc)                                                                      \
    for (rill_timeout_t rill_limit_##id, *rill_once_##id = rill_scope_new_limit(&rill_limit_##id);                     \
         rill_once_##id != NULL; rill_once_##id = NULL)                                                                \
    RILL_SCOPE_AT_(id, rill_scope_limit(&rill_limit_##id, begin, time, rc))

// Private: begins a block. `error` < 0: the block is skipped and *rc is that error.
static inline rill_scope_t rill_scope_open(const char *name, void *object, rill_scope_end_t leave, int *rc, int error)
{
    rill_scope_t scope = { object, leave, rc, name, error >= 0 };
    *rc = error < 0 ? error : RILL_OK;
    return scope;
}

// Private: ends a block; *rc becomes what the object makes of it.
static inline void rill_scope_close(rill_scope_t *scope)
{
    scope->open = false;
    *scope->rc = scope->end(scope->object, *scope->rc);
}

// Private: a block left by break, goto or return is closed all the same; its error, if new, is reported.
static inline void rill_scope_abandon(rill_scope_t *scope)
{
    if (scope->open) {
        int code = *scope->rc;
        rill_scope_close(scope);
#if RILL_DEBUG
        if (*scope->rc != code) {
            rill_debug_lost(scope->name, *scope->rc);
        }
#else
        (void)code;
#endif
    }
}

// Private: RILL_WITH.
static inline rill_scope_t rill_scope_enter(const char *name, void *object, rill_scope_begin_t enter,
                                            rill_scope_end_t leave,
                                            int *rc)
{
    return rill_scope_open(name, object, leave, rc, enter(object));
}

// Private: a release's error counts if the block had none.
static inline int rill_scope_released(int code, int error)
{
    return code < 0 || error >= 0 ? code : error;
}

// Private: leaves what the macro entered; returns the block's outcome.
static inline int rill_scope_end_lock(void *lock, int code)
{
    return rill_scope_released(code, rill_lock_release((rill_lock_t *)lock));
}

// Private: the macro's entry, or its object made ready.
static inline rill_scope_t rill_scope_lock(rill_lock_t *lock, int *rc)
{
    return rill_scope_open("RILL_WITH_LOCK", lock, rill_scope_end_lock, rc, rill_lock_acquire(lock));
}

// Private: leaves what the macro entered; returns the block's outcome.
static inline int rill_scope_end_semaphore(void *semaphore, int code)
{
    return rill_scope_released(code, rill_semaphore_release((rill_semaphore_t *)semaphore));
}

// Private: the macro's entry, or its object made ready.
static inline rill_scope_t rill_scope_semaphore(rill_semaphore_t *semaphore, int *rc)
{
    int error = rill_semaphore_acquire(semaphore);
    return rill_scope_open("RILL_WITH_SEMAPHORE", semaphore, rill_scope_end_semaphore, rc, error);
}

// Private: leaves what the macro entered; returns the block's outcome.
static inline int rill_scope_end_bounded(void *semaphore, int code)
{
    return rill_scope_released(code, rill_bounded_semaphore_release((rill_bounded_semaphore_t *)semaphore));
}

// Private: the macro's entry, or its object made ready.
static inline rill_scope_t rill_scope_bounded(rill_bounded_semaphore_t *semaphore, int *rc)
{
    int error = rill_bounded_semaphore_acquire(semaphore);
    return rill_scope_open("RILL_WITH_BOUNDED_SEMAPHORE", semaphore, rill_scope_end_bounded, rc, error);
}

// Private: the macro's entry, or its object made ready.
static inline rill_scope_t rill_scope_condition(rill_condition_t *condition, int *rc)
{
    rill_lock_t *lock = condition != NULL ? condition->lock : NULL;
    return rill_scope_open("RILL_WITH_CONDITION", lock, rill_scope_end_lock, rc, rill_lock_acquire(lock));
}

// Private: the macro's entry, or its object made ready.
static inline rill_timeout_t *rill_scope_new_limit(rill_timeout_t *limit)
{
    __builtin_memset(limit, 0, sizeof *limit);
    return limit;
}

// Private: leaves what the macro entered; returns the block's outcome.
static inline int rill_scope_end_limit(void *limit, int code)
{
    return rill_timeout_end((rill_timeout_t *)limit, code);
}

// Private: the macro's entry, or its object made ready.
static inline rill_scope_t rill_scope_limit(rill_timeout_t *limit, int (*enter)(rill_timeout_t *, rill_time_t),
                                            rill_time_t time, int *rc)
{
    return rill_scope_open("RILL_WITH_TIMEOUT", limit, rill_scope_end_limit, rc, enter(limit, time));
}

// Private: leaves what the macro entered; returns the block's outcome.
static inline int rill_scope_end_group(void *group, int code)
{
    return rill_group_end((rill_group_t *)group, code);
}

// Private: the macro's entry, or its object made ready.
static inline rill_scope_t rill_scope_group(rill_group_t *group, int *rc)
{
    return rill_scope_open("RILL_WITH_GROUP", group, rill_scope_end_group, rc, rill_group_begin(group));
}

#ifdef __cplusplus
}
#endif

#endif
