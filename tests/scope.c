// rill-test: min-ram=16
// scope.h: every way out of a block gives back what it took and passes its code on.
#define CONF_TASKS 4
#include "conformance/conformance.h"

#include <rill/scope.h>

static rill_lock_t lock;
static rill_semaphore_t permits;
static rill_bounded_semaphore_t bounded;
static rill_condition_t condition;
static rill_group_error_t failed[2];
static rill_error_list_t errors;
static char last_log[120];

void rill_log(const char *text)
{
    size_t length = strlen(text) < sizeof last_log ? strlen(text) : sizeof last_log - 1;
    memcpy(last_log, text, length);
    last_log[length] = '\0';
}

static void run_fresh(rill_fn_t main_fn)
{
    lock = (rill_lock_t)RILL_LOCK_INIT;
    CHECK_EQ(rill_semaphore_init(&permits, 1), 0);
    CHECK_EQ(rill_bounded_semaphore_init(&bounded, 1), 0);
    condition = (rill_condition_t)RILL_CONDITION_INIT(&lock);
    errors = (rill_error_list_t)RILL_ERROR_LIST_INIT(failed);
    last_log[0] = '\0';
    run(main_fn);
}

static void set_debug(bool on)
{
    CHECK_EQ(rill_loop_set_debug(rill_loop_running(), on), 0);
}

// ---- the ways out, with a lock

static int leave_at_end(int code)
{
    int rc;
    RILL_WITH_LOCK(&lock, rc) {
        CHECK(rill_lock_locked(&lock));
        rc = code;
    }
    return rc;
}

static int leave_by_break(int code)
{
    int rc;
    RILL_WITH_LOCK(&lock, rc) {
        rc = code;
        if (code < 0) {
            break;
        }
        rc++;
    }
    return rc;
}

static int leave_by_continue(void)
{
    int rc;
    RILL_WITH_LOCK(&lock, rc) {
        rc = 5;
        continue;
    }
    return rc;
}

static int leave_by_return(int code)
{
    int rc;
    RILL_WITH_LOCK(&lock, rc) {
        rill_yield();
        return code;
    }
    return -1;
}

static int leave_by_goto(void)
{
    int rc;
    RILL_WITH_LOCK(&lock, rc) {
        rc = 7;
        goto out;
    }
    rc = -1;
out:
    return rc;
}

static int leave_inner_loops(void)
{
    int rc;
    int turns = 0;
    for (int i = 0; i < 3; i++) {
        RILL_WITH_LOCK(&lock, rc) {
            for (;;) {
                turns++;
                break; // of this loop
            }
            turns += 10;
            break; // of the block
        }
        CHECK(!rill_lock_locked(&lock));
        CHECK_EQ(rc, 0);
    }
    return turns;
}

static int main_ways_out(void *arg)
{
    (void)arg;
    const int codes[] = { leave_at_end(0),   leave_at_end(E(3)),     leave_at_end(9),     leave_by_break(E(2)),
                          leave_by_break(1), leave_by_continue(),    leave_by_return(4),  leave_by_return(E(8)),
                          leave_by_goto(),   leave_inner_loops() };
    const int expected[] = { 0, E(3), 9, E(2), 2, 5, 4, E(8), 7, 33 };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        CHECK_EQ(codes[i], expected[i]);
    }
    CHECK(!rill_lock_locked(&lock));
    return 0;
}

TEST(every_way_out_releases)
{
    run_fresh(main_ways_out);
    trace_is("0 run -> None\n");
}

// ---- the begin fails

static int take_and_hold(void *arg)
{
    int rc;
    (void)arg;
    RILL_WITH_LOCK(&lock, rc) {
        rc = rill_sleep_ms(10);
    }
    ev("first %s", err(rc));
    return rc;
}

static int try_to_take(void *arg)
{
    int rc;
    (void)arg;
    RILL_WITH_LOCK(&lock, rc) {
        ev("never");
    }
    ev("second %s", err(rc));
    return rc;
}

static int main_cancelled_begin(void *arg)
{
    (void)arg;
    rill_task_t first = spawn(take_and_hold, NULL);
    rill_task_t second = spawn(try_to_take, NULL);
    rill_sleep_ms(2);
    rill_task_cancel(second);
    ev("%s", rct(second));
    ev("%s", rct(first));
    CHECK(!rill_lock_locked(&lock));
    return 0;
}

TEST(cancelled_before_it_began_the_block_is_skipped)
{
    run_fresh(main_cancelled_begin);
    trace_is("2 second ECANCELED\n"
             "2 ECANCELED\n"
             "10 first ok\n"
             "10 0\n"
             "10 run -> None\n");
}

static int main_cancelled_block(void *arg)
{
    (void)arg;
    rill_task_t first = spawn(take_and_hold, NULL);
    rill_task_t second = spawn(take_and_hold, NULL);
    rill_sleep_ms(2);
    rill_task_cancel(first);
    ev("%s", rct(first));
    ev("%s", rct(second));
    return 0;
}

TEST(cancelled_in_the_block_the_next_gets_the_lock)
{
    run_fresh(main_cancelled_block);
    trace_is("2 first ECANCELED\n"
             "2 ECANCELED\n"
             "12 first ok\n"
             "12 0\n"
             "12 run -> None\n");
}

static int main_bad_arguments(void *arg)
{
    int rc;
    (void)arg;
    RILL_WITH_LOCK((rill_lock_t *)NULL, rc) {
        ev("never");
    }
    CHECK_EQ(rc, RILL_EINVAL);
    RILL_WITH_SEMAPHORE((rill_semaphore_t *)NULL, rc) {
        ev("never");
    }
    CHECK_EQ(rc, RILL_EINVAL);
    RILL_WITH_CONDITION((rill_condition_t *)NULL, rc) {
        ev("never");
    }
    CHECK_EQ(rc, RILL_EINVAL);
    RILL_WITH_GROUP((rill_group_t *)NULL, rc) {
        ev("never");
    }
    CHECK_EQ(rc, RILL_EINVAL);
    return 0;
}

TEST(null_is_refused)
{
    run_fresh(main_bad_arguments);
    trace_is("0 run -> None\n");
}

// ---- semaphores, conditions, two in one line

static int limited(bool early)
{
    int rc;
    RILL_WITH_SEMAPHORE(&permits, rc) {
        CHECK(rill_semaphore_locked(&permits));
        if (early) {
            return 3;
        }
        rc = E(1);
    }
    return rc;
}

static int bounded_twice(int releases)
{
    int rc;
    RILL_WITH_BOUNDED_SEMAPHORE(&bounded, rc) {
        for (int i = 0; i < releases; i++) {
            CHECK_EQ(rill_bounded_semaphore_release(&bounded), 0);
        }
    }
    return rc;
}

static int main_semaphores(void *arg)
{
    (void)arg;
    CHECK_EQ(limited(false), E(1));
    CHECK_EQ(limited(true), 3);
    CHECK_EQ(rill_semaphore_value(&permits), 1);
    CHECK_EQ(bounded_twice(0), 0);
    CHECK_EQ(bounded_twice(1), RILL_EINVAL); // the end's own error is the block's
    return 0;
}

TEST(semaphores)
{
    run_fresh(main_semaphores);
    trace_is("0 run -> None\n");
}

static int stock;

static int consumer(void *arg)
{
    int rc;
    (void)arg;
    RILL_WITH_CONDITION(&condition, rc) {
        while (stock == 0) {
            rc = rill_condition_wait(&condition);
            if (rc < 0) {
                return rc; // with the lock, which goes back
            }
        }
        rc = stock--;
    }
    return rc;
}

static int main_condition(void *arg)
{
    int rc;
    (void)arg;
    stock = 0;
    rill_task_t lucky = spawn(consumer, NULL);
    rill_task_t cancelled = spawn(consumer, NULL);
    rill_sleep_ms(1);
    RILL_WITH_CONDITION(&condition, rc) {
        stock = 1;
        rc = rill_condition_notify(&condition, 1);
    }
    ev("%s %s", err(rc), rct(lucky));
    rill_task_cancel(cancelled);
    ev("%s", rct(cancelled));
    CHECK(!rill_lock_locked(&lock));
    return 0;
}

TEST(conditions)
{
    run_fresh(main_condition);
    trace_is("1 ok 1\n"
             "1 ECANCELED\n"
             "1 run -> None\n");
}

static int main_two_in_a_line(void *arg)
{
    int rc;
    (void)arg;
    RILL_WITH_LOCK(&lock, rc) RILL_WITH_SEMAPHORE(&permits, rc) {
        CHECK(rill_lock_locked(&lock) && rill_semaphore_locked(&permits));
        rc = E(4);
        break;
    }
    CHECK_EQ(rc, E(4));
    CHECK(!rill_lock_locked(&lock) && !rill_semaphore_locked(&permits));
    return 0;
}

TEST(two_in_a_line)
{
    run_fresh(main_two_in_a_line);
    trace_is("0 run -> None\n");
}

// ---- limits

static int limited_sleep(uint32_t limit_ms, uint32_t ms)
{
    int rc;
    RILL_WITH_TIMEOUT(RILL_MS(limit_ms), rc) {
        rc = rill_sleep_ms(ms);
    }
    return rc;
}

static int main_limits(void *arg)
{
    int rc;
    rill_timeout_t limit = { 0 };
    (void)arg;
    ev("%s", err(limited_sleep(5, 10)));
    ev("%s", err(limited_sleep(10, 5)));
    RILL_WITH_TIMEOUT_AT(RILL_MS(12), rc) {
        rc = rill_sleep_ms(100);
    }
    ev("%s", err(rc));
    RILL_WITH_TIMEOUT_AS(&limit, RILL_NEVER, rc) {
        CHECK_EQ(rill_timeout_reschedule(&limit, RILL_MS(20)), 0);
        rc = rill_sleep_ms(100);
    }
    ev("%s %d", err(rc), rill_timeout_expired(&limit));
    RILL_WITH_TIMEOUT_AS(&limit, RILL_NEVER, rc) {
        ev("never");
    }
    ev("%s", err(rc)); // TO6: a limit is used once
    return 0;
}

TEST(limits)
{
    run_fresh(main_limits);
    trace_is("5 ETIMEDOUT\n"
             "10 ok\n"
             "12 ETIMEDOUT\n"
             "20 ETIMEDOUT 1\n"
             "20 EPERM\n"
             "20 run -> None\n");
}

static int nested_limits(void *arg)
{
    int rc;
    (void)arg;
    RILL_WITH_TIMEOUT(RILL_MS(5), rc) {
        RILL_WITH_TIMEOUT(RILL_MS(50), rc) {
            rc = rill_sleep_ms(100);
        }
        ev("inner %s", err(rc));
    }
    ev("outer %s", err(rc));
    return rc;
}

TEST(nested_limits_the_outer_one_comes)
{
    run_fresh(nested_limits);
    trace_is("5 inner ECANCELED\n"
             "5 outer ETIMEDOUT\n"
             "5 run -> ETIMEDOUT\n");
}

static int returns_from_limit(void)
{
    int rc;
    RILL_WITH_TIMEOUT(RILL_MS(5), rc) {
        rc = rill_sleep_ms(10);
        return rc;
    }
    return rc;
}

static int main_return(void *arg)
{
    (void)arg;
    set_debug(true);
    ev("%s", err(returns_from_limit())); // read before the end ran
    CHECK_EQ(rill_task_cancelling(rill_task_current()), 0);
    CHECK_EQ(rill_sleep_ms(10), 0); // the limit is over all the same
    return 0;
}

TEST(return_from_a_limit_ends_it_but_keeps_its_own_code)
{
    run_fresh(main_return);
    trace_is("5 ECANCELED\n"
             "15 run -> None\n");
    CHECK_EQ(strcmp(last_log, RILL_DEBUG ? "[104] RILL_WITH_TIMEOUT: a return lost -110" : ""), 0);
}

// ---- groups

static int worker(void *arg)
{
    int rc = rill_sleep_ms((uint32_t)INT(arg));
    ev("worker %d %s", INT(arg), err(rc));
    return rc < 0 ? rc : INT(arg) == 3 ? E(3) : 0;
}

static int group_of(int first, int second, int code, bool early)
{
    int rc;
    rill_group_t group = RILL_GROUP_INIT(&errors);
    RILL_WITH_GROUP(&group, rc) {
        CHECK_EQ(rill_group_spawn(&group, &pool, worker, PTR(first), NULL), 0);
        CHECK_EQ(rill_group_spawn(&group, &pool, worker, PTR(second), NULL), 0);
        if (early) {
            return 6;
        }
        rc = code;
        if (rc < 0) {
            rill_yield();
        }
    }
    return rc;
}

static int main_groups(void *arg)
{
    (void)arg;
    ev("%s", err(group_of(1, 2, 0, false)));
    ev("%s", err(group_of(3, 10, 0, false)));
    CHECK(errors.count == 1 && errors.items[0].error == E(3));
    ev("%s", err(group_of(1, 10, E(9), false)));
    CHECK(errors.count == 1 && errors.items[0].error == E(9));
    ev("%d", group_of(1, 2, 0, true));
    return 0;
}

TEST(groups)
{
    run_fresh(main_groups);
    trace_is("1 worker 1 ok\n"
             "2 worker 2 ok\n"
             "2 ok\n"
             "5 worker 3 ok\n"
             "5 worker 10 ECANCELED\n"
             "5 EGROUP\n"
             "5 worker 1 ECANCELED\n"
             "5 worker 10 ECANCELED\n"
             "5 EGROUP\n"
             "6 worker 1 ok\n"
             "7 worker 2 ok\n"
             "7 6\n"
             "7 run -> None\n");
}

// ---- a resource of one's own

struct session {
    const char *name;
    int open_error;
};

static int session_open(void *object)
{
    struct session *session = object;
    rill_sleep_ms(1);
    ev("open %s", err(session->open_error));
    return session->open_error;
}

static int session_close(void *object, int code)
{
    (void)object;
    rill_sleep_ms(1);
    ev("close %s", err(code));
    return code == E(1) ? 0 : code; // this one is handled here
}

static int use(int open_error, int code)
{
    int rc;
    struct session session = { "s", open_error };
    RILL_WITH(&session, session_open, session_close, rc) {
        rc = code;
    }
    return rc;
}

static int main_own(void *arg)
{
    (void)arg;
    ev("%s", err(use(0, 0)));
    ev("%s", err(use(E(5), 0)));
    ev("%s", err(use(0, E(1))));
    ev("%s", err(use(0, E(2))));
    return 0;
}

TEST(a_resource_of_ones_own)
{
    run_fresh(main_own);
    trace_is("1 open ok\n"
             "2 close ok\n"
             "2 ok\n"
             "3 open E5\n"
             "3 E5\n"
             "4 open ok\n"
             "5 close E1\n"
             "5 ok\n"
             "6 open ok\n"
             "7 close E2\n"
             "7 E2\n"
             "7 run -> None\n");
}

// One way out of a block: 0 the end, 1 break, 2 continue, 3 return, 4 goto.
static int leave(struct session *session, int way)
{
    int rc;
    RILL_WITH(session, session_open, session_close, rc) {
        rc = E(2);
        if (way == 1) {
            break;
        } else if (way == 2) {
            continue;
        } else if (way == 3) {
            return rc;
        } else if (way == 4) {
            goto out;
        }
    }
out:
    return rc;
}

static int main_own_ways(void *arg)
{
    struct session session = { "s", 0 };
    (void)arg;
    for (int way = 0; way < 5; way++) {
        ev("%d %s", way, err(leave(&session, way)));
    }
    return 0;
}

// Its begin and its end both wait; a return and a goto run the end as well.
TEST(a_resource_of_ones_own_on_every_way_out)
{
    run_fresh(main_own_ways);
    trace_is("1 open ok\n"
             "2 close E2\n"
             "2 0 E2\n"
             "3 open ok\n"
             "4 close E2\n"
             "4 1 E2\n"
             "5 open ok\n"
             "6 close E2\n"
             "6 2 E2\n"
             "7 open ok\n"
             "8 close E2\n"
             "8 3 E2\n"
             "9 open ok\n"
             "10 close E2\n"
             "10 4 E2\n"
             "10 run -> None\n");
}

static int slow_open(void *object)
{
    (void)object;
    int error = rill_sleep_ms(2);
    ev("open %s", err(error));
    return error;
}

static int slow_close(void *object, int code)
{
    (void)object;
    int error = rill_sleep_ms(2);
    ev("close %s %s", err(code), err(error));
    return code < 0 ? code : error;
}

static int slow_user(void *arg)
{
    int rc;
    (void)arg;
    RILL_WITH(&rc, slow_open, slow_close, rc) {
        rc = rill_sleep_ms(2);
    }
    return rc;
}

static int main_own_cancelled(void *arg)
{
    (void)arg;
    for (uint32_t at = 1; at <= 5; at += 2) { // while it begins, in the block, while it ends
        rill_task_t user = spawn(slow_user, NULL);
        rill_sleep_ms(at);
        rill_task_cancel(user);
        ev("%s", rct(user));
    }
    return 0;
}

// While it begins: nothing was taken, nothing is given back. In the block: the end runs and may wait. In the end: that
// wait returns the cancellation, and the end passes it on.
TEST(a_resource_of_ones_own_cancelled)
{
    run_fresh(main_own_cancelled);
    trace_is("1 open ECANCELED\n"
             "1 ECANCELED\n"
             "3 open ok\n"
             "6 close ECANCELED ok\n"
             "6 ECANCELED\n"
             "8 open ok\n"
             "11 close ok ECANCELED\n"
             "11 ECANCELED\n"
             "11 run -> None\n");
}

TEST_MAIN("scope", TEST_CASE(every_way_out_releases), TEST_CASE(cancelled_before_it_began_the_block_is_skipped),
          TEST_CASE(cancelled_in_the_block_the_next_gets_the_lock), TEST_CASE(null_is_refused), TEST_CASE(semaphores),
          TEST_CASE(conditions), TEST_CASE(two_in_a_line), TEST_CASE(limits),
          TEST_CASE(nested_limits_the_outer_one_comes),
          TEST_CASE(return_from_a_limit_ends_it_but_keeps_its_own_code), TEST_CASE(groups),
          TEST_CASE(a_resource_of_ones_own), TEST_CASE(a_resource_of_ones_own_on_every_way_out),
          TEST_CASE(a_resource_of_ones_own_cancelled))
