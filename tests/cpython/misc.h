// What the programs that port CPython's own asyncio tests share, over the vocabulary of tests/conformance.
//
// A case is named after the CPython test it ports: `self.assertX` is a CHECK, `result.append(1)` is add('1') and the
// list itself is checked with RESULTS("1"). `await asyncio.sleep(0)` is rill_yield().
#ifndef MISC_H
#define MISC_H

#include "conformance/conformance.h"

static char results[64];

static inline void add(char item)
{
    size_t n = strlen(results);
    if (CHECK(n + 1 < sizeof results)) {
        results[n] = item;
        results[n + 1] = '\0';
    }
}

#define RESULTS(expected) test_check(strcmp(results, (expected)) == 0, __FILE__, __LINE__, "results are " #expected)

// How often an item was added.
static inline unsigned count_of(char item)
{
    unsigned n = 0;
    for (const char *at = results; *at != '\0'; at++) {
        n += *at == item;
    }
    return n;
}

static inline void fresh(void)
{
    begin();
    results[0] = '\0';
    rill_loop_init(rill_loop_default());
    rill_loop_default()->debug = 0;
    rill_loop_set_exception_handler(rill_loop_default(), print_handler);
}

// The body of an IsolatedAsyncioTestCase's test: it returns 0.
static inline void play(rill_fn_t main_fn)
{
    fresh();
    CHECK_EQ(rill_run(&pool, main_fn, NULL, NULL), 0);
}

static inline bool done(rill_task_t task)
{
    return rill_task_state(task) != RILL_PENDING;
}

static inline bool cancelled(rill_task_t task)
{
    return rill_task_state(task) == RILL_CANCELLED;
}

static inline int wait_end(rill_task_t task)
{
    return rill_await(rill_task_future(task), NULL);
}

static inline int result_of(rill_task_t task)
{
    rill_value_t value = 0;
    int code = rill_future_result(rill_task_future(task), &value);
    return code < 0 ? code : (int)value;
}

// call_soon(task.cancel)
static inline int cancel_it(void *task)
{
    return rill_task_cancel(*(rill_task_t *)task) < 0 ? RILL_ESTALE : 0;
}

#endif
