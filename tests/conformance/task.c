// rill-test: min-ram=16
// Conformance, area task: order of steps, names, errors, sleep (rules T1-T12, F8).
#define CONF_TASKS 7
#include "conformance.h"

#include <rill/gather.h>

static rill_task_t shared;

static void yield(void)
{
    CHECK_EQ(rill_yield(), 0);
}

// gather(fn(args[0]), fn(args[1]), ...)
static int gather_calls(unsigned n, rill_fn_t fn, void *const *args)
{
    rill_awaitable_t children[3] = { { 0 } };
    for (unsigned i = 0; i < n; i++) {
        children[i].future = rill_task_future(spawn(fn, args[i]));
    }
    return rill_gather(children, n, 0);
}

// ---- awaiting a function is calling it

static int say_number(const char *text, int i)
{
    ev("%s%d", text, i);
    return 0;
}

static int say_three(void *arg)
{
    for (int i = 0; i < 3; i++) {
        say_number(arg, i);
    }
    return 0;
}

static int two_say_three(void *arg)
{
    (void)arg;
    void *const names[] = { "busy", "normal" };
    return gather_calls(2, say_three, names);
}

TEST(await_coroutine_is_inline)
{
    run(two_say_three);
    trace_is("0 busy0\n"
             "0 busy1\n"
             "0 busy2\n"
             "0 normal0\n"
             "0 normal1\n"
             "0 normal2\n"
             "0 run -> None\n");
}

static rill_task_t chain[5];

static int leaf(void *arg)
{
    (void)arg;
    rill_sleep_ms(5);
    ev("leaf");
    return 0;
}

static int middle(void *arg)
{
    rill_value_t value = 0;
    int n = INT(arg);
    int error = rill_await(rill_task_future(chain[n]), &value);
    ev("mid%d", n);
    return error < 0 ? error : (int)value + 1;
}

static int chain_of_tasks(void *arg)
{
    (void)arg;
    chain[0] = spawn(leaf, NULL);
    for (int i = 0; i < 4; i++) {
        chain[i + 1] = spawn(middle, PTR(i));
    }
    ev("result %s", rct(chain[4]));
    return 0;
}

TEST(chain_of_tasks_wakeup_order)
{
    run(chain_of_tasks);
    trace_is("5 leaf\n"
             "5 mid0\n"
             "5 mid1\n"
             "5 mid2\n"
             "5 mid3\n"
             "5 result 4\n"
             "5 run -> None\n");
}

static int say_name_twice(void *arg)
{
    char buffer[16];
    (void)arg;
    ev("in a: %s", rill_task_name(rill_task_current(), buffer));
    yield();
    ev("in a again: %s", rill_task_name(rill_task_current(), buffer));
    return 0;
}

static int callback_task(void *arg)
{
    (void)arg;
    ev("callback has a current task: %d", rill_task_current().tcb != NULL);
    return 0;
}

static int two_names(void *arg)
{
    (void)arg;
    ev("main %d", rill_task_current().tcb != NULL);
    spawn_named(say_name_twice, NULL, "TA");
    rill_task_t task = spawn_named(say_name_twice, NULL, "TB");
    soon(callback_task, NULL);
    return rill_join(task, NULL);
}

TEST(current_task)
{
    run(two_names);
    trace_is("0 main 1\n"
             "0 in a: TA\n"
             "0 in a: TB\n"
             "0 callback has a current task: 0\n"
             "0 in a again: TA\n"
             "0 in a again: TB\n"
             "0 run -> None\n");
}

static int return_name(void *arg)
{
    (void)arg;
    return rill_return((rill_value_t)rill_task_name(rill_task_current(), NULL));
}

static int call_return_name(void *arg)
{
    return return_name(arg);
}

static void join_and_say(rill_task_t task)
{
    rill_value_t value = (rill_value_t)"none";
    CHECK_EQ(rill_join(task, &value), 0);
    ev("%s", (const char *)value);
}

static int names_inline(void *arg)
{
    (void)arg;
    join_and_say(spawn_named(call_return_name, NULL, "X"));
    join_and_say(spawn_named(return_name, NULL, "Y"));
    return 0;
}

TEST(current_task_across_inline_await)
{
    run(names_inline);
    trace_is("0 X\n"
             "0 Y\n"
             "0 run -> None\n");
}

// ---- results and errors

static int sleep_and_fail(void *arg)
{
    (void)arg;
    rill_sleep_ms(3);
    return E(9);
}

static int wait_shared(void *arg)
{
    const char *result = rct(shared);
    ev("w%d %s", INT(arg), result);
    return 0;
}

static int three_waiters(void *arg)
{
    (void)arg;
    void *const numbers[] = { PTR(0), PTR(1), PTR(2) };
    shared = spawn(sleep_and_fail, NULL);
    return gather_calls(3, wait_shared, numbers);
}

TEST(exception_delivered_to_every_waiter)
{
    run(three_waiters);
    trace_is("3 w0 E9\n"
             "3 w1 E9\n"
             "3 w2 E9\n"
             "3 run -> None\n");
}

static int say_bad(void *arg)
{
    (void)arg;
    ev("bad");
    return E(1);
}

static int nobody_reads(void *arg)
{
    (void)arg;
    go(say_bad, NULL);
    rill_sleep_ms(1);
    ev("main end");
    return 0;
}

TEST(exception_never_retrieved)
{
    run(nobody_reads);
    trace_is("0 bad\n"
             "0 HANDLER exception never retrieved E1\n"
             "1 main end\n"
             "1 run -> None\n");
}

static int rename_task(void *arg)
{
    char buffer[16];
    (void)arg;
    rill_task_t task = spawn_named(return_name, NULL, "alpha");
    ev("%s", rill_task_name(task, buffer));
    rill_task_set_name(task, "beta");
    join_and_say(task);
    return 0;
}

TEST(names)
{
    run(rename_task);
    trace_is("0 alpha\n"
             "0 beta\n"
             "0 run -> None\n");
}

static int return_arg(void *arg)
{
    return INT(arg);
}

static int read_outcomes(void *arg)
{
    (void)arg;
    rill_value_t value = 0;
    rill_future_t *a = rill_task_future(spawn(return_arg, PTR(5)));
    rill_future_t *b = rill_task_future(spawn(return_arg, PTR(E(9))));
    ev("%s", err(rill_future_result(a, NULL)));
    yield();
    int code = rill_future_result(a, &value);
    ev("%s %s", outcome(code, value), err(rill_future_exception(a, NULL)));
    ev("%s", err(rill_future_result(b, NULL)));
    ev("%s", err(rill_future_exception(b, NULL)));
    ev("%s", err(rill_future_set_result(a, 1)));
    ev("%s", err(rill_future_set_error(a, E(1), 0)));
    return 0;
}

TEST(result_and_exception)
{
    run(read_outcomes);
    trace_is("0 ESTATE\n"
             "0 5 ok\n"
             "0 E9\n"
             "0 E9\n"
             "0 EPERM\n"
             "0 EPERM\n"
             "0 run -> None\n");
}

// ---- sleep

static int yield_and_say(void *arg)
{
    for (int i = 0; i < 3; i++) {
        yield();
        ev("%s%d", (const char *)arg, i);
    }
    return 0;
}

static int two_yield(void *arg)
{
    (void)arg;
    void *const names[] = { "a", "b" };
    return gather_calls(2, yield_and_say, names);
}

TEST(sleep0_interleaves)
{
    run(two_yield);
    trace_is("0 a0\n"
             "0 b0\n"
             "0 a1\n"
             "0 b1\n"
             "0 a2\n"
             "0 b2\n"
             "0 run -> None\n");
}

static int tick(void *arg)
{
    int n = INT(arg);
    ev("tick%d", n);
    if (n < 3) {
        soon(tick, PTR(n + 1));
    }
    return 0;
}

// A delay cannot be negative here; 0 is the other way to ask for one yield.
static int yield_between_ticks(void *arg)
{
    (void)arg;
    soon(tick, PTR(0));
    yield();
    ev("A");
    yield();
    ev("B");
    rill_sleep_us(0);
    ev("negative sleep yields once");
    yield();
    ev("C");
    return 0;
}

TEST(sleep0_yields_exactly_once)
{
    run(yield_between_ticks);
    trace_is("0 tick0\n"
             "0 A\n"
             "0 tick1\n"
             "0 B\n"
             "0 tick2\n"
             "0 negative sleep yields once\n"
             "0 tick3\n"
             "0 C\n"
             "0 run -> None\n");
}

static int sleep_returning(uint32_t ms, int result)
{
    int error = rill_sleep_ms(ms);
    return error < 0 ? error : result;
}

static int sleep_results(void *arg)
{
    (void)arg;
    ev("%d", sleep_returning(5, 42)); // ev reads the clock when it is called, after its arguments
    ev("%d", sleep_returning(0, 43));
    return 0;
}

TEST(sleep_result)
{
    run(sleep_results);
    trace_is("5 42\n"
             "5 43\n"
             "5 run -> None\n");
}

static int sleep_and_say(void *arg)
{
    (void)arg;
    rill_sleep_ms(10);
    ev("sleeper");
    return 0;
}

static int say_soon(void *arg)
{
    (void)arg;
    soon(say, "soon from the timer");
    return 0;
}

static int timer_behind_sleeper(void *arg)
{
    (void)arg;
    go(sleep_and_say, NULL);
    yield();
    later(10, say, "timer armed after the sleeper");
    later(10, say_soon, NULL);
    rill_sleep_ms(20);
    return 0;
}

TEST(sleep_wakeup_is_one_iteration_after_its_timer)
{
    run(timer_behind_sleeper);
    trace_is("10 timer armed after the sleeper\n"
             "10 sleeper\n"
             "10 soon from the timer\n"
             "20 run -> None\n");
}

static int say_runs(void *arg)
{
    (void)arg;
    ev("a runs");
    return rill_return(NONE);
}

static int create_and_look(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(say_runs, NULL);
    ev("created");
    ev("%s", stt(task));
    yield();
    ev("%s", stt(task));
    return 0;
}

TEST(start_deferred)
{
    run(create_and_look);
    trace_is("0 created\n"
             "0 pending\n"
             "0 a runs\n"
             "0 ok:None\n"
             "0 run -> None\n");
}

struct sleeper {
    const char *name;
    uint32_t ms;
};

static int sleep_then_name(void *arg)
{
    const struct sleeper *sleeper = arg;
    rill_sleep_ms(sleeper->ms);
    ev("%s", sleeper->name);
    return 0;
}

static int four_sleepers(void *arg)
{
    static struct sleeper sleepers[] = { { "a", 10 }, { "b", 10 }, { "c", 10 }, { "d", 6 } };
    (void)arg;
    go(sleep_then_name, &sleepers[0]);
    go(sleep_then_name, &sleepers[1]);
    yield();
    go(sleep_then_name, &sleepers[2]);
    rill_sleep_ms(4);
    go(sleep_then_name, &sleepers[3]);
    rill_sleep_ms(20);
    return 0;
}

TEST(step_order_two_sleepers_same_deadline)
{
    run(four_sleepers);
    trace_is("10 a\n"
             "10 b\n"
             "10 c\n"
             "10 d\n"
             "24 run -> None\n");
}

static int sleep_seconds(void *arg)
{
    int n = INT(arg);
    ev("start %d", n);
    int error = rill_sleep_ms((uint32_t)n * 1000);
    ev(error == RILL_ECANCELED ? "cancelled %d" : "end %d", n);
    return error;
}

static int leave_one_behind(void *arg)
{
    (void)arg;
    ev("main 1");
    rill_task_t task = spawn(sleep_seconds, PTR(1));
    go(sleep_seconds, PTR(2));
    ev("main 2");
    return rill_join(task, NULL);
}

TEST(unawaited_task_dies_with_main)
{
    run(leave_one_behind);
    trace_is("0 main 1\n"
             "0 main 2\n"
             "0 start 1\n"
             "0 start 2\n"
             "1000 end 1\n"
             "1000 cancelled 2\n"
             "1000 run -> None\n");
}

// ---- T11: ensure_future of a future or a task is that object itself; of anything else it does not compile in C

static int four(void *arg)
{
    (void)arg;
    return 4;
}

static int ensure_future_main(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(four, NULL);
    ev("%d", rill_task_future(task) == rill_task_future(task) && rill_task_future(task) == &task.tcb->future);
    ev("%s", rct(spawn(four, NULL)));
    ev("%s", rct(task));
    ev("%d", rill_task_future(RILL_NO_TASK) == NULL);
    return 0;
}

TEST(ensure_future_identity)
{
    run(ensure_future_main);
    trace_is("0 1\n"
             "0 4\n"
             "0 4\n"
             "0 1\n"
             "0 run -> None\n");
}

// ---- T12: a task is waiting, scheduled or running, and cancel() takes it from there

struct victim {
    const char *name;
    rill_future_t *future;
};

static int victim(void *arg)
{
    const struct victim *self = arg;
    ev("%s starts", self->name);
    ev("%s %s", self->name, rc(self->future));
    ev("%s %s", self->name, rill_yield() == 0 ? "None" : "ECANCELED");
    return 1;
}

static int cancels_itself(void *arg)
{
    rill_future_t done = RILL_FUTURE_INIT;
    (void)arg;
    ev("running starts");
    ev("running %d", rill_task_cancel(rill_task_current()));
    rill_future_set_result(&done, 7);
    ev("running %s", rc(&done));
    ev("running %s", rill_yield() == 0 ? "None" : "ECANCELED");
    return (int)rill_return(NONE);
}

// await wait([task])
static void ev_when_done(rill_task_t task)
{
    static rill_awaitable_t child;
    child = (rill_awaitable_t){ .future = rill_task_future(task) };
    CHECK_EQ(rill_wait(&child, 1, RILL_ALL_COMPLETED, RILL_NEVER), 1);
    ev("%s", stt(task));
}

static int three_states_main(void *arg)
{
    static rill_future_t f, g;
    static struct victim on_f = { "waiting", &f }, on_g = { "woken", &g }, late = { "unstarted", &f };
    (void)arg;
    rill_future_init(&f, NULL);
    rill_future_init(&g, NULL);
    rill_task_t waiting = spawn(victim, &on_f), woken = spawn(victim, &on_g);
    yield();
    rill_task_t unstarted = spawn(victim, &late), running = spawn(cancels_itself, NULL);
    rill_future_set_result(&g, 5);
    int cancelled = rill_task_cancel(waiting);
    ev("cancel %d %d %d", cancelled, rill_task_cancel(woken), rill_task_cancel(unstarted));
    ev("f %s g %s", st(&f), st(&g));
    ev_when_done(waiting);
    ev_when_done(woken);
    ev_when_done(unstarted);
    ev_when_done(running);
    return 0;
}

TEST(three_states_under_cancel)
{
    run(three_states_main);
    trace_is("0 waiting starts\n"
             "0 woken starts\n"
             "0 cancel 1 1 1\n"
             "0 f ECANCELED g ok:5\n"
             "0 running starts\n"
             "0 running 1\n"
             "0 running 7\n"
             "0 woken ECANCELED\n"
             "0 waiting ECANCELED\n"
             "0 running ECANCELED\n"
             "0 woken None\n"
             "0 waiting None\n"
             "0 ok:1\n"
             "0 ok:1\n"
             "0 ECANCELED\n"
             "0 ok:None\n"
             "0 run -> None\n");
}

TEST_MAIN("task", TEST_CASE(await_coroutine_is_inline), TEST_CASE(chain_of_tasks_wakeup_order),
          TEST_CASE(current_task), TEST_CASE(current_task_across_inline_await), TEST_CASE(ensure_future_identity),
          TEST_CASE(exception_delivered_to_every_waiter), TEST_CASE(exception_never_retrieved), TEST_CASE(names),
          TEST_CASE(result_and_exception), TEST_CASE(sleep0_interleaves), TEST_CASE(sleep0_yields_exactly_once),
          TEST_CASE(sleep_result), TEST_CASE(sleep_wakeup_is_one_iteration_after_its_timer),
          TEST_CASE(start_deferred), TEST_CASE(step_order_two_sleepers_same_deadline),
          TEST_CASE(three_states_under_cancel), TEST_CASE(unawaited_task_dies_with_main))
