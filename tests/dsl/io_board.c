// The console: the program comes through the UART's interrupts before there is a loop, the trace goes out by polling.
// rill-test: boards=none
#include <rill/board.h>
#include <rill/uart.h>

#include "arch.h"
#include "io.h"

enum { BAUD = 115200, END_OF_TRANSMISSION = 4 };

RILL_UART_BUFFERS_DEFINE(buffers, 4096, 16);

size_t dsl_read(char *text, size_t size)
{
    rill_uart_stats_t stats;
    size_t length = 0;
    if (rill_uart_start(&rill_board_uart, BAUD, &buffers) != RILL_OK) {
        dsl_abort("users of the console");
    }
    dsl_complain("program, then Ctrl-D:\n"); // what was sent before may be lost
    while (length < size) { // bound: until the byte comes
        char c;
        if (rill_uart_read_nowait(&rill_board_uart, &c, 1) == 1) {
            if (c == END_OF_TRANSMISSION) {
                break;
            }
            text[length++] = c;
        }
    }
    rill_uart_stats(&rill_board_uart, &stats);
    if (stats.overruns + stats.framing + stats.parity + stats.breaks != 0) {
        dsl_abort("characters at once");
    }
    rill_uart_stop(&rill_board_uart);
    return length;
}

void dsl_write(char c)
{
    rill_board_putc(c);
}

void dsl_complain(const char *what)
{
    while (*what != '\0') { // bound: the text
        rill_board_putc(*what++);
    }
}

_Noreturn void dsl_quit(int status)
{
    rill_arch_exit(status);
}
