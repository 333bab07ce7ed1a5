// The end of the program.
#include <rill/board.h>

#include "arch.h"

void rill_riscv_semihost_exit(int status); // semihost.S

// A board that can end the run by itself (a test device, a power switch) defines this; status is 0 to 255. It may
// return.
void rill_riscv_board_exit(int status);

__attribute__((weak)) void rill_riscv_board_exit(int status)
{
    (void)status;
}

// An exit status has 8 bits; what is not 0 must not become it.
static int visible(int status)
{
    int low = status & 0xFF;
    return status != 0 && low == 0 ? 1 : low;
}

_Noreturn void rill_arch_exit(int status)
{
    rill_arch_irq_save();
    rill_riscv_board_exit(visible(status));
    rill_riscv_semihost_exit(visible(status));
    for (;;) { // not reached
    }
}
