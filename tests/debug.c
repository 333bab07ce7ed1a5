// rill-test: min-ram=16
// Debug mode: every report's text, and that there is none where there should not be. Addresses are written as # in the
// traces.
#define CONF_TASKS 10
#include "conformance/conformance.h"

#include <rill/barrier.h>
#include <rill/condition.h>
#include <rill/debug.h>
#include <rill/event.h>
#include <rill/gather.h>
#include <rill/group.h>
#include <rill/lock.h>
#include <rill/semaphore.h>
#include <rill/timeout.h>

static uintptr_t last_address;
static bool numbers_hidden; // N for every other number

static const char *read_address(const char *text)
{
    last_address = 0;
    for (;; text++) {
        if (*text >= '0' && *text <= '9') {
            last_address = last_address * 16 + (uintptr_t)(*text - '0');
        } else if (*text >= 'a' && *text <= 'f') {
            last_address = last_address * 16 + (uintptr_t)(*text - 'a' + 10);
        } else {
            return text;
        }
    }
}

void rill_log(const char *text)
{
    static char line[128];
    char *out = line;
    while (*text != '\0') {
        if (text[0] == '0' && text[1] == 'x') {
            text = read_address(text + 2);
            *out++ = '#';
        } else if (numbers_hidden && *text >= '0' && *text <= '9') {
            while (*text >= '0' && *text <= '9') {
                text++;
            }
            *out++ = 'N';
        } else {
            *out++ = *text++;
        }
    }
    *out = '\0';
    ev("%s", line);
}

// ---- switches

TEST(switches)
{
    CHECK_EQ(rill_loop_init(&lp), 0);
    CHECK_EQ(rill_loop_get_debug(&lp), RILL_DEBUG);
    CHECK_EQ(rill_loop_set_debug(&lp, false), 0);
    CHECK(!rill_loop_get_debug(&lp));
    CHECK_EQ(rill_loop_set_debug(&lp, true), 0);
    CHECK(rill_loop_get_debug(&lp));
    CHECK_EQ(rill_loop_set_debug(NULL, true), RILL_EINVAL);
    CHECK(!rill_loop_get_debug(NULL));
    CHECK_EQ(rill_loop_set_slow_threshold(&lp, RILL_MS(1)), RILL_DEBUG ? 0 : RILL_EPERM);
    CHECK_EQ(rill_loop_set_slow_threshold(NULL, 0), RILL_EINVAL);
    CHECK_EQ(rill_loop_get_slow_threshold(&lp), RILL_DEBUG ? RILL_MS(1) : RILL_NEVER);
    CHECK_EQ(rill_loop_get_slow_threshold(NULL), RILL_NEVER);
    rill_debug_waits(NULL);
    rill_loop_set_debug(&lp, false);
    trace_is("");
}

// ---- the wait-for graph

static rill_lock_t lock;
static rill_future_t future;
static rill_task_t tasks[7];

static int take_lock(void *arg)
{
    return rill_lock_acquire(arg);
}

static int await_task(void *arg)
{
    return rill_await(rill_task_future(tasks[INT(arg)]), NULL);
}

static int gather_two(void *arg)
{
    (void)arg;
    rill_awaitable_t children[] = { { .future = rill_task_future(tasks[0]) }, { .future = &future } };
    return rill_gather(children, 2, 0);
}

static int main_looks(void *arg)
{
    (void)arg;
    rill_task_set_name(rill_task_current(), "main");
    lock = (rill_lock_t)RILL_LOCK_INIT;
    rill_lock_acquire(&lock);
    tasks[0] = spawn_named(take_lock, &lock, "locker");
    tasks[1] = spawn_named(await_task, PTR(0), "follower");
    tasks[2] = spawn_named(gather_two, NULL, "gatherer");
    rill_future_init(&future, NULL);
    rill_debug_waits(rill_loop_running());
    rill_yield();
    ev("--");
    rill_debug_waits(rill_loop_running());
    rill_lock_release(&lock);
    ev("--");
    rill_debug_waits(rill_loop_running());
    return 0;
}

TEST(graph_of_a_running_loop)
{
    run(main_looks); // debug mode is not needed
    trace_is("0 main is running\n"
             "0 locker is ready\n"
             "0 follower is ready\n"
             "0 gatherer is ready\n"
             "0 --\n"
             "0 main is running\n"
             "0 locker waits for lock #\n"
             "0 follower waits for task locker\n"
             "0 gatherer waits for gather # of locker (future #)\n"
             "0 --\n"
             "0 main is running\n"
             "0 locker is ready\n"
             "0 follower waits for task locker\n"
             "0 gatherer waits for gather # of locker (future #)\n"
             "0 run -> None\n");
}

// ---- what stands between a task and what it waits for

static int wait_in_time(void *arg)
{
    return rill_wait_for(rill_task_future(tasks[INT(arg)]), RILL_S(1), NULL);
}

static int wait_for_the_end(void *arg)
{
    return rill_wait_for(rill_task_future(tasks[INT(arg)]), 0, NULL);
}

static int wait_shielded(void *arg)
{
    return rill_shield(rill_task_future(tasks[INT(arg)]), NULL);
}

static int wait_for_two(void *arg)
{
    rill_awaitable_t children[] = { { .future = rill_task_future(tasks[INT(arg)]) }, { .future = &future } };
    return rill_wait(children, 2, RILL_FIRST_COMPLETED, RILL_NEVER);
}

static int complete_two(void *arg)
{
    rill_awaitable_t children[] = { { .future = rill_task_future(tasks[INT(arg)]) }, { .future = &future } };
    rill_as_completed_t it;
    rill_awaitable_t *child;
    rill_as_completed_begin(&it, children, 2, RILL_NEVER);
    int error = rill_as_completed_next(&it, &child);
    rill_as_completed_end(&it);
    return error;
}

// gather(shield(task), gather(task, done))
static int gather_nested(void *arg)
{
    rill_future_t *inner = rill_task_future(tasks[INT(arg)]);
    rill_future_t done = RILL_FUTURE_INIT;
    rill_gather_t gather;
    rill_shield_t shield;
    rill_future_init(&done, NULL);
    rill_future_set_result(&done, 1);
    rill_awaitable_t two[] = { { .future = inner }, { .future = &done } };
    rill_gather_begin(&gather, two, 2, 0);
    rill_awaitable_t outer[] = { { .future = rill_shield_begin(&shield, inner) }, { .future = &gather.outer.future } };
    int error = rill_gather(outer, 2, 0);
    rill_shield_end(&shield);
    rill_gather_end(&gather);
    return error;
}

static int cleans_up_for_ever(void *arg)
{
    (void)rill_sleep_ms(1);
    return rill_await(arg, NULL);
}

static int main_looks_behind(void *arg)
{
    static rill_future_t never;
    static const rill_fn_t fns[] = { cleans_up_for_ever, wait_for_the_end, wait_shielded, wait_for_two,
                                     complete_two,       gather_nested,    wait_in_time };
    rill_task_set_name(rill_task_current(), "main");
    static const char *const names[] = { "slow", "end", "shield", "wait", "completed", "nested", "timed" };
    (void)arg;
    rill_future_init(&never, NULL);
    rill_future_init(&future, NULL);
    for (unsigned i = 0; i < 7; i++) {
        tasks[i] = spawn_named(fns[i], i == 0 ? (void *)&never : PTR(0), names[i]);
    }
    rill_yield();
    rill_yield();
    rill_debug_waits(rill_loop_running());
    return 0;
}

TEST(graph_shows_what_is_behind)
{
    run(main_looks_behind);
    trace_is("0 main is running\n"
             "0 slow waits for future #\n"
             "0 end waits for wait # of slow\n"
             "0 shield waits for shield # of slow\n"
             "0 wait waits for wait # of slow (future #)\n"
             "0 completed waits for as_completed # of slow (future #)\n"
             "0 nested waits for gather # of (shield # of slow) (gather # of slow)\n"
             "0 timed waits for task slow\n"
             "0 run -> None\n");
}

// ---- one task

static int main_dumps(void *arg)
{
    (void)arg;
    lock = (rill_lock_t)RILL_LOCK_INIT;
    rill_lock_acquire(&lock);
    tasks[0] = spawn_named(take_lock, &lock, "locker");
    CHECK_EQ(rill_debug_task(tasks[0]), 0);
    rill_yield();
    busy(3);
    CHECK_EQ(rill_debug_task(tasks[0]), 0);
    CHECK_EQ(rill_debug_task(rill_task_current()), 0);
    rill_task_cancel(tasks[0]);
    rill_yield();
    CHECK_EQ(rill_debug_task(tasks[0]), 0);
    CHECK_EQ(rill_join(tasks[0], NULL), RILL_ECANCELED);
    CHECK_EQ(rill_debug_task(tasks[0]), RILL_ESTALE);
    CHECK_EQ(rill_debug_task(RILL_NO_TASK), RILL_ESTALE);
    return 0;
}

#if RILL_DEBUG
#define AT " at #"
#else
#define AT ""
#endif
#if RILL_STATS
#define USAGE "; stack N of N; ran N us\n"
#else
#define USAGE "\n"
#endif

TEST(dump_of_a_task)
{
    numbers_hidden = true;
    run(main_dumps);
    numbers_hidden = false;
    trace_is("0 locker" AT " is ready" USAGE
             "3 locker" AT " waits for lock #" USAGE
             "3 Task-N" AT " is running" USAGE
             "3 locker" AT " is done: -N\n"
             "3 run -> None\n");
}

#if RILL_DEBUG

static rill_event_t event;
static rill_group_t group;
static rill_fn_t debugged_main;

static int main_debugged(void *arg)
{
    CHECK_EQ(rill_loop_set_debug(rill_loop_running(), true), 0);
    CHECK_EQ(rill_task_set_name(rill_task_current(), "main"), 0);
    return debugged_main(arg);
}

static void run_debug(rill_fn_t main_fn)
{
    debugged_main = main_fn;
    run(main_debugged);
}

static int await_future(void *arg)
{
    return rill_await(arg, NULL);
}

static int main_circle(void *arg)
{
    (void)arg;
    tasks[0] = spawn_named(await_task, PTR(1), "first");
    tasks[1] = spawn_named(await_task, PTR(0), "second");
    tasks[2] = spawn_named(await_task, PTR(1), "outside");
    return rill_await(rill_task_future(tasks[2]), NULL);
}

TEST(deadlock_in_a_circle)
{
    run_debug(main_circle);
    trace_is("0 deadlock: nothing can run again\n"
             "0 main waits for task outside\n"
             "0 first waits for task second (circle)\n"
             "0 second waits for task first (circle)\n"
             "0 outside waits for task second\n"
             "0 HANDLER task destroyed pending ok\n"
             "0 HANDLER task destroyed pending ok\n"
             "0 HANDLER task destroyed pending ok\n"
             "0 HANDLER task destroyed pending ok\n"
             "0 DEADLOCK\n");
}

// A child that awaits its parent; the parent waits for a gather, a shield, a group.
static int main_wide_circle(void *arg)
{
    rill_awaitable_t children[2] = { { 0 } };
    (void)arg;
    tasks[0] = rill_task_current();
    tasks[1] = spawn_named(wait_shielded, PTR(0), "first");
    tasks[2] = spawn_named(wait_for_two, PTR(1), "second");
    rill_future_init(&future, NULL);
    children[0].future = rill_task_future(tasks[2]);
    children[1].future = &future;
    return rill_gather(children, 2, 0);
}

TEST(deadlock_in_a_wide_circle)
{
    run_debug(main_wide_circle);
    trace_is("0 deadlock: nothing can run again\n"
             "0 main waits for gather # of second (future #) (circle)\n"
             "0 first waits for shield # of main (circle)\n"
             "0 second waits for wait # of first (future #) (circle)\n"
             "0 HANDLER task destroyed pending ok\n"
             "0 HANDLER task destroyed pending ok\n"
             "0 HANDLER task destroyed pending ok\n"
             "0 DEADLOCK\n");
}

static int wait_event(void *arg)
{
    return rill_event_wait(arg);
}

static int main_group(void *arg)
{
    (void)arg;
    event = (rill_event_t)RILL_EVENT_INIT;
    group = (rill_group_t)RILL_GROUP_INIT(NULL);
    rill_future_init(&future, NULL);
    const rill_spawn_options_t first = { .name = "first" };
    const rill_spawn_options_t second = { .name = "second" };
    int rc = rill_group_begin(&group);
    rc = rc < 0 ? rc : rill_group_spawn_with(&group, &pool, wait_event, &event, &first, NULL);
    rc = rc < 0 ? rc : rill_group_spawn_with(&group, &pool, await_future, &future, &second, NULL);
    rill_loop_set_exception_handler(rill_loop_running(), NULL);
    return rill_group_end(&group, rc);
}

// And the default handler's lines.
TEST(deadlock_of_a_group)
{
    run_debug(main_group);
    trace_is("0 deadlock: nothing can run again\n"
             "0 main waits for group # of first second\n"
             "0 first waits for event #\n"
             "0 second waits for future #\n"
             "0 task destroyed pending, main at #\n"
             "0 task destroyed pending, first at #\n"
             "0 task destroyed pending, second at #\n"
             "0 DEADLOCK\n");
    CHECK_EQ(last_address, (uintptr_t)await_future);
}

// ---- slow steps

static int occupy(void *arg)
{
    busy((uint32_t)INT(arg));
    return 0;
}

static int occupy_twice(void *arg)
{
    busy((uint32_t)INT(arg));
    rill_sleep_ms(1);
    busy((uint32_t)INT(arg) + 1);
    return 0;
}

static int main_slow(void *arg)
{
    (void)arg;
    rill_task_t slow = spawn_named(occupy_twice, PTR(100), "slow");
    go(occupy, PTR(99)); // fast enough, right behind it
    rill_join(slow, NULL);
    CHECK_EQ(last_address, (uintptr_t)occupy_twice);
    soon(occupy, PTR(200));
    rill_yield();
    CHECK_EQ(last_address, (uintptr_t)occupy);
    CHECK_EQ(rill_loop_set_slow_threshold(rill_loop_running(), RILL_NEVER), 0);
    busy(5000);
    return rill_yield();
}

TEST(slow_steps_and_callbacks)
{
    run_debug(main_slow);
    trace_is("100 slow task step: slow at #, 100000 us\n"
             "300 slow task step: slow at #, 101000 us\n"
             "500 slow callback: #, 200000 us\n"
             "5500 run -> None\n");
}

static int main_slow_eager(void *arg)
{
    (void)arg;
    const rill_spawn_options_t options = { .name = "eager", .eager = true };
    rill_task_t task;
    CHECK_EQ(rill_spawn_with(&pool, occupy_twice, PTR(150), &options, &task), 0);
    ev("spawned");
    rill_join(task, NULL);
    return 0;
}

// The steps of an eager task are its own, not its creator's.
TEST(slow_eager_step)
{
    run_debug(main_slow_eager);
    trace_is("150 slow task step: eager at #, 150000 us\n"
             "150 spawned\n"
             "302 slow task step: eager at #, 151000 us\n"
             "302 run -> None\n");
}

static int main_slow_ends(void *arg)
{
    const rill_spawn_options_t options = { .name = "brief" };
    (void)arg;
    CHECK_EQ(rill_spawn_with(&pool, occupy, PTR(150), &options, NULL), 0); // its block is free when it is reported
    go(occupy, PTR(1));
    rill_sleep_ms(1);
    CHECK_EQ(last_address, (uintptr_t)occupy);
    busy(120);
    return 0;
}

TEST(a_step_that_is_the_last_one)
{
    run_debug(main_slow_ends);
    trace_is("150 slow task step: brief at #, 150000 us\n"
             "271 slow task step: main at #, 120000 us\n"
             "271 run -> None\n");
}

// ---- what is called from an interrupt

static rill_semaphore_t semaphore;
static rill_bounded_semaphore_t bounded;
static rill_condition_t condition;
static rill_barrier_t barrier;
static rill_handle_t handle;
static rill_timer_t timer;
static rill_timeout_t timeout;

static void call_loop(void *arg)
{
    rill_loop_t *loop = arg;
    CHECK_EQ(rill_call_soon(loop, &handle, occupy, NULL), RILL_EPERM);
    CHECK_EQ(rill_call_at(loop, &timer, 0, occupy, NULL), RILL_EPERM);
    CHECK_EQ(rill_call_later(loop, &timer, 0, occupy, NULL), RILL_EPERM);
    CHECK_EQ(rill_timer_cancel(loop, &timer), RILL_EPERM);
    CHECK_EQ(rill_handle_cancel(loop, &handle), RILL_EPERM);
    CHECK_EQ(rill_loop_stop(loop), RILL_EPERM);
    CHECK_EQ(rill_loop_close(loop), RILL_EPERM);
}

static void call_tasks(void *arg)
{
    rill_task_t task = tasks[0];
    (void)arg;
    CHECK_EQ(rill_spawn(&pool, occupy, NULL, &task), RILL_EPERM);
    CHECK(task.tcb == NULL);
    CHECK_EQ(rill_join(tasks[0], NULL), RILL_EPERM);
    CHECK_EQ(rill_detach(tasks[0]), RILL_EPERM);
    CHECK_EQ(rill_task_cancel(tasks[0]), RILL_EPERM);
    CHECK_EQ(rill_yield(), RILL_EPERM);
    CHECK_EQ(rill_sleep_ms(1), RILL_EPERM);
    CHECK_EQ(rill_sleep_us(1), RILL_EPERM);
    CHECK_EQ(rill_await(&future, NULL), RILL_EPERM);
}

static void call_sync(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_future_set_result(&future, 1), RILL_EPERM);
    CHECK_EQ(rill_lock_acquire(&lock), RILL_EPERM);
    CHECK_EQ(rill_lock_release(&lock), RILL_EPERM);
    CHECK_EQ(rill_semaphore_acquire(&semaphore), RILL_EPERM);
    CHECK_EQ(rill_semaphore_release(&semaphore), RILL_EPERM);
    CHECK_EQ(rill_bounded_semaphore_release(&bounded), RILL_EPERM);
    CHECK_EQ(rill_condition_notify_all(&condition), RILL_EPERM);
    CHECK_EQ(rill_barrier_abort(&barrier), RILL_EPERM);
    CHECK_EQ(rill_timeout_begin(&timeout, 1), RILL_EPERM);
    rill_event_set(&event);
    CHECK(!rill_event_is_set(&event));
}

// A driver's function that only the loop's thread may call, made the kernel's way.
static int driver_read(void)
{
    RILL_DEBUG_CONTEXT("driver_read");
    return 7;
}

static bool driver_reset_ran;

static void driver_reset(void)
{
    RILL_DEBUG_CONTEXT_VOID("driver_reset");
    driver_reset_ran = true;
}

static void call_driver(void *arg)
{
    (void)arg;
    CHECK_EQ(driver_read(), RILL_EPERM);
    driver_reset();
    CHECK(!driver_reset_ran);
}

static int main_interrupted(void *arg)
{
    (void)arg;
    rill_future_init(&future, NULL);
    lock = (rill_lock_t)RILL_LOCK_INIT;
    event = (rill_event_t)RILL_EVENT_INIT;
    isr_now(call_loop, rill_loop_running());
    ev("--");
    tasks[0] = spawn(await_future, &future);
    isr_now(call_tasks, NULL);
    ev("--");
    isr_now(call_sync, NULL);
    ev("--");
    isr_now(call_driver, NULL);
    CHECK_EQ(driver_read(), 7);
    CHECK_EQ(rill_task_state(tasks[0]), RILL_PENDING);
    return 0;
}

#define CALLED(name) "0 [103] " name " called from an interrupt\n"

TEST(functions_called_from_an_interrupt)
{
    run_debug(main_interrupted);
    trace_is(CALLED("rill_call_soon") CALLED("rill_call_at") CALLED("rill_call_later") CALLED("rill_timer_cancel")
             CALLED("rill_handle_cancel") CALLED("rill_loop_stop") CALLED("rill_loop_close")
             "0 --\n"
             CALLED("rill_spawn") CALLED("rill_join") CALLED("rill_detach") CALLED("rill_task_cancel")
             CALLED("rill_yield") CALLED("rill_sleep_ms") CALLED("rill_sleep_us") CALLED("rill_await")
             "0 --\n"
             CALLED("rill_future_set_result") CALLED("rill_lock_acquire") CALLED("rill_lock_release")
             CALLED("rill_semaphore_acquire") CALLED("rill_semaphore_release")
             CALLED("rill_bounded_semaphore_release") CALLED("rill_condition_notify_all")
             CALLED("rill_barrier_abort") CALLED("rill_timeout_begin") CALLED("rill_event_set")
             "0 --\n"
             CALLED("driver_read") CALLED("driver_reset")
             "0 run -> None\n");
}

static void cancel_nothing(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_task_cancel(RILL_NO_TASK), RILL_ESTALE);
}

static int main_unchecked(void *arg)
{
    (void)arg;
    rill_loop_set_debug(rill_loop_running(), false);
    isr_now(cancel_nothing, NULL);
    return 0;
}

TEST(no_report_with_debug_mode_off)
{
    run_debug(main_unchecked);
    trace_is("0 run -> None\n");
}

// ---- what a closed loop drops

TEST(closed_with_live_objects)
{
    new_loop();
    CHECK_EQ(rill_loop_set_debug(&lp, true), 0);
    const rill_spawn_options_t options = { .loop = &lp, .name = "unborn" };
    CHECK_EQ(rill_spawn_with(&pool, occupy, NULL, &options, NULL), 0);
    soon(occupy, NULL);
    handle = (rill_handle_t)RILL_HANDLE_INIT(say, NULL);
    CHECK_EQ(rill_call_soon_threadsafe(&lp, &handle), 1);
    at(5, occupy, NULL);
    CHECK_EQ(rill_loop_close(&lp), 0);
    CHECK_EQ(last_address, (uintptr_t)occupy);
    CHECK_EQ(rill_loop_close(&lp), 0);
    trace_is("0 HANDLER task destroyed pending ok\n"
             "0 HANDLER task never started ok\n"
             "0 closed: callback # with # dropped\n"
             "0 closed: callback # with # dropped\n"
             "0 closed: timer # of # dropped\n");
}

TEST(closed_without)
{
    new_loop();
    CHECK_EQ(rill_loop_set_debug(&lp, true), 0);
    CHECK_EQ(rill_timer_cancel(&lp, at(5, occupy, NULL)), 1);
    CHECK_EQ(rill_handle_cancel(&lp, soon(occupy, NULL)), 1);
    CHECK_EQ(rill_loop_close(&lp), 0);
    trace_is("");
}

// ---- the default handler

static int fails(void *arg)
{
    return INT(arg);
}

static int main_default_handler(void *arg)
{
    (void)arg;
    rill_loop_set_exception_handler(rill_loop_running(), NULL);
    soon(fails, PTR(E(1)));
    rill_task_t failed = spawn_named(fails, PTR(E(2)), "failed");
    rill_yield();
    rill_yield();
    rill_detach(failed);
    CHECK_EQ(last_address, (uintptr_t)fails);
    return 0;
}

TEST(default_handler_names_code_and_task)
{
    run_debug(main_default_handler);
    trace_is("0 exception in callback: -1001, callback #\n"
             "0 exception never retrieved: -1002, failed at #\n"
             "0 run -> None\n");
}

// A cancelled task that never ran is reported when its handle is given up, not when somebody waits for it.
static int main_cancels_early(void *arg)
{
    (void)arg;
    rill_task_t awaited = spawn(occupy, NULL);
    rill_task_t started = spawn(await_future, &future);
    rill_future_init(&future, NULL);
    rill_task_cancel(awaited);
    ev("%s", err(rill_join(awaited, NULL)));
    rill_task_cancel(started);
    rill_detach(started);
    return rill_yield();
}

TEST(cancelled_early_but_not_lost)
{
    run_debug(main_cancels_early);
    trace_is("0 ECANCELED\n"
             "0 run -> None\n");
}

#define DEBUG_CASES                                                                                                    \
    TEST_CASE(deadlock_in_a_circle), TEST_CASE(deadlock_in_a_wide_circle),                                             \
        TEST_CASE(deadlock_of_a_group), TEST_CASE(slow_steps_and_callbacks),                                           \
        TEST_CASE(slow_eager_step), TEST_CASE(a_step_that_is_the_last_one),                                            \
        TEST_CASE(functions_called_from_an_interrupt), TEST_CASE(no_report_with_debug_mode_off),                       \
        TEST_CASE(closed_with_live_objects), TEST_CASE(closed_without),                                                \
        TEST_CASE(default_handler_names_code_and_task), TEST_CASE(cancelled_early_but_not_lost),
#else
#define DEBUG_CASES
#endif

TEST_MAIN("debug", DEBUG_CASES TEST_CASE(switches), TEST_CASE(graph_of_a_running_loop),
          TEST_CASE(graph_shows_what_is_behind), TEST_CASE(dump_of_a_task))
