// The first frame of a new context.
#include "arch.h"
#include "frame.h"

void rill_riscv_entry(void); // switch.S

struct switch_frame {
    uintptr_t ra;
    uintptr_t s[12];
};

_Static_assert(offsetof(struct switch_frame, ra) == SWITCH_RA, "switch.S");
_Static_assert(offsetof(struct switch_frame, s) == SWITCH_S(0), "switch.S");
_Static_assert(offsetof(struct switch_frame, s[11]) == SWITCH_S(11), "switch.S");
_Static_assert(sizeof(struct switch_frame) <= SWITCH_BYTES && SWITCH_BYTES % 16 == 0, "switch.S");
_Static_assert(offsetof(rill_context_t, sp) == 0, "switch.S");

void rill_arch_context_init(rill_context_t *ctx, size_t size, void (*entry)(void *), void *arg)
{
    struct switch_frame *frame = (struct switch_frame *)(void *)((char *)ctx->stack + size - SWITCH_BYTES);
    frame->ra = (uintptr_t)rill_riscv_entry;
    frame->s[0] = (uintptr_t)entry;
    frame->s[1] = (uintptr_t)arg;
    ctx->sp = frame;
}
