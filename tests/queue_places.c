// rill-test: min-ram=16
// Queue elements written and read where they lie: reserve, commit, abandon; peek, release, unpeek.
#include <rill/queue.h>

#include "beyond.h"

RILL_QUEUE_DEFINE(queue, uint32_t, 3);
RILL_LIFO_QUEUE_DEFINE(lifo, uint32_t, 3);

static int run_fresh(rill_fn_t fn)
{
    static uintptr_t storage[3 * RILL_QUEUE_WORDS(uint32_t)];
    CHECK_EQ(rill_queue_init(&queue, storage, sizeof(uint32_t), 3, RILL_FIFO, NULL), 0);
    int error = run(fn);
    CHECK(queue.getters == NULL && queue.putters == NULL && queue.joiners == NULL);
    return error;
}

static void put(uint32_t n)
{
    CHECK_EQ(rill_queue_put_nowait(&queue, &n), 0);
}

static void get(uint32_t expected)
{
    uint32_t n = 0;
    CHECK_EQ(rill_queue_get_nowait(&queue, &n), 0);
    CHECK_EQ(n, expected);
}

// Names say what a task does: "p7" puts 7, "r7" reserves and commits 7, "g" gets, "k" peeks and releases.
static int worker(void *arg)
{
    const char *name = arg;
    uint32_t n = (uint32_t)(name[1] != '\0' ? name[1] - '0' : 0);
    void *place = &n;
    int error = name[0] == 'p'   ? rill_queue_put(&queue, &n)
                : name[0] == 'g' ? rill_queue_get(&queue, &n)
                : name[0] == 'r' ? rill_queue_reserve(&queue, &place)
                                 : rill_queue_peek(&queue, &place);
    if (error == RILL_OK && name[0] == 'r') {
        *(uint32_t *)place = n;
        error = rill_queue_commit(&queue);
    } else if (error == RILL_OK && name[0] == 'k') {
        n = *(uint32_t *)place;
        error = rill_queue_release(&queue);
    }
    ev("%s %d: %u", name, error, (unsigned)n);
    return error;
}

// ---- without waiting

TEST(round_and_round)
{
    void *in = NULL;
    void *out = NULL;
    for (uint32_t n = 0; n < 20; n++) {
        CHECK_EQ(rill_queue_reserve_nowait(&queue, &in), 0);
        CHECK_EQ((uintptr_t)in % sizeof(uintptr_t), 0);
        *(uint32_t *)in = n;
        CHECK_EQ(rill_queue_commit(&queue), 0);
        CHECK_EQ(rill_queue_size(&queue), n == 0 ? 1 : 2);
        if (n > 0) {
            CHECK_EQ(rill_queue_peek_nowait(&queue, &out), 0);
            CHECK_EQ(*(uint32_t *)out, n - 1);
            CHECK_EQ(rill_queue_size(&queue), 2);
            CHECK_EQ(rill_queue_release(&queue), 0);
        }
    }
    CHECK_EQ(rill_queue_unfinished(&queue), 20);
    get(19);
    CHECK(rill_queue_empty(&queue));
}

// One end in use does not hinder the other.
TEST(full_and_empty_for_the_others)
{
    void *in = NULL;
    void *out = NULL;
    uint32_t n = 9;
    put(1);
    put(2);
    CHECK_EQ(rill_queue_reserve_nowait(&queue, &in), 0);
    *(uint32_t *)in = 3;
    CHECK(rill_queue_full(&queue));
    CHECK_EQ(rill_queue_put_nowait(&queue, &n), RILL_EQFULL);
    CHECK_EQ(rill_queue_reserve_nowait(&queue, &out), RILL_EQFULL);
    get(1);
    CHECK_EQ(rill_queue_put_nowait(&queue, &n), RILL_EQFULL);
    CHECK_EQ(rill_queue_peek_nowait(&queue, &out), 0);
    CHECK_EQ(*(uint32_t *)out, 2);
    CHECK(rill_queue_empty(&queue));
    CHECK_EQ(rill_queue_get_nowait(&queue, &n), RILL_EQEMPTY);
    CHECK_EQ(rill_queue_commit(&queue), 0);
    put(4);
    CHECK(rill_queue_full(&queue));
    CHECK_EQ(rill_queue_get_nowait(&queue, &n), RILL_EQEMPTY);
    CHECK_EQ(rill_queue_unpeek(&queue), 0);
    get(2);
    get(3);
    CHECK_EQ(rill_queue_reserve_nowait(&queue, &in), 0);
    CHECK_EQ(rill_queue_abandon(&queue), 0);
    get(4);
    CHECK(rill_queue_empty(&queue) && !rill_queue_full(&queue));
}

// ---- with waiting

static int waits(void *arg)
{
    (void)arg;
    rill_task_t tasks[] = { spawn(worker, "k"), spawn(worker, "g"), spawn(worker, "k") };
    rill_sleep_ms(1);
    put(1);
    put(2);
    put(3);
    for (int i = 0; i < 3; i++) {
        rill_join(tasks[i], NULL);
    }
    put(4);
    put(5);
    put(6);
    tasks[0] = spawn(worker, "r7");
    tasks[1] = spawn(worker, "p8");
    rill_sleep_ms(1);
    get(4);
    get(5);
    rill_join(tasks[0], NULL);
    rill_join(tasks[1], NULL);
    get(6);
    get(7);
    get(8);
    return 0;
}

TEST(reserve_and_peek_wait_their_turn)
{
    CHECK_EQ(run_fresh(waits), 0);
    trace_is("1 k 0: 1\n1 g 0: 2\n1 k 0: 3\n2 r7 0: 7\n2 p8 0: 8\n");
}

// Those who wait because of a reservation keep their order, and as many go on as there is room for.
static int long_reservation(void *arg)
{
    (void)arg;
    void *place = NULL;
    put(1);
    put(2);
    CHECK_EQ(rill_queue_reserve(&queue, &place), 0);
    *(uint32_t *)place = 3;
    rill_task_t tasks[] = { spawn(worker, "p4"), spawn(worker, "r5"), spawn(worker, "p6") };
    rill_sleep_ms(1);
    get(1);
    get(2);
    rill_sleep_ms(1);
    CHECK_EQ(rill_queue_commit(&queue), 0);
    rill_sleep_ms(1);
    get(3);
    rill_join(tasks[2], NULL);
    get(4);
    get(5);
    get(6);
    return 0;
}

static int long_peek(void *arg)
{
    (void)arg;
    void *place = NULL;
    put(1);
    CHECK_EQ(rill_queue_peek(&queue, &place), 0);
    rill_task_t tasks[] = { spawn(worker, "g"), spawn(worker, "k"), spawn(worker, "g") };
    rill_sleep_ms(1);
    put(2);
    put(3);
    rill_sleep_ms(1);
    CHECK_EQ(*(uint32_t *)place, 1);
    CHECK_EQ(rill_queue_unpeek(&queue), 0);
    for (int i = 0; i < 3; i++) {
        rill_join(tasks[i], NULL);
    }
    return 0;
}

TEST(those_who_wait_keep_their_order)
{
    CHECK_EQ(run_fresh(long_reservation), 0);
    trace_is("2 p4 0: 4\n2 r5 0: 5\n3 p6 0: 6\n");
    CHECK_EQ(run_fresh(long_peek), 0);
    trace_is("2 g 0: 1\n2 k 0: 2\n2 g 0: 3\n");
}

static int abandon_wakes(void *arg)
{
    (void)arg;
    void *place = NULL;
    put(1);
    put(2);
    CHECK_EQ(rill_queue_reserve(&queue, &place), 0);
    rill_task_t a = spawn(worker, "p3");
    rill_sleep_ms(1);
    CHECK_EQ(rill_queue_abandon(&queue), 0);
    return rill_join(a, NULL);
}

TEST(abandoned_place_goes_to_the_next)
{
    CHECK_EQ(run_fresh(abandon_wakes), 0);
    trace_is("1 p3 0: 3\n");
}

// ---- cancellation

static int cancel(void *arg)
{
    (void)arg;
    rill_task_t tasks[] = { spawn(worker, "k"), spawn(worker, "g"), spawn(worker, "k") };
    rill_sleep_ms(1);
    rill_task_cancel(tasks[0]); // while it waits
    put(1);
    rill_task_cancel(tasks[1]); // woken, not resumed: the wake-up is the next one's
    for (int i = 0; i < 3; i++) {
        rill_join(tasks[i], NULL);
    }
    put(2);
    put(3);
    put(4);
    tasks[0] = spawn(worker, "r5");
    tasks[1] = spawn(worker, "r6");
    rill_sleep_ms(1);
    get(2);
    rill_task_cancel(tasks[0]);
    rill_join(tasks[0], NULL);
    rill_join(tasks[1], NULL);
    get(3);
    get(4);
    get(6);
    return 0;
}

TEST(cancelled_waits_pass_it_on)
{
    CHECK_EQ(run_fresh(cancel), 0);
    trace_is("1 k -125: 0\n1 g -125: 0\n1 k 0: 1\n2 r5 -125: 5\n2 r6 0: 6\n");
}

// ---- the end of the queue

static int shut_down(void *arg)
{
    (void)arg;
    void *in = NULL;
    void *out = NULL;
    put(1);
    CHECK_EQ(rill_queue_reserve(&queue, &in), 0);
    CHECK_EQ(rill_queue_peek(&queue, &out), 0);
    rill_task_t tasks[] = { spawn(worker, "g"), spawn(worker, "r2"), spawn(worker, "k") };
    rill_sleep_ms(1);
    rill_queue_shutdown(&queue, true);
    rill_sleep_ms(1);
    CHECK_EQ(*(uint32_t *)out, 1);
    CHECK_EQ(rill_queue_unfinished(&queue), 1);
    CHECK_EQ(rill_queue_commit(&queue), RILL_ESHUTDOWN);
    CHECK_EQ(rill_queue_release(&queue), 0);
    CHECK_EQ(rill_queue_task_done(&queue), 0);
    for (int i = 0; i < 3; i++) {
        rill_join(tasks[i], NULL);
    }
    return rill_queue_join(&queue);
}

TEST(shutdown_lets_the_peek_end)
{
    CHECK_EQ(run_fresh(shut_down), 0);
    trace_is("1 r2 -108: 2\n2 g -108: 0\n2 k -108: 0\n");
}

static int wait_in_callback(void *arg)
{
    void *place;
    CHECK_EQ(rill_queue_peek(arg, &place), RILL_EPERM);
    put(1);
    put(2);
    put(3);
    CHECK_EQ(rill_queue_reserve(arg, &place), RILL_EPERM);
    errors++;
    return 0;
}

static int wrong(void *arg)
{
    (void)arg;
    void *place = NULL;
    CHECK_EQ(rill_queue_reserve(NULL, &place), RILL_EINVAL);
    CHECK_EQ(rill_queue_reserve(&queue, NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_reserve(&lifo, &place), RILL_EINVAL);
    CHECK_EQ(rill_queue_peek(NULL, &place), RILL_EINVAL);
    CHECK_EQ(rill_queue_peek(&queue, NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_peek(&lifo, &place), RILL_EINVAL);
    CHECK_EQ(rill_queue_commit(NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_release(NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_commit(&queue), RILL_EPERM);
    CHECK_EQ(rill_queue_abandon(&queue), RILL_EPERM);
    CHECK_EQ(rill_queue_release(&queue), RILL_EPERM);
    CHECK_EQ(rill_queue_unpeek(&queue), RILL_EPERM);
    in_callback(wait_in_callback, &queue);
    return 0;
}

TEST(wrong_calls_are_refused)
{
    CHECK_EQ(run_fresh(wrong), 0);
}

// ---- who waits

static void waiting(unsigned getters, unsigned putters)
{
    CHECK_EQ(rill_queue_getters(&queue), getters);
    CHECK_EQ(rill_queue_putters(&queue), putters);
}

static int count_waiters(void *arg)
{
    static const char *const names[] = { "g", "g", "g", "p4", "p5" };
    rill_task_t tasks[5];
    (void)arg;
    waiting(0, 0);
    for (int i = 0; i < 3; i++) {
        tasks[i] = spawn(worker, names[i]);
    }
    rill_yield();
    waiting(3, 0);
    rill_task_cancel(tasks[1]);
    waiting(2, 0);
    put(1);
    put(2);
    waiting(0, 0); // woken
    rill_yield();
    for (uint32_t n = 1; n <= 3; n++) {
        put(n);
    }
    for (int i = 3; i < 5; i++) {
        tasks[i] = spawn(worker, names[i]);
    }
    rill_yield();
    waiting(0, 2);
    get(1);
    waiting(0, 1);
    rill_queue_shutdown(&queue, true);
    waiting(0, 0);
    for (int i = 0; i < 5; i++) {
        rill_join(tasks[i], NULL);
    }
    CHECK_EQ(rill_queue_getters(NULL) + rill_queue_putters(NULL), 0);
    return 0;
}

TEST(waiters_are_counted)
{
    CHECK_EQ(run_fresh(count_waiters), 0);
}

TEST_MAIN("queue_places", TEST_CASE(round_and_round), TEST_CASE(full_and_empty_for_the_others),
          TEST_CASE(reserve_and_peek_wait_their_turn), TEST_CASE(those_who_wait_keep_their_order),
          TEST_CASE(abandoned_place_goes_to_the_next), TEST_CASE(cancelled_waits_pass_it_on),
          TEST_CASE(shutdown_lets_the_peek_end), TEST_CASE(wrong_calls_are_refused), TEST_CASE(waiters_are_counted))
