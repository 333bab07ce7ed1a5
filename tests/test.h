// The test runner's C side: the same sources on the host and on every board.
//
// A test program is one .c file: static functions made with TEST, and TEST_MAIN listing them. Output, one line a case:
//     ok <program>.<name>
//     FAIL <program>.<name>: <file>:<line>: <what>
//     # done <passed> <failed>
// tools/run_tests.py runs the programs on all boards and adds up. A program that never prints `# done` has failed.
#ifndef TEST_H
#define TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Bytes of stack that cores with an FPU, or with the frames of ARMv8-M, need beyond the others.
#if defined(__ARM_FP) || (defined(__ARM_ARCH) && __ARM_ARCH >= 8 && !defined(__linux__))
#define TEST_FPU_STACK 512
#else
#define TEST_FPU_STACK 0
#endif

typedef struct test_case {
    const char *name;
    void (*run)(void);
} test_case_t;

#define TEST(name) static void name(void)
#define TEST_CASE(name) { #name, name }
#define TEST_MAIN(program, ...)                                                                                        \
    int main(void)                                                                                                     \
    {                                                                                                                  \
        static const test_case_t cases[] = { __VA_ARGS__ };                                                            \
        return test_main(program, cases, sizeof cases / sizeof *cases);                                                \
    }

// Checks. A failed one is recorded and the case goes on; CHECK_ALWAYS-style stops are not needed because every check is
// self-contained.
#define CHECK(cond) test_check((cond), __FILE__, __LINE__, #cond)
#define CHECK_EQ(actual, expected) \
    test_check_eq((long long)(actual), (long long)(expected), __FILE__, __LINE__, #actual)

// Whole-trace assertions: ev() appends "<ms> <text>\n" (virtual milliseconds), trace_is() compares everything since the
// case began (or since the last trace_is) with the expected text, and reports the first line that differs.
void ev(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define trace_is(expected) test_trace_is((expected), __FILE__, __LINE__)

bool test_check(bool ok, const char *file, int line, const char *what);
bool test_check_eq(long long actual, long long expected, const char *file, int line, const char *what);
void test_trace_is(const char *expected, const char *file, int line);
int test_main(const char *program, const test_case_t *cases, size_t n);

// Prints through rill_board_putc: %d %u %x %s %c %lld %llu %p %%, with width; no allocation, no stdio. For test
// reports.
void test_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Virtual time (tests/vclock.c replaces the board's timer driver in test programs): the clock stands still while code
// runs and jumps to the next deadline or injected interrupt when the loop is idle.
void test_clock_reset(uint64_t us);            // start a case at this time, drop injected interrupts
void busy(uint32_t ms);                        // let time pass without yielding; interrupts due in between run
void isr_at(uint32_t ms, void (*fn)(void *), void *arg); // run fn(arg) in a real ISR at this absolute virtual ms
void isr_now(void (*fn)(void *), void *arg);   // run fn(arg) in a real ISR before returning
extern uint32_t test_wakeups;                  // times the virtual clock ended an idle wait

#endif
