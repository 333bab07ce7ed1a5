// STM32 USART of the F1, F2 and F4 families: one data register each way, no FIFO.
#include "uart_chip.h"

enum { SR = 0x00, DR = 0x04, BRR = 0x08, CR1 = 0x0C, CR2 = 0x10, CR3 = 0x14 };
enum { SR_PE = 1, SR_FE = 2, SR_NE = 4, SR_ORE = 8, SR_RXNE = 32, SR_TC = 64, SR_TXE = 128 };
enum { CR1_RE = 4, CR1_TE = 8, CR1_RXNEIE = 32, CR1_TXEIE = 128, CR1_UE = 8192 };

static int init(rill_uart_t *uart, uint32_t baud)
{
    uint32_t divider = baud ? (uart->clock_hz + baud / 2u) / baud : 0;
    if (divider < 16 || divider > 0xFFFF) {
        return RILL_EINVAL;
    }
    *uart_reg(uart, CR1) = 0;
    *uart_reg(uart, CR2) = 0;
    *uart_reg(uart, CR3) = 0;
    *uart_reg(uart, BRR) = divider;
    *uart_reg(uart, CR1) = CR1_UE | CR1_TE | CR1_RE;
    return 0;
}

static void rx_irq(rill_uart_t *uart, bool on)
{
    uart_change(uart, CR1, CR1_RXNEIE, on);
}

// On the chip TXE is a level and its interrupt comes by itself. QEMU 7.2 never raises it; TXE always reads 1 there, so
// one interrupt by software sends all there is. On the chip that one merely comes a few cycles earlier.
static void tx_irq(rill_uart_t *uart, bool on)
{
    uart_change(uart, CR1, CR1_TXEIE, on);
    if (on) {
        rill_irq_pend(uart->lines[0]);
    }
}

static void put(rill_uart_t *uart, char c)
{
    while (!(*uart_reg(uart, SR) & SR_TXE)) {
    }
    *uart_reg(uart, DR) = (uint8_t)c;
}

static bool tx_idle(rill_uart_t *uart)
{
    return *uart_reg(uart, SR) & SR_TC;
}

// A break is a framing error with all bits 0: the chip does not tell them apart otherwise.
static unsigned conditions(uint32_t status, uint8_t byte)
{
    unsigned framing = byte ? RILL_UART_FRAMING : RILL_UART_FRAMING | RILL_UART_BREAK;
    return (status & SR_ORE ? RILL_UART_OVERRUN : 0u) | (status & SR_FE ? framing : 0u) |
           (status & SR_PE ? RILL_UART_PARITY : 0u);
}

// Reading SR and then DR clears the error flags too. ORE without RXNE: the lost byte ended between the two reads of the
// one before. DR then holds that one again, so it is handed over as broken, to be dropped.
static void receive(rill_uart_t *uart)
{
    uint32_t status;
    while ((status = *uart_reg(uart, SR)) & (SR_RXNE | SR_ORE)) {
        uint8_t byte = (uint8_t)*uart_reg(uart, DR);
        unsigned again = status & SR_RXNE ? 0u : RILL_UART_FRAMING;
        rill_uart_isr_rx(uart, byte, conditions(status, byte) | again);
    }
}

static void transmit(rill_uart_t *uart)
{
    while ((*uart_reg(uart, CR1) & CR1_TXEIE) && (*uart_reg(uart, SR) & SR_TXE)) {
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
    receive(arg);
    transmit(arg);
}

const rill_uart_ops_t rill_uart_stm32 = {init, rx_irq, tx_irq, put, tx_idle, isr};
