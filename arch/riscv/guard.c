// What nobody may touch, in debug builds (RILL_STACK_GUARD): __guard_size bytes below the two stacks that stay where
// they are, interrupts' and main's (the loop and its callbacks); and ROM, for writing, where it is RAM. Called by
// start.S.
#include "arch.h"

void rill_riscv_guard_init(void);

extern char __isr_stack_guard[], __stack_guard[], __guard_size[], __rom_start[], __rom_end[];

// Entries are locked, or they would not bind machine mode; so they stay until reset.
enum { NO_ACCESS_NAPOT = 0x98, READ_EXECUTE_TOR = 0x8D };

// The compiler takes an address for something that is never 0.
static uintptr_t guard_size(void)
{
    uintptr_t size = (uintptr_t)__guard_size;
    __asm__("" : "+r"(size));
    return size;
}

// A naturally aligned region: the ones at the end of the address tell its size.
static uintptr_t napot(const char *start)
{
    return (uintptr_t)start >> 2 | (guard_size() / 8 - 1);
}

// On a core without PMP the CSRs trap; the vectors point past them meanwhile. Masked.
void rill_riscv_guard_init(void)
{
    uintptr_t vectors;
    uintptr_t guards = guard_size() != 0 ? NO_ACCESS_NAPOT << 8 | NO_ACCESS_NAPOT : 0;
    __asm__ volatile("lla %0, 1f\n\t"
                     "csrrw %0, mtvec, %0\n\t"
                     "csrw pmpaddr0, %1\n\t"
                     "csrw pmpaddr1, %2\n\t"
                     "csrw pmpaddr2, %3\n\t" // the third entry says where the fourth begins
                     "csrw pmpaddr3, %4\n\t"
                     "csrw pmpcfg0, %5\n\t"
                     ".balign 4\n"
                     "1: csrw mtvec, %0"
                     : "=&r"(vectors)
                     : "r"(napot(__isr_stack_guard)), "r"(napot(__stack_guard)), "r"((uintptr_t)__rom_start >> 2),
                       "r"((uintptr_t)__rom_end >> 2), "r"((uintptr_t)READ_EXECUTE_TOR << 24 | guards)
                     : "memory");
}
