// 16550 UART: 16-byte FIFOs both ways; byte-wide registers, one after the other.
#include "uart_chip.h"

enum { RBR = 0, THR = 0, DLL = 0, IER = 1, DLM = 1, IIR = 2, FCR = 2, LCR = 3, MCR = 4, LSR = 5 };
enum { IER_RX = 1, IER_TX = 2, IER_LINE = 4, FCR_ON_AND_CLEAR = 7, LCR_8N1 = 3, LCR_DIVISOR = 0x80,
       MCR_DTR_RTS_OUT2 = 11 };
enum { LSR_DATA = 1, LSR_OVERRUN = 2, LSR_PARITY = 4, LSR_FRAMING = 8, LSR_BREAK = 16, LSR_EMPTY = 32, LSR_IDLE = 64 };
enum { FIFO_BYTES = 16 };

static volatile uint8_t *reg(const rill_uart_t *uart, uint32_t offset)
{
    return (volatile uint8_t *)(uart->base + offset);
}

static int init(rill_uart_t *uart, uint32_t baud)
{
    uint32_t divider = baud ? (uart->clock_hz / 16u + baud / 2u) / baud : 0;
    if (divider < 1 || divider > 0xFFFF) {
        return RILL_EINVAL;
    }
    *reg(uart, IER) = 0;
    *reg(uart, LCR) = LCR_DIVISOR;
    *reg(uart, DLL) = (uint8_t)divider;
    *reg(uart, DLM) = (uint8_t)(divider >> 8);
    *reg(uart, LCR) = LCR_8N1;
    *reg(uart, FCR) = FCR_ON_AND_CLEAR; // receive interrupt at the first byte
    *reg(uart, MCR) = MCR_DTR_RTS_OUT2; // OUT2 gates the interrupt on PC-style wiring
    return 0;
}

// Masked: the ISR changes this register too.
static void change(rill_uart_t *uart, uint32_t bits, bool on)
{
    uintptr_t state = rill_arch_irq_save();
    uint32_t value = *reg(uart, IER);
    *reg(uart, IER) = (uint8_t)(on ? value | bits : value & ~bits);
    rill_arch_irq_restore(state);
}

static void rx_irq(rill_uart_t *uart, bool on)
{
    change(uart, IER_RX | IER_LINE, on);
}

// Switching it on while the transmitter is empty raises the interrupt.
static void tx_irq(rill_uart_t *uart, bool on)
{
    change(uart, IER_TX, on);
}

static void put(rill_uart_t *uart, char c)
{
    while (!(*reg(uart, LSR) & LSR_EMPTY)) {
    }
    *reg(uart, THR) = (uint8_t)c;
}

static bool tx_idle(rill_uart_t *uart)
{
    return *reg(uart, LSR) & LSR_IDLE;
}

static unsigned conditions(unsigned status)
{
    return (status & LSR_OVERRUN ? RILL_UART_OVERRUN : 0u) | (status & LSR_FRAMING ? RILL_UART_FRAMING : 0u) |
           (status & LSR_PARITY ? RILL_UART_PARITY : 0u) | (status & LSR_BREAK ? RILL_UART_BREAK : 0u);
}

// An overrun is reported when it happens, with a byte in the FIFO; reading the status clears it.
static void receive(rill_uart_t *uart)
{
    unsigned status;
    while ((status = *reg(uart, LSR)) & LSR_DATA) {
        rill_uart_isr_rx(uart, *reg(uart, RBR), conditions(status));
    }
}

// "Empty" is the whole FIFO's, so it takes as many bytes as it has room for.
static void transmit(rill_uart_t *uart)
{
    if (!(*reg(uart, IER) & IER_TX) || !(*reg(uart, LSR) & LSR_EMPTY)) {
        return;
    }
    for (int room = FIFO_BYTES; room > 0; room--) {
        int byte = rill_uart_isr_tx(uart);
        if (byte < 0) {
            tx_irq(uart, false);
            return;
        }
        *reg(uart, THR) = (uint8_t)byte;
    }
}

// Reading IIR takes back the request of the transmitter.
static void isr(void *arg)
{
    rill_uart_t *uart = arg;
    (void)*reg(uart, IIR);
    receive(uart);
    transmit(uart);
}

const rill_uart_ops_t rill_uart_ns16550 = { init, rx_irq, tx_irq, put, tx_idle, isr };
