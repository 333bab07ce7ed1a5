// Executors: calls that block or compute for long, done beside the loop. asyncio's run_in_executor and to_thread, rules
// TH6-TH8.
//
//     RILL_EXECUTOR_DEFINE(blocking, 1, 1024);              // one worker with a stack of 1 KB
//     rill_executor_start(&blocking);
//     rill_loop_set_default_executor(NULL, &blocking);
//     rill_value_t sum;
//     int error = rill_to_thread(checksum, &image, &sum);   // other tasks run meanwhile
//
// A job is a plain C function called by a worker. Workers take jobs in the order they were given. What a worker is:
//   host            a thread of the operating system
//   Cortex-M, RISC-V  a background context, on its own stack, that runs while the loop has nothing to do, in place of
//                   sleep. An interrupt that gives the loop something to do, the alarm included, stops it in the middle
//                   of whatever it does, and it goes on when the loop is idle again. The loop is not delayed.
//   anything else   a second core, a device, a test: rill_executor_init
// An executor with n workers has up to n jobs in progress. On one core they share what time the loop leaves: the next
// of them has its turn each time the loop goes idle.
//
// What a job may do: compute, and call what is marked "Context: any". It must not wait in the kernel's sense. A debug
// build names the function that was called in spite of that (RILL_EPERM); so it must not use generators and greenlets.
// Data it shares with the loop is shared with an interrupt, as far as care is concerned.
//
// On the host with its virtual clock, time stands still while a job runs.
//
// Unless a function says otherwise: O(1), does not suspend; asyncio: none.
#ifndef RILL_EXECUTOR_H
#define RILL_EXECUTOR_H

#include <rill/task.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rill_executor rill_executor_t;

// One call in an executor. The caller's memory, 76 bytes on 32-bit machines; it must stay where it is, as must what
// `arg` points to, until rill_job_busy says no. Fields are private but for `future`.
typedef struct rill_job {
    rill_future_t future; // to await, to gather, to cancel; of the loop the job was given by
    rill_handle_t post;   // its node waits in the queue; then it carries the end of the job to the loop
    rill_handle_t watch;  // told when the future is done, which may be by cancellation
    rill_executor_t *executor;
    rill_fn_t fn;
    void *arg;
    rill_value_t value;
    int code;
    rill_vars_t vars; // context variables as the caller had them
    uint8_t state;
    bool has_value;
} rill_job_t;

// Static initialiser: idle.
#define RILL_JOB_INIT                                                                                                  \
    { RILL_FUTURE_INIT, RILL_HANDLE_INIT(NULL, NULL), RILL_HANDLE_INIT(NULL, NULL), NULL, NULL, NULL, 0, 0, { NULL },  \
      0, false }

// A worker. Private.
typedef struct rill_worker {
    rill_context_t context;
    rill_executor_t *executor;
    rill_job_t *job; // in progress
    struct rill_worker *next;
    uintptr_t thread; // host: 0, or its thread
    bool ending;      // host
} rill_worker_t;

// Where jobs wait. Fields are private.
struct rill_executor {
    void *volatile held;
    rill_node_t *queue; // oldest first
    void (*wake)(rill_executor_t *executor); // NULL: not started
    void (*stop)(rill_executor_t *executor);
    uint32_t jobs; // queued or running
    bool shut;
    rill_future_t over; // shut down, and no job left
    rill_worker_t *workers;
    unsigned char *stacks;
    size_t stack_size;
    unsigned n;
};

// Defines an executor with n workers whose stacks have `bytes` each (on the host: what a thread gets):
// RILL_EXECUTOR_DEFINE(blocking, 2, 1024);
#define RILL_EXECUTOR_DEFINE(name, n, bytes)                                                                           \
    static rill_worker_t name##_workers[n];                                                                            \
    static unsigned char name##_stacks[n][RILL_STACK_ROUND(bytes)] __attribute__((aligned(RILL_STACK_ALIGN)));         \
    static rill_executor_t name = { NULL,       NULL,           NULL,                    NULL,                         \
                                    0,          false,          RILL_FUTURE_INIT,        name##_workers,               \
                                    *name##_stacks, RILL_STACK_ROUND(bytes), n }

// Starts its workers, or starts them again after rill_executor_shutdown. Returns 0; RILL_EINVAL for NULL or an executor
// that was not made with RILL_EXECUTOR_DEFINE, or whose stacks are too small; RILL_EBUSY if it is started; on the host
// RILL_EAGAIN if the system gives no thread. Context: loop. O(n).
int rill_executor_start(rill_executor_t *executor);

// An executor whose workers are somebody else's: they take and run jobs with the three functions below. `wake` is
// called when there is a job to take; any number of calls may stand for one job, and there may be none left by then. It
// is called by rill_run_in_executor, and from wherever a job was being taken meanwhile. Not for an executor that has
// jobs. Returns 0; RILL_EINVAL for NULL. Context: loop. O(1).
int rill_executor_init(rill_executor_t *executor, void (*wake)(rill_executor_t *executor));

// Takes the oldest job that waits; NULL if there is none. Several workers may call it at once. Never waits for another:
// whoever finds the queue in use gets NULL, and `wake` is called a moment later. Lock-free. Context: any that the loop
// cannot interrupt: an interrupt, another core or thread, the loop itself. O(1).
rill_job_t *rill_executor_take(rill_executor_t *executor);

// Runs a job that was taken: calls its function, then posts the outcome to its loop. Context: any. O(1) and the job.
void rill_job_run(rill_job_t *job);

// The second half of it, for workers that call no function, such as a device: posts `code`, >= 0 or a negative error,
// as the outcome of a job that was taken. The job's memory is not the worker's any more. Context: any. O(1).
void rill_job_done(rill_job_t *job, int code);

// True in a job. Context: any. O(1).
bool rill_in_job(void);

// Result for a job that must return a word that is no int: return rill_job_return(pointer). RILL_EPERM outside a job.
// Context: job.
int rill_job_return(rill_value_t value);

// Has fn(arg) called by a worker; job->future is done when it has returned: with its result if that is >= 0, else with
// the error. NULL for `loop`: the running one; for `executor`: the loop's default one.
//
// Cancelling the future takes a job that still waits out of the queue: it never runs. A job that runs cannot be
// stopped: the future is cancelled at once, the outcome is dropped, and `job` and `arg` stay in use until rill_job_busy
// says no.
//
// Returns 0; RILL_EINVAL for NULL; RILL_EBUSY if the job is in use; RILL_EPERM if there is no loop or it is closed, or
// if there is no executor or it is not started or was shut down. asyncio: loop.run_in_executor. Context: loop. O(1),
// does not suspend.
int rill_run_in_executor(rill_loop_t *loop, rill_executor_t *executor, rill_job_t *job, rill_fn_t fn, void *arg);

// True while the job is queued or runs, or the loop has still to hear of its end. Context: loop.
bool rill_job_busy(const rill_job_t *job);

// Calls fn(arg) in the default executor of the running loop and waits for it; rill_var_get finds there what it would
// find here (TH8), and rill_var_set is refused (RILL_EPERM), as the pool of bindings is the loop's. Returns what fn
// returned, as rill_await does, with the result in *value (may be NULL); RILL_EINVAL for NULL; RILL_EPERM outside a
// task or as rill_run_in_executor.
//
// Cancelled, it returns RILL_ECANCELED: at once if the job had not begun, else when it has ended, because the job and
// most likely what `arg` points to lie on this task's stack. asyncio leaves the job behind; for that, give
// rill_run_in_executor a job that is not on the stack. asyncio.to_thread. Context: task; suspends. O(1).
int rill_to_thread(rill_fn_t fn, void *arg, rill_value_t *value);

// The executor that NULL stands for in that loop (NULL: the running one); `executor` NULL: none. The loop's run shuts
// it down at its end (rill_run, rill_runner_close), as asyncio.run does. Returns 0; RILL_EINVAL without a loop;
// RILL_EPERM if the loop is closed. asyncio: loop.set_default_executor. Context: loop. O(1).
int rill_loop_set_default_executor(rill_loop_t *loop, rill_executor_t *executor);
rill_executor_t *rill_loop_default_executor(const rill_loop_t *loop);

// Accepts no jobs any more and waits until those it has are over, `timeout` microseconds at most (RILL_NEVER: no
// limit); then its workers end, and its memory is the caller's again. NULL: the default executor of the running loop.
// Returns 0; RILL_ETIMEDOUT if jobs are left, which go on; RILL_ECANCELED; RILL_EPERM outside a task if it has to wait.
// asyncio: loop.shutdown_default_executor, ThreadPoolExecutor.shutdown. Context: task, or loop if there are no jobs;
// suspends unless there are none.
int rill_executor_shutdown(rill_executor_t *executor, rill_time_t timeout);

#ifdef __cplusplus
}
#endif

#endif
