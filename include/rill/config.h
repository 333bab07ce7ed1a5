// Build options. Each may be set with -D<name>=<value>, or CONFIG=<name>=<value>,... for make; the defaults are the
// release configuration.
//
// What a switch costs, or saves: bytes of flash at -Os of a program that only sleeps / of one with the whole asyncio
// API, bytes of RAM, and instructions at -O2 of a yield, of a semaphore ping-pong and of a task that is spawned, runs
// and is joined, which without any take:
// Cortex-M3: .
// RV32IMAC: .
// tools/measure.py measures that. What is not listed costs nothing when it is not used: the linker drops it.
#ifndef RILL_CONFIG_H
#define RILL_CONFIG_H

// 1: contract breaches are assertions with stable ids (include/rill/assert.h), calls from the wrong context name the
// function misused, freed blocks are checked, slow steps are reported. make run and make test switch it on.
// Cortex-M3: .
// RV32IMAC: .
#ifndef RILL_DEBUG
#define RILL_DEBUG 0
#endif

// 1: run time per task, and how often the processor was woken.
// With RILL_HIGH_WATER, and a clock read per switch:
// Cortex-M3: .
// RV32IMAC: .
#ifndef RILL_STATS
#define RILL_STATS 0
#endif

// 1: stacks are painted, so that rill_task_info can say how much of them was used: the high-water mark.
// Creating a task takes longer for every byte of its stack: here 288 on a Cortex-M3, 384 on RV32.
// Cortex-M3: .
// RV32IMAC: .
#ifndef RILL_HIGH_WATER
#define RILL_HIGH_WATER RILL_STATS
#endif

// 1: a task that overruns its stack is stopped and named: PSPLIM on ARMv8-M, an MPU region on ARMv7-M, elsewhere the
// canary is compared at every switch.
// Cortex-M3: .
// RV32IMAC: .
#ifndef RILL_STACK_GUARD
#define RILL_STACK_GUARD 0
#endif

// 1: tasks have names, and rill_task_info can say what kind of thing they wait for. 0: a task is called Task-<n>
// whatever name it is given.
// Cortex-M3: .
// RV32IMAC: .
#ifndef RILL_NAMES
#define RILL_NAMES 1
#endif

// 1: the code is shared, not copied to where it is used for speed. The default is what the compiler was told (-Os).
// Cortex-M3: .
// RV32IMAC: .
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
// Cortex-M3: .
// RV32IMAC: .
#ifndef RILL_FAULT_REPORT
#define RILL_FAULT_REPORT (RILL_DEBUG || !RILL_SMALL)
#endif

#endif
