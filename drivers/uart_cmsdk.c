// CMSDK APB UART (MPS2): one byte of buffer each way.
#include "uart_chip.h"

enum { DATA = 0x00, STATE = 0x04, CTRL = 0x08, INTSTATUS = 0x0C, BAUDDIV = 0x10 };
enum { STATE_TX_FULL = 1, STATE_RX_FULL = 2, STATE_RX_OVERRUN = 8 };
enum { CTRL_TX = 1, CTRL_RX = 2, CTRL_TX_INT = 4, CTRL_RX_INT = 8 };
enum { INT_TX = 1, INT_RX = 2, INT_ALL = 15 };
enum { BAUDDIV_MIN = 16, BAUDDIV_MAX = 0xFFFFF };

static int init(rill_uart_t *uart, uint32_t baud)
{
    uint32_t divider = baud ? (uart->clock_hz + baud / 2u) / baud : 0;
    if (divider < BAUDDIV_MIN || divider > BAUDDIV_MAX) {
        return RILL_EINVAL;
    }
    *uart_reg(uart, CTRL) = 0;
    *uart_reg(uart, INTSTATUS) = INT_ALL;
    *uart_reg(uart, BAUDDIV) = divider;
    *uart_reg(uart, CTRL) = CTRL_TX | CTRL_RX;
    return 0;
}

static void rx_irq(rill_uart_t *uart, bool on)
{
    uart_change(uart, CTRL, CTRL_RX_INT, on);
    if (on && (*uart_reg(uart, STATE) & STATE_RX_FULL)) {
        rill_irq_pend(uart->lines[0]); // a byte that came while the interrupt was off
    }
}

// The interrupt comes when the buffer gets empty, not while it is: the first one is ours.
static void tx_irq(rill_uart_t *uart, bool on)
{
    uart_change(uart, CTRL, CTRL_TX_INT, on);
    if (on) {
        rill_irq_pend(uart->lines[1]);
    }
}

static void put(rill_uart_t *uart, char c)
{
    while (*uart_reg(uart, STATE) & STATE_TX_FULL) {
    }
    *uart_reg(uart, DATA) = (uint8_t)c;
}

// The chip does not tell when the shift register is empty; the one buffered byte is all that is known.
static bool tx_idle(rill_uart_t *uart)
{
    return !(*uart_reg(uart, STATE) & STATE_TX_FULL);
}

static void receive(rill_uart_t *uart)
{
    while (*uart_reg(uart, STATE) & STATE_RX_FULL) {
        bool lost = *uart_reg(uart, STATE) & STATE_RX_OVERRUN;
        uint8_t byte = (uint8_t)*uart_reg(uart, DATA);
        if (lost) {
            *uart_reg(uart, STATE) = STATE_RX_OVERRUN;
        }
        rill_uart_isr_rx(uart, byte, lost ? RILL_UART_OVERRUN : 0u);
    }
}

static void transmit(rill_uart_t *uart)
{
    while ((*uart_reg(uart, CTRL) & CTRL_TX_INT) && !(*uart_reg(uart, STATE) & STATE_TX_FULL)) {
        int byte = rill_uart_isr_tx(uart);
        if (byte < 0) {
            tx_irq(uart, false);
            return;
        }
        *uart_reg(uart, DATA) = (uint32_t)byte;
    }
}

static void isr(void *arg)
{
    rill_uart_t *uart = arg;
    *uart_reg(uart, INTSTATUS) = INT_RX | INT_TX;
    receive(uart);
    transmit(uart);
}

const rill_uart_ops_t rill_uart_cmsdk = { init, rx_irq, tx_irq, put, tx_idle, isr };
