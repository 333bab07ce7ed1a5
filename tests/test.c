// The test runner's C side (test.h says what it prints).
#include "test.h"

#include <stdarg.h>

#include <rill/board.h>
#include <rill/clock.h>

#ifndef TEST_TRACE_BYTES
#define TEST_TRACE_BYTES 1536
#endif

static const char *program_name;
static const char *case_name;
static bool case_failed;
static char trace[TEST_TRACE_BYTES];
static size_t trace_length;

// ---- a small printf

typedef void (*put_fn)(char c);

static void put_serial(char c)
{
    rill_board_putc(c);
}

static void put_trace(char c)
{
    if (trace_length + 1 < sizeof trace) {
        trace[trace_length++] = c;
        trace[trace_length] = '\0';
    } else {
        test_check(false, __FILE__, __LINE__, "trace buffer full (TEST_TRACE_BYTES)");
    }
}

static void put_padded(put_fn put, const char *text, int width)
{
    for (int length = (int)strlen(text); length < width; length++) {
        put(' ');
    }
    while (*text != '\0') {
        put(*text++);
    }
}

static void put_number(put_fn put, unsigned long long value, bool negative, unsigned base, int width)
{
    char text[24];
    char *out = text + sizeof text;
    *--out = '\0';
    do {
        *--out = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    if (negative) {
        *--out = '-';
    }
    put_padded(put, out, width);
}

static void put_signed(put_fn put, long long value, int width)
{
    put_number(put, value < 0 ? 0ull - (unsigned long long)value : (unsigned long long)value, value < 0, 10, width);
}

static void put_format(put_fn put, const char *format, va_list *args)
{
    for (; *format != '\0'; format++) {
        if (*format != '%') {
            put(*format);
            continue;
        }
        int width = 0;
        int longs = 0;
        for (format++; *format >= '0' && *format <= '9'; format++) {
            width = width * 10 + (*format - '0');
        }
        for (; *format == 'l'; format++) {
            longs++;
        }
        switch (*format) {
        case 'd':
            put_signed(put, longs == 2 ? va_arg(*args, long long) : longs ? va_arg(*args, long) : va_arg(*args, int),
                       width);
            break;
        case 'u':
        case 'x':
            put_number(put, longs == 2 ? va_arg(*args, unsigned long long) : longs ? va_arg(*args, unsigned long)
                                                                                  : va_arg(*args, unsigned),
                       false, *format == 'x' ? 16 : 10, width);
            break;
        case 'p':
            put_number(put, (uintptr_t)va_arg(*args, void *), false, 16, width);
            break;
        case 's':
            put_padded(put, va_arg(*args, const char *), width);
            break;
        case 'c':
            put((char)va_arg(*args, int));
            break;
        default:
            put(*format);
            break;
        }
    }
}

void test_printf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put_format(put_serial, format, &args);
    va_end(args);
}

void ev(const char *format, ...)
{
    va_list args;
    put_number(put_trace, rill_clock_now() / 1000, false, 10, 0);
    put_trace(' ');
    va_start(args, format);
    put_format(put_trace, format, &args);
    va_end(args);
    put_trace('\n');
}

// ---- checks

static void report(const char *file, int line)
{
    const char *slash = strrchr(file, '/');
    case_failed = true;
    test_printf("FAIL %s.%s: %s:%d: ", program_name, case_name, slash != NULL ? slash + 1 : file, line);
}

bool test_check(bool ok, const char *file, int line, const char *what)
{
    if (!ok) {
        report(file, line);
        test_printf("%s\n", what);
    }
    return ok;
}

bool test_check_eq(long long actual, long long expected, const char *file, int line, const char *what)
{
    if (actual != expected) {
        report(file, line);
        test_printf("%s is %lld, not %lld\n", what, actual, expected);
    }
    return actual == expected;
}

static size_t line_length(const char *text)
{
    const char *end = strchr(text, '\n');
    return end != NULL ? (size_t)(end - text) : strlen(text);
}

static void put_line(const char *text)
{
    for (size_t n = line_length(text); n > 0; n--) {
        put_serial(*text++);
    }
}

void test_trace_is(const char *expected, const char *file, int line)
{
    const char *actual = trace;
    for (int number = 1; *actual != '\0' || *expected != '\0'; number++) {
        size_t n = line_length(actual);
        if (n != line_length(expected) || strncmp(actual, expected, n) != 0) {
            report(file, line);
            test_printf("trace line %d is '", number);
            put_line(actual);
            test_printf("', not '");
            put_line(expected);
            test_printf("'\n");
            break;
        }
        actual += n + (actual[n] != '\0');
        expected += n + (expected[n] != '\0');
    }
    trace_length = 0;
    trace[0] = '\0';
}

// ---- running

__attribute__((weak)) void test_clock_reset(uint64_t us)
{
    (void)us; // programs that run on the real clock
}

int test_main(const char *program, const test_case_t *cases, size_t n)
{
    int failed = 0;
    program_name = program;
    for (size_t i = 0; i < n; i++) {
        case_name = cases[i].name;
        case_failed = false;
        trace_length = 0;
        trace[0] = '\0';
        test_clock_reset(0);
        cases[i].run();
        if (!case_failed) {
            test_printf("ok %s.%s\n", program_name, case_name);
        }
        failed += case_failed;
    }
    test_printf("# done %d %d\n", (int)n - failed, failed);
    return failed != 0;
}
