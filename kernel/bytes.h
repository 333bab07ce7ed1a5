// Private to kernel/: copying elements of any size between memories of any alignment.
#ifndef BYTES_H
#define BYTES_H

#include <stddef.h>
#include <stdint.h>

// A word of an object of any type.
typedef uintptr_t __attribute__((may_alias)) any_word_t;

static inline void bytes_copy_words(void *to, const void *from, size_t n)
{
    any_word_t *target = to;
    const any_word_t *source = from;
    for (; n > 0; n -= sizeof(uintptr_t)) { // bound: n
        *target++ = *source++;
    }
}

// Word by word where alignment and size allow: memcpy is byte-wise on some C libraries.
static inline void bytes_copy(void *to, const void *from, size_t n)
{
    if ((((uintptr_t)to | (uintptr_t)from | n) % sizeof(uintptr_t)) == 0) {
        bytes_copy_words(to, from, n);
        return;
    }
    unsigned char *target = to;
    const unsigned char *source = from;
    while (n-- > 0) { // bound: n
        *target++ = *source++;
    }
}

#endif
