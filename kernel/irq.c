// The line table and its dispatch. The table is the board's, so the library holds no sized array.
#include <rill/irq.h>

#include "kernel.h"

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
    BARRIER(); // arg before isr: the line may be enabled already
    rill_irq_table[line].isr = isr;
    int error = rill_arch_irq_enable(line);
    if (error != RILL_OK) {
        rill_irq_table[line].isr = NULL;
    }
    return error;
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

SLOW void nobody(unsigned line)
{
    rill_irq_spurious++;
    rill_arch_irq_disable(line); // or a level line would come for ever
}

void rill_irq_dispatch(unsigned line)
{
#if RILL_STATS
    rill_irq_taken++;
#endif
    const rill_irq_vector_t *vector = &rill_irq_table[line];
    if (UNLIKELY(line >= rill_irq_count || vector->isr == NULL)) {
        nobody(line);
        return;
    }
    vector->isr(vector->arg);
}
