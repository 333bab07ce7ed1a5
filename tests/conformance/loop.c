// rill-test: min-ram=16
// Conformance, area loop: FIFO, iterations, timers, stopping (rules L1-L16).
#define CONF_TASKS 3
#define CONF_TIMERS 152
#include "conformance.h"

static rill_future_t f;
static rill_handle_t *hb;
static rill_timer_t *t2;

static void run_forever(void)
{
    CHECK_EQ(rill_run_forever(&lp), 0);
}

static int say_t(void *arg)
{
    ev("t%d", INT(arg));
    return 0;
}

static rill_future_t *spawn_on_loop(rill_fn_t fn)
{
    const rill_spawn_options_t options = { .loop = &lp };
    rill_task_t task;
    CHECK_EQ(rill_spawn_with(&pool, fn, NULL, &options, &task), 0);
    return rill_task_future(task);
}

// ---- counting iterations: a callback that runs once in each, as long as it is asked to

static int iterations;
static bool counting;

static int count(void *arg)
{
    (void)arg;
    iterations++;
    if (counting) {
        soon(count, NULL);
    }
    return 0;
}

TEST(call_later_order)
{
    static const unsigned char delays[] = { 30, 10, 20, 0 };
    new_loop();
    for (size_t i = 0; i < sizeof delays; i++) {
        later(delays[i], say_t, PTR(delays[i]));
    }
    later(40, stop_loop, NULL);
    run_forever();
    trace_is("0 t0\n"
             "10 t10\n"
             "20 t20\n"
             "30 t30\n");
}

TEST(call_later_zero_vs_call_soon)
{
    new_loop();
    later(0, say, "later0");
    soon(say, "soon1");
    soon(say, "soon2");
    later(1, stop_loop, NULL);
    run_forever();
    trace_is("0 soon1\n"
             "0 soon2\n"
             "0 later0\n");
}

static int say_bad(void *arg)
{
    (void)arg;
    ev("bad");
    return E(4);
}

TEST(callback_exception)
{
    new_loop();
    soon(say_bad, NULL);
    soon(say, "next");
    later(1, stop_loop, NULL);
    run_forever();
    trace_is("0 bad\n"
             "0 HANDLER exception in callback E4\n"
             "0 next\n");
}

static int wait_for_ever(void *arg)
{
    (void)arg;
    ev("wait forever");
    rill_future_init(&f, NULL);
    return rill_await(&f, NULL);
}

TEST(deadlock_detected)
{
    run(wait_for_ever);
    trace_is("0 wait forever\n"
             "0 DEADLOCK\n");
}

static int custom_handler(rill_loop_t *loop, const rill_exception_t *info)
{
    (void)loop;
    ev("custom %s", err(info->error));
    return 0;
}

static int fail(void *arg)
{
    return E(INT(arg));
}

TEST(exception_handler_custom)
{
    new_loop();
    rill_loop_set_exception_handler(&lp, custom_handler);
    soon(fail, PTR(1));
    later(5, fail, PTR(2));
    soon(say, "next");
    later(6, stop_loop, NULL);
    run_forever();
    trace_is("0 custom E1\n"
             "0 next\n"
             "5 custom E2\n");
}

TEST(handle_cancel)
{
    new_loop();
    rill_handle_t *handle = soon(say, "never");
    soon(say, "yes");
    CHECK_EQ(rill_handle_cancel(&lp, handle), 1);
    ev("cancelled %d", handle->node.next == NULL);
    CHECK_EQ(rill_handle_cancel(&lp, handle), 0);
    ev("cancelled twice %d", handle->node.next == NULL);
    later(1, stop_loop, NULL);
    run_forever();
    trace_is("0 cancelled 1\n"
             "0 cancelled twice 1\n"
             "0 yes\n");
}

static int cancel_b(void *arg)
{
    (void)arg;
    ev("a cancels b");
    rill_handle_cancel(&lp, hb);
    return 0;
}

TEST(handle_cancel_from_earlier_callback)
{
    new_loop();
    soon(cancel_b, NULL);
    hb = soon(say, "b-never");
    soon(say, "c");
    later(1, stop_loop, NULL);
    run_forever();
    trace_is("0 a cancels b\n"
             "0 c\n");
}

static int one(void *arg)
{
    (void)arg;
    return 1;
}

// The counting callback must not keep the loop awake: for the sleep a timer with the same deadline starts it.
static int count_steps(void *arg)
{
    (void)arg;
    iterations = 0;
    counting = true;
    soon(count, NULL);
    rill_yield();
    ev("sleep0 %d", iterations);
    counting = false;
    rill_yield();
    iterations = 0;
    counting = true;
    later(5, count, NULL);
    rill_sleep_ms(5);
    ev("sleep5 %d", iterations);
    iterations = 0;
    one(NULL);
    ev("await coro %d", iterations);
    CHECK_EQ(rill_join(spawn(one, NULL), NULL), 0);
    ev("await task %d", iterations);
    counting = false;
    return 0;
}

TEST(iteration_count_sleep0)
{
    new_loop();
    rill_run_until_complete(&lp, spawn_on_loop(count_steps), NULL);
    trace_is("0 sleep0 1\n"
             "5 sleep5 2\n"
             "5 await coro 0\n"
             "5 await task 2\n");
}

static int say_and_schedule(void *arg)
{
    ev("%s", (const char *)arg);
    soon(say, *(const char *)arg == 'a' ? "a2" : "b2");
    return 0;
}

static int count_until_idle(void *arg)
{
    iterations++;
    if (iterations == 1) {
        soon(count_until_idle, arg);
    } else if (iterations == 2) {
        at(1, count_until_idle, arg);
    }
    return 0;
}

TEST(iteration_snapshot)
{
    new_loop();
    iterations = 0;
    soon(count_until_idle, NULL);
    soon(say_and_schedule, "a");
    soon(say_and_schedule, "b");
    soon(say, "c");
    later(1, stop_loop, NULL);
    run_forever();
    ev("iterations %d", iterations);
    trace_is("0 a\n"
             "0 b\n"
             "0 c\n"
             "0 a2\n"
             "0 b2\n"
             "1 iterations 3\n");
}

static int busy_then_schedule(void *arg)
{
    (void)arg;
    ev("a");
    busy(10);
    soon(say, "a-next");
    return 0;
}

TEST(iteration_vs_timer)
{
    new_loop();
    later(5, say, "timer5");
    soon(busy_then_schedule, NULL);
    soon(say, "b");
    later(20, stop_loop, NULL);
    run_forever();
    trace_is("0 a\n"
             "10 b\n"
             "10 a-next\n"
             "10 timer5\n");
}

static int busy_ten(void *arg)
{
    (void)arg;
    busy(10);
    return 0;
}

TEST(late_timers_in_deadline_order)
{
    new_loop();
    later(3, say, "t3");
    later(2, say, "t2");
    later(1, say, "t1");
    soon(busy_ten, NULL);
    later(11, stop_loop, NULL);
    run_forever();
    trace_is("10 t1\n"
             "10 t2\n"
             "10 t3\n");
}

static int run_nested(void *arg)
{
    (void)arg;
    static rill_loop_t other;
    CHECK_EQ(rill_loop_init(&other), 0);
    ev("%s", err(rill_run_forever(&lp)));
    rill_future_init(&f, NULL);
    ev("%s", err(rill_run_until_complete(&lp, &f, NULL)));
    ev("%s", err(rill_run_forever(&other)));
    ev("%s", err(rill_loop_close(&lp)));
    CHECK_EQ(rill_loop_close(&other), 0);
    return 0;
}

TEST(nested_run_rejected)
{
    new_loop();
    CHECK_EQ(rill_run_until_complete(&lp, spawn_on_loop(run_nested), NULL), 0);
    trace_is("0 EPERM\n"
             "0 EPERM\n"
             "0 EPERM\n"
             "0 EPERM\n");
}

static int arm_in_the_past(void *arg)
{
    (void)arg;
    ev("a");
    at(0, say, "past"); // the clock shows 5 ms
    soon(say, "soon");
    return 0;
}

TEST(past_deadline_next_iteration)
{
    new_loop();
    test_clock_reset(RILL_MS(5)); // unsigned time: a deadline in the past needs a past
    soon(arm_in_the_past, NULL);
    soon(say, "b");
    later(1, stop_loop, NULL);
    run_forever();
    trace_is("5 a\n"
             "5 b\n"
             "5 soon\n"
             "5 past\n");
}

static int sleep_and_fail(void *arg)
{
    (void)arg;
    rill_sleep_ms(5);
    return E(3);
}

TEST(run_until_complete_error)
{
    rill_value_t value = 0;
    new_loop();
    int code = rill_run_until_complete(&lp, spawn_on_loop(sleep_and_fail), &value);
    ev("%s", outcome(code, value));
    trace_is("5 E3\n");
}

TEST(run_until_complete_stopped)
{
    rill_value_t value = 0;
    new_loop();
    rill_future_init(&f, &lp);
    soon(stop_loop, NULL);
    int code = rill_run_until_complete(&lp, &f, &value);
    ev("%s", outcome(code, value));
    rill_future_set_result(&f, 1);
    code = rill_run_until_complete(&lp, &f, &value);
    ev("%s", outcome(code, value));
    trace_is("0 EPERM\n"
             "0 1\n");
}

TEST(stop_before_run)
{
    new_loop();
    soon(say, "ready");
    later(10, say, "timer10");
    later(0, say, "timer0");
    rill_loop_stop(&lp);
    run_forever();
    ev("returned");
    later(20, stop_loop, NULL);
    run_forever();
    ev("returned again");
    trace_is("0 ready\n"
             "0 timer0\n"
             "0 returned\n"
             "10 timer10\n"
             "20 returned again\n");
}

static int stop_and_schedule(void *arg)
{
    (void)arg;
    ev("a stops");
    rill_loop_stop(&lp);
    soon(say, "after-stop");
    return 0;
}

TEST(stop_finishes_iteration)
{
    new_loop();
    soon(stop_and_schedule, NULL);
    soon(say, "b");
    run_forever();
    ev("returned 1");
    soon(stop_loop, NULL);
    run_forever();
    ev("returned 2");
    trace_is("0 a stops\n"
             "0 b\n"
             "0 returned 1\n"
             "0 after-stop\n"
             "0 returned 2\n");
}

static int schedule_three(void *arg)
{
    (void)arg;
    static rill_handle_t posted;
    soon(say, "1");
    rill_handle_init(&posted, say, "2");
    CHECK_EQ(rill_call_soon_threadsafe(rill_loop_running(), &posted), 1);
    soon(say, "3");
    rill_yield();
    return 0;
}

TEST(threadsafe_from_loop_is_fifo)
{
    run(schedule_three);
    trace_is("0 1\n"
             "0 2\n"
             "0 3\n"
             "0 run -> None\n");
}

static int cancel_t2(void *arg)
{
    (void)arg;
    ev("t1 cancels t2");
    CHECK_EQ(rill_timer_cancel(&lp, t2), 1);
    return 0;
}

TEST(timer_cancel_after_due)
{
    new_loop();
    later(10, cancel_t2, NULL);
    t2 = later(10, say, "t2-never");
    later(12, stop_loop, NULL);
    run_forever();
    trace_is("10 t1 cancels t2\n");
}

static int rearm(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_timer_cancel(&lp, t2), 1);
    CHECK_EQ(rill_call_later(&lp, t2, RILL_MS(10), say, "new"), 0); // the same memory, at once
    return 0;
}

TEST(timer_cancel_then_rearm)
{
    new_loop();
    t2 = later(10, say, "old");
    later(5, rearm, NULL);
    later(30, stop_loop, NULL);
    run_forever();
    trace_is("15 new\n");
}

static void cancel_unless_multiple(int n)
{
    for (int i = 0; i < 150; i++) {
        if (i % n != 0) {
            rill_timer_cancel(&lp, &conf_timers[i]);
        }
    }
}

TEST(timer_many_cancelled)
{
    new_loop();
    for (int i = 0; i < 150; i++) {
        later((uint32_t)(10 + i % 5), say_t, PTR(i));
    }
    cancel_unless_multiple(5);
    cancel_unless_multiple(25);
    later(50, stop_loop, NULL);
    run_forever();
    trace_is("10 t0\n"
             "10 t25\n"
             "10 t50\n"
             "10 t75\n"
             "10 t100\n"
             "10 t125\n");
}

static int arm_late(void *arg)
{
    (void)arg;
    later(5, say, "late0");
    later(5, say, "late1");
    return 0;
}

TEST(timers_equal_deadline)
{
    new_loop();
    for (int i = 0; i < 7; i++) {
        later(10, say_t, PTR(i));
    }
    later(5, arm_late, NULL);
    later(11, stop_loop, NULL);
    run_forever();
    trace_is("10 t0\n"
             "10 t1\n"
             "10 t2\n"
             "10 t3\n"
             "10 t4\n"
             "10 t5\n"
             "10 t6\n"
             "10 late0\n"
             "10 late1\n");
}

TEST_MAIN("loop", TEST_CASE(call_later_order), TEST_CASE(call_later_zero_vs_call_soon), TEST_CASE(callback_exception),
          TEST_CASE(deadlock_detected), TEST_CASE(exception_handler_custom), TEST_CASE(handle_cancel),
          TEST_CASE(handle_cancel_from_earlier_callback), TEST_CASE(iteration_count_sleep0),
          TEST_CASE(iteration_snapshot), TEST_CASE(iteration_vs_timer), TEST_CASE(late_timers_in_deadline_order),
          TEST_CASE(nested_run_rejected), TEST_CASE(past_deadline_next_iteration),
          TEST_CASE(run_until_complete_error), TEST_CASE(run_until_complete_stopped), TEST_CASE(stop_before_run),
          TEST_CASE(stop_finishes_iteration), TEST_CASE(threadsafe_from_loop_is_fifo),
          TEST_CASE(timer_cancel_after_due), TEST_CASE(timer_cancel_then_rearm), TEST_CASE(timer_many_cancelled),
          TEST_CASE(timers_equal_deadline))
