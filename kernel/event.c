// Event.
#include <rill/event.h>

#include "kernel.h"

void rill_event_set(rill_event_t *event)
{
    RILL_DEBUG_CONTEXT_VOID("rill_event_set");
    if (event != NULL && !event->set) {
        event->set = true;
        rill_wake_all(&event->waiters);
    }
}

void rill_event_clear(rill_event_t *event)
{
    RILL_DEBUG_CONTEXT_VOID("rill_event_clear");
    if (event != NULL) {
        event->set = false;
    }
}

bool rill_event_is_set(const rill_event_t *event)
{
    return event != NULL && event->set;
}

int rill_event_wait(rill_event_t *event)
{
    RILL_DEBUG_CONTEXT("rill_event_wait");
    if (event == NULL) {
        return RILL_EINVAL;
    }
    return event->set ? RILL_OK : rill_wait_as(&event->waiters, plain_wait(&event->waiters, WAIT_EVENT));
}
