// CMSDK APB timers (MPS2): timer 0 counts freely, timer 1 is the one-shot alarm. 32 bits each, counting down at the
// same clock, so alarm and counter never disagree by more than a tick. Extra wake-ups: one per 150 s without any other
// at 25 MHz.
//
// The board says where they are: TIMER_CMSDK_BASE0, TIMER_CMSDK_BASE1, TIMER_CMSDK_LINE1, and their clock
// TIMER_CMSDK_MHZ.
#include <rill/irq.h>

#define WIDE_TICKS_PER_US ((uint32_t)TIMER_CMSDK_MHZ)
#define WIDE_EPOCH_BITS 24
#define WIDE_REACH_US (UINT32_MAX / WIDE_TICKS_PER_US - (1u << WIDE_EPOCH_BITS) - 1000000u)

#include "timer_wide.h"

enum { EN = 1, INTEN = 8 };
enum { CTRL = 0x0, VALUE = 0x4, RELOAD = 0x8, INTSTATUS = 0xC };

static volatile uint32_t *counter(uintptr_t offset)
{
    return (volatile uint32_t *)(TIMER_CMSDK_BASE0 + offset);
}

static volatile uint32_t *alarm(uintptr_t offset)
{
    return (volatile uint32_t *)(TIMER_CMSDK_BASE1 + offset);
}

static uint32_t wide_count(void)
{
    return ~*counter(VALUE);
}

static void wide_quiet(void)
{
    *alarm(CTRL) = 0;
    *alarm(INTSTATUS) = 1;
}

static void wide_pend(void)
{
    rill_irq_pend(TIMER_CMSDK_LINE1);
}

static bool wide_ack(void)
{
    bool fired = *alarm(INTSTATUS) != 0;
    wide_quiet();
    return fired;
}

// With nothing to reload the counter stays at 0: one interrupt. Writing RELOAD writes VALUE as well, so it comes first.
static void wide_arm(uint32_t us)
{
    *alarm(RELOAD) = 0;
    *alarm(VALUE) = us * WIDE_TICKS_PER_US + 1;
    *alarm(CTRL) = EN | INTEN;
}

void rill_clock_init(void)
{
    *counter(CTRL) = 0;
    *counter(RELOAD) = UINT32_MAX;
    *counter(VALUE) = UINT32_MAX;
    *counter(CTRL) = EN;
    rill_irq_attach(TIMER_CMSDK_LINE1, wide_isr, NULL);
    wide_arm(WIDE_REACH_US);
}
