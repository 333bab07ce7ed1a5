// CMSDK AHB GPIO (MPS2): ports of 16 pins, one combined interrupt line a port. Not modelled by QEMU; it has run on no
// machine yet. The detector takes one edge at a time: for both it looks for the opposite of the last one.
#include "gpio_chip.h"

#ifndef GPIO_CMSDK_BASE
#define GPIO_CMSDK_BASE 0x40010000u
#endif
#ifndef GPIO_CMSDK_LINE0
#define GPIO_CMSDK_LINE0 6
#endif

enum { DATA = 0x00, OUT = 0x04, OUTENSET = 0x10, OUTENCLR = 0x14, ALTCLR = 0x1C, INTENSET = 0x20, INTENCLR = 0x24 };
enum { INTTYPESET = 0x28, INTPOLSET = 0x30, INTPOLCLR = 0x34, INTSTATUS = 0x38, MASKED_LOW = 0x400 };
enum { MASKED_HIGH = 0x800, PORTS = 2, PINS = 16 };

static uint16_t both[PORTS];

static volatile uint32_t *reg(unsigned port, uint32_t offset)
{
    return gpio_at(GPIO_CMSDK_BASE + port * 0x1000u + offset);
}

// Address bits 9 to 2 are the mask of an access to half a port.
static volatile uint32_t *masked(rill_pin_t pin)
{
    unsigned number = gpio_number(pin);
    uint32_t mask = number < 8 ? gpio_bit(pin) : gpio_bit(pin) >> 8;
    return reg(gpio_port(pin), (number < 8 ? MASKED_LOW : MASKED_HIGH) + mask * 4);
}

static bool exists(rill_pin_t pin)
{
    return gpio_port(pin) < PORTS && gpio_number(pin) < PINS;
}

int rill_gpio_output(rill_pin_t pin, bool level)
{
    if (!exists(pin)) {
        return RILL_EINVAL;
    }
    rill_gpio_set(pin, level);
    *reg(gpio_port(pin), ALTCLR) = gpio_bit(pin);
    *reg(gpio_port(pin), OUTENSET) = gpio_bit(pin);
    return RILL_OK;
}

int rill_gpio_input(rill_pin_t pin, rill_gpio_pull_t pull)
{
    if (!exists(pin) || pull != RILL_GPIO_FLOATING) { // the board decides about pulls
        return RILL_EINVAL;
    }
    *reg(gpio_port(pin), ALTCLR) = gpio_bit(pin);
    *reg(gpio_port(pin), OUTENCLR) = gpio_bit(pin);
    return RILL_OK;
}

void rill_gpio_set(rill_pin_t pin, bool level)
{
    *masked(pin) = level ? 0xFFFF : 0;
}

void rill_gpio_toggle(rill_pin_t pin)
{
    uintptr_t state = rill_arch_irq_save();
    rill_gpio_set(pin, (*reg(gpio_port(pin), OUT) & gpio_bit(pin)) == 0);
    rill_arch_irq_restore(state);
}

bool rill_gpio_get(rill_pin_t pin)
{
    return *reg(gpio_port(pin), DATA) & gpio_bit(pin);
}

int rill_gpio_chip_line(rill_pin_t pin)
{
    return exists(pin) ? (int)(GPIO_CMSDK_LINE0 + gpio_port(pin)) : RILL_EINVAL;
}

static void look_for(rill_pin_t pin, bool rising)
{
    *reg(gpio_port(pin), rising ? INTPOLSET : INTPOLCLR) = gpio_bit(pin);
}

int rill_gpio_chip_detect(rill_pin_t pin, unsigned edges)
{
    unsigned port = gpio_port(pin);
    uint32_t bit = gpio_bit(pin);
    *reg(port, INTENCLR) = bit;
    both[port] = (uint16_t)(edges == RILL_GPIO_BOTH ? both[port] | bit : both[port] & ~bit);
    *reg(port, INTTYPESET) = bit;
    look_for(pin, edges == RILL_GPIO_BOTH ? !rill_gpio_get(pin) : edges == RILL_GPIO_RISING);
    *reg(port, INTSTATUS) = bit; // writing 1 clears
    if (edges != 0) {
        *reg(port, INTENSET) = bit;
    }
    return RILL_OK;
}

static void turn(unsigned port, uint32_t pins)
{
    for (unsigned number = 0; number < PINS; number++) {
        if ((pins >> number & 1u) != 0) {
            look_for(RILL_PIN(port, number), !rill_gpio_get(RILL_PIN(port, number)));
        }
    }
}

void rill_gpio_chip_isr(void *arg)
{
    unsigned port = (unsigned)(uintptr_t)arg - GPIO_CMSDK_LINE0;
    uint32_t pins = *reg(port, INTSTATUS);
    *reg(port, INTSTATUS) = pins;
    turn(port, pins & both[port]);
    gpio_report(port, pins);
}
