// LM3S6965 evaluation board.
#include <rill/board.h>
#include <rill/clock.h>
#include <rill/uart.h>

enum { UART0_LINE = 5 };

const char rill_board_name[] = "lm3s6965evb";
const unsigned rill_board_soft_irq = 20; // timer 0B: its timer is used as one of 32 bits, which has no second half

rill_irq_vector_t rill_irq_table[RILL_IRQ_LINES];
const unsigned rill_irq_count = RILL_IRQ_LINES;

static volatile uint32_t *at(uintptr_t address)
{
    return (volatile uint32_t *)address;
}

#define SYS_RIS at(0x400FE050)
#define SYS_RCC at(0x400FE060)
#define SYS_RCGC1 at(0x400FE104)
#define SYS_RCGC2 at(0x400FE108)
#define GPIOA_AFSEL at(0x40004420)
#define GPIOA_DEN at(0x4000451C)

enum {
    RCC_MOSCDIS = 1 << 0,
    RCC_OSCSRC = 3 << 4, // 0: the main oscillator
    RCC_XTAL = 15 << 6,
    RCC_XTAL_8MHZ = 14 << 6,
    RCC_BYPASS = 1 << 11,
    RCC_PWRDN = 1 << 13,
    RCC_USESYSDIV = 1 << 22,
    RCC_SYSDIV = 15 << 23,
    RCC_SYSDIV_4 = 3 << 23,
    RIS_PLL_LOCKED = 1 << 6,
    GATE1_UART0 = 1 << 0,
    GATE2_GPIOA = 1 << 0,
};

// PLL (400 MHz / 2) / 4 = 50 MHz. The order is the data sheet's: run without the PLL, set up crystal and PLL, set the
// divider, wait for the lock, take the PLL into use.
static void clock_50mhz(void)
{
    uint32_t rcc = (*SYS_RCC | RCC_BYPASS) & ~(uint32_t)RCC_USESYSDIV;
    *SYS_RCC = rcc;
    rcc = (rcc & ~(uint32_t)(RCC_MOSCDIS | RCC_OSCSRC | RCC_XTAL | RCC_PWRDN)) | RCC_XTAL_8MHZ;
    *SYS_RCC = rcc;
    rcc = (rcc & ~(uint32_t)RCC_SYSDIV) | RCC_SYSDIV_4 | RCC_USESYSDIV;
    *SYS_RCC = rcc;
    while (!(*SYS_RIS & RIS_PLL_LOCKED)) {
    }
    *SYS_RCC = rcc & ~(uint32_t)RCC_BYPASS;
}

static void connect_console(void)
{
    *SYS_RCGC1 |= GATE1_UART0;
    *SYS_RCGC2 |= GATE2_GPIOA;
    (void)*SYS_RCGC2; // a module answers three cycles after its clock is on
    (void)*SYS_RCGC2;
    *GPIOA_AFSEL |= 3;
    *GPIOA_DEN |= 3;
}

static const uint16_t console_lines[] = {UART0_LINE, RILL_UART_LINES_END};
rill_uart_t rill_board_uart = {
    .ops = &rill_uart_pl011,
    .base = 0x4000C000,
    .clock_hz = 50000000,
    .lines = console_lines,
    .connect = connect_console,
};

void rill_board_init(void)
{
    clock_50mhz();
    rill_board_console();
    rill_clock_init();
}
