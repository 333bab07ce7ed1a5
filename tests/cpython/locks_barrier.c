// CPython 3.13 test_locks.py, BarrierTests: rules BR1-BR5.
// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
#include <rill/barrier.h>
#include <rill/gather.h>

#include "misc.h"

#define PARTIES 5
#define HALF (PARTIES / 2)

static rill_barrier_t barrier;
static rill_task_t tasks[PARTIES];
static int outcomes[PARTIES];
static unsigned count;

static void play_with(uint16_t parties, rill_fn_t main_fn)
{
    CHECK_EQ(rill_barrier_init(&barrier, parties), 0);
    count = 0;
    play(main_fn);
}

static int wait(void *arg)
{
    (void)arg;
    return rill_barrier_wait(&barrier);
}

static void make_tasks(unsigned n, rill_fn_t fn)
{
    for (unsigned i = 0; i < n; i++) {
        tasks[i] = spawn(fn, NULL);
    }
}

// gather(*tasks)
static void gather(unsigned n)
{
    static rill_awaitable_t children[PARTIES];
    memset(children, 0, sizeof children);
    for (unsigned i = 0; i < n; i++) {
        children[i].future = rill_task_future(tasks[i]);
    }
    CHECK_EQ(rill_gather(children, n, 0), 0);
    for (unsigned i = 0; i < n; i++) {
        outcomes[i] = (int)children[i].value;
    }
}

static void gather_tasks(unsigned n, rill_fn_t fn)
{
    make_tasks(n, fn);
    gather(n);
}

// The outcomes are 0 to n - 1 in some order.
static bool all_indices(unsigned n)
{
    unsigned seen = 0;
    for (unsigned i = 0; i < n; i++) {
        seen |= 1u << outcomes[i];
    }
    return seen == (1u << n) - 1;
}

static void check_idle(void)
{
    CHECK_EQ(rill_barrier_waiting(&barrier), 0);
    CHECK(!rill_barrier_broken(&barrier));
    CHECK(barrier.state != RILL_BARRIER_RESETTING);
}

// `await barrier` is a type error: here the compiler's.
_Static_assert(!__builtin_types_compatible_p(rill_barrier_t *, rill_future_t *), "a barrier is not awaitable");

TEST(test_barrier)
{
    CHECK_EQ(rill_barrier_init(&barrier, PARTIES), 0);
    CHECK_EQ(barrier.state, RILL_BARRIER_FILLING);
}

TEST(test_barrier_parties)
{
    CHECK_EQ(rill_barrier_init(&barrier, 0), RILL_EINVAL);
    CHECK_EQ(rill_barrier_init(&barrier, PARTIES), 0);
}

static int test_context_manager_main(void *arg)
{
    (void)arg;
    gather_tasks(3, wait);
    CHECK(all_indices(3));
    check_idle();
    return 0;
}

TEST(test_context_manager)
{
    play_with(3, test_context_manager_main);
}

static int test_filling_one_task_main(void *arg)
{
    CHECK_EQ(wait(arg), 0);
    check_idle();
    return 0;
}

TEST(test_filling_one_task)
{
    play_with(1, test_filling_one_task_main);
}

static int test_filling_one_task_twice_main(void *arg)
{
    (void)arg;
    rill_task_t t1 = spawn(wait, NULL);
    rill_yield();
    CHECK_EQ(rill_barrier_waiting(&barrier), 0);
    rill_task_t t2 = spawn(wait, NULL);
    rill_yield();
    CHECK_EQ(result_of(t1), result_of(t2));
    CHECK(done(t1) && done(t2));
    check_idle();
    return 0;
}

TEST(test_filling_one_task_twice)
{
    play_with(1, test_filling_one_task_twice_main);
}

static int test_filling_task_by_task_main(void *arg)
{
    rill_awaitable_t all[3] = { { 0 } };
    (void)arg;
    for (unsigned i = 0; i < 3; i++) {
        all[i].future = rill_task_future(spawn(wait, NULL));
        rill_yield();
        CHECK_EQ(rill_barrier_waiting(&barrier), i < 2 ? i + 1 : 0);
        CHECK(i == 2 || barrier.state == RILL_BARRIER_FILLING);
    }
    CHECK_EQ(rill_wait(all, 3, RILL_ALL_COMPLETED, RILL_NEVER), 3);
    check_idle();
    return 0;
}

TEST(test_filling_task_by_task)
{
    play_with(3, test_filling_task_by_task_main);
}

static int wait_twice(void *arg)
{
    CHECK(wait(arg) >= 0);
    add('1');
    int index = wait(arg);
    add('2');
    return index;
}

static int test_filling_tasks_wait_twice_main(void *arg)
{
    (void)arg;
    gather_tasks(PARTIES, wait_twice);
    CHECK_EQ(strlen(results), PARTIES * 2);
    CHECK_EQ(count_of('1'), PARTIES);
    CHECK_EQ(count_of('2'), PARTIES);
    check_idle();
    return 0;
}

TEST(test_filling_tasks_wait_twice)
{
    play_with(PARTIES, test_filling_tasks_wait_twice_main);
}

static int test_filling_tasks_check_return_value_main(void *arg)
{
    (void)arg;
    gather_tasks(PARTIES, wait_twice);
    CHECK_EQ(count_of('1'), PARTIES);
    CHECK_EQ(count_of('2'), PARTIES);
    CHECK(all_indices(PARTIES));
    check_idle();
    return 0;
}

TEST(test_filling_tasks_check_return_value)
{
    play_with(PARTIES, test_filling_tasks_check_return_value_main);
}

static int wait_and_look(void *arg)
{
    int index = wait(arg);
    add(barrier.state == RILL_BARRIER_DRAINING ? 'd' : '-');
    return index;
}

// The last to leave sees the barrier filling again.
static int test_draining_state_main(void *arg)
{
    (void)arg;
    gather_tasks(PARTIES, wait_and_look);
    RESULTS("dddd-");
    check_idle();
    return 0;
}

TEST(test_draining_state)
{
    play_with(PARTIES, test_draining_state_main);
}

static rill_barrier_t other;

static int wait_again_in_parts(void *arg)
{
    CHECK(wait(arg) >= 0);
    if (count < 2) {
        count++;
    } else {
        CHECK(rill_barrier_wait(&other) >= 0); // the end of the draining
        add('o');
    }
    return wait(arg);
}

static int test_blocking_tasks_while_draining_main(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_barrier_init(&other, PARTIES - 2), 0);
    gather_tasks(PARTIES, wait_again_in_parts);
    CHECK_EQ(count_of('o'), PARTIES - 2);
    return 0;
}

TEST(test_blocking_tasks_while_draining)
{
    play_with(PARTIES, test_blocking_tasks_while_draining_main);
}

static int wait_and_add(void *arg)
{
    int index = wait(arg);
    if (index >= 0) {
        add('t');
    }
    return index;
}

static int test_filling_tasks_cancel_one_main(void *arg)
{
    (void)arg;
    rill_task_t t1 = spawn(wait_and_add, NULL);
    rill_yield();
    CHECK_EQ(rill_barrier_waiting(&barrier), 1);
    tasks[0] = spawn(wait_and_add, NULL);
    rill_yield();
    CHECK_EQ(rill_barrier_waiting(&barrier), 2);
    rill_task_cancel(t1);
    rill_yield();
    CHECK_EQ(rill_barrier_waiting(&barrier), 1);
    CHECK_EQ(wait_end(t1), RILL_ECANCELED);
    CHECK(cancelled(t1));
    tasks[1] = spawn(wait_and_add, NULL);
    rill_yield();
    CHECK_EQ(rill_barrier_waiting(&barrier), 2);
    tasks[2] = spawn(wait_and_add, NULL);
    gather(3);
    RESULTS("ttt");
    check_idle();
    return 0;
}

TEST(test_filling_tasks_cancel_one)
{
    play_with(3, test_filling_tasks_cancel_one_main);
}

static int reset(void *arg)
{
    (void)arg;
    return rill_barrier_reset(&barrier);
}

static int abort_it(void *arg)
{
    (void)arg;
    return rill_barrier_abort(&barrier);
}

static int test_reset_barrier_main(void *arg)
{
    (void)arg;
    go(reset, NULL);
    rill_yield();
    check_idle();
    return 0;
}

TEST(test_reset_barrier)
{
    play_with(1, test_reset_barrier_main);
}

static int expect_broken(void *arg)
{
    if (wait(arg) == RILL_EBROKEN) {
        add('b');
    }
    return 0;
}

static int test_reset_barrier_while_tasks_waiting_main(void *arg)
{
    (void)arg;
    make_tasks(PARTIES - 1, expect_broken);
    rill_yield();
    go(reset, NULL);
    gather(PARTIES - 1);
    RESULTS("bbbb");
    check_idle();
    return 0;
}

TEST(test_reset_barrier_while_tasks_waiting)
{
    play_with(PARTIES, test_reset_barrier_while_tasks_waiting_main);
}

static int reset_half_drained(void *arg)
{
    int index = wait(arg);
    if (index == RILL_EBROKEN) {
        add('b');
    } else if (barrier.count == HALF) {
        return reset(arg);
    }
    return 0;
}

static int test_reset_barrier_when_tasks_half_draining_main(void *arg)
{
    (void)arg;
    gather_tasks(PARTIES, reset_half_drained);
    RESULTS("bb");
    check_idle();
    return 0;
}

TEST(test_reset_barrier_when_tasks_half_draining)
{
    play_with(PARTIES, test_reset_barrier_when_tasks_half_draining_main);
}

static int reset_half_blocking(void *arg)
{
    if (wait(arg) == RILL_EBROKEN) { // had to wait still
        add('1');
        return wait(arg);
    }
    if (++count > HALF) {
        reset(arg);
        return wait(arg);
    }
    if (wait(arg) == RILL_EBROKEN) { // does not happen: blocked tasks go on
        add('2');
    }
    return 0;
}

static int test_reset_barrier_when_tasks_half_draining_half_blocking_main(void *arg)
{
    (void)arg;
    gather_tasks(PARTIES, reset_half_blocking);
    RESULTS("11");
    check_idle();
    return 0;
}

TEST(test_reset_barrier_when_tasks_half_draining_half_blocking)
{
    play_with(PARTIES, test_reset_barrier_when_tasks_half_draining_half_blocking_main);
}

static int broken_then_again(void *arg)
{
    if (wait(arg) == RILL_EBROKEN) {
        add('1');
    }
    int index = wait(arg);
    add('2');
    return index;
}

static int wait_and_add_2(void *arg)
{
    int index = wait(arg);
    add('2');
    return index;
}

static int test_reset_barrier_while_tasks_waiting_and_waiting_again_main(void *arg)
{
    (void)arg;
    make_tasks(PARTIES - 1, broken_then_again);
    go(reset, NULL);
    rill_yield();
    go(wait_and_add_2, NULL);
    gather(PARTIES - 1);
    CHECK_EQ(count_of('1'), PARTIES - 1);
    CHECK_EQ(count_of('2'), PARTIES);
    check_idle();
    return 0;
}

TEST(test_reset_barrier_while_tasks_waiting_and_waiting_again)
{
    play_with(PARTIES, test_reset_barrier_while_tasks_waiting_and_waiting_again_main);
}

static int last_one_resets(void *arg)
{
    wait(arg);
    if (++count == PARTIES) {
        reset(arg);
        wait(arg);
    } else {
        add(wait(arg) >= 0 ? '1' : '2');
    }
    int index = wait(arg);
    add('3');
    return index;
}

static int test_reset_barrier_while_tasks_draining_main(void *arg)
{
    (void)arg;
    gather_tasks(PARTIES, last_one_resets);
    CHECK_EQ(count_of('1'), PARTIES - 1);
    CHECK_EQ(count_of('2'), 0);
    CHECK_EQ(count_of('3'), PARTIES);
    check_idle();
    return 0;
}

TEST(test_reset_barrier_while_tasks_draining)
{
    play_with(PARTIES, test_reset_barrier_while_tasks_draining_main);
}

static int test_abort_barrier_main(void *arg)
{
    (void)arg;
    go(abort_it, NULL);
    rill_yield();
    CHECK_EQ(rill_barrier_waiting(&barrier), 0);
    CHECK(rill_barrier_broken(&barrier));
    return 0;
}

TEST(test_abort_barrier)
{
    play_with(1, test_abort_barrier_main);
}

static int abort_half_blocking(void *arg)
{
    if (wait(arg) == RILL_EBROKEN) { // was to leave
        add('1');
    } else if (++count > HALF) {
        abort_it(arg);
    } else if (wait(arg) == RILL_EBROKEN) { // had left, and blocked
        add('2');
    }
    return 0;
}

static int test_abort_barrier_when_tasks_half_draining_half_blocking_main(void *arg)
{
    (void)arg;
    gather_tasks(PARTIES, abort_half_blocking);
    CHECK(rill_barrier_broken(&barrier));
    CHECK_EQ(count_of('1'), HALF);
    CHECK_EQ(count_of('2'), PARTIES - HALF - 1);
    CHECK_EQ(rill_barrier_waiting(&barrier), 0);
    return 0;
}

TEST(test_abort_barrier_when_tasks_half_draining_half_blocking)
{
    play_with(PARTIES, test_abort_barrier_when_tasks_half_draining_half_blocking_main);
}

// The one in the middle fails and aborts; the others wait twice.
static void wait_twice_or_fail(void)
{
    int code = wait(NULL);
    if (code == HALF) {
        abort_it(NULL);
        return;
    }
    if (code >= 0) {
        code = wait(NULL);
    }
    add(code == RILL_EBROKEN ? '2' : '1');
}

static int just_fail(void *arg)
{
    (void)arg;
    wait_twice_or_fail();
    return 0;
}

static int test_abort_barrier_when_exception_main(void *arg)
{
    (void)arg;
    gather_tasks(PARTIES, just_fail);
    CHECK(rill_barrier_broken(&barrier));
    CHECK_EQ(count_of('1'), 0);
    CHECK_EQ(count_of('2'), PARTIES - 1);
    CHECK_EQ(rill_barrier_waiting(&barrier), 0);
    return 0;
}

TEST(test_abort_barrier_when_exception)
{
    play_with(PARTIES, test_abort_barrier_when_exception_main);
}

// All have left it when it is reset, and none enters before.
static int fail_then_reset(void *arg)
{
    wait_twice_or_fail();
    if (rill_barrier_wait(&other) == HALF) {
        reset(arg);
    }
    rill_barrier_wait(&other);
    int index = wait(arg);
    add('3');
    return index;
}

static int test_abort_barrier_when_exception_then_resetting_main(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_barrier_init(&other, PARTIES), 0);
    gather_tasks(PARTIES, fail_then_reset);
    CHECK_EQ(count_of('1'), 0);
    CHECK_EQ(count_of('2'), PARTIES - 1);
    CHECK_EQ(count_of('3'), PARTIES);
    check_idle();
    return 0;
}

TEST(test_abort_barrier_when_exception_then_resetting)
{
    play_with(PARTIES, test_abort_barrier_when_exception_then_resetting_main);
}

TEST_MAIN("cpython_locks_barrier",
    TEST_CASE(test_barrier),
    TEST_CASE(test_barrier_parties),
    TEST_CASE(test_context_manager),
    TEST_CASE(test_filling_one_task),
    TEST_CASE(test_filling_one_task_twice),
    TEST_CASE(test_filling_task_by_task),
    TEST_CASE(test_filling_tasks_wait_twice),
    TEST_CASE(test_filling_tasks_check_return_value),
    TEST_CASE(test_draining_state),
    TEST_CASE(test_blocking_tasks_while_draining),
    TEST_CASE(test_filling_tasks_cancel_one),
    TEST_CASE(test_reset_barrier),
    TEST_CASE(test_reset_barrier_while_tasks_waiting),
    TEST_CASE(test_reset_barrier_when_tasks_half_draining),
    TEST_CASE(test_reset_barrier_when_tasks_half_draining_half_blocking),
    TEST_CASE(test_reset_barrier_while_tasks_waiting_and_waiting_again),
    TEST_CASE(test_reset_barrier_while_tasks_draining),
    TEST_CASE(test_abort_barrier),
    TEST_CASE(test_abort_barrier_when_tasks_half_draining_half_blocking),
    TEST_CASE(test_abort_barrier_when_exception),
    TEST_CASE(test_abort_barrier_when_exception_then_resetting))
