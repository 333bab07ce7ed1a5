// STM32VLDISCOVERY.
#include <rill/board.h>
#include <rill/clock.h>
#include <rill/uart.h>

enum { USART1_LINE = 37 };

const char rill_board_name[] = "stm32vldiscovery";
const unsigned rill_board_soft_irq = 55; // TIM7, unused

rill_irq_vector_t rill_irq_table[RILL_IRQ_LINES];
const unsigned rill_irq_count = RILL_IRQ_LINES;

static volatile uint32_t *at(uintptr_t address)
{
    return (volatile uint32_t *)address;
}

#define RCC_CR at(0x40021000)
#define RCC_CFGR at(0x40021004)
#define RCC_APB2ENR at(0x40021018)
#define GPIOA_CRH at(0x40010804)
#define GPIOA_BSRR at(0x40010810)

enum { HSEON = 1 << 16, HSERDY = 1 << 17, PLLON = 1 << 24, PLLRDY = 1 << 25 };
enum { PLLSRC_HSE = 1 << 16, PLL_TIMES_3 = 1 << 18, PLL_TIMES_6 = 4 << 18, SW_PLL = 2, SWS = 3 << 2 };
enum { APB2_AFIO = 1 << 0, APB2_GPIOA = 1 << 2, APB2_USART1 = 1 << 14 };

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

// 8 MHz crystal times 3, or half the internal 8 MHz times 6 if it does not start. Buses undivided, flash without
// waiting.
static void clock_24mhz(void)
{
    *RCC_CR |= HSEON;
    *RCC_CFGR = ready(HSERDY) ? PLLSRC_HSE | PLL_TIMES_3 : PLL_TIMES_6;
    *RCC_CR |= PLLON;
    if (ready(PLLRDY)) {
        *RCC_CFGR |= SW_PLL;
        while ((*RCC_CFGR & SWS) != SW_PLL << 2) {
        }
    }
}

// PA9 transmits (alternate function, push-pull), PA10 receives (pulled up).
static void connect_console(void)
{
    *RCC_APB2ENR |= APB2_AFIO | APB2_GPIOA | APB2_USART1;
    (void)*RCC_APB2ENR; // the clock is on two cycles after the write
    *GPIOA_BSRR = 1u << 10;
    *GPIOA_CRH = (*GPIOA_CRH & ~0xFF0u) | 0x8B0u;
}

static const uint16_t console_lines[] = {USART1_LINE, RILL_UART_LINES_END};
rill_uart_t rill_board_uart = {
    .ops = &rill_uart_stm32,
    .base = 0x40013800,
    .clock_hz = 24000000,
    .lines = console_lines,
    .connect = connect_console,
};

void rill_board_init(void)
{
    clock_24mhz();
    rill_board_console();
    rill_clock_init();
}
