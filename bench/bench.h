// Measuring: QEMU's -icount shift=0 makes one instruction take one nanosecond of virtual time, so the board's own clock
// counts instructions. It counts microseconds, hence 1000 instructions: a loop of n rounds is read to 1000 / n of an
// instruction. The loop's own two or three instructions are included, as they are in the peers' figures.
#ifndef BENCH_H
#define BENCH_H

#include <rill/board.h>
#include <rill/clock.h>
#include <rill/loop.h>
#include <rill/task.h>

// What tools/bench.py and tools/trace.py may write into the program file: at most how many rounds (0: as many as the
// program likes), and only the operations whose name contains this.
const volatile struct {
    uint32_t rounds;
    char only[44];
} bench_options = { 0, "" };

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

static inline bool bench_wanted(const char *operation)
{
    for (;; operation++) { // a search for a part of a text
        unsigned i = 0;
        while (bench_options.only[i] != '\0' && bench_options.only[i] == operation[i]) {
            i++;
        }
        if (bench_options.only[i] == '\0' || *operation == '\0') {
            return bench_options.only[i] == '\0';
        }
    }
}

static inline uint32_t bench_rounds(uint32_t n)
{
    uint32_t most = bench_options.rounds;
    return most != 0 && most < n ? most : n;
}

// The time at the beginning of a microsecond, so that where in one a measurement happens to begin does not count.
// tools/trace.py knows by their names the functions that frame a measurement, this one and bench_report.
static __attribute__((noinline, unused)) rill_time_t bench_start(void)
{
    rill_time_t before = rill_clock_now();
    rill_time_t now;
    do { // bound: a microsecond
        now = rill_clock_now();
    } while (now == before);
    return now;
}

// One line: `bench <operation> <instructions>`, to a tenth. `n` is how often the operation was done since `start`.
static __attribute__((noinline, unused)) void bench_report(const char *operation, rill_time_t start, uint32_t n)
{
    uint64_t tenths = ((rill_clock_now() - start) * 10000u + n / 2) / n;
    bench_put("bench ");
    bench_put(operation);
    bench_put(" ");
    bench_put_number(tenths / 10);
    bench_put(".");
    bench_put_number(tenths % 10);
    bench_put("\n");
}

// Runs a statement n times, which does an operation `parts` times, and reports it. A task's, or a callback's.
#define BENCH_PARTS(operation, n, parts, statement)                                                                    \
    do {                                                                                                               \
        if (bench_wanted(operation)) {                                                                                 \
            uint32_t bench_n_ = bench_rounds(n);                                                                       \
            rill_time_t bench_start_ = bench_start();                                                                  \
            for (uint32_t bench_i_ = bench_n_; bench_i_ > 0; bench_i_--) {                                             \
                statement;                                                                                             \
            }                                                                                                          \
            bench_report((operation), bench_start_, bench_n_ * (parts));                                               \
        }                                                                                                              \
    } while (0)

#define BENCH(operation, n, statement) BENCH_PARTS(operation, n, 1, statement)

#endif
