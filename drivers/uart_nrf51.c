// nRF51 UART0: 6-byte receive FIFO, one transmit register. The chip has one UART, which is why its state may be static.
#include "uart_chip.h"

enum { STARTRX = 0x000, STARTTX = 0x008, RXDRDY = 0x108, TXDRDY = 0x11C, RXTO = 0x144, ERROR = 0x124 };
enum { INTENSET = 0x304, INTENCLR = 0x308, ERRORSRC = 0x480, ENABLE = 0x500, RXD = 0x518, TXD = 0x51C,
       BAUDRATE = 0x524 };
enum { CONFIG = 0x56C, ENABLED = 4, INT_RXDRDY = 1 << 2, INT_TXDRDY = 1 << 7, INT_ERROR = 1 << 9 };
enum { ERROR_OVERRUN = 1, ERROR_PARITY = 2, ERROR_FRAMING = 4, ERROR_BREAK = 8 };

// A byte has been written and its TXDRDY event has not been seen. The chip says only "one has gone", never "there is
// room".
static volatile bool sending;
static volatile bool tx_wanted;

// BAUDRATE is baud * 2^32 / 16 MHz, to be rounded to a multiple of 4096. With 2^32 / 16 MHz = 268.435456 split into
// 268 + 7/16 the product stays within 32 bits and within 8 parts per million.
static int init(rill_uart_t *uart, uint32_t baud)
{
    if (baud < 1200 || baud > 1000000) {
        return RILL_EINVAL;
    }
    *uart_reg(uart, INTENCLR) = UINT32_MAX;
    *uart_reg(uart, BAUDRATE) = (baud * 268u + baud / 16u * 7u + 0x800u) & ~0xFFFu;
    *uart_reg(uart, CONFIG) = 0;
    *uart_reg(uart, ENABLE) = ENABLED;
    *uart_reg(uart, RXDRDY) = 0;
    *uart_reg(uart, TXDRDY) = 0;
    *uart_reg(uart, STARTTX) = 1;
    *uart_reg(uart, STARTRX) = 1;
    sending = false;
    return 0;
}

static void rx_irq(rill_uart_t *uart, bool on)
{
    *uart_reg(uart, on ? INTENSET : INTENCLR) = INT_RXDRDY | INT_ERROR;
}

// The first byte is sent by an interrupt of our own: no event announces an idle transmitter.
static void tx_irq(rill_uart_t *uart, bool on)
{
    tx_wanted = on;
    *uart_reg(uart, on ? INTENSET : INTENCLR) = INT_TXDRDY;
    if (on) {
        rill_irq_pend(uart->lines[0]);
    }
}

static bool take_sent(rill_uart_t *uart)
{
    if (sending && *uart_reg(uart, TXDRDY)) {
        *uart_reg(uart, TXDRDY) = 0;
        sending = false;
    }
    return !sending;
}

// Masked, as in put: looking takes the event, and then must know whose byte it was about.
static bool tx_idle(rill_uart_t *uart)
{
    uintptr_t state = rill_arch_irq_save();
    bool idle = take_sent(uart);
    rill_arch_irq_restore(state);
    return idle;
}

static void send(rill_uart_t *uart, uint8_t byte)
{
    sending = true;
    *uart_reg(uart, TXD) = byte;
}

// Masked, so that the interrupt cannot take the event this loop is waiting for.
static void put(rill_uart_t *uart, char c)
{
    uintptr_t state = rill_arch_irq_save();
    while (!take_sent(uart)) {
    }
    send(uart, (uint8_t)c);
    rill_arch_irq_restore(state);
}

static unsigned take_conditions(rill_uart_t *uart)
{
    uint32_t source = *uart_reg(uart, ERRORSRC);
    *uart_reg(uart, ERRORSRC) = source;
    *uart_reg(uart, ERROR) = 0;
    return (source & ERROR_OVERRUN ? RILL_UART_OVERRUN : 0u) | (source & ERROR_FRAMING ? RILL_UART_FRAMING : 0u) |
           (source & ERROR_PARITY ? RILL_UART_PARITY : 0u) | (source & ERROR_BREAK ? RILL_UART_BREAK : 0u);
}

// The event is cleared before the byte is taken: taking it moves the next one up, which raises the event again.
static void receive(rill_uart_t *uart)
{
    while (*uart_reg(uart, RXDRDY)) {
        *uart_reg(uart, RXDRDY) = 0;
        unsigned conditions = take_conditions(uart);
        rill_uart_isr_rx(uart, (uint8_t)*uart_reg(uart, RXD), conditions);
    }
    *uart_reg(uart, ERROR) = 0;
}

static void transmit(rill_uart_t *uart)
{
    while (tx_wanted && take_sent(uart)) {
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

const rill_uart_ops_t rill_uart_nrf51 = {init, rx_irq, tx_irq, put, tx_idle, isr};
