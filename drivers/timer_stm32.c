// STM32F4 TIM2: 32 bits at 1 MHz, channel 1 compares for the alarm. Extra wake-ups: one per 71 minutes without any
// other.
//
// QEMU models TIM2's counter but neither its compare interrupts nor the RCC, and its update interrupt comes after ARR
// plus the time the counter was last written, so no register sequence makes both worlds agree on the alarm. The RCC
// tells them apart: RCC_CR reads 0 in QEMU, and never on a chip (HSION or HSEON is set while the core runs). There
// SysTick is the alarm: it reaches 0.79 s, and waking up for longer ones is counted in rill_clock_extra_wakeups. The
// counter is TIM2 in both.
//
// TIM2_HZ, the timer's input clock, comes from the board.
#include <rill/irq.h>

#define WIDE_TICKS_PER_US 1u
#define WIDE_EPOCH_BITS 24
#define WIDE_REACH_US 0xFE000000u

#include "timer_wide.h"

enum { TIM2_LINE = 28, CEN = 1, URS = 4, UG = 1, CC1 = 2, APB1_TIM2 = 1 };
enum { SYSTICK_ON = 3, SYSTICK_COUNTFLAG = 1 << 16, PENDSTSET = 1 << 26, PENDSTCLR = 1 << 25 };

#define QEMU_TIM2_HZ 1000000000u   // QEMU's own choice for this chip
#define QEMU_SYSTICK_TICKS_PER_US 21u // its core clock over 8
#define QEMU_REACH_US 790000u      // 24 bits of that

static volatile uint32_t *at(uintptr_t address)
{
    return (volatile uint32_t *)address;
}

#define TIM2_CR1 at(0x40000000)
#define TIM2_DIER at(0x4000000C)
#define TIM2_SR at(0x40000010)
#define TIM2_EGR at(0x40000014)
#define TIM2_CNT at(0x40000024)
#define TIM2_PSC at(0x40000028)
#define TIM2_ARR at(0x4000002C)
#define TIM2_CCR1 at(0x40000034)
#define RCC_CR at(0x40023800)
#define RCC_APB1ENR at(0x40023840)
#define SYST_CSR at(0xE000E010)
#define SYST_RVR at(0xE000E014)
#define SYST_CVR at(0xE000E018)
#define ICSR at(0xE000ED04)

static bool emulated;

static uint32_t wide_count(void)
{
    return *TIM2_CNT;
}

static void wide_quiet(void)
{
    if (emulated) {
        *SYST_CSR = 0;
    } else {
        *TIM2_DIER = 0;
    }
}

static void wide_pend(void)
{
    if (emulated) {
        *ICSR = PENDSTSET;
    } else {
        rill_irq_pend(TIM2_LINE);
    }
}

static bool wide_ack(void)
{
    if (emulated) {
        return *SYST_CSR & SYSTICK_COUNTFLAG;
    }
    bool fired = *TIM2_SR & CC1;
    *TIM2_SR = ~(uint32_t)CC1;
    return fired;
}

// One shot: a reload value of 0, written when the period has been loaded, stops the counter at its end.
static void arm_systick(uint32_t us)
{
    uint32_t reach = us < QEMU_REACH_US ? us : QEMU_REACH_US;
    *SYST_CSR = 0;
    *SYST_RVR = reach * QEMU_SYSTICK_TICKS_PER_US + 1;
    *SYST_CVR = 0;
    *ICSR = PENDSTCLR;
    *SYST_CSR = SYSTICK_ON;
    while (*SYST_CVR == 0) {
    }
    *SYST_RVR = 0;
}

// The compare value must lie ahead of the counter when it is written; two ticks are hundreds of cycles, but an
// interrupt may take longer.
static void wide_arm(uint32_t us)
{
    if (emulated) {
        arm_systick(us);
        return;
    }
    uint32_t start = *TIM2_CNT;
    us = us < 2 ? 2 : us;
    *TIM2_CCR1 = start + us;
    *TIM2_SR = ~(uint32_t)CC1;
    *TIM2_DIER = CC1;
    if (*TIM2_CNT - start >= us) {
        wide_pend();
    }
}

void rill_arm_systick(void)
{
    wide_isr(NULL);
}

void rill_clock_init(void)
{
    emulated = *RCC_CR == 0;
    *RCC_APB1ENR |= APB1_TIM2;
    (void)*RCC_APB1ENR; // the clock is on two cycles after the write
    *TIM2_CR1 = URS;
    *TIM2_PSC = (emulated ? QEMU_TIM2_HZ : TIM2_HZ) / 1000000u - 1;
    *TIM2_ARR = UINT32_MAX;
    *TIM2_EGR = UG; // loads the prescaler, clears the counter
    *TIM2_CR1 = URS | CEN;
    rill_irq_attach(TIM2_LINE, wide_isr, NULL);
    wide_arm(WIDE_REACH_US);
}
