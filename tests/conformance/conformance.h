// What the conformance programs share: the vocabulary of the reference's programs, in C.
//
// Each case is one program of the reference run on CPython's asyncio, with the trace it printed there. Names are kept:
//   spawn   create_task           rc(f)    await, as its result or its error's name
//   run     asyncio.run           st(f)    state of a future: pending, ok:<result>, or its error's name
//   E(n)    user error n          soon, later, at   call_soon, call_later, call_at
// Callbacks and timers take their memory from arrays here that are cleared when a case begins.
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

#include <rill/clock.h>
#include <rill/future.h>
#include <rill/loop.h>
#include <rill/task.h>

#include "test.h"

#ifndef CONF_TASKS
#define CONF_TASKS 8
#endif
#ifndef CONF_HANDLES
#define CONF_HANDLES 12
#endif
#ifndef CONF_TIMERS
#define CONF_TIMERS 8
#endif

// A host's library calls and signal handlers need more than a microcontroller's, and code for size more than other.
#if defined(__unix__) || defined(__linux__)
#define CONF_STACK 16384
#else
#define CONF_STACK (sizeof(void *) * (RILL_SMALL ? 160 : 128) + TEST_FPU_STACK)
#endif

// Tasks left over by a case leave marks of their frames in the sanitizer's memory.
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_UNPOISON_MEMORY_REGION(memory, bytes) ((void)(memory), (void)(bytes))
#endif

#define E(n) (RILL_EUSER - (n))
#define PTR(n) ((void *)(intptr_t)(n))
#define INT(p) ((int)(intptr_t)(p))

// The result of a function that returns none, where a program prints it.
#define NONE ((rill_value_t)INTPTR_MAX)

static rill_tcb_t conf_tcbs[CONF_TASKS];
static unsigned char conf_stacks[CONF_TASKS][RILL_STACK_ROUND(CONF_STACK)] __attribute__((aligned(RILL_STACK_ALIGN)));
static const rill_task_pool_t conf_fresh =
    RILL_TASK_POOL_INIT(conf_tcbs, conf_stacks, CONF_TASKS, RILL_STACK_ROUND(CONF_STACK));
static rill_task_pool_t pool;
static rill_handle_t conf_handles[CONF_HANDLES];
static rill_timer_t conf_timers[CONF_TIMERS];
static unsigned conf_handles_used;
static unsigned conf_timers_used;
static rill_loop_t lp;

// ---- names

struct error_name {
    int code;
    const char *name;
};

static inline const char *error_name(int code)
{
    static const struct error_name names[] = {
        { RILL_ECANCELED, "ECANCELED" }, { RILL_ETIMEDOUT, "ETIMEDOUT" }, { RILL_ESTATE, "ESTATE" },
        { RILL_EPERM, "EPERM" },         { RILL_EINVAL, "EINVAL" },       { RILL_ETYPE, "ETYPE" },
        { RILL_ENOENT, "ENOENT" },       { RILL_EQFULL, "EQFULL" },       { RILL_EQEMPTY, "EQEMPTY" },
        { RILL_ESHUTDOWN, "ESHUTDOWN" }, { RILL_EBROKEN, "EBROKEN" },     { RILL_EDEADLK, "EDEADLK" },
        { RILL_EINTR, "EINTR" },         { RILL_ESTALE, "ESTALE" },       { RILL_EBUSY, "EBUSY" },
        { RILL_ENOMEM, "ENOMEM" },       { RILL_EGROUP, "EGROUP" },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].code == code) {
            return names[i].name;
        }
    }
    return code == RILL_OK ? "ok" : "E?";
}

static inline const char *number_text(const char *prefix, int number)
{
    static char texts[6][20]; // as many as one line of a trace has
    static unsigned next;
    char digits[12];
    unsigned n = 0;
    unsigned rest = number < 0 ? 0u - (unsigned)number : (unsigned)number;
    char *text = texts[next++ % 6];
    char *out = text;
    while (*prefix != '\0') {
        *out++ = *prefix++;
    }
    if (number < 0) {
        *out++ = '-';
    }
    do {
        digits[n++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    while (n > 0) {
        *out++ = digits[--n];
    }
    *out = '\0';
    return text;
}

static inline const char *err(int code)
{
    return code <= RILL_EUSER ? number_text("E", RILL_EUSER - code) : error_name(code);
}

static inline const char *outcome(int code, rill_value_t value)
{
    return code < 0 ? err(code) : value == NONE ? "None" : number_text("", (int)value);
}

static inline const char *st(rill_future_t *future)
{
    rill_value_t value = 0;
    if (!rill_future_done(future)) {
        return "pending";
    }
    int code = rill_future_result(future, &value);
    return code < 0 ? err(code) : value == NONE ? "ok:None" : number_text("ok:", (int)value);
}

static inline const char *stt(rill_task_t task)
{
    return st(rill_task_future(task));
}

// ---- a case's loop

static inline int print_handler(rill_loop_t *loop, const rill_exception_t *info)
{
    (void)loop;
    ev("HANDLER %s %s", info->message, err(info->error));
    return 0;
}

static inline void begin(void)
{
    pool = conf_fresh;
    ASAN_UNPOISON_MEMORY_REGION(conf_stacks, sizeof conf_stacks);
    memset(conf_handles, 0, sizeof conf_handles);
    memset(conf_timers, 0, sizeof conf_timers);
    conf_handles_used = 0;
    conf_timers_used = 0;
}

static inline void new_loop(void)
{
    begin();
    rill_loop_init(&lp);
    lp.debug = 0; // as in the reference's runs
    rill_loop_set_exception_handler(&lp, print_handler);
}

static inline rill_loop_t *this_loop(void)
{
    return rill_loop_running() != NULL ? rill_loop_running() : &lp;
}

// asyncio.run. A main function returns no result unless it says so (rill_return), hence 0 is None.
static inline void run(rill_fn_t main_fn)
{
    rill_value_t value = 0;
    begin();
    rill_loop_init(rill_loop_default());
    rill_loop_default()->debug = 0;
    rill_loop_set_exception_handler(rill_loop_default(), print_handler);
    int code = rill_run(&pool, main_fn, NULL, &value);
    if (code == RILL_EDEADLK) {
        ev("DEADLOCK");
    } else {
        ev("run -> %s", code == 0 && value == 0 ? "None" : outcome(code, value));
    }
}

// ---- callbacks, timers, tasks

static inline rill_handle_t *soon(rill_callback_t fn, void *arg)
{
    rill_handle_t *handle = &conf_handles[conf_handles_used++ % CONF_HANDLES];
    CHECK_EQ(rill_call_soon(this_loop(), handle, fn, arg), 0);
    return handle;
}

static inline rill_timer_t *at(uint32_t ms, rill_callback_t fn, void *arg)
{
    rill_timer_t *timer = &conf_timers[conf_timers_used++ % CONF_TIMERS];
    CHECK_EQ(rill_call_at(this_loop(), timer, RILL_MS(ms), fn, arg), 0);
    return timer;
}

static inline rill_timer_t *later(uint32_t ms, rill_callback_t fn, void *arg)
{
    rill_timer_t *timer = &conf_timers[conf_timers_used++ % CONF_TIMERS];
    CHECK_EQ(rill_call_later(this_loop(), timer, RILL_MS(ms), fn, arg), 0);
    return timer;
}

static inline rill_handle_t *when_done(rill_future_t *future, rill_callback_t fn, void *arg)
{
    rill_handle_t *handle = &conf_handles[conf_handles_used++ % CONF_HANDLES];
    CHECK_EQ(rill_future_add_done_callback(future, handle, fn, arg), 0);
    return handle;
}

static inline int say(void *arg)
{
    ev("%s", (const char *)arg);
    return 0;
}

static inline int stop_loop(void *arg)
{
    (void)arg;
    return rill_loop_stop(this_loop());
}

static inline rill_task_t spawn(rill_fn_t fn, void *arg)
{
    rill_task_t task;
    CHECK_EQ(rill_spawn(&pool, fn, arg, &task), 0);
    return task;
}

static inline rill_task_t spawn_named(rill_fn_t fn, void *arg, const char *name)
{
    const rill_spawn_options_t options = { .name = name };
    rill_task_t task;
    CHECK_EQ(rill_spawn_with(&pool, fn, arg, &options, &task), 0);
    return task;
}

// A task nobody keeps a handle of.
static inline void go(rill_fn_t fn, void *arg)
{
    CHECK_EQ(rill_spawn(&pool, fn, arg, NULL), 0);
}

static inline const char *rc(rill_future_t *future)
{
    rill_value_t value = 0;
    int code = rill_await(future, &value);
    return outcome(code, value);
}

static inline const char *rct(rill_task_t task)
{
    return rc(rill_task_future(task));
}

#endif
