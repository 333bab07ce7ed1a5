// The stack of a greenlet or generator.
#include "coroutine.h"

// Whoever ran on this stack before may not have returned, which leaves the marks of its frames.
static void forget_frames(void *stack, size_t size)
{
#if defined(__SANITIZE_ADDRESS__)
    void __asan_unpoison_memory_region(const volatile void *, size_t);
    __asan_unpoison_memory_region(stack, size);
#else
    (void)stack;
    (void)size;
#endif
}

int rill_coroutine_init(rill_context_t *context, void *stack, size_t size, rill_entry_t entry)
{
    unsigned char *base = stack;
    if (base == NULL || ((uintptr_t)base & (RILL_STACK_ALIGN - 1)) != 0 || size < RILL_STACK_MIN) {
        return RILL_EINVAL;
    }
    size &= ~(size_t)15;
    forget_frames(stack, size);
    struct rill_stack_head *head = (struct rill_stack_head *)(void *)base;
    head->canary = RILL_STACK_CANARY;
    head->size = size;
    unsigned char *top = base + size - RILL_STACK_TOP_BYTES;
    *(int *)(void *)top = 0; // the C library's errno, which it finds by the head of the stack the task stands on
    HIGH_WATER_ONLY(rill_paint(base + RILL_STACK_GUARD_BYTES, top));
    context->stack = base;
    rill_arch_context_init(context, top, entry);
    return RILL_OK;
}
