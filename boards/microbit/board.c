// BBC micro:bit v1.
#include <rill/board.h>
#include <rill/clock.h>
#include <rill/uart.h>

enum { UART0_LINE = 2, TX_PIN = 24, RX_PIN = 25 };

const char rill_board_name[] = "microbit";
const unsigned rill_board_soft_irq = 25; // SWI5: an interrupt that only software raises

rill_irq_vector_t rill_irq_table[RILL_IRQ_LINES];
const unsigned rill_irq_count = RILL_IRQ_LINES;

static volatile uint32_t *at(uintptr_t address)
{
    return (volatile uint32_t *)address;
}

#define CLOCK_HFCLKSTART at(0x40000000)
#define CLOCK_HFCLKSTARTED at(0x40000100)
#define UART_PSELTXD at(0x4000250C)
#define UART_PSELRXD at(0x40002514)
#define GPIO_OUTSET at(0x50000508)
#define GPIO_PIN_CNF at(0x50000700)

// The crystal, because the RC oscillator the chip wakes up on is off by more than a UART bears.
static void start_crystal(void)
{
    *CLOCK_HFCLKSTARTED = 0;
    *CLOCK_HFCLKSTART = 1;
    while (*CLOCK_HFCLKSTARTED == 0) {
    }
}

static void connect_console(void)
{
    *GPIO_OUTSET = 1u << TX_PIN; // idle before the UART takes over
    GPIO_PIN_CNF[TX_PIN] = 3;    // output, input buffer off
    GPIO_PIN_CNF[RX_PIN] = 0;    // input
    *UART_PSELTXD = TX_PIN;
    *UART_PSELRXD = RX_PIN;
}

static const uint16_t console_lines[] = {UART0_LINE, RILL_UART_LINES_END};
rill_uart_t rill_board_uart = {
    .ops = &rill_uart_nrf51,
    .base = 0x40002000,
    .clock_hz = 16000000,
    .lines = console_lines,
    .connect = connect_console,
};

void rill_board_init(void)
{
    start_crystal();
    rill_board_console();
    rill_clock_init();
}
