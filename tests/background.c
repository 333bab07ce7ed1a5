// rill-test: min-ram=16
// Real workers in virtual time: threads on the host, contexts below the loop elsewhere.
#define CONF_TASKS 5
#include "conformance/conformance.h"

#include <rill/board.h>
#include <rill/debug.h>
#include <rill/executor.h>
#include <rill/gather.h>
#include <rill/signal.h>
#include <rill/timeout.h>

#include "arch.h"

#if defined(__linux__)
#define THREADS 1
#else
#define THREADS 0
#endif

RILL_EXECUTOR_DEFINE(one, 1, CONF_STACK);
RILL_EXECUTOR_DEFINE(two, 2, CONF_STACK);

static volatile int count;
static rill_handle_t post;
static rill_loop_t *main_loop;

static uint32_t lcg(uint32_t seed, uint32_t rounds)
{
    while (rounds > 0) {
        seed = seed * 1664525u + 1013904223u;
        rounds--;
    }
    return seed;
}

static int use(rill_executor_t *executor)
{
    main_loop = rill_loop_running();
    count = 0;
    int error = rill_executor_start(executor);
    return error != 0 ? error : rill_loop_set_default_executor(NULL, executor);
}

// ---- results

static int compute(void *arg)
{
    return rill_job_return((rill_value_t)(lcg(*(uint32_t *)arg, 5000) >> 1));
}

static int main_results(void *arg)
{
    uint32_t seed = 7;
    rill_value_t value = 0;
    (void)arg;
    CHECK_EQ(use(&one), 0);
    CHECK_EQ(rill_executor_start(&one), RILL_EBUSY);
    for (int i = 0; i < 5; i++, seed++) {
        CHECK_EQ(rill_to_thread(compute, &seed, &value), 0);
        CHECK_EQ(value, lcg(seed, 5000) >> 1);
    }
    CHECK_EQ(rill_executor_shutdown(NULL, RILL_NEVER), 0);
    CHECK_EQ(rill_to_thread(compute, &seed, &value), RILL_EPERM);
    CHECK_EQ(rill_executor_start(&one), 0);
    CHECK_EQ(rill_to_thread(compute, &seed, &value), 0);
    return 0;
}

TEST(results)
{
    run(main_results);
    trace_is("0 run -> None\n"); // no time but the jobs' passes, and theirs is none
}

// ---- tasks and callbacks run in the middle of a job

static int count_up(void *arg)
{
    (void)arg;
    count++;
    return 0;
}

// Each post is answered before the job goes on; in a thread, at some time.
static int post_and_look(void *arg)
{
    int seen = 0;
    for (int i = 0; i < 100; i++) {
        int before = count;
        CHECK_EQ(rill_call_soon_threadsafe(arg, &post), 1);
        while (THREADS && count == before) {
        }
        seen += count == before + 1;
    }
    return seen;
}

static int main_posts(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    CHECK_EQ(use(&one), 0);
    rill_handle_init(&post, count_up, NULL);
    CHECK_EQ(rill_to_thread(post_and_look, main_loop, &value), 0);
    CHECK_EQ(value, 100);
    CHECK_EQ(count, 100);
    return 0;
}

TEST(job_posts)
{
    run(main_posts);
    trace_is("0 run -> None\n");
}

static int others(void *arg)
{
    rill_signal_t *signal = arg;
    for (int i = 0; i < 3; i++) {
        rill_signal_wait(signal);
        count++;
    }
    return 0;
}

static int set_signal(void *arg)
{
    for (int i = 1; i <= 3; i++) {
        rill_signal_set_threadsafe(arg);
        while (THREADS && count < i) {
        }
        CHECK_EQ(count, i);
    }
    return 0;
}

static int main_signal(void *arg)
{
    static rill_signal_t signal = RILL_SIGNAL_INIT;
    (void)arg;
    CHECK_EQ(use(&one), 0);
    go(others, &signal);
    CHECK_EQ(rill_yield(), 0);
    CHECK_EQ(rill_to_thread(set_signal, &signal, NULL), 0);
    return 0;
}

TEST(job_signals_a_task)
{
    run(main_signal);
    trace_is("0 run -> None\n");
}

// ---- several jobs, one and two workers

static int in_thread(void *arg)
{
    rill_value_t value = 0;
    int code = rill_to_thread(compute, arg, &value);
    return code < 0 ? code : rill_return(value);
}

static int main_gather(void *arg)
{
    static uint32_t seeds[4] = { 1, 2, 3, 4 };
    static rill_awaitable_t all[4];
    static rill_call_t calls[4];
    CHECK_EQ(use(arg), 0);
    for (int i = 0; i < 4; i++) {
        calls[i] = (rill_call_t){ in_thread, &seeds[i] };
    }
    CHECK_EQ(rill_gather_calls(&pool, calls, all, 4, 0), 0);
    for (int i = 0; i < 4; i++) {
        CHECK_EQ(all[i].value, lcg(seeds[i], 5000) >> 1);
    }
    return 0;
}

TEST(several_jobs)
{
    begin();
    CHECK_EQ(rill_run(&pool, main_gather, &one, NULL), 0);
    begin();
    CHECK_EQ(rill_run(&pool, main_gather, &two, NULL), 0);
}

// Two jobs in progress, each of which waits for the other's step: with two workers both get on, though one core has to
// do it, because a post lets the next worker have its turn.
static int ping(void *arg)
{
    int mine = INT(arg);
    for (int i = 0; i < 20; i++) {
        while (count % 2 != mine) {
            rill_call_soon_threadsafe(main_loop, &post);
        }
        count++;
    }
    return 0;
}

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static int main_two(void *arg)
{
    static rill_job_t jobs[2];
    (void)arg;
    CHECK_EQ(use(&two), 0);
    rill_handle_init(&post, nothing, NULL);
    CHECK_EQ(rill_run_in_executor(NULL, NULL, &jobs[0], ping, PTR(0)), 0);
    CHECK_EQ(rill_run_in_executor(NULL, NULL, &jobs[1], ping, PTR(1)), 0);
    CHECK_EQ(rill_await(&jobs[0].future, NULL), 0);
    CHECK_EQ(rill_await(&jobs[1].future, NULL), 0);
    CHECK_EQ(count, 40);
    return 0;
}

TEST(two_in_progress)
{
    run(main_two);
    trace_is("0 run -> None\n");
}

// ---- cancellation of a job that runs

static volatile int go_on;

static int until_told(void *arg)
{
    static rill_completion_t cell;
    cell = (rill_completion_t)RILL_COMPLETION_INIT;
    rill_future_set_result_threadsafe(arg, &cell, 0);
    while (!go_on) {
    }
    count = 2;
    return 0;
}

static int tell(void *arg)
{
    (void)arg;
    go_on = 1;
    return 0;
}

static int main_running(void *arg)
{
    static rill_job_t job;
    static rill_handle_t soon_after;
    static rill_future_t running;
    (void)arg;
    CHECK_EQ(use(&one), 0);
    go_on = 0;
    soon_after = (rill_handle_t)RILL_HANDLE_INIT(NULL, NULL);
    rill_future_init(&running, NULL);
    CHECK_EQ(rill_run_in_executor(NULL, NULL, &job, until_told, &running), 0);
    CHECK_EQ(rill_await(&running, NULL), 0);
    CHECK_EQ(rill_future_cancel(&job.future), 1);
    CHECK_EQ(rill_await(&job.future, NULL), RILL_ECANCELED);
    CHECK(rill_job_busy(&job));
    CHECK_EQ(rill_call_soon(rill_loop_running(), &soon_after, tell, NULL), 0);
    CHECK_EQ(rill_executor_shutdown(NULL, RILL_NEVER), 0);
    CHECK(!rill_job_busy(&job));
    CHECK_EQ(count, 2);
    return 0;
}

TEST(cancelled_while_it_runs)
{
    begin();
    CHECK_EQ(rill_run(&pool, main_running, NULL, NULL), 0);
}

// ---- what a job may not do

#if RILL_DEBUG

static char logged[64];

void rill_log(const char *text)
{
    strncpy(logged, text, sizeof logged - 1);
}

static void yields_in_isr(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_yield(), RILL_EPERM);
}

static int yields(void *arg)
{
    (void)arg;
    if (!THREADS) { // an interrupt of the job is not the job
        isr_now(yields_in_isr, NULL);
        CHECK(strcmp(logged, "[103] rill_yield called from an interrupt") == 0);
    }
    return rill_yield();
}

static int main_misuse(void *arg)
{
    (void)arg;
    CHECK_EQ(use(&one), 0);
    rill_loop_set_debug(rill_loop_running(), true);
    CHECK_EQ(rill_to_thread(yields, NULL, NULL), RILL_EPERM);
    CHECK(strcmp(logged, "[106] rill_yield called from a job") == 0);
    return 0;
}

TEST(wrong_context)
{
    run(main_misuse);
    trace_is("0 run -> None\n");
}

#else
TEST(wrong_context)
{
}
#endif

TEST_MAIN("background", TEST_CASE(results), TEST_CASE(job_posts), TEST_CASE(job_signals_a_task),
          TEST_CASE(several_jobs), TEST_CASE(two_in_progress), TEST_CASE(cancelled_while_it_runs),
          TEST_CASE(wrong_context))
