// asyncio.Event, rules EV1-EV3.
// rill-test: min-ram=16
#include "sync.h"

static rill_event_t event;

static void begin(rill_fn_t main_fn)
{
    event = (rill_event_t)RILL_EVENT_INIT;
    run_main(main_fn);
}

static int wait_named(void *name)
{
    int code = rill_event_wait(&event);
    ev("%s %s", (char *)name, outcome(code, "True"));
    return code;
}

static int broadcast_main(void *arg)
{
    (void)arg;
    spawn(wait_named, "a");
    spawn(wait_named, "b");
    spawn(wait_named, "c");
    rill_sleep_ms(5);
    rill_event_set(&event);
    ev("set");
    rill_sleep_ms(1);
    ev("%d", rill_event_is_set(&event));
    call_soon_ev("soon");
    int code = rill_event_wait(&event);
    ev("%s", outcome(code, "True"));
    return 0;
}

TEST(broadcast)
{
    begin(broadcast_main);
    trace_is("5 set\n"
             "5 a True\n"
             "5 b True\n"
             "5 c True\n"
             "6 1\n"
             "6 True\n"
             "6 soon\n"
             "6 run -> None\n");
}

static int wait_once(void *arg)
{
    (void)arg;
    int code = rill_event_wait(&event);
    ev("woke once");
    return code;
}

static int double_set_main(void *arg)
{
    (void)arg;
    spawn(wait_once, NULL);
    rill_sleep_ms(1);
    rill_event_set(&event);
    rill_event_set(&event);
    rill_sleep_ms(1);
    rill_event_clear(&event);
    ev("%d", rill_event_is_set(&event));
    return 0;
}

TEST(double_set)
{
    begin(double_set_main);
    trace_is("1 woke once\n"
             "2 0\n"
             "2 run -> None\n");
}

// set() and clear() in one step still wake those who were waiting; one that loops must look again.
static int wait_and_look(void *name)
{
    int code = rill_event_wait(&event);
    ev("%s woke set %d", (char *)name, rill_event_is_set(&event));
    return code;
}

static int set_then_clear_still_wakes_main(void *arg)
{
    (void)arg;
    spawn(wait_and_look, "a");
    spawn(wait_and_look, "b");
    rill_sleep_ms(1);
    rill_event_set(&event);
    rill_event_clear(&event);
    rill_sleep_ms(1);
    spawn(wait_and_look, "late");
    rill_sleep_ms(1);
    ev("late still waits");
    rill_event_set(&event);
    return rill_sleep_ms(1);
}

TEST(set_then_clear_still_wakes)
{
    begin(set_then_clear_still_wakes_main);
    trace_is("1 a woke set 0\n"
             "1 b woke set 0\n"
             "3 late still waits\n"
             "3 late woke set 1\n"
             "4 run -> None\n");
}

TEST_MAIN("event", TEST_CASE(broadcast), TEST_CASE(double_set), TEST_CASE(set_then_clear_still_wakes))
