// What the drivers with a free-running 32-bit counter share: 64-bit time, and the one-shot alarm over any distance.
//
// Included by exactly one .c per image, which defines before it
//     WIDE_TICKS_PER_US   counter ticks in a microsecond, an integer constant
//     WIDE_EPOCH_BITS     an epoch is this power of two in microseconds; small beside the counter's wrap
//     WIDE_REACH_US       longest distance armed at once: the counter's wrap minus one epoch, minus slack
// and these statics:
//     wide_count()        the counter, counting up
//     wide_arm(us)        interrupt no sooner than `us` (not 0) from now, or sooner when it cannot reach so far; also
//                         if they pass while it is written. Comes after wide_quiet or wide_ack, but for the first
//     wide_quiet()        no interrupt from here on (one already pending in the controller may still come)
//     wide_pend()         the interrupt, now
//     wide_ack()          in the ISR: clear the hardware's request, tell whether there was one
//
// Time without a lock and without an overflow interrupt: `epoch` is a recent time in units of 2^WIDE_EPOCH_BITS us. It
// fixes the counter's value at its own beginning, and the counter's distance from there is right for as long as less
// than one wrap has gone by. Whoever finds the epoch out of date moves it. It is one word, so a reader that is
// interrupted between its two reads, or that stores an older epoch over a newer one, still computes the right time:
// both are true. All that is needed is one call per WIDE_REACH_US, so an alarm is armed even when nobody asked for one.
#ifndef TIMER_WIDE_H
#define TIMER_WIDE_H

#include <rill/clock.h>

#include "arch.h"

// An interrupt that comes early by no more than this waits it out: alarm and counter may disagree by a tick of each.
#define WIDE_ROUNDING_US 2u

static uint32_t wide_count(void);
static void wide_arm(uint32_t us);
static void wide_quiet(void);
static void wide_pend(void);
static bool wide_ack(void);

uint32_t rill_clock_extra_wakeups;

static volatile uint32_t epoch;
static rill_time_t alarm_at = RILL_NEVER; // written with the alarm's interrupt quiet, or by its ISR

rill_time_t rill_clock_now(void)
{
    uint32_t e = epoch;
    uint32_t us = (wide_count() - e * ((uint32_t)WIDE_TICKS_PER_US << WIDE_EPOCH_BITS)) / WIDE_TICKS_PER_US;
    if (us >> WIDE_EPOCH_BITS) {
        epoch = e + (us >> WIDE_EPOCH_BITS);
    }
    return ((rill_time_t)e << WIDE_EPOCH_BITS) + us;
}

static void wide_arm_next(void)
{
    rill_time_t now = rill_clock_now();
    if (now >= alarm_at) {
        wide_pend();
        return;
    }
    rill_time_t left = alarm_at - now;
    wide_arm(left < WIDE_REACH_US ? (uint32_t)left : WIDE_REACH_US);
}

void rill_clock_alarm(rill_time_t deadline)
{
    if (deadline == alarm_at) {
        return;
    }
    wide_quiet();
    alarm_at = deadline;
    wide_arm_next();
}

static void wide_isr(void *arg)
{
    (void)arg;
    bool fired = wide_ack();
    rill_time_t now = rill_clock_now();
    while (now < alarm_at && alarm_at - now <= WIDE_ROUNDING_US) {
        now = rill_clock_now();
    }
    if (now >= alarm_at) {
        alarm_at = RILL_NEVER;
        wide_arm(WIDE_REACH_US);
        rill_clock_expired();
        return;
    }
    rill_clock_extra_wakeups += fired; // not fired: the leftover of a request withdrawn a moment ago
    wide_arm_next();
}

#endif
