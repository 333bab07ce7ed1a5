// Queues. As in CPython there is no reservation: a woken getter or putter looks again when it resumes (Q5).
#include <limits.h>

#include <rill/queue.h>

#include "kernel.h"

// Bits of `mode` beside the order and the slack.
enum { SHUT_DOWN = 8, RESERVED = 16, PEEKED = 32 };

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "mode is the upper half of used_and_mode");

static inline rill_queue_order_t order_of(const rill_queue_t *queue)
{
    return (rill_queue_order_t)(queue->mode >> 1 & 3u);
}

static inline unsigned count_of(const rill_queue_t *queue)
{
    return queue->used / queue->words;
}

static inline uintptr_t *slot(const rill_queue_t *queue, unsigned index)
{
    return queue->storage + (size_t)index * queue->words;
}

// The commonest message, copied with as few instructions as the machine has for it.
typedef struct __attribute__((may_alias)) {
    uintptr_t words[4];
} four_words_t;

// Word by word: memcpy is byte-wise on some C libraries, and a call on all.
FAST void copy(uintptr_t *to, const uintptr_t *from, unsigned words)
{
    if (SHORTCUT(words == 4)) {
        *(four_words_t *)to = *(const four_words_t *)from;
        return;
    }
    const uintptr_t *end = from + words;
    do { // bound: the element's size
        *to++ = *from++;
    } while (from != end);
}

static void copy_bytes(unsigned char *to, const unsigned char *from, size_t n)
{
    while (n-- > 0) { // bound: the element's size
        *to++ = *from++;
    }
}

FAST bool aligned(const void *item)
{
    return (uintptr_t)item % sizeof(uintptr_t) == 0;
}

// Between the caller's memory and a slot: the caller's may be unaligned, and ends where the element ends.
static void copy_item(const rill_queue_t *queue, void *to, const void *from, const void *item)
{
    size_t slack = RILL_QUEUE_SLACK(queue);
    if (aligned(item) && slack == 0) {
        copy(to, from, queue->words);
    } else {
        copy_bytes(to, from, queue->words * sizeof(uintptr_t) - slack);
    }
}

static void copy_in(const rill_queue_t *queue, uintptr_t *to, const void *item)
{
    copy_item(queue, to, item, item);
}

static void copy_out(const rill_queue_t *queue, void *item, const uintptr_t *from)
{
    copy_item(queue, item, from, item);
}

int rill_queue_init(rill_queue_t *queue, uintptr_t *storage, size_t size, uint16_t n, rill_queue_order_t order,
                    rill_queue_before_t before)
{
    size_t words = (size + sizeof(uintptr_t) - 1) / sizeof(uintptr_t);
    bool usable = queue != NULL && storage != NULL && n != 0 && words != 0 && words <= UINT16_MAX / n;
    if (!usable || (unsigned)order > RILL_PRIORITY || (order == RILL_PRIORITY && before == NULL)) {
        return RILL_EINVAL;
    }
    *queue = (rill_queue_t){ .storage = storage, .before = before, .words = (uint16_t)words,
                              .capacity = (uint16_t)(words * n),
                              .mode = (uint16_t)RILL_QUEUE_MODE(order, words * sizeof(uintptr_t) - size) };
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
    unsigned count = count_of(queue);
    for (unsigned child = 1; child < count; child = 2 * hole + 1) { // bound: log2(count)
        if (child + 1 < count && !queue->before(slot(queue, child), slot(queue, child + 1))) {
            child++;
        }
        copy(slot(queue, hole), slot(queue, child), queue->words);
        hole = child;
    }
    return hole;
}

static void store_in_order(rill_queue_t *queue, const void *item)
{
    bool lifo = order_of(queue) == RILL_LIFO;
    copy_in(queue, lifo ? queue->storage + queue->used : sift_up(queue, item, count_of(queue)), item);
}

FAST unsigned wrapped(const rill_queue_t *queue, unsigned at)
{
    if (UNLIKELY(at >= queue->capacity)) {
        at -= queue->capacity;
        __asm__("" : "+r"(at)); // a branch that is seldom taken, in place of instructions that always run
    }
    return at;
}

FAST uintptr_t *behind_head(const rill_queue_t *queue, unsigned words)
{
    return queue->storage + wrapped(queue, queue->head + words);
}

static uintptr_t *tail_of(const rill_queue_t *queue)
{
    return behind_head(queue, queue->used);
}

// `used` counts no longer what is fetched.
static void fetch_in_order(rill_queue_t *queue, void *item)
{
    const uintptr_t *last = queue->storage + queue->used;
    if (order_of(queue) == RILL_LIFO) {
        copy_out(queue, item, last);
        return;
    }
    copy_out(queue, item, queue->storage);
    if (queue->used > 0) {
        copy(sift_up(queue, last, sink_hole(queue)), last, queue->words);
    }
}

FAST void advance_head(rill_queue_t *queue)
{
    queue->head = (uint16_t)wrapped(queue, (unsigned)queue->head + queue->words);
}

// ---- without waiting

static int why_not_in(const rill_queue_t *queue)
{
    if ((queue->mode & SHUT_DOWN) != 0) {
        return RILL_ESHUTDOWN;
    }
    return queue->used == queue->capacity || (queue->mode & RESERVED) != 0 ? RILL_EQFULL : RILL_OK;
}

// A peeked element comes to its end first.
static int why_not_out(const rill_queue_t *queue)
{
    if ((queue->mode & PEEKED) != 0) {
        return RILL_EQEMPTY;
    }
    if (queue->used == 0) {
        return (queue->mode & SHUT_DOWN) != 0 ? RILL_ESHUTDOWN : RILL_EQEMPTY;
    }
    return RILL_OK;
}

static void count_in(rill_queue_t *queue)
{
    queue->used = (uint16_t)(queue->used + queue->words);
    queue->unfinished++;
}

// In tail position, so that whoever calls it needs no stack.
SLOW int wake_one(rill_node_t **list)
{
    rill_wake_first(list);
    return RILL_OK;
}

// What is common: a FIFO with nothing special (mode 0), whole words, and nobody has to wait. One comparison tells, for
// room and for an element, and what was compared is what put and get go on with. They look and count first and copy
// last, because the compiler must take it that the copy changes the queue.
FAST bool has_plain_room(const rill_queue_t *queue)
{
    return SHORTCUT(queue->used_and_mode < queue->capacity);
}

FAST bool has_plain_item(const rill_queue_t *queue)
{
    return SHORTCUT(queue->used_and_mode - queue->words <= UINT16_MAX);
}

FAST bool can_put(const rill_queue_t *queue, const void *item)
{
    return SHORTCUT(RILL_QUEUE_WORDS_AT(queue, item) && has_plain_room(queue));
}

FAST int put(rill_queue_t *queue, const void *item)
{
    unsigned used = queue->used_and_mode;
    uintptr_t *place = behind_head(queue, used);
    const rill_node_t *getter = queue->getters;
    queue->used = (uint16_t)(used + queue->words);
    queue->unfinished++;
    copy(place, item, queue->words);
    return LIKELY(getter == NULL) ? RILL_OK : wake_one(&queue->getters);
}

FAST bool can_get(const rill_queue_t *queue, const void *item)
{
    return SHORTCUT(RILL_QUEUE_WORDS_AT(queue, item) && has_plain_item(queue));
}

FAST int get(rill_queue_t *queue, void *item)
{
    const uintptr_t *place = queue->storage + queue->head;
    const rill_node_t *putter = queue->putters;
    queue->used = (uint16_t)(queue->used_and_mode - queue->words);
    advance_head(queue);
    copy(item, place, queue->words);
    return LIKELY(putter == NULL) ? RILL_OK : wake_one(&queue->putters);
}

SLOW int put_special(rill_queue_t *queue, const void *item)
{
    if (queue == NULL || item == NULL) {
        return RILL_EINVAL;
    }
    int error = why_not_in(queue);
    if (error != RILL_OK) {
        return error;
    }
    if (order_of(queue) == RILL_FIFO) {
        copy_in(queue, tail_of(queue), item);
    } else {
        store_in_order(queue, item);
    }
    count_in(queue);
    if ((queue->mode & PEEKED) == 0) { // else when the peek ends
        rill_wake_first(&queue->getters);
    }
    return RILL_OK;
}

SLOW int get_special(rill_queue_t *queue, void *item)
{
    if (queue == NULL || item == NULL) {
        return RILL_EINVAL;
    }
    int error = why_not_out(queue);
    if (error != RILL_OK) {
        return error;
    }
    queue->used = (uint16_t)(queue->used - queue->words);
    if (order_of(queue) == RILL_FIFO) {
        copy_out(queue, item, queue->storage + queue->head);
        advance_head(queue);
    } else {
        fetch_in_order(queue, item);
    }
    if ((queue->mode & RESERVED) == 0) { // else when the reservation ends
        rill_wake_first(&queue->putters);
    }
    return RILL_OK;
}

int rill_queue_put_nowait(rill_queue_t *queue, const void *item)
{
    RILL_DEBUG_CONTEXT("rill_queue_put_nowait");
    return can_put(queue, item) ? put(queue, item) : put_special(queue, item);
}

int rill_queue_get_nowait(rill_queue_t *queue, void *item)
{
    RILL_DEBUG_CONTEXT("rill_queue_get_nowait");
    return can_get(queue, item) ? get(queue, item) : get_special(queue, item);
}

// ---- waiting

static int wait_for_room(rill_queue_t *queue)
{
    static const rill_wait_kind_t kind = WAIT_KIND(rill_cancel_listed, "queue put");
    int error = rill_wait_in(&queue->putters, &kind);
    if (rill_canceled_late(error) && why_not_in(queue) == RILL_OK) {
        rill_wake_first(&queue->putters); // Q7
    }
    return error;
}

static int wait_for_item(rill_queue_t *queue)
{
    static const rill_wait_kind_t kind = WAIT_KIND(rill_cancel_listed, "queue get");
    int error = rill_wait_in(&queue->getters, &kind);
    if (rill_canceled_late(error) && why_not_out(queue) == RILL_OK) {
        rill_wake_first(&queue->getters); // Q7
    }
    return error;
}

__attribute__((noinline)) int rill_queue_put_any(rill_queue_t *queue, const void *item)
{
    int error;
    while ((error = rill_queue_put_nowait(queue, item)) == RILL_EQFULL) { // bound: times somebody else takes the room
        error = wait_for_room(queue);
        if (error != RILL_OK) {
            break;
        }
    }
    return error;
}

int rill_queue_put_words(rill_queue_t *queue, const void *item)
{
    if (has_plain_room(queue)) {
        return put(queue, item);
    }
    __asm__("" : "+r"(queue), "+r"(item)); // so that the usual way need not keep them where they came
    return rill_queue_put_any(queue, item);
}

__attribute__((noinline)) int rill_queue_get_any(rill_queue_t *queue, void *item)
{
    int error;
    while ((error = rill_queue_get_nowait(queue, item)) == RILL_EQEMPTY) { // bound: times somebody else takes it
        error = wait_for_item(queue);
        if (error != RILL_OK) {
            break;
        }
    }
    return error;
}

int rill_queue_get_words(rill_queue_t *queue, void *item)
{
    if (has_plain_item(queue)) {
        return get(queue, item);
    }
    __asm__("" : "+r"(queue), "+r"(item));
    return rill_queue_get_any(queue, item);
}

// ---- without copying

static bool is_fifo(const rill_queue_t *queue)
{
    return queue != NULL && order_of(queue) == RILL_FIFO;
}

static void wake_some(rill_node_t **list, unsigned n)
{
    while (n > 0 && rill_wake_first(list)) { // bound: n
        n--;
    }
}

int rill_queue_reserve_nowait(rill_queue_t *queue, void **place)
{
    RILL_DEBUG_CONTEXT("rill_queue_reserve_nowait");
    if (!is_fifo(queue) || place == NULL) {
        return RILL_EINVAL;
    }
    int error = why_not_in(queue);
    if (error == RILL_OK) {
        queue->mode |= RESERVED;
        *place = tail_of(queue);
    }
    return error;
}

int rill_queue_reserve(rill_queue_t *queue, void **place)
{
    int error;
    while ((error = rill_queue_reserve_nowait(queue, place)) == RILL_EQFULL) { // bound: room somebody else takes
        error = wait_for_room(queue);
        if (error != RILL_OK) {
            break;
        }
    }
    return error;
}

// What was freed meanwhile has woken nobody.
static int end_reservation(rill_queue_t *queue, bool put_in)
{
    if (queue == NULL || (queue->mode & RESERVED) == 0) {
        return queue == NULL ? RILL_EINVAL : RILL_EPERM;
    }
    queue->mode &= (uint16_t)~RESERVED;
    int error = put_in ? why_not_in(queue) : RILL_OK;
    if (put_in && error == RILL_OK) {
        count_in(queue);
        wake_some(&queue->getters, (queue->mode & PEEKED) == 0);
    }
    wake_some(&queue->putters, (unsigned)(queue->capacity - queue->used) / queue->words);
    return error;
}

int rill_queue_commit(rill_queue_t *queue)
{
    RILL_DEBUG_CONTEXT("rill_queue_commit");
    return end_reservation(queue, true);
}

int rill_queue_abandon(rill_queue_t *queue)
{
    RILL_DEBUG_CONTEXT("rill_queue_abandon");
    return end_reservation(queue, false);
}

int rill_queue_peek_nowait(rill_queue_t *queue, void **place)
{
    RILL_DEBUG_CONTEXT("rill_queue_peek_nowait");
    if (!is_fifo(queue) || place == NULL) {
        return RILL_EINVAL;
    }
    int error = why_not_out(queue);
    if (error == RILL_OK) {
        queue->mode |= PEEKED;
        *place = queue->storage + queue->head;
    }
    return error;
}

int rill_queue_peek(rill_queue_t *queue, void **place)
{
    int error;
    while ((error = rill_queue_peek_nowait(queue, place)) == RILL_EQEMPTY) { // bound: elements somebody else takes
        error = wait_for_item(queue);
        if (error != RILL_OK) {
            break;
        }
    }
    return error;
}

// What was put meanwhile has woken nobody; after a shutdown all getters want to know.
static int end_peek(rill_queue_t *queue, bool take_out)
{
    if (queue == NULL || (queue->mode & PEEKED) == 0) {
        return queue == NULL ? RILL_EINVAL : RILL_EPERM;
    }
    queue->mode &= (uint16_t)~PEEKED;
    if (take_out) {
        queue->used = (uint16_t)(queue->used - queue->words);
        advance_head(queue);
        wake_some(&queue->putters, (queue->mode & RESERVED) == 0);
    }
    wake_some(&queue->getters, (queue->mode & SHUT_DOWN) != 0 ? UINT_MAX : count_of(queue));
    return RILL_OK;
}

int rill_queue_release(rill_queue_t *queue)
{
    RILL_DEBUG_CONTEXT("rill_queue_release");
    return end_peek(queue, true);
}

int rill_queue_unpeek(rill_queue_t *queue)
{
    RILL_DEBUG_CONTEXT("rill_queue_unpeek");
    return end_peek(queue, false);
}

// ---- the whole queue

int rill_queue_join(rill_queue_t *queue)
{
    RILL_DEBUG_CONTEXT("rill_queue_join");
    static const rill_wait_kind_t kind = WAIT_KIND(rill_cancel_listed, "queue join");
    if (queue == NULL) {
        return RILL_EINVAL;
    }
    return queue->unfinished == 0 ? RILL_OK : rill_wait_in(&queue->joiners, &kind);
}

int rill_queue_task_done(rill_queue_t *queue)
{
    RILL_DEBUG_CONTEXT("rill_queue_task_done");
    if (queue == NULL || queue->unfinished == 0) {
        return RILL_EINVAL;
    }
    queue->unfinished--;
    if (queue->unfinished == 0) {
        rill_wake_all(&queue->joiners);
    }
    return RILL_OK;
}

// An element that is peeked at stays, as one that was got would.
static void drop_all(rill_queue_t *queue)
{
    unsigned kept = (queue->mode & PEEKED) != 0;
    unsigned dropped = count_of(queue) - kept;
    queue->unfinished = (uint16_t)(queue->unfinished > dropped ? queue->unfinished - dropped : 0);
    queue->used = (uint16_t)(kept * queue->words);
    if (queue->unfinished == 0) {
        rill_wake_all(&queue->joiners);
    }
}

void rill_queue_shutdown(rill_queue_t *queue, bool immediate)
{
    RILL_DEBUG_CONTEXT_VOID("rill_queue_shutdown");
    if (queue == NULL) {
        return;
    }
    queue->mode |= SHUT_DOWN;
    if (immediate) {
        drop_all(queue);
    }
    rill_wake_all(&queue->getters);
    rill_wake_all(&queue->putters);
}

// ---- looking

unsigned rill_queue_size(const rill_queue_t *queue)
{
    return queue != NULL ? count_of(queue) : 0;
}

bool rill_queue_empty(const rill_queue_t *queue)
{
    return rill_queue_size(queue) == 0 || (queue->mode & PEEKED) != 0;
}

bool rill_queue_full(const rill_queue_t *queue)
{
    return queue != NULL && (queue->used == queue->capacity || (queue->mode & RESERVED) != 0);
}

unsigned rill_queue_unfinished(const rill_queue_t *queue)
{
    return queue != NULL ? queue->unfinished : 0;
}
