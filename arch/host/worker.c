// Workers on the host: threads of the operating system. To the loop they are what interrupts are: they post, and then
// raise an interrupt line, which ends the loop's sleep. Time of the virtual clock stands still while there are jobs.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>

#include <rill/clock.h>
#include <rill/executor.h>
#include <rill/irq.h>

#include "arch.h"

enum { WORKER_LINE = 60 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t called = PTHREAD_COND_INITIALIZER;
static unsigned calls;    // with the mutex
static pthread_t looper;  // whoever started the first executor
static rill_worker_t *all; // the loop's

// ---- the threads

static unsigned count_calls(void)
{
    pthread_mutex_lock(&mutex);
    unsigned n = calls;
    pthread_mutex_unlock(&mutex);
    return n;
}

static void call_all(void)
{
    pthread_mutex_lock(&mutex);
    calls++;
    pthread_cond_broadcast(&called);
    pthread_mutex_unlock(&mutex);
}

// Until a call after the one that was seen.
static void wait_for_call(unsigned seen)
{
    pthread_mutex_lock(&mutex);
    while (calls == seen) {
        pthread_cond_wait(&called, &mutex);
    }
    pthread_mutex_unlock(&mutex);
}

// A post. One from the loop's own thread, or an interrupt there, needs no telling.
void rill_preempt(rill_loop_t *loop)
{
    (void)loop;
    if (looper == 0 || pthread_equal(pthread_self(), looper)) {
        return;
    }
    __atomic_fetch_or(&rill_host_pending, UINT64_C(1) << WORKER_LINE, __ATOMIC_SEQ_CST);
    pthread_kill(looper, SIGUSR1);
}

static bool told_to_end(const rill_worker_t *worker)
{
    return __atomic_load_n(&worker->ending, __ATOMIC_ACQUIRE);
}

static void *worker_main(void *arg)
{
    rill_worker_t *self = arg;
    rill_host_in_isr = 1;
    while (!told_to_end(self)) {
        unsigned seen = count_calls();
        rill_job_t *job = rill_executor_take(self->executor);
        if (job != NULL) {
            rill_job_run(job);
        } else if (!told_to_end(self)) {
            wait_for_call(seen);
        }
    }
    return NULL;
}

// ---- the loop

static bool have_jobs(void)
{
    for (const rill_worker_t *worker = all; worker != NULL; worker = worker->next) {
        if (worker->executor->jobs > 0) {
            return true;
        }
    }
    return false;
}

// In place of sleep, which in virtual time would go on to the next deadline at once.
bool rill_background_work(rill_loop_t *loop, rill_time_t deadline)
{
    if (!have_jobs()) {
        return false;
    }
    rill_clock_alarm(deadline);
    uintptr_t state = rill_arch_irq_save();
    if (loop->posts == NULL && !loop->alarm) {
        rill_arch_wait();
    }
    rill_arch_irq_restore(state);
    return true;
}

static void wake(rill_executor_t *executor)
{
    (void)executor;
    call_all();
}

static void forget(const rill_worker_t *worker)
{
    rill_worker_t **link = &all;
    while (*link != worker) {
        link = &(*link)->next;
    }
    *link = worker->next;
}

static void stop(rill_executor_t *executor)
{
    for (unsigned i = 0; i < executor->n; i++) {
        rill_worker_t *worker = &executor->workers[i];
        if (worker->thread != 0) {
            __atomic_store_n(&worker->ending, true, __ATOMIC_RELEASE);
            call_all();
            pthread_join((pthread_t)worker->thread, NULL);
            worker->thread = 0;
            forget(worker);
        }
    }
}

static void end_sleep(int number)
{
    (void)number;
}

static void ended_sleep(void *arg)
{
    (void)arg;
}

static int start_worker(rill_worker_t *worker)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, worker_main, worker) != 0) {
        return RILL_EAGAIN;
    }
    worker->thread = (uintptr_t)thread;
    worker->next = all;
    all = worker;
    return RILL_OK;
}

// Signals are the loop's thread's.
static int start_workers(rill_executor_t *executor)
{
    sigset_t signals, before;
    int error = RILL_OK;
    sigfillset(&signals);
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    for (unsigned i = 0; i < executor->n && error == RILL_OK; i++) {
        executor->workers[i] = (rill_worker_t){ .executor = executor };
        error = start_worker(&executor->workers[i]);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

int rill_executor_start(rill_executor_t *executor)
{
    if (executor == NULL || executor->n == 0) {
        return RILL_EINVAL;
    }
    if (executor->wake != NULL) {
        return RILL_EBUSY;
    }
    struct sigaction action = { .sa_handler = end_sleep };
    sigaction(SIGUSR1, &action, NULL);
    rill_irq_attach(WORKER_LINE, ended_sleep, NULL);
    looper = pthread_self();
    int error = start_workers(executor);
    if (error != RILL_OK) {
        stop(executor);
        return error;
    }
    executor->shut = false;
    executor->stop = stop;
    executor->wake = wake;
    return RILL_OK;
}
