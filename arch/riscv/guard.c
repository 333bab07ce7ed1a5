// What nobody may touch, in debug builds (RILL_STACK_GUARD): the lowest 32 bytes of the two stacks that stay where they are,
// interrupts' and main's (the loop and its callbacks); and code, for writing, where it lies in RAM. Called by start.S.
#include "arch.h"

void rill_riscv_guard_init(void);

extern char __isr_stack[], __stack[], __rom_start[], __rom_end[];

// Entries are locked, or they would not bind machine mode; so they stay until reset.
#define PMP_NAPOT_32(address) ((uintptr_t)(address) >> 2 | 3)
#define PMP_ADDRESS(address) ((uintptr_t)(address) >> 2)
#define PMP_NO_ACCESS_NAPOT 0x98u
#define PMP_READ_EXECUTE_TOR 0x8Du // from the address of the entry before
#define PMP_CONFIG (PMP_READ_EXECUTE_TOR << 24 | PMP_NO_ACCESS_NAPOT << 8 | PMP_NO_ACCESS_NAPOT)

// On a core without PMP the CSRs trap; the vectors point past them meanwhile. Masked.
void rill_riscv_guard_init(void)
{
    uintptr_t vectors;
    __asm__ volatile("lla %0, 1f\n\t"
                     "csrrw %0, mtvec, %0\n\t"
                     "csrw pmpaddr0, %1\n\t"
                     "csrw pmpaddr1, %2\n\t"
                     "csrw pmpaddr2, %3\n\t"
                     "csrw pmpaddr3, %4\n\t"
                     "csrw pmpcfg0, %5\n\t"
                     ".balign 4\n"
                     "1: csrw mtvec, %0"
                     : "=&r"(vectors)
                     : "r"(PMP_NAPOT_32(__isr_stack)), "r"(PMP_NAPOT_32(__stack)), "r"(PMP_ADDRESS(__rom_start)),
                       "r"(PMP_ADDRESS(__rom_end)), "r"(PMP_CONFIG)
                     : "memory");
}
