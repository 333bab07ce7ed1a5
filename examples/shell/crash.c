// Faults on purpose. Each ends the program with a report that names the task.
#include "shell.h"

#include <rill/assert.h>

#include <string.h>

// Ends where the stack does. Every word of the frame is written, or the canary might lie in a gap and survive.
static int deep(volatile int *level)
{
    volatile int frame[32];
    for (unsigned i = 0; i < 32; i++) {
        frame[i] = *level + 1;
    }
    if (rill_yield() != RILL_OK) { // where the canary is looked at if the CPU has no guard of its own
        return RILL_ECANCELED;
    }
    return deep(&frame[31]) + frame[0];
}

static int crash_stack(void)
{
    volatile int level = 0;
    return deep(&level);
}

static int crash_pointer(void)
{
    volatile uintptr_t address; // nothing is there, on any of the machines
#if UINTPTR_MAX > UINT32_MAX || defined __riscv
    address = UINTPTR_MAX / 16 * 15 & ~(uintptr_t)0xff;
#else
    address = 0xe8000001u;
#endif
    *(volatile uint8_t *)address = 1;
    ((void (*)(void))address)(); // some machines let the write pass
    return RILL_OK;
}

static int crash_illegal(void)
{
    __builtin_trap();
}

static int crash_panic(void)
{
    rill_panic(99, "panic asked for");
}

int crash_run(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } kinds[] = {
        { "stack", crash_stack },
        { "pointer", crash_pointer },
        { "illegal", crash_illegal },
        { "panic", crash_panic },
    };
    console_flush();
    for (unsigned i = 0; argc > 1 && i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, argv[1]) == 0) {
            return kinds[i].run();
        }
    }
    return RILL_EINVAL;
}
