// rill-test: not=host | min-ram=16
// The C library under Rill: printf from tasks, masked and outside; errno per task. Uses nothing that wants a heap: a
// script checks that no allocator is linked.
//
// The console's port is replaced: its bytes go to a buffer, one per millisecond.
#include "test.h"

#include <rill/board.h>
#include <rill/clock.h>
#include <rill/libc.h>
#include <rill/task.h>
#include <rill/uart.h>

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "arch.h"

RILL_TASK_POOL_DEFINE(tasks, 4, 768 * sizeof(void *) / 4);

// ---- a slow wire

static char captured[600];
static size_t captured_length;
static unsigned polled;
static bool sending;
static rill_timer_t wire = RILL_TIMER_INIT;

static void capture(char c)
{
    if (captured_length < sizeof captured - 1) {
        captured[captured_length++] = c;
        captured[captured_length] = '\0';
    }
}

static int wire_fn(void *arg)
{
    int byte = rill_uart_isr_tx(&rill_board_uart);
    (void)arg;
    sending = byte >= 0;
    if (sending) {
        capture((char)byte);
        rill_call_later(rill_loop_running(), &wire, RILL_MS(1), wire_fn, NULL);
    }
    return RILL_OK;
}

static int fake_init(rill_uart_t *uart, uint32_t baud)
{
    (void)uart;
    (void)baud;
    sending = false;
    return RILL_OK;
}

static void fake_rx_irq(rill_uart_t *uart, bool on)
{
    (void)uart;
    (void)on;
}

static void fake_tx_irq(rill_uart_t *uart, bool on)
{
    (void)uart;
    if (on && !sending) {
        sending = true;
        rill_call_later(rill_loop_running(), &wire, RILL_MS(1), wire_fn, NULL);
    }
}

static void fake_putc(rill_uart_t *uart, char c)
{
    (void)uart;
    polled++;
    capture(c);
}

static bool fake_idle(rill_uart_t *uart)
{
    (void)uart;
    return !sending;
}

static void fake_isr(void *arg)
{
    (void)arg;
}

static const rill_uart_ops_t fake_ops = { fake_init, fake_rx_irq, fake_tx_irq, fake_putc, fake_idle, fake_isr };
static const uint16_t no_lines[] = { RILL_UART_LINES_END };
static rill_uart_t real_port;

RILL_UART_BUFFERS_DEFINE(buffers, 4, 8);

static void begin(bool start)
{
    real_port = rill_board_uart;
    rill_board_uart.ops = &fake_ops;
    rill_board_uart.lines = no_lines;
    rill_board_uart.buffers = NULL;
    captured_length = 0;
    polled = 0;
    if (start) {
        CHECK_EQ(rill_uart_start(&rill_board_uart, 115200, &buffers), 0);
    }
}

static void end(void)
{
    rill_uart_stop(&rill_board_uart);
    rill_board_uart = real_port;
}

static int run(rill_fn_t fn, void *arg)
{
    return rill_run(&tasks, fn, arg, NULL);
}

// ---- formats

static const char *formatted(const char *format, ...)
{
    static char text[64];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return text;
}

#define CHECK_FORMAT(expected, ...) CHECK(strcmp(formatted(__VA_ARGS__), expected) == 0)

TEST(integers)
{
    CHECK_FORMAT("0", "%d", 0);
    CHECK_FORMAT("-2147483648", "%d", INT_MIN);
    CHECK_FORMAT("4294967295", "%u", UINT_MAX);
    CHECK_FORMAT("-9223372036854775808", "%lld", LLONG_MIN);
    CHECK_FORMAT("18446744073709551615", "%llu", ULLONG_MAX);
    CHECK_FORMAT("1777777777777777777777", "%llo", ULLONG_MAX);
    CHECK_FORMAT("deadBEEF", "%x%X", 0xdeadu, 0xbeefu);
    CHECK_FORMAT("0x1f 0X1F 0 017", "%#x %#X %#x %#o", 31u, 31u, 0u, 15u);
    CHECK_FORMAT("-1 255", "%hhd %hhu", 255, 255);
    CHECK_FORMAT("123456 7 8", "%ld %zu %jd", 123456l, (size_t)7, (intmax_t)8);
}

TEST(widths)
{
    CHECK_FORMAT("[   42][42   ][00042]", "[%5d][%-5d][%05d]", 42, 42, 42);
    CHECK_FORMAT("[+42][ 42][-0042]", "[%+d][% d][%05d]", 42, 42, -42);
    CHECK_FORMAT("[  007][]", "[%5.3d][%.0d]", 7, 0);
    CHECK_FORMAT("[    7][7    ]", "[%*d][%*d]", 5, 7, -5, 7);
    CHECK_FORMAT("[  ab][ab  ][a]", "[%4s][%-4s][%.1s]", "ab", "ab", "ab");
    CHECK_FORMAT("[  x]%", "[%3c]%%", 'x');
}

TEST(too_long)
{
    char text[8];
    const char *volatile digits = "0123456789"; // or the compiler warns of what is wanted here
    CHECK_EQ(snprintf(text, sizeof text, "%s", digits), 10);
    CHECK(strcmp(text, "0123456") == 0);
    CHECK_EQ(snprintf(NULL, 0, "%d", 12345), 5);
    CHECK_EQ(sprintf(text, "%d", 1234), 4);
    CHECK(strcmp(text, "1234") == 0);
}

// ---- printing

static int printer(void *name)
{
    for (int i = 0; i < 3; i++) {
        printf("%s: a line longer than the chunk of the formatter and the ring, %d\n", (const char *)name, i);
    }
    return RILL_OK;
}

static int ticks;

static int ticker(void *arg)
{
    int error = RILL_OK;
    (void)arg;
    for (ticks = 0; error == RILL_OK; ticks++) {
        error = rill_sleep_ms(1);
    }
    return error;
}

static int print_from_two(void *arg)
{
    rill_task_t a, b, t;
    (void)arg;
    begin(true);
    rill_spawn(&tasks, printer, "A", &a);
    rill_spawn(&tasks, printer, "B", &b);
    rill_spawn(&tasks, ticker, NULL, &t);
    rill_join(a, NULL);
    rill_join(b, NULL);
    rill_uart_flush(&rill_board_uart);
    rill_task_cancel(t);
    rill_join(t, NULL);
    return RILL_OK;
}

// In turns, line by line; everyone else went on meanwhile.
TEST(lines_are_whole)
{
    test_clock_reset(0);
    CHECK_EQ(run(print_from_two, NULL), 0);
    const char *at = captured;
    char expected[80];
    for (int i = 0; i < 6; i++) {
        int n = snprintf(expected, sizeof expected,
                         "%c: a line longer than the chunk of the formatter and the ring, %d\n", "AB"[i % 2], i / 2);
        CHECK(strncmp(at, expected, (size_t)n) == 0);
        at += n;
    }
    CHECK_EQ(*at, '\0');
    CHECK_EQ(polled, 0);
    CHECK(ticks >= (int)captured_length - 10);
    end();
}

static int print_masked(void *arg)
{
    (void)arg;
    begin(true);
    uintptr_t state = rill_arch_irq_save();
    printf("%s", "masked: more than the ring holds");
    rill_arch_irq_restore(state);
    CHECK(strcmp(captured, "masked: more than the ring holds") == 0);
    CHECK_EQ(polled, captured_length);
    return RILL_OK;
}

TEST(masked_polls)
{
    CHECK_EQ(run(print_masked, NULL), 0);
    end();
}

TEST(outside_polls)
{
    begin(false);
    int n = printf("%d", 12345);
    puts("x");
    (putchar)('y'); // the function: a macro may use the stream
    end();
    CHECK_EQ(n, 5);
    CHECK(strcmp(captured, "12345x\ny") == 0);
    CHECK_EQ(polled, 8);
}

static void print_in_isr(void *arg)
{
    (void)arg;
    printf("from an interrupt");
}

TEST(isr_polls)
{
    begin(false);
    isr_now(print_in_isr, NULL);
    CHECK(strcmp(captured, "from an interrupt") == 0);
    end();
}

static int print_and_wait(void *arg)
{
    (void)arg;
    CHECK_EQ(printf("this text is longer than the ring\n"), 34);
    CHECK_EQ(rill_task_cancelling(rill_task_current()), 1);
    CHECK_EQ(rill_sleep_ms(1000), RILL_ECANCELED);
    return RILL_ECANCELED;
}

static int cancel_printer(void *arg)
{
    rill_task_t task;
    (void)arg;
    begin(true);
    rill_spawn(&tasks, print_and_wait, NULL, &task);
    rill_sleep_ms(5);
    rill_task_cancel(task);
    CHECK_EQ(rill_join(task, NULL), RILL_ECANCELED);
    CHECK(strcmp(captured, "this text is longer than the ring\n") == 0);
    return RILL_OK;
}

// Cancelled while it prints: the text goes out whole and the request is delivered at the next wait.
TEST(cancelled_while_printing)
{
    CHECK_EQ(run(cancel_printer, NULL), 0);
    end();
}

// ---- errno

static int fails(void *code)
{
    CHECK_EQ(errno, 0); // a task begins with none
    CHECK(rill_errno() == &errno && rill_task_errno() == &errno);
    for (int i = 0; i < 3; i++) {
        errno = (int)(intptr_t)code + i;
        rill_yield();
        CHECK_EQ(errno, (int)(intptr_t)code + i);
    }
    return RILL_OK;
}

static int two_fail(void *arg)
{
    rill_task_t a, b;
    (void)arg;
    errno = 77;
    rill_spawn(&tasks, fails, (void *)100, &a);
    rill_spawn(&tasks, fails, (void *)200, &b);
    rill_join(a, NULL);
    rill_join(b, NULL);
    CHECK_EQ(errno, 77);
    return RILL_OK;
}

TEST(errno_per_task)
{
    errno = 5;
    CHECK(rill_task_errno() == NULL && rill_errno() == &errno);
    CHECK_EQ(run(two_fail, NULL), 0);
    CHECK_EQ(errno, 5);
    errno = 0;
}

static int range_error(void *arg)
{
    rill_task_t task;
    (void)arg;
    errno = 0;
    CHECK_EQ(strtol("99999999999999999999999", NULL, 10), LONG_MAX);
    CHECK_EQ(errno, ERANGE);
    rill_spawn(&tasks, fails, (void *)300, &task);
    rill_join(task, NULL);
    CHECK_EQ(errno, ERANGE);
    return RILL_OK;
}

// The library's own functions.
TEST(errno_of_the_library)
{
    CHECK_EQ(run(range_error, NULL), 0);
    CHECK_EQ(errno, 0);
}

TEST_MAIN("libc", TEST_CASE(integers), TEST_CASE(widths), TEST_CASE(too_long), TEST_CASE(lines_are_whole),
          TEST_CASE(masked_polls), TEST_CASE(outside_polls), TEST_CASE(isr_polls), TEST_CASE(cancelled_while_printing),
          TEST_CASE(errno_per_task), TEST_CASE(errno_of_the_library))
