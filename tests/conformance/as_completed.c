// asyncio.as_completed, rules AC1-AC6.
// rill-test: min-ram=16
#include "sync.h"

static rill_awaitable_t children[4];
static rill_as_completed_t completions;

static void begin(rill_fn_t main_fn)
{
    EMPTY(children);
    run_main(main_fn);
}

// rc(c) of the next one: its result or its error, or that of the wait for it.
static const char *next_outcome(void)
{
    rill_awaitable_t *next = NULL;
    int code = rill_as_completed_next(&completions, &next);
    return code != 0 ? error_name(code) : number_or_error(next->error, next->value);
}

// for c in as_completed(children): ev(await rc(c))
static void ev_all(unsigned n, rill_time_t timeout)
{
    CHECK_EQ(rill_as_completed_begin(&completions, children, n, timeout), RILL_OK);
    for (;;) {
        rill_awaitable_t *next = NULL;
        int code = rill_as_completed_next(&completions, &next);
        if (code == RILL_ENODATA) {
            break;
        }
        ev("%s", code != 0 ? error_name(code) : number_or_error(next->error, next->value));
    }
    rill_as_completed_end(&completions);
}

static int cancel_first_child(void *arg)
{
    (void)arg;
    rill_task_cancel(spawned[0]);
    return 0;
}

static int cancelled_child_main(void *arg)
{
    static rill_timer_t timer = RILL_TIMER_INIT;
    static struct child specs[] = { { 1, 30, 0, false }, { 2, 20, 0, false } };
    (void)arg;
    spawn_children(children, specs, 2);
    rill_call_later(rill_loop_running(), &timer, RILL_MS(5), cancel_first_child, NULL);
    ev_all(2, RILL_NEVER);
    return 0;
}

TEST(cancelled_child)
{
    begin(cancelled_child_main);
    trace_is("5 ECANCELED\n"
             "20 2\n"
             "20 run -> None\n");
}

static int take_one(void *name)
{
    const char *text = next_outcome();
    ev("%s got %s", (char *)name, text);
    return 0;
}

// Whoever waits first gets the first completion.
static int concurrent_consumers_main(void *arg)
{
    static struct child specs[] = { { 1, 10, 0, false }, { 2, 5, 0, false } };
    static rill_awaitable_t consumers[2];
    (void)arg;
    EMPTY(consumers);
    spawn_children(children, specs, 2);
    rill_as_completed_begin(&completions, children, 2, RILL_NEVER);
    consumers[0].future = spawn_future(take_one, "second");
    consumers[1].future = spawn_future(take_one, "first");
    int code = rill_gather(consumers, 2, 0);
    rill_as_completed_end(&completions);
    return code;
}

TEST(concurrent_consumers)
{
    begin(concurrent_consumers_main);
    trace_is("5 second got 2\n"
             "10 first got 1\n"
             "10 run -> None\n");
}

static int take_all(void *arg)
{
    rill_awaitable_t *next = NULL;
    int code;
    (void)arg;
    rill_as_completed_begin(&completions, children, 2, RILL_NEVER);
    while ((code = rill_as_completed_next(&completions, &next)) == 0) {
        ev("got %s", number_or_error(next->error, next->value));
    }
    rill_as_completed_end(&completions);
    return code == RILL_ENODATA ? 0 : code;
}

static int consumer_cancelled_main(void *arg)
{
    static struct child specs[] = { { 5, 5, 0, false }, { 10, 10, 0, false } };
    (void)arg;
    spawn_children(children, specs, 2);
    rill_task_t t = spawn(take_all, NULL);
    rill_sleep_ms(7);
    rill_task_cancel(t);
    int code = rill_await(rill_task_future(t), NULL);
    ev("%s", outcome(code, "None"));
    ev_states(children, 2);
    rill_sleep_ms(10);
    ev_states(children, 2);
    return 0;
}

TEST(consumer_cancelled)
{
    begin(consumer_cancelled_main);
    trace_is("5 got 5\n"
             "7 ECANCELED\n"
             "7 [ok:5,pending]\n"
             "17 [ok:5,ok:10]\n"
             "17 run -> None\n");
}

static int duplicates_main(void *arg)
{
    static struct child specs[] = { { 1, 3, 0, false }, { 2, 2, 0, false } };
    rill_awaitable_t *next = NULL;
    char text[24] = "[";
    (void)arg;
    spawn_children(children, specs, 2);
    children[2].future = children[0].future;
    rill_as_completed_begin(&completions, children, 3, RILL_NEVER);
    while (rill_as_completed_next(&completions, &next) == 0) {
        strcat(text, text[1] != '\0' ? "," : "");
        strcat(text, number_or_error(next->error, next->value));
    }
    rill_as_completed_end(&completions);
    ev("%s]", text);
    return 0;
}

TEST(duplicates)
{
    begin(duplicates_main);
    trace_is("3 [2,1]\n"
             "3 run -> None\n");
}

static int errors_main(void *arg)
{
    static struct child specs[] = { { 1, 30, 0, false }, { 2, 10, 4, false }, { 3, 20, 0, false } };
    (void)arg;
    spawn_children(children, specs, 3);
    ev_all(3, RILL_NEVER);
    return 0;
}

TEST(errors)
{
    begin(errors_main);
    trace_is("10 E4\n"
             "20 3\n"
             "30 1\n"
             "30 run -> None\n");
}

// The reference awaits its second awaitable first; they are alike, and so are two calls of next.
static int reverse_wait_main(void *arg)
{
    static struct child specs[] = { { 1, 10, 0, false }, { 2, 5, 0, false } };
    (void)arg;
    spawn_children(children, specs, 2);
    ev_all(2, RILL_NEVER);
    return 0;
}

TEST(reverse_wait)
{
    begin(reverse_wait_main);
    trace_is("5 2\n"
             "10 1\n"
             "10 run -> None\n");
}

static int same_time_creation_order_main(void *arg)
{
    static struct child specs[] = { { 0, 5, 0, false }, { 1, 5, 0, false }, { 2, 5, 0, false }, { 3, 5, 0, false } };
    (void)arg;
    spawn_children(children, specs, 4);
    ev_all(4, RILL_NEVER);
    return 0;
}

TEST(same_time_creation_order)
{
    begin(same_time_creation_order_main);
    trace_is("5 0\n"
             "5 1\n"
             "5 2\n"
             "5 3\n"
             "5 run -> None\n");
}

static int timeout_main(void *arg)
{
    static struct child specs[] = { { 1, 30, 0, true }, { 2, 10, 0, true }, { 3, 50, 0, true } };
    (void)arg;
    spawn_children(children, specs, 3);
    ev_all(3, RILL_MS(20));
    ev("tasks go on");
    return rill_sleep_ms(100);
}

TEST(timeout)
{
    begin(timeout_main);
    trace_is("10 a2\n"
             "10 2\n"
             "20 ETIMEDOUT\n"
             "20 ETIMEDOUT\n"
             "20 tasks go on\n"
             "30 a1\n"
             "50 a3\n"
             "120 run -> None\n");
}

TEST_MAIN("as_completed", TEST_CASE(cancelled_child), TEST_CASE(concurrent_consumers), TEST_CASE(consumer_cancelled),
          TEST_CASE(duplicates), TEST_CASE(errors), TEST_CASE(reverse_wait), TEST_CASE(same_time_creation_order),
          TEST_CASE(timeout))
