// Olimex STM32-H405.
#include <rill/board.h>
#include <rill/clock.h>
#include <rill/uart.h>

#include "../../drivers/stm32f405.h"

enum { USART1_LINE = 37, CRYSTAL_MHZ = 8 };

const char rill_board_name[] = "olimex-stm32-h405";
const unsigned rill_board_soft_irq = 55; // TIM7, unused

rill_irq_vector_t rill_irq_table[RILL_IRQ_LINES];
const unsigned rill_irq_count = RILL_IRQ_LINES;

// PA9 transmits, PA10 receives; both on the extension headers.
static void connect_console(void)
{
    stm32f405_pin(STM32F405_PORTA, 9, 7);
    stm32f405_pin(STM32F405_PORTA, 10, 7);
    stm32f405_enable(0, 1u << 4);
}

static const uint16_t console_lines[] = {USART1_LINE, RILL_UART_LINES_END};
rill_uart_t rill_board_uart = {
    .ops = &rill_uart_stm32,
    .base = 0x40011000,
    .clock_hz = STM32F405_PCLK2_HZ,
    .lines = console_lines,
    .connect = connect_console,
};

void rill_board_init(void)
{
    stm32f405_clock(CRYSTAL_MHZ);
    rill_board_console();
    rill_clock_init();
}
