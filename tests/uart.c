// rill-test: min-ram=16
// The UART core on a simulated chip: every call, cancelled anywhere, loses no byte and mixes none.
#include <rill/board.h>
#include <rill/clock.h>
#include <rill/task.h>
#include <rill/timeout.h>
#include <rill/uart.h>

#include "arch.h"
#include "test.h"

#if defined(__unix__) || defined(__linux__)
#define STACK 16384
#else
#define STACK ((sizeof(void *) == 8 ? 1280 : 640) + TEST_FPU_STACK)
#endif

enum { TASKS = 4, LINES = 3, RX_BYTES = 13, TX_BYTES = 11 };

static rill_tcb_t tcbs[TASKS];
static unsigned char stacks[TASKS][RILL_STACK_ROUND(STACK)] __attribute__((aligned(RILL_STACK_ALIGN)));
static const rill_task_pool_t fresh = RILL_TASK_POOL_INIT(tcbs, stacks, TASKS, RILL_STACK_ROUND(STACK));
static rill_task_pool_t pool;

// ---- the chip
//
// Receives what the test's interrupts hand it; transmits a byte per `tick`, through a FIFO of one byte and a shift
// register, into `wire`. Its transmit interrupt is a level: it is there while it is on and the FIFO is empty.

static uint8_t wire[64];
static unsigned wire_length;
static uint32_t wire_sum; // of all bytes ever sent
static uint32_t wire_count;
static bool tx_on, rx_on, fifo_full, shifting;
static uint8_t fifo;
static uint32_t chip_baud;
static unsigned kicks; // times the transmit interrupt was switched on

static uint32_t sum(uint32_t so_far, uint8_t byte)
{
    return (so_far ^ byte) * 16777619u;
}

static void shift_out(uint8_t byte)
{
    if (wire_length < sizeof wire) {
        wire[wire_length++] = byte;
    }
    wire_sum = sum(wire_sum, byte);
    wire_count++;
    shifting = true;
}

static int chip_init(rill_uart_t *uart, uint32_t baud)
{
    (void)uart;
    chip_baud = baud;
    return baud > 3000000 ? RILL_EINVAL : 0;
}

static void chip_rx_irq(rill_uart_t *uart, bool on)
{
    (void)uart;
    rx_on = on;
}

static void serve(void *uart)
{
    while (tx_on && !fifo_full) { // bound: one byte
        int byte = rill_uart_isr_tx(uart);
        if (byte < 0) {
            tx_on = false;
        } else if (!shifting) {
            shift_out((uint8_t)byte);
        } else {
            fifo = (uint8_t)byte;
            fifo_full = true;
        }
    }
}

static void chip_tx_irq(rill_uart_t *uart, bool on)
{
    tx_on = on;
    kicks += on;
    if (on) {
        isr_now(serve, uart);
    }
}

static void chip_putc(rill_uart_t *uart, char c)
{
    (void)uart;
    if (fifo_full) { // spinning lets it go
        fifo_full = false;
        shift_out(fifo);
    }
    shift_out((uint8_t)c);
    shifting = false;
}

static bool chip_tx_idle(rill_uart_t *uart)
{
    (void)uart;
    return !shifting && !fifo_full;
}

// A byte has left the shift register.
static void tick(void *uart)
{
    shifting = false;
    if (fifo_full) {
        fifo_full = false;
        shift_out(fifo);
    }
    serve(uart);
}

static const rill_uart_ops_t chip = { chip_init, chip_rx_irq, chip_tx_irq, chip_putc, chip_tx_idle, serve };

static uint16_t lines[LINES] = { 0, 0, RILL_UART_LINES_END };
RILL_UART_DEFINE(port, &chip, 0, 1000000, lines, RX_BYTES, TX_BYTES);

// ---- what arrives

static void arrive(void *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        rill_uart_isr_rx(&port, (uint8_t)*c, 0);
    }
}

static void hear(const char *text)
{
    isr_now(arrive, (void *)(uintptr_t)text);
}

static void hear_at(uint32_t ms, const char *text)
{
    isr_at(ms, arrive, (void *)(uintptr_t)text);
}

// ---- a case

static void chip_reset(void)
{
    wire_length = 0;
    wire_sum = 0;
    wire_count = 0;
    tx_on = rx_on = fifo_full = shifting = false;
    kicks = 0;
}

static unsigned free_line(unsigned below)
{
    while (below > 1) {
        below--;
        if (below != rill_board_soft_irq && rill_irq_table[below].isr == NULL) {
            return below;
        }
    }
    return 0;
}

static int run(rill_fn_t fn)
{
    lines[0] = (uint16_t)free_line(rill_irq_count);
    lines[1] = (uint16_t)free_line(lines[0]);
    chip_reset();
    pool = fresh;
    rill_loop_init(rill_loop_default());
    CHECK_EQ(rill_uart_start(&port, 10000, NULL), 0);
    int code = rill_run(&pool, fn, NULL, NULL);
    rill_uart_stop(&port);
    return code;
}

static rill_task_t spawn(rill_fn_t fn, void *arg)
{
    rill_task_t task = RILL_NO_TASK;
    CHECK_EQ(rill_spawn(&pool, fn, arg, &task), 0);
    return task;
}

// A counted string as ev() prints it.
static const char *text(const void *bytes, size_t n)
{
    static char copy[80];
    n = n < sizeof copy - 1 ? n : sizeof copy - 1;
    memcpy(copy, bytes, n);
    copy[n] = '\0';
    for (char *c = copy; *c != '\0'; c++) {
        if (*c == '\n') {
            *c = '/';
        }
    }
    return copy;
}

static const char *wired(void)
{
    return text(wire, wire_length);
}

static int read_once(void *name)
{
    char bytes[32];
    int n = rill_uart_read(&port, bytes, sizeof bytes);
    ev("%s %d %s", (const char *)name, n, text(bytes, n > 0 ? (size_t)n : 0));
    return n < 0 ? n : 0;
}

static int read_line(void *name)
{
    char bytes[32];
    size_t n = 99;
    int error = rill_uart_readline(&port, bytes, sizeof bytes, &n);
    ev("%s %d %s", (const char *)name, error, text(bytes, error == 0 ? n : 0));
    return error;
}

// ---- reading

static int reads(void *arg)
{
    char bytes[4];
    (void)arg;
    CHECK(rx_on);
    CHECK_EQ(chip_baud, 10000);
    hear("abc");
    read_once("there");
    hear_at(2, "de");
    hear_at(2, "f"); // the task is woken once, and takes all
    read_once("waited");
    hear("ghijkl");
    CHECK_EQ(rill_uart_read(&port, bytes, 4), 4);
    CHECK_EQ(bytes[3], 'j');
    CHECK_EQ(rill_uart_read(&port, bytes, 0), 0);
    CHECK_EQ(rill_uart_read_nowait(&port, bytes, 1), 1);
    CHECK_EQ(rill_uart_read_nowait(&port, bytes, 4), 1);
    CHECK_EQ(bytes[0], 'l');
    CHECK_EQ(rill_uart_read_nowait(&port, bytes, 4), RILL_EAGAIN);
    return 0;
}

TEST(read_takes_what_is_there)
{
    CHECK_EQ(run(reads), 0);
    trace_is("0 there 3 abc\n2 waited 3 def\n");
}

static int exact(void *arg)
{
    char bytes[32];
    size_t got = 77;
    (void)arg;
    hear_at(1, "ab");
    hear_at(2, "cd");
    hear_at(3, "efgh");
    uint32_t wakes = test_wakeups;
    CHECK_EQ(rill_uart_read_exactly(&port, bytes, 5, &got), 0);
    ev("%s %u", text(bytes, got), (unsigned)got);
    CHECK_EQ(test_wakeups - wakes, 3);
    CHECK_EQ(rill_uart_read_exactly(&port, bytes, 3, NULL), 0);
    ev("%s", text(bytes, 3));
    CHECK_EQ(rill_uart_read_exactly(&port, bytes, 0, &got), 0);
    for (uint32_t ms = 4; ms < 10; ms++) {
        hear_at(ms, "12345"); // 30 bytes through a ring of 13
    }
    CHECK_EQ(rill_uart_read_exactly(&port, bytes, 30, &got), 0);
    ev("%s %u", text(bytes, 30), (unsigned)got);
    return 0;
}

TEST(read_exactly_waits_for_all)
{
    CHECK_EQ(run(exact), 0);
    trace_is("3 abcde 5\n3 fgh\n9 123451234512345123451234512345 30\n");
}

static int read_five(void *arg)
{
    char bytes[5];
    size_t *got = arg;
    int error = rill_uart_read_exactly(&port, bytes, 5, got);
    ev("five %d %u", error, (unsigned)*got);
    return error;
}

static int read_thirty(void *arg)
{
    char bytes[30];
    size_t *got = arg;
    int error = rill_uart_read_exactly(&port, bytes, 30, got);
    ev("thirty %d %s", error, text(bytes, *got));
    return error;
}

static int exact_cancelled(void *arg)
{
    size_t got = 9;
    (void)arg;
    hear("abcd");
    rill_task_t task = spawn(read_five, &got);
    rill_sleep_ms(1);
    rill_task_cancel(task);
    hear("e"); // complete in the moment of the cancellation
    rill_join(task, NULL);
    read_once("rest");
    task = spawn(read_thirty, &got);
    hear_at(3, "0123456789");
    hear_at(4, "ABC");
    rill_sleep_ms(5);
    rill_task_cancel(task);
    rill_join(task, NULL);
    read_once("rest");
    return 0;
}

TEST(read_exactly_cancelled)
{
    CHECK_EQ(run(exact_cancelled), 0);
    trace_is("1 five -125 0\n1 rest 5 abcde\n6 thirty -125 0123456789\n6 rest 3 ABC\n");
}

// ---- lines

static int read_lines(void *arg)
{
    char bytes[4];
    size_t n;
    (void)arg;
    hear("one\ntwo");
    read_line("line");
    hear_at(1, "!");
    hear_at(2, "\nx");
    uint32_t wakes = test_wakeups;
    read_line("line");
    CHECK_EQ(test_wakeups - wakes, 2);
    hear_at(3, "\n\n");
    read_line("line");
    read_line("empty");
    hear("abc\n");
    CHECK_EQ(rill_uart_readline(&port, bytes, 4, &n), 0); // fits exactly
    CHECK_EQ(n, 4);
    hear("abcd\n");
    CHECK_EQ(rill_uart_readline(&port, bytes, 4, &n), RILL_EOVERFLOW);
    CHECK_EQ(rill_uart_read(&port, bytes, 4), 4); // nothing was lost
    CHECK_EQ(bytes[3], 'd');
    read_line("end");
    hear_at(5, "0123456789ABC"); // a full ring
    read_line("full");
    read_once("rest");
    CHECK_EQ(rill_uart_readline(&port, bytes, 0, &n), RILL_EINVAL);
    return 0;
}

TEST(readline_reads_through_the_newline)
{
    CHECK_EQ(run(read_lines), 0);
    trace_is("0 line 0 one/\n2 line 0 two!/\n3 line 0 x/\n3 empty 0 /\n3 end 0 /\n"
             "5 full -75 \n5 rest 13 0123456789ABC\n");
}

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

// Gives posts their place: whoever they wake is ready, and has not run.
static void take_posts(void)
{
    static rill_handle_t handle;
    CHECK_EQ(rill_call_soon(rill_loop_running(), &handle, nothing, NULL), 0);
}

static int line_cancelled(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(read_line, "cancelled");
    hear_at(1, "hal");
    rill_sleep_ms(2);
    rill_task_cancel(task);
    rill_join(task, NULL);
    task = spawn(read_line, "awake");
    rill_yield();
    hear("f\n");
    take_posts(); // the newline has woken it
    rill_task_cancel(task);
    rill_join(task, NULL);
    return read_line("whole");
}

static int line_times_out(void *arg)
{
    (void)arg;
    rill_timeout_t limit = { 0 };
    hear_at(3, "half");
    hear_at(9, " and half\n");
    CHECK_EQ(rill_timeout_begin(&limit, RILL_MS(5)), 0);
    CHECK_EQ(rill_timeout_end(&limit, read_line("limited")), RILL_ETIMEDOUT);
    return read_line("whole");
}

TEST(readline_cancelled)
{
    CHECK_EQ(run(line_cancelled), 0);
    trace_is("2 cancelled -125 \n2 awake -125 \n2 whole 0 half/\n");
    test_clock_reset(0);
    CHECK_EQ(run(line_times_out), RILL_EOVERFLOW); // 14 bytes for a ring of 13
    trace_is("5 limited -125 \n9 whole -75 \n");
}

// ---- several readers

static int three_readers(void *arg)
{
    char byte;
    (void)arg;
    rill_task_t a = spawn(read_line, "a");
    rill_task_t b = spawn(read_line, "b");
    rill_task_t c = spawn(read_line, "c");
    hear_at(1, "on");
    hear_at(2, "e\ntwo\n");
    hear_at(4, "three\n");
    rill_sleep_ms(1);
    CHECK_EQ(rill_uart_read_nowait(&port, &byte, 1), RILL_EAGAIN); // a is in the middle of its line
    rill_join(a, NULL);
    rill_task_cancel(b); // it has its turn, and has not resumed
    rill_join(b, NULL);
    rill_join(c, NULL);
    hear("four\n");
    return read_line("main");
}

TEST(readers_take_turns)
{
    CHECK_EQ(run(three_readers), 0);
    trace_is("2 a 0 one/\n2 b 0 two/\n4 c 0 three/\n4 main 0 four/\n");
}

// ---- writing

static void ticks(uint32_t first, uint32_t last)
{
    for (uint32_t ms = first; ms <= last; ms++) {
        isr_at(ms, tick, &port);
    }
}

static int writes(void *arg)
{
    size_t accepted = 0;
    (void)arg;
    CHECK_EQ(rill_uart_write(&port, "hello", 5, &accepted), 5);
    CHECK_EQ(accepted, 5);
    CHECK_EQ(kicks, 1);
    ticks(1, 40);
    CHECK_EQ(rill_uart_write(&port, ", world of bytes", 16, NULL), 16); // 21 bytes through a ring of 11
    ev("%s", wired());
    CHECK_EQ(kicks, 1);
    CHECK_EQ(rill_uart_write(&port, NULL, 0, NULL), 0);
    CHECK_EQ(rill_uart_flush(&port), 0);
    ev("%s", wired());
    CHECK(chip_tx_idle(&port));
    CHECK(!tx_on);
    CHECK_EQ(rill_uart_flush(&port), 0);
    CHECK_EQ(rill_uart_write_nowait(&port, "0123456789ABCDEFG", 17), TX_BYTES); // chip: one shifting, one buffered
    CHECK_EQ(rill_uart_write_nowait(&port, "+-", 2), 2);
    CHECK_EQ(rill_uart_write_nowait(&port, "z", 1), RILL_EAGAIN);
    CHECK_EQ(rill_uart_flush(&port), 0);
    ev("%s", wired() + 21);
    return 0;
}

TEST(write_waits_for_room_only)
{
    CHECK_EQ(run(writes), 0);
    trace_is("8 hello, wo\n21 hello, world of bytes\n34 0123456789A+-\n");
}

static int write_long(void *accepted)
{
    int n = rill_uart_write(&port, "abcdefghijklmnopqrstuvwxyz", 26, accepted);
    ev("write %d %u", n, (unsigned)*(size_t *)accepted);
    return n < 0 ? n : 0;
}

// What was accepted goes out, not a byte more or less.
static int write_cancelled(void *arg)
{
    size_t accepted;
    (void)arg;
    rill_task_t task = spawn(write_long, &accepted);
    ticks(1, 40);
    rill_sleep_ms(6);
    rill_task_cancel(task);
    rill_join(task, NULL);
    CHECK_EQ(rill_uart_flush(&port), 0);
    ev("%s %d", wired(), wire_length == accepted);
    return 0;
}

TEST(write_cancelled_tells_what_is_out)
{
    CHECK_EQ(run(write_cancelled), 0);
    trace_is("6 write -125 19\n19 abcdefghijklmnopqrs 1\n");
}

static int write_name(void *name)
{
    int n = rill_uart_write(&port, name, 16, NULL);
    ev("%s %d", text(name, 1), n);
    return n < 0 ? n : 0;
}

static int three_writers(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(write_name, "aaaaaaaaaaaaaaaa");
    rill_task_t b = spawn(write_name, "bbbbbbbbbbbbbbbb");
    rill_task_t c = spawn(write_name, "cccccccccccccccc");
    ticks(1, 40);
    rill_sleep_ms(1);
    CHECK_EQ(rill_uart_write_nowait(&port, "x", 1), RILL_EAGAIN);
    rill_task_cancel(b);
    rill_join(b, NULL);
    rill_join(a, NULL);
    rill_join(c, NULL);
    CHECK_EQ(rill_uart_flush(&port), 0);
    ev("%s", wired());
    return 0;
}

TEST(writers_do_not_mix)
{
    CHECK_EQ(run(three_writers), 0);
    trace_is("1 b -125\n3 a 16\n19 c 16\n32 aaaaaaaaaaaaaaaacccccccccccccccc\n");
}

static int flush_it(void *arg)
{
    (void)arg;
    int error = rill_uart_flush(&port);
    ev("flush %d", error);
    return error;
}

static int flush_cancelled(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_uart_write(&port, "abc", 3, NULL), 3);
    rill_task_t ring = spawn(flush_it, NULL);
    rill_sleep_ms(1);
    rill_task_cancel(ring);
    rill_join(ring, NULL);
    isr_at(2, tick, &port);
    rill_task_t chip_busy = spawn(flush_it, NULL); // the ring is empty, the chip is not
    rill_sleep_ms(4);
    rill_task_cancel(chip_busy);
    rill_join(chip_busy, NULL);
    ticks(6, 7);
    return flush_it(NULL);
}

TEST(flush_waits_for_the_wire)
{
    CHECK_EQ(run(flush_cancelled), 0);
    trace_is("1 flush -125\n5 flush -125\n7 flush 0\n");
}

// ---- polling

TEST(polling_works_without_a_loop)
{
    rill_uart_stats_t stats;
    chip_reset();
    rill_uart_write_polled(&port, "boot ", 5);
    lines[0] = (uint16_t)free_line(rill_irq_count);
    lines[1] = RILL_UART_LINES_END;
    CHECK_EQ(rill_uart_start(&port, 9600, NULL), 0);
    CHECK_EQ(rill_uart_write_nowait(&port, "ring, ", 6), 6);
    rill_uart_write_polled(&port, "polled", 6); // behind it
    CHECK(wire_length == 17 && memcmp(wire, "boot ring, polled", 17) == 0);
    rill_uart_stats(&port, &stats);
    CHECK_EQ(stats.tx_bytes, 12);
    rill_uart_write_polled(NULL, "x", 1);
    rill_uart_write_polled(&port, NULL, 1);
    CHECK_EQ(rill_uart_stop(&port), 0);
    rill_uart_write_polled(&port, "!", 1);
    CHECK_EQ(wire[17], '!');
}

// ---- conditions and statistics

static void troubles(void *arg)
{
    (void)arg;
    rill_uart_isr_rx(&port, 'a', 0);
    rill_uart_isr_rx(&port, 'b', RILL_UART_OVERRUN); // valid
    rill_uart_isr_rx(&port, 'c', RILL_UART_FRAMING);
    rill_uart_isr_rx(&port, 'd', RILL_UART_PARITY);
    rill_uart_isr_rx(&port, 0, RILL_UART_FRAMING | RILL_UART_BREAK);
    rill_uart_isr_rx(&port, 0, RILL_UART_BREAK);
    rill_uart_isr_rx(&port, 'e', 0);
}

static int counted(void *arg)
{
    rill_uart_stats_t stats;
    (void)arg;
    isr_now(troubles, NULL);
    read_once("valid");
    hear("0123456789ABCDEF"); // 3 too many
    read_once("full");
    CHECK_EQ(rill_uart_write(&port, "12345", 5, NULL), 5);
    rill_uart_stats(&port, &stats);
    CHECK_EQ(stats.overruns, 4);
    CHECK_EQ(stats.framing, 2);
    CHECK_EQ(stats.parity, 1);
    CHECK_EQ(stats.breaks, 2);
    CHECK_EQ(stats.rx_bytes, 16);
    CHECK_EQ(stats.tx_bytes, 2); // the rest is in the ring
    CHECK_EQ(stats.rx_high, RX_BYTES);
    CHECK_EQ(stats.tx_high, 5);
    rill_uart_stats(NULL, &stats);
    CHECK_EQ(stats.rx_bytes, 0);
    rill_uart_stats(&port, NULL);
    return 0;
}

TEST(conditions_are_counted)
{
    CHECK_EQ(run(counted), 0);
    trace_is("0 valid 3 abe\n0 full 13 0123456789ABC\n");
    CHECK_EQ(rill_uart_start(&port, 9600, NULL), 0);
    rill_uart_stats_t stats;
    rill_uart_stats(&port, &stats);
    CHECK_EQ(stats.overruns + stats.rx_bytes + stats.rx_high, 0);
    CHECK_EQ(rill_uart_stop(&port), 0);
}

// ---- start and stop

static int stopped(void *arg)
{
    size_t accepted;
    char byte;
    (void)arg;
    rill_task_t reader = spawn(read_once, "reader");
    rill_task_t line = spawn(read_line, "line");
    rill_task_t writer = spawn(write_long, &accepted);
    rill_sleep_ms(1);
    CHECK_EQ(rill_uart_stop(&port), 0);
    CHECK(!rx_on && !tx_on);
    rill_join(reader, NULL);
    rill_join(line, NULL);
    rill_join(writer, NULL);
    CHECK_EQ(rill_uart_read(&port, &byte, 1), RILL_EPIPE);
    CHECK_EQ(rill_uart_write(&port, "x", 1, &accepted), RILL_EPIPE);
    CHECK_EQ(rill_uart_read_nowait(&port, &byte, 1), RILL_EPIPE);
    CHECK_EQ(rill_uart_write_nowait(&port, "x", 1), RILL_EPIPE);
    CHECK_EQ(rill_uart_flush(&port), RILL_EPIPE);
    CHECK_EQ(rill_uart_stop(&port), RILL_ENOENT);
    rill_uart_isr_rx(&port, 'x', 0); // a late interrupt
    CHECK_EQ(rill_uart_isr_tx(&port), -1);
    fifo_full = shifting = false;
    CHECK_EQ(rill_uart_start(&port, 10000, NULL), 0);
    hear("new");
    read_once("again");
    CHECK_EQ(rill_uart_write(&port, "y", 1, NULL), 1);
    CHECK_EQ(wire[wire_length - 1], 'y');
    return 0;
}

TEST(stop_sends_everybody_away)
{
    CHECK_EQ(run(stopped), 0);
    trace_is("1 reader -32 \n1 write -32 13\n1 line -32 \n1 again 3 new\n");
}

// Everybody is sent away even if the port runs again before they resume.
static int restarted(void *arg)
{
    (void)arg;
    rill_task_t reader = spawn(read_once, "reader");
    rill_yield();
    CHECK_EQ(rill_uart_stop(&port), 0);
    CHECK_EQ(rill_uart_start(&port, 10000, NULL), 0);
    hear("new");
    rill_join(reader, NULL);
    return read_once("main");
}

TEST(restart_before_they_resume)
{
    CHECK_EQ(run(restarted), 0);
    trace_is("0 reader -32 \n0 main 3 new\n");
}

static int start_in_isr;
static int stop_in_isr;

static void start_stop(void *uart)
{
    start_in_isr = rill_uart_start(uart, 9600, NULL);
    stop_in_isr = rill_uart_stop(uart);
}

static int refused_in_callback(void *arg)
{
    char byte;
    (void)arg;
    CHECK_EQ(rill_uart_read(&port, &byte, 1), RILL_EPERM); // it would have to wait
    hear("c");
    CHECK_EQ(rill_uart_read(&port, &byte, 1), 1);
    return 0;
}

// ---- who watches several ports

static unsigned rx_told, tx_told;

static void tell_rx(rill_notify_t *notify)
{
    (void)notify;
    rx_told++;
}

static void tell_tx(rill_notify_t *notify)
{
    (void)notify;
    tx_told++;
}

static int watched(void *arg)
{
    static rill_notify_t rx = { tell_rx }, tx = { tell_tx };
    char bytes[TX_BYTES];
    (void)arg;
    rx_told = tx_told = 0;
    memset(bytes, 'x', sizeof bytes);
    CHECK(rill_uart_readable(&port) == 0 && rill_uart_writable(&port) == TX_BYTES);
    CHECK_EQ(rill_uart_notify(&port, &rx, &tx), 0);
    CHECK_EQ(rill_uart_notify(&port, &tx, &tx), RILL_EBUSY);
    CHECK_EQ(rill_uart_notify(&port, &rx, &rx), RILL_EBUSY);
    hear("abc");
    CHECK(rx_told > 0 && rill_uart_readable(&port) == 3);
    CHECK_EQ(rill_uart_write_nowait(&port, bytes, sizeof bytes), TX_BYTES);
    size_t room = rill_uart_writable(&port); // a byte or two have gone to the chip
    CHECK(room < TX_BYTES);
    tx_told = 0;
    isr_now(tick, &port);
    CHECK(tx_told > 0 && rill_uart_writable(&port) == room + 1);
    CHECK_EQ(rill_uart_notify(&port, NULL, NULL), 0);
    rx_told = 0;
    hear("d");
    CHECK(rx_told == 0 && rill_uart_readable(&port) == 4);
    return 0;
}

TEST(watcher_is_told)
{
    CHECK_EQ(run(watched), 0);
    CHECK(rill_uart_readable(&port) == 0 && rill_uart_writable(&port) == 0); // stopped
    CHECK(rill_uart_readable(NULL) == 0 && rill_uart_writable(NULL) == 0);
    CHECK_EQ(rill_uart_notify(NULL, NULL, NULL), RILL_EINVAL);
}

static int refused(void *arg)
{
    static rill_handle_t handle;
    char byte;
    (void)arg;
    CHECK_EQ(rill_uart_start(&port, 9600, NULL), RILL_EBUSY);
    CHECK_EQ(rill_uart_read(NULL, &byte, 1), RILL_EINVAL);
    CHECK_EQ(rill_uart_read(&port, NULL, 1), RILL_EINVAL);
    CHECK_EQ(rill_uart_read_nowait(&port, NULL, 1), RILL_EINVAL);
    CHECK_EQ(rill_uart_read_exactly(&port, NULL, 1, NULL), RILL_EINVAL);
    CHECK_EQ(rill_uart_readline(&port, NULL, 1, NULL), RILL_EINVAL);
    CHECK_EQ(rill_uart_write(&port, NULL, 1, NULL), RILL_EINVAL);
    CHECK_EQ(rill_uart_write_nowait(&port, NULL, 1), RILL_EINVAL);
    CHECK_EQ(rill_uart_write(&port, &byte, SIZE_MAX, NULL), RILL_EINVAL);
    CHECK_EQ(rill_uart_flush(NULL), RILL_EINVAL);
    isr_now(start_stop, &port);
    CHECK_EQ(start_in_isr, RILL_EPERM);
    CHECK_EQ(stop_in_isr, RILL_EPERM);
    rill_call_soon(rill_loop_running(), &handle, refused_in_callback, NULL);
    return rill_yield();
}

static unsigned connected;

static void connect_pins(void)
{
    connected++;
}

TEST(wrong_calls_are_refused)
{
    static uint8_t byte;
    static rill_uart_buffers_t empty;
    static rill_uart_buffers_t no_tx = RILL_UART_BUFFERS_INIT(&byte, 1, NULL, 0);
    static rill_uart_t bare = { &chip, 0, 0, lines, NULL, connect_pins };
    CHECK_EQ(run(refused), 0);
    CHECK_EQ(rill_uart_start(NULL, 9600, NULL), RILL_EINVAL);
    CHECK_EQ(rill_uart_stop(NULL), RILL_EINVAL);
    CHECK_EQ(rill_uart_start(&port, 0, NULL), RILL_EINVAL);
    CHECK_EQ(rill_uart_start(&port, 9000000, NULL), RILL_EINVAL);
    CHECK_EQ(rill_uart_start(&bare, 9600, NULL), RILL_EINVAL);
    CHECK_EQ(rill_uart_start(&bare, 9600, &empty), RILL_EINVAL);
    CHECK_EQ(rill_uart_start(&bare, 9600, &no_tx), RILL_EINVAL);
    lines[1] = (uint16_t)rill_board_soft_irq; // taken: the line before it is given back
    CHECK_EQ(rill_uart_start(&bare, 9600, &port_buffers), RILL_EBUSY);
    CHECK(rill_irq_table[lines[0]].isr == NULL);
    lines[1] = RILL_UART_LINES_END;
    connected = 0;
    CHECK_EQ(rill_uart_start(&bare, 9600, &port_buffers), 0);
    CHECK_EQ(connected, 1);
    CHECK_EQ(rill_uart_start(&port, 9600, NULL), RILL_EBUSY); // its buffers are in use
    CHECK_EQ(rill_uart_stop(&bare), 0);
}

// ---- many bytes

enum { MANY = 100000 };

static uint32_t random_state;

static uint32_t random_below(uint32_t n)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 16) % n;
}

static uint8_t pattern(uint32_t i)
{
    return (uint8_t)(i * 167u + (i >> 8));
}

// Echo: whatever comes goes back, in chunks of any size and by any call.
static uint32_t heard;

static void hear_some(void *arg)
{
    uint32_t n = *(uint32_t *)arg;
    for (uint32_t i = 0; i < n; i++) {
        rill_uart_isr_rx(&port, pattern(heard++), 0);
    }
}

static int feed(void *arg)
{
    (void)arg;
    while (heard < MANY) {
        uint32_t n = random_below(RX_BYTES) + 1;
        uint32_t there = heard - wire_count;
        n = there + n > RX_BYTES ? (there < RX_BYTES ? RX_BYTES - there : 0) : n;
        n = n < MANY - heard ? n : MANY - heard;
        isr_now(hear_some, &n);
        for (uint32_t sent = random_below(8); sent > 0; sent--) {
            isr_now(tick, &port);
        }
        int error = rill_yield();
        if (error != RILL_OK) {
            return error;
        }
    }
    while (wire_count < MANY) {
        isr_now(tick, &port);
        rill_yield();
    }
    return 0;
}

static int echo(void *arg)
{
    uint8_t bytes[20];
    (void)arg;
    for (uint32_t done = 0; done < MANY;) {
        uint32_t want = random_below(sizeof bytes) + 1;
        int n = rill_uart_read(&port, bytes, want);
        if (n < 0 || rill_uart_write(&port, bytes, (size_t)n, NULL) != n) {
            return RILL_EIO;
        }
        done += (uint32_t)n;
    }
    return 0;
}

static int many(void *arg)
{
    uint32_t expected = 0;
    random_state = 7;
    heard = 0;
    rill_task_t echoer = spawn(echo, arg);
    CHECK_EQ(feed(NULL), 0);
    CHECK_EQ(rill_join(echoer, NULL), 0);
    for (uint32_t i = 0; i < MANY; i++) {
        expected = sum(expected, pattern(i));
    }
    CHECK_EQ(wire_sum, expected);
    rill_uart_stats_t stats;
    rill_uart_stats(&port, &stats);
    CHECK_EQ(stats.rx_bytes, MANY);
    CHECK_EQ(stats.tx_bytes, MANY);
    CHECK_EQ(stats.overruns, 0);
    return 0;
}

TEST(hundred_thousand_bytes)
{
    CHECK_EQ(run(many), 0);
}

// The reader is cancelled over and over, at every point of its way; what it did not get, the next one does.
static uint32_t taken_count;

static int take_chunk(void *arg)
{
    uint8_t bytes[9];
    size_t got = 0;
    uint32_t n = random_below(sizeof bytes) + 1;
    (void)arg;
    int error = rill_uart_read_exactly(&port, bytes, n, &got);
    for (size_t i = 0; i < got; i++) {
        CHECK_EQ(bytes[i], pattern(taken_count++));
    }
    return error;
}

static int harass(void *arg)
{
    random_state = 3;
    heard = 0;
    taken_count = 0;
    while (taken_count < 5000) {
        rill_task_t task = spawn(take_chunk, arg);
        for (uint32_t steps = random_below(4); steps > 0; steps--) {
            uint32_t space = RX_BYTES - (heard - taken_count);
            uint32_t n = random_below(space + 1);
            isr_now(hear_some, &n);
            rill_yield();
        }
        rill_task_cancel(task);
        rill_join(task, NULL);
    }
    rill_uart_stats_t stats;
    rill_uart_stats(&port, &stats);
    CHECK_EQ(stats.overruns, 0);
    return 0;
}

TEST(cancelled_at_every_point)
{
    CHECK_EQ(run(harass), 0);
}

TEST_MAIN("uart", TEST_CASE(read_takes_what_is_there), TEST_CASE(read_exactly_waits_for_all),
          TEST_CASE(read_exactly_cancelled), TEST_CASE(readline_reads_through_the_newline),
          TEST_CASE(readline_cancelled), TEST_CASE(readers_take_turns), TEST_CASE(write_waits_for_room_only),
          TEST_CASE(write_cancelled_tells_what_is_out), TEST_CASE(writers_do_not_mix),
          TEST_CASE(flush_waits_for_the_wire), TEST_CASE(polling_works_without_a_loop),
          TEST_CASE(conditions_are_counted), TEST_CASE(stop_sends_everybody_away),
          TEST_CASE(restart_before_they_resume), TEST_CASE(watcher_is_told),
          TEST_CASE(wrong_calls_are_refused), TEST_CASE(hundred_thousand_bytes),
          TEST_CASE(cancelled_at_every_point))
