// SiFive UART (FE310): 8-byte FIFOs both ways.
#include "uart_chip.h"

enum { TXDATA = 0x00, RXDATA = 0x04, TXCTRL = 0x08, RXCTRL = 0x0C, IE = 0x10, IP = 0x14, DIV = 0x18 };
enum { ENABLE = 1, WATERMARK_1 = 1 << 16, INT_TX = 1, INT_RX = 2 };
#define FULL_OR_EMPTY 0x80000000u // of txdata: no room; of rxdata: no byte

// Neither status nor interrupt tells when the shift register is empty, only the FIFO does. So the time is taken when
// the FIFO is first found empty after a byte was written, and a frame later the byte is out. For the port used last; a
// chip with two ports that flush at the same time waits a frame too long.
static const rill_uart_t *draining;
static uint32_t empty_since;

static uint32_t cycles(void)
{
    uintptr_t value;
    __asm__ volatile("csrr %0, mcycle" : "=r"(value));
    return (uint32_t)value;
}

static int init(rill_uart_t *uart, uint32_t baud)
{
    uint32_t divider = baud ? (uart->clock_hz + baud / 2u) / baud : 0;
    if (divider < 16 || divider > 0x10000) {
        return RILL_EINVAL;
    }
    *uart_reg(uart, IE) = 0;
    *uart_reg(uart, DIV) = divider - 1;
    *uart_reg(uart, TXCTRL) = ENABLE | WATERMARK_1; // interrupt when the FIFO holds less than 1 byte
    *uart_reg(uart, RXCTRL) = ENABLE;               // when it holds more than 0
    return 0;
}

static void rx_irq(rill_uart_t *uart, bool on)
{
    uart_change(uart, IE, INT_RX, on);
}

// The interrupts are levels.
static void tx_irq(rill_uart_t *uart, bool on)
{
    uart_change(uart, IE, INT_TX, on);
}

static void send(rill_uart_t *uart, uint8_t byte)
{
    draining = NULL;
    *uart_reg(uart, TXDATA) = byte;
}

static void put(rill_uart_t *uart, char c)
{
    while (*uart_reg(uart, TXDATA) & FULL_OR_EMPTY) {
    }
    send(uart, (uint8_t)c);
}

static bool tx_idle(rill_uart_t *uart)
{
    if (!(*uart_reg(uart, IP) & INT_TX)) {
        return false;
    }
    if (draining != uart) {
        empty_since = cycles();
        draining = uart;
    }
    uint32_t frame = 10u * (*uart_reg(uart, DIV) + 1u);
    return cycles() - empty_since >= frame;
}

// The chip reports no conditions: a byte that comes when the FIFO is full is lost without a trace.
static void receive(rill_uart_t *uart)
{
    uint32_t data;
    while (!((data = *uart_reg(uart, RXDATA)) & FULL_OR_EMPTY)) {
        rill_uart_isr_rx(uart, (uint8_t)data, 0);
    }
}

static void transmit(rill_uart_t *uart)
{
    while ((*uart_reg(uart, IE) & INT_TX) && !(*uart_reg(uart, TXDATA) & FULL_OR_EMPTY)) {
        int byte = rill_uart_isr_tx(uart);
        if (byte < 0) {
            tx_irq(uart, false);
            return;
        }
        send(uart, (uint8_t)byte);
    }
}

static void isr(void *arg)
{
    receive(arg);
    transmit(arg);
}

const rill_uart_ops_t rill_uart_sifive = { init, rx_irq, tx_irq, put, tx_idle, isr };
