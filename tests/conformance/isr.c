// rill-test: min-ram=16
// Conformance, area isr: posts from interrupts, and executors (rules L16, TH1-TH9). Workers are virtual ones.
#define CONF_TASKS 6
#include "conformance.h"

#include <rill/gather.h>
#include <rill/semaphore.h>
#include <rill/submit.h>

#include "vexecutor.h"

static rill_future_t f;
static rill_task_t t;
static rill_handle_t posts[2];

// Interrupt functions: each posts a handle to the loop it interrupted, as any device driver would.
static void post_first(void *arg)
{
    CHECK_EQ(rill_call_soon_threadsafe(arg, &posts[0]), 1);
}

static void post_second(void *arg)
{
    CHECK_EQ(rill_call_soon_threadsafe(arg, &posts[1]), 1);
}

static void post_at(uint32_t ms, unsigned which, rill_callback_t fn, void *arg)
{
    rill_handle_init(&posts[which], fn, arg);
    isr_at(ms, which == 0 ? post_first : post_second, this_loop());
}

static int set_f(void *arg)
{
    return rill_future_set_result(&f, INT(arg));
}

static int main_wakes_idle(void *arg)
{
    (void)arg;
    rill_future_init(&f, NULL);
    post_at(7, 0, set_f, PTR(1));
    const char *result = rc(&f);
    ev("%s", result);
    return 0;
}

TEST(call_soon_threadsafe_wakes_idle_loop)
{
    run(main_wakes_idle);
    trace_is("7 1\n"
             "7 run -> None\n");
}

static int sleep_hundred(void *arg)
{
    (void)arg;
    return rill_sleep_ms(100);
}

static int cancel_t(void *arg)
{
    (void)arg;
    rill_task_cancel(t);
    return 0;
}

static int main_cancel(void *arg)
{
    (void)arg;
    t = spawn(sleep_hundred, NULL);
    post_at(5, 0, cancel_t, NULL);
    const char *result = rct(t);
    ev("%s", result);
    return 0;
}

TEST(cancel_from_isr)
{
    run(main_cancel);
    trace_is("5 ECANCELED\n"
             "5 run -> None\n");
}

static int await_f(void *arg)
{
    const char *result = rc(&f);
    ev("%s %s", (const char *)arg, result);
    return 0;
}

static int main_completes(void *arg)
{
    (void)arg;
    rill_future_init(&f, NULL);
    go(await_f, "a");
    go(await_f, "b");
    post_at(5, 0, set_f, PTR(9));
    return rill_sleep_ms(10);
}

TEST(completes_future_waiter_runs_next)
{
    run(main_completes);
    trace_is("5 a 9\n"
             "5 b 9\n"
             "10 run -> None\n");
}

static int busy_between(void *arg)
{
    (void)arg;
    ev("busy start");
    soon(say, "soon before");
    busy(10);
    soon(say, "soon after");
    return 0;
}

static int main_busy(void *arg)
{
    (void)arg;
    post_at(3, 0, say, "posted at 3");
    soon(busy_between, NULL);
    return rill_sleep_ms(20);
}

TEST(isr_during_busy_callback)
{
    run(main_busy);
    trace_is("0 busy start\n"
             "10 soon before\n"
             "10 posted at 3\n"
             "10 soon after\n"
             "20 run -> None\n");
}

static int return_code_of_f(void *arg)
{
    (void)arg;
    return rill_return(rill_await(&f, NULL));
}

static int guarded(void *arg)
{
    if (rill_future_done(&f)) {
        ev("guarded");
        return 0;
    }
    return set_f(arg);
}

static int main_late(void *arg)
{
    (void)arg;
    rill_future_init(&f, NULL);
    t = spawn(return_code_of_f, NULL);
    rill_sleep_ms(1);
    rill_task_cancel(t);
    post_at(5, 0, set_f, PTR(1));
    post_at(6, 1, guarded, PTR(1));
    rill_sleep_ms(10);
    rill_value_t value = 0;
    int code = rill_future_result(rill_task_future(t), &value);
    ev("%s%s", code == 0 ? "ok:" : "", err(code == 0 ? (int)value : code));
    return 0;
}

TEST(late_completion_of_cancelled_future)
{
    run(main_late);
    trace_is("5 HANDLER exception in callback ESTATE\n"
             "6 guarded\n"
             "11 ok:ECANCELED\n"
             "11 run -> None\n");
}

static int tick(void *arg)
{
    (void)arg;
    for (;;) {
        ev("tick");
        int code = rill_sleep_ms(4);
        if (code < 0) {
            return code;
        }
    }
}

TEST(stop_from_isr)
{
    new_loop();
    const rill_spawn_options_t options = { .loop = &lp };
    CHECK_EQ(rill_spawn_with(&pool, tick, NULL, &options, NULL), 0);
    post_at(10, 0, stop_loop, NULL);
    CHECK_EQ(rill_run_forever(&lp), 0);
    ev("stopped");
    trace_is("0 tick\n"
             "4 tick\n"
             "8 tick\n"
             "10 stopped\n");
}

// ---- executors

static vexecutor_t ex;

static vjob_t job(const char *label, uint32_t ms, int result)
{
    return (vjob_t){ .label = label, .ms = ms, .result = result };
}

static int main_executor_basic(void *arg)
{
    static vjob_t jobs[3];
    static const char *const names[] = { "j0", "j1", "j2" };
    static rill_awaitable_t all[3];
    (void)arg;
    vexecutor_init(&ex, 2);
    for (int i = 0; i < 3; i++) {
        jobs[i] = job(names[i], 10 * (uint32_t)(3 - i), i);
        all[i].future = vexecutor_run(&ex.executor, &jobs[i]);
    }
    CHECK_EQ(rill_gather(all, 3, 0), 0);
    ev("[%d,%d,%d]", (int)all[0].value, (int)all[1].value, (int)all[2].value);
    return 0;
}

TEST(executor_basic)
{
    run(main_executor_basic);
    trace_is("0 j0 start\n"
             "0 j1 start\n"
             "20 j1 end\n"
             "20 j2 start\n"
             "30 j0 end\n"
             "30 j2 end\n"
             "30 [0,1,2]\n"
             "30 run -> None\n");
}

static int tick_four(void *arg)
{
    (void)arg;
    for (int i = 0; i < 4; i++) {
        ev("tick%d", i);
        rill_sleep_ms(5);
    }
    return 0;
}

static int main_does_not_block(void *arg)
{
    static vjob_t j;
    (void)arg;
    t = spawn(tick_four, NULL);
    j = job("j", 12, 1);
    ev("%s", rc(vexecutor_run(vexecutor_init(&ex, 1), &j)));
    return rill_await(rill_task_future(t), NULL);
}

TEST(executor_does_not_block_loop)
{
    run(main_does_not_block);
    trace_is("0 j start\n"
             "0 tick0\n"
             "5 tick1\n"
             "10 tick2\n"
             "12 j end\n"
             "12 1\n"
             "15 tick3\n"
             "20 run -> None\n");
}

static int main_executor_error(void *arg)
{
    static vjob_t j;
    (void)arg;
    j = job("j", 5, E(4));
    ev("%s", rc(vexecutor_run(vexecutor_init(&ex, 1), &j)));
    return 0;
}

TEST(executor_error)
{
    run(main_executor_error);
    trace_is("0 j start\n"
             "5 j end\n"
             "5 E4\n"
             "5 run -> None\n");
}

static int in_thread(void *arg)
{
    rill_value_t value = 0;
    int code = rill_to_thread(vjob_fn, arg, &value);
    return code < 0 ? code : rill_return(value);
}

static int main_to_thread_gather(void *arg)
{
    static vjob_t jobs[2];
    static rill_awaitable_t both[2];
    jobs[0] = job("a", 20, 1);
    jobs[1] = job("b", 20, 2);
    const rill_call_t calls[] = { { in_thread, &jobs[0] }, { in_thread, &jobs[1] } };
    (void)arg;
    CHECK_EQ(rill_loop_set_default_executor(NULL, vexecutor_init(&ex, 4)), 0);
    CHECK_EQ(rill_gather_calls(&pool, calls, both, 2, 0), 0);
    ev("[%d,%d]", (int)both[0].value, (int)both[1].value);
    return 0;
}

TEST(to_thread_gather)
{
    run(main_to_thread_gather);
    trace_is("0 a start\n"
             "0 b start\n"
             "20 a end\n"
             "20 b end\n"
             "20 [1,2]\n"
             "20 run -> None\n");
}

// ---- run_coroutine_threadsafe

static rill_submission_t cf, cfs[5], closing;

static int sleep_five(void *arg)
{
    int code = rill_sleep_ms(5);
    return code < 0 ? code : INT(arg);
}

static void submit_sleep(void *loop)
{
    CHECK_EQ(rill_submit_threadsafe(loop, &pool, sleep_five, PTR(8), &cf), 0);
}

static int main_submit(void *arg)
{
    rill_value_t value = 0;
    (void)arg;
    isr_at(2, submit_sleep, this_loop());
    rill_sleep_ms(3);
    ev("%d", rill_submission_state(&cf) != RILL_PENDING);
    rill_sleep_ms(10);
    CHECK_EQ(rill_submission_result(&cf, &value), 0);
    ev("%d", (int)value);
    CHECK(!rill_submission_busy(&cf));
    return 0;
}

TEST(run_coroutine_threadsafe_result)
{
    run(main_submit);
    trace_is("3 0\n"
             "13 8\n"
             "13 run -> None\n");
}

static int cancels_itself(void *arg)
{
    (void)arg;
    rill_task_cancel(rill_task_current());
    return rill_sleep_ms(1);
}

static int main_task_cancelled(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_submit_threadsafe(this_loop(), &pool, cancels_itself, NULL, &cf), 0);
    rill_sleep_ms(5);
    ev("cancelled %d", rill_submission_state(&cf) == RILL_CANCELLED);
    return 0;
}

TEST(run_coroutine_threadsafe_task_cancelled)
{
    run(main_task_cancelled);
    trace_is("5 cancelled 1\n"
             "5 run -> None\n");
}

static int fails(void *arg)
{
    return INT(arg);
}

static void submit_failing(void *loop)
{
    CHECK_EQ(rill_submit_threadsafe(loop, &pool, fails, PTR(E(3)), &cf), 0);
    CHECK_EQ(rill_submit_threadsafe(loop, &pool, fails, NULL, &cf), RILL_EBUSY);
}

static int main_submit_error(void *arg)
{
    (void)arg;
    isr_at(2, submit_failing, this_loop());
    rill_sleep_ms(5);
    ev("%s", err(rill_submission_result(&cf, NULL)));
    return 0;
}

TEST(run_coroutine_threadsafe_error)
{
    run(main_submit_error);
    trace_is("5 E3\n"
             "5 run -> None\n");
}

static int says_how_it_ends(void *arg)
{
    (void)arg;
    ev("begun");
    int code = rill_sleep_ms(100);
    ev("task %s", err(code));
    return code;
}

static void submit_and_cancel(void *loop)
{
    CHECK_EQ(rill_submit_threadsafe(loop, &pool, says_how_it_ends, NULL, &cfs[1]), 0);
    CHECK_EQ(rill_submission_cancel_threadsafe(&cfs[1]), 1); // before it has begun
    CHECK_EQ(rill_submission_cancel_threadsafe(&cfs[0]), 1);
    CHECK_EQ(rill_submission_cancel_threadsafe(&cfs[0]), 0);
    ev("cancelled %d", rill_submission_state(&cfs[0]) == RILL_CANCELLED);
    CHECK(rill_submission_busy(&cfs[0]));
}

static int main_submit_cancel(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_submit_threadsafe(this_loop(), &pool, says_how_it_ends, NULL, &cfs[0]), 0);
    isr_at(5, submit_and_cancel, this_loop());
    rill_sleep_ms(10);
    CHECK(!rill_submission_busy(&cfs[0]) && !rill_submission_busy(&cfs[1]));
    CHECK_EQ(rill_submission_result(&cfs[1], NULL), RILL_ECANCELED);
    return 0;
}

TEST(run_coroutine_threadsafe_cancel)
{
    run(main_submit_cancel);
    trace_is("0 begun\n"
             "5 cancelled 1\n"
             "5 task ECANCELED\n"
             "10 run -> None\n");
}

// ---- the coroutine pool: submitted from outside, at most two at a time, blocking ones by a worker

static rill_semaphore_t limit;
static vjob_t blocking;

struct co {
    int n;
    uint32_t ms;
};

static int co(const struct co *self)
{
    ev("co%d start", self->n);
    int code = rill_sleep_ms(self->ms);
    if (code < 0) {
        return code;
    }
    ev("co%d end", self->n);
    return self->n;
}

static int blocking_call(void)
{
    static rill_awaitable_t call;
    call = (rill_awaitable_t){ .future = vexecutor_run(NULL, &blocking) };
    int code = rill_gather(&call, 1, 0);
    return code < 0 ? code : (int)call.value;
}

static int runner(void *arg)
{
    int code = rill_semaphore_acquire(&limit);
    if (code < 0) {
        return code;
    }
    code = arg != NULL ? co(arg) : blocking_call();
    rill_semaphore_release(&limit);
    return code;
}

static rill_awaitable_t others[5];

static unsigned collect(bool pending_only)
{
    unsigned n = 0;
    for (rill_task_t each = rill_task_next(&lp, RILL_NO_TASK); each.tcb != NULL; each = rill_task_next(&lp, each)) {
        if (each.tcb != rill_task_current().tcb) {
            others[n++] = (rill_awaitable_t){ .future = rill_task_future(each) };
            if (pending_only) {
                rill_task_cancel(each);
            }
        }
    }
    return n;
}

static int close_pool(void *arg)
{
    unsigned n = collect(false);
    int done = rill_wait(others, n, RILL_ALL_COMPLETED, RILL_MS(INT(arg)));
    ev("done %d pending %d", done, (int)n - done);
    n = collect(true);
    if (n > 0) {
        rill_wait(others, n, RILL_ALL_COMPLETED, RILL_NEVER);
    }
    return rill_loop_stop(&lp);
}

static void boot(void *arg)
{
    static struct co cos[] = { { 1, 10 }, { 2, 20 }, { 3, 5 }, { 4, 500 } };
    (void)arg;
    blocking = job("blocking", 7, 70);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(rill_submit_threadsafe(&lp, &pool, runner, &cos[i], &cfs[i]), 0);
    }
    CHECK_EQ(rill_submit_threadsafe(&lp, &pool, runner, NULL, &cfs[3]), 0);
    CHECK_EQ(rill_submit_threadsafe(&lp, &pool, runner, &cos[3], &cfs[4]), 0);
}

static void close_from_isr(void *arg)
{
    CHECK_EQ(rill_submit_threadsafe(&lp, &pool, close_pool, arg, &closing), 0);
}

static const char *how_it_ended(const rill_submission_t *submission)
{
    rill_value_t value = 0;
    int code = rill_submission_result(submission, &value);
    return code == RILL_ECANCELED ? "cancelled" : outcome(code, value);
}

TEST(seed_coroutine_pool)
{
    new_loop();
    memset(cfs, 0, sizeof cfs);
    CHECK_EQ(rill_semaphore_init(&limit, 2), 0);
    CHECK_EQ(rill_loop_set_default_executor(&lp, vexecutor_init(&ex, 1)), 0);
    isr_at(1, boot, NULL);
    isr_at(2, close_from_isr, PTR(50));
    CHECK_EQ(rill_run_forever(&lp), 0);
    ev("[%s,%s,%s,%s,%s]", how_it_ended(&cfs[0]), how_it_ended(&cfs[1]), how_it_ended(&cfs[2]), how_it_ended(&cfs[3]),
       how_it_ended(&cfs[4]));
    trace_is("1 co1 start\n"
             "1 co2 start\n"
             "11 co1 end\n"
             "11 co3 start\n"
             "16 co3 end\n"
             "16 blocking start\n"
             "21 co2 end\n"
             "21 co4 start\n"
             "23 blocking end\n"
             "52 done 4 pending 1\n"
             "52 [1,2,3,70,cancelled]\n");
    CHECK_EQ(rill_loop_close(&lp), 0);
}

TEST_MAIN("isr", TEST_CASE(call_soon_threadsafe_wakes_idle_loop), TEST_CASE(cancel_from_isr),
          TEST_CASE(completes_future_waiter_runs_next), TEST_CASE(isr_during_busy_callback),
          TEST_CASE(late_completion_of_cancelled_future), TEST_CASE(stop_from_isr), TEST_CASE(executor_basic),
          TEST_CASE(executor_does_not_block_loop), TEST_CASE(executor_error), TEST_CASE(to_thread_gather),
          TEST_CASE(run_coroutine_threadsafe_result), TEST_CASE(run_coroutine_threadsafe_task_cancelled),
          TEST_CASE(run_coroutine_threadsafe_error), TEST_CASE(run_coroutine_threadsafe_cancel),
          TEST_CASE(seed_coroutine_pool))
