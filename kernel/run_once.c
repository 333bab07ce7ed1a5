// A loop beside another one: the application's own superloop, or what draws the screen.
#include "kernel.h"

static bool anything_to_do(const rill_loop_t *loop)
{
    return loop->marker.next != &loop->marker || loop->posts != NULL || loop->crowd ||
           rill_clock_now() >= loop->wheel.next;
}

int rill_loop_run_once(rill_loop_t *loop, rill_time_t budget, rill_time_t *next)
{
    RILL_DEBUG_CONTEXT("rill_loop_run_once");
    int error = rill_may_run(loop);
    if (error != RILL_OK) {
        return error;
    }
    rill_time_t end = time_after(rill_clock_now(), budget);
    do { // bound: the budget
        loop->stopping = STOP_AT_ONCE;
        error = rill_run_forever(loop);
    } while (error == RILL_OK && anything_to_do(loop) && rill_clock_now() < end);
    if (error != RILL_OK) {
        loop->stopping = 0;
        return error;
    }
    bool more = anything_to_do(loop);
    if (next != NULL) {
        *next = more ? rill_clock_now() : loop->wheel.next;
    }
    return more ? RILL_EAGAIN : RILL_OK;
}
