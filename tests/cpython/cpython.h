// What the ports of CPython's own asyncio tests share, beside the conformance vocabulary.
//
// A case bears the name of the CPython test; ledger.tsv says which row it answers. What a test does in a coroutine is
// done in a main task (main_is), what it does outside in the case itself, with the loop `lp` (start, run_briefly,
// complete).
#ifndef CPYTHON_H
#define CPYTHON_H

#include "conformance/conformance.h"

// What the loop's exception handler was told since the case began.
static int reports;
static int reported_error;
static const char *reported_message;

static inline int note_report(rill_loop_t *loop, const rill_exception_t *info)
{
    (void)loop;
    reports++;
    reported_error = info->error;
    reported_message = info->message;
    return 0;
}

// A loop of the case's own that does not run yet.
static inline void start(void)
{
    new_loop();
    reports = 0;
    rill_loop_set_exception_handler(&lp, note_report);
}

// test_utils.run_briefly: one iteration.
static inline void run_briefly(void)
{
    rill_loop_stop(&lp);
    CHECK_EQ(rill_run_forever(&lp), 0);
}

// A task of `lp`, made while it does not run.
static inline rill_task_t spawn_idle(rill_fn_t fn, void *arg)
{
    const rill_spawn_options_t options = { .loop = &lp };
    rill_task_t task;
    CHECK_EQ(rill_spawn_with(&pool, fn, arg, &options, &task), 0);
    return task;
}

// loop.run_until_complete of a future or of a task; `value` may be NULL.
static inline int complete(rill_future_t *future, rill_value_t *value)
{
    return rill_run_until_complete(&lp, future, value);
}

static inline int complete_task(rill_task_t task, rill_value_t *value)
{
    return complete(rill_task_future(task), value);
}

static inline int complete_fn(rill_fn_t fn, void *arg, rill_value_t *value)
{
    return complete_task(spawn_idle(fn, arg), value);
}

// asyncio.run of a test's coroutine, which must end with this code and leave nothing to the exception handler.
static inline void main_is(rill_fn_t fn, int expected)
{
    begin();
    reports = 0;
    rill_loop_init(rill_loop_default());
    rill_loop_default()->debug = 0;
    rill_loop_set_exception_handler(rill_loop_default(), note_report);
    CHECK_EQ(rill_run(&pool, fn, NULL, NULL), expected);
    CHECK_EQ(reports, 0);
}

static inline rill_time_t now_ms(void)
{
    return rill_clock_now() / 1000u;
}

// A future of the running loop, pending.
static inline void renew(rill_future_t *future)
{
    rill_future_init(future, NULL);
}

static inline int await(rill_future_t *future)
{
    return rill_await(future, NULL);
}

static inline int await_task(rill_task_t task)
{
    return rill_await(rill_task_future(task), NULL);
}

static inline int value_of(rill_future_t *future)
{
    rill_value_t value = 0;
    int error = rill_future_result(future, &value);
    return error != 0 ? error : (int)value;
}

static inline int value_of_task(rill_task_t task)
{
    return value_of(rill_task_future(task));
}

static inline bool done(rill_task_t task)
{
    return rill_task_state(task) != RILL_PENDING;
}

static inline bool cancelled(rill_task_t task)
{
    return rill_task_state(task) == RILL_CANCELLED;
}

#endif
