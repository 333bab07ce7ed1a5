// The clock contract: what a board's one-shot alarm timer supplies. Exactly one provider is linked: a driver of
// drivers/timer_*.c, or the virtual clock of the host and of the tests.
//
// A driver hides the counter's width, its frequency and its wrap; the kernel sees 64-bit microseconds only.
//
// Unless a function says otherwise: O(1), asyncio: none.
#ifndef RILL_CLOCK_H
#define RILL_CLOCK_H

#include <rill/types.h>

#ifdef __cplusplus
extern "C" {
#endif

// Starts the counter at 0. Context: the board's start, once, before any other function here; interrupts may be enabled
// or not.
void rill_clock_init(void);

// Microseconds since rill_clock_init. Monotonic: two calls in order never go backwards, in any mix of contexts (ISR,
// any priority, masked). Context: any. Never fails, does not suspend. Cost: the counter read and one multiplication by
// a constant.
rill_time_t rill_clock_now(void);

// Optional: what the loop calls for the time at the end of an iteration. The library's version is weak and is
// rill_clock_now(); a virtual clock supplies its own to let injected interrupts come at that moment. Context: the
// loop's.
rill_time_t rill_clock_poll(void);

// Asks for one call of rill_clock_expired() from the alarm's ISR at `deadline` or as soon after as the hardware can:
// never before. Replaces the previous request; RILL_NEVER withdraws it; the same once more costs a comparison. A
// deadline that has passed, or that passes while it is being written, still fires. Context: thread or masked. A counter
// shorter than the distance wakes early by itself and re-arms without telling the kernel; the driver counts such
// wake-ups in rill_clock_extra_wakeups.
void rill_clock_alarm(rill_time_t deadline);

// Optional: called masked, with the alarm set to `deadline`, when the loop has nothing to do until then. The library's
// version is weak: it stops the core (rill_arch_wait) until any interrupt is pending, and returns true. A virtual clock
// supplies its own: it goes on to `deadline`, and returns false if it can prove that nothing will ever happen (no
// deadline and no interrupt to come); the loop then reports RILL_EDEADLK. Context: the loop's, masked.
bool rill_clock_idle(rill_time_t deadline);

// Wake-ups made by the driver alone because the counter is too short for the distance; 0 for 32- and 64-bit timers that
// reach any deadline within 71 minutes. Documented per driver.
extern uint32_t rill_clock_extra_wakeups;

// Host only: real time from here on, as with RILL_CLOCK=real in the environment. Without it time stands still while
// code runs and jumps to the next deadline when nothing is ready. Context: thread, before the loop runs.
void rill_host_real_clock(void);

// Supplied by the kernel, called by the driver's ISR: the alarm asked for has come. Context: that ISR.
void rill_clock_expired(void);

#ifdef __cplusplus
}
#endif

#endif
