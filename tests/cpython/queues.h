// What the ports of test_queues.py share: a queue of integers, and tasks that put and get.
#ifndef QUEUES_H
#define QUEUES_H

#include <rill/queue.h>

#include "misc.h"

#ifndef ITEMS
#define ITEMS 8
#endif

static rill_queue_t q;
static uintptr_t storage[ITEMS];

static inline int put_int(int item)
{
    return rill_queue_put(&q, &item);
}

static inline int put_nowait(int item)
{
    return rill_queue_put_nowait(&q, &item);
}

// The element, or the error.
static inline int get_int(void)
{
    int item = 0;
    int code = rill_queue_get(&q, &item);
    return code < 0 ? code : item;
}

static inline int get_nowait(void)
{
    int item = 0;
    int code = rill_queue_get_nowait(&q, &item);
    return code < 0 ? code : item;
}

static inline int getter(void *arg)
{
    (void)arg;
    return get_int();
}

static inline int putter(void *item)
{
    return put_int(INT(item));
}

#endif
