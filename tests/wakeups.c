// rill-test: real-clock | big | not=stm32vldiscovery | args=-icount shift=0,sleep=off
// Wake-ups by interrupts, none lost: some by the board's own alarm, which comes while the loop decides to sleep or
// sleeps, the others by a line that fires while tasks run. A lost one would leave both tasks waiting for ever. A
// none_lost in `make soak`.
#include <rill/board.h>
#include <rill/irq.h>
#include <rill/loop.h>
#include <rill/task.h>

#include "arch.h"
#include "test.h"

#if defined(__unix__) || defined(__linux__)
#define STACK 16384
#else
#define STACK 512
#endif

#if defined(SOAK)
#define ALARMS 100000u
#else
#define ALARMS 2000u
#endif
#define LINES_PER_ALARM 9u

RILL_TASK_POOL_DEFINE(tasks, 2, STACK);
static rill_irq_t line;
static uint32_t by_line, by_alarm;

static int waits_for_line(void *arg)
{
    (void)arg;
    while (by_line < ALARMS * LINES_PER_ALARM) {
        int n = rill_irq_wait(&line);
        if (n != 1) {
            CHECK_EQ(n, 1);
            break;
        }
        by_line++;
    }
    return 0;
}

// Sleeps for 1 to 4 us, no two the same in a row, so that the alarm meets every instruction of the way to sleep.
static int waits_for_alarm(void *arg)
{
    (void)arg;
    rill_task_t other;
    uint32_t random = 1;
    CHECK_EQ(rill_irq_open(&line, rill_board_soft_irq, RILL_IRQ_EDGE), 0);
    CHECK_EQ(rill_spawn(&tasks, waits_for_line, NULL, &other), 0);
    for (; by_alarm < ALARMS; by_alarm++) {
        random = random * 1664525u + 1013904223u;
        rill_time_t start = rill_loop_time();
        uint32_t us = 1u + (random >> 30);
        if (rill_sleep_us(us) != 0 || rill_loop_time() - start < us) {
            CHECK(!"slept well");
            break;
        }
        for (uint32_t i = 0; i < LINES_PER_ALARM; i++) {
            rill_irq_pend(rill_board_soft_irq);
            rill_yield(); // the line's callback runs
            rill_yield(); // the task it woke
        }
    }
    CHECK_EQ(rill_join(other, NULL), 0);
    return rill_irq_close(&line);
}

TEST(none_lost)
{
    uint32_t taken = rill_irq_taken;
    CHECK_EQ(rill_run(&tasks, waits_for_alarm, NULL, NULL), 0);
    CHECK_EQ(by_alarm, ALARMS);
    CHECK_EQ(by_line, ALARMS * LINES_PER_ALARM);
    CHECK(rill_irq_taken - taken >= ALARMS * LINES_PER_ALARM);
}

TEST_MAIN("wakeups", TEST_CASE(none_lost))
