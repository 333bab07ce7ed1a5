// What a task is doing and what a queue holds, for people.
#include <rill/queue.h>

#include "kernel.h"

#if RILL_HIGH_WATER
// A pattern that is not constant, so that no data looks like untouched stack.
static unsigned char next_paint(unsigned char value)
{
    return value == 0xac ? 0xa0 : (unsigned char)(value + 1);
}

void rill_paint(unsigned char *low, const unsigned char *high)
{
    for (unsigned char value = 0xa0; low < high; low++) { // bound: the stack's size
        *low = value;
        value = next_paint(value);
    }
}

static size_t stack_used(const rill_tcb_t *tcb, size_t size)
{
    const unsigned char *low = (const unsigned char *)tcb->context.stack + RILL_STACK_GUARD_BYTES;
    const unsigned char *high = (const unsigned char *)tcb->context.stack + size;
    for (unsigned char value = 0xa0; low < high && *low == value; low++) { // bound: the stack's size
        value = next_paint(value);
    }
    return (size_t)(high - low);
}
#endif

static const char *waiting_for(rill_tcb_t *tcb, const void **object)
{
    *object = NULL;
    if (running_task() == tcb) {
        return "running";
    }
    if (tcb->wait == NULL) {
        return "ready";
    }
    rill_wait_t room;
    const rill_wait_t *wait = wait_of(tcb, &room);
    *object = wait->object;
    return WAIT_WHAT(wait->kind);
}

int rill_task_info(rill_task_t task, rill_task_info_t *info)
{
    rill_tcb_t *tcb = tcb_of(task);
    if (tcb == NULL) {
        return RILL_ESTALE;
    }
    if (info == NULL) {
        return RILL_EINVAL;
    }
    *info = (rill_task_info_t){ .waiting = "done", .loop = tcb->future.loop, .vars = &tcb->vars };
#if RILL_DEBUG
    info->fn = tcb->fn;
#endif
#if RILL_STATS
    info->run_time = tcb->run_time;
#endif
    if (tcb->future.state == RILL_PENDING) {
        info->stack_size = ((const struct rill_stack_head *)tcb->context.stack)->size;
        HIGH_WATER_ONLY(info->stack_used = stack_used(tcb, info->stack_size));
        info->waiting = waiting_for(tcb, &info->object);
    }
    return RILL_OK;
}

rill_exception_handler_t rill_loop_get_exception_handler(const rill_loop_t *loop)
{
    return loop != NULL ? loop->handler : NULL;
}

bool rill_loop_closed(const rill_loop_t *loop)
{
    return loop == NULL || loop->closed;
}

bool rill_handle_scheduled(const rill_handle_t *handle)
{
    return handle != NULL && handle->node.prev != NULL;
}

rill_time_t rill_timer_when(const rill_timer_t *timer)
{
    return timer != NULL && rill_handle_scheduled(&timer->handle) ? timer->when : RILL_NEVER;
}

unsigned rill_queue_maxsize(const rill_queue_t *queue)
{
    return queue != NULL ? (unsigned)queue->capacity / queue->words : 0;
}

int rill_queue_item(const rill_queue_t *queue, unsigned index, void *item)
{
    if (queue == NULL || item == NULL) {
        return RILL_EINVAL;
    }
    if (index >= rill_queue_size(queue)) {
        return RILL_ENOENT;
    }
    size_t at = queue->head + (size_t)index * queue->words; // only a FIFO has a head
    const uintptr_t *from = queue->storage + (at >= queue->capacity ? at - queue->capacity : at);
    __builtin_memcpy(item, from, queue->words * sizeof(uintptr_t) - RILL_QUEUE_SLACK(queue));
    return RILL_OK;
}

static unsigned count_waiters(const rill_node_t *first)
{
    unsigned count = 0;
    const rill_node_t *node = first;
    while (node != NULL) { // bound: waiters
        count++;
        node = node->next != first ? node->next : NULL;
    }
    return count;
}

unsigned rill_queue_getters(const rill_queue_t *queue)
{
    return queue != NULL ? count_waiters(queue->getters) : 0;
}

unsigned rill_queue_putters(const rill_queue_t *queue)
{
    return queue != NULL ? count_waiters(queue->putters) : 0;
}
