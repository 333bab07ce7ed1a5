// The host's clock: virtual, so that a program runs at once and its trace is exact; or real, with an alarm by signal.
#define _GNU_SOURCE
#include <rill/clock.h>
#include <rill/irq.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "arch.h"

enum { ALARM_LINE = 62 };

uint32_t rill_clock_extra_wakeups;

static bool real;
static rill_time_t start;
static rill_time_t virtual_now;
static rill_time_t armed = RILL_NEVER;

static rill_time_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (rill_time_t)now.tv_sec * 1000000u + (rill_time_t)now.tv_nsec / 1000u;
}

rill_time_t rill_clock_now(void)
{
    return real ? monotonic_us() - start : virtual_now;
}

rill_time_t rill_clock_poll(void)
{
    rill_host_look();
    return rill_clock_now();
}

// A timer of the system may be asked for no less than 1 us and may fire early by its resolution: then it is asked
// again.
static void arm_signal(void)
{
    struct itimerval timer = { 0 };
    if (armed != RILL_NEVER) {
        rill_time_t now = rill_clock_now();
        rill_time_t left = armed > now ? armed - now : 1;
        timer.it_value.tv_sec = (time_t)(left / 1000000u);
        timer.it_value.tv_usec = (suseconds_t)(left % 1000000u);
    }
    setitimer(ITIMER_REAL, &timer, NULL);
}

static void alarm_isr(void *arg)
{
    (void)arg;
    if (rill_clock_now() < armed) {
        arm_signal();
        return;
    }
    armed = RILL_NEVER;
    rill_clock_expired();
}

static void on_signal(int number)
{
    (void)number;
    rill_irq_pend(ALARM_LINE);
}

void rill_host_real_clock(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, NULL);
    start = monotonic_us() - rill_clock_now();
    real = true;
}

void rill_clock_init(void)
{
    const char *wish = getenv("RILL_CLOCK");
    rill_irq_attach(ALARM_LINE, alarm_isr, NULL);
    if (wish != NULL && strcmp(wish, "real") == 0) {
        rill_host_real_clock();
    }
}

static void fire_if_due(void)
{
    if (armed <= rill_clock_now()) {
        rill_irq_pend(ALARM_LINE);
    }
}

void rill_clock_alarm(rill_time_t deadline)
{
    armed = deadline;
    if (real) {
        arm_signal();
    }
    fire_if_due();
}

bool rill_clock_idle(rill_time_t deadline)
{
    if (deadline != armed) {
        rill_clock_alarm(deadline);
    }
    if (real) {
        rill_arch_wait();
        return true;
    }
    if (deadline == RILL_NEVER) {
        return false;
    }
    if (deadline > virtual_now) {
        virtual_now = deadline;
    }
    fire_if_due();
    return true;
}
