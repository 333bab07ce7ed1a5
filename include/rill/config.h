// Build options. Each may be set with -D<name>=<value>, or CONFIG=<name>=<value>,... for make; the defaults are the
// release configuration.
//
// Costs: bytes of flash at -Os of a program that only sleeps / of one with the whole asyncio API, on a Cortex-M3
// (RV32IMAC where it differs much); bytes of RAM; instructions at -O2 on a Cortex-M3, where a yield takes 29, a
// semaphore ping-pong 173 and a task's creation, run and end 376. `tools/size.py --config` and `CONFIG=... make bench`
// measure them. What is not listed costs nothing when it is not used: the linker drops it.
#ifndef RILL_CONFIG_H
#define RILL_CONFIG_H

// 1: contract breaches are assertions with stable ids (include/rill/assert.h), calls from the wrong context name the
// function misused, freed blocks are checked, slow steps are reported. make run and make test switch it on.
// Costs 6632 / 8292 bytes with the report of faults, 376 bytes of RAM, 4 per task, 16 per loop; a yield takes 88, a
// task 615.
#ifndef RILL_DEBUG
#define RILL_DEBUG 0
#endif

// 1: run time per task, and how often the processor was woken.
// Costs, with RILL_HIGH_WATER, 184 / 224 bytes, 32 bytes of RAM, 8 per task; a clock read per switch: a yield takes 63.
#ifndef RILL_STATS
#define RILL_STATS 0
#endif

// 1: stacks are painted, so that rill_task_info can say how much of them was used: the high-water mark.
// Costs 44 bytes (RV32: 64); creating a task takes some 8 instructions more for every byte of its stack.
#ifndef RILL_HIGH_WATER
#define RILL_HIGH_WATER RILL_STATS
#endif

// 1: a task that overruns its stack is stopped and named: PSPLIM on ARMv8-M, an MPU region on ARMv7-M, elsewhere the
// canary is compared at every switch.
// Costs 112 bytes (RV32: 1120, with what prints the task); a yield takes 33, a ping-pong 195.
#ifndef RILL_STACK_GUARD
#define RILL_STACK_GUARD 0
#endif

// 1: tasks have names, and rill_task_info can say what kind of thing they wait for. 0: a task is called Task-<n>
// whatever name it is given.
// Costs 24 / 156 bytes (RV32: 32 / 160), 4 bytes of RAM per task, 2 instructions per task.
#ifndef RILL_NAMES
#define RILL_NAMES 1
#endif

// 1: the code is shared, not copied to where it is used for speed. The default is what the compiler was told (-Os).
// Saves 708 / 2616 bytes (RV32: 520 / 2328); at -O2 a yield takes 39 with it, a ping-pong 199, a task 433.
#ifndef RILL_SMALL
#ifdef __OPTIMIZE_SIZE__
#define RILL_SMALL 1
#else
#define RILL_SMALL 0
#endif
#endif

// 1: a fault prints what happened, the task, all registers and a call chain. 0: it stops the program and prints
// nothing. The default is 1 unless the code is to be small and this is no debug build: the report would be a third of a
// small image. CONFIG=RILL_FAULT_REPORT=1 asks for it.
// Costs 2508 / 2484 bytes (RV32: 2540 / 2420), the console's polling with it, 32 bytes of RAM (RV32: 168); no
// instructions.
#ifndef RILL_FAULT_REPORT
#define RILL_FAULT_REPORT (RILL_DEBUG || !RILL_SMALL)
#endif

#endif
