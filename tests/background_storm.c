// rill-test: real-clock | not=host | min-ram=16 | args=-icount shift=1,sleep=off -singlestep
// Jobs that are taken from their work some hundred times, at any instruction, by the board's own alarm: their registers
// and results are right, and no alarm is late for them.
#include <rill/executor.h>
#include <rill/loop.h>

#include "arch.h"
#include "test.h"

uint32_t test_hold(const volatile uint32_t *stop); // tests/arch/<name>/hold.S

#define STACK (sizeof(void *) * 192)
#define ALARMS 500u
#define LATEST_US 40u // two ticks of 32768 Hz, where the kernel's own way is a few hundred instructions

RILL_TASK_POOL_DEFINE(tasks, 2, STACK);
RILL_EXECUTOR_DEFINE(one, 1, STACK);
RILL_EXECUTOR_DEFINE(two, 2, STACK);

static volatile uint32_t stop;
static rill_timer_t timer;
static rill_time_t due;
static uint32_t alarms, late, seed;
static void *volatile shared;

// Leaves other values in the FP registers than a job has there.
static void use_fpu(uint32_t value)
{
#if defined(__ARM_FP)
    __asm__ volatile("vmov s0, %0\n\tvmov s15, %0\n\tvmov s16, %0\n\tvmov s17, %0\n\tvmov s31, %0"
                     : : "r"(value) : "s0", "s15", "s16", "s17", "s31");
#elif defined(__riscv_flen)
    __asm__ volatile("fmv.w.x ft0, %0\n\tfmv.w.x fa7, %0\n\tfmv.w.x fs0, %0\n\tfmv.w.x fs11, %0"
                     : : "r"(value) : "ft0", "fa7", "fs0", "fs11");
#else
    (void)value;
#endif
}

static void add_to_shared(uintptr_t n)
{
    for (; n > 0; n--) {
        void *old;
        do {
            old = shared;
        } while (!rill_arch_cas(&shared, old, (char *)old + 1));
    }
}

static uint32_t next_random(void)
{
    seed = seed * 1664525u + 1013904223u;
    return seed >> 16;
}

static void note_lateness(rill_time_t when)
{
    rill_time_t now = rill_loop_time();
    late = now - when > late ? (uint32_t)(now - when) : late;
}

static int on_alarm(void *arg);

static int next_alarm(void)
{
    due = rill_loop_time() + 20 + next_random() % 64;
    return rill_call_at(rill_loop_running(), &timer, due, on_alarm, NULL);
}

static int on_alarm(void *arg)
{
    (void)arg;
    note_lateness(due);
    add_to_shared(1);
    alarms++;
    if (alarms == ALARMS) {
        stop = 1;
        return 0;
    }
    return next_alarm();
}

static int sleeper(void *arg)
{
    (void)arg;
    while (!stop) {
        rill_time_t when = rill_loop_time() + 30 + next_random() % 256;
        use_fpu(seed);
        if (rill_sleep_until(when) != 0) {
            break;
        }
        note_lateness(when);
    }
    return 0;
}

static int start_storm(rill_executor_t *executor)
{
    stop = 0;
    alarms = 0;
    late = 0;
    shared = NULL;
    CHECK_EQ(rill_executor_start(executor), 0);
    CHECK_EQ(rill_loop_set_default_executor(NULL, executor), 0);
    CHECK_EQ(rill_spawn(&tasks, sleeper, NULL, NULL), 0);
    return next_alarm();
}

static void storm_is_over(const char *what)
{
    CHECK_EQ(alarms, ALARMS);
    CHECK(late <= LATEST_US);
    test_printf("# %s: %u alarms, the latest by %u us\n", what, (unsigned)alarms, (unsigned)late);
}

// ---- registers

static int hold(void *arg)
{
    (void)arg;
    return rill_job_return((rill_value_t)test_hold(&stop));
}

static int main_registers(void *arg)
{
    rill_value_t rounds = 0;
    (void)arg;
    CHECK_EQ(start_storm(&one), 0);
    CHECK_EQ(rill_to_thread(hold, NULL, &rounds), 0);
    CHECK(rounds > (rill_value_t)ALARMS);
    storm_is_over("registers");
    return 0;
}

TEST(registers_survive)
{
    CHECK_EQ(rill_run(&tasks, main_registers, NULL, NULL), 0);
}

// ---- compiled code: checksums, and a word that the loop changes too

static uint32_t checksum(uint32_t n, uint32_t rounds)
{
    uint32_t a = n, b = 3, c = 5, d = 7, e = 11, f = 13;
    float x = (float)n, y = 1;
    for (uint32_t i = 0; i < rounds; i++) {
        a = a * 1664525u + b;
        b ^= c >> 3;
        c += d * e;
        d = d / 3 + f;
        e ^= a;
        f += b;
        y = y * 0.75f + (float)(a & 0xFF);
        x = x * 0.5f + y;
    }
    return a ^ b ^ c ^ d ^ e ^ f ^ (uint32_t)x;
}

struct sums {
    uint32_t n, rounds, wrong;
};

static int compute(void *arg)
{
    struct sums *sums = arg;
    uint32_t expected = sums->wrong;
    sums->wrong = 0;
    do {
        sums->wrong += checksum(sums->n, 50) != expected;
        add_to_shared(10);
        sums->rounds++;
    } while (!stop);
    return 0;
}

static int main_results(void *arg)
{
    static struct sums sums[2];
    static rill_job_t jobs[2];
    (void)arg;
    for (unsigned i = 0; i < 2; i++) {
        sums[i] = (struct sums){ .n = i, .wrong = checksum(i, 50) };
    }
    CHECK_EQ(start_storm(&two), 0);
    for (unsigned i = 0; i < 2; i++) {
        CHECK_EQ(rill_run_in_executor(NULL, NULL, &jobs[i], compute, &sums[i]), 0);
    }
    for (unsigned i = 0; i < 2; i++) {
        CHECK_EQ(rill_await(&jobs[i].future, NULL), 0);
        CHECK_EQ(sums[i].wrong, 0);
        CHECK(sums[i].rounds > 20);
    }
    CHECK_EQ((uintptr_t)shared, ALARMS + 10 * (sums[0].rounds + sums[1].rounds));
    storm_is_over("results");
    return 0;
}

TEST(results_are_right)
{
    CHECK_EQ(rill_run(&tasks, main_results, NULL, NULL), 0);
}

TEST_MAIN("background_storm", TEST_CASE(registers_survive), TEST_CASE(results_are_right))
