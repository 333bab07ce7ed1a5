// Time limits and protection from cancellation: asyncio.timeout, wait_for, shield.
//
// Unless a function says otherwise: context task, O(1).
#ifndef RILL_TIMEOUT_H
#define RILL_TIMEOUT_H

#include <rill/task.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rill_timeout_state {
    RILL_TIMEOUT_CREATED = 0,
    RILL_TIMEOUT_ENTERED,
    RILL_TIMEOUT_EXPIRING,
    RILL_TIMEOUT_EXPIRED,
    RILL_TIMEOUT_EXITED,
} rill_timeout_state_t;

// A time limit on a stretch of code of one task, on its stack: asyncio.timeout(), rules TO1-TO11. Nests. 40 bytes on
// 32-bit machines. A zeroed one is ready for use.
//     rill_timeout_t limit = { 0 };
//     int rc = rill_timeout_begin(&limit, RILL_MS(100));
//     if (rc == 0) { rc = talk_to_sensor(); rc = rill_timeout_end(&limit, rc); }
typedef struct rill_timeout {
    rill_timer_t timer;
    rill_tcb_t *task;
    uint8_t state;
    uint8_t cancelling; // the task's count on entry
    rill_time_t when;
} rill_timeout_t;

// Begins a limit of `us` microseconds from now, or until `when`; RILL_NEVER for none (TO1). 0 or a deadline that has
// passed lets the code run until its first wait (TO5). RILL_EPERM outside a task or if it was begun before (TO6);
// RILL_EINVAL. asyncio.timeout, timeout_at. Context: task. O(1).
int rill_timeout_begin(rill_timeout_t *timeout, rill_time_t us);
int rill_timeout_begin_at(rill_timeout_t *timeout, rill_time_t when);

// Ends it; pass the code's outcome. Returns RILL_ETIMEDOUT if the limit expired and `code` is its RILL_ECANCELED (TO2),
// else `code` unchanged (TO3, TO4, TO7, TO8). Must be called on every path once begin returned 0. Context: task. O(1).
int rill_timeout_end(rill_timeout_t *timeout, int code);

// Moves the deadline; RILL_NEVER takes it away. RILL_EPERM unless active (TO6). asyncio: Timeout.reschedule. O(1).
int rill_timeout_reschedule(rill_timeout_t *timeout, rill_time_t when);

// The deadline (RILL_NEVER: none), and whether it came. asyncio: Timeout.when, Timeout.expired.
rill_time_t rill_timeout_when(const rill_timeout_t *timeout);
bool rill_timeout_expired(const rill_timeout_t *timeout);

// rill_await with a limit in microseconds (RILL_NEVER: none). When it expires the future is cancelled, the call waits
// until it has really ended and returns RILL_ETIMEDOUT, or the value or other error it answered with (W1-W12). 0 never
// waits for the result, only for the end (W5). asyncio.wait_for. Context: task; suspends. O(1).
int rill_wait_for(rill_future_t *future, rill_time_t us, rill_value_t *value);

// rill_await that does not hand the waiting task's cancellation on: the future goes on (S1-S8). Returns as rill_await.
// asyncio.shield, awaited at once. Context: task; suspends. O(1).
int rill_shield(rill_future_t *future, rill_value_t *value);

// The shield as an object, for gather or wait_for over it: shield->outer. asyncio.shield. `begin` returns the future to
// wait for: the inner one itself if it is done (S5); NULL for a NULL, or an inner one without a loop where none runs.
// `end` before the memory is reused. Context: loop. O(1).
typedef struct rill_shield {
    rill_future_t outer;
    rill_future_t *inner;
    rill_handle_t inner_done;
    rill_handle_t outer_done;
} rill_shield_t;
rill_future_t *rill_shield_begin(rill_shield_t *shield, rill_future_t *inner);
void rill_shield_end(rill_shield_t *shield);

#ifdef __cplusplus
}
#endif

#endif
