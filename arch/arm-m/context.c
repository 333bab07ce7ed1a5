// New threads.
#include "arch.h"

_Static_assert(offsetof(rill_context_t, sp) == 0, "switch.S");
_Static_assert(offsetof(rill_context_t, stack) == 4, "switch.S");
_Static_assert(sizeof(struct rill_stack_head) <= RILL_ARM_STACK_HEAD, "PSPLIM keeps the whole head");

// What rill_arch_switch pops.
struct frame {
#if RILL_ARM_BASELINE
    uint32_t r8_r11[4], r4, r5, r6, r7;
#else
    uint32_t r4, r5, r6, r7, r8_r11[4];
#endif
    void (*pc)(void);
};

_Static_assert(sizeof(struct frame) == 36, "switch.S");
_Static_assert(offsetof(struct frame, r5) - offsetof(struct frame, r4) == 4, "switch.S");

void rill_arm_entry(void);

void rill_arch_context_init(rill_context_t *ctx, size_t size, void (*entry)(void *), void *arg)
{
    struct frame *frame = (struct frame *)(void *)((char *)ctx->stack + (size & ~(size_t)7) - sizeof *frame);
    frame->r4 = (uint32_t)entry;
    frame->r5 = (uint32_t)arg;
    frame->r7 = 0; // the frame pointer of code compiled with one
    frame->pc = rill_arm_entry;
    ctx->sp = frame;
}
