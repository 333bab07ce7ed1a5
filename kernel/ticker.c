// Tickers.
#include <limits.h>

#include <rill/clock.h>
#include <rill/task.h>
#include <rill/ticker.h>

#include "kernel.h"

int rill_ticker_init(rill_ticker_t *ticker, rill_time_t us)
{
    return rill_ticker_init_at(ticker, time_after(rill_clock_now(), us), us);
}

int rill_ticker_init_at(rill_ticker_t *ticker, rill_time_t first, rill_time_t us)
{
    if (ticker == NULL || us == 0) {
        return RILL_EINVAL;
    }
    ticker->period = us;
    ticker->next = first;
    return RILL_OK;
}

// The period that ended last becomes the present one.
static int advance(rill_ticker_t *ticker, rill_time_t now)
{
    rill_time_t late = now - ticker->next;
    rill_time_t missed = late >= ticker->period ? late / ticker->period : 0; // a division only if there were any
    ticker->next = time_after(ticker->next + missed * ticker->period, ticker->period);
    return missed <= INT_MAX ? (int)missed : INT_MAX;
}

int rill_ticker_wait(rill_ticker_t *ticker)
{
    RILL_DEBUG_CONTEXT("rill_ticker_wait");
    if (ticker == NULL || ticker->period == 0) {
        return RILL_EINVAL;
    }
    if (ticker->next == 0) {
        ticker->next = time_after(rill_clock_now(), ticker->period);
    }
    rill_time_t now;
    do { // bound: periods another task takes
        int error = rill_sleep_until(ticker->next);
        if (error != RILL_OK) {
            return error;
        }
        now = rill_clock_now();
    } while (now < ticker->next);
    return advance(ticker, now);
}

rill_time_t rill_ticker_next(const rill_ticker_t *ticker)
{
    return ticker != NULL && ticker->next != 0 ? ticker->next : RILL_NEVER;
}
