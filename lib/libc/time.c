// POSIX's clocks and sleeps on Rill's clock.
#include "console.h"

#include <rill/clock.h>
#include <rill/libc.h>
#include <rill/task.h>

#include <errno.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

static rill_time_t epoch; // what the time of day was when rill_clock_now() was 0, modulo 2^64

// ---- clocks

static struct timespec timespec_of(rill_time_t us)
{
    return (struct timespec){ (time_t)(us / 1000000u), (long)(us % 1000000u) * 1000 };
}

static bool valid(const struct timespec *time)
{
    return time != NULL && time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < 1000000000;
}

// Rounded up: a sleep is never too short.
static rill_time_t us_of(const struct timespec *time)
{
    return RILL_S((rill_time_t)time->tv_sec) + ((rill_time_t)time->tv_nsec + 999) / 1000;
}

static bool known(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    if (!known(clock) || now == NULL) {
        return console_result(RILL_EINVAL);
    }
    *now = timespec_of(rill_clock_now() + (clock == CLOCK_REALTIME ? epoch : 0));
    return 0;
}

int clock_getres(clockid_t clock, struct timespec *resolution)
{
    if (!known(clock)) {
        return console_result(RILL_EINVAL);
    }
    if (resolution != NULL) {
        *resolution = timespec_of(1);
    }
    return 0;
}

int clock_settime(clockid_t clock, const struct timespec *now)
{
    if (clock != CLOCK_REALTIME || !valid(now)) {
        return console_result(RILL_EINVAL);
    }
    epoch = us_of(now) - rill_clock_now();
    return 0;
}

int console_timeofday(struct timeval *now)
{
    rill_time_t us = rill_clock_now() + epoch;
    *now = (struct timeval){ (time_t)(us / 1000000u), (suseconds_t)(us % 1000000u) };
    return 0;
}

clock_t console_times(struct tms *times)
{
    clock_t now = (clock_t)(rill_clock_now() * CLOCKS_PER_SEC / 1000000u);
    *times = (struct tms){ now, 0, 0, 0 };
    return now;
}

// ---- sleeps

// Returns what is left of it in *left.
static int sleep_for(rill_time_t us, rill_time_t *left)
{
    rill_time_t deadline = rill_clock_now() + us;
    int error = us > 0 || !console_may_wait() ? console_sleep_until(deadline) : rill_yield();
    rill_time_t now = rill_clock_now();
    *left = deadline > now ? deadline - now : 0;
    return console_result(error);
}

int nanosleep(const struct timespec *time, struct timespec *rest)
{
    rill_time_t left;
    if (!valid(time)) {
        return console_result(RILL_EINVAL);
    }
    int result = sleep_for(us_of(time), &left);
    if (result < 0 && rest != NULL) {
        *rest = timespec_of(left);
    }
    return result;
}

int usleep(useconds_t us)
{
    rill_time_t left;
    return sleep_for(us, &left);
}

unsigned sleep(unsigned seconds)
{
    rill_time_t left;
    return sleep_for(RILL_S(seconds), &left) < 0 ? (unsigned)((left + 999999u) / 1000000u) : 0;
}
