// The console by polling. Nobody but rill_board_putc's callers asks for this file, so that a program that writes
// nothing does not link the port.
#include <rill/board.h>
#include <rill/uart.h>

enum { BAUD = 115200 };

void rill_console_init(void)
{
    if (rill_board_uart.connect != NULL) {
        rill_board_uart.connect();
    }
    rill_board_uart.ops->init(&rill_board_uart, BAUD);
}

void rill_board_putc(char c)
{
    rill_board_uart.ops->putc(&rill_board_uart, c);
}
