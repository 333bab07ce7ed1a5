// Netduino Plus 2.
#include <rill/board.h>
#include <rill/clock.h>
#include <rill/uart.h>

#include "../../drivers/stm32f405.h"

enum { USART2_LINE = 38, CRYSTAL_MHZ = 25 };

const char rill_board_name[] = "netduinoplus2";
const unsigned rill_board_soft_irq = 55; // TIM7, unused

rill_irq_vector_t rill_irq_table[RILL_IRQ_LINES];
const unsigned rill_irq_count = RILL_IRQ_LINES;

// PA2 transmits (header pin D3), PA3 receives (D2).
static void connect_console(void)
{
    stm32f405_pin(STM32F405_PORTA, 2, 7);
    stm32f405_pin(STM32F405_PORTA, 3, 7);
    stm32f405_enable(1u << 17, 0);
}

static const uint16_t console_lines[] = {USART2_LINE, RILL_UART_LINES_END};
rill_uart_t rill_board_uart = {
    .ops = &rill_uart_stm32,
    .base = 0x40004400,
    .clock_hz = STM32F405_PCLK1_HZ,
    .lines = console_lines,
    .connect = connect_console,
};

void rill_board_init(void)
{
    stm32f405_clock(CRYSTAL_MHZ);
    rill_board_console();
    rill_clock_init();
}
