// What the conformance programs of the synchronisation API share: a task pool, spawn, asyncio.run, names of outcomes.
//
// Each case transcribes one reference program for CPython's asyncio and compares the whole trace. `rc(x)` of the
// reference is the return code of the call, printed with outcome().
#ifndef SYNC_H
#define SYNC_H

#include <rill/barrier.h>
#include <rill/condition.h>
#include <rill/event.h>
#include <rill/gather.h>
#include <rill/lock.h>
#include <rill/queue.h>
#include <rill/semaphore.h>
#include <rill/timeout.h>

#include "test.h"

#ifndef TASKS
#define TASKS 6 // alive or not yet read, main included
#endif

// Words; the programs with more tasks are those whose tasks call little.
#define STACK_WORDS (TASKS <= 8 ? 160 : 128)

#if defined(__unix__)
#define STACK_BYTES 16384
#else
#define STACK_BYTES (STACK_WORDS * sizeof(void *) + TEST_FPU_STACK)
#endif

#define E(n) (RILL_EUSER - (n)) // user error n of the reference programs

#define EMPTY(array) memset((array), 0, sizeof(array))

RILL_TASK_POOL_DEFINE(pool, TASKS, STACK_BYTES);

static rill_task_t spawned[TASKS * 3]; // handles are given up when the case ends, as Python's are
static unsigned spawn_count;

__attribute__((unused)) static rill_task_t spawn(rill_fn_t fn, void *arg)
{
    rill_task_t task = RILL_NO_TASK;
    CHECK_EQ(rill_spawn(&pool, fn, arg, &task), RILL_OK);
    if (CHECK(spawn_count < sizeof spawned / sizeof *spawned)) {
        spawned[spawn_count++] = task;
    }
    return task;
}

__attribute__((unused)) static rill_future_t *spawn_future(rill_fn_t fn, void *arg)
{
    return rill_task_future(spawn(fn, arg));
}

static const char *error_name(int code)
{
    static char user[] = "E00";
    static const struct {
        int code;
        const char *name;
    } names[] = {
        { RILL_EPERM, "EPERM" },         { RILL_EINVAL, "EINVAL" }, { RILL_EBROKEN, "EBROKEN" },
        { RILL_EQEMPTY, "EQEMPTY" },     { RILL_EQFULL, "EQFULL" }, { RILL_ESHUTDOWN, "ESHUTDOWN" },
        { RILL_ETIMEDOUT, "ETIMEDOUT" }, { RILL_ESTATE, "ESTATE" }, { RILL_ECANCELED, "ECANCELED" },
        { RILL_ENOMEM, "ENOMEM" },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].code == code) {
            return names[i].name;
        }
    }
    int number = RILL_EUSER - code;
    bool two = number > 9;
    user[1] = (char)('0' + (two ? number / 10 : number));
    user[2] = (char)(two ? '0' + number % 10 : '\0');
    return user;
}

// The name of an error, or what the reference prints for success: "True", "None", ...
__attribute__((unused)) static const char *outcome(int code, const char *success)
{
    return code < 0 ? error_name(code) : success;
}

// The name of an error, or a small result in decimal.
__attribute__((unused)) static const char *number_or_error(int code, rill_value_t value)
{
    static char digits[12];
    char *out = digits + sizeof digits;
    *--out = '\0';
    uintptr_t left = (uintptr_t)(value < 0 ? -value : value);
    do {
        *--out = (char)('0' + left % 10);
        left /= 10;
    } while (left != 0 && out > digits + 1);
    if (value < 0) {
        *--out = '-';
    }
    return code < 0 ? error_name(code) : out;
}

// st(f): "pending", an error, or "ok:<result>". Good until the fourth call from here.
__attribute__((unused)) static const char *state_of(rill_future_t *future)
{
    static char texts[4][16];
    static unsigned turn;
    rill_value_t value = 0;
    int code = rill_future_result(future, &value);
    if (code != RILL_OK) {
        return code == RILL_ESTATE ? "pending" : error_name(code);
    }
    char *text = texts[turn++ % 4];
    memcpy(text, "ok:", 4);
    return strcat(text, number_or_error(0, value));
}

// ev(L(st(f) for f in ..))
__attribute__((unused)) static void ev_states(const rill_awaitable_t *children, unsigned n)
{
    char text[64] = "[";
    for (unsigned i = 0; i < n; i++) {
        strcat(text, state_of(children[i].future));
        strcat(text, i + 1 < n ? "," : "]");
    }
    ev("%s", text);
}

// st(f) of a task that returns nothing.
__attribute__((unused)) static const char *state_of_none(rill_future_t *future)
{
    return rill_future_state(future) == RILL_FINISHED ? "ok:None" : state_of(future);
}

// The list of results of a gather, ev(L(await g)).
__attribute__((unused)) static void ev_results(const rill_awaitable_t *children, unsigned n)
{
    char text[64] = "[";
    for (unsigned i = 0; i < n; i++) {
        strcat(text, number_or_error(children[i].error, children[i].value));
        strcat(text, i + 1 < n ? "," : "");
    }
    ev("%s]", text);
}

__attribute__((unused)) static int say(void *text)
{
    ev("%s", (const char *)text);
    return 0;
}

// call_soon(ev, text)
__attribute__((unused)) static void call_soon_ev(const char *text)
{
    static rill_handle_t handle = RILL_HANDLE_INIT(NULL, NULL);
    CHECK_EQ(rill_call_soon(rill_loop_running(), &handle, say, (void *)(uintptr_t)text), RILL_OK);
}

// A child that waits `delay` ms, reports if `loud`, then fails with E<error> or returns its number.
struct child {
    int n;
    uint32_t delay;
    int error;
    bool loud;
};

__attribute__((unused)) static int child(void *arg)
{
    const struct child *self = arg;
    int code = self->delay != 0 ? rill_sleep_ms(self->delay) : 0;
    if (code != 0) {
        return code;
    }
    if (self->loud) {
        ev("a%d", self->n);
    }
    return self->error != 0 ? E(self->error) : self->n;
}

__attribute__((unused)) static void spawn_children(rill_awaitable_t *children, struct child *specs, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        children[i].future = spawn_future(child, &specs[i]);
    }
}

// asyncio.run(main()) and the line the reference ends with.
static void run_main(rill_fn_t fn)
{
    int code = rill_run(&pool, fn, NULL, NULL);
    if (code == RILL_EDEADLK) {
        ev("DEADLOCK");
    } else {
        ev("run -> %s", outcome(code, "None"));
    }
    while (spawn_count > 0) { // bound: what the case spawned
        rill_detach(spawned[--spawn_count]);
    }
}

#endif
