// What the assembly knows of C's structures.
#include "arch.h"
#include "frame.h"

_Static_assert(offsetof(struct rill_riscv_frame, ra) == SWITCH_RA, "switch.S");
_Static_assert(offsetof(struct rill_riscv_frame, s) == SWITCH_S(0), "switch.S");
_Static_assert(offsetof(struct rill_riscv_frame, s[11]) == SWITCH_S(11), "switch.S");
_Static_assert((sizeof(struct rill_riscv_frame) + 15) / 16 * 16 == SWITCH_BYTES, "switch.S");
_Static_assert(offsetof(rill_context_t, sp) == 0, "switch.S");
