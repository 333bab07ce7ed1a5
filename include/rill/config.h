// Build options. Each may be set with -D<name>=<value>; the defaults are the release configuration.
#ifndef RILL_CONFIG_H
#define RILL_CONFIG_H

// 1: contract breaches are assertions with stable ids (include/rill/assert.h), calls from the wrong context name the
// function misused, freed blocks are checked. Costs instructions in every call; make run and make test switch it on.
#ifndef RILL_DEBUG
#define RILL_DEBUG 0
#endif

// 1: run time per task, and how often the processor was woken.
#ifndef RILL_STATS
#define RILL_STATS 0
#endif

// 1: stacks are painted, so that rill_task_info can say how much of them was used: the high-water mark.
#ifndef RILL_HIGH_WATER
#define RILL_HIGH_WATER RILL_STATS
#endif

// 1: tasks have names, and rill_task_info can say what kind of thing they wait for. 0: a task is called Task-<n>
// whatever name it is given.
#ifndef RILL_NAMES
#define RILL_NAMES 1
#endif

// 1: a fault prints what happened, the task, all registers and a call chain. 0: it stops the program and prints
// nothing.
#ifndef RILL_FAULT_REPORT
#define RILL_FAULT_REPORT 1
#endif

// 1: a task that overruns its stack is stopped and named: PSPLIM on ARMv8-M, an MPU region on ARMv7-M, elsewhere the
// canary is compared at every switch (4 instructions).
#ifndef RILL_STACK_GUARD
#define RILL_STACK_GUARD 0
#endif

// 1: the code is shared, not copied to where it is used for speed. The default is what the compiler was told (-Os).
#ifndef RILL_SMALL
#ifdef __OPTIMIZE_SIZE__
#define RILL_SMALL 1
#else
#define RILL_SMALL 0
#endif
#endif

#endif
