// The host as a board: Linux, the console on standard output, 64 simulated interrupt lines.
#include <rill/board.h>
#include <rill/clock.h>

#include <stdio.h>

const char rill_board_name[] = "host";

rill_irq_vector_t rill_irq_table[64];
const unsigned rill_irq_count = 64;
const unsigned rill_board_soft_irq = 63;

// There is no reset code on the host; this runs before main.
__attribute__((constructor)) void rill_board_init(void)
{
    rill_clock_init();
}

void rill_board_putc(char c)
{
    putchar(c);
}
