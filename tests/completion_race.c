// rill-test: boards=host
// Two threads complete a future by way of one cell. One of the two wins, and as a whole: no error with the other's
// word.
#include <pthread.h>
#include <sched.h>

#include <rill/future.h>

#include "test.h"

enum { ROUNDS = 100000 };

static rill_loop_t loop;
static rill_future_t future;
static rill_completion_t cell = RILL_COMPLETION_INIT;
static int turn; // of both threads
static int ready; // the other one

static void wait_for(const int *counter, int n)
{
    for (unsigned spins = 0; __atomic_load_n(counter, __ATOMIC_ACQUIRE) < n; spins++) {
        if (spins > 1000) {
            sched_yield();
        }
    }
}

static void *give_errors(void *arg)
{
    for (int n = 1; n <= ROUNDS; n++) {
        wait_for(&turn, n);
        rill_future_set_error_threadsafe(&future, &cell, RILL_EIO, 9);
        __atomic_store_n(&ready, n, __ATOMIC_RELEASE);
    }
    return arg;
}

static bool is_whole(void)
{
    rill_value_t word = 0;
    rill_value_t detail = 0;
    int error = rill_future_result(&future, &word);
    rill_future_exception(&future, &detail);
    return error == RILL_OK ? word == 7 : error == RILL_EIO && detail == 9;
}

TEST(one_of_two_wins)
{
    pthread_t other;
    unsigned torn = 0;
    CHECK_EQ(rill_loop_init(&loop), 0);
    CHECK_EQ(pthread_create(&other, NULL, give_errors, NULL), 0);
    for (int n = 1; n <= ROUNDS; n++) {
        rill_future_init(&future, &loop);
        __atomic_store_n(&turn, n, __ATOMIC_RELEASE);
        for (volatile int spins = n % 512; spins > 0; spins--) { // so that one is at every instruction of the other
        }
        rill_future_set_result_threadsafe(&future, &cell, 7);
        wait_for(&ready, n);
        CHECK_EQ(rill_loop_run_once(&loop, 0, NULL), 0);
        torn += !is_whole();
    }
    CHECK_EQ(torn, 0);
    CHECK_EQ(pthread_join(other, NULL), 0);
}

TEST_MAIN("completion_race", TEST_CASE(one_of_two_wins))
