// Prints a queue of int as Python does. The elements are those this file was told of: put after put, got after get.
#ifndef QUEUE_PRINT_H
#define QUEUE_PRINT_H

#include "document.h"

#include <rill/queue.h>

enum { SHOWN = 32 };
static int shown[SHOWN];
static unsigned shown_first, shown_end;

static inline void shown_put(int item)
{
    shown[shown_end++ % SHOWN] = item;
}

static inline void shown_get(void)
{
    shown_first++;
}

static inline void print_queue(const rill_queue_t *queue, int maxsize)
{
    printf("<Queue maxsize=%d", maxsize);
    for (unsigned i = shown_first; i != shown_end; i++) {
        printf("%s%d", i == shown_first ? " _queue=[" : ", ", shown[i % SHOWN]);
    }
    printf("%s tasks=%u>\n", shown_first != shown_end ? "]" : "", rill_queue_unfinished(queue));
}

#endif
