// ARM PL011 (LM3S UARTs): 16-byte FIFOs both ways.
#include "uart_chip.h"

enum { DR = 0x00, RSR = 0x04, FR = 0x18, IBRD = 0x24, FBRD = 0x28, LCRH = 0x2C, CR = 0x30, IMSC = 0x38, ICR = 0x44 };
enum { FR_BUSY = 1 << 3, FR_RXFE = 1 << 4, FR_TXFF = 1 << 5 };
enum { LCRH_FIFO_8N1 = 0x70, CR_ON = 0x301 };
enum { INT_RX = 1 << 4, INT_TX = 1 << 5, INT_TIMEOUT = 1 << 6, INT_ALL = 0x7FF };
enum { DR_FRAMING = 1 << 8, DR_PARITY = 1 << 9, DR_BREAK = 1 << 10, DR_OVERRUN = 1 << 11 };

// The divider has 6 fractional bits: clock * 64 / (16 * baud), rounded.
static int init(rill_uart_t *uart, uint32_t baud)
{
    uint32_t divider = baud ? (uart->clock_hz * 4u + baud / 2u) / baud : 0;
    if (divider < 64 || divider > 0x3FFFFF) {
        return RILL_EINVAL;
    }
    *uart_reg(uart, CR) = 0;
    *uart_reg(uart, IMSC) = 0;
    *uart_reg(uart, ICR) = INT_ALL;
    *uart_reg(uart, IBRD) = divider >> 6;
    *uart_reg(uart, FBRD) = divider & 63;
    *uart_reg(uart, LCRH) = LCRH_FIFO_8N1; // takes the divider over
    *uart_reg(uart, CR) = CR_ON;
    return 0;
}

static void rx_irq(rill_uart_t *uart, bool on)
{
    uart_change(uart, IMSC, INT_RX | INT_TIMEOUT, on);
}

// The transmit interrupt is raised when the FIFO drains past its level, not while it is empty: the first one is ours.
static void tx_irq(rill_uart_t *uart, bool on)
{
    uart_change(uart, IMSC, INT_TX, on);
    if (on) {
        rill_irq_pend(uart->lines[0]);
    }
}

static void put(rill_uart_t *uart, char c)
{
    while (*uart_reg(uart, FR) & FR_TXFF) {
    }
    *uart_reg(uart, DR) = (uint8_t)c;
}

static bool tx_idle(rill_uart_t *uart)
{
    return !(*uart_reg(uart, FR) & FR_BUSY);
}

static unsigned conditions(uint32_t data)
{
    return (data & DR_OVERRUN ? RILL_UART_OVERRUN : 0u) | (data & DR_FRAMING ? RILL_UART_FRAMING : 0u) |
           (data & DR_PARITY ? RILL_UART_PARITY : 0u) | (data & DR_BREAK ? RILL_UART_BREAK : 0u);
}

static void receive(rill_uart_t *uart)
{
    while (!(*uart_reg(uart, FR) & FR_RXFE)) {
        uint32_t data = *uart_reg(uart, DR);
        rill_uart_isr_rx(uart, (uint8_t)data, conditions(data));
    }
}

static void transmit(rill_uart_t *uart)
{
    while ((*uart_reg(uart, IMSC) & INT_TX) && !(*uart_reg(uart, FR) & FR_TXFF)) {
        int byte = rill_uart_isr_tx(uart);
        if (byte < 0) {
            tx_irq(uart, false);
            return;
        }
        *uart_reg(uart, DR) = (uint32_t)byte;
    }
}

static void isr(void *arg)
{
    rill_uart_t *uart = arg;
    *uart_reg(uart, ICR) = INT_RX | INT_TIMEOUT | INT_TX;
    receive(uart);
    transmit(uart);
}

const rill_uart_ops_t rill_uart_pl011 = {init, rx_irq, tx_irq, put, tx_idle, isr};
