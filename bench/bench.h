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
// program likes), only what is traced (below), and only the operations whose name contains this.
const volatile struct {
    uint32_t rounds;
    uint32_t traced;
    char only[40];
} bench_options = { 0, 0, "" };

// Stacks: of a task that measures, and of one that hardly calls anything.
#if defined(__unix__) || defined(__linux__)
#define BENCH_STACK 16384
#define BENCH_STACK_SMALL 4096
#elif defined(__riscv)
#define BENCH_STACK 1024
#define BENCH_STACK_SMALL (__riscv_xlen * 12)
#else
#define BENCH_STACK 896
#define BENCH_STACK_SMALL 288
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

// A search for a part of the name; "$" is the name's end.
static inline bool bench_named(const char *operation)
{
    for (;; operation++) {
        unsigned i = 0;
        while (bench_options.only[i] != '\0' && bench_options.only[i] == operation[i]) {
            i++;
        }
        if (bench_options.only[i] == '\0' || (bench_options.only[i] == '$' && operation[i] == '\0')) {
            return true;
        }
        if (*operation == '\0') {
            return false;
        }
    }
}

static inline bool bench_wanted(const char *operation)
{
    return !bench_options.traced && bench_named(operation);
}

static inline uint32_t bench_rounds(uint32_t n)
{
    uint32_t most = bench_options.rounds;
    return most != 0 && most < n ? most : n;
}

// The time at the beginning of a microsecond, so that where in one a measurement happens to begin does not count.
// tools/trace.py knows by their names the functions that frame a measurement, this one and bench_report.
static __attribute__((noipa, unused)) rill_time_t bench_start(void)
{
    rill_time_t before = rill_clock_now();
    rill_time_t now;
    do { // bound: a microsecond
        now = rill_clock_now();
    } while (now == before);
    return now;
}

static inline void bench_line(const char *kind, const char *operation, uint64_t value, const char *end)
{
    bench_put(kind);
    bench_put(operation);
    bench_put(" ");
    bench_put_number(value);
    bench_put(end);
}

// One line: `bench <operation> <instructions>`, to a tenth. In each of `rounds` rounds since `start` the operation was
// done `parts` times, which is said as well when somebody counts in another way.
static __attribute__((noipa, unused)) void bench_report(const char *operation, rill_time_t start, uint32_t rounds,
                                                        uint32_t parts)
{
    uint32_t n = rounds * parts;
    uint64_t tenths = ((rill_clock_now() - start) * 10000u + n / 2) / n;
    bench_line("bench ", operation, tenths / 10, ".");
    bench_put_number(tenths % 10);
    bench_put("\n");
    if (bench_options.rounds != 0) {
        bench_line("parts ", operation, parts, "\n");
    }
}

// A figure that is known without a clock.
static inline void bench_value(const char *operation, size_t value)
{
    if (bench_wanted(operation)) {
        bench_line("bench ", operation, value, "\n");
    }
}

// What cannot be repeated in a loop is counted by single steps. What runs between bench_trace and bench_trace_end is
// traced; the figure is the largest number of instructions
//   - from an event `from` to the next event `to`: "from" and "to" are calls of the two functions below, "sleep" is the
//     core's sleep, "step" is any of the three; "interrupt" is the first instruction of an interrupt's handler;
//   - "masked" to "awake": in a row with interrupts masked, but for the decision to sleep; to "asleep": in that one;
//   - "call" to a name: in one call of a function whose name begins like that.
static __attribute__((noipa, unused)) void bench_from(void)
{
    __asm__ volatile("");
}

static __attribute__((noipa, unused)) void bench_to(void)
{
    __asm__ volatile("");
}

static __attribute__((noipa, unused)) void bench_trace_begin(const char *operation, const char *from,
                                                                const char *to)
{
    const char *words[] = { "trace ", operation, " ", from, " ", to, "\n" };
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        bench_put(words[i]);
    }
}

static inline bool bench_trace(const char *operation, const char *from, const char *to)
{
    if (bench_named(operation)) {
        bench_trace_begin(operation, from, to);
    }
    return bench_named(operation);
}

static __attribute__((noipa, unused)) void bench_trace_end(void)
{
    __asm__ volatile("");
}

// `stem` and a number, in a place of its own until the next call.
static inline const char *bench_name(const char *stem, uint32_t n)
{
    static char name[48];
    char *end = name;
    for (; *stem != '\0'; stem++) {
        *end++ = *stem;
    }
    for (uint32_t unit = 1000000000; unit > 0; unit /= 10) {
        if (n >= unit || unit == 1) {
            *end++ = (char)('0' + n / unit % 10);
        }
    }
    *end = '\0';
    return name;
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
            bench_report((operation), bench_start_, bench_n_, (parts));                                                \
        }                                                                                                              \
    } while (0)

#define BENCH(operation, n, statement) BENCH_PARTS(operation, n, 1, statement)

#endif
