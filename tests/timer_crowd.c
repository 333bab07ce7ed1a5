// rill-test: min-ram=128
// Crowds of timers: 1 to 1000 with random deadlines against a naive model, and how long other work waits for them.
#include <rill/clock.h>
#include <rill/loop.h>

#include "test.h"

#define MOST 1000

static rill_loop_t loop;
static uint64_t random_state = 88172645463325252u;

static uint32_t random_below(uint32_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 33) % n;
}

// ---- the model: the deadlines, and the order they were armed in

static struct entry {
    rill_timer_t timer;
    rill_time_t when;
    unsigned order;
    bool armed;
} entries[MOST];

static unsigned armings;
static unsigned left;
static const struct entry *last;
static uint32_t distinct;

static int on_timer(void *arg);

static void arm(struct entry *e, rill_time_t when)
{
    CHECK_EQ(rill_call_at(&loop, &e->timer, when, on_timer, e), 0);
    e->when = when;
    e->order = armings++;
    e->armed = true;
    left++;
}

static void disarm(struct entry *e)
{
    CHECK_EQ(rill_timer_cancel(&loop, &e->timer), e->armed);
    left -= e->armed;
    e->armed = false;
}

// Each fires at its deadline to the microsecond, behind those that are earlier or were armed before.
static int on_timer(void *arg)
{
    static struct entry previous;
    struct entry *e = arg;
    CHECK(e->armed);
    CHECK(rill_clock_now() == e->when);
    CHECK(last == NULL || previous.when < e->when || (previous.when == e->when && previous.order < e->order));
    distinct += last == NULL || previous.when != e->when;
    previous = *e;
    last = &previous;
    e->armed = false;
    left--;
    return left == 0 ? rill_loop_stop(&loop) : 0;
}

// Deadlines of every magnitude up to 2^bits us ahead, one in four equal to another's.
static rill_time_t random_deadline(unsigned i, unsigned bits)
{
    if (i > 0 && random_below(4) == 0) {
        return entries[random_below(i)].when;
    }
    uint64_t span = ((uint64_t)random_below(1u << 20) << 20) | random_below(1u << 20);
    return rill_clock_now() + 1 + (span & ((1ull << random_below(bits)) - 1));
}

static void run_population(unsigned n, unsigned bits)
{
    test_clock_reset(random_below(1u << 30));
    CHECK_EQ(rill_loop_init(&loop), 0);
    last = NULL;
    distinct = 0;
    for (unsigned i = 0; i < n; i++) {
        arm(&entries[i], random_deadline(i, bits));
    }
    for (unsigned i = 0; i < n / 4; i++) {
        struct entry *e = &entries[random_below(n)];
        disarm(e);
        if (random_below(2) == 0) {
            arm(e, random_deadline(n, bits));
        }
    }
    if (left > 0) {
        CHECK_EQ(rill_run_forever(&loop), 0);
    }
    CHECK_EQ(left, 0);
    CHECK_EQ(test_wakeups, distinct);
    CHECK_EQ(rill_loop_close(&loop), 0);
    memset(entries, 0, sizeof entries);
}

TEST(small_populations)
{
    for (unsigned n = 1; n <= 40; n++) {
        for (unsigned bits = 4; bits <= 40; bits += 6) {
            run_population(n, bits);
        }
    }
}

TEST(large_populations)
{
    for (unsigned n = 50; n <= MOST; n += 190) {
        for (unsigned bits = 4; bits <= 40; bits += 9) {
            run_population(n, bits);
        }
    }
}

// ---- steps: what is ready does not wait until a crowd is sorted

static unsigned iterations;
static unsigned iterations_when_fired;
static unsigned iterations_when_posted;
static rill_handle_t ready;
static rill_handle_t posted;

static int stay_ready(void *arg)
{
    iterations++;
    return left > 0 ? rill_call_soon(&loop, &ready, stay_ready, arg) : rill_loop_stop(&loop);
}

static int on_post(void *arg)
{
    (void)arg;
    iterations_when_posted = iterations;
    return 0;
}

static void post(void *arg)
{
    CHECK_EQ(rill_call_soon_threadsafe(arg, &posted), 1);
}

static int on_due(void *arg)
{
    (void)arg;
    iterations_when_fired = iterations;
    left--;
    return 0;
}

static int never(void *arg)
{
    (void)arg;
    CHECK(false);
    return 0;
}

// Arms a crowd, the last of which is due before the loop has looked at any.
static int arm_a_crowd(void *arg)
{
    const unsigned n = (unsigned)(uintptr_t)arg;
    for (unsigned i = 0; i < n - 1; i++) {
        CHECK_EQ(rill_call_later(&loop, &entries[i].timer, RILL_S(10 + i), never, NULL), 0);
    }
    CHECK_EQ(rill_call_later(&loop, &entries[n - 1].timer, 10, on_due, NULL), 0);
    busy(1);
    isr_now(post, &loop);
    return rill_call_soon(&loop, &ready, stay_ready, NULL);
}

static void busy_in_a_crowd(unsigned n)
{
    static rill_handle_t start;
    test_clock_reset(1000000);
    CHECK_EQ(rill_loop_init(&loop), 0);
    left = 1;
    iterations = 0;
    rill_handle_init(&posted, on_post, NULL);
    CHECK_EQ(rill_call_soon(&loop, &start, arm_a_crowd, (void *)(uintptr_t)n), 0);
    CHECK_EQ(rill_run_forever(&loop), 0);
    for (unsigned i = 0; i < n - 1; i++) {
        CHECK_EQ(rill_timer_cancel(&loop, &entries[i].timer), 1);
    }
    CHECK_EQ(rill_loop_close(&loop), 0);
}

TEST(work_goes_on_between_steps)
{
    busy_in_a_crowd(MOST);
    CHECK(iterations_when_posted <= 1);       // an interrupt does not wait for the crowd
    CHECK(iterations_when_fired >= MOST / 4); // at most 4 timers are placed in an iteration
    CHECK(iterations_when_fired <= MOST);     // and it comes to an end
}

TEST(few_timers_fire_in_the_next_iteration)
{
    busy_in_a_crowd(30);
    CHECK(iterations_when_posted <= 1);
    CHECK(iterations_when_fired <= 1);
}

TEST_MAIN("timer_crowd", TEST_CASE(small_populations), TEST_CASE(large_populations),
          TEST_CASE(work_goes_on_between_steps), TEST_CASE(few_timers_fire_in_the_next_iteration))
