// LM3S (PL061 with Luminary's additions): ports A to H of 8 pins, one interrupt line a port.
#include "gpio_chip.h"

enum { DIR = 0x400, IS = 0x404, IBE = 0x408, IEV = 0x40C, IM = 0x410, MIS = 0x418, ICR = 0x41C };
enum { AFSEL = 0x420, PUR = 0x510, PDR = 0x514, DEN = 0x51C, RCGC2 = 0x400FE108, PORTS = 8, PINS = 8 };

static const uint8_t lines[PORTS] = { 0, 1, 2, 3, 4, 30, 31, 32 };

static uintptr_t base(unsigned port)
{
    return port < 4 ? 0x40004000u + port * 0x1000u : 0x40024000u + (port - 4) * 0x1000u;
}

// The data register appears once for every set of pins: address bits 9 to 2 are the mask of an access.
static volatile uint32_t *data(rill_pin_t pin)
{
    return gpio_at(base(gpio_port(pin)) + (gpio_bit(pin) << 2));
}

static bool exists(rill_pin_t pin)
{
    return gpio_port(pin) < PORTS && gpio_number(pin) < PINS;
}

static void change(rill_pin_t pin, uint32_t offset, bool on)
{
    gpio_change(base(gpio_port(pin)) + offset, gpio_bit(pin), on ? gpio_bit(pin) : 0);
}

static void connect(rill_pin_t pin)
{
    gpio_change(RCGC2, 1u << gpio_port(pin), 1u << gpio_port(pin));
    (void)*gpio_at(RCGC2); // a module answers three cycles after its clock is on
    (void)*gpio_at(RCGC2);
    change(pin, AFSEL, false);
    change(pin, DEN, true);
}

int rill_gpio_output(rill_pin_t pin, bool level)
{
    if (!exists(pin)) {
        return RILL_EINVAL;
    }
    connect(pin);
    change(pin, DIR, true); // the data register takes only what is written to an output
    rill_gpio_set(pin, level);
    return RILL_OK;
}

int rill_gpio_input(rill_pin_t pin, rill_gpio_pull_t pull)
{
    if (!exists(pin) || pull > RILL_GPIO_PULL_DOWN) {
        return RILL_EINVAL;
    }
    connect(pin);
    change(pin, PUR, pull == RILL_GPIO_PULL_UP);
    change(pin, PDR, pull == RILL_GPIO_PULL_DOWN);
    change(pin, DIR, false);
    return RILL_OK;
}

void rill_gpio_set(rill_pin_t pin, bool level)
{
    *data(pin) = level ? 0xFF : 0;
}

void rill_gpio_toggle(rill_pin_t pin)
{
    uintptr_t state = rill_arch_irq_save();
    *data(pin) = ~*data(pin);
    rill_arch_irq_restore(state);
}

bool rill_gpio_get(rill_pin_t pin)
{
    return *data(pin) != 0;
}

int rill_gpio_chip_line(rill_pin_t pin)
{
    return exists(pin) ? lines[gpio_port(pin)] : RILL_EINVAL;
}

int rill_gpio_chip_detect(rill_pin_t pin, unsigned edges)
{
    change(pin, IM, false);
    change(pin, IS, false);
    change(pin, IBE, edges == RILL_GPIO_BOTH);
    change(pin, IEV, edges == RILL_GPIO_RISING);
    *gpio_at(base(gpio_port(pin)) + ICR) = gpio_bit(pin);
    change(pin, IM, edges != 0);
    return RILL_OK;
}

void rill_gpio_chip_isr(void *arg)
{
    for (unsigned port = 0; port < PORTS; port++) {
        if (lines[port] == (uintptr_t)arg) {
            uint32_t pins = *gpio_at(base(port) + MIS);
            *gpio_at(base(port) + ICR) = pins;
            gpio_report(port, pins);
        }
    }
}
