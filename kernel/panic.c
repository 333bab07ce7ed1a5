// The end of everything that cannot go on, and what fault handlers ask the kernel.
#include <rill/board.h>

#include "kernel.h"

static void put_text(const char *text)
{
    while (*text != '\0') { // bound: the text
        rill_board_putc(*text++);
    }
}

static void put_number(unsigned number)
{
    unsigned scale = 1;
    while (number / scale >= 10) { // bound: 9
        scale *= 10;
    }
    for (; scale != 0; scale /= 10) { // bound: 10
        rill_board_putc((char)('0' + number / scale % 10));
    }
}

const char *rill_fault_task_name(void)
{
    static char buffer[16];
    rill_tcb_t *tcb = running_task();
    if (tcb == NULL) {
        return "the loop";
    }
    return rill_task_name((rill_task_t){ tcb, tcb->id }, buffer);
}

bool rill_fault_stack(uintptr_t *low, uintptr_t *high)
{
    rill_tcb_t *tcb = running_task();
    if (tcb == NULL) {
        return false;
    }
    const struct rill_stack_head *head = tcb->context.stack;
    *low = (uintptr_t)head;
    *high = (uintptr_t)head + head->size;
    return true;
}

__attribute__((weak)) _Noreturn void rill_panic(unsigned id, const char *what)
{
    rill_arch_irq_save();
    put_text("rill: ");
    put_text(what);
    put_text(" [");
    put_number(id);
    put_text("] in task ");
    put_text(rill_fault_task_name());
    put_text("\n");
    rill_arch_exit(1);
}
