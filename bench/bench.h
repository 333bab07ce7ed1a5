// Measuring: QEMU's -icount shift=0 makes one instruction take one nanosecond of virtual time, so the board's own clock
// counts instructions. It counts microseconds, hence 1000 instructions: a loop of n rounds is read to 1000 / n of an
// instruction. The loop's own two or three instructions are included, as they are in the peers' figures.
#ifndef BENCH_H
#define BENCH_H

#include <rill/board.h>
#include <rill/clock.h>
#include <rill/loop.h>
#include <rill/task.h>

#if defined(__unix__) || defined(__linux__)
#define BENCH_STACK 16384
#else
#define BENCH_STACK 640
#endif

// The boards with 16 KB of RAM measure smaller populations.
#if defined(__ARM_ARCH_6M__)
#define BENCH_SMALL 1
#else
#define BENCH_SMALL 0
#endif

static inline void bench_put(const char *text)
{
    while (*text != '\0') {
        rill_board_putc(*text++);
    }
}

static inline void bench_put_number(uint64_t n)
{
    char digits[20];
    unsigned i = 0;
    do {
        digits[i++] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    while (i > 0) {
        rill_board_putc(digits[--i]);
    }
}

// The time at the beginning of a microsecond, so that where in one a measurement happens to begin does not count.
static inline rill_time_t bench_start(void)
{
    rill_time_t before = rill_clock_now();
    rill_time_t now;
    do { // bound: a microsecond
        now = rill_clock_now();
    } while (now == before);
    return now;
}

// One line: `bench <operation> <instructions>`, to a tenth.
static inline void bench_report(const char *operation, uint64_t us, uint32_t rounds)
{
    uint64_t tenths = (us * 10000u + rounds / 2) / rounds;
    bench_put("bench ");
    bench_put(operation);
    bench_put(" ");
    bench_put_number(tenths / 10);
    bench_put(".");
    bench_put_number(tenths % 10);
    bench_put("\n");
}

// Runs a statement n times and reports it. A task's, or a callback's, on the loop's stack.
#define BENCH(operation, n, statement)                                                                                 \
    do {                                                                                                               \
        rill_time_t bench_start_ = bench_start();                                                                   \
        for (uint32_t bench_i_ = (n); bench_i_ > 0; bench_i_--) {                                                      \
            statement;                                                                                                 \
        }                                                                                                              \
        bench_report((operation), rill_clock_now() - bench_start_, (n));                                               \
    } while (0)

#endif
