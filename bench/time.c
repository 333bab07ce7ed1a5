// Timers, time limits, the loop's own work and its sleep.
#include "bench.h"

#include <rill/event.h>
#include <rill/timeout.h>

// Steps are traced, which takes its time, on one board of each kind; the others run the same code.
#if BENCH_SMALL
#define STEPS 100
#elif defined(__ARM_ARCH_7M__) || (defined(__riscv) && __riscv_xlen == 32)
#define STEPS 1000
#else
#define STEPS 0
#endif

enum { N = 10000, LIVE = BENCH_SMALL ? 100 : 10000 };

RILL_TASK_POOL_DEFINE(tasks, 2, BENCH_STACK);
static rill_timer_t live[LIVE];
static rill_timer_t timer = RILL_TIMER_INIT;
static rill_future_t future;
static rill_event_t finished = RILL_EVENT_INIT;
static uint32_t left;
static bool stop;

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

// ---- start and cancel among others

typedef rill_time_t (*deadlines_t)(uint32_t i);

// Between a second and a quarter of an hour ahead, in no order.
static rill_time_t mixed(uint32_t i)
{
    return RILL_S(1) + (rill_time_t)(i * 7919u % 10007u) * 100000u;
}

static rill_time_t near(uint32_t i)
{
    return RILL_S(1) + i * 7919u % 10007u;
}

static rill_time_t far(uint32_t i)
{
    return RILL_S(600) + RILL_S(60) * (i * 7919u % 1009u);
}

static void fill(rill_loop_t *loop, deadlines_t deadlines, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        live[i] = (rill_timer_t)RILL_TIMER_INIT;
        rill_call_later(loop, &live[i], deadlines(i), nothing, NULL);
    }
    rill_yield(); // the loop sorts them
    rill_yield();
}

static void empty(rill_loop_t *loop, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        rill_timer_cancel(loop, &live[i]);
    }
    rill_yield();
}

// `when` is that of the timer that is started and cancelled. The second figure lets the loop look in between: then the
// timer is sorted in, and the alarm is set anew if it is the first.
static void among(const char *stem, const char *looked_at, deadlines_t deadlines, uint32_t n, rill_time_t when)
{
    if (!bench_wanted(bench_name(stem, n)) && !bench_wanted(bench_name(looked_at, n))) {
        return;
    }
    rill_loop_t *loop = rill_loop_running();
    fill(loop, deadlines, n - 1);
    when += rill_clock_now();
    BENCH(bench_name(stem, n), N, rill_call_at(loop, &timer, when, nothing, NULL); rill_timer_cancel(loop, &timer));
    BENCH(bench_name(looked_at, n), N / 10, rill_call_at(loop, &timer, when, nothing, NULL); rill_yield();
          rill_timer_cancel(loop, &timer));
    empty(loop, n - 1);
}

static void start_and_cancel(void)
{
    static const uint32_t populations[] = { 1, 100, 1000, 10000 };
    for (unsigned i = 0; i < 4 && populations[i] <= LIVE; i++) {
        uint32_t n = populations[i];
        among("timer-start-cancel-", "timer-start-yield-cancel-", mixed, n, RILL_S(2000));
        among("timer-near-start-cancel-", "timer-near-start-yield-cancel-", near, n, RILL_MS(900));
        among("timer-far-start-cancel-", "timer-far-start-yield-cancel-", far, n, RILL_S(300));
    }
}

// ---- firing

static int again(void *arg)
{
    if (--left == 0) {
        rill_event_set(&finished);
        return 0;
    }
    return rill_call_at(arg, &timer, 0, again, arg);
}

static int soon(void *arg)
{
    static rill_handle_t handle = RILL_HANDLE_INIT(NULL, NULL);
    if (--left == 0) {
        rill_event_set(&finished);
        return 0;
    }
    return rill_call_soon(arg, &handle, soon, arg);
}

// One iteration of the loop for each round: a timer that is due, or a callback, that schedules itself again.
static void iterations(const char *operation, rill_callback_t first)
{
    if (bench_wanted(operation)) {
        uint32_t n = left = bench_rounds(N);
        rill_event_clear(&finished);
        rill_time_t start = bench_start();
        first(rill_loop_running());
        rill_event_wait(&finished);
        bench_report(operation, start, n);
    }
}

// ---- limits

static int waits(void *arg)
{
    (void)arg;
    do {
        rill_future_init(&future, NULL);
    } while (rill_wait_for(&future, RILL_S(1000), NULL) == 0 && !stop);
    return 0;
}

// What rill_wait_for does, with a deadline that has passed: waiting for one would add the time itself.
static void expire(void)
{
    rill_timeout_t limit = { 0 };
    rill_future_init(&future, NULL);
    rill_timeout_begin_at(&limit, 1);
    rill_timeout_end(&limit, rill_await(&future, NULL));
}

static void limits(void)
{
    rill_task_t other;
    rill_future_init(&future, NULL);
    rill_future_set_result(&future, 1);
    BENCH("wait-for-done", N, rill_wait_for(&future, RILL_S(1000), NULL));
    BENCH("wait-for-expiring", N, expire());
    stop = false;
    rill_spawn(&tasks, waits, NULL, &other);
    rill_yield();
    BENCH("wait-for-wake-wait", N, rill_future_set_result(&future, 1); rill_yield());
    stop = true;
    rill_future_set_result(&future, 1);
    rill_join(other, NULL);
    BENCH("sleep-until-now", N, rill_sleep_until(0));
}

// ---- sleep, counted by single steps

static int fires(void *arg)
{
    (void)arg;
    bench_from();
    return 0;
}

static void sleeping(void)
{
    rill_loop_t *loop = rill_loop_running();
    if (bench_trace("sleep-decision", "from", "sleep")) { // from the end of a callback
        rill_call_later(loop, &timer, 100, fires, NULL);
        rill_sleep_us(200);
        bench_trace_end();
    }
    if (bench_trace("alarm-to-task", "sleep", "to")) {
        rill_sleep_us(100);
        bench_to();
        bench_trace_end();
    }
    if (bench_trace("alarm-to-callback", "sleep", "from")) {
        rill_call_later(loop, &timer, 100, fires, NULL);
        rill_sleep_us(200);
        bench_trace_end();
    }
}

// The longest step of the loop's work on timers: between two of them it takes posts and runs what is ready. The
// timers are started in no order, sorted, and fire.
static void worst_step(const char *operation, deadlines_t deadlines, uint32_t n)
{
    if (!bench_named(operation)) {
        return;
    }
    rill_loop_t *loop = rill_loop_running();
    rill_time_t last = 0;
    for (uint32_t i = 0; i < n; i++) {
        rill_time_t when = deadlines(i);
        last = when > last ? when : last;
        live[i] = (rill_timer_t)RILL_TIMER_INIT;
        rill_call_later(loop, &live[i], when, fires, NULL);
    }
    bench_trace(operation, "call", "rill_wheel_");
    rill_sleep_us(last + 1000);
    bench_trace_end();
    empty(loop, n);
}

// Timers that are due at the same moment.
static void burst(uint32_t n)
{
    rill_loop_t *loop = rill_loop_running();
    for (uint32_t i = 0; i < n; i++) {
        rill_call_at(loop, &live[i], 0, nothing, NULL);
    }
    rill_yield();
    rill_yield();
}

static int all(void *arg)
{
    (void)arg;
    start_and_cancel();
    iterations("iteration-with-timer", again);
    iterations("iteration-with-callback", soon);
    limits();
    sleeping();
    BENCH_PARTS("timer-start-fire-of-100", N / 100, 100, burst(100));
    if (STEPS > 0) {
        worst_step("worst-timer-step-near", near, STEPS);
        worst_step("worst-timer-step-mixed", mixed, STEPS);
        worst_step("worst-timer-step-far", far, STEPS);
    }
    bench_put("bench done\n");
    return 0;
}

int main(void)
{
    return rill_run(&tasks, all, NULL, NULL);
}
