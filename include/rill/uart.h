// UART: an interrupt-driven byte stream over two static rings.
//
// read, write, readline and flush suspend only the calling task. Bytes that arrive while nobody reads wait in the receive
// ring; when it is full the newest byte is dropped and counted (overruns), as hardware does.
#ifndef RILL_UART_H
#define RILL_UART_H

#include <rill/irq.h>
#include <rill/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rill_uart rill_uart_t;

// What a chip driver (drivers/uart_<chip>.c) supplies. All functions may be called from any context.
typedef struct rill_uart_ops {
    // Sets the baud rate, 8N1, enables receiver and transmitter, all interrupts off. RILL_EINVAL for an impossible rate.
    int (*init)(rill_uart_t *uart, uint32_t baud);
    // Lets the receive interrupt through, or not.
    void (*rx_irq)(rill_uart_t *uart, bool on);
    // Lets the transmitter-ready interrupt through, or not. When switched on while the transmitter is ready, the interrupt
    // must come (a chip that raises it on the transition only starts the first byte itself, through rill_uart_isr_tx).
    void (*tx_irq)(rill_uart_t *uart, bool on);
    // Writes one byte by polling, waiting for room; for faults. Works masked.
    void (*putc)(rill_uart_t *uart, char c);
    // True when the shift register is empty too.
    bool (*tx_idle)(rill_uart_t *uart);
    // Interrupt handler, attached by rill_uart_start to every line of the port; arg is the rill_uart_t. Reads all bytes there
    // are and hands each to rill_uart_isr_rx; fills the transmitter from rill_uart_isr_tx, and calls tx_irq(false) on -1.
    void (*isr)(void *uart);
} rill_uart_ops_t;

// Receive conditions handed to rill_uart_isr_rx, counted in the statistics. The byte beside RILL_UART_OVERRUN is valid (the
// chip lost a later one); the byte beside FRAMING or PARITY is dropped.
enum { RILL_UART_OVERRUN = 1, RILL_UART_FRAMING = 2, RILL_UART_PARITY = 4, RILL_UART_BREAK = 8 };

// Called by a chip driver's ISR: one received byte with its conditions.
void rill_uart_isr_rx(rill_uart_t *uart, uint8_t byte, unsigned conditions);

// Called by a chip driver's ISR when the transmitter has room: the next byte to send, or -1 if there is none.
int rill_uart_isr_tx(rill_uart_t *uart);

#ifdef __cplusplus
}
#endif

#endif
