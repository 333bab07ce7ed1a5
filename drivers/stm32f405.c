// STM32F405: clock tree and pin functions.
#include "stm32f405.h"

#include <stdbool.h>

enum { HSEON = 1 << 16, HSERDY = 1 << 17, PLLON = 1 << 24, PLLRDY = 1 << 25 };
enum { PLLSRC_HSE = 1 << 22, HSI_MHZ = 16, SW_PLL = 2, SWS = 3 << 2 };

static volatile uint32_t *at(uintptr_t address)
{
    return (volatile uint32_t *)address;
}

#define RCC_CR at(0x40023800)
#define RCC_PLLCFGR at(0x40023804)
#define RCC_CFGR at(0x40023808)
#define RCC_AHB1ENR at(0x40023830)
#define RCC_APB1ENR at(0x40023840)
#define RCC_APB2ENR at(0x40023844)
#define FLASH_ACR at(0x40023C00)

// A crystal starts within 20 ms or never. RCC_CR is never 0 on a chip; it is in QEMU, which models no RCC and needs
// none.
static bool ready(uint32_t flag)
{
    for (uint32_t tries = 0; tries < 100000; tries++) {
        uint32_t state = *RCC_CR;
        if (state & flag) {
            return true;
        }
        if (state == 0) {
            return false;
        }
    }
    return false;
}

// The PLL multiplies 1 MHz by 336; halved, that is the core's 168 MHz. Flash needs 5 wait states at that speed, with
// prefetch and both caches; APB1 runs at a quarter (42 MHz), APB2 at half (84 MHz), and timers at twice their bus.
void stm32f405_clock(uint32_t crystal_mhz)
{
    *RCC_CR |= HSEON;
    bool crystal = ready(HSERDY);
    uint32_t divider = crystal ? crystal_mhz : HSI_MHZ;
    *RCC_PLLCFGR = divider | 336u << 6 | 0u << 16 | (crystal ? PLLSRC_HSE : 0u) | 7u << 24;
    *RCC_CR |= PLLON;
    *FLASH_ACR = 0x705;
    *RCC_CFGR = 5u << 10 | 4u << 13;
    if (ready(PLLRDY)) {
        *RCC_CFGR |= SW_PLL;
        while ((*RCC_CFGR & SWS) != SW_PLL << 2) {
        }
    }
}

void stm32f405_enable(uint32_t apb1, uint32_t apb2)
{
    *RCC_APB1ENR |= apb1;
    *RCC_APB2ENR |= apb2;
    (void)*RCC_APB2ENR; // the clock is on two cycles after the write
}

static void field(volatile uint32_t *reg, unsigned index, unsigned width, uint32_t value)
{
    uint32_t mask = ((1u << width) - 1u) << (index * width);
    *reg = (*reg & ~mask) | value << (index * width);
}

void stm32f405_pin(unsigned port, unsigned pin, unsigned function)
{
    uintptr_t base = 0x40020000u + port * 0x400u;
    *RCC_AHB1ENR |= 1u << port;
    (void)*RCC_AHB1ENR;
    field(at(base + 0x20u + pin / 8u * 4u), pin % 8u, 4, function);
    field(at(base + 0x0C), pin, 2, 1);
    field(at(base + 0x00), pin, 2, 2);
}
