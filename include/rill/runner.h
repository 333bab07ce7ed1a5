// Several main tasks, one after the other, on one loop and in one shared context: asyncio.Runner, rule RN5.
//
//     rill_runner_t runner = RILL_RUNNER_INIT(NULL);
//     rc = rill_runner_run(&runner, &pool, connect, NULL, NULL);
//     rc = rc < 0 ? rc : rill_runner_run(&runner, &pool, serve, NULL, NULL);  // tasks that connect spawned go on here
//     rill_runner_close(&runner);
//
// rill_run (task.h) is a runner for one main.
#ifndef RILL_RUNNER_H
#define RILL_RUNNER_H

#include <rill/task.h>

#ifdef __cplusplus
extern "C" {
#endif

// A runner. The caller's memory; 12 bytes on 32-bit machines. Fields are private.
typedef struct rill_runner {
    rill_loop_t *loop;
    rill_vars_t vars;
    uint8_t state;
} rill_runner_t;

// A runner on the loop given, which is zeroed, initialised or closed; NULL: the default loop. asyncio:
// Runner(loop_factory=...).
#define RILL_RUNNER_INIT(loop_pointer) { (loop_pointer), { NULL }, 0 }

// Runs fn(arg) as a main task until it has ended; other tasks stay as they are and go on in the next run. All mains
// share one set of context variables (contextvars.h). Returns as rill_run: 0 with the result in *value (may be NULL),
// or main's error; RILL_EPERM in a running loop or if the runner was closed; RILL_EINVAL for NULL; RILL_ENOMEM,
// RILL_EINVAL as rill_spawn; RILL_EDEADLK where provable, and then main is still waiting. asyncio: Runner.run. Context:
// thread (main); suspends it, not a task. O(1) beside what runs.
int rill_runner_run(rill_runner_t *runner, rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_value_t *value);

// The runner's loop, made ready at first use, for handlers and debug mode; NULL if the runner was closed. asyncio:
// Runner.get_loop. Context: thread, loop. O(1), does not suspend.
rill_loop_t *rill_runner_loop(rill_runner_t *runner);

// Cancels the tasks that are left, in creation order, waits for them (RN2, RN3) and closes the loop; once more does
// nothing. Returns 0; RILL_EINVAL for NULL; RILL_EPERM in a running loop; RILL_EDEADLK if a task caught its
// cancellation and waits for what never comes: the loop is closed all the same. asyncio: Runner.close. Context: thread
// (main). O(tasks), and what they do.
int rill_runner_close(rill_runner_t *runner);

#ifdef __cplusplus
}
#endif

#endif
