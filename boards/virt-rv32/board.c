// QEMU's virt machine.
#include <rill/board.h>
#include <rill/clock.h>
#include <rill/uart.h>

enum { UART_LINE = 10 };

const char rill_board_name[] = "virt-rv32";
const unsigned rill_board_soft_irq = 0;

rill_irq_vector_t rill_irq_table[RILL_IRQ_LINES];
const unsigned rill_irq_count = RILL_IRQ_LINES;

static const uint16_t console_lines[] = { UART_LINE, RILL_UART_LINES_END };
rill_uart_t rill_board_uart = {
    .ops = &rill_uart_ns16550,
    .base = 0x10000000,
    .clock_hz = 3686400,
    .lines = console_lines,
};

// The test device: 0x5555 ends the run with success, 0x3333 with the status in the upper half.
#define FINISHER ((volatile uint32_t *)0x100000)

void rill_riscv_board_exit(int status);

void rill_riscv_board_exit(int status)
{
    *FINISHER = status == 0 ? 0x5555u : (uint32_t)status << 16 | 0x3333u;
}

void rill_board_init(void)
{
    rill_board_console();
    rill_clock_init();
}
