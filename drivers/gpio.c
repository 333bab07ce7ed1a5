// GPIO edges, the part that no chip changes: which source waits for which pin.
//
// The list of open sources is changed by the loop with one store each, so that the interrupt may walk it at any moment.
// As in kernel/irq.c the interrupt counts, then sets the signal; a task looks at the count, then waits for the signal.
#include <rill/gpio.h>

#include <rill/task.h>

#include "arch.h"

#define BARRIER() __atomic_signal_fence(__ATOMIC_SEQ_CST)

static rill_gpio_edge_t *volatile open_edges;

void rill_gpio_isr_edge(rill_pin_t pin)
{
    for (rill_gpio_edge_t *edge = open_edges; edge != NULL; edge = edge->next) { // bound: open sources
        if (edge->pin == pin) {
            edge->count++;
            rill_signal_set_threadsafe(&edge->signal);
            return;
        }
    }
}

static bool line_in_use(unsigned line)
{
    for (const rill_gpio_edge_t *edge = open_edges; edge != NULL; edge = edge->next) { // bound: open sources
        if (edge->line == line) {
            return true;
        }
    }
    return false;
}

static bool pin_in_use(rill_pin_t pin)
{
    for (const rill_gpio_edge_t *edge = open_edges; edge != NULL; edge = edge->next) { // bound: open sources
        if (edge->pin == pin) {
            return true;
        }
    }
    return false;
}

static void link_edge(rill_gpio_edge_t *edge)
{
    edge->next = open_edges;
    BARRIER();
    open_edges = edge;
}

static void unlink_edge(const rill_gpio_edge_t *edge)
{
    rill_gpio_edge_t *before = open_edges;
    if (before == edge) {
        open_edges = edge->next;
        return;
    }
    while (before->next != edge) { // bound: open sources
        before = before->next;
    }
    before->next = edge->next;
}

static int may_open(const rill_gpio_edge_t *edge, rill_pin_t pin, unsigned edges)
{
    if (edge == NULL || edges == 0 || edges > RILL_GPIO_BOTH || rill_gpio_chip_line(pin) < 0) {
        return RILL_EINVAL;
    }
    if (rill_arch_in_isr()) {
        return RILL_EPERM;
    }
    return edge->open || pin_in_use(pin) ? RILL_EBUSY : RILL_OK;
}

static int connect(rill_gpio_edge_t *edge, unsigned edges)
{
    bool shared = line_in_use(edge->line);
    int error = shared ? RILL_OK : rill_irq_attach(edge->line, rill_gpio_chip_isr, (void *)(uintptr_t)edge->line);
    if (error != RILL_OK) {
        return error;
    }
    link_edge(edge);
    error = rill_gpio_chip_detect(edge->pin, edges);
    if (error != RILL_OK) {
        unlink_edge(edge);
        if (!shared) {
            rill_irq_detach(edge->line);
        }
    }
    return error;
}

int rill_gpio_edge_open(rill_gpio_edge_t *edge, rill_pin_t pin, unsigned edges)
{
    int error = may_open(edge, pin, edges);
    if (error != RILL_OK) {
        return error;
    }
    *edge = (rill_gpio_edge_t){ .pin = pin, .line = (uint16_t)rill_gpio_chip_line(pin) };
    rill_signal_init(&edge->signal, NULL);
    error = connect(edge, edges);
    edge->open = error == RILL_OK;
    return error;
}

static int wait_for_edge(rill_gpio_edge_t *edge)
{
    int error = RILL_OK;
    edge->waiting = 1;
    while (error == RILL_OK && edge->count == edge->seen) { // twice at most: a latch left by edges taken before
        error = rill_signal_wait(&edge->signal);
    }
    if (error != RILL_EPIPE) { // closed: the memory may be open for somebody else by now
        edge->waiting = 0;
    }
    return error;
}

int rill_gpio_edge_wait(rill_gpio_edge_t *edge)
{
    if (edge == NULL) {
        return RILL_EINVAL;
    }
    if (!edge->open) {
        return RILL_EPIPE;
    }
    if (edge->waiting) {
        return RILL_EBUSY;
    }
    int error = wait_for_edge(edge);
    if (error != RILL_OK) {
        return error;
    }
    uint32_t n = edge->count - edge->seen;
    edge->seen += n;
    return n <= INT32_MAX ? (int)n : INT32_MAX;
}

int rill_gpio_edge_close(rill_gpio_edge_t *edge)
{
    if (edge == NULL) {
        return RILL_EINVAL;
    }
    if (rill_arch_in_isr()) {
        return RILL_EPERM;
    }
    if (!edge->open) {
        return RILL_ENOENT;
    }
    rill_gpio_chip_detect(edge->pin, 0);
    unlink_edge(edge);
    edge->open = 0;
    if (!line_in_use(edge->line)) {
        rill_irq_detach(edge->line);
    }
    rill_signal_close(&edge->signal);
    return RILL_OK;
}
