// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
// CPython's test_futures.py: BaseFutureDoneCallbackTests.
//
// A registration is a handle here, not a function: a function registered six times is six handles, each removed by its
// own.
#define CONF_TASKS 1
#define CONF_HANDLES 66
#include "cpython.h"

static rill_future_t f;

static void start_future(void)
{
    start();
    rill_future_init(&f, &lp);
}

static int put_in_bag(void *arg)
{
    ev("%d", INT(arg));
    return 0;
}

static rill_handle_t *add(int thing)
{
    return when_done(&f, put_in_bag, PTR(thing));
}

static int remove_cb(rill_handle_t *handle)
{
    return rill_future_remove_done_callback(&f, handle);
}

static void set_and_run(void)
{
    trace_is("");
    CHECK_EQ(rill_future_set_result(&f, 7), 0);
    trace_is("");
    run_briefly();
    CHECK_EQ(value_of(&f), 7);
}

TEST(test_callbacks_remove_first_callback)
{
    start_future();
    rill_handle_t *cb1 = add(42);
    add(17);
    add(100);
    CHECK_EQ(remove_cb(cb1), 1);
    CHECK_EQ(remove_cb(cb1), 0);
    set_and_run();
    trace_is("0 17\n0 100\n");
}

TEST(test_callbacks_remove_first_and_second_callback)
{
    start_future();
    rill_handle_t *cb1 = add(42);
    rill_handle_t *cb2 = add(17);
    add(100);
    CHECK_EQ(remove_cb(cb1), 1);
    CHECK_EQ(remove_cb(cb2), 1);
    CHECK_EQ(remove_cb(cb1), 0);
    set_and_run();
    trace_is("0 100\n");
}

TEST(test_callbacks_remove_third_callback)
{
    start_future();
    add(42);
    add(17);
    rill_handle_t *cb3 = add(100);
    CHECK_EQ(remove_cb(cb3), 1);
    CHECK_EQ(remove_cb(cb3), 0);
    set_and_run();
    trace_is("0 42\n0 17\n");
}

TEST(test_callbacks_invoked_on_set_result)
{
    start_future();
    add(42);
    add(17);
    set_and_run();
    trace_is("0 42\n0 17\n");
}

TEST(test_callbacks_invoked_on_set_exception)
{
    start_future();
    add(100);
    CHECK_EQ(rill_future_set_error(&f, E(1), 0), 0);
    trace_is("");
    run_briefly();
    trace_is("0 100\n");
    CHECK_EQ(rill_future_exception(&f, NULL), E(1));
}

TEST(test_remove_done_callback)
{
    rill_handle_t *ones[6];
    rill_handle_t stranger = RILL_HANDLE_INIT(put_in_bag, NULL);
    int removed = 0;
    start_future();
    ones[0] = add(1);
    CHECK_EQ(remove_cb(add(2)), 1);
    CHECK_EQ(remove_cb(&stranger), 0);
    add(2);
    for (int i = 1; i < 6; i++) {
        ones[i] = add(1);
    }
    for (int i = 0; i < 6; i++) {
        removed += remove_cb(ones[i]);
    }
    CHECK_EQ(removed, 6);
    set_and_run();
    trace_is("0 2\n");
}

// Removing calls nothing, so nothing can change the list under it; what is left of CPython's three cases is a long list
// that goes away from the middle, or changes while its callbacks run.
TEST(test_remove_done_callbacks_list_mutation)
{
    rill_handle_t *ids[63];
    rill_handle_t stranger = RILL_HANDLE_INIT(put_in_bag, NULL);
    start_future();
    rill_handle_t *first = add(0);
    for (int i = 0; i < 63; i++) {
        ids[i] = add(1);
    }
    for (int i = 0; i < 63; i++) {
        CHECK_EQ(remove_cb(ids[(i * 10 + 31) % 63]), 1); // 10 and 63 have no common divisor: each once
    }
    CHECK_EQ(remove_cb(&stranger), 0);
    CHECK_EQ(remove_cb(first), 1);
    set_and_run();
    trace_is("");
}

static rill_handle_t *victims[2];

static int remove_victims(void *arg)
{
    (void)arg;
    ev("removed %d", remove_cb(victims[0]) + remove_cb(victims[1]));
    return 0;
}

// Removed while the callbacks run: they are scheduled already and run.
TEST(test_schedule_callbacks_list_mutation_1)
{
    start_future();
    when_done(&f, remove_victims, NULL);
    victims[0] = add(1);
    victims[1] = add(2);
    set_and_run();
    trace_is("0 removed 0\n0 1\n0 2\n");
}

static int add_more(void *arg)
{
    for (int i = 0; i < INT(arg); i++) {
        add(i);
    }
    return 0;
}

// Added while the callbacks run: they run in the next iteration.
TEST(test_schedule_callbacks_list_mutation_2)
{
    start_future();
    when_done(&f, add_more, PTR(3));
    add(10);
    set_and_run();
    trace_is("0 10\n");
    run_briefly();
    trace_is("0 0\n0 1\n0 2\n");
}

TEST_MAIN("cpython_futures_2", TEST_CASE(test_callbacks_remove_first_callback),
          TEST_CASE(test_callbacks_remove_first_and_second_callback), TEST_CASE(test_callbacks_remove_third_callback),
          TEST_CASE(test_callbacks_invoked_on_set_result), TEST_CASE(test_callbacks_invoked_on_set_exception),
          TEST_CASE(test_remove_done_callback), TEST_CASE(test_remove_done_callbacks_list_mutation),
          TEST_CASE(test_schedule_callbacks_list_mutation_1), TEST_CASE(test_schedule_callbacks_list_mutation_2))
