// The board contract: what boards/<name>/board.c supplies to start-up code, drivers, tests and examples.
//
// Unless a function says otherwise: asyncio: none.
#ifndef RILL_BOARD_H
#define RILL_BOARD_H

#include <rill/irq.h>
#include <rill/types.h>

#ifdef __cplusplus
extern "C" {
#endif

// The board's name, as in BOARD=<name>.
extern const char rill_board_name[];

// Called by the reset code after .data and .bss are ready, before main, interrupts enabled at the core: clocks, pins,
// rill_clock_init, the console's UART. Private to start-up code.
void rill_board_init(void);

// A line that rill_irq_pend() can fire and no device uses: tests and cross-loop wake-ups use it.
extern const unsigned rill_board_soft_irq;

// Supplied by drivers/uart_console.c: sets up the console for polling. Weak: a program that writes nothing does not
// link the port, and calls nothing here. Private to boards.
__attribute__((weak)) void rill_console_init(void);

// Called by rill_board_init. Private to boards.
static inline void rill_board_console(void)
{
    if (rill_console_init != NULL) {
        rill_console_init();
    }
}

// Writes bytes to the console by polling, with no interrupt and no kernel: for faults and for test reports.
// Context: any, works masked. Cost: waits for the byte's time on the wire.
void rill_board_putc(char c);

#ifdef __cplusplus
}
#endif

#endif
