// Faults: masked stop.
#include "arch.h"

_Noreturn void rill_arm_stop(void);
_Noreturn void rill_arm_fault(void);

_Noreturn void rill_arm_fault(void)
{
    rill_arm_stop();
}
