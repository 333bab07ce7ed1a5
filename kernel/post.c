// Posts of objects with a loop of their own.
#include "post.h"

int rill_post_bind(rill_handle_t *post, rill_loop_t **loop, rill_callback_t deliver, void *object)
{
    rill_loop_t *running = rill_task_loop;
    if (running == NULL || rill_arch_in_isr()) {
        return RILL_EPERM;
    }
    if (UNLIKELY(*loop == NULL)) {
        rill_handle_init(post, deliver, object);
        BARRIER(); // an interrupt that sees the loop posts the handle
        *loop = running;
        FENCE();
    }
    return *loop == running ? RILL_OK : RILL_EPERM;
}

void rill_post(rill_handle_t *post, rill_loop_t **loop)
{
    FENCE();
    rill_loop_t *target = *(rill_loop_t *volatile *)loop;
    if (target != NULL) {
        rill_call_soon_threadsafe(target, post);
    }
}

void rill_post_withdraw(rill_handle_t *post, rill_loop_t *loop)
{
    if (loop != NULL) {
        rill_handle_cancel(loop, post);
    }
}
