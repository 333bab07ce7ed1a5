// The machine timer of the core-local interruptor (CLINT): a 64-bit counter and a 64-bit compare register. No wrap to care
// for, and the interrupt is a level, mtime >= mtimecmp, so a deadline that passes while it is written still fires. Extra
// wake-ups: none.
//
// The board sets CLINT_HZ: 10 MHz, 1 MHz or another multiple of 1 MHz, or 32768 Hz. One tick is then 1/CLINT_HZ; with 32768
// Hz times come in steps of 31 us, and an alarm up to that late, never early.
#include <rill/clock.h>

#include "arch.h"

#ifndef RILL_RISCV_CLINT
#define RILL_RISCV_CLINT 0x02000000u
#endif

enum { MTIE = 0x80 };

#define MTIMECMP(half) ((volatile uint32_t *)(RILL_RISCV_CLINT + 0x4000u + 4u * (half)))
#define MTIME(half) ((volatile uint32_t *)(RILL_RISCV_CLINT + 0xBFF8u + 4u * (half)))

uint32_t rill_clock_extra_wakeups;

static rill_time_t alarm_at = RILL_NEVER;

// n / d, exactly, for a constant d below 2^16: long division with digits of 32 bits. The compiler makes the 32-bit divisions by a
// constant into multiplications; a 64-bit division would be a library call of hundreds of instructions on RV32.
static inline uint64_t divide(uint64_t n, uint32_t d)
{
#if __riscv_xlen == 64
    return n / d;
#else
    uint32_t high = (uint32_t)(n >> 32);
    uint32_t low = (uint32_t)n;
    uint32_t rest = high % d; // rest * 2^32 + low is what remains: split 2^32 and low by d
    uint32_t two32 = UINT32_MAX / d;
    uint32_t two32_rest = UINT32_MAX % d + 1;
    uint32_t digit = rest * two32 + low / d + (rest * two32_rest + low % d) / d;
    return (uint64_t)(high / d) << 32 | digit;
#endif
}

#if CLINT_HZ == 32768
#define FARTHEST_US (UINT64_MAX / 1024) // in microseconds: 570 years
static uint64_t us_of(uint64_t ticks)
{
    return ticks * 15625u >> 9;
}
static uint64_t ticks_of(uint64_t us)
{
    return divide(us * 512u + 15624u, 15625u);
}
#elif CLINT_HZ % 1000000 == 0
#define FARTHEST_US (UINT64_MAX / (CLINT_HZ / 1000000u))
static uint64_t us_of(uint64_t ticks)
{
    return divide(ticks, CLINT_HZ / 1000000u);
}
static uint64_t ticks_of(uint64_t us)
{
    return us * (CLINT_HZ / 1000000u);
}
#else
#error "CLINT_HZ: a multiple of 1 MHz, or 32768"
#endif

static uint64_t ticks_now(void)
{
#if __riscv_xlen == 64
    return *(volatile uint64_t *)(uintptr_t)MTIME(0);
#else
    uint32_t high;
    uint32_t low;
    do {
        high = *MTIME(1);
        low = *MTIME(0);
    } while (high != *MTIME(1));
    return (uint64_t)high << 32 | low;
#endif
}

rill_time_t rill_clock_now(void)
{
    return us_of(ticks_now());
}

// First farther away than any, so that no half-written value fires, and the ISR does not come in between.
void rill_clock_alarm(rill_time_t deadline)
{
    uint64_t ticks = deadline < FARTHEST_US ? ticks_of(deadline) : UINT64_MAX;
    *MTIMECMP(1) = UINT32_MAX;
    alarm_at = deadline;
    *MTIMECMP(0) = (uint32_t)ticks;
    *MTIMECMP(1) = (uint32_t)(ticks >> 32);
}

bool rill_clock_idle(rill_time_t deadline)
{
    if (deadline != alarm_at) {
        rill_clock_alarm(deadline);
    }
    rill_arch_wait();
    return true;
}

void rill_riscv_timer_isr(void)
{
    *MTIMECMP(1) = UINT32_MAX;
    alarm_at = RILL_NEVER;
    rill_clock_expired();
}

void rill_clock_init(void)
{
    *MTIMECMP(1) = UINT32_MAX;
    *MTIME(0) = 0; // no carry while the upper half is written
    *MTIME(1) = 0;
    *MTIME(0) = 0;
    __asm__ volatile("csrs mie, %0" : : "r"(MTIE) : "memory");
}
