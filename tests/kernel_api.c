// rill-test: min-ram=16
// Loop, handles, posts, futures, pools: the errors of every function, and orders the conformance programs do not show.
#include <rill/clock.h>
#include <rill/future.h>
#include <rill/gather.h>
#include <rill/loop.h>
#include <rill/pool.h>
#include <rill/task.h>
#include <rill/timeout.h>

#include "test.h"

#if defined(__unix__)
#define STACK 16384
#else
#define STACK (sizeof(void *) * 160 + TEST_FPU_STACK)
#endif

RILL_TASK_POOL_DEFINE(workers, 3, STACK);

static rill_loop_t loop;
static rill_future_t f;
static rill_handle_t h[6];
static int calls;
static int log_lines;

void rill_log(const char *text)
{
    log_lines += text != NULL;
}

static void begin(void)
{
    memset(h, 0, sizeof h);
    calls = 0;
    log_lines = 0;
    CHECK_EQ(rill_loop_init(&loop), 0);
    rill_future_init(&f, &loop);
}

static int call(void *arg)
{
    calls++;
    return (int)(intptr_t)arg;
}

static int say(void *arg)
{
    ev("%s", (const char *)arg);
    return 0;
}

static int stop(void *arg)
{
    (void)arg;
    return rill_loop_stop(&loop);
}

static void one_iteration(void)
{
    rill_loop_stop(&loop);
    CHECK_EQ(rill_run_forever(&loop), 0);
}

// Runs fn as a callback, and what it scheduled.
static void in_callback(rill_callback_t fn)
{
    rill_handle_t handle = RILL_HANDLE_INIT(NULL, NULL);
    CHECK_EQ(rill_call_soon(&loop, &handle, fn, NULL), 0);
    one_iteration();
    one_iteration();
}

static void in_task(rill_fn_t fn)
{
    const rill_spawn_options_t options = { .loop = &loop };
    rill_task_t task;
    CHECK_EQ(rill_spawn_with(&workers, fn, NULL, &options, &task), 0);
    CHECK_EQ(rill_run_until_complete(&loop, rill_task_future(task), NULL), 0);
    CHECK_EQ(rill_detach(task), 0);
    CHECK_EQ(rill_pool_used(&workers.tcbs), 0);
    CHECK_EQ(rill_pool_used(&workers.stacks), 0);
}

// ---- loop

static int loop_from_inside(void *arg)
{
    (void)arg;
    CHECK(rill_loop_running() == &loop);
    CHECK_EQ(rill_loop_init(&loop), RILL_EPERM);
    CHECK_EQ(rill_run_forever(&loop), RILL_EPERM);
    CHECK_EQ(rill_run_until_complete(&loop, &f, NULL), RILL_EPERM);
    CHECK_EQ(rill_loop_close(&loop), RILL_EPERM);
    CHECK_EQ(rill_run(&workers, call, NULL, NULL), RILL_EPERM);
    return 0;
}

TEST(loop_errors)
{
    begin();
    CHECK(rill_loop_running() == NULL);
    CHECK(rill_loop_default() == rill_loop_default());
    CHECK_EQ(rill_loop_init(NULL), RILL_EINVAL);
    CHECK_EQ(rill_run_forever(NULL), RILL_EINVAL);
    CHECK_EQ(rill_run_until_complete(NULL, &f, NULL), RILL_EINVAL);
    CHECK_EQ(rill_run_until_complete(&loop, NULL, NULL), RILL_EINVAL);
    CHECK_EQ(rill_loop_stop(NULL), RILL_EINVAL);
    CHECK_EQ(rill_loop_close(NULL), RILL_EINVAL);
    in_callback(loop_from_inside);
    CHECK(rill_loop_running() == NULL);
    CHECK_EQ(rill_run_until_complete(&loop, &f, NULL), RILL_EDEADLK);
    CHECK(!rill_future_done(&f));
    CHECK_EQ(rill_run_forever(&loop), RILL_EDEADLK);
    test_clock_reset(123456);
    CHECK_EQ(rill_loop_time(), 123456);
}

TEST(closed_loop)
{
    begin();
    rill_handle_init(&h[1], call, NULL);
    CHECK_EQ(rill_call_soon(&loop, &h[0], call, NULL), 0);
    CHECK_EQ(rill_call_soon_threadsafe(&loop, &h[1]), 1);
    CHECK_EQ(rill_loop_close(&loop), 0);
    CHECK_EQ(rill_loop_close(&loop), 0);
    rill_handle_init(&h[2], call, NULL);
    CHECK_EQ(rill_call_soon(&loop, &h[3], call, NULL), RILL_EPERM);
    CHECK_EQ(rill_call_soon_threadsafe(&loop, &h[2]), RILL_EPERM);
    CHECK_EQ(rill_run_forever(&loop), RILL_EPERM);
    CHECK_EQ(rill_run_until_complete(&loop, &f, NULL), RILL_EPERM);
    const rill_spawn_options_t options = { .loop = &loop };
    CHECK_EQ(rill_spawn_with(&workers, call, NULL, &options, NULL), RILL_EPERM);
    CHECK_EQ(rill_loop_init(&loop), 0);
    one_iteration();
    CHECK_EQ(calls, 0); // what was queued is gone
}

static rill_as_completed_t completions;
static rill_awaitable_t child;

static int begin_to_complete(void *arg)
{
    (void)arg;
    child = (rill_awaitable_t){ .future = &f };
    return rill_as_completed_begin(&completions, &child, 1, RILL_MS(5));
}

// What was begun in a loop is ended where it does not run any more: its timer goes, too.
TEST(as_completed_ends_after_the_loop)
{
    begin();
    in_task(begin_to_complete);
    CHECK(rill_handle_scheduled(&completions.timer.handle));
    rill_as_completed_end(&completions);
    CHECK(!rill_handle_scheduled(&completions.timer.handle));
    CHECK_EQ(rill_run_forever(&loop), RILL_EDEADLK);
}

static rill_task_t awaited;

static int end_with_7(void *arg)
{
    (void)arg;
    return rill_yield() == 0 ? 7 : 0;
}

// Its place in the pool is taken again at once, unless somebody still has to read the outcome.
static int join_and_spawn(void *arg)
{
    rill_value_t value = 0;
    CHECK_EQ(rill_join(awaited, &value), 0);
    CHECK_EQ(value, 7);
    return rill_spawn(&workers, call, arg, NULL);
}

TEST(run_until_complete_of_a_task_somebody_joins)
{
    rill_value_t value = 0;
    begin();
    const rill_spawn_options_t options = { .loop = &loop };
    CHECK_EQ(rill_spawn_with(&workers, end_with_7, NULL, &options, &awaited), 0);
    CHECK_EQ(rill_spawn_with(&workers, join_and_spawn, NULL, &options, NULL), 0);
    CHECK_EQ(rill_run_until_complete(&loop, rill_task_future(awaited), &value), 0);
    CHECK_EQ(value, 7);
    CHECK_EQ(rill_spawn_with(&workers, end_with_7, NULL, &options, &awaited), 0);
    CHECK_EQ(rill_detach(awaited), 0);
    CHECK_EQ(rill_run_until_complete(&loop, rill_task_future(awaited), &value), 0);
    CHECK_EQ(rill_pool_used(&workers.tcbs), 0);
}

TEST(run_until_complete_outcomes)
{
    rill_value_t value = 0;
    begin();
    CHECK_EQ(rill_future_set_result(&f, 77), 0);
    CHECK_EQ(rill_run_until_complete(&loop, &f, &value), 0);
    CHECK_EQ(value, 77);
    rill_future_init(&f, NULL); // takes the loop that runs it
    CHECK_EQ(rill_future_set_error(&f, RILL_EIO, 0), 0);
    CHECK_EQ(rill_run_until_complete(&loop, &f, &value), RILL_EIO);
    rill_future_init(&f, &loop);
    CHECK_EQ(rill_future_cancel(&f), 1);
    CHECK_EQ(rill_run_until_complete(&loop, &f, NULL), RILL_ECANCELED);
    rill_future_init(&f, &loop);
    CHECK_EQ(rill_call_soon(&loop, &h[0], stop, NULL), 0);
    CHECK_EQ(rill_run_until_complete(&loop, &f, NULL), RILL_EPERM); // stopped before
    CHECK_EQ(rill_future_set_result(&f, 1), 0);
    one_iteration(); // its callback was taken back: nothing stops this loop
    CHECK_EQ(rill_call_soon(&loop, &h[0], stop, NULL), 0);
    CHECK_EQ(rill_run_forever(&loop), 0);
}

static int complete_and_stop(void *arg)
{
    rill_loop_stop(&loop);
    return rill_future_set_result(arg, 6);
}

// The future is done, but its callback had no turn any more: the result counts, and nothing stays behind in the FIFO.
TEST(run_until_complete_stopped_in_the_same_turn)
{
    rill_value_t value = 0;
    rill_timer_t timer = RILL_TIMER_INIT;
    begin();
    CHECK_EQ(rill_call_soon(&loop, &h[0], complete_and_stop, &f), 0);
    CHECK_EQ(rill_run_until_complete(&loop, &f, &value), 0);
    CHECK_EQ(value, 6);
    CHECK_EQ(rill_call_later(&loop, &timer, RILL_MS(5), stop, NULL), 0);
    CHECK_EQ(rill_run_forever(&loop), 0);
    CHECK_EQ(rill_clock_now(), RILL_MS(5));
}

static int nested_error;

static void run_in_isr(void *arg)
{
    (void)arg;
    nested_error = rill_run_forever(&loop);
    CHECK(rill_task_current().tcb == NULL);
}

TEST(run_in_an_interrupt_is_refused)
{
    begin();
    nested_error = 0;
    isr_now(run_in_isr, NULL);
    CHECK_EQ(nested_error, RILL_EPERM);
}

// ---- handles

static int again(void *arg)
{
    rill_handle_t *handle = arg;
    return ++calls < 5 ? rill_call_soon(&loop, handle, again, handle) : 0;
}

TEST(call_soon_errors)
{
    begin();
    CHECK_EQ(rill_call_soon(NULL, &h[0], call, NULL), RILL_EINVAL);
    CHECK_EQ(rill_call_soon(&loop, NULL, call, NULL), RILL_EINVAL);
    CHECK_EQ(rill_call_soon(&loop, &h[0], NULL, NULL), RILL_EINVAL);
    CHECK_EQ(rill_call_soon(&loop, &h[0], again, &h[0]), 0);
    CHECK_EQ(rill_call_soon(&loop, &h[0], call, NULL), RILL_EBUSY);
    for (int i = 0; i < 8; i++) {
        one_iteration();
    }
    CHECK_EQ(calls, 5); // the running callback's handle is idle: it scheduled itself
    CHECK_EQ(rill_handle_cancel(NULL, &h[0]), RILL_EINVAL);
    CHECK_EQ(rill_handle_cancel(&loop, NULL), RILL_EINVAL);
    CHECK_EQ(rill_handle_cancel(&loop, &h[0]), 0);
}

TEST(handles_and_timers_tell)
{
    rill_timer_t timer = RILL_TIMER_INIT;
    begin();
    CHECK(!rill_handle_scheduled(NULL) && !rill_handle_scheduled(&h[0]));
    CHECK(rill_timer_when(NULL) == RILL_NEVER && rill_timer_when(&timer) == RILL_NEVER);
    CHECK_EQ(rill_call_soon(&loop, &h[0], call, NULL), 0);
    rill_handle_init(&h[1], call, NULL);
    CHECK_EQ(rill_call_soon_threadsafe(&loop, &h[1]), 1);
    CHECK(rill_handle_scheduled(&h[0]) && rill_handle_scheduled(&h[1]));
    CHECK_EQ(rill_call_at(&loop, &timer, RILL_MS(7), call, NULL), 0);
    CHECK(rill_handle_scheduled(&timer.handle) && rill_timer_when(&timer) == RILL_MS(7));
    one_iteration();
    CHECK(!rill_handle_scheduled(&h[0]) && !rill_handle_scheduled(&h[1]));
    CHECK_EQ(rill_timer_cancel(&loop, &timer), 1);
    CHECK_EQ(rill_timer_when(&timer), RILL_NEVER);
}

TEST(posts_are_idempotent)
{
    begin();
    CHECK_EQ(rill_call_soon_threadsafe(&loop, &h[0]), RILL_EINVAL); // no function
    rill_handle_init(&h[0], call, NULL);
    CHECK_EQ(rill_call_soon_threadsafe(NULL, &h[0]), RILL_EINVAL);
    CHECK_EQ(rill_call_soon_threadsafe(&loop, NULL), RILL_EINVAL);
    CHECK_EQ(rill_call_soon_threadsafe(&loop, &h[0]), 1);
    CHECK_EQ(rill_call_soon_threadsafe(&loop, &h[0]), 0);
    CHECK_EQ(rill_call_soon(&loop, &h[0], call, NULL), RILL_EBUSY);
    one_iteration();
    CHECK_EQ(calls, 1);
    CHECK_EQ(rill_call_soon_threadsafe(&loop, &h[0]), 1); // and can be posted again
    one_iteration();
    CHECK_EQ(calls, 2);
    CHECK_EQ(rill_call_soon(&loop, &h[1], call, NULL), 0);
    CHECK_EQ(rill_call_soon_threadsafe(&loop, &h[1]), 0); // scheduled already
    one_iteration();
    CHECK_EQ(calls, 3);
}

static int post_again(void *arg)
{
    calls++;
    if (calls < 4) {
        CHECK_EQ(rill_call_soon_threadsafe(&loop, arg), 1);
        CHECK_EQ(rill_call_soon_threadsafe(&loop, arg), 0);
    }
    return 0;
}

TEST(post_from_its_own_callback)
{
    begin();
    rill_handle_init(&h[0], post_again, &h[0]);
    CHECK_EQ(rill_call_soon_threadsafe(&loop, &h[0]), 1);
    for (int i = 1; i < 6; i++) {
        one_iteration();
        CHECK_EQ(calls, i < 4 ? i : 4); // one a turn
    }
}

TEST(cancel_of_posted_handles)
{
    static char names[5][2] = { "0", "1", "2", "3", "4" };
    begin();
    for (int i = 0; i < 5; i++) {
        rill_handle_init(&h[i], say, names[i]);
        CHECK_EQ(rill_call_soon_threadsafe(&loop, &h[i]), 1);
    }
    CHECK_EQ(rill_handle_cancel(&loop, &h[2]), 1);
    CHECK_EQ(rill_handle_cancel(&loop, &h[2]), 0);
    CHECK_EQ(rill_handle_cancel(&loop, &h[4]), 1);
    CHECK_EQ(rill_handle_cancel(&loop, &h[0]), 1);
    CHECK_EQ(rill_call_soon_threadsafe(&loop, &h[2]), 1); // at the end now
    one_iteration();
    trace_is("0 1\n"
             "0 3\n"
             "0 2\n");
}

// ---- order of posts

static void post(void *arg)
{
    CHECK_EQ(rill_call_soon_threadsafe(&loop, arg), 1);
}

static int mixed(void *arg)
{
    (void)arg;
    rill_handle_init(&h[1], say, "posted 1");
    rill_handle_init(&h[2], say, "posted 2");
    rill_handle_init(&h[4], say, "posted 4");
    rill_call_soon(&loop, &h[0], say, "soon 0");
    isr_now(post, &h[1]);
    isr_now(post, &h[2]);
    rill_call_soon(&loop, &h[3], say, "soon 3");
    isr_now(post, &h[4]);
    rill_call_soon(&loop, &h[5], say, "soon 5");
    return 0;
}

TEST(posts_take_their_place_among_call_soon)
{
    begin();
    in_callback(mixed);
    trace_is("0 soon 0\n"
             "0 posted 1\n"
             "0 posted 2\n"
             "0 soon 3\n"
             "0 posted 4\n"
             "0 soon 5\n");
}

static int post_and_complete(void *arg)
{
    (void)arg;
    rill_future_init(&f, NULL);
    rill_handle_init(&h[2], say, "posted before");
    rill_handle_init(&h[3], say, "posted after");
    rill_future_add_done_callback(&f, &h[0], say, "waiter 0");
    rill_future_add_done_callback(&f, &h[1], say, "waiter 1");
    isr_now(post, &h[2]);
    rill_future_set_result(&f, 0);
    isr_now(post, &h[3]);
    return 0;
}

TEST(posts_take_their_place_among_completions)
{
    begin();
    in_callback(post_and_complete);
    trace_is("0 posted before\n"
             "0 waiter 0\n"
             "0 waiter 1\n"
             "0 posted after\n");
}

static int post_between_yields(void *arg)
{
    (void)arg;
    rill_handle_init(&h[0], say, "posted");
    isr_now(post, &h[0]);
    rill_call_soon(&loop, &h[1], say, "soon");
    CHECK_EQ(rill_yield(), 0);
    ev("yielded");
    rill_handle_init(&h[2], say, "posted again");
    isr_now(post, &h[2]);
    CHECK_EQ(rill_yield(), 0); // the post came before this task queued itself
    ev("yielded again");
    return 0;
}

TEST(posts_take_their_place_among_yields)
{
    begin();
    in_task(post_between_yields);
    trace_is("0 posted\n"
             "0 soon\n"
             "0 yielded\n"
             "0 posted again\n"
             "0 yielded again\n");
}

// ---- exception handler

static rill_exception_t seen;
static int handler_result;

static int remember(rill_loop_t *of, const rill_exception_t *info)
{
    CHECK(of == &loop);
    seen = *info;
    calls++;
    return handler_result;
}

TEST(exception_handlers)
{
    begin();
    CHECK_EQ(rill_call_soon(&loop, &h[0], call, (void *)(intptr_t)RILL_EIO), 0);
    one_iteration();
    CHECK_EQ(log_lines, 1); // the default handler's one line
    CHECK(rill_loop_get_exception_handler(&loop) == NULL);
    rill_loop_set_exception_handler(&loop, remember);
    CHECK(rill_loop_get_exception_handler(&loop) == remember && rill_loop_get_exception_handler(NULL) == NULL);
    handler_result = 0;
    CHECK_EQ(rill_call_soon(&loop, &h[0], call, (void *)(intptr_t)RILL_EPIPE), 0);
    one_iteration();
    CHECK_EQ(log_lines, 1);
    CHECK_EQ(seen.error, RILL_EPIPE);
    CHECK(seen.handle == &h[0]);
    CHECK(seen.future == NULL);
    CHECK_EQ(strcmp(seen.message, "exception in callback"), 0);
    handler_result = RILL_EIO; // a handler that fails itself: the default one takes over, once
    CHECK_EQ(rill_call_soon(&loop, &h[0], call, (void *)(intptr_t)RILL_EPIPE), 0);
    one_iteration();
    CHECK_EQ(log_lines, 2);
    rill_loop_set_exception_handler(&loop, NULL);
    const rill_exception_t info = { "from the application", RILL_EIO, NULL, NULL };
    rill_loop_call_exception_handler(&loop, &info);
    CHECK_EQ(log_lines, 3);
    CHECK_EQ(calls, 3 + 2);
}

// ---- futures

TEST(future_errors)
{
    rill_value_t value = 5;
    begin();
    CHECK_EQ(rill_future_set_result(NULL, 1), RILL_EINVAL);
    CHECK_EQ(rill_future_set_error(NULL, RILL_EIO, 1), RILL_EINVAL);
    CHECK_EQ(rill_future_set_error(&f, 0, 1), RILL_EINVAL);
    CHECK_EQ(rill_future_set_error(&f, 7, 1), RILL_EINVAL);
    CHECK_EQ(rill_future_cancel(NULL), 0);
    CHECK_EQ(rill_future_result(NULL, &value), RILL_EINVAL);
    CHECK_EQ(rill_future_exception(NULL, &value), RILL_EINVAL);
    CHECK_EQ(rill_future_state(NULL), RILL_CANCELLED);
    CHECK(rill_future_done(NULL));
    CHECK(rill_future_cancelled(NULL));
    CHECK_EQ(rill_future_state(&f), RILL_PENDING);
    CHECK_EQ(rill_future_result(&f, &value), RILL_ESTATE);
    CHECK_EQ(rill_future_exception(&f, &value), RILL_ESTATE);
    CHECK_EQ(value, 5);
    CHECK_EQ(rill_future_add_done_callback(NULL, &h[0], call, NULL), RILL_EINVAL);
    CHECK_EQ(rill_future_add_done_callback(&f, NULL, call, NULL), RILL_EINVAL);
    CHECK_EQ(rill_future_add_done_callback(&f, &h[0], NULL, NULL), RILL_EINVAL);
    rill_future_t unbound = RILL_FUTURE_INIT; // and no loop runs that could be its
    CHECK_EQ(rill_future_add_done_callback(&unbound, &h[0], call, NULL), RILL_EPERM);
    CHECK(!rill_handle_scheduled(&h[0]));
    rill_gather_t gather;
    rill_shield_t shield;
    rill_awaitable_t unbound_child = { .future = &unbound };
    CHECK_EQ(rill_gather_begin(&gather, &unbound_child, 1, 0), RILL_EPERM);
    CHECK(rill_shield_begin(&shield, &unbound) == NULL);
    CHECK_EQ(rill_future_remove_done_callback(NULL, &h[0]), RILL_EINVAL);
    CHECK_EQ(rill_future_remove_done_callback(&f, NULL), RILL_EINVAL);
    CHECK_EQ(rill_future_remove_done_callback(&f, &h[0]), 0);
    CHECK_EQ(rill_await(&f, NULL), RILL_EPERM);
    CHECK_EQ(rill_await(NULL, NULL), RILL_EINVAL);
}

static void expect_done(rill_state_t state, int code, rill_value_t word)
{
    rill_value_t value = -1;
    rill_value_t detail = -1;
    CHECK_EQ(rill_future_state(&f), state);
    CHECK(rill_future_done(&f));
    CHECK_EQ(rill_future_cancelled(&f), state == RILL_CANCELLED);
    for (int i = 0; i < 2; i++) { // as often as one likes
        CHECK_EQ(rill_future_result(&f, &value), code);
        CHECK_EQ(rill_future_exception(&f, &detail), code);
    }
    CHECK_EQ(value, code == 0 ? word : -1);
    CHECK_EQ(detail, code == 0 ? 0 : word);
    CHECK_EQ(rill_future_set_result(&f, 1), RILL_ESTATE);
    CHECK_EQ(rill_future_set_error(&f, RILL_EPIPE, 2), RILL_ESTATE);
    CHECK_EQ(rill_future_cancel(&f), 0);
    CHECK_EQ(rill_future_cancel_msg(&f, 3), 0);
    CHECK_EQ(rill_future_state(&f), state);
}

TEST(future_outcomes)
{
    begin();
    CHECK_EQ(rill_future_set_result(&f, -7), 0); // a result may be any word
    expect_done(RILL_FINISHED, 0, -7);
    rill_future_init(&f, &loop);
    CHECK_EQ(rill_future_set_error(&f, RILL_EIO, 42), 0);
    expect_done(RILL_FAILED, RILL_EIO, 42);
    rill_future_init(&f, &loop);
    CHECK_EQ(rill_future_set_error(&f, INT16_MIN, 42), 0); // the last code there is
    expect_done(RILL_FAILED, INT16_MIN, 42);
    rill_future_init(&f, &loop);
    CHECK_EQ(rill_future_set_error(&f, INT16_MIN - 1, 42), RILL_EINVAL);
    CHECK_EQ(rill_future_cancel_msg(&f, 99), 1);
    expect_done(RILL_CANCELLED, RILL_ECANCELED, 99);
}

TEST(done_callbacks)
{
    begin();
    for (unsigned i = 0; i < 5; i++) {
        CHECK_EQ(rill_future_add_done_callback(&f, &h[i], call, NULL), 0);
        CHECK_EQ(rill_future_add_done_callback(&f, &h[i], call, NULL), RILL_EBUSY);
    }
    CHECK_EQ(rill_call_soon(&loop, &h[0], call, NULL), RILL_EBUSY);
    CHECK_EQ(rill_future_remove_done_callback(&f, &h[0]), 1); // first, middle, last
    CHECK_EQ(rill_future_remove_done_callback(&f, &h[2]), 1);
    CHECK_EQ(rill_future_remove_done_callback(&f, &h[4]), 1);
    CHECK_EQ(rill_future_remove_done_callback(&f, &h[4]), 0);
    CHECK_EQ(rill_future_set_result(&f, 0), 0);
    CHECK_EQ(rill_future_remove_done_callback(&f, &h[1]), 0);
    CHECK_EQ(rill_handle_cancel(&loop, &h[1]), 1); // it is an ordinary callback now
    one_iteration();
    CHECK_EQ(calls, 1);
    rill_future_init(&f, &loop);
    CHECK_EQ(rill_future_add_done_callback(&f, &h[0], call, NULL), 0);
    CHECK_EQ(rill_future_remove_done_callback(&f, &h[0]), 1); // the only one
    CHECK_EQ(rill_future_set_result(&f, 0), 0);
    one_iteration();
    CHECK_EQ(calls, 1);
}

static int await_oddities(void *arg)
{
    static rill_loop_t other;
    static rill_future_t foreign;
    static rill_future_t unbound = RILL_FUTURE_INIT;
    (void)arg;
    rill_future_t *own = rill_task_future(rill_task_current());
    CHECK_EQ(rill_loop_init(&other), 0);
    rill_future_init(&foreign, &other);
    rill_call_soon(&loop, &h[0], say, "one trip");
    CHECK_EQ(rill_await(own, NULL), RILL_EPERM);
    rill_call_soon(&loop, &h[0], say, "another trip");
    CHECK_EQ(rill_await(&foreign, NULL), RILL_EPERM);
    ev("refused");
    CHECK_EQ(rill_future_set_result(own, 1), RILL_EPERM);
    CHECK_EQ(rill_future_set_error(own, RILL_EIO, 1), RILL_EPERM);
    CHECK_EQ(rill_await(NULL, NULL), RILL_EINVAL);
    CHECK_EQ(rill_future_set_result(&unbound, 3), 0); // it never needed a loop
    CHECK_EQ(rill_await(&unbound, NULL), 0);
    CHECK_EQ(rill_loop_close(&other), 0);
    return 0;
}

TEST(await_refusals)
{
    begin();
    in_task(await_oddities);
    trace_is("0 one trip\n"
             "0 another trip\n"
             "0 refused\n");
}

// ---- completions from interrupts

TEST(completion_errors)
{
    rill_completion_t cell = RILL_COMPLETION_INIT;
    rill_future_t unbound = RILL_FUTURE_INIT;
    begin();
    CHECK_EQ(rill_future_set_result_threadsafe(NULL, &cell, 1), RILL_EINVAL);
    CHECK_EQ(rill_future_set_result_threadsafe(&f, NULL, 1), RILL_EINVAL);
    CHECK_EQ(rill_future_set_result_threadsafe(&unbound, &cell, 1), RILL_EINVAL);
    CHECK_EQ(rill_future_set_error_threadsafe(&f, &cell, 0, 1), RILL_EINVAL);
    CHECK_EQ(rill_future_set_error_threadsafe(&f, &cell, INT16_MIN - 1, 1), RILL_EINVAL);
    CHECK_EQ(rill_future_set_result_threadsafe(&f, &cell, 10), 1);
    CHECK_EQ(rill_future_set_result_threadsafe(&f, &cell, 11), 0); // the first one wins
    CHECK_EQ(rill_future_set_error_threadsafe(&f, &cell, RILL_EIO, 11), 0);
    one_iteration();
    expect_done(RILL_FINISHED, 0, 10);
    rill_future_init(&f, &loop);
    CHECK_EQ(rill_future_set_error_threadsafe(&f, &cell, RILL_EIO, 12), 1); // the cell is free again
    one_iteration();
    expect_done(RILL_FAILED, RILL_EIO, 12);
    CHECK_EQ(rill_future_set_result_threadsafe(&f, &cell, 13), 1); // done already: nothing, silently
    one_iteration();
    expect_done(RILL_FAILED, RILL_EIO, 12);
    CHECK_EQ(log_lines, 0);
    CHECK_EQ(rill_loop_close(&loop), 0);
    CHECK_EQ(rill_future_set_result_threadsafe(&f, &cell, 1), RILL_EPERM);
}

// ---- pools

RILL_POOL_DEFINE(blocks, struct { uint32_t words[3]; }, 4);

TEST(pool)
{
    void *block[5];
    static int foreign[4];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 4; i++) {
            block[i] = rill_pool_alloc(&blocks);
            CHECK(block[i] != NULL);
            memset(block[i], 0x55, sizeof(uint32_t[3]));
            for (int j = 0; j < i; j++) {
                CHECK(block[j] != block[i]);
            }
        }
        CHECK(rill_pool_alloc(&blocks) == NULL);
        CHECK_EQ(rill_pool_used(&blocks), 4);
        CHECK_EQ(rill_pool_failed(&blocks), (unsigned)round + 1);
        for (int i = 0; i < 4; i++) {
            CHECK_EQ(rill_pool_free(&blocks, block[(i + round) % 4]), 0);
        }
        CHECK_EQ(rill_pool_used(&blocks), 0);
    }
    CHECK_EQ(rill_pool_high_water(&blocks), 4);
    CHECK_EQ(rill_pool_count(&blocks), 4);
    CHECK_EQ(rill_pool_free(&blocks, NULL), RILL_EINVAL);
    CHECK_EQ(rill_pool_free(&blocks, foreign), RILL_EINVAL);
    block[0] = rill_pool_alloc(&blocks);
    CHECK_EQ(rill_pool_free(&blocks, (char *)block[0] + 4096), RILL_EINVAL);
    CHECK_EQ(rill_pool_used(&blocks), 1);
    CHECK_EQ(rill_pool_free(&blocks, block[0]), 0);
}

RILL_POOL_DEFINE(fresh_blocks, uint64_t, 3);

TEST(pool_refuses_blocks_it_never_gave)
{
    uint64_t *first = rill_pool_alloc(&fresh_blocks);
    CHECK(first != NULL);
    CHECK_EQ(rill_pool_free(&fresh_blocks, first + 1), RILL_EINVAL);
    CHECK_EQ(rill_pool_free(&fresh_blocks, first + 3), RILL_EINVAL);
    CHECK_EQ(rill_pool_free(&fresh_blocks, first - 1), RILL_EINVAL);
    CHECK_EQ(rill_pool_high_water(&fresh_blocks), 1);
    CHECK_EQ(rill_pool_free(&fresh_blocks, first), 0);
    CHECK(rill_pool_alloc(&fresh_blocks) == first); // the one used last, warm in the cache where there is one
    CHECK_EQ(rill_pool_free(&fresh_blocks, first), 0);
}

TEST_MAIN("kernel_api", TEST_CASE(loop_errors), TEST_CASE(closed_loop),
          TEST_CASE(as_completed_ends_after_the_loop), TEST_CASE(run_until_complete_of_a_task_somebody_joins),
          TEST_CASE(run_until_complete_outcomes),
          TEST_CASE(run_until_complete_stopped_in_the_same_turn), TEST_CASE(run_in_an_interrupt_is_refused),
          TEST_CASE(call_soon_errors), TEST_CASE(handles_and_timers_tell),
          TEST_CASE(posts_are_idempotent), TEST_CASE(post_from_its_own_callback),
          TEST_CASE(cancel_of_posted_handles), TEST_CASE(posts_take_their_place_among_call_soon),
          TEST_CASE(posts_take_their_place_among_completions), TEST_CASE(posts_take_their_place_among_yields),
          TEST_CASE(exception_handlers), TEST_CASE(future_errors), TEST_CASE(future_outcomes),
          TEST_CASE(done_callbacks), TEST_CASE(await_refusals), TEST_CASE(completion_errors), TEST_CASE(pool),
          TEST_CASE(pool_refuses_blocks_it_never_gave))
