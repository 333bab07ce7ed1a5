// STM32F1 GPIO: ports A to G of 16 pins. The pins are not modelled by QEMU.
#include "gpio_chip.h"

#define GPIO 0x40010800u
#define RCC_APB2ENR 0x40021018u
#define EXTI 0x40010400u
#define EXTICR 0x40010008u

enum { CRL = 0x00, IDR = 0x08, ODR = 0x0C, PORTS = 7, PINS = 16 };
enum { APB2_AFIO = 0, APB2_GPIOA = 2 }; // bits
enum { MODE_OUTPUT_2MHZ = 2, MODE_FLOATING = 4, MODE_PULLED = 8 };

// A word for each bit of the peripherals: writing it changes that bit alone.
static inline volatile uint32_t *bit_of(uintptr_t address, unsigned bit)
{
    return gpio_at(0x42000000u + (address - 0x40000000u) * 32u + bit * 4u);
}

static void switch_on(unsigned bit)
{
    volatile uint32_t *on = bit_of(RCC_APB2ENR, bit);
    *on = 1;
    (void)*on; // the clock is on two cycles after the write
}

static void exti_clock(void)
{
    switch_on(APB2_AFIO);
}

#include "gpio_exti.h"

static uintptr_t reg(rill_pin_t pin, uint32_t offset)
{
    return GPIO + gpio_port(pin) * 0x400u + offset;
}

static volatile uint32_t *output_of(rill_pin_t pin)
{
    return bit_of(reg(pin, ODR), gpio_number(pin));
}

static bool exists(rill_pin_t pin)
{
    return gpio_port(pin) < PORTS && gpio_number(pin) < PINS;
}

// CRL holds pins 0 to 7, CRH behind it 8 to 15, four bits each.
static void set_mode(rill_pin_t pin, uint32_t mode)
{
    unsigned number = gpio_number(pin);
    gpio_change(reg(pin, CRL + number / 8 * 4), 15u << number % 8 * 4, mode << number % 8 * 4);
}

int rill_gpio_output(rill_pin_t pin, bool level)
{
    if (!exists(pin)) {
        return RILL_EINVAL;
    }
    switch_on(APB2_GPIOA + gpio_port(pin));
    rill_gpio_set(pin, level);
    set_mode(pin, MODE_OUTPUT_2MHZ);
    return RILL_OK;
}

// The output latch chooses the direction of the pull.
int rill_gpio_input(rill_pin_t pin, rill_gpio_pull_t pull)
{
    if (!exists(pin) || pull > RILL_GPIO_PULL_DOWN) {
        return RILL_EINVAL;
    }
    switch_on(APB2_GPIOA + gpio_port(pin));
    set_mode(pin, pull == RILL_GPIO_FLOATING ? MODE_FLOATING : MODE_PULLED);
    if (pull != RILL_GPIO_FLOATING) {
        rill_gpio_set(pin, pull == RILL_GPIO_PULL_UP);
    }
    return RILL_OK;
}

void rill_gpio_set(rill_pin_t pin, bool level)
{
    *output_of(pin) = level;
}

void rill_gpio_toggle(rill_pin_t pin)
{
    uintptr_t state = rill_arch_irq_save();
    *output_of(pin) ^= 1u;
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
