// From reset to main: the core's own settings.
#include <rill/board.h>

#include "arch.h"

int main(void);
_Noreturn void rill_arm_start(void);

enum { CCR_DIV_0_TRP = 1 << 4, CCR_STKALIGN = 1 << 9 };
enum { SHCSR_MEMFAULTENA = 1 << 16, SHCSR_BUSFAULTENA = 1 << 17, SHCSR_USGFAULTENA = 1 << 18 };

#if RILL_ARM_FPU
// Full access, and lazy stacking: an interrupt during an FPU user's turn reserves room for the FP registers and writes
// them only if its own code uses the FPU.
static void enable_fpu(void)
{
    *rill_arm_reg(RILL_ARM_CPACR) |= 0xFu << 20;
    *rill_arm_reg(RILL_ARM_FPCCR) |= 3u << 30; // ASPEN, LSPEN
    __asm__ volatile("dsb\n\tisb" : : : "memory");
}
#endif

#if RILL_ARM_MPU_GUARD
// Read only, because the kernel looks at the size in the head of the running task's stack, and because an overflow is a
// write.
static void guard_region(uint32_t region, uintptr_t address)
{
    const uint32_t read_only = 6u << 24, normal_memory = 1u << 17, size_32 = 4u << 1, on = 1;
    *rill_arm_reg(RILL_ARM_MPU_RBAR) = address | 0x10u | region;
    *rill_arm_reg(RILL_ARM_MPU_RASR) = read_only | normal_memory | size_32 | on;
}

// Guards that stay, over the low ends of the interrupt stack and the loop's stack, and the one that rill_arch_switch
// moves. Everything else as without MPU.
static void enable_guard(void)
{
    extern char __isr_stack[], __stack[];
    if (*rill_arm_reg(RILL_ARM_MPU_TYPE) == 0) {
        return;
    }
    guard_region(RILL_ARM_GUARD_REGION - 2, (uintptr_t)__isr_stack);
    guard_region(RILL_ARM_GUARD_REGION - 1, (uintptr_t)__stack);
    guard_region(RILL_ARM_GUARD_REGION, (uintptr_t)__stack);
    *rill_arm_reg(RILL_ARM_MPU_CTRL) = 5; // on, default map for the rest
    __asm__ volatile("dsb\n\tisb" : : : "memory");
}
#endif

#if !RILL_ARM_BASELINE
// A division by zero stops; so does what the core can tell apart of a bad access. Unaligned accesses are legal and the
// compiler makes them.
static void enable_traps(void)
{
    extern const uint32_t rill_arm_vectors[];
    *rill_arm_reg(RILL_ARM_VTOR) = (uint32_t)rill_arm_vectors;
    *rill_arm_reg(RILL_ARM_CCR) |= CCR_DIV_0_TRP | CCR_STKALIGN;
#if RILL_FAULT_REPORT // else all are HardFaults
    *rill_arm_reg(RILL_ARM_SHCSR) |= SHCSR_MEMFAULTENA | SHCSR_BUSFAULTENA | SHCSR_USGFAULTENA;
#endif
}
#endif

static void run_constructors(void)
{
    extern void (*const __init_array_start[])(void), (*const __init_array_end[])(void);
    for (void (*const *fn)(void) = __init_array_start; fn != __init_array_end; fn++) { // bound: constructors
        (*fn)();
    }
}

_Noreturn void rill_arm_start(void)
{
#if !RILL_ARM_BASELINE
    enable_traps();
#endif
#if RILL_ARM_FPU
    enable_fpu();
#endif
#if RILL_ARM_MPU_GUARD
    enable_guard();
#endif
    __asm__ volatile("cpsie i" : : : "memory");
    rill_board_init();
    run_constructors();
    rill_arch_exit(main());
}
