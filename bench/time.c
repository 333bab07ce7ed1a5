// Timers, time limits, the loop's own work and its sleep.
#include "bench.h"

#include <rill/event.h>
#include <rill/timeout.h>

// While timers fire every step is traced, which takes its time: on one board of each kind a thousand do, on the others,
// which run the same code, the first hundred.
#if defined(__ARM_ARCH_7M__) || (defined(__riscv) && __riscv_xlen == 32)
#define MOST_FIRE 1000
#else
#define MOST_FIRE 100
#endif

enum { N = 10000, LIVE = BENCH_SMALL ? 100 : 10000 };

RILL_TASK_POOL_DEFINE(tasks, 2, BENCH_STACK);
static rill_timer_t live[LIVE];
static rill_timer_t timer = RILL_TIMER_INIT;
static rill_future_t future;
static rill_event_t finished = RILL_EVENT_INIT;
static uint32_t left;
static rill_loop_t *the_loop;
static bool stop;

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

// ---- start, cancel and fire among others

typedef rill_time_t (*deadlines_t)(uint32_t i);

// Between a second and a quarter of an hour ahead, in no order.
static rill_time_t mixed(uint32_t i)
{
    return RILL_S(1) + (rill_time_t)(i * 7919u % 10007u) * 100000u;
}

// 10 us apart, so that those due at once are few even if all fire.
static rill_time_t near(uint32_t i)
{
    return RILL_S(1) + i * 7919u % 10007u * 10u;
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
    rill_sleep_us(10); // the loop sorts them before it sleeps
}

static void empty(rill_loop_t *loop, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        rill_timer_cancel(loop, &live[i]);
    }
    rill_sleep_us(10);
}

// What is live, `ahead` of which (or behind all) a timer is started and cancelled; and what the figures are called.
static const struct kind {
    deadlines_t deadlines;
    rill_time_t ahead;
    const char *start_cancel, *looked_at, *fire, *start, *cancel, *step;
} kinds[] = {
    { mixed, RILL_S(2000), "timer-start-cancel-", "timer-start-yield-cancel-", "timer-start-fire-", "timer-start-",
      "timer-cancel-", "worst-timer-step-mixed-" },
    { near, RILL_MS(900), "timer-near-start-cancel-", "timer-near-start-yield-cancel-", "timer-near-start-fire-",
      "timer-near-start-", "timer-near-cancel-", "worst-timer-step-near-" },
    { far, RILL_S(300), "timer-far-start-cancel-", "timer-far-start-yield-cancel-", "timer-far-start-fire-",
      "timer-far-start-", "timer-far-cancel-", "worst-timer-step-far-" },
};

// The second figure lets the loop look in between: then the timer is sorted in, and the alarm is set anew if it is the
// first. The timer of the third is due at once, and its callback runs between the two yields.
static void among(const struct kind *kind, uint32_t n)
{
    if (!bench_wanted(bench_name(kind->start_cancel, n)) && !bench_wanted(bench_name(kind->looked_at, n)) &&
        !bench_wanted(bench_name(kind->fire, n))) {
        return;
    }
    rill_loop_t *loop = rill_loop_running();
    fill(loop, kind->deadlines, n - 1);
    rill_time_t when = rill_clock_now() + kind->ahead;
    BENCH(bench_name(kind->start_cancel, n), N, rill_call_at(loop, &timer, when, nothing, NULL);
          rill_timer_cancel(loop, &timer));
    BENCH(bench_name(kind->looked_at, n), N / 10, rill_call_at(loop, &timer, when, nothing, NULL); rill_yield();
          rill_timer_cancel(loop, &timer));
    BENCH(bench_name(kind->fire, n), N / 10, rill_call_at(loop, &timer, 0, nothing, NULL); rill_yield(); rill_yield());
    empty(loop, n - 1);
}

// For each number of timers, and for each kind of deadlines.
static void populations(void (*measure)(const struct kind *kind, uint32_t n))
{
    static const uint32_t numbers[] = { 1, 100, 1000, 10000 };
    for (unsigned i = 0; i < 4 && numbers[i] <= LIVE; i++) {
        for (unsigned k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            measure(&kinds[k], numbers[i]);
        }
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

// Of ten callbacks that schedule themselves again, each is a round.
static int of_ten(void *arg)
{
    if (--left == 0) {
        rill_event_set(&finished);
    }
    return left - 1 < N ? rill_call_soon(the_loop, arg, of_ten, arg) : 0; // left: not yet 0, nor beyond
}

static int ten(void *arg)
{
    static rill_handle_t handles[10];
    the_loop = arg;
    for (unsigned i = 0; i < 10; i++) {
        rill_call_soon(arg, &handles[i], of_ten, &handles[i]);
    }
    return 0;
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
        bench_report(operation, start, n, 1);
    }
}

// ---- limits

static int waits(void *arg)
{
    (void)arg;
    do {
        rill_future_init(&future, NULL);
    } while (rill_wait_for(&future, RILL_S(1000), NULL) == 0 && !stop);
    bench_to();
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
    bool traced = bench_trace("wait-for-wake", "from", "to"); // up to where the task goes on
    bench_from();
    rill_future_set_result(&future, 1);
    rill_join(other, NULL);
    if (traced) {
        bench_trace_end();
    }
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

static int counts(void *arg)
{
    (void)arg;
    if (--left == 0) {
        rill_event_set(&finished);
    }
    return 0;
}

// The longest step of the loop's work on timers: between two of them it takes posts and runs what is ready. The
// timers are started in no order, sorted, and fire. When they are sorted one more is started and cancelled.
static void steps(const struct kind *kind, uint32_t n)
{
    bool wanted = bench_trace(bench_name(kind->step, n), "call", "rill_wheel_");
    wanted |= bench_trace(bench_name(kind->start, n), "from", "to");
    wanted |= bench_trace(bench_name(kind->cancel, n), "to", "from");
    if (!wanted) {
        return;
    }
    rill_loop_t *loop = rill_loop_running();
    left = n < MOST_FIRE ? n : MOST_FIRE;
    rill_event_clear(&finished);
    for (uint32_t i = 0; i < n; i++) {
        live[i] = (rill_timer_t)RILL_TIMER_INIT;
        rill_call_later(loop, &live[i], kind->deadlines(i), counts, NULL);
    }
    rill_time_t when = rill_clock_now() + kind->ahead;
    rill_yield();
    rill_yield();
    bench_from();
    rill_call_at(loop, &timer, when, nothing, NULL);
    bench_to();
    rill_timer_cancel(loop, &timer);
    bench_from();
    rill_event_wait(&finished);
    bench_trace_end();
    empty(loop, n);
}

// The same while a task is ready all the time: then a step looks at more of them, and takes along all that are due. The
// timers are due within 100 ms, in no order.
static void step_when_ready(uint32_t n)
{
    if (n > LIVE || !bench_trace(bench_name("worst-timer-step-ready-", n), "call", "rill_wheel_")) {
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        live[i] = (rill_timer_t)RILL_TIMER_INIT;
        rill_call_later(rill_loop_running(), &live[i], near(i) - RILL_S(1), nothing, NULL);
    }
    for (uint32_t i = 0; i < n / 2; i++) {
        rill_yield(); // three timers are sorted meanwhile, then some of them fire
    }
    bench_trace_end();
    empty(rill_loop_running(), n);
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
    populations(among);
    iterations("iteration-with-timer", again);
    iterations("iteration-with-callback", soon);
    iterations("callback-of-10", ten);
    limits();
    sleeping();
    BENCH_PARTS("timer-start-fire-of-100", N / 100, 100, burst(100));
    populations(steps);
    step_when_ready(100);
    step_when_ready(1000);
    return 0;
}

// An iteration of a loop that has nothing to do, and of one that has a timer to wait for, in an application with a
// loop of its own.
static void idle(void)
{
    static rill_loop_t loop;
    rill_loop_init(&loop);
    BENCH("iteration-with-nothing", N, rill_loop_run_once(&loop, 0, NULL));
    rill_call_later(&loop, &timer, RILL_S(1000), nothing, NULL);
    rill_loop_run_once(&loop, 0, NULL);
    BENCH("iteration-with-later-timer", N, rill_loop_run_once(&loop, 0, NULL));
}

int main(void)
{
    int code = rill_run(&tasks, all, NULL, NULL);
    idle();
    bench_put("bench done\n");
    return code;
}
