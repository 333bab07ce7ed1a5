// SiFive HiFive1 rev B.
#include <rill/board.h>
#include <rill/clock.h>
#include <rill/uart.h>

enum { UART0_LINE = 3 };

const char rill_board_name[] = "sifive_e";
const unsigned rill_board_soft_irq = 0;

rill_irq_vector_t rill_irq_table[RILL_IRQ_LINES];
const unsigned rill_irq_count = RILL_IRQ_LINES;

static volatile uint32_t *at(uintptr_t address)
{
    return (volatile uint32_t *)address;
}

#define HFROSCCFG at(0x10008000)
#define HFXOSCCFG at(0x10008004)
#define PLLCFG at(0x10008008)
#define PLLOUTDIV at(0x1000800C)
#define GPIO_IOF_EN at(0x10012038)
#define GPIO_IOF_SEL at(0x1001203C)

enum {
    OSC_ON = 1 << 30,
    PLL_R_2 = 1,       // 16 MHz crystal / 2 = 8 MHz
    PLL_F_64 = 31 << 4, // * 64 = 512 MHz
    PLL_Q_8 = 3 << 10, // / 8 = 64 MHz
    PLL_SELECT = 1 << 16,
    PLL_FROM_CRYSTAL = 1 << 17,
    PLL_BYPASS = 1 << 18,
    PLL_UNDIVIDED = 1 << 8,
    UART0_PINS = 3 << 16,
};
#define READY 0x80000000u // oscillator stable; PLL locked

static void start_oscillator(volatile uint32_t *config)
{
    *config |= OSC_ON;
    while (!(*config & READY)) {
    }
}

// The lock bit means nothing in the first 100 us; at 14 MHz that is 1,400 cycles.
static void wait_for_lock(void)
{
    for (volatile unsigned n = 0; n < 700; n++) {
    }
    while (!(*PLLCFG & READY)) {
    }
}

// A debugger or bootloader may have the PLL in use: first to the ring oscillator, then change it, then back. The
// flash's SPI clock is an eighth of the core's, 8 MHz.
static void clock_64mhz(void)
{
    start_oscillator(HFROSCCFG);
    *PLLCFG &= ~(uint32_t)PLL_SELECT;
    start_oscillator(HFXOSCCFG);
    *PLLOUTDIV = PLL_UNDIVIDED;
    *PLLCFG = PLL_FROM_CRYSTAL | PLL_BYPASS | PLL_R_2 | PLL_F_64 | PLL_Q_8;
    *PLLCFG = PLL_FROM_CRYSTAL | PLL_R_2 | PLL_F_64 | PLL_Q_8;
    wait_for_lock();
    *PLLCFG |= PLL_SELECT;
}

static void connect_console(void)
{
    *GPIO_IOF_SEL &= ~(uint32_t)UART0_PINS;
    *GPIO_IOF_EN |= UART0_PINS;
}

static const uint16_t console_lines[] = { UART0_LINE, RILL_UART_LINES_END };
rill_uart_t rill_board_uart = {
    .ops = &rill_uart_sifive,
    .base = 0x10013000,
    .clock_hz = CPU_HZ,
    .lines = console_lines,
    .connect = connect_console,
};

void rill_board_init(void)
{
    clock_64mhz();
    rill_board_console();
    rill_clock_init();
}
