// rill-test: min-ram=16
// Watches: readers get the latest value, each version at most once.
#include <rill/watch.h>

#include "beyond.h"

struct point {
    int16_t x, y, z;
};

RILL_WATCH_DEFINE(level, uint32_t);
RILL_WATCH_DEFINE(place, struct point);
static uint32_t next_from_isr;

static int run_fresh(rill_fn_t fn)
{
    static uint32_t value;
    static struct point point;
    next_from_isr = 100;
    CHECK_EQ(rill_watch_init(&level, &value, sizeof value), 0);
    CHECK_EQ(rill_watch_init(&place, &point, sizeof point), 0);
    int error = run(fn);
    CHECK(level.waiters == NULL);
    return error;
}

static void set(uint32_t value)
{
    CHECK_EQ(rill_watch_set(&level, &value), 0);
}

static void set_from_isr(void *watch)
{
    rill_watch_set_threadsafe(watch, &next_from_isr);
    next_from_isr++;
}

static int wait_for(const char *name, uint32_t *seen)
{
    uint32_t value = 0;
    int error = rill_watch_wait(&level, seen, &value);
    ev("%s %d: %u, version %u", name, error, (unsigned)value, (unsigned)*seen);
    return error;
}

static int reader(void *name)
{
    uint32_t seen = 0;
    int error;
    do {
        error = wait_for(name, &seen);
    } while (error == RILL_OK && seen < 4);
    return error;
}

static int three_readers(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(reader, "a");
    rill_task_t b = spawn(reader, "b");
    rill_sleep_ms(1);
    set(10);
    rill_sleep_ms(1);
    set(20);
    set(30); // in the same step: nobody sees 20
    rill_task_t c = spawn(reader, "c");
    rill_sleep_ms(1);
    set(40);
    rill_join(a, NULL);
    rill_join(b, NULL);
    return rill_join(c, NULL);
}

TEST(every_reader_the_latest)
{
    CHECK_EQ(run_fresh(three_readers), 0);
    trace_is("1 a 0: 10, version 1\n1 b 0: 10, version 1\n2 a 0: 30, version 3\n2 b 0: 30, version 3\n"
             "2 c 0: 30, version 3\n3 a 0: 40, version 4\n3 b 0: 40, version 4\n3 c 0: 40, version 4\n");
}

// ---- interrupts

static int from_isr(void *arg)
{
    (void)arg;
    isr_at(3, set_from_isr, &level);
    isr_at(5, set_from_isr, &level);
    isr_at(5, set_from_isr, &level);
    rill_task_t a = spawn(reader, "a");
    uint32_t seen = 0;
    wait_for("main", &seen);
    wait_for("main", &seen);
    set(7);
    rill_yield();
    set(8);
    return rill_join(a, NULL);
}

TEST(interrupt_sets)
{
    CHECK_EQ(run_fresh(from_isr), 0);
    trace_is("3 main 0: 100, version 1\n3 a 0: 100, version 1\n5 main 0: 102, version 2\n"
             "5 a 0: 7, version 3\n5 a 0: 8, version 4\n");
}

// Before there is a loop; and the order of sets by tasks and interrupts is that of the calls.
static int mixed(void *arg)
{
    (void)arg;
    uint32_t value = 0;
    CHECK_EQ(rill_watch_get(&level, &value), RILL_EAGAIN);
    CHECK_EQ(rill_watch_version(&level), 0);
    isr_now(set_from_isr, &level);
    CHECK_EQ(rill_watch_get(&level, &value), 0);
    CHECK_EQ(value, 100);
    uint32_t seen = rill_watch_version(&level);
    CHECK_EQ(seen, 1);
    isr_now(set_from_isr, &level);
    set(5);
    CHECK_EQ(rill_watch_get(&level, &value), 0);
    CHECK_EQ(value, 5);
    set(6);
    isr_now(set_from_isr, &level);
    wait_for("main", &seen);
    isr_at(1, set_from_isr, &level);
    return wait_for("main", &seen);
}

TEST(sets_take_effect_in_order)
{
    CHECK_EQ(run_fresh(mixed), 0);
    trace_is("0 main 0: 102, version 5\n1 main 0: 103, version 6\n");
}

// ---- cancellation, closing

static int once(void *name)
{
    uint32_t seen = rill_watch_version(&level);
    return wait_for(name, &seen);
}

static int cancel(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(once, "a");
    rill_task_t b = spawn(once, "b");
    rill_task_t c = spawn(once, "c");
    rill_sleep_ms(1);
    rill_task_cancel(a); // while it waits
    rill_yield();
    set(3);
    rill_task_cancel(b); // woken, not resumed
    rill_join(a, NULL);
    rill_join(b, NULL);
    rill_join(c, NULL);
    uint32_t seen = 0;
    return wait_for("main", &seen);
}

TEST(cancelled_wait_has_seen_nothing)
{
    CHECK_EQ(run_fresh(cancel), 0);
    trace_is("1 a -125: 0, version 0\n1 b -125: 0, version 0\n1 c 0: 3, version 1\n1 main 0: 3, version 1\n");
}

static int close_it(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(once, "a");
    rill_yield();
    rill_watch_close(&level);
    rill_join(a, NULL);
    isr_at(2, set_from_isr, &level);
    return once("main");
}

TEST(close_ends_waits)
{
    CHECK_EQ(run_fresh(close_it), 0);
    trace_is("0 a -32: 0, version 0\n2 main 0: 100, version 1\n");
}

// ---- values, versions, errors

static int large(void *arg)
{
    (void)arg;
    unsigned char frame[sizeof(struct point) + 2];
    struct point point = { 1, -2, 3 };
    uint32_t seen = 0;
    memcpy(frame + 1, &point, sizeof point);
    CHECK_EQ(rill_watch_set(&place, frame + 1), 0);
    memset(frame, 0x5a, sizeof frame);
    CHECK_EQ(rill_watch_wait(&place, &seen, frame + 1), 0);
    CHECK(memcmp(frame + 1, &point, sizeof point) == 0 && frame[0] == 0x5a && frame[sizeof frame - 1] == 0x5a);
    CHECK_EQ(seen, 1);
    CHECK_EQ(rill_watch_wait(&place, &(uint32_t){ 0 }, NULL), 0);
    CHECK_EQ(rill_watch_set_threadsafe(&place, &point), sizeof point <= sizeof(uintptr_t) ? 0 : RILL_EINVAL);
    return 0;
}

static int small(void *arg)
{
    (void)arg;
    static uint8_t memory[3];
    rill_watch_t byte;
    uint8_t value = 0x81;
    CHECK_EQ(rill_watch_init(&byte, memory + 1, 1), 0);
    CHECK_EQ(rill_watch_set_threadsafe(&byte, &value), 0);
    value = 0;
    CHECK_EQ(rill_watch_get(&byte, &value), 0);
    CHECK(value == 0x81 && memory[0] == 0 && memory[2] == 0);
    byte.version = UINT32_MAX;
    CHECK_EQ(rill_watch_set(&byte, &value), 0);
    CHECK_EQ(rill_watch_version(&byte), 1); // 0 is no version
    return 0;
}

TEST(values_of_any_size)
{
    CHECK_EQ(run_fresh(large), 0);
    CHECK_EQ(run_fresh(small), 0);
}

static int wait_in_callback(void *arg)
{
    uint32_t seen = rill_watch_version(arg);
    CHECK_EQ(rill_watch_wait(arg, &seen, NULL), RILL_EPERM);
    seen = 0;
    CHECK_EQ(rill_watch_wait(arg, &seen, NULL), 0);
    errors++;
    return 0;
}

static int wrong(void *arg)
{
    (void)arg;
    uint32_t value = 0;
    CHECK_EQ(rill_watch_init(NULL, &value, 4), RILL_EINVAL);
    CHECK_EQ(rill_watch_init(&level, NULL, 4), RILL_EINVAL);
    CHECK_EQ(rill_watch_init(&level, &value, 0), RILL_EINVAL);
    CHECK_EQ(rill_watch_set(NULL, &value), RILL_EINVAL);
    CHECK_EQ(rill_watch_set(&level, NULL), RILL_EINVAL);
    CHECK_EQ(rill_watch_set_threadsafe(NULL, &value), RILL_EINVAL);
    CHECK_EQ(rill_watch_wait(NULL, &value, NULL), RILL_EINVAL);
    CHECK_EQ(rill_watch_wait(&level, NULL, NULL), RILL_EINVAL);
    CHECK_EQ(rill_watch_get(NULL, &value), RILL_EINVAL);
    CHECK_EQ(rill_watch_version(NULL), 0);
    rill_watch_close(NULL);
    set(1);
    in_callback(wait_in_callback, &level);
    return 0;
}

TEST(wrong_calls_are_refused)
{
    CHECK_EQ(run_fresh(wrong), 0);
}

TEST_MAIN("watch", TEST_CASE(every_reader_the_latest), TEST_CASE(interrupt_sets), TEST_CASE(sets_take_effect_in_order),
          TEST_CASE(cancelled_wait_has_seen_nothing), TEST_CASE(close_ends_waits), TEST_CASE(values_of_any_size),
          TEST_CASE(wrong_calls_are_refused))
