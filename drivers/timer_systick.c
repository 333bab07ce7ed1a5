// SysTick as clock and alarm, for chips with no better timer. 24 bits, counting down, one interrupt per period.
//
// Each request restarts the counter with the period that ends at the deadline, so the alarm is exact and costs no
// wake-up; only distances beyond one period (2^24 ticks: 5.6 s at 3 MHz) do, and are counted in
// rill_clock_extra_wakeups.
//
// Keeping time across restarts. `span` says what had passed when the running period began; the counter says how far the
// period is. A tick with the counter at 0 both ends a period and begins the next, so elapsed = period - VAL once VAL
// has left
// 0; restarts wait for that. Then the reload register gets the longest period: however late the interrupt is served
// after the deadline, the counter has wrapped once. A restart waits for the edge of a tick and then takes less than a
// tick (8 cycles of the core: the counter runs at its eighth), so no time is lost however often the alarm is moved.
//
// Readers take no lock: writers fill the other span and then flip one index; a reader starts over if it changed. The
// hardware restart and the flip are masked together, about twenty instructions and up to two ticks. This needs
// SysTick's interrupt not to be preempted by one that reads the clock: it has the highest priority.
//
// The board sets SYSTICK_TICKS_PER_US: ticks of the external reference (core clock / 8 on STM32) in a microsecond.
#include <rill/clock.h>

#include "arch.h"

#define MAX_PERIOD 0x1000000u
// The shortest period: time for the restart itself to finish before the interrupt.
#define MIN_PERIOD 4u

enum { ON_EXTERNAL = 3, PENDSTSET = 1 << 26, PENDSTCLR = 1 << 25 };

static volatile uint32_t *at(uintptr_t address)
{
    return (volatile uint32_t *)address;
}

#define SYST_CSR at(0xE000E010)
#define SYST_RVR at(0xE000E014)
#define SYST_CVR at(0xE000E018)
#define ICSR at(0xE000ED04)
#define SHPR3 at(0xE000ED20)

struct span {
    rill_time_t us;  // microseconds passed when the period began ...
    uint32_t ticks;  // ... and ticks less than a microsecond
    uint32_t period; // ticks
};

uint32_t rill_clock_extra_wakeups;

static struct span spans[2] = {{0, 0, MAX_PERIOD}, {0, 0, MAX_PERIOD}};
static volatile uint32_t current; // which of the two; its upper bits tell one flip from the next
static rill_time_t alarm_at = RILL_NEVER;

// Ticks since the span began. When the end of the period is still waiting to be served, the counter belongs to the
// next period, the longest; it is read again because it may have been read before the end.
static uint32_t elapsed(const struct span *span)
{
    uint32_t value = *SYST_CVR;
    if (!(*ICSR & PENDSTSET)) {
        return span->period - value;
    }
    value = *SYST_CVR;
    return value == 0 ? span->period : span->period + MAX_PERIOD - value;
}

static struct span advanced(const struct span *span, uint32_t ticks)
{
    uint32_t sum = span->ticks + ticks;
    return (struct span){span->us + sum / SYSTICK_TICKS_PER_US, sum % SYSTICK_TICKS_PER_US, span->period};
}

rill_time_t rill_clock_now(void)
{
    uint32_t seen;
    rill_time_t now;
    do {
        seen = current;
        const volatile struct span *shared = &spans[seen & 1];
        struct span span = {shared->us, shared->ticks, shared->period};
        now = span.us + (span.ticks + elapsed(&span)) / SYSTICK_TICKS_PER_US;
    } while (seen != current);
    return now;
}

static void publish(struct span span)
{
    uint32_t next = current + 1;
    spans[next & 1] = span;
    __asm__ volatile("" ::: "memory");
    current = next;
}

static void wait_until_loaded(void)
{
    while (*SYST_CVR == 0) {
    }
}

// Loads a period of `ticks`, to be followed by the longest. Returns false if it was over before that: the core was
// stopped, or is an emulated one slower than its timer.
static bool load(uint32_t ticks)
{
    *SYST_RVR = ticks - 1;
    *SYST_CVR = 0;
    *ICSR = PENDSTCLR;
    wait_until_loaded();
    *SYST_RVR = MAX_PERIOD - 1;
    return !(*ICSR & PENDSTSET);
}

// Begins a period of `ticks` at the next edge. Masked.
static void restart(uint32_t ticks)
{
    const struct span *old = &spans[current & 1];
    uint32_t edge = *SYST_CVR;
    while (*SYST_CVR == edge) {
    }
    struct span span = advanced(old, elapsed(old));
    while (!load(ticks)) {
        span = advanced(&span, ticks);
        ticks *= 2;
    }
    span.period = ticks;
    publish(span);
}

// The period that ends at the alarm, in ticks from the running span's `passed` ticks on.
static uint32_t period_to_alarm(const struct span *span, uint32_t passed)
{
    struct span now = advanced(span, passed);
    if (alarm_at <= now.us) {
        return MIN_PERIOD;
    }
    rill_time_t us = alarm_at - now.us;
    if (us >= MAX_PERIOD / SYSTICK_TICKS_PER_US) {
        return MAX_PERIOD;
    }
    uint32_t ticks = (uint32_t)us * SYSTICK_TICKS_PER_US - now.ticks;
    return ticks < MIN_PERIOD ? MIN_PERIOD : ticks;
}

// Restarts only if the running period does not end where it should; never while it ends before a distant alarm anyway.
static void arm(void)
{
    const struct span *span = &spans[current & 1];
    uint32_t passed = elapsed(span);
    uint32_t wanted = period_to_alarm(span, passed);
    if (wanted == MAX_PERIOD ? span->period != MAX_PERIOD : passed + wanted != span->period) {
        restart(wanted);
    }
}

void rill_clock_alarm(rill_time_t deadline)
{
    uintptr_t state = rill_arch_irq_save();
    alarm_at = deadline;
    arm();
    rill_arch_irq_restore(state);
}

bool rill_clock_idle(rill_time_t deadline)
{
    if (deadline != alarm_at) {
        rill_clock_alarm(deadline);
    }
    rill_arch_wait();
    return true;
}

// The hardware has begun one of the longest periods; count the one that ended.
static void count_period(void)
{
    wait_until_loaded();
    const struct span *old = &spans[current & 1];
    struct span span = advanced(old, old->period);
    span.period = MAX_PERIOD;
    publish(span);
}

void rill_arm_systick(void)
{
    uintptr_t state = rill_arch_irq_save();
    count_period();
    bool due = rill_clock_now() >= alarm_at;
    if (due) {
        alarm_at = RILL_NEVER;
    } else {
        rill_clock_extra_wakeups++;
    }
    arm();
    rill_arch_irq_restore(state);
    if (due) {
        rill_clock_expired();
    }
}

void rill_clock_init(void)
{
    *SHPR3 &= 0x00FFFFFFu;
    *SYST_RVR = MAX_PERIOD - 1;
    *SYST_CVR = 0;
    *SYST_CSR = ON_EXTERNAL;
    wait_until_loaded();
}
