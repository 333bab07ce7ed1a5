// Which Cortex-M this is, and the system registers the port uses. For C and assembly.
#ifndef RILL_ARM_M_H
#define RILL_ARM_M_H

#include <rill/config.h>

#if defined(__ARM_ARCH_8M_MAIN__) || defined(__ARM_ARCH_8_1M_MAIN__) || defined(__ARM_ARCH_8M_BASE__)
#define RILL_ARM_V8M 1
#else
#define RILL_ARM_V8M 0
#endif

// Thumb-1 only: no high registers in push and pop, no wide instructions.
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
#define RILL_ARM_BASELINE 1
#else
#define RILL_ARM_BASELINE 0
#endif

#if defined(__ARM_ARCH_6M__)
#define RILL_ARM_EXCLUSIVES 0
#else
#define RILL_ARM_EXCLUSIVES 1
#endif

#if defined(__ARM_FP)
#define RILL_ARM_FPU 1
#else
#define RILL_ARM_FPU 0
#endif

// PSPLIM costs four instructions in a switch and is always on where it exists.
#define RILL_ARM_PSPLIM (RILL_ARM_V8M && !RILL_ARM_BASELINE)

// A board whose v7-M core was made without an MPU says -DRILL_ARM_MPU=0: the kernel then looks at the canary instead.
#ifndef RILL_ARM_MPU
#define RILL_ARM_MPU 1
#endif
#define RILL_ARM_MPU_GUARD (RILL_STACK_GUARD && RILL_ARM_MPU && !RILL_ARM_V8M && !RILL_ARM_BASELINE)

// The guard's region: the highest that every v7-M MPU has, because a higher number wins over the application's own
// regions. The two below it stay over the interrupt stack and the loop's.
#define RILL_ARM_GUARD_REGION 7

// Bytes of interrupt stack that the report of a fault needs.
#define RILL_ARM_REPORT_STACK 400

// Bytes at the low end of a stack that PSPLIM keeps: struct rill_stack_head, in whole units of 8.
#define RILL_ARM_STACK_HEAD 8

#define RILL_ARM_SYST_CSR 0xE000E010
#define RILL_ARM_NVIC_ISER 0xE000E100
#define RILL_ARM_NVIC_ICER 0xE000E180
#define RILL_ARM_NVIC_ISPR 0xE000E200
#define RILL_ARM_NVIC_ICPR 0xE000E280
#define RILL_ARM_NVIC_STIR 0xE000EF00 // not on v6-M, v8-M baseline
#define RILL_ARM_VTOR 0xE000ED08
#define RILL_ARM_CCR 0xE000ED14
#define RILL_ARM_SHCSR 0xE000ED24
#define RILL_ARM_CFSR 0xE000ED28
#define RILL_ARM_HFSR 0xE000ED2C
#define RILL_ARM_MMFAR 0xE000ED34
#define RILL_ARM_BFAR 0xE000ED38
#define RILL_ARM_CPACR 0xE000ED88
#define RILL_ARM_MPU_TYPE 0xE000ED90
#define RILL_ARM_MPU_CTRL 0xE000ED94
#define RILL_ARM_MPU_RBAR 0xE000ED9C
#define RILL_ARM_MPU_RASR 0xE000EDA0
#define RILL_ARM_FPCCR 0xE000EF34

#ifndef __ASSEMBLER__
#include <stdint.h>

static inline volatile uint32_t *rill_arm_reg(uintptr_t address)
{
    return (volatile uint32_t *)address;
}
#endif

#endif
