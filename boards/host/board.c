// The host as a board: Linux, the console on standard input and output, 64 simulated interrupt lines.
#include <rill/board.h>
#include <rill/clock.h>
#include <rill/uart.h>

#include <stdio.h>
#include <unistd.h>

enum { CONSOLE_LINE = 61 };

const char rill_board_name[] = "host";

rill_irq_vector_t rill_irq_table[64];
const unsigned rill_irq_count = 64;
const unsigned rill_board_soft_irq = 63;

static const uint16_t console_lines[] = { CONSOLE_LINE, RILL_UART_LINES_END };
rill_uart_t rill_board_uart = { &rill_uart_host, 0, 0, console_lines, NULL, NULL };

// There is no reset code on the host; this runs before main.
__attribute__((constructor)) void rill_board_init(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    rill_clock_init();
}

void rill_board_putc(char c)
{
    while (write(STDOUT_FILENO, &c, 1) < 0) { // unbuffered, as a UART is. bound: interrupted by signals
    }
}
