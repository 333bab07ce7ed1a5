// Fixed-block pools over the application's memory: O(1), no fragmentation, exhaustion is an error, high-water mark
// kept.
//
// Unless a function says otherwise: O(1), does not suspend; asyncio: none.
#ifndef RILL_POOL_H
#define RILL_POOL_H

#include <rill/config.h>
#include <rill/types.h>

#ifdef __cplusplus
extern "C" {
#endif

// Fields are private; read them with the functions below. 24 bytes on 32-bit machines.
typedef struct rill_pool {
    void *free;           // released blocks, linked through their first word
    unsigned char *fresh; // never used yet: handed out in address order, so no start-up loop is needed
    unsigned char *start;
    unsigned char *end;
    size_t size; // bytes from block to block
    uint32_t failed; // requests refused because the pool was empty
} rill_pool_t;

// Static initialiser over `memory`: n blocks of block_size bytes (at least a pointer; keep it a multiple of the
// alignment).
#define RILL_POOL_INIT(memory, block_size, n)                                                                          \
    { NULL, (unsigned char *)(memory), (unsigned char *)(memory),                                                      \
      (unsigned char *)(memory) + (size_t)(block_size) * (n), (block_size), 0 }

// Defines a pool of n objects of a type, with its memory: RILL_POOL_DEFINE(messages, struct message, 16);
#define RILL_POOL_DEFINE(name, type, n)                                                                                \
    static union { void *link; type object; } name##_blocks[n];                                                        \
    static rill_pool_t name = RILL_POOL_INIT(name##_blocks, sizeof name##_blocks[0], n)

// What the two functions below do when no released block is left, and in debug builds. Private.
void *rill_pool_alloc_slow(rill_pool_t *pool);
int rill_pool_free_checked(rill_pool_t *pool, void *block);

// Takes a block, its contents undefined. NULL if none is left. The pool must not be NULL. Context: loop. O(1).
static inline void *rill_pool_alloc(rill_pool_t *pool)
{
    void **block = (void **)pool->free;
    if (RILL_DEBUG || RILL_SMALL || block == NULL) {
        return rill_pool_alloc_slow(pool);
    }
    pool->free = *block;
    return block;
}

// Gives a block back. RILL_EINVAL for NULL or memory outside the pool; debug builds also stop at a block that is free
// already and at an address inside a block. Context: loop. O(1).
static inline int rill_pool_free(rill_pool_t *pool, void *block)
{
    if (RILL_DEBUG || RILL_SMALL ||
        (uintptr_t)block - (uintptr_t)pool->start >= (uintptr_t)pool->fresh - (uintptr_t)pool->start) {
        return rill_pool_free_checked(pool, block);
    }
    *(void **)block = pool->free;
    pool->free = block;
    return RILL_OK;
}

// Blocks in use; 0 for NULL. Nobody counts them: it goes through the free ones. Context: loop, or an ISR of its core.
// O(released blocks).
size_t rill_pool_used(const rill_pool_t *pool);

// Most blocks ever in use, blocks in total, and requests refused; 0 for NULL. Context: any.
size_t rill_pool_high_water(const rill_pool_t *pool);
size_t rill_pool_count(const rill_pool_t *pool);
size_t rill_pool_failed(const rill_pool_t *pool);

#ifdef __cplusplus
}
#endif

#endif
