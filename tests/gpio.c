// rill-test: boards=lm3s6965evb,sifive_e
// Pins and edges on chips whose GPIO the emulator models. The pin is driven by the chip itself: as output, or by
// turning an output back into an input (where only inputs detect edges).
#include <rill/board.h>
#include <rill/gpio.h>
#include <rill/task.h>

#include "test.h"

#define STACK 512

enum { TASKS = 2 };

static rill_tcb_t tcbs[TASKS];
static unsigned char stacks[TASKS][RILL_STACK_ROUND(STACK)] __attribute__((aligned(RILL_STACK_ALIGN)));
static const rill_task_pool_t fresh = RILL_TASK_POOL_INIT(tcbs, stacks, TASKS, RILL_STACK_ROUND(STACK));
static rill_task_pool_t pool;

static const rill_pin_t pin_a = RILL_PIN(0, 5);
static const rill_pin_t pin_b = RILL_PIN(0, 6);
static rill_gpio_edge_t edge, other;

static int run(rill_fn_t fn)
{
    pool = fresh;
    rill_loop_init(rill_loop_default());
    return rill_run(&pool, fn, NULL, NULL);
}

TEST(outputs)
{
    CHECK_EQ(rill_gpio_output(pin_a, true), 0);
    CHECK_EQ(rill_gpio_output(pin_b, false), 0);
    CHECK(rill_gpio_get(pin_a));
    CHECK(!rill_gpio_get(pin_b));
    rill_gpio_toggle(pin_a);
    rill_gpio_set(pin_b, true);
    CHECK(!rill_gpio_get(pin_a));
    CHECK(rill_gpio_get(pin_b));
    rill_gpio_toggle(pin_a);
    rill_gpio_set(pin_b, false);
    CHECK(rill_gpio_get(pin_a));
    CHECK(!rill_gpio_get(pin_b));
    CHECK_EQ(rill_gpio_output(RILL_PIN(40, 1), false), RILL_EINVAL);
    CHECK_EQ(rill_gpio_input(RILL_PIN(40, 1), RILL_GPIO_FLOATING), RILL_EINVAL);
    CHECK_EQ(rill_gpio_input(pin_a, (rill_gpio_pull_t)3), RILL_EINVAL);
}

// Levels as an outside source would drive them.
static void drive(rill_pin_t pin, bool level)
{
    rill_gpio_output(pin, level);
    rill_gpio_input(pin, RILL_GPIO_FLOATING);
    rill_gpio_output(pin, level);
}

static void high(void *arg)
{
    drive(*(rill_pin_t *)arg, true);
}

static void low(void *arg)
{
    drive(*(rill_pin_t *)arg, false);
}

static rill_pin_t driven;

static int rising(void *arg)
{
    (void)arg;
    driven = pin_a;
    drive(pin_a, false);
    CHECK_EQ(rill_gpio_edge_open(&edge, pin_a, RILL_GPIO_RISING), 0);
    isr_at(2, high, &driven);
    ev("edges %d", rill_gpio_edge_wait(&edge));
    isr_at(3, low, &driven);
    isr_at(5, high, &driven);
    ev("edges %d", rill_gpio_edge_wait(&edge));
    return rill_gpio_edge_close(&edge);
}

TEST(rising_edges)
{
    CHECK_EQ(run(rising), 0);
    trace_is("2 edges 1\n5 edges 1\n");
}

static int falling_and_both(void *arg)
{
    (void)arg;
    driven = pin_b;
    drive(pin_b, true);
    CHECK_EQ(rill_gpio_edge_open(&edge, pin_b, RILL_GPIO_FALLING), 0);
    isr_at(6, low, &driven);
    isr_at(7, high, &driven);
    ev("falling %d", rill_gpio_edge_wait(&edge));
    rill_sleep_ms(2);
    CHECK_EQ(rill_gpio_edge_close(&edge), 0);
    CHECK_EQ(rill_gpio_edge_open(&edge, pin_b, RILL_GPIO_BOTH), 0);
    isr_at(11, low, &driven);
    ev("both %d", rill_gpio_edge_wait(&edge) > 0); // a pin that floats for a moment has more edges
    isr_at(12, high, &driven);
    ev("both %d", rill_gpio_edge_wait(&edge) > 0); // a pin that floats for a moment has more edges
    return rill_gpio_edge_close(&edge);
}

TEST(falling_edges_and_both)
{
    CHECK_EQ(run(falling_and_both), 0);
    trace_is("6 falling 1\n11 both 1\n12 both 1\n");
}

static int waiter(void *arg)
{
    ev("%s %d", arg == &edge ? "edge" : "other", rill_gpio_edge_wait(arg));
    return 0;
}

static int two_pins(void *arg)
{
    rill_task_t task;
    (void)arg;
    driven = pin_b;
    drive(pin_a, false);
    drive(pin_b, false);
    CHECK_EQ(rill_gpio_edge_open(&edge, pin_a, RILL_GPIO_RISING), 0);
    CHECK_EQ(rill_gpio_edge_open(&other, pin_b, RILL_GPIO_RISING), 0);
    CHECK_EQ(rill_gpio_edge_open(&other, pin_b, RILL_GPIO_RISING), RILL_EBUSY);
    CHECK_EQ(rill_spawn(&pool, waiter, &edge, &task), 0);
    isr_at(3, high, &driven);
    waiter(&other);
    CHECK_EQ(rill_gpio_edge_wait(&edge), RILL_EBUSY);
    CHECK_EQ(rill_gpio_edge_close(&edge), 0);
    CHECK_EQ(rill_join(task, NULL), 0);
    drive(pin_b, false);
    isr_at(4, high, &driven); // the line the two may share still works
    waiter(&other);
    CHECK_EQ(rill_gpio_edge_close(&other), 0);
    CHECK_EQ(rill_gpio_edge_close(&other), RILL_ENOENT);
    CHECK_EQ(rill_gpio_edge_wait(&other), RILL_EPIPE);
    CHECK_EQ(rill_gpio_edge_wait(NULL), RILL_EINVAL);
    CHECK_EQ(rill_gpio_edge_close(NULL), RILL_EINVAL);
    CHECK_EQ(rill_gpio_edge_open(&other, pin_b, 0), RILL_EINVAL);
    CHECK_EQ(rill_gpio_edge_open(&other, RILL_PIN(40, 0), RILL_GPIO_BOTH), RILL_EINVAL);
    return 0;
}

TEST(two_pins_and_closing)
{
    CHECK_EQ(run(two_pins), 0);
    trace_is("3 other 1\n3 edge -32\n4 other 1\n");
}

TEST_MAIN("gpio", TEST_CASE(outputs), TEST_CASE(rising_edges), TEST_CASE(falling_edges_and_both),
          TEST_CASE(two_pins_and_closing))
