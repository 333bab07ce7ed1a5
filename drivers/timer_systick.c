// SysTick as clock and alarm, for chips with no better timer. 24 bits, counting down, one interrupt per period.
//
// Each request restarts the counter with the period that ends at the deadline, so the alarm is exact (to two
// microseconds) and costs no wake-up; only distances beyond one period (2^24 ticks: 5.6 s at 3 MHz) do, and are counted
// in rill_clock_extra_wakeups.
//
// Keeping time across restarts. `began` is what had passed when the running period began; the counter says how far the
// period is. A tick with the counter at 0 both ends a period and begins the next, so elapsed = period - VAL once VAL
// has left 0; restarts wait for that. Then the reload register gets the longest period: however late the interrupt is
// served after the deadline, the counter has wrapped once. A restart waits for the edge of a tick, and what takes time
// is computed before or after it (a tick is 8 cycles of the core).
//
// Readers take no lock: who writes increments `turn`, and a reader starts over if it changed. A writer is never
// interrupted by a reader: it is masked, about twenty instructions and up to two ticks, or it is SysTick's interrupt,
// which has the highest priority.
//
// The board sets SYSTICK_TICKS_PER_US: ticks of the external reference (core clock / 8 on STM32) in a microsecond.
#include <rill/clock.h>

#include "arch.h"

#define MAX_PERIOD 0x1000000u

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

uint32_t rill_clock_extra_wakeups;

static struct {
    volatile rill_time_t began; // microseconds passed when the period began ...
    volatile uint32_t ticks;    // ... and ticks less than a microsecond
    volatile uint32_t period;   // ticks
    volatile uint32_t turn;
    rill_time_t alarm; // a deadline; masked, or SysTick's interrupt
} systick;

// Ticks since the period began. When its end is still waiting to be served, the counter belongs to the next period, the
// longest; it is read again because it may have been read before the end.
static uint32_t elapsed(void)
{
    uint32_t value = *SYST_CVR;
    if (!(*ICSR & PENDSTSET)) {
        return systick.period - value;
    }
    value = *SYST_CVR;
    return systick.period + (value == 0 ? 0 : MAX_PERIOD - value);
}

rill_time_t rill_clock_now(void)
{
    uint32_t turn;
    rill_time_t now;
    do { // bound: interrupts of SysTick meanwhile
        turn = systick.turn;
        now = systick.began + (systick.ticks + elapsed()) / SYSTICK_TICKS_PER_US;
    } while (turn != systick.turn);
    return now;
}

// Another period has begun, `passed` ticks after the last one.
static void begin(uint32_t passed, uint32_t period)
{
    uint32_t ticks = systick.ticks + passed;
    systick.began += ticks / SYSTICK_TICKS_PER_US;
    systick.ticks = ticks % SYSTICK_TICKS_PER_US;
    systick.period = period;
    systick.turn++;
}

static void wait_until_loaded(void)
{
    while (*SYST_CVR == 0) { // bound: a tick
    }
}

// Loads a period of `ticks`, at least 2, to be followed by the longest. Returns false if it was over before that: the
// core was stopped, or is an emulated one slower than its timer.
static bool load(uint32_t ticks)
{
    *SYST_RVR = ticks - 1;
    *SYST_CVR = 0;
    *ICSR = PENDSTCLR;
    wait_until_loaded();
    *SYST_RVR = MAX_PERIOD - 1;
    return !(*ICSR & PENDSTSET);
}

// Begins a period of `ticks` at the next edge.
static void restart(uint32_t ticks)
{
    uint32_t edge = *SYST_CVR;
    while (*SYST_CVR == edge) { // bound: a tick
    }
    uint32_t passed = elapsed();
    while (!load(ticks)) { // bound: 24
        passed += ticks;
        ticks *= 2;
    }
    begin(passed, ticks);
}

// The longest period just goes on before a distant alarm. False, and nothing is done, if its time has come.
static bool arm(void)
{
    rill_time_t now = rill_clock_now();
    if (now >= systick.alarm) {
        return false;
    }
    rill_time_t left = systick.alarm - now;
    if (left < MAX_PERIOD / SYSTICK_TICKS_PER_US) {
        restart((uint32_t)left * SYSTICK_TICKS_PER_US + 1);
    } else if (systick.period != MAX_PERIOD) {
        restart(MAX_PERIOD);
    }
    return true;
}

void rill_clock_alarm(rill_time_t deadline)
{
    uintptr_t state = rill_arch_irq_save();
    if (deadline != systick.alarm) {
        systick.alarm = deadline;
        if (!arm()) {
            restart(SYSTICK_TICKS_PER_US);
        }
    }
    rill_arch_irq_restore(state);
}

// The hardware has begun one of the longest periods.
void rill_arm_systick(void)
{
    wait_until_loaded();
    begin(systick.period, MAX_PERIOD);
    if (arm()) {
        rill_clock_extra_wakeups++;
    } else {
        systick.alarm = RILL_NEVER;
        rill_clock_expired();
    }
}

void rill_clock_init(void)
{
    systick.period = MAX_PERIOD;
    systick.alarm = RILL_NEVER;
    *SYST_RVR = MAX_PERIOD - 1;
    *SHPR3 = 0; // its priority, and those of exceptions that nobody uses yet
    *SYST_CVR = 0;
    *SYST_CSR = ON_EXTERNAL;
    wait_until_loaded();
}
