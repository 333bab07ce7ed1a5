// The heap: the application's, if it has one.
#include "console.h"

#include <rill/libc.h>

__attribute__((weak)) unsigned char *rill_heap_low = NULL;
__attribute__((weak)) unsigned char *rill_heap_high = NULL;

void *console_heap(ptrdiff_t bytes)
{
    static ptrdiff_t used;
    if (bytes > rill_heap_high - rill_heap_low - used || used + bytes < 0) {
        return NULL;
    }
    used += bytes;
    return rill_heap_low + used - bytes;
}
