// The NVIC's external lines.
#include <rill/irq.h>

#include "arch.h"

_Static_assert(sizeof(rill_irq_vector_t) == 8, "reset.S");

// One bit of a bank of write-one registers. The barriers make it count before the next instruction: a line made pending
// is taken, a line disabled is not taken any more.
static int write_bit(uintptr_t bank, unsigned line)
{
    if (line >= rill_irq_count) {
        return RILL_EINVAL;
    }
    *rill_arm_reg(bank + line / 32 * 4) = 1u << line % 32;
    __asm__ volatile("dsb\n\tisb" : : : "memory");
    return RILL_OK;
}

// Whoever can open a line keeps the lines' part of the vector table (reset.S).
int rill_arch_irq_enable(unsigned line)
{
    __asm__ volatile(".reloc ., R_ARM_NONE, rill_arm_lines");
    return write_bit(RILL_ARM_NVIC_ISER, line);
}

int rill_arch_irq_disable(unsigned line)
{
    return write_bit(RILL_ARM_NVIC_ICER, line);
}

int rill_irq_pend(unsigned line)
{
#if RILL_ARM_BASELINE
    return write_bit(RILL_ARM_NVIC_ISPR, line);
#else
    if (line >= rill_irq_count) {
        return RILL_EINVAL;
    }
    *rill_arm_reg(RILL_ARM_NVIC_STIR) = line;
    __asm__ volatile("dsb\n\tisb" : : : "memory");
    return RILL_OK;
#endif
}

int rill_arch_irq_clear(unsigned line)
{
    return write_bit(RILL_ARM_NVIC_ICPR, line);
}
