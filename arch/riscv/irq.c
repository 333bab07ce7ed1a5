// Interrupt lines: the platform-level interrupt controller (PLIC), and the software interrupt of the core-local one
// (CLINT) as line 0, a number the PLIC does not use.
//
// All lines are enabled at the PLIC once and for all, and let through by their priority: 0 never interrupts. Each line
// has a priority register of its own, so enabling and disabling is one store that nobody can interleave with. It also
// keeps a handler that disables its own line from losing the completion, which the PLIC ignores for lines not enabled.
//
// The addresses are those of every SiFive-style platform; context 0 of the PLIC is machine mode of hart 0.
#include <rill/irq.h>

#include "arch.h"
#include "frame.h"

#ifndef RILL_RISCV_CLINT
#define RILL_RISCV_CLINT 0x02000000u
#endif
#ifndef RILL_RISCV_PLIC
#define RILL_RISCV_PLIC 0x0C000000u
#endif

enum { PASS = 1, ABOVE = 2 }; // priorities: a line let through; the one being cleared

static volatile uint32_t *at(uintptr_t address)
{
    return (volatile uint32_t *)address;
}

#define MSIP at(RILL_RISCV_CLINT)
#define PRIORITY(line) at(RILL_RISCV_PLIC + 4u * (line))
#define PENDING(word) at(RILL_RISCV_PLIC + 0x1000u + 4u * (word))
#define ENABLE(word) at(RILL_RISCV_PLIC + 0x2000u + 4u * (word))
#define THRESHOLD at(RILL_RISCV_PLIC + 0x200000u)
#define CLAIM at(RILL_RISCV_PLIC + 0x200004u)

static void enable_software(bool on)
{
    if (on) {
        __asm__ volatile("csrs mie, %0" : : "r"(MIE_MSIE) : "memory");
    } else {
        __asm__ volatile("csrc mie, %0" : : "r"(MIE_MSIE) : "memory");
    }
}

static int let_through(unsigned line, bool on)
{
    if (line >= rill_irq_count) {
        return RILL_EINVAL;
    }
    if (line == 0) {
        enable_software(on);
    } else {
        *PRIORITY(line) = on ? PASS : 0;
    }
    return 0;
}

int rill_arch_irq_enable(unsigned line)
{
    return let_through(line, true);
}

int rill_arch_irq_disable(unsigned line)
{
    return let_through(line, false);
}

int rill_irq_pend(unsigned line)
{
    if (line >= rill_irq_count) {
        return RILL_EINVAL;
    }
    if (line != 0) {
        return RILL_EPERM;
    }
    *MSIP = 1;
    return 0;
}

// The only way to make the PLIC forget is to claim, and a claim returns the pending line of highest priority: so for a
// moment this one is above all others.
static void forget(unsigned line)
{
    uintptr_t state = rill_arch_irq_save();
    uint32_t priority = *PRIORITY(line);
    *PRIORITY(line) = ABOVE;
    if (*PENDING(line / 32) >> line % 32 & 1) {
        *CLAIM = *CLAIM;
    }
    *PRIORITY(line) = priority;
    rill_arch_irq_restore(state);
}

int rill_arch_irq_clear(unsigned line)
{
    if (line >= rill_irq_count) {
        return RILL_EINVAL;
    }
    if (line == 0) {
        *MSIP = 0;
    } else {
        forget(line);
    }
    return 0;
}

// Called by start.S, masked; it and trap.S refer to this file by weak names.
void rill_riscv_irq_init(void)
{
    for (unsigned line = 1; line < rill_irq_count; line++) {
        *PRIORITY(line) = 0;
    }
    for (unsigned word = 0; word * 32 < rill_irq_count; word++) {
        *ENABLE(word) = UINT32_MAX;
    }
    *THRESHOLD = 0;
    *MSIP = 0;
    __asm__ volatile("csrs mie, %0" : : "r"(MIE_MEIE) : "memory");
}

// ---- called by trap.S

// Line 0 is always there; what rill_irq_dispatch does, here.
void rill_riscv_software(void)
{
    *MSIP = 0;
#if !RILL_STATS && !RILL_SMALL
    const rill_irq_vector_t *vector = &rill_irq_table[0];
    if (vector->isr != NULL) {
        vector->isr(vector->arg);
        return;
    }
#endif
    rill_irq_dispatch(0);
}

// 0: somebody cleared the line meanwhile.
void rill_riscv_external(void)
{
    uint32_t line = *CLAIM;
    if (line != 0) {
        rill_irq_dispatch(line);
        *CLAIM = line;
    }
}
