// From an interrupt to whoever waits for it, and byte streams. The interrupt is one made pending by software.
#include "bench.h"

#include <rill/irq.h>
#include <rill/pipe.h>
#include <rill/signal.h>

enum { N = 10000 };

RILL_TASK_POOL_DEFINE(tasks, 2, BENCH_STACK);
RILL_PIPE_DEFINE(stream, 128);
static rill_signal_t signal = RILL_SIGNAL_INIT;
static rill_completion_t completion = RILL_COMPLETION_INIT;
static rill_future_t future;
static rill_irq_t source;

static void set_signal(void *arg)
{
    (void)arg;
    rill_signal_set_threadsafe(&signal);
}

static void complete(void *arg)
{
    (void)arg;
    rill_future_set_result_threadsafe(&future, &completion, 1);
}

static void post(void *arg)
{
    rill_call_soon_threadsafe(rill_loop_running(), arg);
}

static void nobody(void *arg)
{
    (void)arg;
}

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

// Each waits until it is cancelled.
static int waits_for_signal(void *arg)
{
    (void)arg;
    while (rill_signal_wait(&signal) == 0) {
    }
    return 0;
}

static int marks_signal(void *arg)
{
    (void)arg;
    while (rill_signal_wait(&signal) == 0) {
        bench_to();
    }
    return 0;
}

static int waits_for_future(void *arg)
{
    (void)arg;
    do {
        rill_future_init(&future, rill_loop_running());
    } while (rill_await(&future, NULL) == 0);
    return 0;
}

static int waits_for_line(void *arg)
{
    (void)arg;
    rill_irq_open(&source, rill_board_soft_irq, RILL_IRQ_EDGE);
    while (rill_irq_wait(&source) > 0) {
    }
    return rill_irq_close(&source);
}

static void interrupt(void)
{
    rill_irq_pend(rill_board_soft_irq);
}

// An interrupt's function `isr`, and the task `fn` that it wakes; `isr` NULL: the task has the line itself.
static void measure(const char *operation, rill_isr_t isr, rill_fn_t fn)
{
    rill_task_t task;
    if (isr != NULL) {
        rill_irq_attach(rill_board_soft_irq, isr, NULL);
    }
    rill_spawn(&tasks, fn, NULL, &task);
    rill_yield();
    BENCH(operation, N, interrupt(); rill_yield());
    rill_task_cancel(task);
    rill_join(task, NULL);
    if (isr != NULL) {
        rill_irq_detach(rill_board_soft_irq);
    }
}

// By single steps: from the first instruction of the interrupt's handler to the first of the task that it wakes. The
// task that was interrupted has just made it pending, and yields.
static void to_task(void)
{
    rill_task_t task;
    rill_irq_attach(rill_board_soft_irq, set_signal, NULL);
    rill_spawn(&tasks, marks_signal, NULL, &task);
    rill_yield();
    rill_sleep_us(50); // the alarm set for it comes while it sleeps
    bench_trace("interrupt-to-task", "interrupt", "to");
    bench_trace("masked-outside-sleep", "masked", "awake");
    bench_trace("masked-at-sleep", "masked", "asleep");
    for (int i = 0; i < 3; i++) {
        interrupt();
        rill_yield();
    }
    rill_sleep_us(100);
    bench_trace_end();
    rill_task_cancel(task);
    rill_join(task, NULL);
    rill_irq_detach(rill_board_soft_irq);
}

static int marks(void *arg)
{
    (void)arg;
    bench_to();
    return 0;
}

// A future with a callback, which an interrupt completes: the callback runs an iteration later.
static void complete_future(rill_handle_t *handle)
{
    rill_future_init(&future, rill_loop_running());
    rill_future_add_done_callback(&future, handle, marks, NULL);
    interrupt();
    rill_yield();
    rill_yield();
}

static void to_future_callback(void)
{
    static rill_handle_t handle = RILL_HANDLE_INIT(NULL, NULL);
    rill_irq_attach(rill_board_soft_irq, complete, NULL);
    BENCH("interrupt-to-future-callback-and-back", N, complete_future(&handle));
    bool traced = bench_trace("interrupt-to-future-callback", "interrupt", "to");
    complete_future(&handle);
    if (traced) {
        bench_trace_end();
    }
    rill_irq_detach(rill_board_soft_irq);
}

static void interrupts(void)
{
    static rill_handle_t handle = RILL_HANDLE_INIT(nothing, NULL);
    rill_irq_attach(rill_board_soft_irq, nobody, NULL);
    BENCH("interrupt-alone", N, interrupt());
    rill_irq_detach(rill_board_soft_irq);
    rill_irq_attach(rill_board_soft_irq, post, &handle);
    BENCH("interrupt-to-callback-and-back", N, interrupt(); rill_yield());
    rill_irq_detach(rill_board_soft_irq);
    measure("interrupt-to-task-and-back", set_signal, waits_for_signal);
    measure("interrupt-to-future-and-back", complete, waits_for_future);
    measure("interrupt-to-irq-wait-and-back", NULL, waits_for_line);
    to_task();
    to_future_callback();
}

static void streams(void)
{
    static uint8_t bytes[64];
    BENCH("pipe-write-read-1", N, rill_pipe_write_nowait(&stream, bytes, 1); rill_pipe_read_nowait(&stream, bytes, 1));
    BENCH("pipe-write-read-64", N, rill_pipe_write_nowait(&stream, bytes, 64);
          rill_pipe_read_nowait(&stream, bytes, 64));
    BENCH("pipe-feed-read-1", N, rill_pipe_feed_threadsafe(&stream, bytes, 1);
          rill_pipe_read_nowait(&stream, bytes, 1));
}

static int all(void *arg)
{
    (void)arg;
    interrupts();
    streams();
    bench_put("bench done\n");
    return 0;
}

int main(void)
{
    return rill_run(&tasks, all, NULL, NULL);
}
