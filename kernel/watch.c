// Watches. An interrupt leaves its value in a word of its own, marks it pending and posts `deliver`; the loop takes it
// over before it does anything else with the watch, so that sets take effect in their order. `pending` is cleared
// before the word is read: a set in between makes one version too many, never one too few.
#include <rill/watch.h>

#include "bytes.h"
#include "post.h"

static void new_version(rill_watch_t *watch, const void *value)
{
    bytes_copy(watch->value, value, watch->size);
    watch->version += watch->version == UINT32_MAX ? 2 : 1; // 0 is no version
    rill_wake_all(&watch->waiters);
}

static void take_over(rill_watch_t *watch)
{
    if (watch->pending) {
        watch->pending = 0;
        FENCE();
        uintptr_t word = watch->posted;
        new_version(watch, &word);
    }
}

static int deliver(void *arg)
{
    FENCE();
    take_over(arg);
    return RILL_OK;
}

int rill_watch_init(rill_watch_t *watch, void *value, size_t size)
{
    if (watch == NULL || value == NULL || size == 0 || size > UINT16_MAX) {
        return RILL_EINVAL;
    }
    *watch = (rill_watch_t){ .value = value, .size = (uint16_t)size };
    return RILL_OK;
}

int rill_watch_set(rill_watch_t *watch, const void *value)
{
    RILL_DEBUG_CONTEXT("rill_watch_set");
    if (watch == NULL || value == NULL) {
        return RILL_EINVAL;
    }
    take_over(watch);
    new_version(watch, value);
    return RILL_OK;
}

int rill_watch_set_threadsafe(rill_watch_t *watch, const void *value)
{
    if (watch == NULL || value == NULL || watch->size > sizeof watch->posted) {
        return RILL_EINVAL;
    }
    uintptr_t word = 0;
    bytes_copy(&word, value, watch->size);
    watch->posted = word;
    FENCE();
    watch->pending = 1;
    rill_post(&watch->post, &watch->loop);
    return RILL_OK;
}

static int wait_for_version(rill_watch_t *watch)
{
    static const rill_wait_kind_t kind = WAIT_KIND(rill_cancel_listed, "watch");
    rill_wait_t wait = { &kind, &watch->waiters };
    return rill_wait_as(&watch->waiters, &wait); // if cancelled, *seen is as before: nothing to hand on
}

int rill_watch_wait(rill_watch_t *watch, uint32_t *seen, void *value)
{
    RILL_DEBUG_CONTEXT("rill_watch_wait");
    if (watch == NULL || seen == NULL) {
        return RILL_EINVAL;
    }
    int error = rill_post_bind(&watch->post, &watch->loop, deliver, watch); // before it looks
    if (rill_watch_version(watch) == *seen) {
        error = error == RILL_OK ? wait_for_version(watch) : error;
        if (error != RILL_OK) {
            return error;
        }
    }
    error = rill_watch_get(watch, value);
    *seen = watch->version; // of just that value
    return error;
}

int rill_watch_get(rill_watch_t *watch, void *value)
{
    RILL_DEBUG_CONTEXT("rill_watch_get");
    if (watch == NULL) {
        return RILL_EINVAL;
    }
    take_over(watch);
    if (watch->version == 0) {
        return RILL_EAGAIN;
    }
    if (value != NULL) {
        bytes_copy(value, watch->value, watch->size);
    }
    return RILL_OK;
}

uint32_t rill_watch_version(rill_watch_t *watch)
{
    if (watch == NULL) {
        return 0;
    }
    take_over(watch);
    return watch->version;
}

void rill_watch_close(rill_watch_t *watch)
{
    RILL_DEBUG_CONTEXT_VOID("rill_watch_close");
    if (watch == NULL) {
        return;
    }
    rill_post_withdraw(&watch->post, watch->loop);
    while (watch->waiters != NULL) { // bound: number of waiters
        end_wait_with(tcb_of_node(watch->waiters), RILL_EPIPE);
        rill_wake_first(&watch->waiters);
    }
}
