// CPython 3.13 test_locks.py, EventTests: rules EV1-EV3.
// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
#include <rill/event.h>

#include "misc.h"

static rill_event_t event;

static void play_event(rill_fn_t main_fn)
{
    event = (rill_event_t){ 0 };
    play(main_fn);
}

static int wait_and_add(void *item)
{
    int code = rill_event_wait(&event);
    if (code == 0) {
        add(*(const char *)item);
    }
    return code;
}

static int test_wait_main(void *arg)
{
    (void)arg;
    CHECK(!rill_event_is_set(&event));
    rill_task_t t1 = spawn(wait_and_add, "1");
    rill_task_t t2 = spawn(wait_and_add, "2");
    rill_yield();
    RESULTS("");
    rill_task_t t3 = spawn(wait_and_add, "3");
    rill_event_set(&event);
    rill_yield();
    RESULTS("312");
    CHECK(done(t1) && result_of(t1) == 0);
    CHECK(done(t2) && result_of(t2) == 0);
    CHECK(done(t3) && result_of(t3) == 0);
    return 0;
}

TEST(test_wait)
{
    play_event(test_wait_main);
}

static int test_wait_on_set_main(void *arg)
{
    (void)arg;
    rill_event_set(&event);
    return rill_event_wait(&event);
}

TEST(test_wait_on_set)
{
    play_event(test_wait_on_set_main);
}

static int test_wait_cancel_main(void *arg)
{
    (void)arg;
    rill_task_t wait = spawn(wait_and_add, "1");
    soon(cancel_it, &wait);
    CHECK_EQ(wait_end(wait), RILL_ECANCELED);
    CHECK(event.waiters == NULL);
    RESULTS("");
    return 0;
}

TEST(test_wait_cancel)
{
    play_event(test_wait_cancel_main);
}

static int test_clear_main(void *arg)
{
    (void)arg;
    CHECK(!rill_event_is_set(&event));
    rill_event_set(&event);
    CHECK(rill_event_is_set(&event));
    rill_event_clear(&event);
    CHECK(!rill_event_is_set(&event));
    return 0;
}

TEST(test_clear)
{
    play_event(test_clear_main);
}

static int test_clear_with_waiters_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(wait_and_add, "1");
    rill_yield();
    RESULTS("");
    rill_event_set(&event);
    rill_event_clear(&event);
    CHECK(!rill_event_is_set(&event));
    rill_event_set(&event);
    rill_event_set(&event);
    rill_yield();
    RESULTS("1");
    CHECK(event.waiters == NULL);
    CHECK(done(t) && result_of(t) == 0);
    return 0;
}

TEST(test_clear_with_waiters)
{
    play_event(test_clear_with_waiters_main);
}

TEST_MAIN("cpython_locks_event",
    TEST_CASE(test_wait),
    TEST_CASE(test_wait_on_set),
    TEST_CASE(test_wait_cancel),
    TEST_CASE(test_clear),
    TEST_CASE(test_clear_with_waiters))
