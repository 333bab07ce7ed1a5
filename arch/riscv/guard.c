// Guards of the two stacks that stay where they are: interrupts, and main's (the loop and its callbacks). 32 bytes at their low
// ends (linker/riscv.ld) become inaccessible. Called by start.S in debug builds (RILL_STACK_GUARD).
#include "arch.h"

void rill_riscv_guard_init(void);

extern char __isr_stack[], __stack[];

// Naturally aligned region of 32 bytes, no access. Locked, or it would not bind machine mode.
#define PMP_NAPOT_32(address) ((uintptr_t)(address) >> 2 | 3)
#define PMP_GUARD 0x98u

// On a core without PMP the CSRs trap; the vectors point past them meanwhile. Masked.
void rill_riscv_guard_init(void)
{
    uintptr_t vectors;
    __asm__ volatile("lla %0, 1f\n\t"
                     "csrrw %0, mtvec, %0\n\t"
                     "csrw pmpaddr0, %1\n\t"
                     "csrw pmpaddr1, %2\n\t"
                     "csrw pmpcfg0, %3\n\t"
                     ".balign 4\n"
                     "1: csrw mtvec, %0"
                     : "=&r"(vectors)
                     : "r"(PMP_NAPOT_32(__isr_stack)), "r"(PMP_NAPOT_32(__stack)), "r"(PMP_GUARD << 8 | PMP_GUARD)
                     : "memory");
}
