// Fixed-block pools.
#include <rill/assert.h>
#include <rill/pool.h>

#if RILL_DEBUG
// A block on the free list carries a mark in its second word. The list is searched only where data look like the mark.
#define FREE_MARK ((void *)(uintptr_t)0xF1EEB10Cu)

static bool is_free(const rill_pool_t *pool, void *const *block)
{
    if (pool->size < 2 * sizeof(void *) || block[1] != FREE_MARK) {
        return false;
    }
    for (const void *p = pool->free; p != NULL; p = *(void *const *)p) { // bound: number of blocks
        if (p == block) {
            return true;
        }
    }
    return false;
}

static void mark_free(const rill_pool_t *pool, void **block)
{
    if (pool->size >= 2 * sizeof(void *)) {
        block[1] = FREE_MARK;
    }
}

static void forget_mark(const rill_pool_t *pool, void **block)
{
    if (pool->size >= 2 * sizeof(void *)) {
        block[1] = NULL;
    }
}
#else
#define forget_mark(pool, block) ((void)0)
#define mark_free(pool, block) ((void)(pool), (void)(block))
#endif

void *rill_pool_alloc_slow(rill_pool_t *pool)
{
    void **block = pool->free;
    if (block != NULL) {
        pool->free = *block;
        forget_mark(pool, block);
    } else if (pool->fresh < pool->end) {
        block = (void **)(void *)pool->fresh;
        pool->fresh += pool->size;
    } else {
        pool->failed++;
        return NULL;
    }
    return block;
}

int rill_pool_free_checked(rill_pool_t *pool, void *block)
{
    size_t offset = (size_t)((uintptr_t)block - (uintptr_t)pool->start);
    if (offset >= (size_t)(pool->fresh - pool->start)) {
        return RILL_EINVAL;
    }
    RILL_ASSERT(101, !is_free(pool, block), "rill_pool_free: block is free already");
    RILL_ASSERT(102, offset % pool->size == 0, "rill_pool_free: address inside a block");
    *(void **)block = pool->free;
    mark_free(pool, block);
    pool->free = block;
    return RILL_OK;
}

size_t rill_pool_used(const rill_pool_t *pool)
{
    if (pool == NULL) {
        return 0;
    }
    size_t used = rill_pool_high_water(pool);
    for (void *const *block = pool->free; block != NULL; block = *block) { // bound: blocks ever taken
        used--;
    }
    return used;
}

size_t rill_pool_high_water(const rill_pool_t *pool)
{
    // A fresh block is taken only when all others are in use.
    return pool != NULL ? (size_t)(pool->fresh - pool->start) / pool->size : 0;
}

size_t rill_pool_count(const rill_pool_t *pool)
{
    return pool != NULL ? (size_t)(pool->end - pool->start) / pool->size : 0;
}

size_t rill_pool_failed(const rill_pool_t *pool)
{
    return pool != NULL ? pool->failed : 0;
}
