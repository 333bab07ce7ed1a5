// rill-test: expect-fault=rill_handle_cancel: a handle of something else [109]
// A done-callback that is not scheduled yet is in its future's list, which rill_handle_cancel does not know.
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
    rill_future_add_done_callback(&future, &handle, nothing, NULL);
    rill_handle_cancel(loop, &handle);
    return 0;
}
