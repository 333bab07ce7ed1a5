// The timer wheel: 32 buckets, one per bit of distance.
//
// A timer lives in the bucket numbered by the highest bit in which its deadline differs from `base`, plus one:
//
//     bucket  0   due: when <= base, kept in deadline order
//     bucket  k   when ^ base has its highest bit at k-1: 2^(k-1) us or more ahead within base's 2^k window
//     bucket 31   differs above bit 29: more than a quarter of an hour ahead
//
// So start and cancel are O(1) at any population: one count-leading-zeros and one list operation. It is a hierarchical
// wheel with two slots per level, of which the one that is behind is always empty and needs no memory (docs/DESIGN.md,
// "Timers").
//
// `base` never passes the earliest deadline unless that timer is made due, and never passes the present. When the
// lowest occupied bucket begins (base with that bit set, lower bits zero), base jumps there and the bucket is spread
// over the buckets below it, which are empty at that moment. A timer moves at most 30 times in its life, and only while
// the loop is awake anyway: moving costs no wake-up, because the next alarm is the exact minimum of the lowest occupied
// bucket.
//
// A timer that is armed waits in the list `fresh` until the loop looks, at the end of the iteration. One that is
// cancelled before that, as most time limits are, has never been in a bucket.
//
// Order: `fresh` and the buckets hold timers in arming order, spreading keeps it, and equal deadlines always share a
// bucket. So they fire in (deadline, arming) order (L4). `sorted` has a bit for each bucket whose head is known to be
// its earliest timer.
#include "kernel.h"

#define FAR (RILL_WHEEL_BUCKETS - 1)

// A timer in the FIFO has this deadline; those in the wheel end a microsecond before.
static inline bool in_fifo(const rill_timer_t *timer)
{
    return timer->when == RILL_NEVER;
}

void rill_wheel_init(rill_wheel_t *wheel, rill_time_t now)
{
    wheel->base = now;
    wheel->fresh.next = &wheel->fresh;
    wheel->fresh.prev = &wheel->fresh;
    wheel->occupied = 0;
    wheel->sorted = 0;
    for (unsigned i = 0; i < RILL_WHEEL_BUCKETS; i++) {
        wheel->bucket[i] = NULL;
    }
}

ONCE unsigned bucket_of(const rill_wheel_t *wheel, rill_time_t when)
{
    if (when <= wheel->base) {
        return 0;
    }
    rill_time_t distance = when ^ wheel->base;
    if (UNLIKELY((distance >> (FAR - 1)) != 0)) {
        return FAR;
    }
    return 32u - (unsigned)__builtin_clz((uint32_t)distance);
}

static inline rill_timer_t *timer_of(rill_node_t *node)
{
    return CONTAINER(node, rill_timer_t, handle.node);
}

static inline rill_timer_t *timer_next(rill_timer_t *timer)
{
    return timer_of(timer->handle.node.next);
}

static inline uint32_t bit_of(unsigned bucket)
{
    return 1u << bucket;
}

// Bucket 0 stays in deadline order, arming order among equals: search from the tail, because most timers belong there.
static void insert_due(rill_wheel_t *wheel, rill_timer_t *timer)
{
    rill_timer_t *head = wheel->bucket[0];
    rill_timer_t *after = timer_of(head->handle.node.prev);
    while (after->when > timer->when && after != head) {
        after = timer_of(after->handle.node.prev);
    }
    bool first = after->when > timer->when;
    node_insert_before(first ? &head->handle.node : after->handle.node.next, &timer->handle.node);
    if (first) {
        wheel->bucket[0] = timer;
    }
}

static void bucket_open(rill_wheel_t *wheel, rill_timer_t *timer, unsigned bucket)
{
    timer->handle.node.next = &timer->handle.node;
    timer->handle.node.prev = &timer->handle.node;
    wheel->bucket[bucket] = timer;
    wheel->occupied |= bit_of(bucket);
    wheel->sorted |= bit_of(bucket);
}

// No timer of a lower bucket: then one that is the earliest of its bucket is the earliest of all.
static inline bool lowest(const rill_wheel_t *wheel, unsigned bucket)
{
    return (wheel->occupied & (bit_of(bucket) - 1)) == 0;
}

// Due at once, the first of its bucket, or in a bucket whose earliest is not known.
SLOW bool insert_specially(rill_wheel_t *wheel, rill_timer_t *timer, unsigned bucket)
{
    rill_timer_t *head = wheel->bucket[bucket];
    if (head == NULL) {
        bucket_open(wheel, timer, bucket);
    } else if (bucket == 0) {
        insert_due(wheel, timer);
    } else {
        node_insert_before(&head->handle.node, &timer->handle.node);
        if ((wheel->sorted & bit_of(bucket)) != 0 && timer->when < head->when) {
            wheel->bucket[bucket] = timer; // earlier than the known earliest: it becomes the head
        }
    }
    return lowest(wheel, bucket);
}

// Puts a timer in its bucket. Returns false if it is certainly not the earliest of the wheel. Nearly always it is
// behind the known earliest of a bucket.
FAST bool wheel_insert(rill_wheel_t *wheel, rill_timer_t *timer)
{
    unsigned bucket = bucket_of(wheel, timer->when);
    rill_timer_t *head = wheel->bucket[bucket];
    if (LIKELY(head != NULL && bucket != 0 && timer->when >= head->when && (wheel->sorted & bit_of(bucket)) != 0)) {
        node_insert_before(&head->handle.node, &timer->handle.node);
        return false;
    }
    return insert_specially(wheel, timer, bucket);
}

FAST void wheel_remove(rill_wheel_t *wheel, rill_timer_t *timer, unsigned bucket)
{
    rill_timer_t *next = timer_next(timer);
    if (next == timer) {
        wheel->bucket[bucket] = NULL;
        wheel->occupied &= ~bit_of(bucket);
        return;
    }
    node_unlink(&timer->handle.node);
    if (wheel->bucket[bucket] == timer) {
        wheel->bucket[bucket] = next;
        wheel->sorted &= ~bit_of(bucket) | 1u; // bucket 0 is always in order
    }
}

bool rill_wheel_settle(rill_wheel_t *wheel)
{
    bool earliest = false;
    rill_node_t *node = wheel->fresh.next;
    wheel->fresh.next = &wheel->fresh;
    wheel->fresh.prev = &wheel->fresh;
    while (node != &wheel->fresh) { // bound: timers armed since the last look
        rill_node_t *next = node->next;
        earliest |= wheel_insert(wheel, timer_of(node));
        node = next;
    }
    return earliest;
}

// Takes every timer of a bucket and inserts it again, relative to a base that has moved.
static void spread(rill_wheel_t *wheel, unsigned bucket)
{
    rill_timer_t *timer = wheel->bucket[bucket];
    rill_node_t *last = timer->handle.node.prev;
    wheel->bucket[bucket] = NULL;
    wheel->occupied &= ~bit_of(bucket);
    for (;;) { // bound: the bucket's population
        rill_timer_t *next = timer_next(timer);
        bool done = &timer->handle.node == last;
        wheel_insert(wheel, timer);
        if (done) {
            return;
        }
        timer = next;
    }
}

// Earliest timer of a bucket, moved to its head so that the search is not repeated.
static rill_timer_t *bucket_min(rill_wheel_t *wheel, unsigned bucket)
{
    rill_timer_t *head = wheel->bucket[bucket];
    if ((wheel->sorted & bit_of(bucket)) != 0) {
        return head;
    }
    rill_timer_t *min = head;
    for (rill_timer_t *t = timer_next(head); t != head; t = timer_next(t)) { // bound: the bucket's population
        if (t->when < min->when) {
            min = t;
        }
    }
    if (min != head) {
        node_unlink(&min->handle.node);
        node_insert_before(&head->handle.node, &min->handle.node);
        wheel->bucket[bucket] = min;
    }
    wheel->sorted |= bit_of(bucket);
    return min;
}

#if RILL_DEBUG
void rill_wheel_each(rill_wheel_t *wheel, void (*visit)(void *arg, rill_timer_t *timer), void *arg)
{
    rill_wheel_settle(wheel);
    for (unsigned i = 0; i < RILL_WHEEL_BUCKETS; i++) {
        rill_timer_t *timer = wheel->bucket[i];
        while (timer != NULL) { // bound: number of timers
            visit(arg, timer);
            timer = timer_next(timer) != wheel->bucket[i] ? timer_next(timer) : NULL;
        }
    }
}
#endif

rill_time_t rill_wheel_next(rill_wheel_t *wheel)
{
    return wheel->occupied != 0 ? bucket_min(wheel, (unsigned)__builtin_ctz(wheel->occupied))->when : RILL_NEVER;
}

// When a bucket's window begins: no timer in it is earlier. The far bucket has no window: its earliest timer serves, or
// the present once that has left base's quarter of an hour.
static rill_time_t bucket_start(rill_wheel_t *wheel, unsigned bucket, rill_time_t now)
{
    if (bucket != FAR) {
        uint32_t begins = bit_of(bucket - 1); // all of it happens in the lower word
        uint32_t low = ((uint32_t)wheel->base | begins) & ~(begins - 1);
        return (wheel->base & ~(rill_time_t)UINT32_MAX) | low;
    }
    rill_time_t first = bucket_min(wheel, FAR)->when;
    return first > now && ((now ^ wheel->base) >> (FAR - 1)) != 0 ? now : first;
}

static void make_ready(rill_loop_t *loop, rill_timer_t *first)
{
    loop->wheel.bucket[0] = NULL;
    loop->wheel.occupied &= ~1u;
    for (rill_timer_t *t = first;;) { // bound: number of due timers
        t->when = RILL_NEVER;         // in the FIFO, not in the wheel
        t = timer_next(t);
        if (t == first) {
            break;
        }
    }
    ready_splice(loop, &first->handle.node);
}

void rill_wheel_advance(rill_loop_t *loop, rill_time_t now)
{
    rill_wheel_t *wheel = &loop->wheel;
    while (wheel->occupied != 0) { // bound: each pass makes timers ready or lowers a bucket
        unsigned bucket = (unsigned)__builtin_ctz(wheel->occupied);
        if (bucket == 0) {
            make_ready(loop, wheel->bucket[0]);
            continue;
        }
        rill_time_t start = bucket_start(wheel, bucket, now);
        if (start > now) {
            break;
        }
        wheel->base = start;
        spread(wheel, bucket);
    }
    wheel->base = now;
}

int rill_call_at(rill_loop_t *loop, rill_timer_t *timer, rill_time_t when, rill_callback_t fn, void *arg)
{
    RILL_DEBUG_CONTEXT("rill_call_at");
    if (loop == NULL || timer == NULL || fn == NULL) {
        return RILL_EINVAL;
    }
    if (loop->closed) {
        return RILL_EPERM;
    }
    if (timer->handle.node.next != NULL) {
        return RILL_EBUSY;
    }
    timer->handle.node.fn = fn;
    timer->handle.arg = arg;
    timer->when = when != RILL_NEVER ? when : RILL_NEVER - 1;
    node_insert_before(&loop->wheel.fresh, &timer->handle.node);
    loop->armed = 1;
    return RILL_OK;
}

int rill_call_later(rill_loop_t *loop, rill_timer_t *timer, rill_time_t delay, rill_callback_t fn, void *arg)
{
    RILL_DEBUG_CONTEXT("rill_call_later");
    return rill_call_at(loop, timer, time_after(rill_clock_now(), delay), fn, arg);
}

int rill_timer_cancel(rill_loop_t *loop, rill_timer_t *timer)
{
    RILL_DEBUG_CONTEXT("rill_timer_cancel");
    if (loop == NULL || timer == NULL) {
        return RILL_EINVAL;
    }
    if (timer->handle.node.next == NULL) {
        return 0;
    }
    if (UNLIKELY(in_fifo(timer))) {
        return rill_handle_cancel(loop, &timer->handle);
    }
    wheel_remove(&loop->wheel, timer, bucket_of(&loop->wheel, timer->when));
    timer->handle.node.next = NULL;
    timer->handle.node.prev = NULL;
    return 1;
}
