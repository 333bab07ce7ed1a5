// rill-test: min-ram=16
// A vendor's driver, compiled for itself and linked with --wrap: its delays suspend only the task.
#include <rill/wrap.h>

#include "beyond.h"
#include "vendor/vendor.h"

RILL_WRAP_DELAY(vendor_wait, uint16_t, 100)

static int measures(void *name)
{
    sensor_reset();
    int value = sensor_measure();
    ev("%s %d at %lld us", (char *)name, value, (long long)rill_clock_now());
    return value;
}

static int ticks(void *arg)
{
    (void)arg;
    for (int i = 1; i <= 3; i++) {
        CHECK_EQ(rill_sleep_until(RILL_MS(4) * (rill_time_t)i), 0);
        ev("tick");
    }
    return RILL_OK;
}

static int both(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(measures, "a"), b = spawn(measures, "b"), c = spawn(ticks, NULL);
    rill_join(a, NULL);
    rill_join(b, NULL);
    return rill_join(c, NULL);
}

TEST(drivers_in_tasks)
{
    vendor_spins = 0;
    CHECK_EQ(run(both), 0);
    trace_is("4 tick\n8 tick\n12 tick\n12 a 42 at 12350 us\n12 b 42 at 12350 us\n");
    CHECK_EQ(vendor_spins, 0);
}

static int waits_on(void *arg)
{
    (void)arg;
    HAL_Delay(10);
    ev("waited");
    CHECK_EQ(rill_task_cancelling(rill_task_current()), 2);
    return rill_sleep_ms(1000);
}

static int cancels(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(waits_on, NULL);
    rill_sleep_ms(3);
    rill_task_cancel(task);
    rill_sleep_ms(3);
    rill_task_cancel(task);
    return rill_join(task, NULL) == RILL_ECANCELED ? RILL_OK : RILL_EIO;
}

// A driver's delay is never cut short; who asked the task to stop is heard at its next wait.
TEST(cancelled)
{
    CHECK_EQ(run(cancels), 0);
    trace_is("10 waited\n");
    CHECK_EQ(rill_clock_now(), 10000);
}

static int callback(void *arg)
{
    (void)arg;
    vendor_spins = 0;
    HAL_Delay(7);
    CHECK_EQ(vendor_spins, 7);
    errors++;
    return RILL_OK;
}

static void in_isr(void *arg)
{
    (void)arg;
    vendor_spins = 0;
    vendor_wait(9);
}

static int elsewhere(void *arg)
{
    (void)arg;
    in_callback(callback, NULL);
    isr_now(in_isr, NULL);
    CHECK_EQ(vendor_spins, 9);
    return RILL_OK;
}

// Where nobody can be suspended the vendor's own function is called.
TEST(in_callbacks_and_interrupts)
{
    CHECK_EQ(run(elsewhere), 0);
    CHECK_EQ(rill_clock_now(), 0);
}

// Before the loop runs the core sleeps.
TEST(before_the_loop)
{
    vendor_spins = 0;
    test_clock_reset(0);
    sensor_reset();
    CHECK_EQ(rill_clock_now(), 10050);
    CHECK_EQ(sensor_measure(), 42);
    CHECK_EQ(rill_clock_now(), 12350);
    CHECK_EQ(vendor_spins, 0);
}

// What RILL_WRAP_DELAY is made of.
static int refused(void *arg)
{
    rill_time_t before = rill_clock_now();
    CHECK_EQ(rill_delay_us(100), RILL_EPERM);
    CHECK_EQ(rill_clock_now(), before);
    *(bool *)arg = true;
    return 0;
}

static int delays(void *arg)
{
    static rill_handle_t handle;
    static bool called;
    rill_time_t before = rill_clock_now();
    (void)arg;
    CHECK_EQ(rill_call_soon(rill_loop_running(), &handle, refused, &called), 0);
    CHECK_EQ(rill_delay_us(1500), 0);
    CHECK_EQ(rill_clock_now() - before, 1500);
    CHECK(called);
    return 0;
}

TEST(delay_in_a_task_and_in_a_callback)
{
    CHECK_EQ(run(delays), 0);
}

TEST_MAIN("wrap", TEST_CASE(drivers_in_tasks), TEST_CASE(cancelled), TEST_CASE(in_callbacks_and_interrupts),
          TEST_CASE(before_the_loop), TEST_CASE(delay_in_a_task_and_in_a_callback))
