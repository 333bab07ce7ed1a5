// Arm MPS2+ with the AN505 image: Cortex-M33, Secure state, 20 MHz.
#include <rill/board.h>
#include <rill/clock.h>
#include <rill/uart.h>

enum { UART0_RX_LINE = 32, UART0_TX_LINE = 33 };

const char rill_board_name[] = "mps2-an505";
const unsigned rill_board_soft_irq = 95; // nothing is connected

rill_irq_vector_t rill_irq_table[RILL_IRQ_LINES];
const unsigned rill_irq_count = RILL_IRQ_LINES;

static const uint16_t console_lines[] = { UART0_RX_LINE, UART0_TX_LINE, RILL_UART_LINES_END };
rill_uart_t rill_board_uart = {
    .ops = &rill_uart_cmsdk,
    .base = 0x50200000,
    .clock_hz = 20000000,
    .lines = console_lines,
};

void rill_board_init(void)
{
    rill_board_console();
    rill_clock_init();
}
