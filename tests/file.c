// rill-test: min-ram=16
// The table of descriptors over pipes and a device of the test's: reading, writing, O_NONBLOCK, poll, errors.
#include <limits.h>

#include <rill/executor.h>
#include <rill/file.h>
#include <rill/libc.h>

#include "beyond.h"

enum { FILES = 6, SIZE = 8 };

RILL_FILES_DEFINE(FILES);

static uint8_t ring_a[SIZE], ring_b[SIZE];
static rill_pipe_t pipe_a, pipe_b;
static rill_device_t device_a = RILL_DEVICE_PIPE("/dev/a", &pipe_a);
static rill_device_t device_b = RILL_DEVICE_PIPE("/dev/b", &pipe_b);
static rill_device_t again_a = RILL_DEVICE_PIPE("/dev/again", &pipe_a);
static int a, b; // descriptors of the two

// ---- a device of the application's

static int opened, closed, refusal;

static int counted_open(rill_device_t *device, unsigned flags)
{
    CHECK_EQ(*(int *)device->object, 7);
    opened += flags != 0;
    return refusal;
}

static int counted_close(rill_device_t *device)
{
    (void)device;
    closed++;
    return RILL_EIO;
}

static int counted_ioctl(rill_device_t *device, unsigned long request, void *arg)
{
    *(int *)arg = *(int *)device->object;
    return request == 5 ? 6 : RILL_ENOTTY;
}

static const rill_device_ops_t counted_ops = {
    .open = counted_open, .close = counted_close, .ioctl = counted_ioctl, .terminal = true,
};
static int seven = 7;
static rill_device_t counted = RILL_DEVICE_INIT("/dev/counted", &counted_ops, &seven);

// ---- each run: two pipes, open

static int run_open(rill_fn_t fn)
{
    unsigned both = RILL_FILE_READ | RILL_FILE_WRITE;
    CHECK_EQ(rill_pipe_init(&pipe_a, ring_a, SIZE), 0);
    CHECK_EQ(rill_pipe_init(&pipe_b, ring_b, SIZE), 0);
    CHECK_EQ(rill_device_register(&device_a), 0);
    CHECK_EQ(rill_device_register(&device_b), 0);
    a = rill_file_open("/dev/a", both);
    b = rill_file_open("/dev/b", both);
    int error = run(fn);
    CHECK(device_a.polls == NULL && device_b.polls == NULL && pipe_a.notify == NULL && pipe_b.notify == NULL);
    rill_file_close(a);
    rill_file_close(b);
    CHECK_EQ(rill_device_unregister(&device_a), 0);
    CHECK_EQ(rill_device_unregister(&device_b), 0);
    return error;
}

static void feed(void *text)
{
    rill_pipe_feed_threadsafe(&pipe_a, text, strlen(text));
}

static void feed_b(void *text)
{
    rill_pipe_feed_threadsafe(&pipe_b, text, strlen(text));
}

// ---- the table

TEST(table)
{
    unsigned both = RILL_FILE_READ | RILL_FILE_WRITE;
    CHECK_EQ(rill_file_open("/dev/counted", both), RILL_ENOENT);
    CHECK_EQ(rill_device_register(&counted), 0);
    CHECK_EQ(rill_device_register(&counted), RILL_EBUSY);
    CHECK_EQ(rill_file_open(NULL, both), RILL_EINVAL);
    CHECK_EQ(rill_file_open("/dev/counted", RILL_FILE_NONBLOCK), RILL_EINVAL);
    for (int fd = 3; fd < FILES; fd++) {
        CHECK_EQ(rill_file_open("/dev/counted", both), fd);
    }
    CHECK_EQ(rill_file_open("/dev/counted", both), RILL_EMFILE);
    CHECK_EQ(opened, 3);
    CHECK_EQ(rill_file_close(4), RILL_EIO);
    CHECK_EQ(rill_file_close(4), RILL_EBADF);
    CHECK_EQ(rill_file_open("/dev/counted", RILL_FILE_READ), 4); // the lowest
    CHECK_EQ(rill_file_open_at(FILES, &counted, both), RILL_EBADF);
    CHECK_EQ(rill_file_open_at(4, NULL, both), RILL_EINVAL);
    CHECK_EQ(rill_file_open_at(4, &counted, both), 4);
    CHECK_EQ(closed, 2);
    for (int fd = 3; fd < FILES; fd++) {
        rill_file_close(fd);
    }
    refusal = RILL_EBUSY;
    CHECK_EQ(rill_file_open("/dev/counted", both), RILL_EBUSY);
    CHECK_EQ(rill_file_flags(3), RILL_EBADF); // nothing was taken
    refusal = 0;
    CHECK_EQ(rill_device_unregister(&counted), 0);
    CHECK_EQ(rill_device_unregister(&counted), RILL_ENOENT);
}

TEST(requests)
{
    int number = 0;
    CHECK_EQ(rill_file_open_at(3, &counted, RILL_FILE_READ), 3);
    CHECK_EQ(rill_file_ioctl(3, 5, &number), 6);
    CHECK_EQ(number, 7);
    CHECK_EQ(rill_file_ioctl(3, 4, &number), RILL_ENOTTY);
    CHECK_EQ(rill_file_ioctl(9, 5, &number), RILL_EBADF);
    CHECK_EQ(rill_file_is_terminal(3), 1);
    CHECK_EQ(rill_file_is_terminal(-1), RILL_EBADF);
    CHECK_EQ(rill_file_read(3, &number, 1), RILL_EINVAL); // it cannot
    CHECK_EQ(rill_file_write(3, &number, 1), RILL_EBADF);
    CHECK_EQ(rill_file_write(0, "x", 1), RILL_EBADF); // the console's input
    CHECK_EQ(rill_file_read(1, &number, 1), RILL_EBADF);
    rill_file_close(3);
    CHECK_EQ(rill_file_read(3, &number, 1), RILL_EBADF);
}

// ---- reading and writing

static int read_text(int fd)
{
    char text[20] = "";
    int n = rill_file_read(fd, text, sizeof text - 1);
    ev("read %d '%s'", n, text);
    return n;
}

static int reader(void *fd)
{
    return read_text(*(int *)fd);
}

static int writer(void *text)
{
    int n = rill_file_write(a, text, strlen(text));
    ev("wrote %d", n);
    return n;
}

static int streams(void *arg)
{
    (void)arg;
    isr_at(5, feed, "isr");
    read_text(a);
    rill_task_t task = spawn(writer, "more than the ring");
    rill_sleep_ms(1);
    read_text(a);
    rill_sleep_ms(1);
    read_text(a);
    read_text(a);
    rill_join(task, NULL);
    CHECK_EQ(rill_file_read(a, NULL, 0), 0);
    CHECK_EQ(rill_file_read(a, NULL, 1), RILL_EINVAL);
    CHECK_EQ(rill_file_write(a, "x", (size_t)INT_MAX + 1), RILL_EINVAL);
    rill_pipe_feed_eof(&pipe_a);
    read_text(a);
    CHECK_EQ(rill_file_write(a, "x", 1), RILL_EPIPE);
    return RILL_OK;
}

TEST(waits)
{
    CHECK_EQ(run_open(streams), 0);
    trace_is("5 read 3 'isr'\n"
             "6 read 8 'more tha'\n"
             "7 read 8 'n the ri'\n"
             "7 wrote 18\n"
             "7 read 2 'ng'\n"
             "7 read 0 ''\n");
}

static int nonblocking(void *arg)
{
    int n = -1;
    (void)arg;
    CHECK_EQ(rill_file_flags(a), RILL_FILE_READ | RILL_FILE_WRITE);
    CHECK_EQ(rill_file_set_nonblock(a, true), 0);
    CHECK_EQ(rill_file_flags(a), RILL_FILE_READ | RILL_FILE_WRITE | RILL_FILE_NONBLOCK);
    CHECK_EQ(read_text(a), RILL_EAGAIN);
    CHECK_EQ(rill_file_write(a, "0123456789", 10), SIZE);
    CHECK_EQ(rill_file_write(a, "x", 1), RILL_EAGAIN);
    CHECK_EQ(rill_file_ioctl(a, RILL_FIONREAD, &n), 0);
    CHECK_EQ(n, SIZE);
    CHECK_EQ(rill_file_ioctl(a, RILL_FIONREAD, NULL), RILL_EINVAL);
    CHECK_EQ(rill_file_ioctl(a, 1, &n), RILL_ENOTTY);
    CHECK_EQ(rill_file_set_nonblock(a, false), 0);
    CHECK_EQ(read_text(a), SIZE);
    CHECK_EQ(rill_file_set_nonblock(9, true), RILL_EBADF);
    return RILL_OK;
}

TEST(nonblock)
{
    CHECK_EQ(run_open(nonblocking), 0);
    trace_is("0 read -11 ''\n0 read 8 '01234567'\n");
}

static int cancels(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(reader, &a);
    rill_sleep_ms(3);
    rill_task_cancel(task);
    CHECK_EQ(rill_join(task, NULL), RILL_ECANCELED);
    feed("abc");
    read_text(a); // as good as before
    task = spawn(writer, "twelve bytes");
    rill_sleep_ms(1);
    rill_task_cancel(task);
    CHECK_EQ(rill_join(task, NULL), RILL_ECANCELED); // it ended before it was told (T6)
    read_text(a);
    return RILL_OK;
}

// What a cancelled write has written it reports; the request is delivered at the next wait.
static int cancelled_writer(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_file_write(a, "twelve bytes", 12), SIZE);
    CHECK_EQ(rill_task_cancelling(rill_task_current()), 1);
    return rill_sleep_ms(1);
}

static int cancels_writer(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(cancelled_writer, NULL);
    rill_sleep_ms(1);
    rill_task_cancel(task);
    CHECK_EQ(rill_join(task, NULL), RILL_ECANCELED);
    return RILL_OK;
}

TEST(cancellation)
{
    CHECK_EQ(run_open(cancels), 0);
    trace_is("3 read -125 ''\n"
             "3 read 3 'abc'\n"
             "4 wrote 8\n"
             "4 read 8 'twelve b'\n");
    CHECK_EQ(run_open(cancels_writer), 0);
}

// ---- poll

static int poll_two(rill_time_t timeout)
{
    rill_poll_t fds[] = { { a, RILL_POLL_IN, 99 }, { -1, RILL_POLL_IN, 99 }, { b, RILL_POLL_IN, 99 } };
    int n = rill_file_poll(fds, 3, timeout);
    ev("poll %d: %d %d %d", n, fds[0].revents, fds[1].revents, fds[2].revents);
    return n;
}

static int polls(void *arg)
{
    (void)arg;
    poll_two(0);
    poll_two(RILL_MS(10));
    isr_at(15, feed_b, "b");
    poll_two(RILL_MS(10)); // before the time is over
    isr_at(20, feed, "a");
    rill_sleep_until(RILL_MS(25));
    poll_two(RILL_NEVER); // both are there
    read_text(a);
    read_text(b);
    rill_pipe_feed_eof(&pipe_a);
    rill_pipe_set_exception(&pipe_b, RILL_EIO);
    poll_two(RILL_NEVER); // asked for or not
    return RILL_OK;
}

TEST(poll)
{
    CHECK_EQ(run_open(polls), 0);
    trace_is("0 poll 0: 0 0 0\n"
             "10 poll 0: 0 0 0\n"
             "15 poll 1: 0 0 1\n"
             "25 poll 2: 1 0 1\n"
             "25 read 1 'a'\n"
             "25 read 1 'b'\n"
             "25 poll 2: 16 0 8\n");
}

static int poll_out(void *arg)
{
    rill_poll_t fd = { a, RILL_POLL_OUT, 0 };
    (void)arg;
    CHECK_EQ(rill_file_poll(&fd, 1, RILL_NEVER), 1);
    CHECK_EQ(rill_file_write(a, "12345678", 8), 8);
    rill_sleep_ms(1);
    ev("full");
    CHECK_EQ(rill_file_poll(&fd, 1, RILL_NEVER), 1);
    ev("room %d", fd.revents);
    return RILL_OK;
}

static int polls_out(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(poll_out, NULL);
    rill_sleep_ms(5);
    read_text(a);
    return rill_join(task, NULL);
}

TEST(poll_for_room)
{
    CHECK_EQ(run_open(polls_out), 0);
    trace_is("1 full\n5 read 8 '12345678'\n5 room 4\n");
}

static int poller(void *arg)
{
    (void)arg;
    return poll_two(RILL_NEVER);
}

// Several poll the same pipe; one of them is cancelled; a third one reads what they were told of.
static int poll_together(void *arg)
{
    (void)arg;
    rill_task_t one = spawn(poller, NULL), two = spawn(poller, NULL), three = spawn(poller, NULL);
    rill_sleep_ms(1);
    rill_task_cancel(two);
    isr_at(2, feed, "x");
    CHECK_EQ(rill_join(two, NULL), RILL_ECANCELED);
    CHECK_EQ(rill_join(one, NULL), RILL_OK);
    CHECK_EQ(rill_join(three, NULL), RILL_OK);
    read_text(a);
    one = spawn(poller, NULL);
    two = spawn(reader, &a); // in front of it when the byte comes
    rill_sleep_ms(1);
    isr_at(4, feed, "y");
    rill_sleep_ms(2);
    feed_b("z");
    rill_join(two, NULL);
    return rill_join(one, NULL) == RILL_OK ? RILL_OK : RILL_EIO;
}

TEST(poll_together_)
{
    CHECK_EQ(run_open(poll_together), 0);
    trace_is("1 poll -125: 0 0 0\n"
             "2 poll 1: 1 0 0\n"
             "2 poll 1: 1 0 0\n"
             "2 read 1 'x'\n"
             "4 read 1 'y'\n"
             "5 poll 1: 0 0 1\n");
}

static int poll_callback(void *arg)
{
    rill_poll_t fd = { a, RILL_POLL_IN, 0 };
    char c;
    (void)arg;
    CHECK_EQ(rill_file_poll(&fd, 1, RILL_MS(1)), RILL_EPERM);
    CHECK_EQ(rill_file_poll(&fd, 1, 0), 0);
    CHECK_EQ(rill_file_read(a, &c, 1), RILL_EAGAIN);
    CHECK_EQ(rill_file_write(a, "0123456789", 10), SIZE);
    CHECK_EQ(rill_file_poll(&fd, 1, RILL_MS(1)), 1);
    errors++;
    return RILL_OK;
}

static int in_isr_read, in_isr_write, in_isr_open;

static void calls_in_isr(void *arg)
{
    char c;
    (void)arg;
    in_isr_read = rill_file_read(a, &c, 1);
    in_isr_write = rill_file_write(a, &c, 1);
    in_isr_open = rill_file_open("/dev/a", RILL_FILE_READ);
}

static void no_wake(rill_executor_t *unused)
{
    (void)unused;
}

static int job_fn(void *arg)
{
    rill_poll_t fd = { a, RILL_POLL_IN, 0 };
    calls_in_isr(arg);
    CHECK_EQ(rill_file_poll(&fd, 1, RILL_NEVER), RILL_EPERM);
    CHECK_EQ(rill_delay_us(10), RILL_EPERM);
    return RILL_OK;
}

// A job runs beside the loop, even where it was a task that took it.
static void in_job(void)
{
    static rill_executor_t executor;
    static rill_job_t job;
    in_isr_read = in_isr_write = in_isr_open = 0;
    CHECK_EQ(rill_executor_init(&executor, no_wake), 0);
    CHECK_EQ(rill_run_in_executor(NULL, &executor, &job, job_fn, NULL), 0);
    CHECK(!rill_in_job());
    rill_job_run(rill_executor_take(&executor));
    CHECK_EQ(rill_await(&job.future, NULL), 0);
    CHECK_EQ(in_isr_read, RILL_EPERM);
    CHECK_EQ(in_isr_write, RILL_EPERM);
    CHECK_EQ(in_isr_open, RILL_EPERM);
}

static int elsewhere(void *arg)
{
    rill_poll_t fds[FILES + 1] = { { 9, 0, 0 } };
    (void)arg;
    in_callback(poll_callback, NULL);
    isr_now(calls_in_isr, NULL);
    CHECK_EQ(in_isr_read, RILL_EPERM);
    CHECK_EQ(in_isr_write, RILL_EPERM);
    CHECK_EQ(in_isr_open, RILL_EPERM);
    in_job();
    CHECK_EQ(rill_file_poll(fds, FILES + 1, 0), RILL_EINVAL);
    CHECK_EQ(rill_file_poll(NULL, 1, 0), RILL_EINVAL);
    CHECK_EQ(rill_file_poll(fds, 1, RILL_NEVER), 1);
    CHECK_EQ(fds[0].revents, RILL_POLL_NVAL);
    CHECK_EQ(rill_file_poll(NULL, 0, RILL_MS(7)), 0); // a sleep
    CHECK_EQ(rill_loop_time(), 7000);
    return RILL_OK;
}

TEST(outside_tasks)
{
    CHECK_EQ(run_open(elsewhere), 0);
}

static int poll_again(void *arg)
{
    rill_poll_t fd = { 5, RILL_POLL_IN, 0 };
    (void)arg;
    rill_task_t task = spawn(poller, NULL);
    rill_yield();
    CHECK_EQ(rill_file_open_at(5, &again_a, RILL_FILE_READ), 5);
    CHECK_EQ(rill_file_poll(&fd, 1, RILL_MS(1)), RILL_EBUSY);
    rill_file_close(5);
    feed("x");
    return rill_join(task, NULL);
}

// The same stream as another device: an error, not a poll that is never told.
TEST(poll_twice)
{
    CHECK_EQ(run_open(poll_again), 0);
    trace_is("0 poll 1: 1 0 0\n");
}

static int port_not_started(void *arg)
{
    static rill_device_t device = RILL_DEVICE_UART("/dev/port", &rill_board_uart);
    char c = 'x';
    (void)arg;
    CHECK_EQ(rill_device_register(&device), 0);
    int fd = rill_file_open("/dev/port", RILL_FILE_READ | RILL_FILE_WRITE);
    CHECK(fd >= 3);
    CHECK_EQ(rill_file_read(fd, &c, 1), RILL_EPIPE);
    CHECK_EQ(rill_file_close(fd), 0);
    CHECK_EQ(rill_file_open("/dev/nothing", RILL_FILE_READ), RILL_ENOENT);
    CHECK_EQ(rill_device_unregister(&device), 0);
    CHECK_EQ(rill_device_unregister(&device), RILL_ENOENT);
    return 0;
}

TEST(port)
{
    CHECK_EQ(run(port_not_started), 0);
}

TEST_MAIN("file", TEST_CASE(table), TEST_CASE(requests), TEST_CASE(waits), TEST_CASE(nonblock),
          TEST_CASE(cancellation), TEST_CASE(poll), TEST_CASE(poll_for_room), TEST_CASE(poll_together_),
          TEST_CASE(outside_tasks), TEST_CASE(poll_twice), TEST_CASE(port))
