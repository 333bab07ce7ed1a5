// Delays of vendor code that suspend only the calling task, without a change to that code: the linker's --wrap.
//
//     RILL_WRAP := HAL_Delay delay_ms          # in the Makefile, before or after it includes rill.mk
//
// makes every call of HAL_Delay from another file a call of __wrap_HAL_Delay. The library has one for
//     HAL_Delay(uint32_t ms), delay(unsigned long ms), delay_ms(uint32_t ms), sleep_ms(uint32_t ms),
//     delay_us(uint32_t us), delayMicroseconds(unsigned us), sleep_us(uint64_t us)
// and a product makes its own, in one C file:
//     RILL_WRAP_DELAY(board_wait_100us, uint16_t, 100)          // void board_wait_100us(uint16_t)
// and adds board_wait_100us to RILL_WRAP. Any other function is wrapped the same way by hand.
//
// In a task the wait is rill_delay_us (rill/libc.h): never too short; a request to stop stays for the task's next wait.
// Before the loop runs the core sleeps. In a callback, an interrupt or with interrupts masked, where nobody can be
// suspended, the vendor's own function is called, if it is linked; else the call returns at once.
//
// A call within the file that defines the function is not wrapped; nor is one between two files of the vendor that are
// both compiled with -flto.
#ifndef RILL_WRAP_H
#define RILL_WRAP_H

#include <rill/libc.h>

// Defines the wrapper of `void name(type n)`, a delay of n times `us` microseconds. Context: any, as above; suspends.
#define RILL_WRAP_DELAY(name, type, us)                                                                                \
    void __real_##name(type n) __attribute__((weak));                                                                  \
    void __wrap_##name(type n);                                                                                        \
    void __wrap_##name(type n)                                                                                         \
    {                                                                                                                  \
        int error = rill_delay_us(n > 0 ? (rill_time_t)n * (us) : 0);                                                  \
        if (error != RILL_OK && __real_##name != NULL) {                                                               \
            __real_##name(n);                                                                                          \
        }                                                                                                              \
    }

#endif
