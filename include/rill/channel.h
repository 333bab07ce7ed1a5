// A channel: every subscriber gets every message. What asyncio lacks.
//
//     RILL_CHANNEL_DEFINE(readings, struct reading, 8);
//     rill_channel_publish(&readings, &reading);                           // never waits
//     rill_subscriber_t subscriber;
//     rill_channel_subscribe(&readings, &subscriber, 0);
//     int lost = rill_channel_receive(&subscriber, &reading);              // in a task
//
// The channel keeps the last n messages, and each subscriber knows how far it has read. One that is more than n behind
// loses the oldest messages and is told how many; it holds up neither the publisher nor the others. Messages are
// copied; a subscriber costs nothing when a message is published unless it waits. From an interrupt: hand the message
// to a task (signal.h, pipe.h), which publishes it.
//
// Unless a function says otherwise: O(1), does not suspend; asyncio: none.
#ifndef RILL_CHANNEL_H
#define RILL_CHANNEL_H

#include <rill/task.h>

#ifdef __cplusplus
extern "C" {
#endif

// 24 bytes on 32-bit machines. Fields are private.
typedef struct rill_channel {
    rill_node_t *waiters;
    void *storage;
    uint32_t published; // messages so far; wraps
    uint16_t size;      // of a message
    uint16_t capacity;  // messages
    uint16_t next;      // where the next one goes
    uint16_t kept;      // messages there are, up to capacity
    bool closed;
} rill_channel_t;

// A reader's place in a channel, the caller's memory. 8 bytes on 32-bit machines. Fields are private. Zeroed: of no
// channel.
typedef struct rill_subscriber {
    rill_channel_t *channel;
    uint32_t next; // number of the message it reads next
} rill_subscriber_t;

// Defines a channel that keeps n messages (1 to 65535) of a type.
#define RILL_CHANNEL_DEFINE(name, type, n)                                                                             \
    static type name##_storage[n];                                                                                     \
    static rill_channel_t name = { NULL, name##_storage, 0, sizeof(type), (n), 0, 0, false }

// Makes a channel of n messages of `size` bytes over n * size bytes of the caller's, empty and open. Nobody may be
// subscribed to it. Returns 0; RILL_EINVAL for NULL, n or size 0 or above 65535. Context: loop.
int rill_channel_init(rill_channel_t *channel, void *storage, size_t size, size_t n);

// Copies *message in, over the oldest if the channel is full, and wakes every subscriber that waits. Returns 0;
// RILL_EPIPE if the channel is closed; RILL_EINVAL for NULL. Context: loop. O(waiting subscribers), does not suspend.
int rill_channel_publish(rill_channel_t *channel, const void *message);

// Ends the channel: publish fails, receive goes on until the subscriber has read what is kept. Context: loop.
// O(waiting subscribers).
void rill_channel_close(rill_channel_t *channel);

// Messages published since rill_channel_init, modulo 2^32. Context: loop.
uint32_t rill_channel_published(const rill_channel_t *channel);

// Makes a subscriber of the channel that begins `backlog` messages back, or as far as they are kept; 0: with the next
// one published. Returns 0; RILL_EINVAL for NULL. Context: loop. O(1), does not suspend.
int rill_channel_subscribe(rill_channel_t *channel, rill_subscriber_t *subscriber, unsigned backlog);

// Ends a subscription; tasks that wait for it get RILL_EPIPE, and after they have resumed the memory is the caller's.
// Idempotent. Returns 0; RILL_EINVAL for NULL. Context: loop. O(waiting subscribers).
int rill_channel_unsubscribe(rill_subscriber_t *subscriber);

// Copies the subscriber's next message to *message; suspends if there is none yet. Returns the number of messages the
// subscriber lost before this one, usually 0, at most INT_MAX; RILL_EPIPE if the subscription was ended, or the channel
// is closed and all of it read; RILL_ECANCELED (no message is lost: the next call returns it); RILL_EINVAL for NULL;
// RILL_EPERM if it would wait outside a task. Several tasks may share a subscriber: each message goes to one of them.
// Context: task; suspends. O(1).
int rill_channel_receive(rill_subscriber_t *subscriber, void *message);

// The same without waiting: RILL_EAGAIN if there is no message. Context: loop.
int rill_channel_receive_nowait(rill_subscriber_t *subscriber, void *message);

// Messages the subscriber can read now, and messages it has lost since it read one. 0 without a channel. Context: loop.
unsigned rill_channel_pending(const rill_subscriber_t *subscriber);
uint32_t rill_channel_lost(const rill_subscriber_t *subscriber);

#ifdef __cplusplus
}
#endif

#endif
