// The end of the program.
#include <rill/board.h>

#include "arch.h"

void rill_riscv_semihost_exit(int status); // semihost.S

// A board that can end the run by itself (a test device, a power switch) defines this. It may return.
void rill_riscv_board_exit(int status);

__attribute__((weak)) void rill_riscv_board_exit(int status)
{
    (void)status;
}

_Noreturn void rill_arch_exit(int status)
{
    rill_arch_irq_save();
    rill_riscv_board_exit(status);
    rill_riscv_semihost_exit(status);
    for (;;) { // not reached
    }
}
