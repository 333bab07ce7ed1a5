// Combinators over functions: gather and the staggered race.
#include <rill/gather.h>
#include <rill/timeout.h>

#include "kernel.h"

static int spawn_child(rill_task_pool_t *pool, const rill_call_t *call, rill_awaitable_t *child)
{
    rill_task_t task;
    int error = rill_spawn(pool, call->fn, call->arg, &task);
    if (error == RILL_OK) {
        child->future = &task.tcb->future;
        rill_future_pin(child->future, 1); // ours; the task itself is reaped when nobody reads it any more
        rill_detach(task);
    }
    return error;
}

static void release(rill_awaitable_t *children, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        rill_future_pin(children[i].future, -1);
    }
}

static bool usable(const rill_call_t *calls, const rill_awaitable_t *children, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (calls == NULL || children == NULL || calls[i].fn == NULL) {
            return false;
        }
    }
    return true;
}

static int may_call(const rill_task_pool_t *pool, const rill_call_t *calls, rill_awaitable_t *children, unsigned n)
{
    if (pool == NULL || !usable(calls, children, n)) {
        return RILL_EINVAL;
    }
    if (running_task() == NULL) {
        return RILL_EPERM;
    }
    for (unsigned i = 0; i < n; i++) {
        children[i] = (rill_awaitable_t){ 0 };
    }
    return RILL_OK;
}

int rill_gather_calls(rill_task_pool_t *pool, const rill_call_t *calls, rill_awaitable_t *children, unsigned n,
                      unsigned flags)
{
    unsigned spawned = 0;
    int error = may_call(pool, calls, children, n);
    if (error != RILL_OK) {
        return error;
    }
    while (error == RILL_OK && spawned < n) { // bound: n
        error = spawn_child(pool, &calls[spawned], &children[spawned]);
        spawned += error == RILL_OK;
    }
    if (error == RILL_OK) {
        error = rill_gather(children, n, flags);
    } else {
        for (unsigned i = 0; i < spawned; i++) {
            rill_cancel_any(children[i].future, 0);
        }
    }
    release(children, spawned);
    return error;
}

// ---- the staggered race

struct race {
    rill_future_t news; // a call has ended
    unsigned ended;
};

static int call_ended(void *arg)
{
    rill_awaitable_t *child = arg;
    struct race *race = child->owner;
    child->done = true;
    child->value = 0;
    child->error = rill_future_result(child->future, &child->value);
    race->ended++;
    if (race->news.state == RILL_PENDING) {
        rill_future_complete(&race->news, RILL_FINISHED, 0, 0);
    }
    return RILL_OK;
}

static int start(struct race *race, rill_task_pool_t *pool, const rill_call_t *call, rill_awaitable_t *child)
{
    int error = spawn_child(pool, call, child);
    if (error == RILL_OK) {
        child->owner = race;
        rill_future_add_done_callback(child->future, &child->callback, call_ended, child);
    }
    return error;
}

static int winner(const rill_awaitable_t *children, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (children[i].done && children[i].error == RILL_OK) {
            return (int)i;
        }
    }
    return RILL_ENODATA;
}

// Waits for the end of a call, or until `when`.
static int await_news(struct race *race, rill_time_t when)
{
    rill_timeout_t limit = { 0 };
    rill_future_init(&race->news, NULL);
    int error = rill_timeout_begin_at(&limit, when);
    return error != RILL_OK ? error : rill_timeout_end(&limit, rill_await(&race->news, NULL));
}

static int await_all(struct race *race, rill_awaitable_t *children, unsigned started)
{
    int error = RILL_OK;
    for (unsigned i = 0; i < started; i++) {
        rill_cancel_any(children[i].future, 0);
    }
    while (race->ended < started) { // bound: calls + cancellations
        if (await_news(race, RILL_NEVER) == RILL_ECANCELED) {
            error = RILL_ECANCELED;
        }
    }
    return error;
}

// Starts what is to start and returns how many are started: the first at once, each other when the one before it has
// failed or has had its time.
static int run_race(struct race *race, rill_task_pool_t *pool, const rill_call_t *calls, rill_awaitable_t *children,
                    unsigned n, rill_time_t delay, unsigned *started)
{
    rill_time_t next = rill_clock_now();
    int error = RILL_OK;
    while (error == RILL_OK && winner(children, *started) < 0 && (*started < n || race->ended < n)) { // bound: 2 n
        unsigned i = *started;
        if (i < n && (i == 0 || children[i - 1].done || rill_clock_now() >= next)) {
            error = start(race, pool, &calls[i], &children[i]);
            *started += error == RILL_OK;
            next = time_after(rill_clock_now(), delay);
            continue;
        }
        error = await_news(race, i < n ? next : RILL_NEVER);
        error = error == RILL_ETIMEDOUT ? RILL_OK : error;
    }
    return error;
}

int rill_staggered_race(rill_task_pool_t *pool, const rill_call_t *calls, rill_awaitable_t *children, unsigned n,
                        rill_time_t delay)
{
    struct race race = { RILL_FUTURE_INIT, 0 };
    unsigned started = 0;
    int error = may_call(pool, calls, children, n);
    if (error != RILL_OK) {
        return error;
    }
    error = run_race(&race, pool, calls, children, n, delay, &started);
    int index = winner(children, started);
    int cancelled = await_all(&race, children, started);
    release(children, started);
    return error != RILL_OK ? error : cancelled != RILL_OK ? cancelled : index;
}
