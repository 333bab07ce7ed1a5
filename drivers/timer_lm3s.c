// LM3S (Stellaris Fury) at 50 MHz. The counter is the watchdog, the alarm general-purpose timer 0 in 32-bit one-shot
// mode.
//
// Why the watchdog: it is a 32-bit down-counter at the system clock that can be read. The general-purpose timers'
// counters can be read in silicon but not in QEMU, and SysTick has 24 bits, which would cost three wake-ups a second.
// The watchdog's reset stays disabled (RESEN = 0). It would run down in 86 s and QEMU's then stands still, so it is
// reloaded before: whoever reads it below one half does that. Extra wake-ups: one per 40 s without any other.
#include <rill/irq.h>

#define WIDE_TICKS_PER_US 50u
#define WIDE_EPOCH_BITS 22
#define WIDE_REACH_US 40000000u

#include "timer_wide.h"

enum { TIMER0A_LINE = 19, TIMER_ONE_SHOT = 1, TIMER_ENABLE = 1, TIMEOUT = 1 };
enum { WATCHDOG_INTEN = 1, GATE0_WATCHDOG = 1 << 3, GATE1_TIMER0 = 1 << 16 };

static volatile uint32_t *at(uintptr_t address)
{
    return (volatile uint32_t *)address;
}

#define WDTLOAD at(0x40000000)
#define WDTVALUE at(0x40000004)
#define WDTCTL at(0x40000008)
#define GPTMCFG at(0x40030000)
#define GPTMTAMR at(0x40030004)
#define GPTMCTL at(0x4003000C)
#define GPTMIMR at(0x40030018)
#define GPTMRIS at(0x4003001C)
#define GPTMICR at(0x40030024)
#define GPTMTAILR at(0x40030028)
#define RCGC0 at(0x400FE100)
#define RCGC1 at(0x400FE104)

static volatile uint32_t reloaded; // ticks counted before the last reload

// Masked: a reader between the two writes would see neither time. The writes themselves take a few ticks in 2^31.
static void reload(void)
{
    uintptr_t state = rill_arch_irq_save();
    uint32_t value = *WDTVALUE;
    *WDTLOAD = UINT32_MAX;
    reloaded += ~value;
    rill_arch_irq_restore(state);
}

static uint32_t wide_count(void)
{
    uint32_t before;
    uint32_t value;
    do {
        before = reloaded;
        value = *WDTVALUE;
    } while (before != reloaded);
    if (value < 0x80000000u) {
        reload();
    }
    return before + ~value;
}

static void wide_quiet(void)
{
    *GPTMCTL = 0;
    *GPTMIMR = 0;
}

static void wide_pend(void)
{
    rill_irq_pend(TIMER0A_LINE);
}

static bool wide_ack(void)
{
    bool fired = *GPTMRIS & TIMEOUT;
    *GPTMICR = TIMEOUT;
    return fired;
}

static void wide_arm(uint32_t us)
{
    *GPTMCTL = 0;
    *GPTMICR = TIMEOUT;
    *GPTMTAILR = us * WIDE_TICKS_PER_US;
    *GPTMIMR = TIMEOUT;
    *GPTMCTL = TIMER_ENABLE;
}

void rill_clock_init(void)
{
    *RCGC0 |= GATE0_WATCHDOG;
    *RCGC1 |= GATE1_TIMER0;
    (void)*RCGC1; // a module answers three cycles after its clock is on: two reads of the system control take longer
    (void)*RCGC1;
    *WDTLOAD = UINT32_MAX;
    *WDTCTL = WATCHDOG_INTEN; // starts the count
    *GPTMCTL = 0;
    *GPTMCFG = 0;
    *GPTMTAMR = TIMER_ONE_SHOT;
    rill_irq_attach(TIMER0A_LINE, wide_isr, NULL);
    wide_arm(WIDE_REACH_US);
}
