// What the assembly knows of C's structures.
#include "arch.h"

_Static_assert(offsetof(rill_context_t, sp) == 0, "switch.S");
_Static_assert(offsetof(rill_context_t, stack) == 4, "switch.S");
_Static_assert(sizeof(struct rill_stack_head) <= RILL_ARM_STACK_HEAD, "PSPLIM keeps the whole head");
_Static_assert(sizeof(struct rill_arm_frame) == 36, "switch.S");
_Static_assert(offsetof(struct rill_arm_frame, pc) == 32, "switch.S");
