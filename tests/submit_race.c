// rill-test: min-ram=16
// A task that was asked for from outside, and is cancelled from there when it has just ended: by an interrupt that
// comes between two instructions, here where the loop gives up its handle (the Makefile wraps rill_detach).
#include <rill/submit.h>

#include "test.h"

#if defined(__unix__) || defined(__linux__)
#define STACK 16384
#else
#define STACK ((sizeof(void *) == 8 ? 1024 : 512) + TEST_FPU_STACK)
#endif

RILL_TASK_POOL_DEFINE(tasks, 2, STACK);
static rill_submission_t submission;
static bool cancel_now;

int __real_rill_detach(rill_task_t task);
int __wrap_rill_detach(rill_task_t task);

int __wrap_rill_detach(rill_task_t task)
{
    int result = __real_rill_detach(task);
    if (cancel_now) {
        cancel_now = false;
        CHECK_EQ(rill_submission_cancel_threadsafe(&submission), 1);
    }
    return result;
}

static int end_at_once(void *arg)
{
    (void)arg;
    return 3;
}

static int submit_and_wait(void *arg)
{
    (void)arg;
    rill_loop_t *loop = rill_loop_running();
    CHECK_EQ(rill_submit_threadsafe(loop, &tasks, end_at_once, NULL, &submission), 0);
    cancel_now = true;
    while (rill_submission_busy(&submission)) {
        CHECK_EQ(rill_yield(), 0);
    }
    CHECK(!cancel_now);
    CHECK(!rill_handle_scheduled(&submission.post)); // the memory may be used for something else
    CHECK_EQ(rill_submission_state(&submission), RILL_CANCELLED);
    CHECK_EQ(rill_submit_threadsafe(loop, &tasks, end_at_once, NULL, &submission), 0);
    CHECK_EQ(rill_sleep_ms(1), 0);
    rill_value_t value = 0;
    CHECK_EQ(rill_submission_result(&submission, &value), 0);
    CHECK_EQ(value, 3);
    return 0;
}

TEST(cancelled_when_it_has_ended)
{
    CHECK_EQ(rill_run(&tasks, submit_and_wait, NULL, NULL), 0);
}

TEST_MAIN("submit_race", TEST_CASE(cancelled_when_it_has_ended))
