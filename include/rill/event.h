// A flag tasks can wait for: asyncio.Event, rules EV1-EV3.
//
// Unless a function says otherwise: O(1), does not suspend.
#ifndef RILL_EVENT_H
#define RILL_EVENT_H

#include <rill/task.h>

#ifdef __cplusplus
extern "C" {
#endif

// 8 bytes on 32-bit machines. Fields are private. A zeroed event is ready for use, clear.
typedef struct rill_event {
    rill_node_t *waiters;
    bool set;
} rill_event_t;

#define RILL_EVENT_INIT { NULL, false }

// Sets the flag and wakes every waiter, in order (EV1). A second set does nothing. asyncio: Event.set. From an
// interrupt: a signal (signal.h) or a posted callback. Context: loop. O(waiters).
void rill_event_set(rill_event_t *event);

// Clears the flag. Those woken by a set() before still return (EV2). asyncio: Event.clear. Context: loop.
void rill_event_clear(rill_event_t *event);

// asyncio: Event.is_set. Context: loop.
bool rill_event_is_set(const rill_event_t *event);

// Waits until the flag is set; does not suspend if it is (EV1). Returns 0, RILL_ECANCELED (EV3), RILL_EINVAL,
// RILL_EPERM if it would wait outside a task. asyncio: Event.wait. Context: task; suspends. O(1).
int rill_event_wait(rill_event_t *event);

#ifdef __cplusplus
}
#endif

#endif
