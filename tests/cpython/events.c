// CPython 3.13 test_events.py: rules L1-L16, TH1. A file descriptor or a signal is an interrupt line here.
// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
#include <rill/board.h>
#include <rill/executor.h>
#include <rill/irq.h>

#include "arch.h"
#include "misc.h"

static unsigned calls;

static void setup(void)
{
    test_clock_reset(0);
    new_loop();
    results[0] = '\0';
    calls = 0;
}

static rill_task_t create_task(rill_fn_t fn, void *arg)
{
    const rill_spawn_options_t options = { .loop = &lp };
    rill_task_t task = RILL_NO_TASK;
    CHECK_EQ(rill_spawn_with(&pool, fn, arg, &options, &task), 0);
    return task;
}

// run_until_complete(fn(arg))
static int complete(rill_fn_t fn, void *arg)
{
    return rill_run_until_complete(&lp, rill_task_future(create_task(fn, arg)), NULL);
}

static int nest(void *arg)
{
    rill_future_t future = RILL_FUTURE_INIT;
    (void)arg;
    CHECK(rill_loop_running() == &lp);
    return rill_run_until_complete(&lp, &future, NULL);
}

TEST(test_run_until_complete_nesting)
{
    setup();
    CHECK_EQ(complete(nest, NULL), RILL_EPERM);
}

static int sleep_for(void *ms)
{
    return rill_sleep_ms((uint32_t)INT(ms));
}

TEST(test_run_until_complete)
{
    setup();
    CHECK_EQ(complete(sleep_for, PTR(100)), 0);
    CHECK_EQ(rill_loop_time(), RILL_MS(100));
}

static int stop_and_sleep(void *arg)
{
    stop_loop(arg);
    return rill_sleep_ms(100);
}

TEST(test_run_until_complete_stopped)
{
    setup();
    CHECK_EQ(complete(stop_and_sleep, NULL), RILL_EPERM);
}

static int add_and_stop(void *item)
{
    add(*(const char *)item);
    return stop_loop(NULL);
}

TEST(test_call_later)
{
    setup();
    later(100, add_and_stop, "h");
    CHECK_EQ(rill_run_forever(&lp), 0);
    RESULTS("h");
}

TEST(test_call_soon)
{
    setup();
    soon(add_and_stop, "h");
    CHECK_EQ(rill_run_forever(&lp), 0);
    RESULTS("h");
}

static int stop_after_two(void *item)
{
    add(*(const char *)item);
    return strlen(results) >= 2 ? stop_loop(NULL) : 0;
}

static rill_handle_t hello = RILL_HANDLE_INIT(stop_after_two, "h");

static void post(void *handle)
{
    CHECK_EQ(rill_call_soon_threadsafe(&lp, handle), 1);
}

// The other thread is an interrupt.
TEST(test_call_soon_threadsafe)
{
    setup();
    isr_now(post, &hello);
    soon(stop_after_two, "w");
    CHECK_EQ(rill_run_forever(&lp), 0);
    CHECK(count_of('h') == 1 && count_of('w') == 1);
}

TEST(test_call_soon_threadsafe_same_thread)
{
    setup();
    post(&hello);
    soon(stop_after_two, "w");
    CHECK_EQ(rill_run_forever(&lp), 0);
    RESULTS("hw");
}

// ---- lines. An interrupt controller that cannot make a line pending by software has its handler called.

static unsigned free_line(void)
{
    unsigned line = rill_irq_count;
    do { // bound: lines of the board
        line--;
    } while (line == rill_board_soft_irq || rill_irq_table[line].isr != NULL);
    return line;
}

static void fire(const rill_irq_t *irq)
{
    if (rill_irq_pend(irq->line) == RILL_EPERM && !irq->masked) {
        rill_irq_dispatch(irq->line);
    }
}

static rill_irq_t source;
static struct device {
    const char *data; // what has arrived; NULL: the other side has closed
    unsigned n;
} device;

static int send_abc(void *arg)
{
    (void)arg;
    device = (struct device){ "abc", 3 };
    fire(&source);
    return 0;
}

static int send_def(void *arg)
{
    (void)arg;
    device = (struct device){ "def", 3 };
    fire(&source);
    return 0;
}

static int send_end(void *arg)
{
    (void)arg;
    device = (struct device){ NULL, 0 };
    fire(&source);
    return 0;
}

static int reader(void *arg)
{
    (void)arg;
    if (device.data == NULL) {
        CHECK_EQ(rill_irq_close(&source), 0);
        return 0;
    }
    for (; device.n > 0; device.n--) {
        add(*device.data++);
    }
    return 0;
}

TEST(test_reader_callback)
{
    setup();
    memset(&source, 0, sizeof source);
    CHECK_EQ(rill_irq_open_callback(&source, free_line(), RILL_IRQ_LEVEL, &lp, reader, NULL), 0);
    soon(send_abc, NULL);
    later(1, stop_loop, NULL);
    CHECK_EQ(rill_run_forever(&lp), 0);
    RESULTS("abc");
    soon(send_def, NULL);
    later(1, stop_loop, NULL);
    CHECK_EQ(rill_run_forever(&lp), 0);
    soon(send_end, NULL);
    later(1, stop_loop, NULL);
    CHECK_EQ(rill_run_forever(&lp), 0);
    RESULTS("abcdef");
    CHECK_EQ(rill_irq_close(&source), RILL_ENOENT);
}

// There is room in the transmitter.
static int writer(void *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        add(*at);
    }
    return stop_loop(NULL);
}

TEST(test_writer_callback)
{
    setup();
    memset(&source, 0, sizeof source);
    CHECK_EQ(rill_irq_open_callback(&source, free_line(), RILL_IRQ_EDGE, &lp, writer, "xxxx"), 0);
    fire(&source);
    CHECK_EQ(rill_run_forever(&lp), 0);
    CHECK_EQ(rill_irq_close(&source), 0);
    CHECK_EQ(rill_irq_close(&source), RILL_ENOENT);
    RESULTS("xxxx");
}

static int count_and_stop(void *arg)
{
    calls++;
    if (arg != NULL) {
        CHECK_EQ(INT(arg), 42);
    }
    return stop_loop(NULL);
}

TEST(test_add_signal_handler)
{
    setup();
    unsigned line = free_line();
    memset(&source, 0, sizeof source);
    CHECK_EQ(rill_irq_open_callback(&source, line, RILL_IRQ_EDGE, &lp, NULL, NULL), RILL_EINVAL);
    CHECK_EQ(rill_irq_open_callback(&source, rill_irq_count, RILL_IRQ_EDGE, &lp, count_and_stop, NULL), RILL_EINVAL);
    CHECK_EQ(rill_irq_open_callback(&source, (unsigned)-1, RILL_IRQ_EDGE, &lp, count_and_stop, NULL), RILL_EINVAL);
    CHECK_EQ(rill_irq_detach((unsigned)-1), RILL_EINVAL);
    CHECK_EQ(rill_irq_close(&source), RILL_ENOENT);
    CHECK_EQ(rill_irq_open_callback(&source, line, RILL_IRQ_EDGE, &lp, count_and_stop, NULL), 0);
    fire(&source);
    CHECK_EQ(rill_run_forever(&lp), 0);
    CHECK_EQ(calls, 1);
    CHECK_EQ(rill_irq_close(&source), 0);
    CHECK(rill_irq_table[line].isr == NULL);
    CHECK_EQ(rill_irq_close(&source), RILL_ENOENT);
}

static void fire_source(void *arg)
{
    (void)arg;
    fire(&source);
}

static void signal_at(uint32_t ms, void *arg)
{
    memset(&source, 0, sizeof source);
    CHECK_EQ(rill_irq_open_callback(&source, free_line(), RILL_IRQ_EDGE, &lp, count_and_stop, arg), 0);
    isr_at(ms, fire_source, NULL);
    rill_timer_t *limit = later(60000, stop_loop, NULL);
    CHECK_EQ(rill_run_forever(&lp), 0);
    CHECK_EQ(calls, 1);
    CHECK_EQ(rill_loop_time(), RILL_MS(ms));
    rill_timer_cancel(&lp, limit);
    CHECK_EQ(rill_irq_close(&source), 0);
}

// It comes while the processor sleeps.
TEST(test_signal_handling_while_selecting)
{
    setup();
    signal_at(10, NULL);
}

TEST(test_signal_handling_args)
{
    setup();
    signal_at(100, PTR(42));
}

// ---- the loop

static rill_task_t receiving;

static int receive(void *arg)
{
    (void)arg;
    return rill_irq_wait(&source);
}

static int cancel_receiving(void *arg)
{
    (void)arg;
    soon(cancel_it, &receiving);
    int code = wait_end(receiving);
    stop_loop(NULL);
    return code == RILL_ECANCELED ? 7 : 0;
}

TEST(test_prompt_cancellation)
{
    setup();
    memset(&source, 0, sizeof source);
    CHECK_EQ(rill_irq_open(&source, free_line(), RILL_IRQ_LEVEL), 0);
    receiving = create_task(receive, NULL);
    rill_task_t t = create_task(cancel_receiving, NULL);
    CHECK_EQ(rill_run_forever(&lp), 0);
    CHECK_EQ(result_of(t), 7);
    CHECK_EQ(result_of(receiving), RILL_ECANCELED);
    CHECK_EQ(rill_irq_close(&source), 0);
}

static int sleep_shorter(void *arg)
{
    (void)arg;
    rill_sleep_us(10000);
    rill_sleep_us(100);
    rill_sleep_us(1);
    rill_sleep_us(0);
    return rill_sleep_us(0);
}

// No deadline costs a wake-up too many.
TEST(test_timeout_rounding)
{
    setup();
    test_wakeups = 0;
    CHECK_EQ(complete(sleep_shorter, NULL), 0);
    CHECK_EQ(test_wakeups, 3);
    CHECK_EQ(rill_loop_time(), 10101);
}

static int close_loop(void *arg)
{
    (void)arg;
    return rill_loop_close(&lp);
}

TEST(test_close_running_event_loop)
{
    setup();
    CHECK_EQ(complete(close_loop, NULL), RILL_EPERM);
    CHECK_EQ(rill_loop_close(&lp), 0);
}

static void never_wake(rill_executor_t *executor)
{
    (void)executor;
}

TEST(test_close)
{
    rill_future_t fut = RILL_FUTURE_INIT;
    rill_handle_t handle = RILL_HANDLE_INIT(stop_loop, NULL);
    rill_timer_t timer = RILL_TIMER_INIT;
    rill_irq_t irq = { .open = 0 };
    const rill_spawn_options_t options = { .loop = &lp };
    rill_executor_t executor;
    rill_job_t job = RILL_JOB_INIT;
    setup();
    CHECK_EQ(rill_executor_init(&executor, never_wake), 0);
    CHECK_EQ(rill_loop_close(&lp), 0);
    CHECK_EQ(rill_run_forever(&lp), RILL_EPERM);
    CHECK_EQ(rill_run_until_complete(&lp, &fut, NULL), RILL_EPERM);
    CHECK_EQ(rill_call_soon(&lp, &handle, stop_loop, NULL), RILL_EPERM);
    CHECK_EQ(rill_call_soon_threadsafe(&lp, &handle), RILL_EPERM);
    CHECK_EQ(rill_call_later(&lp, &timer, 1000, stop_loop, NULL), RILL_EPERM);
    CHECK_EQ(rill_call_at(&lp, &timer, 0, stop_loop, NULL), RILL_EPERM);
    CHECK_EQ(rill_spawn_with(&pool, sleep_for, NULL, &options, NULL), RILL_EPERM);
    CHECK_EQ(rill_irq_open_callback(&irq, free_line(), RILL_IRQ_EDGE, &lp, stop_loop, NULL), RILL_EPERM);
    CHECK_EQ(rill_run_in_executor(&lp, &executor, &job, sleep_for, NULL), RILL_EPERM);
}

// ---- HandleTests, TimerTests

TEST(test_handle)
{
    rill_handle_t h;
    setup();
    rill_handle_init(&h, stop_after_two, "x");
    CHECK(h.node.fn == stop_after_two && h.arg != NULL);
    CHECK_EQ(rill_handle_cancel(&lp, &h), 0); // it is not scheduled
    post(&h);
    CHECK_EQ(rill_handle_cancel(&lp, &h), 1);
    CHECK_EQ(rill_handle_cancel(&lp, &h), 0);
}

static int raise_error(void *arg)
{
    (void)arg;
    return RILL_EINVAL;
}

TEST(test_callback_with_exception)
{
    setup();
    soon(raise_error, NULL);
    soon(stop_loop, NULL);
    CHECK_EQ(rill_run_forever(&lp), 0);
    trace_is("0 HANDLER exception in callback EINVAL\n");
}

TEST(test_when)
{
    setup();
    rill_timer_t *h = at(1234, stop_loop, NULL);
    CHECK_EQ(h->when, RILL_MS(1234));
}

TEST(test_timer)
{
    setup();
    rill_timer_t *h = later(1234, add_and_stop, "x");
    CHECK(h->handle.node.fn == add_and_stop && h->handle.arg != NULL);
    CHECK_EQ(rill_timer_cancel(&lp, h), 1);
    CHECK_EQ(rill_timer_cancel(&lp, h), 0);
    later(2000, stop_loop, NULL);
    CHECK_EQ(rill_run_forever(&lp), 0);
    RESULTS("");
}

// Timers compare by deadline; equal ones keep the order in which they were armed.
TEST(test_timer_comparison)
{
    setup();
    later(10010, add_and_stop, "z");
    later(10, stop_after_two, "a");
    rill_timer_t *gone = later(10, stop_after_two, "b");
    later(10, stop_after_two, "c");
    rill_timer_cancel(&lp, gone);
    CHECK_EQ(rill_run_forever(&lp), 0);
    RESULTS("ac");
    CHECK_EQ(rill_run_forever(&lp), 0);
    RESULTS("acz");
}

// ---- GetEventLoopTestsMixin

static int running_is(void *loop)
{
    CHECK(rill_loop_running() == loop);
    CHECK(rill_loop_default() != loop);
    return 0;
}

TEST(test_get_event_loop_returns_running_loop)
{
    setup();
    CHECK(rill_loop_running() == NULL);
    CHECK_EQ(complete(running_is, &lp), 0);
    CHECK(rill_loop_running() == NULL);
}

// The default loop stays the default, whichever runs.
TEST(test_get_event_loop_returns_running_loop2)
{
    setup();
    rill_loop_t *standard = rill_loop_default();
    CHECK(rill_loop_running() == NULL);
    CHECK_EQ(complete(running_is, &lp), 0);
    CHECK(rill_loop_default() == standard);
    CHECK_EQ(rill_loop_close(&lp), 0);
    CHECK(rill_loop_running() == NULL);
}

TEST_MAIN("cpython_events",
    TEST_CASE(test_run_until_complete_nesting),
    TEST_CASE(test_run_until_complete),
    TEST_CASE(test_run_until_complete_stopped),
    TEST_CASE(test_call_later),
    TEST_CASE(test_call_soon),
    TEST_CASE(test_call_soon_threadsafe),
    TEST_CASE(test_call_soon_threadsafe_same_thread),
    TEST_CASE(test_reader_callback),
    TEST_CASE(test_writer_callback),
    TEST_CASE(test_add_signal_handler),
    TEST_CASE(test_signal_handling_while_selecting),
    TEST_CASE(test_signal_handling_args),
    TEST_CASE(test_prompt_cancellation),
    TEST_CASE(test_timeout_rounding),
    TEST_CASE(test_close_running_event_loop),
    TEST_CASE(test_close),
    TEST_CASE(test_handle),
    TEST_CASE(test_callback_with_exception),
    TEST_CASE(test_when),
    TEST_CASE(test_timer),
    TEST_CASE(test_timer_comparison),
    TEST_CASE(test_get_event_loop_returns_running_loop),
    TEST_CASE(test_get_event_loop_returns_running_loop2))
