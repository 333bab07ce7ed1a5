// Errors nobody else gets, and the handler that gets them.
//
// Linked with those who set a handler or call it: who has none writes a line himself (has_handler in kernel.h).
#include "kernel.h"

// `failed` is the error of a handler that failed itself, or 0.
static void default_handler(const rill_exception_t *info, int failed)
{
#if RILL_DEBUG
    rill_debug_exception(info, failed);
#else
    (void)failed;
    rill_log(info->message);
#endif
}

void rill_loop_set_exception_handler(rill_loop_t *loop, rill_exception_handler_t handler)
{
    RILL_DEBUG_CONTEXT_VOID("rill_loop_set_exception_handler");
    if (loop != NULL) {
        loop->handler = handler;
    }
}

void rill_loop_call_exception_handler(rill_loop_t *loop, const rill_exception_t *info)
{
    if (loop == NULL || info == NULL) {
        return;
    }
    int failed = loop->handler != NULL ? loop->handler(loop, info) : RILL_OK;
    if (loop->handler == NULL || failed < 0) {
        default_handler(info, failed);
    }
}

void rill_handle_callback(rill_loop_t *loop, int error, rill_handle_t *handle)
{
    const rill_exception_t info = { "exception in callback", error, handle, NULL };
    rill_loop_call_exception_handler(loop, &info);
}

void rill_handle_task(rill_tcb_t *tcb, const char *message)
{
    const rill_exception_t info = { message, tcb->future.error, NULL, &tcb->future };
    rill_loop_t *loop = tcb->future.loop;
    rill_loop_t *task_loop = rill_task_loop;
    rill_vars_t outside = loop->vars;
    rill_context_t context = loop->context; // an eager task that the handler makes comes back to this stack
    rill_task_loop = NULL; // the handler runs in no task, but in the context of one that still has it
    loop->vars = tcb->vars.bindings != NULL ? tcb->vars : outside;
    rill_loop_call_exception_handler(loop, &info);
    if (tcb->vars.bindings != NULL) {
        tcb->vars = loop->vars;
    }
    loop->vars = outside;
    loop->context = context;
    rill_task_loop = task_loop;
}
