// Channels. A message's number says where it is: the one numbered `published - k` is k places before `next`, for k up
// to `kept`. Numbers wrap, so only their differences are used.
#include <limits.h>

#include <rill/channel.h>

#include "bytes.h"
#include "kernel.h"

struct entry {
    rill_wait_t wait;
    const rill_subscriber_t *subscriber;
};

// Where the message is that was published `back` messages ago; 0: where the next one goes.
static void *place(const rill_channel_t *channel, unsigned back)
{
    unsigned at = channel->next >= back ? channel->next - back : channel->next + channel->capacity - back;
    return (unsigned char *)channel->storage + (size_t)at * channel->size;
}

int rill_channel_init(rill_channel_t *channel, void *storage, size_t size, size_t n)
{
    if (channel == NULL || storage == NULL || size == 0 || size > UINT16_MAX || n == 0 || n > UINT16_MAX) {
        return RILL_EINVAL;
    }
    *channel = (rill_channel_t){ .storage = storage, .size = (uint16_t)size, .capacity = (uint16_t)n };
    return RILL_OK;
}

int rill_channel_publish(rill_channel_t *channel, const void *message)
{
    RILL_DEBUG_CONTEXT("rill_channel_publish");
    if (channel == NULL || message == NULL) {
        return RILL_EINVAL;
    }
    if (channel->closed) {
        return RILL_EPIPE;
    }
    bytes_copy(place(channel, 0), message, channel->size);
    channel->next = (uint16_t)(channel->next + 1 == channel->capacity ? 0 : channel->next + 1);
    channel->kept = (uint16_t)(channel->kept + (channel->kept < channel->capacity));
    channel->published++;
    rill_wake_all(&channel->waiters);
    return RILL_OK;
}

void rill_channel_close(rill_channel_t *channel)
{
    RILL_DEBUG_CONTEXT_VOID("rill_channel_close");
    if (channel != NULL) {
        channel->closed = true;
        rill_wake_all(&channel->waiters);
    }
}

uint32_t rill_channel_published(const rill_channel_t *channel)
{
    return channel != NULL ? channel->published : 0;
}

int rill_channel_subscribe(rill_channel_t *channel, rill_subscriber_t *subscriber, unsigned backlog)
{
    RILL_DEBUG_CONTEXT("rill_channel_subscribe");
    if (channel == NULL || subscriber == NULL) {
        return RILL_EINVAL;
    }
    subscriber->channel = channel;
    subscriber->next = channel->published - (backlog < channel->kept ? backlog : channel->kept);
    return RILL_OK;
}

// Each task that waits is looked at once: those of the subscriber leave, the others move to the end in their order.
static void wake_subscriber(rill_channel_t *channel, const rill_subscriber_t *subscriber)
{
    rill_node_t *rest = channel->waiters;
    channel->waiters = NULL;
    while (rest != NULL) { // bound: waiting subscribers
        rill_node_t *node = rest;
        const rill_wait_t *wait = tcb_of_node(node)->wait;
        if (CONTAINER(wait, struct entry, wait)->subscriber == subscriber) {
            rill_wake_first(&rest);
        } else {
            list_remove(&rest, node);
            list_append(&channel->waiters, node);
        }
    }
}

int rill_channel_unsubscribe(rill_subscriber_t *subscriber)
{
    RILL_DEBUG_CONTEXT("rill_channel_unsubscribe");
    if (subscriber == NULL) {
        return RILL_EINVAL;
    }
    rill_channel_t *channel = subscriber->channel;
    subscriber->channel = NULL;
    if (channel != NULL) {
        wake_subscriber(channel, subscriber);
    }
    return RILL_OK;
}

uint32_t rill_channel_lost(const rill_subscriber_t *subscriber)
{
    if (subscriber == NULL || subscriber->channel == NULL) {
        return 0;
    }
    uint32_t behind = subscriber->channel->published - subscriber->next;
    return behind > subscriber->channel->kept ? behind - subscriber->channel->kept : 0;
}

unsigned rill_channel_pending(const rill_subscriber_t *subscriber)
{
    if (subscriber == NULL || subscriber->channel == NULL) {
        return 0;
    }
    return subscriber->channel->published - subscriber->next - rill_channel_lost(subscriber);
}

int rill_channel_receive_nowait(rill_subscriber_t *subscriber, void *message)
{
    RILL_DEBUG_CONTEXT("rill_channel_receive_nowait");
    if (subscriber == NULL || message == NULL) {
        return RILL_EINVAL;
    }
    const rill_channel_t *channel = subscriber->channel;
    unsigned pending = rill_channel_pending(subscriber);
    if (pending == 0) {
        return channel == NULL || channel->closed ? RILL_EPIPE : RILL_EAGAIN;
    }
    uint32_t lost = rill_channel_lost(subscriber);
    bytes_copy(message, place(channel, pending), channel->size);
    subscriber->next += lost + 1;
    return lost <= INT_MAX ? (int)lost : INT_MAX;
}

static int wait_for_message(const rill_subscriber_t *subscriber)
{
    static const rill_wait_kind_t kind = WAIT_KIND(rill_cancel_listed, "channel");
    rill_channel_t *channel = subscriber->channel;
    struct entry entry = { { &kind, &channel->waiters }, subscriber };
    return rill_wait_as(&channel->waiters, &entry.wait); // if cancelled, the message is still the subscriber's
}

int rill_channel_receive(rill_subscriber_t *subscriber, void *message)
{
    RILL_DEBUG_CONTEXT("rill_channel_receive");
    for (;;) { // bound: messages that go to another task of the same subscriber
        int result = rill_channel_receive_nowait(subscriber, message);
        if (result != RILL_EAGAIN) {
            return result;
        }
        int error = wait_for_message(subscriber);
        if (error != RILL_OK) {
            return error;
        }
    }
}
