// STM32F4 GPIO: ports A to I of 16 pins. The pins are not modelled by QEMU.
#include "gpio_chip.h"

#define GPIO 0x40020000u
#define RCC_AHB1ENR 0x40023830u
#define RCC_APB2ENR 0x40023844u
#define EXTI 0x40013C00u
#define EXTICR 0x40013808u

enum { MODER = 0x00, OTYPER = 0x04, PUPDR = 0x0C, IDR = 0x10, ODR = 0x14, BSRR = 0x18, PORTS = 9, PINS = 16 };
enum { APB2_SYSCFG = 1 << 14 };

static void exti_clock(void)
{
    gpio_change(RCC_APB2ENR, APB2_SYSCFG, APB2_SYSCFG);
    (void)*gpio_at(RCC_APB2ENR); // the clock is on two cycles after the write
}

#include "gpio_exti.h"

static uintptr_t reg(rill_pin_t pin, uint32_t offset)
{
    return GPIO + gpio_port(pin) * 0x400u + offset;
}

static bool exists(rill_pin_t pin)
{
    return gpio_port(pin) < PORTS && gpio_number(pin) < PINS;
}

static void connect(rill_pin_t pin)
{
    gpio_change(RCC_AHB1ENR, 1u << gpio_port(pin), 1u << gpio_port(pin));
    (void)*gpio_at(RCC_AHB1ENR);
}

// The registers with two bits a pin.
static void change_pair(rill_pin_t pin, uint32_t offset, uint32_t value)
{
    gpio_change(reg(pin, offset), 3u << 2 * gpio_number(pin), value << 2 * gpio_number(pin));
}

int rill_gpio_output(rill_pin_t pin, bool level)
{
    if (!exists(pin)) {
        return RILL_EINVAL;
    }
    connect(pin);
    rill_gpio_set(pin, level);
    gpio_change(reg(pin, OTYPER), gpio_bit(pin), 0);
    change_pair(pin, PUPDR, 0);
    change_pair(pin, MODER, 1);
    return RILL_OK;
}

int rill_gpio_input(rill_pin_t pin, rill_gpio_pull_t pull)
{
    if (!exists(pin) || pull > RILL_GPIO_PULL_DOWN) {
        return RILL_EINVAL;
    }
    connect(pin);
    change_pair(pin, PUPDR, (uint32_t)pull); // the chip's own numbers
    change_pair(pin, MODER, 0);
    return RILL_OK;
}

void rill_gpio_set(rill_pin_t pin, bool level)
{
    *gpio_at(reg(pin, BSRR)) = level ? gpio_bit(pin) : gpio_bit(pin) << 16;
}

void rill_gpio_toggle(rill_pin_t pin)
{
    uintptr_t state = rill_arch_irq_save();
    rill_gpio_set(pin, (*gpio_at(reg(pin, ODR)) & gpio_bit(pin)) == 0);
    rill_arch_irq_restore(state);
}

bool rill_gpio_get(rill_pin_t pin)
{
    return *gpio_at(reg(pin, IDR)) & gpio_bit(pin);
}

int rill_gpio_chip_line(rill_pin_t pin)
{
    return exists(pin) ? (int)exti_line(gpio_number(pin)) : RILL_EINVAL;
}
