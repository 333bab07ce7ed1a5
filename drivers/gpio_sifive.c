// SiFive FE310 GPIO: one port of 32 pins, an interrupt line each.
#include "gpio_chip.h"

#define GPIO 0x10012000u

enum { INPUT_VAL = 0x00, INPUT_EN = 0x04, OUTPUT_EN = 0x08, OUTPUT_VAL = 0x0C, PUE = 0x10 };
enum { RISE_IE = 0x18, RISE_IP = 0x1C, FALL_IE = 0x20, FALL_IP = 0x24, IOF_EN = 0x38, PINS = 32, LINE_OF_PIN_0 = 8 };

static bool exists(rill_pin_t pin)
{
    return pin < PINS;
}

static void change(rill_pin_t pin, uint32_t offset, bool on)
{
    gpio_change(GPIO + offset, gpio_bit(pin), on ? gpio_bit(pin) : 0);
}

// The input buffer stays on, so that rill_gpio_get and the edges work on outputs too.
int rill_gpio_output(rill_pin_t pin, bool level)
{
    if (!exists(pin)) {
        return RILL_EINVAL;
    }
    rill_gpio_set(pin, level);
    change(pin, IOF_EN, false);
    change(pin, INPUT_EN, true);
    change(pin, OUTPUT_EN, true);
    return RILL_OK;
}

int rill_gpio_input(rill_pin_t pin, rill_gpio_pull_t pull)
{
    if (!exists(pin) || pull > RILL_GPIO_PULL_UP) { // it can only pull up
        return RILL_EINVAL;
    }
    change(pin, IOF_EN, false);
    change(pin, OUTPUT_EN, false);
    change(pin, PUE, pull == RILL_GPIO_PULL_UP);
    change(pin, INPUT_EN, true);
    return RILL_OK;
}

void rill_gpio_set(rill_pin_t pin, bool level)
{
    change(pin, OUTPUT_VAL, level);
}

void rill_gpio_toggle(rill_pin_t pin)
{
    uintptr_t state = rill_arch_irq_save();
    *gpio_at(GPIO + OUTPUT_VAL) ^= gpio_bit(pin);
    rill_arch_irq_restore(state);
}

bool rill_gpio_get(rill_pin_t pin)
{
    return *gpio_at(GPIO + INPUT_VAL) & gpio_bit(pin);
}

int rill_gpio_chip_line(rill_pin_t pin)
{
    return exists(pin) ? LINE_OF_PIN_0 + pin : RILL_EINVAL;
}

int rill_gpio_chip_detect(rill_pin_t pin, unsigned edges)
{
    change(pin, RISE_IE, false);
    change(pin, FALL_IE, false);
    *gpio_at(GPIO + RISE_IP) = gpio_bit(pin); // writing 1 clears
    *gpio_at(GPIO + FALL_IP) = gpio_bit(pin);
    change(pin, RISE_IE, (edges & RILL_GPIO_RISING) != 0);
    change(pin, FALL_IE, (edges & RILL_GPIO_FALLING) != 0);
    return RILL_OK;
}

static void serve(rill_pin_t pin, uint32_t enabled, uint32_t pending)
{
    if ((*gpio_at(GPIO + enabled) & *gpio_at(GPIO + pending) & gpio_bit(pin)) != 0) {
        *gpio_at(GPIO + pending) = gpio_bit(pin);
        rill_gpio_isr_edge(pin);
    }
}

void rill_gpio_chip_isr(void *arg)
{
    rill_pin_t pin = (rill_pin_t)((uintptr_t)arg - LINE_OF_PIN_0);
    serve(pin, RISE_IE, RISE_IP);
    serve(pin, FALL_IE, FALL_IP);
}
