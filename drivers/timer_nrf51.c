// nRF51 TIMER0: 32 bits at 1 MHz. Compare 0 is the alarm; compare 1 captures the counter, which cannot be read
// directly. Extra wake-ups: one per 71 minutes without any other.
//
// A capture interrupted by another leaves a later value to read, which is still a true time between call and return.
#include <rill/irq.h>

#define WIDE_TICKS_PER_US 1u
#define WIDE_EPOCH_BITS 24
#define WIDE_REACH_US 0xFE000000u

#include "timer_wide.h"

enum { TIMER0_LINE = 8, MODE_TIMER = 0, BITMODE_32 = 3, PRESCALE_16 = 4, INT_COMPARE0 = 1 << 16 };

// A compare value must lie ahead of the counter when it is written. Three ticks are 48 cycles, more than the write
// takes; an interrupt in between may take longer.
#define NEAREST_US 3u

static volatile uint32_t *reg(uint32_t offset)
{
    return (volatile uint32_t *)(uintptr_t)(0x40008000u + offset);
}

#define TASKS_START reg(0x000)
#define TASKS_STOP reg(0x004)
#define TASKS_CLEAR reg(0x00C)
#define TASKS_CAPTURE1 reg(0x044)
#define EVENTS_COMPARE0 reg(0x140)
#define INTENSET reg(0x304)
#define INTENCLR reg(0x308)
#define MODE reg(0x504)
#define BITMODE reg(0x508)
#define PRESCALER reg(0x510)
#define CC0 reg(0x540)
#define CC1 reg(0x544)

static uint32_t wide_count(void)
{
    *TASKS_CAPTURE1 = 1;
    return *CC1;
}

static void wide_quiet(void)
{
    *INTENCLR = INT_COMPARE0;
}

static void wide_pend(void)
{
    rill_irq_pend(TIMER0_LINE);
}

static bool wide_ack(void)
{
    bool fired = *EVENTS_COMPARE0 != 0;
    *EVENTS_COMPARE0 = 0;
    return fired;
}

static void wide_arm(uint32_t us)
{
    uint32_t start = wide_count();
    us = us < NEAREST_US ? NEAREST_US : us;
    *CC0 = start + us;
    *EVENTS_COMPARE0 = 0; // the old value may have matched up to now
    *INTENSET = INT_COMPARE0;
    if (wide_count() - start >= us) {
        wide_pend();
    }
}

void rill_clock_init(void)
{
    *TASKS_STOP = 1;
    *MODE = MODE_TIMER;
    *BITMODE = BITMODE_32;
    *PRESCALER = PRESCALE_16;
    *TASKS_CLEAR = 1;
    *TASKS_START = 1;
    rill_irq_attach(TIMER0_LINE, wide_isr, NULL);
    wide_arm(WIDE_REACH_US);
}
