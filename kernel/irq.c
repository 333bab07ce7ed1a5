// The line table and its dispatch. The table is the board's, so the library holds no sized array.
#include <rill/irq.h>

#include "arch.h"

uint32_t rill_irq_taken;
uint32_t rill_irq_spurious;

int rill_irq_attach(unsigned line, rill_isr_t isr, void *arg)
{
    if (line >= rill_irq_count || isr == NULL) {
        return RILL_EINVAL;
    }
    if (rill_irq_table[line].isr != NULL) {
        return RILL_EBUSY;
    }
    rill_irq_table[line].arg = arg;
    __atomic_signal_fence(__ATOMIC_SEQ_CST); // arg before isr: the line may be enabled already
    rill_irq_table[line].isr = isr;
    return rill_arch_irq_enable(line);
}

int rill_irq_detach(unsigned line)
{
    if (line >= rill_irq_count) {
        return RILL_EINVAL;
    }
    if (rill_irq_table[line].isr == NULL) {
        return RILL_ENOENT;
    }
    int error = rill_arch_irq_disable(line);
    rill_irq_table[line].isr = NULL;
    return error;
}

void rill_irq_dispatch(unsigned line)
{
    rill_irq_taken++;
    if (line >= rill_irq_count || rill_irq_table[line].isr == NULL) {
        rill_irq_spurious++;
        rill_arch_irq_disable(line); // or a level line would come for ever
        return;
    }
    rill_irq_table[line].isr(rill_irq_table[line].arg);
}
