// Text to the board's console, from wherever it comes; input from it.
#include "console.h"

#include <rill/executor.h>
#include <rill/lock.h>
#include <rill/task.h>
#include <rill/uart.h>

#include "arch.h"

static rill_lock_t lock; // held by the task that prints

// Masked: saving the state twice gives the same state.
bool console_masked(void)
{
    uintptr_t outer = rill_arch_irq_save();
    uintptr_t inner = rill_arch_irq_save();
    rill_arch_irq_restore(inner);
    rill_arch_irq_restore(outer);
    return inner == outer;
}

bool console_beside_loop(void)
{
    return rill_arch_in_isr() || rill_in_job();
}

bool console_may_wait(void)
{
    return rill_task_current().tcb != NULL && !rill_in_job() && !console_masked();
}

void console_begin(console_text_t *text)
{
    *text = (console_text_t){ .polling = !console_may_wait() };
    if (!text->polling) {
        int error = rill_lock_acquire(&lock);
        text->locked = error == RILL_OK;
        text->polling = error != RILL_OK;
        text->cancelled = error == RILL_ECANCELED;
    }
}

void console_put(console_text_t *text, const void *data, size_t n)
{
    size_t sent = 0;
    if (!text->polling) {
        int result = rill_uart_write(&rill_board_uart, data, n, &sent);
        text->polling = result < 0; // not started, or cancelled
        text->cancelled = text->cancelled || result == RILL_ECANCELED;
    }
    if (text->polling) {
        rill_uart_write_polled(&rill_board_uart, (const char *)data + sent, n - sent);
    }
}

void console_cancel_later(void)
{
    rill_task_t self = rill_task_current();
    rill_value_t message = rill_task_future(self)->value;
    rill_task_uncancel(self);
    rill_task_cancel_msg(self, message);
}

void console_end(console_text_t *text)
{
    if (text->locked) {
        rill_lock_release(&lock);
    }
    if (text->cancelled) {
        console_cancel_later();
    }
}

void console_write(const void *data, size_t n)
{
    console_text_t text;
    console_begin(&text);
    console_put(&text, data, n);
    console_end(&text);
}
