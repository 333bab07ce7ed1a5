// rill-test: boards=riscv | expect-fault=rill: stack overflow in task interrupt
// A handler that overruns the interrupt stack is reported, on that stack. (On the HiFive1 the guard below it is off in
// QEMU, and the end of RAM comes after the loop's stack.)
#include <rill/board.h>
#include <rill/irq.h>

#include "arch.h"

__attribute__((noinline)) static unsigned deeper(volatile unsigned *depth)
{
    volatile unsigned bytes[8];
    for (unsigned i = 0; i < 8; i++) {
        bytes[i] = *depth;
    }
    *depth += 1;
    unsigned result = *depth < 1000000 ? deeper(depth) : 0;
    return result + bytes[3];
}

static void handler(void *arg)
{
    volatile unsigned depth = 0;
    (void)arg;
    deeper(&depth);
}

int main(void)
{
    rill_irq_attach(rill_board_soft_irq, handler, NULL);
    rill_irq_pend(rill_board_soft_irq);
    for (volatile unsigned n = 0; n < 1000; n++) {
    }
    return 0;
}
