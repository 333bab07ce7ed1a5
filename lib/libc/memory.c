// Where space counts: the C library's own memset and memcpy take 400 bytes on a Cortex-M3, for structures of a few
// words.
#include <stddef.h>

#include <rill/config.h>

#if RILL_SMALL
// The compiler knows what such a loop is and would call the function for it.
#define LOOP __attribute__((used, optimize("no-tree-loop-distribute-patterns")))

LOOP void *memset(void *to, int value, size_t n)
{
    for (unsigned char *byte = to; n > 0; n--) { // bound: n
        *byte++ = (unsigned char)value;
    }
    return to;
}

LOOP void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    unsigned char *byte = to;
    for (const unsigned char *source = from; n > 0; n--) { // bound: n
        *byte++ = *source++;
    }
    return to;
}
#endif
