// STM32 edge detection (EXTI): 16 detectors, detector n for pin n of one of the ports. Shared by the F1 and F4 drivers,
// which define EXTI and EXTICR, the registers' addresses, and exti_clock(), before they include this.
//
// Not modelled by QEMU together with pins that could raise it; it has run on no machine yet.
#ifndef GPIO_EXTI_H
#define GPIO_EXTI_H

#include "gpio_chip.h"

enum { IMR = 0x00, RTSR = 0x08, FTSR = 0x0C, PR = 0x14, EXTI_PINS = 16 };
enum { LINE_EXTI0 = 6, LINE_EXTI9_5 = 23, LINE_EXTI15_10 = 40 };

static unsigned exti_line(unsigned number)
{
    return number < 5 ? LINE_EXTI0 + number : number < 10 ? LINE_EXTI9_5 : LINE_EXTI15_10;
}

static unsigned exti_owner(unsigned number)
{
    return *gpio_at(EXTICR + number / 4 * 4) >> number % 4 * 4 & 15u;
}

int rill_gpio_chip_detect(rill_pin_t pin, unsigned edges)
{
    unsigned number = gpio_number(pin);
    uint32_t bit = gpio_bit(pin);
    exti_clock();
    if ((*gpio_at(EXTI + IMR) & bit) != 0 && exti_owner(number) != gpio_port(pin)) {
        return RILL_EBUSY;
    }
    gpio_change(EXTI + IMR, bit, 0);
    gpio_change(EXTICR + number / 4 * 4, 15u << number % 4 * 4, gpio_port(pin) << number % 4 * 4);
    gpio_change(EXTI + RTSR, bit, edges & RILL_GPIO_RISING ? bit : 0);
    gpio_change(EXTI + FTSR, bit, edges & RILL_GPIO_FALLING ? bit : 0);
    *gpio_at(EXTI + PR) = bit; // writing 1 clears
    gpio_change(EXTI + IMR, bit, edges != 0 ? bit : 0);
    return RILL_OK;
}

void rill_gpio_chip_isr(void *arg)
{
    uint32_t pins = *gpio_at(EXTI + PR) & *gpio_at(EXTI + IMR) & ((UINT32_C(1) << EXTI_PINS) - 1);
    for (unsigned number = 0; number < EXTI_PINS; number++) {
        if ((pins >> number & 1u) != 0 && exti_line(number) == (uintptr_t)arg) {
            *gpio_at(EXTI + PR) = 1u << number;
            rill_gpio_isr_edge(RILL_PIN(exti_owner(number), number));
        }
    }
}

#endif
