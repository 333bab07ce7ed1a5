// Queues. As in CPython there is no reservation: a woken getter or putter looks again when it resumes (Q5).
#include <rill/queue.h>

#include "kernel.h"

static inline uintptr_t *slot(const rill_queue_t *queue, unsigned index)
{
    return queue->storage + (size_t)index * queue->words;
}

// Word by word: memcpy is byte-wise on some C libraries, and a call on all.
static inline void copy(uintptr_t *to, const uintptr_t *from, unsigned words)
{
    do { // bound: the element's size
        *to++ = *from++;
    } while (--words != 0);
}

static void copy_bytes(unsigned char *to, const unsigned char *from, size_t n)
{
    while (n-- > 0) { // bound: the element's size
        *to++ = *from++;
    }
}

// Between the caller's memory and a slot: the caller's may be unaligned, and ends where the element ends.
static inline void transfer(const rill_queue_t *queue, void *to, const void *from)
{
    if (LIKELY((((uintptr_t)to | (uintptr_t)from) % sizeof(uintptr_t)) == 0 && queue->slack == 0)) {
        copy(to, from, queue->words);
    } else {
        copy_bytes(to, from, queue->words * sizeof(uintptr_t) - queue->slack);
    }
}

int rill_queue_init(rill_queue_t *queue, uintptr_t *storage, size_t size, uint16_t n, rill_queue_order_t order,
                    rill_queue_before_t before)
{
    size_t words = (size + sizeof(uintptr_t) - 1) / sizeof(uintptr_t);
    bool usable = queue != NULL && storage != NULL && n != 0 && words != 0 && words <= UINT16_MAX;
    if (!usable || (unsigned)order > RILL_PRIORITY || (order == RILL_PRIORITY && before == NULL)) {
        return RILL_EINVAL;
    }
    *queue = (rill_queue_t){
        .storage = storage, .before = before, .words = (uint16_t)words, .capacity = n, .order = (uint8_t)order
    };
    queue->slack = (words * sizeof(uintptr_t) - size) & 0x7f;
    return RILL_OK;
}

// ---- the three orders

// Heap of Python's heapq. Finds the place of `item`, moving up from the hole at a leaf.
static uintptr_t *sift_up(rill_queue_t *queue, const void *item, unsigned hole)
{
    while (hole > 0) { // bound: log2(count)
        unsigned parent = (hole - 1) / 2;
        if (!queue->before(item, slot(queue, parent))) {
            break;
        }
        copy(slot(queue, hole), slot(queue, parent), queue->words);
        hole = parent;
    }
    return slot(queue, hole);
}

static unsigned sink_hole(rill_queue_t *queue)
{
    unsigned hole = 0;
    for (unsigned child = 1; child < queue->count; child = 2 * hole + 1) { // bound: log2(count)
        if (child + 1 < queue->count && !queue->before(slot(queue, child), slot(queue, child + 1))) {
            child++;
        }
        copy(slot(queue, hole), slot(queue, child), queue->words);
        hole = child;
    }
    return hole;
}

static void store(rill_queue_t *queue, const void *item)
{
    unsigned index = queue->count;
    queue->count++;
    if (queue->order == RILL_PRIORITY) {
        transfer(queue, sift_up(queue, item, index), item);
        return;
    }
    if (queue->order == RILL_FIFO) {
        index += queue->head;
        if (index >= queue->capacity) {
            index -= queue->capacity;
        }
    }
    transfer(queue, slot(queue, index), item);
}

static void fetch(rill_queue_t *queue, void *item)
{
    queue->count--;
    if (queue->order == RILL_FIFO) {
        transfer(queue, item, slot(queue, queue->head));
        queue->head = (uint16_t)(queue->head + 1u == queue->capacity ? 0 : queue->head + 1u);
    } else if (queue->order == RILL_LIFO) {
        transfer(queue, item, slot(queue, queue->count));
    } else {
        const uintptr_t *last = slot(queue, queue->count);
        transfer(queue, item, slot(queue, 0));
        if (queue->count > 0) {
            copy(sift_up(queue, last, sink_hole(queue)), last, queue->words);
        }
    }
}

// ---- without waiting

int rill_queue_put_nowait(rill_queue_t *queue, const void *item)
{
    if (queue == NULL || item == NULL) {
        return RILL_EINVAL;
    }
    if (queue->shut_down) {
        return RILL_ESHUTDOWN;
    }
    if (queue->count == queue->capacity) {
        return RILL_EQFULL;
    }
    store(queue, item);
    queue->unfinished++;
    if (queue->getters != NULL) {
        rill_wake_first(&queue->getters);
    }
    return RILL_OK;
}

int rill_queue_get_nowait(rill_queue_t *queue, void *item)
{
    if (queue == NULL || item == NULL) {
        return RILL_EINVAL;
    }
    if (queue->count == 0) {
        return queue->shut_down ? RILL_ESHUTDOWN : RILL_EQEMPTY;
    }
    fetch(queue, item);
    if (queue->putters != NULL) {
        rill_wake_first(&queue->putters);
    }
    return RILL_OK;
}

// ---- waiting

static int wait_for_room(rill_queue_t *queue)
{
    static const rill_wait_kind_t kind = { rill_cancel_listed, "queue put" };
    int error = rill_wait_in(&queue->putters, &kind);
    if (error == RILL_WOKEN_CANCELED) {
        if (queue->count < queue->capacity) {
            rill_wake_first(&queue->putters); // Q7
        }
        return RILL_ECANCELED;
    }
    return error;
}

static int wait_for_item(rill_queue_t *queue)
{
    static const rill_wait_kind_t kind = { rill_cancel_listed, "queue get" };
    int error = rill_wait_in(&queue->getters, &kind);
    if (error == RILL_WOKEN_CANCELED) {
        if (queue->count > 0) {
            rill_wake_first(&queue->getters); // Q7
        }
        return RILL_ECANCELED;
    }
    return error;
}

int rill_queue_put(rill_queue_t *queue, const void *item)
{
    int error = rill_queue_put_nowait(queue, item);
    while (error == RILL_EQFULL) { // bound: times the room is taken by somebody else
        error = wait_for_room(queue);
        if (error == RILL_OK) {
            error = rill_queue_put_nowait(queue, item);
        }
    }
    return error;
}

int rill_queue_get(rill_queue_t *queue, void *item)
{
    int error = rill_queue_get_nowait(queue, item);
    while (error == RILL_EQEMPTY) { // bound: times the element is taken by somebody else
        error = wait_for_item(queue);
        if (error == RILL_OK) {
            error = rill_queue_get_nowait(queue, item);
        }
    }
    return error;
}

int rill_queue_join(rill_queue_t *queue)
{
    static const rill_wait_kind_t kind = { rill_cancel_listed, "queue join" };
    if (queue == NULL) {
        return RILL_EINVAL;
    }
    int error = queue->unfinished == 0 ? RILL_OK : rill_wait_in(&queue->joiners, &kind);
    return error == RILL_WOKEN_CANCELED ? RILL_ECANCELED : error;
}

int rill_queue_task_done(rill_queue_t *queue)
{
    if (queue == NULL || queue->unfinished == 0) {
        return RILL_EINVAL;
    }
    queue->unfinished--;
    if (queue->unfinished == 0) {
        rill_wake_all(&queue->joiners);
    }
    return RILL_OK;
}

void rill_queue_shutdown(rill_queue_t *queue, bool immediate)
{
    if (queue == NULL) {
        return;
    }
    queue->shut_down = true;
    if (immediate) {
        queue->unfinished = (uint16_t)(queue->unfinished > queue->count ? queue->unfinished - queue->count : 0);
        queue->count = 0;
        if (queue->unfinished == 0) {
            rill_wake_all(&queue->joiners);
        }
    }
    rill_wake_all(&queue->getters);
    rill_wake_all(&queue->putters);
}

// ---- looking

unsigned rill_queue_size(const rill_queue_t *queue)
{
    return queue != NULL ? queue->count : 0;
}

bool rill_queue_empty(const rill_queue_t *queue)
{
    return rill_queue_size(queue) == 0;
}

bool rill_queue_full(const rill_queue_t *queue)
{
    return queue != NULL && queue->count == queue->capacity;
}

unsigned rill_queue_unfinished(const rill_queue_t *queue)
{
    return queue != NULL ? queue->unfinished : 0;
}
