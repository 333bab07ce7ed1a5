// The end of everything that cannot go on, and what fault handlers ask the kernel.
#include <rill/board.h>
#include <rill/executor.h>

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

static rill_tcb_t *culprit;

void rill_blame(rill_tcb_t *task)
{
    culprit = task;
}

static bool stack_has(const rill_tcb_t *tcb, uintptr_t sp, uintptr_t below)
{
    const struct rill_stack_head *head = tcb->context.stack;
    return sp + below >= (uintptr_t)head && sp < (uintptr_t)head + head->size;
}

// For the fault handlers: blames the task whose stack has this address.
void rill_fault_at(uintptr_t sp)
{
    enum { HARDWARE_FRAME = 256 }; // an exception's frame may lie below the stack that had no room for it
    rill_tcb_t *running = running_task();
    culprit = NULL;
    if (running == NULL || stack_has(running, sp, HARDWARE_FRAME)) {
        return;
    }
    rill_tcb_t *tcb = task_behind(rill_current_loop, &rill_current_loop->tasks);
    for (; tcb != NULL; tcb = task_behind(rill_current_loop, &tcb->all)) { // bound: number of tasks
        culprit = tcb->future.state == RILL_PENDING && stack_has(tcb, sp, 0) ? tcb : culprit;
    }
}

static rill_tcb_t *blamed_task(void)
{
    return culprit != NULL ? culprit : running_task();
}

const char *rill_fault_task_name(void)
{
    static char buffer[16];
    rill_tcb_t *tcb = blamed_task();
    if (tcb == NULL) {
        return rill_running_worker != NULL ? "the background" : "the loop";
    }
    return rill_task_name((rill_task_t){ tcb, tcb->id }, buffer);
}

bool rill_fault_stack(uintptr_t *low, uintptr_t *high)
{
    rill_tcb_t *tcb = blamed_task();
    if (tcb == NULL && rill_running_worker == NULL) {
        return false;
    }
    const struct rill_stack_head *head = tcb != NULL ? tcb->context.stack : rill_running_worker->context.stack;
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
