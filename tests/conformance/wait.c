// asyncio.wait, rules A1-A7.
// rill-test: min-ram=16
#include "sync.h"

static rill_awaitable_t children[3];

static void begin(rill_fn_t main_fn)
{
    EMPTY(children);
    run_main(main_fn);
}

static void spawn_named(struct child *specs, unsigned n)
{
    static const char *const names[] = { "t0", "t1", "t2" };
    spawn_children(children, specs, n);
    for (unsigned i = 0; i < n; i++) {
        CHECK_EQ(rill_task_set_name(spawned[i], names[i]), RILL_OK);
    }
}

// L(t.get_name() for t in d), or in p
static const char *names(unsigned n, bool done, char *text)
{
    char buffer[16];
    strcpy(text, "[");
    for (unsigned i = 0; i < n; i++) {
        if (children[i].done == done) {
            strcat(text, text[1] != '\0' ? "," : "");
            strcat(text, rill_task_name(spawned[i], buffer));
        }
    }
    return strcat(text, "]");
}

static void ev_done_and_count(unsigned n, int done)
{
    char text[16];
    ev("done %s pending %d", names(n, true, text), (int)n - done);
}

static void ev_done_and_pending(unsigned n)
{
    char done[16];
    char pending[16];
    ev("done %s pending %s", names(n, true, done), names(n, false, pending));
}

static int all_completed_main(void *arg)
{
    static struct child specs[] = { { 0, 10, 0, false }, { 1, 5, 3, false }, { 2, 7, 0, false } };
    (void)arg;
    spawn_named(specs, 3);
    ev_done_and_count(3, rill_wait(children, 3, RILL_ALL_COMPLETED, RILL_NEVER));
    ev_states(children, 3);
    return 0;
}

TEST(all_completed)
{
    begin(all_completed_main);
    trace_is("10 done [t0,t1,t2] pending 0\n"
             "10 [ok:0,E3,ok:2]\n"
             "10 run -> None\n");
}

// Still takes one trip through the loop.
static int all_done_already_main(void *arg)
{
    static struct child one = { 1, 0, 0, false };
    (void)arg;
    spawn_children(children, &one, 1);
    rill_await(children[0].future, NULL);
    call_soon_ev("soon");
    int done = rill_wait(children, 1, RILL_ALL_COMPLETED, RILL_NEVER);
    ev("%d %d", done, 1 - done);
    return 0;
}

TEST(all_done_already)
{
    begin(all_done_already_main);
    trace_is("0 soon\n"
             "0 1 0\n"
             "0 run -> None\n");
}

static rill_future_t f, g;

static void two_futures(void)
{
    rill_future_init(&f, rill_loop_running());
    rill_future_init(&g, rill_loop_running());
    children[0].future = &f;
    children[1].future = &g;
}

static int cancel_f(void *arg)
{
    (void)arg;
    rill_future_cancel(&f);
    return 0;
}

static int set_f(void *arg)
{
    (void)arg;
    return rill_future_set_result(&f, 1);
}

static int set_g(void *value)
{
    return rill_future_set_result(&g, (rill_value_t)value);
}

static int cancelled_future_counts_as_done_main(void *arg)
{
    static rill_timer_t timers[2];
    (void)arg;
    EMPTY(timers);
    two_futures();
    rill_call_later(rill_loop_running(), &timers[0], RILL_MS(5), cancel_f, NULL);
    rill_call_later(rill_loop_running(), &timers[1], RILL_MS(6), set_g, (void *)1);
    int done = rill_wait(children, 2, RILL_ALL_COMPLETED, RILL_NEVER);
    ev("%d %d %s %s", done, 2 - done, state_of(&f), state_of(&g));
    return 0;
}

TEST(cancelled_future_counts_as_done)
{
    begin(cancelled_future_counts_as_done_main);
    trace_is("6 2 0 ECANCELED ok:1\n"
             "6 run -> None\n");
}

// The reference answers with sets of futures; an array has an entry for each time it was named.
static int distinct(unsigned n, bool done)
{
    int count = 0;
    for (unsigned i = 0; i < n; i++) {
        bool seen = false;
        for (unsigned k = 0; k < i; k++) {
            seen |= children[k].future == children[i].future;
        }
        count += children[i].done == done && !seen;
    }
    return count;
}

static int duplicates_main(void *arg)
{
    static struct child one = { 0, 5, 0, false };
    (void)arg;
    rill_future_t *t = spawn_future(child, &one);
    for (unsigned i = 0; i < 3; i++) {
        children[i].future = t;
    }
    CHECK_EQ(rill_wait(children, 3, RILL_ALL_COMPLETED, RILL_NEVER), 3);
    ev("%d %d", distinct(3, true), distinct(3, false));
    return 0;
}

TEST(duplicates)
{
    begin(duplicates_main);
    trace_is("5 1 0\n"
             "5 run -> None\n");
}

// The reference's third call, wait(f) for wait([f]), is ETYPE there; the C compiler refuses it.
static int empty_and_bad_args_main(void *arg)
{
    (void)arg;
    int code = rill_wait(children, 0, RILL_ALL_COMPLETED, RILL_NEVER);
    ev("%s", outcome(code, "?"));
    two_futures();
    rill_future_set_result(&f, 1);
    code = rill_wait(children, 1, (rill_wait_mode_t)-1, RILL_NEVER);
    ev("%s", outcome(code, "?"));
    return 0;
}

TEST(empty_and_bad_args)
{
    begin(empty_and_bad_args_main);
    trace_is("0 EINVAL\n"
             "0 EINVAL\n"
             "0 run -> None\n");
}

static int first_completed_main(void *arg)
{
    static struct child specs[] = { { 0, 10, 0, false }, { 1, 5, 0, false }, { 2, 7, 0, false } };
    (void)arg;
    spawn_named(specs, 3);
    rill_wait(children, 3, RILL_FIRST_COMPLETED, RILL_NEVER);
    ev_done_and_pending(3);
    rill_sleep_ms(20);
    ev_states(children, 3);
    return 0;
}

TEST(first_completed)
{
    begin(first_completed_main);
    trace_is("5 done [t1] pending [t0,t2]\n"
             "25 [ok:0,ok:1,ok:2]\n"
             "25 run -> None\n");
}

// All that end in the same iteration are done.
static int first_completed_two_same_iteration_main(void *arg)
{
    static struct child specs[] = { { 0, 5, 0, false }, { 1, 5, 0, false }, { 2, 5, 0, false } };
    (void)arg;
    spawn_named(specs, 3);
    ev_done_and_count(3, rill_wait(children, 3, RILL_FIRST_COMPLETED, RILL_NEVER));
    return 0;
}

TEST(first_completed_two_same_iteration)
{
    begin(first_completed_two_same_iteration_main);
    trace_is("5 done [t0,t1,t2] pending 0\n"
             "5 run -> None\n");
}

static int first_exception_main(void *arg)
{
    static struct child specs[] = { { 0, 3, 0, false }, { 1, 6, 5, false }, { 2, 9, 0, false } };
    (void)arg;
    spawn_named(specs, 3);
    rill_wait(children, 3, RILL_FIRST_EXCEPTION, RILL_NEVER);
    ev_done_and_pending(3);
    ev("%s", state_of(children[1].future));
    return rill_wait(&children[2], 1, RILL_ALL_COMPLETED, RILL_NEVER);
}

TEST(first_exception)
{
    begin(first_exception_main);
    trace_is("6 done [t0,t1] pending [t2]\n"
             "6 E5\n"
             "9 run -> None\n");
}

static int cancel_first_child(void *arg)
{
    (void)arg;
    rill_task_cancel(spawned[0]);
    return 0;
}

static int first_exception_ignores_cancelled_main(void *arg)
{
    static rill_timer_t timer = RILL_TIMER_INIT;
    static struct child specs[] = { { 0, 10, 0, false }, { 1, 20, 0, false } };
    (void)arg;
    spawn_named(specs, 2);
    rill_call_later(rill_loop_running(), &timer, RILL_MS(5), cancel_first_child, NULL);
    ev_done_and_count(2, rill_wait(children, 2, RILL_FIRST_EXCEPTION, RILL_NEVER));
    return 0;
}

TEST(first_exception_ignores_cancelled)
{
    begin(first_exception_ignores_cancelled_main);
    trace_is("20 done [t0,t1] pending 0\n"
             "20 run -> None\n");
}

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static int wait_for_first(void *arg)
{
    (void)arg;
    int done = rill_wait(children, 2, RILL_FIRST_COMPLETED, RILL_NEVER);
    ev("done %d pending %d", done, 2 - done);
    return 0;
}

// A second one that ends after the waiter was released, and before it runs, is reported as done.
static int late_completion_between_wakeup_main(void *arg)
{
    static rill_handle_t unrelated = RILL_HANDLE_INIT(NULL, NULL);
    static rill_handle_t later = RILL_HANDLE_INIT(NULL, NULL);
    (void)arg;
    two_futures();
    rill_future_add_done_callback(&f, &unrelated, nothing, NULL);
    rill_task_t t = spawn(wait_for_first, NULL);
    rill_yield();
    rill_future_set_result(&f, 1);
    rill_call_soon(rill_loop_running(), &later, set_g, (void *)2);
    return rill_await(rill_task_future(t), NULL);
}

TEST(late_completion_between_wakeup)
{
    begin(late_completion_between_wakeup_main);
    trace_is("0 done 2 pending 0\n"
             "0 run -> None\n");
}

static int sleep_and_set_g(void *arg)
{
    (void)arg;
    rill_sleep_ms(10);
    return rill_future_set_result(&g, 1);
}

static int race_timeout_and_completion_main(void *arg)
{
    static rill_timer_t timers[2];
    (void)arg;
    EMPTY(timers);
    two_futures();
    rill_call_later(rill_loop_running(), &timers[0], RILL_MS(10), set_f, NULL);
    int done = rill_wait(&children[0], 1, RILL_ALL_COMPLETED, RILL_MS(10));
    ev("done %d pending %d", done, 1 - done);
    rill_call_later(rill_loop_running(), &timers[1], RILL_MS(10), nothing, NULL);
    spawn(sleep_and_set_g, NULL);
    done = rill_wait(&children[1], 1, RILL_ALL_COMPLETED, RILL_MS(10));
    ev("done %d pending %d", done, 1 - done);
    return rill_sleep_ms(1);
}

TEST(race_timeout_and_completion)
{
    begin(race_timeout_and_completion_main);
    trace_is("10 done 1 pending 0\n"
             "20 done 0 pending 1\n"
             "21 run -> None\n");
}

static int timeout_main(void *arg)
{
    static struct child specs[] = { { 0, 5, 0, false }, { 1, 15, 0, false } };
    (void)arg;
    spawn_named(specs, 2);
    rill_wait(children, 2, RILL_ALL_COMPLETED, RILL_MS(10));
    ev_done_and_pending(2);
    rill_sleep_ms(10);
    ev_states(children, 2);
    return 0;
}

TEST(timeout)
{
    begin(timeout_main);
    trace_is("10 done [t0] pending [t1]\n"
             "20 [ok:0,ok:1]\n"
             "20 run -> None\n");
}

static int timeout_zero_main(void *arg)
{
    static struct child specs[] = { { 0, 0, 0, true }, { 1, 0, 0, true } };
    (void)arg;
    spawn_named(specs, 2);
    int done = rill_wait(children, 2, RILL_ALL_COMPLETED, 0);
    ev("%d %d", done, 2 - done);
    return 0;
}

TEST(timeout_zero)
{
    begin(timeout_zero_main);
    trace_is("0 a0\n"
             "0 a1\n"
             "0 2 0\n"
             "0 run -> None\n");
}

TEST_MAIN("wait", TEST_CASE(all_completed), TEST_CASE(all_done_already), TEST_CASE(cancelled_future_counts_as_done),
          TEST_CASE(duplicates), TEST_CASE(empty_and_bad_args), TEST_CASE(first_completed),
          TEST_CASE(first_completed_two_same_iteration), TEST_CASE(first_exception),
          TEST_CASE(first_exception_ignores_cancelled), TEST_CASE(late_completion_between_wakeup),
          TEST_CASE(race_timeout_and_completion), TEST_CASE(timeout), TEST_CASE(timeout_zero))
