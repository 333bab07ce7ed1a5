// STM32F405 clock tree and pin functions, for the boards that carry it.
#ifndef STM32F405_H
#define STM32F405_H

#include <stdint.h>

#define STM32F405_PCLK1_HZ 42000000u
#define STM32F405_PCLK2_HZ 84000000u

enum { STM32F405_PORTA, STM32F405_PORTB, STM32F405_PORTC };

// 168 MHz from a crystal of `crystal_mhz` (4 .. 26), or from the internal oscillator if it does not start.
void stm32f405_clock(uint32_t crystal_mhz);

// Turns peripherals on: bits of RCC_APB1ENR and RCC_APB2ENR.
void stm32f405_enable(uint32_t apb1, uint32_t apb2);

// Connects a pin to alternate function 0 .. 15, with the pull-up on (a serial line idles high).
void stm32f405_pin(unsigned port, unsigned pin, unsigned function);

#endif
