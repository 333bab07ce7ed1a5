// The host's console as a UART: standard input and output. End of input arrives as one Ctrl-D.
#define _GNU_SOURCE
#include <rill/uart.h>

#include <poll.h>
#include <unistd.h>

#include "arch.h"

enum { CONSOLE_LINE = 61, CTRL_D = 4 };

static rill_uart_t *port;
static bool receiving;
static bool sending;
static bool ended;

static size_t room(void)
{
    const rill_uart_ring_t *ring = &port->buffers->rx;
    uint32_t in = ring->in;
    uint32_t out = ring->out;
    uint32_t used = in >= out ? in - out : in + 2 * ring->size - out;
    return ring->size - used;
}

static bool wanted(void)
{
    return receiving && !ended && room() > 0;
}

static void receive(void)
{
    struct pollfd input = { STDIN_FILENO, POLLIN, 0 };
    while (wanted() && poll(&input, 1, 0) > 0) { // bound: the receive ring
        uint8_t byte = CTRL_D;
        ended = read(STDIN_FILENO, &byte, 1) != 1;
        rill_uart_isr_rx(port, byte, 0);
    }
}

static void put(rill_uart_t *uart, char c)
{
    (void)uart;
    while (write(STDOUT_FILENO, &c, 1) < 0) { // bound: interrupted by signals
    }
}

static void isr(void *arg)
{
    rill_uart_t *uart = arg;
    int byte;
    receive();
    while (sending && (byte = rill_uart_isr_tx(uart)) >= 0) { // bound: the transmit ring
        put(uart, (char)byte);
    }
    sending = false;
}

static int init(rill_uart_t *uart, uint32_t baud)
{
    (void)baud;
    port = uart;
    receiving = false;
    sending = false;
    return RILL_OK;
}

static void rx_irq(rill_uart_t *uart, bool on)
{
    (void)uart;
    receiving = on;
    rill_host_watch(on ? STDIN_FILENO : -1, CONSOLE_LINE, wanted);
}

static void tx_irq(rill_uart_t *uart, bool on)
{
    (void)uart;
    sending = on;
    if (on) {
        rill_irq_pend(CONSOLE_LINE);
    }
}

static bool tx_idle(rill_uart_t *uart)
{
    (void)uart;
    return true;
}

const rill_uart_ops_t rill_uart_host = {
    .init = init, .rx_irq = rx_irq, .tx_irq = tx_irq, .putc = put, .tx_idle = tx_idle, .isr = isr,
};
