// Waiting for a time, wherever the caller is.
#include "console.h"

#include <rill/clock.h>
#include <rill/libc.h>
#include <rill/task.h>

#include "arch.h"

// No loop runs: the core sleeps until the alarm.
static int idle_until(rill_time_t deadline)
{
    while (rill_clock_now() < deadline) { // bound: interrupts until then
        uintptr_t state = rill_arch_irq_save();
        rill_clock_alarm(deadline);
        rill_clock_idle(deadline);
        rill_arch_irq_restore(state);
    }
    return RILL_OK;
}

int console_sleep_until(rill_time_t deadline)
{
    if (console_may_wait()) {
        return rill_sleep_until(deadline);
    }
    return console_beside_loop() || console_masked() || rill_loop_running() != NULL ? RILL_EPERM : idle_until(deadline);
}

int rill_delay_us(rill_time_t us)
{
    rill_time_t deadline = rill_clock_now() + us;
    bool cancelled = false;
    int error = console_sleep_until(deadline);
    while (error == RILL_ECANCELED) { // bound: requests to stop
        cancelled = true;
        error = console_sleep_until(deadline);
    }
    if (cancelled) {
        console_cancel_later();
    }
    return error;
}
