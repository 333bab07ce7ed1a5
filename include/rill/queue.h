// Queues between tasks: asyncio.Queue, LifoQueue and PriorityQueue, rules Q1-Q10.
//
// Elements of any size are copied in and out, by words where alignment allows. The capacity is the storage: "always
// give a size".
//
// Unless a function says otherwise: O(1), priority queues O(log n); the copy of an element counts as one step.
#ifndef RILL_QUEUE_H
#define RILL_QUEUE_H

#include <rill/debug.h>
#include <rill/task.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rill_queue_order { RILL_FIFO, RILL_LIFO, RILL_PRIORITY } rill_queue_order_t;

// True if element a must leave a priority queue before element b.
typedef bool (*rill_queue_before_t)(const void *a, const void *b);

// 32 bytes on 32-bit machines. Fields are private. Counted in words, so that nothing has to be multiplied.
typedef struct rill_queue {
    rill_node_t *getters;
    rill_node_t *putters;
    rill_node_t *joiners;
    uintptr_t *storage;
    rill_queue_before_t before;
    uint16_t words;    // of an element
    uint16_t capacity; // of the storage
    uint16_t head;     // FIFO: where the oldest element is
    uint16_t unfinished; // elements
    union {
        __extension__ struct { // ISO C++ has no anonymous ones
            uint16_t used;
            uint16_t mode; // the order, and what is out of the ordinary; 0: a FIFO of whole words with nothing special
        };
        uint32_t used_and_mode; // more than any capacity if something is special
    };
} rill_queue_t;

// The mode of a new queue whose elements leave `slack` bytes of their last word unused. Bit 0 stays clear, so that
// used_and_mode less an element's words is no 16-bit number either if something is special. Private.
#define RILL_QUEUE_MODE(order, slack) ((unsigned)(order) << 1 | (unsigned)(slack) << 8)
#define RILL_QUEUE_SLACK(queue) ((unsigned)(queue)->mode >> 8)

// Words an element takes in the storage.
#define RILL_QUEUE_WORDS(type) ((sizeof(type) + sizeof(uintptr_t) - 1) / sizeof(uintptr_t))

// Defines a queue with its storage: RILL_QUEUE_DEFINE(readings, struct reading, 8); RILL_PRIORITY_QUEUE_DEFINE takes
// the order.
#define RILL_QUEUE_DEFINE(name, type, n) RILL_QUEUE_DEFINE_AS(name, type, n, RILL_FIFO, NULL)
#define RILL_LIFO_QUEUE_DEFINE(name, type, n) RILL_QUEUE_DEFINE_AS(name, type, n, RILL_LIFO, NULL)
#define RILL_PRIORITY_QUEUE_DEFINE(name, type, n, before) RILL_QUEUE_DEFINE_AS(name, type, n, RILL_PRIORITY, before)

// What they are made of. Private.
#define RILL_QUEUE_DEFINE_AS(name, type, n, order, before)                                                             \
    static uintptr_t name##_storage[(n)*RILL_QUEUE_WORDS(type)];                                                       \
    static rill_queue_t name = { NULL, NULL, NULL, name##_storage, (before), RILL_QUEUE_WORDS(type),                   \
                                 (n)*RILL_QUEUE_WORDS(type), 0, 0,                                                     \
                                 { { 0, RILL_QUEUE_MODE(order,                                                         \
                                                        RILL_QUEUE_WORDS(type) * sizeof(uintptr_t) - sizeof(type)) } } }

// Prepares a queue of n elements of `size` bytes over storage of the caller's: n * RILL_QUEUE_WORDS(element) words.
// RILL_EINVAL for NULL, no capacity, size 0, more than 65535 words together, an unknown order, or a priority queue
// without `before`.
// Context: loop.
int rill_queue_init(rill_queue_t *queue, uintptr_t *storage, size_t size, uint16_t n, rill_queue_order_t order,
                    rill_queue_before_t before);

// What put and get do: for arguments that are not NULL, the item on a word's boundary; and for any. Callers know most
// of that of their variables, so it is tested where they are, unless space counts. Private.
int rill_queue_put_words(rill_queue_t *queue, const void *item);
int rill_queue_put_any(rill_queue_t *queue, const void *item);
int rill_queue_get_words(rill_queue_t *queue, void *item);
int rill_queue_get_any(rill_queue_t *queue, void *item);

// May the former be called? Private.
#if defined(__OPTIMIZE_SIZE__)
#define RILL_QUEUE_WORDS_AT(queue, item) ((void)(queue), (void)(item), false)
#else
// Private.
#define RILL_QUEUE_WORDS_AT(queue, item) \
    __builtin_expect((queue) != NULL && (item) != NULL && (uintptr_t)(item) % sizeof(uintptr_t) == 0, 1)
#endif

// Copies *item in; suspends while the queue is full (Q1, Q2). Returns 0; RILL_ESHUTDOWN; RILL_ECANCELED with the item
// not in (a wake-up that came is passed on, Q7); RILL_EINVAL; RILL_EPERM if it would wait outside a task. The item is
// read when the task has room, so it must stay valid until the return. asyncio: Queue.put. Context: task; suspends.
// O(1), priority O(log n).
static inline int rill_queue_put(rill_queue_t *queue, const void *item)
{
    RILL_DEBUG_CONTEXT("rill_queue_put");
    return RILL_QUEUE_WORDS_AT(queue, item) ? rill_queue_put_words(queue, item) : rill_queue_put_any(queue, item);
}

// Copies the next element to *item; suspends while the queue is empty (Q2, Q5, Q8). Returns as put. asyncio: Queue.get.
// Context: task; suspends.
static inline int rill_queue_get(rill_queue_t *queue, void *item)
{
    RILL_DEBUG_CONTEXT("rill_queue_get");
    return RILL_QUEUE_WORDS_AT(queue, item) ? rill_queue_get_words(queue, item) : rill_queue_get_any(queue, item);
}

// The same without waiting: RILL_EQFULL, RILL_EQEMPTY, RILL_ESHUTDOWN (Q4). asyncio: put_nowait, get_nowait. Context:
// loop.
int rill_queue_put_nowait(rill_queue_t *queue, const void *item);
int rill_queue_get_nowait(rill_queue_t *queue, void *item);

// Without copying, for FIFO queues: the element is written and read where it lies.
//
//     struct frame *frame;
//     TRY(rill_queue_reserve(&frames, (void **)&frame));
//     ...fill it, also with waits in between...
//     rill_queue_commit(&frames);
//
// One place can be reserved and one element peeked at a time: until the reservation ends everybody else finds the queue
// full, until the peek ends everybody else finds it empty. Both are the queue's, not a task's: whoever has one must end
// it, on every path. `*slot` is aligned as a word.

// Gives the place behind the last element; suspends while the queue is full or a place is reserved. Returns as put;
// RILL_EINVAL for a queue of another order. asyncio: no such thing. Context: task; suspends. O(1).
int rill_queue_reserve(rill_queue_t *queue, void **slot);

// The same without waiting: RILL_EQFULL. Context: loop.
int rill_queue_reserve_nowait(rill_queue_t *queue, void **slot);

// Puts in what was written to the reserved place. Returns 0; RILL_ESHUTDOWN if the queue was shut down meanwhile: the
// element is dropped; RILL_EPERM if nothing is reserved. Context: loop. O(putters woken).
int rill_queue_commit(rill_queue_t *queue);

// Gives the reserved place back unused. Returns 0; RILL_EPERM. Context: loop. O(putters woken).
int rill_queue_abandon(rill_queue_t *queue);

// Gives the oldest element where it lies; suspends while the queue is empty or an element is peeked at. The element
// counts until rill_queue_release and survives an immediate shutdown until then. Returns as get; RILL_EINVAL for a
// queue of another order. Context: task; suspends. O(1).
int rill_queue_peek(rill_queue_t *queue, void **slot);

// The same without waiting: RILL_EQEMPTY. Context: loop.
int rill_queue_peek_nowait(rill_queue_t *queue, void **slot);

// Takes the peeked element out; as after get, it is unfinished until task_done. Returns 0; RILL_EPERM if none is peeked
// at. Context: loop. O(getters woken).
int rill_queue_release(rill_queue_t *queue);

// Leaves the peeked element where it was, the next to be had. Returns 0; RILL_EPERM. Context: loop. O(getters woken).
int rill_queue_unpeek(rill_queue_t *queue);

// Waits until every element put was marked done; does not suspend if so (Q9). Returns 0, RILL_ECANCELED,
// RILL_EINVAL, RILL_EPERM if it would wait outside a task. asyncio: Queue.join. Context: task;
// suspends.
int rill_queue_join(rill_queue_t *queue);

// Marks one element as processed. RILL_EINVAL if there were not so many (Q9). asyncio: Queue.task_done. Context: loop.
int rill_queue_task_done(rill_queue_t *queue);

// Ends the queue: put fails at once, get when it is empty; those who wait are woken and see it. `immediate` also drops
// what is in it and counts that as done (Q10). asyncio 3.13: Queue.shutdown. Context: loop. O(waiters).
void rill_queue_shutdown(rill_queue_t *queue, bool immediate);

// asyncio: qsize, empty, full, and the count of unfinished elements. The size counts an element peeked at and no place
// reserved; empty and full are what get_nowait and put_nowait find. Context: loop.
unsigned rill_queue_size(const rill_queue_t *queue);
bool rill_queue_empty(const rill_queue_t *queue);
bool rill_queue_full(const rill_queue_t *queue);
unsigned rill_queue_unfinished(const rill_queue_t *queue);

// Elements there is room for altogether. asyncio: Queue.maxsize. Context: loop. O(1).
unsigned rill_queue_maxsize(const rill_queue_t *queue);

// Copies the element at `index` to *item and leaves it where it is, for dumps and tests: 0 is the oldest one, in a
// priority queue the one that leaves next with the others in the order of Python's heap. Returns 0; RILL_ENOENT for an
// index that is not less than the size; RILL_EINVAL for NULL. asyncio: the list in repr(queue). Context: loop. O(1),
// does not suspend.
int rill_queue_item(const rill_queue_t *queue, unsigned index, void *item);

// Tasks that wait to get and to put. asyncio: _getters[n] and _putters[n] in repr(queue). Context: loop. O(waiters).
unsigned rill_queue_getters(const rill_queue_t *queue);
unsigned rill_queue_putters(const rill_queue_t *queue);

#ifdef __cplusplus
}
#endif

#endif
