// Virtual time for tests, on the host and on every board: replaces the board's timer driver.
//
// The clock stands still while code runs and jumps when the loop is idle. Injected interrupts are real ones: the
// board's software interrupt is made pending and its handler runs the test's function.
#include <rill/board.h>
#include <rill/clock.h>

#include "arch.h"
#include "test.h"

#define EVENTS 48

static struct event {
    rill_time_t when;
    void (*fn)(void *);
    void *arg;
} events[EVENTS]; // in time order, arrival order among equals

static unsigned event_count;
static volatile rill_time_t virtual_now;
static rill_time_t armed = RILL_NEVER;
static bool attached;
uint32_t test_wakeups;
uint32_t rill_clock_extra_wakeups;

static void run_due(void *arg)
{
    (void)arg;
    while (event_count > 0 && events[0].when <= virtual_now) { // bound: EVENTS
        struct event event = events[0];
        event_count--;
        memmove(events, events + 1, event_count * sizeof *events);
        event.fn(event.arg);
    }
}

// Fires what is due now: in the ISR, at once or as soon as interrupts are unmasked.
static void fire(void)
{
    if (event_count > 0 && events[0].when <= virtual_now) {
        rill_irq_pend(rill_board_soft_irq);
    }
}

static void insert_event(rill_time_t when, void (*fn)(void *), void *arg)
{
    if (!attached) {
        attached = true;
        rill_irq_attach(rill_board_soft_irq, run_due, NULL);
    }
    uintptr_t state = rill_arch_irq_save();
    unsigned i = event_count++;
    test_check(i < EVENTS, __FILE__, __LINE__, "too many injected interrupts");
    for (; i > 0 && events[i - 1].when > when; i--) { // bound: EVENTS
        events[i] = events[i - 1];
    }
    events[i] = (struct event){ when, fn, arg };
    rill_arch_irq_restore(state);
}

void isr_at(uint32_t ms, void (*fn)(void *), void *arg)
{
    insert_event(RILL_MS(ms), fn, arg);
    if (RILL_MS(ms) <= virtual_now) {
        rill_clock_expired(); // it comes at the next poll
    }
}

void isr_now(void (*fn)(void *), void *arg)
{
    insert_event(0, fn, arg);
    fire();
}

static void advance_to(rill_time_t when)
{
    if (when > virtual_now) {
        virtual_now = when;
    }
    if (armed <= virtual_now) {
        armed = RILL_NEVER;
        rill_clock_expired();
    }
}

void busy(uint32_t ms)
{
    rill_time_t end = virtual_now + RILL_MS(ms);
    while (event_count > 0 && events[0].when <= end) { // bound: EVENTS
        advance_to(events[0].when);
        fire();
    }
    advance_to(end);
}

void test_clock_reset(uint64_t us)
{
    event_count = 0;
    virtual_now = us;
    armed = RILL_NEVER;
    test_wakeups = 0;
}

void rill_clock_init(void)
{
    virtual_now = 0;
}

rill_time_t rill_clock_now(void)
{
    return virtual_now;
}

rill_time_t rill_clock_poll(void)
{
    fire();
    return virtual_now;
}

void rill_clock_alarm(rill_time_t deadline)
{
    armed = deadline;
    advance_to(virtual_now);
}

bool rill_clock_idle(rill_time_t deadline)
{
    rill_time_t next = event_count > 0 && events[0].when < deadline ? events[0].when : deadline;
    if (next == RILL_NEVER) {
        return false;
    }
    test_wakeups++;
    armed = deadline;
    advance_to(next);
    fire();
    return true;
}
