// A period without drift: each deadline is computed from the one before, not from the time somebody woke up.
//
//     rill_ticker_t ticker = RILL_TICKER_INIT(RILL_MS(10));
//     for (;;) { int missed = rill_ticker_wait(&ticker); TRY(missed); ...every 10 ms... }
//
// Unless a function says otherwise: O(1), does not suspend; asyncio: none.
#ifndef RILL_TICKER_H
#define RILL_TICKER_H

#include <rill/types.h>

#ifdef __cplusplus
extern "C" {
#endif

// 16 bytes. Fields are private. For one task at a time: two tasks that wait for one ticker share its periods.
typedef struct rill_ticker {
    rill_time_t period;
    rill_time_t next; // 0: not started
} rill_ticker_t;

// Static initialiser: a period of `us` microseconds (at least 1) that begins with the first wait.
#define RILL_TICKER_INIT(us) { (us), 0 }

// Starts a period of `us` microseconds now: the first wait returns at now + us. Also starts a ticker anew. Returns 0;
// RILL_EINVAL for NULL or 0. Context: loop. O(1), does not suspend.
int rill_ticker_init(rill_ticker_t *ticker, rill_time_t us);

// The same with the first period ending at `first` (rill_clock_now() time), so that several tickers can be kept in
// step or apart. A `first` that has passed counts as missed, with all periods since. Returns as above. Context:
// loop.
int rill_ticker_init_at(rill_ticker_t *ticker, rill_time_t first, rill_time_t us);

// Waits for the end of the period. Returns the number of periods that ended unseen before this one, 0 if the task was
// in time; at most INT_MAX. The next deadline is the first multiple that has not passed. A late task does not sleep but
// lets everything run that is ready. Returns RILL_ECANCELED (the period is still to be waited for), RILL_EINVAL for
// NULL or a period of 0, RILL_EPERM outside a task. Context: task; suspends always. O(1). asyncio: no such thing;
// sleep(next - loop.time()).
int rill_ticker_wait(rill_ticker_t *ticker);

// The deadline of the next wait; RILL_NEVER if it was not started. Context: loop.
rill_time_t rill_ticker_next(const rill_ticker_t *ticker);

#ifdef __cplusplus
}
#endif

#endif
