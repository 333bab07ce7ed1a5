// rill-test: expect-fault=rill_future_remove_done_callback: a handle of something else [108]
// A handle that is scheduled is no done-callback: to remove it from a future would break the ready ring.
#include <rill/future.h>
#include <rill/loop.h>

#include "test.h"

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

int main(void)
{
    rill_loop_t *loop = rill_loop_default();
    rill_future_t future;
    rill_handle_t handle = RILL_HANDLE_INIT(NULL, NULL);
    rill_future_init(&future, loop);
    rill_call_soon(loop, &handle, nothing, NULL);
    rill_future_remove_done_callback(&future, &handle);
    return 0;
}
