// rill-test: not=host | min-ram=64
// POSIX's calls and the C library's input on Rill's descriptors: only the caller waits.
//
// The console's port is replaced by one whose input the test's interrupts bring and whose output is captured.
#include "test.h"

#include <rill/board.h>
#include <rill/clock.h>
#include <rill/file.h>
#include <rill/libc.h>
#include <rill/task.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include "arch.h"

enum { FILES = 6, TICKERS = 10, SIZE = 16 };

RILL_HEAP_DEFINE(4096 * sizeof(void *) / 4);
RILL_TASK_POOL_DEFINE(tasks, 4, (2048 + TEST_FPU_STACK) * sizeof(void *) / 4);
RILL_TASK_POOL_DEFINE(small, TICKERS, (512 + TEST_FPU_STACK) * sizeof(void *) / 4);
RILL_FILES_DEFINE(FILES);
RILL_PIPE_DEFINE(line, SIZE);
RILL_PIPE_DEFINE(other, SIZE);
static rill_device_t line_device = RILL_DEVICE_PIPE("/dev/line", &line);
static rill_device_t other_device = RILL_DEVICE_PIPE("/dev/other", &other);

// ---- a console

static rill_uart_t real_port;

static int port_init(rill_uart_t *uart, uint32_t baud)
{
    (void)uart;
    return baud > 0 ? RILL_OK : RILL_EINVAL;
}

static void port_irq(rill_uart_t *uart, bool on)
{
    (void)uart;
    (void)on;
}

static bool wire_stopped;

static void send_all(void *arg)
{
    while (rill_uart_isr_tx(&rill_board_uart) >= 0) { // bound: the ring
    }
    (void)arg;
}

static void port_tx(rill_uart_t *uart, bool on)
{
    (void)uart;
    if (on && !wire_stopped) {
        send_all(NULL);
    }
}

// Polled output is the test's own report, or a fault's.
static void port_putc(rill_uart_t *uart, char c)
{
    (void)uart;
    (real_port.ops->putc)(&real_port, c);
}

static bool port_idle(rill_uart_t *uart)
{
    return uart != NULL;
}

static void port_isr(void *arg)
{
    (void)arg;
}

static const rill_uart_ops_t port_ops = { port_init, port_irq, port_tx, port_putc, port_idle, port_isr };
static const uint16_t no_lines[] = { RILL_UART_LINES_END };
RILL_UART_BUFFERS_DEFINE(buffers, 32, 8);

static void type(void *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        rill_uart_isr_rx(&rill_board_uart, (uint8_t)*c, 0);
    }
}

static int run(rill_fn_t fn)
{
    test_clock_reset(0);
    real_port = rill_board_uart;
    rill_board_uart.ops = &port_ops;
    rill_board_uart.lines = no_lines;
    rill_board_uart.buffers = NULL;
    CHECK_EQ(rill_uart_start(&rill_board_uart, 115200, &buffers), 0);
    errno = 0;
    int error = rill_run(&tasks, fn, NULL, NULL);
    rill_uart_stop(&rill_board_uart);
    rill_board_uart = real_port;
    return error;
}

static int result_of(rill_task_t task)
{
    rill_value_t value = 0;
    int error = rill_join(task, &value);
    return error < 0 ? error : (int)value;
}

static rill_task_t spawn(rill_fn_t fn, void *arg)
{
    rill_task_t task = RILL_NO_TASK;
    CHECK_EQ(rill_spawn(&tasks, fn, arg, &task), 0);
    return task;
}

// ---- what was asked for: scanf among ten others

static unsigned late;

static int ticker(void *period)
{
    rill_time_t next = rill_clock_now();
    for (;;) { // bound: until cancelled
        next += RILL_MS((rill_time_t)(intptr_t)period);
        int error = rill_sleep_until(next);
        if (error != RILL_OK) {
            return error;
        }
        late += rill_clock_now() != next;
    }
}

static int asks(void *arg)
{
    int number = 0, n = scanf("%d", &number);
    (void)arg;
    ev("scanf %d: %d", n, number);
    return n == 1 ? number : rill_errno_code();
}

static int reads(void *arg)
{
    char c;
    (void)arg;
    ssize_t n = read(STDIN_FILENO, &c, 1);
    ev("read %d %s", (int)n, n < 0 && errno == ECANCELED ? "ECANCELED" : "?");
    return n < 0 ? rill_errno_code() : c;
}

static int among_others(void *arg)
{
    rill_task_t others[TICKERS], asker = spawn(asks, NULL);
    (void)arg;
    for (int i = 0; i < TICKERS; i++) {
        CHECK_EQ(rill_spawn(&small, ticker, (void *)(intptr_t)(i + 1), &others[i]), 0);
    }
    isr_at(50, type, "1");
    isr_at(100, type, "23\n"); // the number goes on
    CHECK_EQ(result_of(asker), 123);
    rill_task_t killed = spawn(reads, NULL);
    rill_sleep_until(RILL_MS(150));
    CHECK_EQ(getchar(), '\n'); // scanf left it in the library's buffer, and read has none
    rill_task_cancel(killed);
    CHECK_EQ(rill_join(killed, NULL), RILL_ECANCELED);
    isr_at(200, type, "45\n");
    CHECK_EQ(result_of(spawn(asks, NULL)), 45);
    for (int i = 0; i < TICKERS; i++) {
        rill_task_cancel(others[i]);
        CHECK_EQ(rill_join(others[i], NULL), RILL_ECANCELED);
    }
    return RILL_OK;
}

TEST(scanf_among_others)
{
    late = 0;
    CHECK_EQ(run(among_others), 0);
    CHECK_EQ(late, 0);
    trace_is("100 scanf 1: 123\n150 read -1 ECANCELED\n200 scanf 1: 45\n");
}

static int kills_scanf(void *arg)
{
    int c;
    (void)arg;
    rill_task_t asker = spawn(asks, NULL);
    rill_sleep_ms(5);
    rill_task_cancel(asker);
    CHECK_EQ(rill_join(asker, NULL), RILL_ECANCELED);
    CHECK(ferror(stdin) != 0 && feof(stdin) == 0);
    clearerr(stdin);
    CHECK_EQ(ferror(stdin), 0);
    isr_at(10, type, "\n67\n");
    CHECK_EQ(result_of(spawn(asks, NULL)), 67);
    while ((c = getchar()) != '\n') { // bound: a line
    }
    return RILL_OK;
}

TEST(cancelled_scanf)
{
    CHECK_EQ(run(kills_scanf), 0);
    trace_is("5 scanf -1: 0\n10 scanf 1: 67\n");
}

static int asks_twice(void *name)
{
    int one = 0, two = 0;
    int n = scanf("%d %d", &one, &two);
    ev("%s %d: %d %d", (char *)name, n, one, two);
    return RILL_OK;
}

static int line_reader(void *name)
{
    char text[SIZE] = "";
    char *got = fgets(text, sizeof text, stdin);
    text[strcspn(text, "\n")] = '\0';
    ev("%s %s", (char *)name, got == text ? text : "nothing");
    return RILL_OK;
}

// What one call reads is its own, in the order of the calls, however it comes in.
static int together(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(asks_twice, "a"), b = spawn(asks_twice, "b"), c = spawn(line_reader, "c");
    isr_at(1, type, "1");
    isr_at(2, type, "\n");
    isr_at(3, type, "2\n3 ");
    isr_at(4, type, "4\nrest");
    isr_at(5, type, " of it\nbeyond\n");
    rill_join(a, NULL);
    rill_join(b, NULL);
    rill_join(c, NULL);
    line_reader("then");
    return line_reader("last");
}

TEST(readers_together)
{
    CHECK_EQ(run(together), 0);
    trace_is("3 a 2: 1 2\n4 b 2: 3 4\n4 c \n5 then rest of it\n5 last beyond\n");
}

static int takes_one(void *name)
{
    int c = getchar();
    ev("%s %c", (char *)name, c);
    return c;
}

// Several wait to fill the stream's buffer: none loses what is in it.
static int one_each(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(takes_one, "a"), b = spawn(takes_one, "b"), c = spawn(takes_one, "c");
    isr_at(1, type, "xy");
    isr_at(2, type, "z\n");
    rill_join(a, NULL);
    rill_join(b, NULL);
    rill_join(c, NULL);
    CHECK_EQ(getchar(), '\n');
    return RILL_OK;
}

TEST(characters_together)
{
    CHECK_EQ(run(one_each), 0);
    trace_is("1 a x\n1 b y\n2 c z\n");
}

static rill_task_t next_in_line;
static int taken;

static int takes(void *arg)
{
    (void)arg;
    taken = getchar();
    return rill_yield();
}

static int takes_and_cancels(void *arg)
{
    (void)arg;
    CHECK_EQ(getchar(), 'x');
    return rill_task_cancel(next_in_line); // it has its turn, but did not run yet
}

// Nothing is lost: the one cancelled gets its character, or the next one does.
static int cancelled_in_turn(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(takes_and_cancels, NULL);
    next_in_line = spawn(takes, NULL);
    isr_at(1, type, "xy\n");
    CHECK_EQ(result_of(a), 1);
    CHECK_EQ(result_of(next_in_line), taken == EOF ? RILL_OK : RILL_ECANCELED); // told once
    CHECK_EQ(taken == EOF ? getchar() : taken, 'y');
    CHECK_EQ(getchar(), '\n');
    clearerr(stdin);
    return RILL_OK;
}

TEST(cancelled_in_line)
{
    CHECK_EQ(run(cancelled_in_turn), 0);
}

// ---- descriptors

#define CHECK_FAILS(call, number) (CHECK_EQ(call, -1), CHECK_EQ(errno, number))

static int descriptors(void *arg)
{
    char text[SIZE];
    int n = 0;
    (void)arg;
    CHECK_FAILS(open("/dev/line", O_RDWR), ENOENT);
    CHECK_EQ(rill_device_register(&line_device), 0);
    int fd = open("/dev/line", O_RDWR | O_NONBLOCK);
    CHECK_EQ(fd, 3);
    CHECK_EQ(fcntl(fd, F_GETFL), O_RDWR | O_NONBLOCK);
    CHECK_FAILS(read(fd, text, 1), EAGAIN);
    CHECK_EQ(write(fd, "more than the ring", 18), SIZE);
    CHECK_FAILS(write(fd, "x", 1), EAGAIN);
    CHECK_EQ(ioctl(fd, FIONREAD, &n), 0);
    CHECK_EQ(n, SIZE);
    CHECK_FAILS(ioctl(fd, 1, &n), ENOTTY);
    CHECK_EQ(fcntl(fd, F_SETFL, 0), 0);
    CHECK_EQ(fcntl(fd, F_GETFL), O_RDWR);
    CHECK_EQ(read(fd, text, sizeof text), SIZE);
    CHECK_EQ(open("/dev/line", O_RDONLY), 4);
    CHECK_EQ(open("/dev/line", O_WRONLY), 5);
    CHECK_FAILS(open("/dev/line", O_RDWR), EMFILE);
    CHECK_FAILS(write(4, "x", 1), EBADF);
    CHECK_FAILS(read(5, text, 1), EBADF);
    CHECK_EQ(fcntl(4, F_GETFL), O_RDONLY);
    CHECK_EQ(fcntl(5, F_GETFL), O_WRONLY);
    CHECK_EQ(close(5), 0);
    CHECK_FAILS(close(5), EBADF);
    CHECK_EQ(close(4), 0);
    CHECK_FAILS(fcntl(4, F_GETFL), EBADF);
    CHECK_FAILS(fcntl(3, 999), EINVAL);
    CHECK_EQ(fcntl(3, F_GETFD), 0);
    CHECK_FAILS(read(-1, text, 1), EBADF);
    CHECK_EQ(close(fd), 0);
    CHECK_EQ(rill_device_unregister(&line_device), 0);
    return RILL_OK;
}

TEST(files)
{
    CHECK_EQ(run(descriptors), 0);
}

static int kinds(void *arg)
{
    struct stat status;
    (void)arg;
    CHECK_EQ(isatty(0), 1);
    CHECK_EQ(fstat(1, &status), 0);
    CHECK(S_ISCHR(status.st_mode));
    CHECK_EQ(rill_file_open_at(3, &line_device, RILL_FILE_READ), 3);
    CHECK_EQ(isatty(3), 0);
    CHECK_EQ(errno, ENOTTY);
    CHECK_EQ(fstat(3, &status), 0);
    CHECK(S_ISFIFO(status.st_mode));
    CHECK_FAILS(lseek(3, 0, SEEK_SET), ESPIPE);
    CHECK_EQ(close(3), 0);
    CHECK_EQ(isatty(3), 0);
    CHECK_EQ(errno, EBADF);
    CHECK_FAILS(fstat(3, &status), EBADF);
    CHECK_FAILS(lseek(3, 0, SEEK_SET), EBADF);
    return RILL_OK;
}

TEST(kinds_of_files)
{
    CHECK_EQ(run(kinds), 0);
}

// A pipe in place of the keyboard.
static int piped(void *arg)
{
    char text[SIZE];
    (void)arg;
    CHECK_EQ(rill_file_open_at(0, &line_device, RILL_FILE_READ), 0);
    CHECK_EQ(rill_pipe_write_nowait(&line, "one\ntwo\nlast", 12), 12);
    rill_pipe_feed_eof(&line);
    CHECK(fgets(text, sizeof text, stdin) == text && strcmp(text, "one\n") == 0);
    CHECK(fgets(text, 3, stdin) == text && strcmp(text, "tw") == 0);
    CHECK_EQ(getchar(), 'o');
    CHECK_EQ(getchar(), '\n');
    CHECK(fgets(text, sizeof text, stdin) == text && strcmp(text, "last") == 0);
    CHECK(fgets(text, sizeof text, stdin) == NULL);
    CHECK(feof(stdin) != 0 && ferror(stdin) == 0);
    clearerr(stdin);
    CHECK_EQ(rill_file_open_at(0, &rill_device_console, RILL_FILE_READ), 0);
    isr_at(3, type, "keys\n");
    CHECK(fgets(text, sizeof text, stdin) == text && strcmp(text, "keys\n") == 0);
    CHECK_EQ(rill_clock_now(), 3000);
    return RILL_OK;
}

TEST(pipe_as_stdin)
{
    CHECK_EQ(run(piped), 0);
    CHECK_EQ(rill_pipe_init(&line, line_bytes, SIZE), 0);
}

// The console that does not wait.
static int console_nonblock(void *arg)
{
    struct pollfd fd = { 1, POLLOUT, 0 };
    char text[SIZE];
    (void)arg;
    CHECK_EQ(fcntl(0, F_SETFL, O_NONBLOCK), 0);
    CHECK_EQ(fcntl(1, F_SETFL, O_NONBLOCK), 0);
    CHECK_FAILS(read(0, text, sizeof text), EAGAIN);
    wire_stopped = true;
    CHECK_EQ(write(1, "more than the ring", 18), 8);
    CHECK_FAILS(write(1, "x", 1), EAGAIN);
    CHECK_EQ(poll(&fd, 1, 5), 0);
    isr_at(9, send_all, NULL);
    CHECK_EQ(poll(&fd, 1, -1), 1);
    CHECK_EQ(rill_clock_now(), 9000);
    wire_stopped = false;
    CHECK_EQ(write(1, "y", 1), 1);
    CHECK_EQ(fcntl(0, F_SETFL, 0), 0);
    CHECK_EQ(fcntl(1, F_SETFL, 0), 0);
    rill_uart_stop(&rill_board_uart);
    CHECK_EQ(poll(&fd, 1, -1), 1);
    CHECK_EQ(fd.revents, POLLHUP);
    CHECK_FAILS(read(0, text, 1), EPIPE);
    return RILL_OK;
}

TEST(console_without_waiting)
{
    CHECK_EQ(run(console_nonblock), 0);
}

// ---- the library's streams

static int says(void *file)
{
    for (int i = 1; i <= 3; i++) {
        fprintf(file, "%d lines\n", i);
        fflush(file);
    }
    return RILL_OK;
}

// A stream over a pipe that is full most of the time, two tasks that write to it, and a third one that reads.
static int streams(void *arg)
{
    char text[20];
    int sum = 0;
    (void)arg;
    CHECK_EQ(rill_device_register(&line_device), 0);
    FILE *out = fopen("/dev/line", "w"), *in = fopen("/dev/line", "r");
    CHECK(out != NULL && in != NULL && fopen("/dev/none", "r") == NULL);
    CHECK_EQ(errno, ENOENT);
    rill_task_t a = spawn(says, out), b = spawn(says, out);
    for (int i = 0; i < 6; i++) {
        rill_sleep_ms(1);
        CHECK(fgets(text, sizeof text, in) == text && strcmp(text + 1, " lines\n") == 0);
        sum += text[0] - '0';
    }
    CHECK_EQ(sum, 12);
    rill_join(a, NULL);
    rill_join(b, NULL);
    CHECK_EQ(fclose(out), 0);
    CHECK_EQ(fclose(in), 0);
    CHECK_EQ(fcntl(3, F_GETFD), -1);
    CHECK_EQ(rill_device_unregister(&line_device), 0);
    return RILL_OK;
}

TEST(streams_over_a_pipe)
{
    CHECK_EQ(run(streams), 0);
}

// ---- poll and select

static void feed(void *text)
{
    rill_pipe_feed_threadsafe(&other, text, strlen(text));
}

static void open_two(void)
{
    CHECK_EQ(rill_file_open_at(3, &line_device, RILL_FILE_READ | RILL_FILE_WRITE), 3);
    CHECK_EQ(rill_file_open_at(4, &other_device, RILL_FILE_READ | RILL_FILE_WRITE), 4);
}

static int polls(void *arg)
{
    struct pollfd fds[] = { { 0, POLLIN, 0 }, { 3, POLLIN, 0 }, { 4, POLLIN, 0 } };
    char text[SIZE];
    (void)arg;
    open_two();
    CHECK_EQ(poll(fds, 3, 0), 0);
    CHECK_EQ(poll(fds, 3, 10), 0);
    CHECK_EQ(rill_clock_now(), 10000);
    isr_at(12, feed, "x");
    CHECK_EQ(poll(fds, 3, 10), 1);
    CHECK(fds[0].revents == 0 && fds[1].revents == 0 && fds[2].revents == POLLIN);
    CHECK_EQ(rill_clock_now(), 12000);
    CHECK_EQ(read(4, text, 1), 1);
    isr_at(20, type, "key"); // the console
    CHECK_EQ(poll(fds, 3, -1), 1);
    CHECK_EQ(fds[0].revents, POLLIN);
    CHECK_EQ(read(0, text, sizeof text), 3);
    CHECK_EQ(rill_clock_now(), 20000);
    fds[1].events = POLLOUT;
    fds[2].fd = 5;
    CHECK_EQ(poll(fds, 3, -1), 2);
    CHECK(fds[1].revents == POLLOUT && fds[2].revents == POLLNVAL);
    CHECK_FAILS(poll(fds, FILES + 1, 0), EINVAL);
    return RILL_OK;
}

TEST(poll_)
{
    CHECK_EQ(run(polls), 0);
}

static int selects(void *arg)
{
    struct timeval time = { 0, 5000 };
    fd_set reads_, writes;
    char c;
    (void)arg;
    open_two();
    FD_ZERO(&reads_);
    FD_ZERO(&writes);
    FD_SET(3, &reads_);
    FD_SET(4, &reads_);
    CHECK_EQ(select(5, &reads_, &writes, NULL, &time), 0);
    CHECK_EQ(rill_clock_now(), 5000);
    CHECK(!FD_ISSET(3, &reads_) && !FD_ISSET(4, &reads_));
    isr_at(8, feed, "x");
    FD_SET(3, &reads_);
    FD_SET(4, &reads_);
    CHECK_EQ(select(5, &reads_, &writes, NULL, NULL), 1);
    CHECK_EQ(rill_clock_now(), 8000);
    CHECK(!FD_ISSET(3, &reads_) && FD_ISSET(4, &reads_));
    FD_SET(3, &writes);
    CHECK_EQ(select(5, &reads_, &writes, NULL, &time), 2);
    CHECK(FD_ISSET(4, &reads_) && FD_ISSET(3, &writes));
    CHECK_EQ(read(4, &c, 1), 1);
    FD_SET(5, &reads_);
    CHECK_FAILS(select(6, &reads_, NULL, NULL, &time), EBADF);
    time.tv_usec = -1;
    CHECK_FAILS(select(0, NULL, NULL, NULL, &time), EINVAL);
    time = (struct timeval){ 2, 1 };
    CHECK_EQ(select(0, NULL, NULL, NULL, &time), 0); // a sleep
    CHECK_EQ(rill_clock_now(), 2008001);
    return RILL_OK;
}

TEST(select_)
{
    CHECK_EQ(run(selects), 0);
}

// ---- time

static int sleeps(void *arg)
{
    struct timespec time = { 0, 1500001 }, left = { 9, 9 };
    (void)arg;
    CHECK_EQ(usleep(2500), 0);
    CHECK_EQ(rill_clock_now(), 2500);
    CHECK_EQ(nanosleep(&time, &left), 0);
    CHECK_EQ(rill_clock_now(), 4001); // never too short
    CHECK_EQ(sleep(2), 0);
    CHECK_EQ(rill_clock_now(), 2004001);
    time.tv_nsec = 1000000000;
    CHECK_FAILS(nanosleep(&time, NULL), EINVAL);
    time.tv_nsec = -1;
    CHECK_FAILS(nanosleep(&time, NULL), EINVAL);
    return RILL_OK;
}

TEST(sleeping)
{
    CHECK_EQ(run(sleeps), 0);
}

static int sleeper(void *how)
{
    struct timespec time = { 10, 0 }, left;
    int result;
    switch (*(char *)how) {
    case 'u': result = usleep(10000000); break;
    case 's': result = (int)sleep(10); break;
    default:
        result = nanosleep(&time, &left);
        CHECK(left.tv_sec == 9 && left.tv_nsec == 999000000);
    }
    ev("%s %d", (char *)how, result);
    return errno == ECANCELED ? rill_errno_code() : RILL_OK;
}

static int cancel_sleeps(void *arg)
{
    (void)arg;
    for (const char *how = "usn"; *how != '\0'; how++) {
        rill_task_t task = spawn(sleeper, (void *)(uintptr_t)how);
        rill_sleep_ms(1);
        rill_task_cancel(task);
        CHECK_EQ(rill_join(task, NULL), RILL_ECANCELED);
    }
    return RILL_OK;
}

TEST(sleeps_cancelled)
{
    CHECK_EQ(run(cancel_sleeps), 0);
    trace_is("1 usn -1\n2 sn 10\n3 n -1\n");
}

static time_t (*const time_now)(time_t *) = time;

static int clocks(void *arg)
{
    struct timespec time;
    struct timeval day;
    struct tms cpu;
    (void)arg;
    rill_sleep_us(1234567);
    CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &time), 0);
    CHECK(time.tv_sec == 1 && time.tv_nsec == 234567000);
    CHECK_EQ(clock_getres(CLOCK_MONOTONIC, &time), 0);
    CHECK(time.tv_sec == 0 && time.tv_nsec == 1000);
    time = (struct timespec){ 1700000000, 0 };
    CHECK_FAILS(clock_settime(CLOCK_MONOTONIC, &time), EINVAL);
    CHECK_EQ(clock_settime(CLOCK_REALTIME, &time), 0);
    CHECK_EQ(usleep(20), 0);
    CHECK_EQ(gettimeofday(&day, NULL), 0);
    CHECK(day.tv_sec == 1700000000 && day.tv_usec == 20);
    CHECK_EQ(clock_gettime(CLOCK_REALTIME, &time), 0);
    CHECK(time.tv_sec == 1700000000 && time.tv_nsec == 20000);
    CHECK_EQ(time_now(NULL), 1700000000);
    CHECK_EQ(times(&cpu), (clock_t)(rill_clock_now() * CLOCKS_PER_SEC / 1000000));
    CHECK_FAILS(clock_gettime((clockid_t)99, &time), EINVAL);
    CHECK_FAILS(clock_getres((clockid_t)99, &time), EINVAL);
    return RILL_OK;
}

TEST(time_)
{
    CHECK_EQ(run(clocks), 0);
}

// Before the loop runs the core sleeps until it is time; in a callback nothing waits.
static int in_a_callback(void *arg)
{
    CHECK_FAILS(usleep(10), EPERM);
    CHECK_EQ(sleep(3), 3);
    CHECK_FAILS(poll(NULL, 0, 5), EPERM);
    *(bool *)arg = true;
    return RILL_OK;
}

static int calls_back(void *arg)
{
    static rill_handle_t handle = RILL_HANDLE_INIT(NULL, NULL);
    bool called = false;
    (void)arg;
    CHECK_EQ(rill_call_soon(rill_loop_running(), &handle, in_a_callback, &called), 0);
    rill_yield();
    CHECK(called);
    return RILL_OK;
}

TEST(outside_tasks)
{
    test_clock_reset(0);
    CHECK_EQ(usleep(1500), 0);
    CHECK_EQ(rill_clock_now(), 1500);
    CHECK_EQ(sleep(1), 0);
    CHECK_EQ(rill_clock_now(), 1001500);
    CHECK_EQ(run(calls_back), 0);
}

TEST_MAIN("libc_posix", TEST_CASE(scanf_among_others), TEST_CASE(cancelled_scanf), TEST_CASE(readers_together),
          TEST_CASE(characters_together), TEST_CASE(cancelled_in_line), TEST_CASE(files),
          TEST_CASE(kinds_of_files), TEST_CASE(pipe_as_stdin), TEST_CASE(console_without_waiting),
          TEST_CASE(streams_over_a_pipe), TEST_CASE(poll_), TEST_CASE(select_),
          TEST_CASE(sleeping), TEST_CASE(sleeps_cancelled), TEST_CASE(time_), TEST_CASE(outside_tasks))
