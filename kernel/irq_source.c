// Sources: a line that a task waits for, or that has a callback.
//
// `count` is written by the ISR only and `seen` by the loop only, so neither needs more than a load and a store. The
// ISR counts before it sets the signal: a task that finds nothing new and then waits for the signal cannot miss one
// (signal.c).
#include <rill/irq.h>

#include "kernel.h"

static void occurred(void *arg)
{
    rill_irq_t *irq = arg;
    if (irq->level) {
        rill_arch_irq_disable(irq->line);
        irq->masked = 1;
    }
    irq->count++;
    if (irq->fn != NULL) {
        post(irq->signal.loop, &irq->call.node);
    } else {
        rill_signal_set_threadsafe(&irq->signal);
    }
}

// A controller may have latched the level that was still there when the ISR returned. Clearing first forgets that, and
// does nothing to a level that is there now.
static void unmask(rill_irq_t *irq)
{
    if (irq->masked) {
        irq->masked = 0;
        rill_arch_irq_clear(irq->line);
        rill_arch_irq_enable(irq->line);
    }
}

static int take(rill_irq_t *irq)
{
    uint32_t n = irq->count - irq->seen;
    irq->seen += n;
    return n <= INT32_MAX ? (int)n : INT32_MAX;
}

static int run_source(void *arg)
{
    rill_irq_t *irq = arg;
    unsigned line = irq->line;
    uint32_t before = irq->count;
    int error = irq->fn(irq->arg);
    if (rill_irq_table[line].isr == occurred && rill_irq_table[line].arg == irq) { // else the callback has closed it
        if ((int32_t)(before - irq->seen) > 0) {
            irq->seen = before; // what came since has posted the callback again
        }
        unmask(irq);
    }
    return error;
}

static int open_source(rill_irq_t *irq, unsigned line, rill_irq_mode_t mode)
{
    if (mode != RILL_IRQ_EDGE && mode != RILL_IRQ_LEVEL) {
        return RILL_EINVAL;
    }
    irq->count = 0;
    irq->seen = 0;
    irq->line = (uint16_t)line;
    irq->level = mode == RILL_IRQ_LEVEL;
    irq->waiting = 0;
    irq->masked = 0;
    irq->open = 1;
    if (line < rill_irq_count && rill_irq_table[line].isr == NULL) {
        rill_arch_irq_clear(line);
    }
    int error = rill_irq_attach(line, occurred, irq);
    irq->open = error == RILL_OK;
    return error;
}

static int may_open(const rill_irq_t *irq)
{
    if (irq == NULL) {
        return RILL_EINVAL;
    }
    if (rill_arch_in_isr()) {
        return RILL_EPERM;
    }
    return irq->open ? RILL_EBUSY : RILL_OK;
}

int rill_irq_open(rill_irq_t *irq, unsigned line, rill_irq_mode_t mode)
{
    int error = may_open(irq);
    if (error != RILL_OK) {
        return error;
    }
    irq->fn = NULL;
    rill_signal_init(&irq->signal, NULL);
    return open_source(irq, line, mode);
}

int rill_irq_open_callback(rill_irq_t *irq, unsigned line, rill_irq_mode_t mode, rill_loop_t *loop, rill_callback_t fn,
                           void *arg)
{
    int error = may_open(irq);
    if (error != RILL_OK) {
        return error;
    }
    loop = loop != NULL ? loop : rill_current_loop;
    if (fn == NULL) {
        return RILL_EINVAL;
    }
    if (loop == NULL || loop->closed) {
        return RILL_EPERM;
    }
    irq->fn = fn;
    irq->arg = arg;
    rill_handle_init(&irq->call, run_source, irq);
    rill_signal_init(&irq->signal, loop);
    return open_source(irq, line, mode);
}

static int wait_for_occurrence(rill_irq_t *irq)
{
    int error = RILL_OK;
    irq->waiting = 1;
    while (error == RILL_OK && irq->count == irq->seen) { // twice at most: a latch left by occurrences taken before
        unmask(irq);
        error = rill_signal_wait(&irq->signal);
        if (!irq->open) {
            error = RILL_EPIPE; // and occurred just before
        }
    }
    if (error != RILL_EPIPE) { // closed: the memory may be open for somebody else by now
        irq->waiting = 0;
    }
    return error;
}

int rill_irq_wait(rill_irq_t *irq)
{
    if (irq == NULL) {
        return RILL_EINVAL;
    }
    if (!irq->open) {
        return RILL_EPIPE;
    }
    if (irq->fn != NULL || running_task() == NULL || rill_arch_in_isr()) {
        return RILL_EPERM;
    }
    if (irq->waiting) {
        return RILL_EBUSY;
    }
    int error = wait_for_occurrence(irq);
    return error == RILL_OK ? take(irq) : error;
}

int rill_irq_take(rill_irq_t *irq)
{
    if (irq == NULL) {
        return RILL_EINVAL;
    }
    if (!irq->open) {
        return RILL_EPIPE;
    }
    if (irq->count != irq->seen) {
        return take(irq);
    }
    unmask(irq);
    return RILL_EAGAIN;
}

int rill_irq_close(rill_irq_t *irq)
{
    if (irq == NULL) {
        return RILL_EINVAL;
    }
    if (rill_arch_in_isr()) {
        return RILL_EPERM;
    }
    if (!irq->open) {
        return RILL_ENOENT;
    }
    rill_irq_detach(irq->line);
    irq->open = 0;
    rill_signal_close(&irq->signal);
    if (irq->fn != NULL) {
        rill_handle_cancel(irq->signal.loop, &irq->call);
    }
    return RILL_OK;
}
