// rill-test: real-clock
// The board's console through its interrupts: bytes leave while other tasks run, flush waits for the wire, and all of
// it can be stopped and started again.
//
// The bytes go to the console, between the report's lines: comments for the runner, `# uart ...`.
#include <rill/board.h>
#include <rill/clock.h>
#include <rill/task.h>
#include <rill/timeout.h>
#include <rill/uart.h>

#include "test.h"

#if defined(__unix__) || defined(__linux__)
#define STACK 16384
#else
#define STACK ((sizeof(void *) == 8 ? 1280 : 576) + TEST_FPU_STACK)
#endif

enum { TASKS = 3, BAUD = 115200 };

static rill_tcb_t tcbs[TASKS];
static unsigned char stacks[TASKS][RILL_STACK_ROUND(STACK)] __attribute__((aligned(RILL_STACK_ALIGN)));
static const rill_task_pool_t fresh = RILL_TASK_POOL_INIT(tcbs, stacks, TASKS, RILL_STACK_ROUND(STACK));
static rill_task_pool_t pool;
static rill_uart_t *const port = &rill_board_uart;
RILL_UART_BUFFERS_DEFINE(rings, 16, 24);

static const char line[] = "# uart 0123456789abcdefghijklmnopqrstuvwxyz 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ\n";

enum { LINE = sizeof line - 1, REPEAT = 20 };

static int run(rill_fn_t fn)
{
    pool = fresh;
    rill_loop_init(rill_loop_default());
    CHECK_EQ(rill_uart_start(port, BAUD, &rings), 0);
    int code = rill_run(&pool, fn, NULL, NULL);
    CHECK_EQ(rill_uart_stop(port), 0);
    return code;
}

static int write_lines(void *arg)
{
    rill_uart_stats_t stats;
    (void)arg;
    for (int i = 0; i < REPEAT; i++) {
        size_t accepted;
        CHECK_EQ(rill_uart_write(port, line, LINE, &accepted), LINE);
        CHECK_EQ(accepted, LINE);
    }
    CHECK_EQ(rill_uart_flush(port), 0);
    CHECK(port->ops->tx_idle(port));
    rill_uart_stats(port, &stats);
    CHECK_EQ(stats.tx_bytes, REPEAT * LINE);
    CHECK(stats.tx_high > 0 && stats.tx_high <= 24);
    CHECK_EQ(stats.framing + stats.parity + stats.breaks, 0);
    return 0;
}

TEST(writes_through_interrupts)
{
    uint32_t taken = rill_irq_taken;
    CHECK_EQ(run(write_lines), 0);
    CHECK(rill_irq_taken != taken);
}

// ---- another task runs meanwhile, and two writers do not mix

static int write_more(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(rill_uart_write(port, line, LINE, NULL), LINE);
    }
    return 0;
}

static int two_writers(void *arg)
{
    rill_task_t a, b;
    (void)arg;
    CHECK_EQ(rill_spawn(&pool, write_more, NULL, &a), 0);
    CHECK_EQ(rill_spawn(&pool, write_more, NULL, &b), 0);
    CHECK_EQ(rill_sleep_ms(1), 0);
    CHECK_EQ(rill_join(a, NULL), 0);
    CHECK_EQ(rill_join(b, NULL), 0);
    return rill_uart_flush(port);
}

TEST(two_tasks_write)
{
    rill_uart_stats_t stats;
    CHECK_EQ(run(two_writers), 0);
    rill_uart_stats(port, &stats);
    CHECK_EQ(stats.tx_bytes, 6 * LINE);
}

// ---- nothing is received: a read can be given up

static int read_in_vain(void *arg)
{
    char byte;
    rill_timeout_t limit = { 0 };
    (void)arg;
    CHECK_EQ(rill_uart_read_nowait(port, &byte, 1), RILL_EAGAIN);
    rill_time_t start = rill_clock_now();
    CHECK_EQ(rill_timeout_begin(&limit, RILL_MS(5)), 0);
    CHECK_EQ(rill_timeout_end(&limit, rill_uart_read(port, &byte, 1)), RILL_ETIMEDOUT);
    CHECK(rill_clock_now() - start >= RILL_MS(5));
    return 0;
}

TEST(read_times_out)
{
    CHECK_EQ(run(read_in_vain), 0);
}

TEST(polled_behind_the_ring)
{
    CHECK_EQ(rill_uart_start(port, BAUD, &rings), 0);
    CHECK_EQ(rill_uart_write_nowait(port, "# uart ring ", 12), 12);
    rill_uart_write_polled(port, "polled\n", 7);
    rill_uart_stats_t stats;
    rill_uart_stats(port, &stats);
    CHECK_EQ(stats.tx_bytes, 19);
    CHECK_EQ(rill_uart_start(port, BAUD, &rings), RILL_EBUSY);
    CHECK_EQ(rill_uart_stop(port), 0);
}

TEST_MAIN("uart_hw", TEST_CASE(writes_through_interrupts), TEST_CASE(two_tasks_write), TEST_CASE(read_times_out),
          TEST_CASE(polled_behind_the_ring))
