// Constructors run before main, in the order of their priorities, when the board is set up.
#include <rill/clock.h>

#include "test.h"

static unsigned ran;
static unsigned order;
static rill_time_t first_at = RILL_NEVER;

__attribute__((constructor(200))) static void second(void)
{
    order = order * 10 + 2;
    ran++;
}

__attribute__((constructor(101))) static void first(void)
{
    order = order * 10 + 1;
    first_at = rill_clock_now();
    ran++;
}

TEST(before_main)
{
    CHECK_EQ(ran, 2);
    CHECK_EQ(order, 12);
    CHECK(first_at <= rill_clock_now());
}

TEST_MAIN("constructors", TEST_CASE(before_main))
