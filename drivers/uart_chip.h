// What the UART chip drivers share: register access through the port's base address.
#ifndef UART_CHIP_H
#define UART_CHIP_H

#include <rill/uart.h>

#include "arch.h"

static inline volatile uint32_t *uart_reg(const rill_uart_t *uart, uint32_t offset)
{
    return (volatile uint32_t *)(uart->base + offset);
}

// Sets or clears bits of a register that the ISR changes too: masked for one read-modify-write.
static inline void uart_change(const rill_uart_t *uart, uint32_t offset, uint32_t bits, bool on)
{
    uintptr_t state = rill_arch_irq_save();
    uint32_t value = *uart_reg(uart, offset);
    *uart_reg(uart, offset) = on ? value | bits : value & ~bits;
    rill_arch_irq_restore(state);
}

#endif
