// Blocking jobs that must not stop the loop: to_thread, and an executor of two workers. A worker here is a machine
// beside the processor, as a DMA controller or a second core is, that takes its time and then raises an interrupt; a
// timer stands for it, so that the jobs take as long as the document's time.sleep. Workers that are threads, or run in
// the time the loop leaves, come ready-made: RILL_EXECUTOR_DEFINE. The document prints the thread's identity, which is
// another one every time; this program prints the machine's number and the time. A third job of the pool, which the
// document has not, waits for a machine.
#include "document.h"

#include <rill/executor.h>

enum { MACHINES = 2 };

// What a machine is given: the job, which comes first, and how long it takes.
struct request {
    rill_job_t job;
    unsigned duration;
};

static struct machine {
    rill_timer_t interrupt;
    rill_job_t *job; // NULL: idle
} machines[MACHINES];

RILL_TASK_POOL_DEFINE(tasks, 3, STACK);
static rill_executor_t threads, pool;
static int running; // number of the machine that ends a job

static int synchronous_blocking_operation(void *arg)
{
    printf("%s: machine %d at %u s\n", (const char *)arg, running, seconds());
    return 0;
}

// ---- the machines, which serve both executors

static void start_jobs(rill_executor_t *executor);

static int machine_interrupt(void *arg)
{
    struct machine *machine = arg;
    rill_job_t *job = machine->job;
    machine->job = NULL;
    running = (int)(machine - machines) + 1;
    rill_job_run(job);
    start_jobs(&pool);
    return 0;
}

static void start_job(struct machine *machine, rill_job_t *job, unsigned duration)
{
    if (job != NULL) {
        machine->job = job;
        rill_call_later(rill_loop_running(), &machine->interrupt, RILL_S(duration), machine_interrupt, machine);
    }
}

// Called when an executor has a job: every idle machine takes one. to_thread's take 2 s, the pool's what they say.
static void start_jobs(rill_executor_t *executor)
{
    for (int i = 0; i < MACHINES; i++) {
        if (machines[i].job == NULL) {
            rill_job_t *job = rill_executor_take(executor);
            unsigned duration = executor == &threads || job == NULL ? 2 : ((struct request *)job)->duration;
            start_job(&machines[i], job, duration);
        }
    }
}

// ---- the program

static int thread(void *name)
{
    return rill_to_thread(synchronous_blocking_operation, name, NULL);
}

static int async_operation(void)
{
    const rill_call_t calls[] = { { thread, "r1" }, { thread, "r2" } };
    rill_awaitable_t results[2];
    return rill_gather_calls(&tasks, calls, results, 2, 0);
}

static int pool_of_two(void)
{
    static struct request f[] = { { RILL_JOB_INIT, 1 }, { RILL_JOB_INIT, 2 }, { RILL_JOB_INIT, 3 } };
    static char *const names[] = { "f1", "f2", "f3" };
    rill_awaitable_t results[3] = { 0 };
    for (int i = 0; i < 3; i++) {
        rill_run_in_executor(NULL, &pool, &f[i].job, synchronous_blocking_operation, names[i]);
        results[i].future = &f[i].job.future;
    }
    return rill_gather(results, 3, 0);
}

static int app(void *arg)
{
    (void)arg;
    rill_executor_init(&threads, start_jobs);
    rill_executor_init(&pool, start_jobs);
    rill_loop_set_default_executor(NULL, &threads);
    int error = async_operation();
    return error == RILL_OK ? pool_of_two() : error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
