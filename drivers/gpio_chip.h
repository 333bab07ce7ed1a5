// What the GPIO chip drivers share.
#ifndef GPIO_CHIP_H
#define GPIO_CHIP_H

#include <rill/gpio.h>

#include "arch.h"

static inline volatile uint32_t *gpio_at(uintptr_t address)
{
    return (volatile uint32_t *)address;
}

static inline unsigned gpio_port(rill_pin_t pin)
{
    return pin / 32u;
}

static inline unsigned gpio_number(rill_pin_t pin)
{
    return pin % 32u;
}

static inline uint32_t gpio_bit(rill_pin_t pin)
{
    return UINT32_C(1) << gpio_number(pin);
}

// Replaces the bits of `mask`: masked for one read-modify-write, because an ISR may change other bits of the register.
static inline void gpio_change(uintptr_t address, uint32_t mask, uint32_t bits)
{
    uintptr_t state = rill_arch_irq_save();
    *gpio_at(address) = (*gpio_at(address) & ~mask) | bits;
    rill_arch_irq_restore(state);
}

// Hands every pin of a port's word to the core.
static inline void gpio_report(unsigned port, uint32_t pins)
{
    while (pins != 0) { // bound: 32
        unsigned number = (unsigned)__builtin_ctz(pins);
        pins &= pins - 1;
        rill_gpio_isr_edge(RILL_PIN(port, number));
    }
}

#endif
