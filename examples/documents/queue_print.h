// Prints a queue of int as Python does: its size, what is in it, who waits, and how many elements were put and not
// marked done.
#ifndef QUEUE_PRINT_H
#define QUEUE_PRINT_H

#include "document.h"

#include <rill/queue.h>

static inline void print_waiters(const char *what, unsigned count)
{
    if (count > 0) {
        printf(" _%s[%u]", what, count);
    }
}

static inline void print_queue(const rill_queue_t *queue, int maxsize)
{
    int item;
    printf("<Queue maxsize=%d", maxsize);
    for (unsigned i = 0; rill_queue_item(queue, i, &item) == RILL_OK; i++) {
        printf("%s%d", i == 0 ? " _queue=[" : ", ", item);
    }
    printf("%s", rill_queue_empty(queue) ? "" : "]");
    print_waiters("getters", rill_queue_getters(queue));
    print_waiters("putters", rill_queue_putters(queue));
    printf(" tasks=%u>\n", rill_queue_unfinished(queue));
}

#endif
