// rill-test: min-ram=16
// Conformance, area isr: coroutines submitted from outside the loop (rules TH4, TH5, TH10). asyncio's
// run_coroutine_threadsafe is a posted callback that spawns the task; its outcome goes to a future the submitter holds.
#define CONF_TASKS 7
#include "conformance.h"

#include <rill/gather.h>
#include <rill/semaphore.h>

#include "vexecutor.h"

// What asyncio.run_coroutine_threadsafe returns, and what it takes to serve it.
typedef struct submission {
    rill_fn_t fn;
    void *arg;
    rill_handle_t post;
    rill_handle_t ended;
    rill_task_t task;
    rill_future_t outcome;
} submission_t;

static int hand_on(void *arg)
{
    submission_t *self = arg;
    rill_value_t value = 0;
    int code = rill_future_result(rill_task_future(self->task), &value);
    CHECK_EQ(rill_detach(self->task), 0);
    if (code == RILL_ECANCELED) {
        return rill_future_cancel(&self->outcome);
    }
    return code < 0 ? rill_future_set_error(&self->outcome, code, 0) : rill_future_set_result(&self->outcome, value);
}

static int start(void *arg)
{
    submission_t *self = arg;
    self->task = spawn(self->fn, self->arg);
    return rill_future_add_done_callback(rill_task_future(self->task), &self->ended, hand_on, self);
}

// May be called in an interrupt.
static void submit(submission_t *self, rill_loop_t *loop, rill_fn_t fn, void *arg)
{
    *self = (submission_t){ .fn = fn, .arg = arg, .post = RILL_HANDLE_INIT(start, self) };
    rill_future_init(&self->outcome, loop);
    CHECK_EQ(rill_call_soon_threadsafe(loop, &self->post), 1);
}

static const char *outcome_of(submission_t *self)
{
    rill_value_t value = 0;
    int code = rill_future_result(&self->outcome, &value);
    return code == RILL_ECANCELED ? "cancelled" : outcome(code, value);
}

static submission_t submitted;

static int eight(void *arg)
{
    (void)arg;
    int code = rill_sleep_ms(5);
    return code < 0 ? code : 8;
}

static void submit_eight(void *loop)
{
    submit(&submitted, loop, eight, NULL);
}

static int main_result(void *arg)
{
    (void)arg;
    isr_at(2, submit_eight, this_loop());
    rill_sleep_ms(3);
    ev("%d", rill_future_done(&submitted.outcome));
    rill_sleep_ms(10);
    ev("%s", outcome_of(&submitted));
    return 0;
}

TEST(run_coroutine_threadsafe_result)
{
    run(main_result);
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
    submit(&submitted, this_loop(), cancels_itself, NULL);
    rill_sleep_ms(5);
    ev("cancelled %d", rill_future_cancelled(&submitted.outcome));
    return 0;
}

TEST(run_coroutine_threadsafe_task_cancelled)
{
    run(main_task_cancelled);
    trace_is("5 cancelled 1\n"
             "5 run -> None\n");
}

// ---- the CoroutinePool of the documents: coroutines and blocking calls from outside, two at a time, closed in time

enum { SUBMITTED = 5 };

static rill_semaphore_t two_at_a_time;
static submission_t handles[SUBMITTED];
static submission_t closing;
static vexecutor_t workers;

// A coroutine that takes `ms`, or a blocking call for the executor.
static struct request {
    int n;
    uint32_t ms;
    vjob_t *job;
} requests[SUBMITTED];

static int serve(struct request *request)
{
    rill_value_t value = 0;
    if (request->job != NULL) {
        int code = rill_await(vexecutor_run(NULL, request->job), &value);
        return code < 0 ? code : (int)value;
    }
    ev("co%d start", request->n);
    int code = rill_sleep_ms(request->ms);
    if (code < 0) {
        return code;
    }
    ev("co%d end", request->n);
    return request->n;
}

static int runner(void *arg)
{
    int code = rill_semaphore_acquire(&two_at_a_time);
    if (code < 0) {
        return code;
    }
    code = serve(arg);
    rill_semaphore_release(&two_at_a_time);
    return code;
}

static void boot(void *loop)
{
    static vjob_t blocking;
    static const uint32_t ms[SUBMITTED] = { 10, 20, 5, 0, 500 };
    blocking = (vjob_t){ .label = "blocking", .ms = 7, .result = 70 };
    for (int i = 0; i < SUBMITTED; i++) {
        requests[i] = (struct request){ i < 3 ? i + 1 : 4, ms[i], i == 3 ? &blocking : NULL };
        submit(&handles[i], loop, runner, &requests[i]);
    }
}

static unsigned others(rill_awaitable_t *found)
{
    unsigned n = 0;
    rill_loop_t *loop = this_loop();
    for (rill_task_t t = rill_task_next(loop, RILL_NO_TASK); t.tcb != NULL; t = rill_task_next(loop, t)) {
        if (t.tcb != rill_task_current().tcb) {
            found[n++] = (rill_awaitable_t){ .future = rill_task_future(t) };
        }
    }
    return n;
}

static int close_pool(void *arg)
{
    static rill_awaitable_t tasks[CONF_TASKS];
    static rill_awaitable_t left[CONF_TASKS];
    unsigned n = others(tasks), pending = 0;
    (void)arg;
    int done = rill_wait(tasks, n, RILL_ALL_COMPLETED, RILL_MS(50));
    ev("done %d pending %d", done, (int)n - done);
    for (unsigned i = 0; i < n; i++) {
        if (!tasks[i].done) {
            CHECK_EQ(rill_future_cancel(tasks[i].future), 1);
            left[pending++] = (rill_awaitable_t){ .future = tasks[i].future };
        }
    }
    CHECK_EQ(rill_wait(left, pending, RILL_ALL_COMPLETED, RILL_NEVER), (int)pending);
    return rill_loop_stop(this_loop());
}

static void submit_close(void *loop)
{
    submit(&closing, loop, close_pool, NULL);
}

TEST(seed_coroutine_pool)
{
    new_loop();
    CHECK_EQ(rill_semaphore_init(&two_at_a_time, 2), 0);
    CHECK_EQ(rill_loop_set_default_executor(&lp, vexecutor_init(&workers, 1)), 0);
    isr_at(1, boot, &lp);
    isr_at(2, submit_close, &lp);
    CHECK_EQ(rill_run_forever(&lp), 0);
    ev("[%s,%s,%s,%s,%s]", outcome_of(&handles[0]), outcome_of(&handles[1]), outcome_of(&handles[2]),
       outcome_of(&handles[3]), outcome_of(&handles[4]));
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
}

TEST_MAIN("isr_submit", TEST_CASE(run_coroutine_threadsafe_result),
          TEST_CASE(run_coroutine_threadsafe_task_cancelled), TEST_CASE(seed_coroutine_pool))
