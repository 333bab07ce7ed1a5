// newlib's heap.
#include "../console.h"

#include <errno.h>

void *_sbrk(ptrdiff_t bytes);

void *_sbrk(ptrdiff_t bytes)
{
    void *memory = console_heap(bytes);
    if (memory == NULL) {
        *console_errno() = ENOMEM;
        return (void *)-1;
    }
    return memory;
}
