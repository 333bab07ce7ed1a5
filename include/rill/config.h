// Build options. Each may be set with -D<name>=<value>, or CONFIG=<name>=<value>,... for make; the defaults are the
// release configuration.
//
// What a switch costs, or saves: bytes of flash at -Os of a program that only sleeps / of one with the whole asyncio
// API, bytes of RAM, and instructions at -O2 of a yield, of a semaphore ping-pong and of a task that is spawned, runs
// and is joined, which without any take:
// Cortex-M3: yield 22, ping-pong 145, a task's life 192.
// RV32IMAC: yield 47.5, ping-pong 204, a task's life 235.
// tools/measure.py measures that. What is not listed costs nothing when it is not used: the linker drops it.
#ifndef RILL_CONFIG_H
#define RILL_CONFIG_H

// 1: contract breaches are assertions with stable ids (include/rill/assert.h), calls from the wrong context name the
// function misused, freed blocks are checked, slow steps are reported. make run and make test switch it on.
// Cortex-M3: +4892 / +6172 bytes, RAM +352, a task +4, a loop +16; yield +67, ping-pong +191, a task's life +363.
// RV32IMAC: +5304 / +6696 bytes, RAM +376, a task +4, a loop +16; yield +85, ping-pong +239, a task's life +425.
#ifndef RILL_DEBUG
#define RILL_DEBUG 0
#endif

// 1: run time per task, and how often the processor was woken; stacks are painted as well, unless that is switched off.
// Cortex-M3: +208 / +244 bytes, RAM +24, a task +8, a loop +8; yield +36, ping-pong +88, a task's life +2269.
// RV32IMAC: +256 / +320 bytes, RAM +16, a task +8, a loop +8; yield +51, ping-pong +126, a task's life +2342.
#ifndef RILL_STATS
#define RILL_STATS 0
#endif

// 1: stacks are painted, so that rill_task_info can say how much of them was used: the high-water mark.
// Creating a task takes longer for every byte of its stack (288 here, RV32: 384).
// Cortex-M3: +36 / +36 bytes; a task's life +2187.
// RV32IMAC: +64 / +64 bytes; a task's life +2237.
#ifndef RILL_HIGH_WATER
#define RILL_HIGH_WATER RILL_STATS
#endif

// 1: a task that overruns its stack is stopped and named: PSPLIM on ARMv8-M, an MPU region on ARMv7-M, elsewhere the
// canary is compared at every switch.
// Cortex-M3: +140 / +140 bytes; yield +4, ping-pong +30, a task's life +21.
// RV32IMAC: +1088 / +944 bytes, RAM +40; yield +6, ping-pong +40, a task's life +22.
#ifndef RILL_STACK_GUARD
#define RILL_STACK_GUARD 0
#endif

// 1: tasks have names, and rill_task_info can say what kind of thing they wait for. 0: a task is called Task-<n>
// whatever name it is given.
// Cortex-M3: +40 / +164 bytes, RAM +8, a task +4; no instructions.
// RV32IMAC: +48 / +176 bytes, a task +4; a task's life +1.
#ifndef RILL_NAMES
#define RILL_NAMES 1
#endif

// 1: the code is shared, not copied to where it is used for speed. The default is what the compiler was told (-Os).
// Cortex-M3: -948 / -2672 bytes; yield +7, ping-pong +34, a task's life +146.
// RV32IMAC: -832 / -2424 bytes; yield +9, ping-pong +50, a task's life +192.
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
// Cortex-M3: +2460 / +2440 bytes, RAM +24; no instructions.
// RV32IMAC: +2500 / +2388 bytes, RAM +200; no instructions.
#ifndef RILL_FAULT_REPORT
#define RILL_FAULT_REPORT (RILL_DEBUG || !RILL_SMALL)
#endif

#endif
