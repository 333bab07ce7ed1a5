// rill-test: min-ram=16
// Timers: against a plain list as model, at the edges of the number range, far away, and the wake-ups they cost.
#include <rill/clock.h>
#include <rill/loop.h>

#include "test.h"

#define TIMERS 48

#if defined(__unix__)
#define MODEL_OPERATIONS 100000
#else
#define MODEL_OPERATIONS 10000
#endif

static rill_loop_t loop;

// ---- random numbers

static uint64_t random_state;

static uint64_t random64(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static uint32_t random_below(uint32_t n)
{
    return (uint32_t)(random64() >> 33) % n;
}

// Of every magnitude up to 2^42 us (50 days), and often a power of two or next to one.
static uint64_t random_span(void)
{
    unsigned bits = random_below(43);
    uint64_t power = 1ull << bits;
    switch (random_below(4)) {
    case 0:
        return power - random_below(2);
    case 1:
        return random_below(4);
    default:
        return random64() & (power - 1);
    }
}

// ---- the model: a list of what is armed

static struct model {
    rill_timer_t timer;
    rill_time_t when;
    uint32_t order; // number of the arming
    bool armed;
    bool due; // in the batch that runs now
} model[TIMERS];

static uint32_t armings;
static uint32_t fired;
static bool stop_at_first;

static bool before(const struct model *a, const struct model *b)
{
    return a->when != b->when ? a->when < b->when : a->order < b->order;
}

// The earliest that is armed, or of those the earliest that is due.
static struct model *model_first(bool due)
{
    struct model *first = NULL;
    for (struct model *m = model; m < model + TIMERS; m++) {
        if (m->armed && (m->due || !due) && (first == NULL || before(m, first))) {
            first = m;
        }
    }
    return first;
}

static unsigned mark_due(rill_time_t now)
{
    unsigned n = 0;
    for (struct model *m = model; m < model + TIMERS; m++) {
        m->due = m->armed && m->when <= now;
        n += m->due;
    }
    return n;
}

static int on_timer(void *arg);

static void arm(struct model *m, rill_time_t when)
{
    int error = rill_call_at(&loop, &m->timer, when, on_timer, m);
    if (m->armed) {
        CHECK_EQ(error, RILL_EBUSY);
        return;
    }
    CHECK_EQ(error, 0);
    m->armed = true;
    m->due = false;
    m->when = when;
    m->order = armings++;
}

static void disarm(struct model *m)
{
    CHECK_EQ(rill_timer_cancel(&loop, &m->timer), m->armed);
    m->armed = false;
    m->due = false;
}

static rill_time_t random_when(void)
{
    rill_time_t now = rill_clock_now();
    uint64_t span = random_span();
    return random_below(8) == 0 ? now - (span < now ? span : now) : now + span;
}

static struct model *random_timer(void)
{
    return &model[random_below(TIMERS)];
}

static int on_timer(void *arg)
{
    struct model *m = arg;
    if (stop_at_first) {
        stop_at_first = false;
        rill_loop_stop(&loop);
        mark_due(rill_clock_now());
    }
    CHECK(m == model_first(true));
    m->armed = false;
    m->due = false;
    fired++;
    switch (random_below(8)) {
    case 0:
        arm(m, random_when());
        break;
    case 1:
        disarm(random_timer()); // perhaps one that is due
        break;
    default:
        break;
    }
    return 0;
}

// One iteration at a time that is set from outside.
static void advance_to(rill_time_t now)
{
    test_clock_reset(now);
    mark_due(now);
    rill_loop_stop(&loop);
    CHECK_EQ(rill_run_forever(&loop), 0);
    CHECK(model_first(true) == NULL);
}

// The loop sleeps until its own alarm: it must be the earliest deadline, to the microsecond.
static void sleep_to_next(void)
{
    struct model *first = model_first(false);
    if (first == NULL) {
        return;
    }
    rill_time_t now = rill_clock_now();
    rill_time_t expected = first->when > now ? first->when : now;
    stop_at_first = true;
    test_wakeups = 0;
    CHECK_EQ(rill_run_forever(&loop), 0);
    CHECK(rill_clock_now() == expected);
    CHECK_EQ(test_wakeups, expected > now);
    CHECK(model_first(true) == NULL);
}

static void model_operation(void)
{
    uint32_t choice = random_below(16);
    if (choice < 8) {
        arm(random_timer(), random_when());
    } else if (choice < 11) {
        disarm(random_timer());
    } else if (choice < 13) {
        sleep_to_next();
    } else if (choice < 15) {
        advance_to(rill_clock_now() + (random_span() >> random_below(20)));
    } else if (model_first(false) != NULL) {
        rill_time_t next = model_first(false)->when;
        rill_time_t now = rill_clock_now();
        advance_to(next > now + 1 ? next - 1 : now); // just not yet
    }
}

static void model_run(rill_time_t start, unsigned operations)
{
    memset(model, 0, sizeof model);
    fired = 0;
    test_clock_reset(start);
    CHECK_EQ(rill_loop_init(&loop), 0);
    for (unsigned i = 0; i < operations; i++) {
        model_operation();
    }
    for (unsigned i = 0; i < 2 * TIMERS; i++) { // some arm themselves again
        sleep_to_next();
    }
    CHECK(fired > operations / 8);
    CHECK_EQ(rill_loop_close(&loop), 0);
}

TEST(model_from_zero)
{
    random_state = 88172645463325252u;
    model_run(0, MODEL_OPERATIONS);
}

static void model_near(unsigned bit)
{
    random_state = 1234567u + bit;
    for (uint64_t k = 0; k < 8; k++) {
        model_run((1ull << bit) - k * k * k, MODEL_OPERATIONS / 80);
        model_run((1ull << bit) - (1ull << (2 * k)), MODEL_OPERATIONS / 80);
    }
}

TEST(model_near_2_16)
{
    model_near(16);
}

TEST(model_near_2_31)
{
    model_near(31);
}

TEST(model_near_2_32)
{
    model_near(32);
}

TEST(model_near_2_63)
{
    model_near(63);
}

// ---- order

static unsigned next_expected;

static int expect_in_order(void *arg)
{
    CHECK_EQ((uintptr_t)arg, next_expected);
    next_expected++;
    return 0;
}

static int stop(void *arg)
{
    (void)arg;
    return rill_loop_stop(&loop);
}

static void begin(void)
{
    memset(model, 0, sizeof model);
    test_clock_reset(0);
    CHECK_EQ(rill_loop_init(&loop), 0);
}

// All for one deadline, armed from ever nearer: they come from every bucket of the wheel, and fire as they were armed.
TEST(equal_deadlines_fire_in_arming_order)
{
    static rill_timer_t stopper;
    const rill_time_t deadline = RILL_S(3600) + 12345;
    begin();
    next_expected = 0;
    for (uintptr_t i = 0; i < TIMERS; i++) {
        rill_time_t distance = i < 24 ? (deadline - 1) >> i : TIMERS - i;
        test_clock_reset(deadline - distance);
        rill_loop_stop(&loop);
        CHECK_EQ(rill_run_forever(&loop), 0); // the wheel turns
        CHECK_EQ(rill_call_at(&loop, &model[i].timer, deadline, expect_in_order, (void *)i), 0);
    }
    CHECK_EQ(rill_call_at(&loop, &stopper, deadline, stop, NULL), 0);
    CHECK_EQ(rill_run_forever(&loop), 0);
    CHECK_EQ(next_expected, TIMERS);
    CHECK(rill_clock_now() == deadline);
}

// ---- far timers

static int note_time(void *arg)
{
    CHECK(rill_clock_now() == *(const rill_time_t *)arg);
    next_expected++;
    return 0;
}

TEST(far_timers_cost_one_wakeup_each)
{
    static const uint32_t seconds[] = { 1800,     2147,     2148,      3600,      7200,       86400,      30 * 86400,
                                        31536000, 63072000, 315360000, 630720000, 1000000000, 4000000000u };
    const size_t n = sizeof seconds / sizeof *seconds;
    static rill_time_t deadlines[sizeof seconds / sizeof *seconds];
    begin();
    next_expected = 0;
    for (size_t i = n; i-- > 0;) {
        deadlines[i] = RILL_S(seconds[i]) * 100 + 7; // to 12,000 years
        CHECK_EQ(rill_call_at(&loop, &model[i].timer, deadlines[i], note_time, &deadlines[i]), 0);
    }
    CHECK_EQ(rill_call_at(&loop, &model[n].timer, deadlines[n - 1] + 1, stop, NULL), 0);
    CHECK_EQ(rill_run_forever(&loop), 0);
    CHECK_EQ(next_expected, n);
    CHECK_EQ(test_wakeups, n + 1);
}

static bool forbidden;

static int forbid(void *arg)
{
    (void)arg;
    forbidden = true;
    return 0;
}

TEST(never_is_a_deadline_that_does_not_come)
{
    begin();
    test_clock_reset(UINT64_MAX - RILL_S(10));
    CHECK_EQ(rill_loop_init(&loop), 0);
    forbidden = false;
    CHECK_EQ(rill_call_at(&loop, &model[0].timer, RILL_NEVER, forbid, NULL), 0);
    CHECK_EQ(rill_call_later(&loop, &model[1].timer, RILL_NEVER, forbid, NULL), 0);
    CHECK_EQ(rill_call_later(&loop, &model[2].timer, RILL_S(11), forbid, NULL), 0); // beyond the end of time
    CHECK_EQ(rill_call_later(&loop, &model[3].timer, RILL_S(9), stop, NULL), 0);
    CHECK_EQ(rill_run_forever(&loop), 0);
    CHECK(!forbidden);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(rill_timer_cancel(&loop, &model[i].timer), 1);
        CHECK_EQ(rill_call_at(&loop, &model[i].timer, RILL_NEVER - 5 + (unsigned)i, i < 2 ? forbid : stop, NULL), 0);
    }
    CHECK_EQ(rill_run_forever(&loop), 0);
    CHECK(forbidden);
    CHECK(rill_clock_now() == RILL_NEVER - 3);
    CHECK_EQ(rill_run_forever(&loop), RILL_EDEADLK); // nothing is left
}

// ---- wake-ups

static rill_time_t last_deadline;
static uint32_t distinct;

static void count_deadline(void)
{
    if (rill_clock_now() != last_deadline) {
        last_deadline = rill_clock_now();
        distinct++;
    }
}

static rill_time_t period_of(const struct model *m)
{
    return RILL_MS(7000 + 997 * (unsigned)(m - model)) + (m - model == 5 ? 13u : 0u);
}

static int periodic(void *arg)
{
    struct model *m = arg;
    count_deadline();
    fired++;
    m->when += period_of(m);
    return rill_call_at(&loop, &m->timer, m->when, periodic, m);
}

static int end_of_hour(void *arg)
{
    count_deadline();
    return stop(arg);
}

TEST(one_hour_wakes_once_per_deadline)
{
    static rill_timer_t more[2];
    static rill_timer_t end;
    begin();
    fired = 0;
    distinct = 0;
    last_deadline = 0;
    uint32_t expected = 0;
    for (struct model *m = model; m < model + TIMERS; m++) {
        m->when = period_of(m);
        expected += (uint32_t)((RILL_S(3600) - 1) / period_of(m)); // what is due at the end may come or not
        CHECK_EQ(rill_call_at(&loop, &m->timer, m->when, periodic, m), 0);
    }
    for (size_t i = 0; i < 2; i++) { // 50 in all; these two stay far away
        CHECK_EQ(rill_call_at(&loop, &more[i], RILL_S(7200), stop, NULL), 0);
    }
    CHECK_EQ(rill_call_at(&loop, &end, RILL_S(3600), end_of_hour, NULL), 0);
    CHECK_EQ(rill_run_forever(&loop), 0);
    CHECK(rill_clock_now() == RILL_S(3600));
    CHECK(fired >= expected);
    CHECK_EQ(test_wakeups, distinct);
    CHECK_EQ(rill_loop_close(&loop), 0);
}

// ---- use and misuse

TEST(arguments)
{
    rill_timer_t *t = &model[0].timer;
    begin();
    CHECK_EQ(rill_call_at(NULL, t, 0, stop, NULL), RILL_EINVAL);
    CHECK_EQ(rill_call_at(&loop, NULL, 0, stop, NULL), RILL_EINVAL);
    CHECK_EQ(rill_call_at(&loop, t, 0, NULL, NULL), RILL_EINVAL);
    CHECK_EQ(rill_call_later(NULL, t, 0, stop, NULL), RILL_EINVAL);
    CHECK_EQ(rill_call_later(&loop, NULL, 0, stop, NULL), RILL_EINVAL);
    CHECK_EQ(rill_call_later(&loop, t, 0, NULL, NULL), RILL_EINVAL);
    CHECK_EQ(rill_timer_cancel(NULL, t), RILL_EINVAL);
    CHECK_EQ(rill_timer_cancel(&loop, NULL), RILL_EINVAL);
    CHECK_EQ(rill_timer_cancel(&loop, t), 0);
    CHECK_EQ(rill_call_later(&loop, t, 5, stop, NULL), 0);
    CHECK_EQ(rill_call_later(&loop, t, 5, stop, NULL), RILL_EBUSY);
    CHECK_EQ(rill_call_at(&loop, t, 5, stop, NULL), RILL_EBUSY);
    CHECK_EQ(rill_timer_cancel(&loop, t), 1);
    CHECK_EQ(rill_timer_cancel(&loop, t), 0);
    CHECK_EQ(rill_loop_close(&loop), 0);
    CHECK_EQ(rill_call_at(&loop, t, 5, stop, NULL), RILL_EPERM);
    CHECK_EQ(rill_call_later(&loop, t, 5, stop, NULL), RILL_EPERM);
}

static int rearm_the_ready_one(void *arg)
{
    rill_timer_t *other = &model[1].timer; // due too, so it waits in the batch
    CHECK_EQ(rill_call_at(&loop, other, 0, stop, NULL), RILL_EBUSY);
    CHECK_EQ(rill_timer_cancel(&loop, other), 1);
    CHECK_EQ(rill_timer_cancel(&loop, other), 0);
    CHECK_EQ(rill_call_later(&loop, other, 7, stop, NULL), 0);
    CHECK_EQ(rill_timer_cancel(&loop, arg), 0); // the running one is idle
    CHECK_EQ(rill_call_later(&loop, arg, 3, note_time, &last_deadline), 0);
    last_deadline = rill_clock_now() + 3;
    return 0;
}

TEST(cancel_and_rearm_within_the_batch)
{
    begin();
    next_expected = 0;
    CHECK_EQ(rill_call_at(&loop, &model[0].timer, 10, rearm_the_ready_one, &model[0].timer), 0);
    CHECK_EQ(rill_call_at(&loop, &model[1].timer, 10, forbid, NULL), 0);
    forbidden = false;
    CHECK_EQ(rill_run_forever(&loop), 0);
    CHECK(!forbidden);
    CHECK_EQ(next_expected, 1);
    CHECK_EQ(rill_clock_now(), 17);
}

// The loop has always something else to do, and the clock was told a later deadline before.
static int stay_busy(void *arg)
{
    static rill_timer_t timer;
    busy(1);
    if (++next_expected == 3) {
        CHECK_EQ(rill_call_at(&loop, &timer, RILL_MS(5), note_time, &last_deadline), 0);
    }
    return next_expected < 40 ? rill_call_soon(&loop, arg, stay_busy, arg) : 0;
}

TEST(armed_while_the_loop_is_busy)
{
    static rill_handle_t handle;
    begin();
    next_expected = 0;
    last_deadline = RILL_MS(6); // behind the callback that was ready at 5 ms
    CHECK_EQ(rill_call_at(&loop, &model[0].timer, RILL_MS(100), stop, NULL), 0);
    CHECK_EQ(rill_call_soon(&loop, &handle, stay_busy, &handle), 0);
    CHECK_EQ(rill_run_forever(&loop), 0);
    CHECK_EQ(rill_clock_now(), RILL_MS(100));
}

TEST(close_drops_timers)
{
    begin();
    CHECK_EQ(rill_call_later(&loop, &model[0].timer, 5, forbid, NULL), 0);
    CHECK_EQ(rill_loop_close(&loop), 0);
    CHECK_EQ(rill_loop_init(&loop), 0);
    forbidden = false;
    CHECK_EQ(rill_call_later(&loop, &model[1].timer, 50, stop, NULL), 0);
    CHECK_EQ(rill_run_forever(&loop), 0);
    CHECK(!forbidden);
}

// Two loops, one alarm: each gets its own timers, at its own time.
TEST(timers_of_two_loops)
{
    static rill_loop_t other;
    begin();
    CHECK_EQ(rill_loop_init(&other), 0);
    CHECK_EQ(rill_call_at(&other, &model[0].timer, 5, forbid, NULL), 0);
    CHECK_EQ(rill_call_at(&loop, &model[1].timer, 9, stop, NULL), 0);
    forbidden = false;
    CHECK_EQ(rill_run_forever(&loop), 0);
    CHECK(!forbidden);
    CHECK_EQ(rill_clock_now(), 9);
    rill_loop_stop(&other);
    CHECK_EQ(rill_run_forever(&other), 0);
    CHECK(forbidden);
    CHECK_EQ(rill_loop_close(&other), 0);
}

TEST_MAIN("kernel_timer", TEST_CASE(model_from_zero), TEST_CASE(model_near_2_16), TEST_CASE(model_near_2_31),
          TEST_CASE(model_near_2_32), TEST_CASE(model_near_2_63), TEST_CASE(equal_deadlines_fire_in_arming_order),
          TEST_CASE(far_timers_cost_one_wakeup_each), TEST_CASE(never_is_a_deadline_that_does_not_come),
          TEST_CASE(one_hour_wakes_once_per_deadline), TEST_CASE(arguments),
          TEST_CASE(cancel_and_rearm_within_the_batch), TEST_CASE(armed_while_the_loop_is_busy),
          TEST_CASE(close_drops_timers), TEST_CASE(timers_of_two_loops))
