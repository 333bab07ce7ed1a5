// rill-test: min-ram=16
// gather over functions, and the staggered race.
#define CONF_TASKS 5
#include "conformance/conformance.h"

#include <rill/gather.h>

static rill_awaitable_t children[6];

static int factorial(void *arg)
{
    int result = 1;
    for (int i = 2; i <= INT(arg); i++) {
        ev("%d: i=%d", INT(arg), i);
        int error = rill_sleep_ms(1000);
        if (error < 0) {
            return error;
        }
        result *= i;
    }
    return result;
}

static int gather_main(void *arg)
{
    (void)arg;
    const rill_call_t calls[] = { { factorial, PTR(2) }, { factorial, PTR(3) }, { factorial, PTR(4) } };
    CHECK_EQ(rill_gather_calls(&pool, calls, children, 3, 0), 0);
    ev("%d %d %d", (int)children[0].value, (int)children[1].value, (int)children[2].value);
    CHECK_EQ(rill_pool_used(&pool.tcbs), 1);
    return 0;
}

TEST(gather_of_functions)
{
    run(gather_main);
    trace_is("0 2: i=2\n"
             "0 3: i=2\n"
             "0 4: i=2\n"
             "1000 3: i=3\n"
             "1000 4: i=3\n"
             "2000 4: i=4\n"
             "3000 2 6 24\n"
             "3000 run -> None\n");
}

static int fails(void *arg)
{
    int error = rill_sleep_ms((uint32_t)INT(arg));
    return error < 0 ? error : E(INT(arg));
}

static int gather_errors_main(void *arg)
{
    (void)arg;
    const rill_call_t calls[] = { { factorial, PTR(3) }, { fails, PTR(5) } };
    const rill_call_t many[] = {
        { fails, PTR(1) }, { fails, PTR(1) }, { fails, PTR(1) }, { fails, PTR(1) }, { fails, PTR(1) },
    };
    ev("%s", err(rill_gather_calls(&pool, calls, children, 2, 0)));
    CHECK_EQ(rill_pool_used(&pool.tcbs), 2); // the factorial goes on
    rill_sleep_ms(3000);
    CHECK_EQ(rill_pool_used(&pool.tcbs), 1);
    CHECK_EQ(rill_gather_calls(&pool, many, children, 5, 0), RILL_ENOMEM);
    rill_yield();
    rill_yield();
    CHECK_EQ(rill_pool_used(&pool.tcbs), 1);
    CHECK_EQ(rill_gather_calls(NULL, calls, children, 2, 0), RILL_EINVAL);
    CHECK_EQ(rill_gather_calls(&pool, NULL, children, 2, 0), RILL_EINVAL);
    CHECK_EQ(rill_gather_calls(&pool, calls, NULL, 2, 0), RILL_EINVAL);
    CHECK_EQ(rill_gather_calls(&pool, calls, children, 0, 0), 0);
    return 0;
}

TEST(gather_errors)
{
    CHECK_EQ(rill_gather_calls(&pool, NULL, children, 0, 0), RILL_EPERM);
    run(gather_errors_main);
    trace_is("0 3: i=2\n"
             "5 E5\n"
             "1000 3: i=3\n"
             "3005 run -> None\n");
}

// ---- the race

static int contender(void *arg)
{
    int ms = INT(arg);
    ev("start %d", ms);
    int error = rill_sleep_ms((uint32_t)(ms < 0 ? -ms : ms));
    ev("%s %d", error < 0 ? "cancelled" : ms < 0 ? "fails" : "wins", ms);
    return error < 0 ? error : ms < 0 ? E(1) : ms;
}

static void race(const rill_call_t *calls, unsigned n, rill_time_t delay)
{
    int index = rill_staggered_race(&pool, calls, children, n, delay);
    ev("%d", index);
    CHECK_EQ(rill_pool_used(&pool.tcbs), 1);
}

static int slow_first_main(void *arg)
{
    (void)arg;
    const rill_call_t calls[] = { { contender, PTR(100) }, { contender, PTR(20) }, { contender, PTR(5) } };
    race(calls, 3, RILL_MS(10));
    CHECK_EQ(children[2].value, 5);
    CHECK_EQ(children[0].error, RILL_ECANCELED);
    return 0;
}

TEST(race_by_delay)
{
    run(slow_first_main);
    trace_is("0 start 100\n"
             "10 start 20\n"
             "20 start 5\n"
             "25 wins 5\n"
             "25 cancelled 100\n"
             "25 cancelled 20\n"
             "25 2\n"
             "25 run -> None\n");
}

static int failing_first_main(void *arg)
{
    (void)arg;
    const rill_call_t calls[] = { { contender, PTR(-3) }, { contender, PTR(-4) }, { contender, PTR(5) } };
    race(calls, 3, RILL_NEVER);
    CHECK_EQ(children[0].error, E(1));
    race(calls, 2, RILL_NEVER);
    return 0;
}

TEST(race_by_failure)
{
    run(failing_first_main);
    trace_is("0 start -3\n"
             "3 fails -3\n"
             "3 start -4\n"
             "7 fails -4\n"
             "7 start 5\n"
             "12 wins 5\n"
             "12 2\n"
             "12 start -3\n"
             "15 fails -3\n"
             "15 start -4\n"
             "19 fails -4\n"
             "19 -61\n"
             "19 run -> None\n");
}

static int racer(void *arg)
{
    const rill_call_t calls[] = { { contender, PTR(100) }, { contender, PTR(200) } };
    return rill_staggered_race(&pool, calls, arg, 2, RILL_MS(10));
}

static int cancel_race_main(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(racer, children);
    rill_sleep_ms(15);
    rill_task_cancel(task);
    ev("%s", rct(task));
    CHECK_EQ(rill_join(task, NULL), RILL_ECANCELED);
    CHECK_EQ(rill_pool_used(&pool.tcbs), 1);
    return 0;
}

TEST(race_cancelled)
{
    run(cancel_race_main);
    trace_is("0 start 100\n"
             "10 start 200\n"
             "15 cancelled 100\n"
             "15 cancelled 200\n"
             "15 ECANCELED\n"
             "15 run -> None\n");
}

TEST_MAIN("calls", TEST_CASE(gather_of_functions), TEST_CASE(gather_errors), TEST_CASE(race_by_delay),
          TEST_CASE(race_by_failure), TEST_CASE(race_cancelled))
