// The end of the program, by semihosting: an emulator or a debugger takes the breakpoint. Without either it is a
// HardFault, whose handler finds rill_arm_exiting set and stops quietly; without reports, every fault stops quietly.
#include "arch.h"

_Noreturn void rill_arm_stop(void);

enum { SYS_EXIT_EXTENDED = 0x20 };
#define STOPPED_APPLICATION_EXIT 0x20026u

#if RILL_FAULT_REPORT
volatile uint32_t rill_arm_exiting;
#define BEGIN_EXIT() (rill_arm_exiting = 1)
#else
_Noreturn void rill_arm_fault(void) __attribute__((alias("rill_arm_stop")));
#define BEGIN_EXIT() ((void)0)
#endif

_Noreturn void rill_arm_stop(void)
{
    rill_arch_irq_save();
    for (;;) { // masked: nothing ends it but a reset
        rill_arch_wait();
    }
}

_Noreturn void rill_arch_exit(int status)
{
    const uint32_t block[2] = { STOPPED_APPLICATION_EXIT, (uint32_t)status };
    register uint32_t operation __asm__("r0") = SYS_EXIT_EXTENDED;
    register const uint32_t *argument __asm__("r1") = block;
    rill_arch_irq_save();
    BEGIN_EXIT();
    __asm__ volatile("bkpt 0xab" : "+r"(operation) : "r"(argument) : "memory");
    rill_arm_stop();
}
