// Tasks from outside. `state` goes from pending to one other state, once, by whoever is first: the loop when the task
// has ended, anybody by cancelling.
#include <rill/submit.h>

#include "kernel.h"

static void *word_of(rill_state_t state)
{
    return (void *)(uintptr_t)state;
}

// The memory is its owner's from the last line on. A cancellation that came just before it has posted; none comes after
// the state is set.
static void finish(rill_submission_t *submission, rill_state_t state, int error, rill_value_t value)
{
    submission->error = error;
    submission->value = value;
    rill_arch_cas(&submission->state, word_of(RILL_PENDING), word_of(state));
    rill_handle_cancel(submission->loop, &submission->post);
    submission->task = RILL_NO_TASK;
    BARRIER();
    submission->busy = false;
}

static int ended(void *arg)
{
    rill_submission_t *submission = arg;
    rill_task_t task = submission->task;
    rill_future_t *future = rill_task_future(task);
    rill_value_t value = 0;
    rill_state_t state = rill_future_state(future);
    int error = rill_future_result(future, &value);
    rill_detach(task);
    finish(submission, state, error, value);
    return RILL_OK;
}

static int begin(rill_submission_t *submission)
{
    const rill_spawn_options_t options = { .loop = submission->loop };
    int error = rill_spawn_with(submission->pool, submission->fn, submission->arg, &options, &submission->task);
    if (error != RILL_OK) {
        finish(submission, RILL_FAILED, error, 0);
        return error;
    }
    return rill_future_add_done_callback(rill_task_future(submission->task), &submission->ended, ended, submission);
}

// What was cancelled before it began never begins.
static int posted(void *arg)
{
    rill_submission_t *submission = arg;
    if (submission->task.tcb != NULL) {
        rill_task_cancel(submission->task);
        return RILL_OK;
    }
    if (rill_submission_state(submission) != RILL_CANCELLED) {
        return begin(submission);
    }
    finish(submission, RILL_CANCELLED, RILL_ECANCELED, 0);
    return RILL_OK;
}

int rill_submit_threadsafe(rill_loop_t *loop, rill_task_pool_t *pool, rill_fn_t fn, void *arg,
                           rill_submission_t *submission)
{
    if (loop == NULL || pool == NULL || fn == NULL || submission == NULL) {
        return RILL_EINVAL;
    }
    if (submission->busy) {
        return RILL_EBUSY;
    }
    if (loop->closed) {
        return RILL_EPERM;
    }
    *submission = (rill_submission_t){ .loop = loop, .pool = pool, .fn = fn, .arg = arg, .busy = true };
    rill_handle_init(&submission->post, posted, submission);
    int done = rill_call_soon_threadsafe(loop, &submission->post);
    return done < 0 ? done : RILL_OK;
}

int rill_submission_cancel_threadsafe(rill_submission_t *submission)
{
    if (submission == NULL) {
        return RILL_EINVAL;
    }
    rill_loop_t *loop = submission->loop;
    if (loop == NULL || !rill_arch_cas(&submission->state, word_of(RILL_PENDING), word_of(RILL_CANCELLED))) {
        return 0;
    }
    rill_call_soon_threadsafe(loop, &submission->post);
    return 1;
}

rill_state_t rill_submission_state(const rill_submission_t *submission)
{
    return submission != NULL ? (rill_state_t)(uintptr_t)submission->state : RILL_CANCELLED;
}

int rill_submission_result(const rill_submission_t *submission, rill_value_t *value)
{
    rill_state_t state = rill_submission_state(submission);
    if (state == RILL_FINISHED && value != NULL) {
        *value = submission->value;
    }
    return state == RILL_PENDING ? RILL_ESTATE : state == RILL_CANCELLED ? RILL_ECANCELED : submission->error;
}

bool rill_submission_busy(const rill_submission_t *submission)
{
    return submission != NULL && submission->busy;
}
