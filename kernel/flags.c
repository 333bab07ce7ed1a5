// Event flags. The bits are one atomic word that any context changes; only the loop looks at the waiters. An interrupt
// that sets bits posts `deliver`, which looks for it.
#include <rill/flags.h>

#include "post.h"

struct entry {
    rill_wait_t wait;
    uint32_t mask;
    unsigned mode;
    uint32_t seen; // what woke it
};

static uint32_t bits_of(const rill_flags_t *flags)
{
    return (uint32_t)(uintptr_t)flags->bits;
}

// bits = (bits & keep) | add, atomically. Returns what was there.
static uint32_t change(rill_flags_t *flags, uint32_t keep, uint32_t add)
{
    uint32_t old;
    uintptr_t changed;
    do { // bound: interrupts that change the bits between the two lines
        old = bits_of(flags);
        changed = (old & keep) | add;
    } while (!rill_arch_cas(&flags->bits, (void *)(uintptr_t)old, (void *)changed));
    return old;
}

static bool satisfied(uint32_t bits, uint32_t mask, unsigned mode)
{
    return (mode & RILL_FLAGS_ALL) != 0 ? (bits & mask) == mask : (bits & mask) != 0;
}

// Wakes every waiter that has what it waits for; the others keep their order.
static void wake_satisfied(rill_flags_t *flags)
{
    rill_node_t *rest = flags->waiters;
    uint32_t bits = bits_of(flags);
    uint32_t used = 0;
    flags->waiters = NULL;
    while (rest != NULL) { // bound: number of waiters
        rill_node_t *node = rest;
        struct entry *entry = CONTAINER(tcb_of_node(node)->wait, struct entry, wait);
        if (satisfied(bits, entry->mask, entry->mode)) {
            entry->seen = bits & entry->mask;
            used |= (entry->mode & RILL_FLAGS_CLEAR) != 0 ? entry->seen : 0;
            rill_wake_first(&rest);
        } else {
            list_remove(&rest, node);
            list_append(&flags->waiters, node);
        }
    }
    if (used != 0) {
        change(flags, ~used, 0);
    }
}

static int deliver(void *arg)
{
    FENCE();
    wake_satisfied(arg);
    return RILL_OK;
}

void rill_flags_init(rill_flags_t *flags)
{
    if (flags != NULL) {
        *flags = (rill_flags_t)RILL_FLAGS_INIT;
    }
}

void rill_flags_set(rill_flags_t *flags, uint32_t mask)
{
    RILL_DEBUG_CONTEXT_VOID("rill_flags_set");
    if (flags != NULL) {
        change(flags, UINT32_MAX, mask);
        wake_satisfied(flags);
    }
}

void rill_flags_set_threadsafe(rill_flags_t *flags, uint32_t mask)
{
    if (flags != NULL) {
        change(flags, UINT32_MAX, mask);
        rill_post(&flags->post, &flags->loop);
    }
}

uint32_t rill_flags_clear(rill_flags_t *flags, uint32_t mask)
{
    return flags != NULL ? change(flags, ~mask, 0) : 0;
}

uint32_t rill_flags_get(const rill_flags_t *flags)
{
    return flags != NULL ? bits_of(flags) : 0;
}

int rill_flags_poll(rill_flags_t *flags, uint32_t mask, unsigned mode, uint32_t *seen)
{
    RILL_DEBUG_CONTEXT("rill_flags_poll");
    if (flags == NULL || mask == 0 || mode > (RILL_FLAGS_ALL | RILL_FLAGS_CLEAR)) {
        return RILL_EINVAL;
    }
    wake_satisfied(flags); // what an interrupt has set belongs to those who wait already
    uint32_t bits = bits_of(flags);
    if (!satisfied(bits, mask, mode)) {
        return RILL_EAGAIN;
    }
    if ((mode & RILL_FLAGS_CLEAR) != 0) {
        change(flags, ~(bits & mask), 0);
    }
    if (seen != NULL) {
        *seen = bits & mask;
    }
    return RILL_OK;
}

static int wait_for_flags(rill_flags_t *flags, struct entry *entry)
{
    int error = rill_wait_as(&flags->waiters, &entry->wait);
    if (rill_canceled_late(error) && (entry->mode & RILL_FLAGS_CLEAR) != 0) {
        rill_flags_set(flags, entry->seen);
    }
    return error;
}

int rill_flags_wait(rill_flags_t *flags, uint32_t mask, unsigned mode, uint32_t *seen)
{
    RILL_DEBUG_CONTEXT("rill_flags_wait");
    static const rill_wait_kind_t kind = WAIT_KIND(rill_cancel_listed, "flags");
    if (flags == NULL) {
        return RILL_EINVAL;
    }
    int bound = rill_post_bind(&flags->post, &flags->loop, deliver, flags); // before it looks
    int error = rill_flags_poll(flags, mask, mode, seen);
    if (error != RILL_EAGAIN || bound != RILL_OK) {
        return error != RILL_EAGAIN ? error : bound;
    }
    struct entry entry = { { &kind, &flags->waiters }, mask, mode, 0 };
    error = wait_for_flags(flags, &entry);
    if (error == RILL_OK && seen != NULL) {
        *seen = entry.seen;
    }
    return error;
}

void rill_flags_close(rill_flags_t *flags)
{
    RILL_DEBUG_CONTEXT_VOID("rill_flags_close");
    if (flags == NULL) {
        return;
    }
    rill_post_withdraw(&flags->post, flags->loop);
    rill_flags_clear(flags, UINT32_MAX);
    while (flags->waiters != NULL) { // bound: number of waiters
        end_wait_with(tcb_of_node(flags->waiters), RILL_EPIPE);
        rill_wake_first(&flags->waiters);
    }
}
