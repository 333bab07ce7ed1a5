// The machine timer of the core-local interruptor (CLINT): a 64-bit counter and a 64-bit compare register. No wrap to
// care for, and the interrupt is a level, mtime >= mtimecmp, so a deadline that passes while it is written still fires.
// Extra wake-ups: none.
//
// The board sets CLINT_HZ: a multiple of 1 MHz, or 32768. With 32768 Hz times come in steps of 31 us, and an alarm
// comes up to that late, never early.
//
// QEMU's sifive_e counts at 10 MHz where the chip counts at 32768 Hz. A board that runs in both sets CLINT_EMULATED_HZ
// too, and CPU_HZ, the core clock its rill_board_init has set up: rill_clock_init then measures which it is.
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

// n / d, exactly, for a constant d below 2^16: long division with digits of 32 bits. The compiler makes the 32-bit
// divisions by a constant into multiplications; a 64-bit division would be a library call of hundreds of instructions
// on RV32.
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

// For 32768 Hz: 10^6 / 32768 = 15625 / 512. For the others a tick is a whole part of a microsecond.
static inline uint64_t us_of(uint64_t ticks, uint32_t hz)
{
    return hz == 32768u ? ticks * 15625u >> 9 : divide(ticks, hz / 1000000u);
}

// The first tick that is not before `us`.
static inline uint64_t ticks_of(uint64_t us, uint32_t hz)
{
    return hz == 32768u ? divide(us * 512u + 15624u, 15625u) : us * (hz / 1000000u);
}

_Static_assert(CLINT_HZ == 32768 || CLINT_HZ % 1000000 == 0, "CLINT_HZ: a multiple of 1 MHz, or 32768");

// Beyond these microseconds (570 years) the products above may overflow.
#define FARTHEST_US (UINT64_MAX / 1024u)

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

#ifdef CLINT_EMULATED_HZ

static bool emulated;

static uint32_t cycles(void)
{
    uintptr_t value;
    __asm__ volatile("csrr %0, mcycle" : "=r"(value));
    return (uint32_t)value;
}

// Core cycles in 8 ticks.
static uint32_t cycles_of_8_ticks(void)
{
    uint32_t edge = *MTIME(0);
    while (*MTIME(0) == edge) {
    }
    uint32_t start = *MTIME(0);
    uint32_t first = cycles();
    while (*MTIME(0) - start < 8) {
    }
    return cycles() - first;
}

// An emulator's cycles have nothing to do with CPU_HZ: they are the host's (a few hundred in a tick of 10 MHz) or
// instructions (100 or fewer); the chip counts 8 * CPU_HZ / CLINT_HZ, within the tolerance of its oscillators. A host
// that is busy can make one measurement wrong, hence four in a row. Takes 1.1 ms on the chip.
static bool measure_emulated(void)
{
    const uint32_t expected = CPU_HZ / CLINT_HZ * 8u;
    unsigned in_a_row = 0;
    bool last = false;
    while (in_a_row < 4) {
        uint32_t n = cycles_of_8_ticks();
        bool now = n < expected / 4 * 3 || n > expected / 4 * 5;
        in_a_row = now == last ? in_a_row + 1 : 1;
        last = now;
    }
    return last;
}

#define HZ_CHOICE(call, value) (emulated ? call(value, CLINT_EMULATED_HZ) : call(value, CLINT_HZ))
#define MEASURE() (emulated = measure_emulated())

#else

#define HZ_CHOICE(call, value) call(value, CLINT_HZ)
#define MEASURE() ((void)0)

#endif

rill_time_t rill_clock_now(void)
{
    uint64_t ticks = ticks_now();
    return HZ_CHOICE(us_of, ticks);
}

// First farther away than any, so that no half-written value fires, and the ISR does not come in between.
void rill_clock_alarm(rill_time_t deadline)
{
    if (deadline == alarm_at) {
        return;
    }
    uint64_t ticks = deadline < FARTHEST_US ? HZ_CHOICE(ticks_of, deadline) : UINT64_MAX;
    *MTIMECMP(1) = UINT32_MAX;
    alarm_at = deadline;
    *MTIMECMP(0) = (uint32_t)ticks;
    *MTIMECMP(1) = (uint32_t)(ticks >> 32);
}

void rill_riscv_timer_isr(void)
{
    *MTIMECMP(1) = UINT32_MAX;
    alarm_at = RILL_NEVER;
    rill_clock_expired();
}

void rill_clock_init(void)
{
    MEASURE();
    *MTIMECMP(1) = UINT32_MAX;
    *MTIME(0) = 0; // no carry while the upper half is written
    *MTIME(1) = 0;
    *MTIME(0) = 0;
    __asm__ volatile("csrs mie, %0" : : "r"(MTIE) : "memory");
}
