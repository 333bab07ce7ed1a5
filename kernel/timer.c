// The timers: a list, and a wheel for crowds.
//
// A timer that is armed goes to the end of the list `fresh`, and one that is cancelled is unlinked from wherever it is:
// neither compares anything, so both cost the same at any population. What is sorted is sorted by the loop, a bounded
// number of timers at a time ("a step"), and only as far as the next deadline demands:
//
//   - Few timers stay in `fresh`: the loop looks at all of them when one is due or when it goes to sleep.
//   - When there are too many, they are placed in the wheel, PLACES in a step. The wheel has a list for each octal
//     digit of a 32-bit distance, and one for all beyond: a timer is in the list of the highest digit in which its
//     deadline differs from `base`. `base` is never later than any timer in the wheel, and catches up with the present.
//   - A list of the wheel begins with its earliest timer, if that is known; so the nearest list that is not empty tells
//     the earliest of the wheel. When it is due, the list is searched for others. When it was cancelled, the list is
//     searched for the earliest. In both cases a list that turns out to be too long goes back to the front of
//     `fresh`, and is placed again: if its earliest is known, relative to that one as new base, so most of them get to
//     lists of lower digits.
//
// Between two steps the loop takes posts and runs what is ready. A timer is placed at most 7 times for a digit, only
// while the loop is awake anyway: no wake-up is spent on it, because the alarm is set to the exact minimum.
//
// Order: every list holds equal deadlines in arming order, and what goes back to `fresh` was armed before what is
// there. Due timers wait in `due`, by (deadline, arming order), until the search is complete; then all of them enter
// the FIFO at once (L4, L6).
//
// A known first timer is marked in the link that leads to it (bit 0 of the list's `next`): unlinking that timer
// overwrites the link, and so the mark, without asking.
#include "kernel.h"

// What a step does at most: timers looked at while nothing is ready, or while something is (then giving up delays what
// is due by an iteration, which up to that many timers must not be seen, and those that are due do not count); timers
// placed. A list of the wheel costs half a look, a step back in `due` costs a part of a look, so 44 timers may be due
// in any order.
enum { SCANS = 3, SCANS_READY = 64, PLACES = 3, LOOK = 16 };

// loop->crowd, unless it is 0.
enum { UNSORTED = 1, SORTED };

enum { FRESH, FAR, DIGIT0 = FAR + 11, DUE, LISTS };
_Static_assert(LISTS == RILL_WHEEL_LISTS, "rill/loop.h reserves the lists");

// A list is a ring with two words for a node without function: its links.
static inline rill_node_t *list_of(rill_wheel_t *wheel, unsigned i)
{
    return (rill_node_t *)(void *)&wheel->list[i];
}

static inline rill_timer_t *timer_of(rill_node_t *node)
{
    return CONTAINER(node, rill_timer_t, handle.node);
}

static inline bool first_known(const rill_node_t *list)
{
    return ((uintptr_t)list->next & 1u) != 0;
}

static inline void mark_first(rill_node_t *list)
{
    list->next = (rill_node_t *)((uintptr_t)list->next | 1u);
}

static inline rill_node_t *first_of(const rill_node_t *list)
{
    return (rill_node_t *)((uintptr_t)list->next & ~(uintptr_t)1u);
}

static inline bool is_empty(const rill_node_t *list)
{
    return first_of(list) == list;
}

static inline void make_empty(rill_node_t *list)
{
    list->next = list;
    list->prev = list;
}

// Puts a node in front of a list and marks it as known to be the earliest.
ONCE void put_first(rill_node_t *list, rill_node_t *node)
{
    rill_node_t *second = first_of(list);
    node->next = second;
    node->prev = list;
    second->prev = node;
    list->next = (rill_node_t *)((uintptr_t)node | 1u);
}

// `base` may stay what it is: in the past.
void rill_wheel_init(rill_wheel_t *wheel)
{
    wheel->next = RILL_NEVER;
    wheel->nearest = list_of(wheel, FRESH);
    wheel->first = list_of(wheel, FRESH);
    for (unsigned i = 0; i < LISTS; i++) {
        make_empty(list_of(wheel, i));
    }
}

#if RILL_DEBUG
void rill_wheel_each(rill_wheel_t *wheel, void (*visit)(void *arg, rill_timer_t *timer), void *arg)
{
    for (unsigned i = 0; i < LISTS; i++) {
        rill_node_t *list = list_of(wheel, i);
        for (rill_node_t *node = first_of(list); node != list; node = node->next) { // bound: number of timers
            visit(arg, timer_of(node));
        }
    }
}
#endif

// ---- placing

// The list for a distance from base that is not 0: its highest bit divided by 3, or by comparisons where the core does
// not count leading zeros.
static inline unsigned list_for(rill_time_t distance)
{
    if (UNLIKELY(distance >> 32 != 0)) {
        return FAR;
    }
    uint32_t low = (uint32_t)distance;
    unsigned i = DIGIT0;
#if RILL_SMALL
    for (; low >= 8; low >>= 3) { // bound: 10
        i--;
    }
    return i;
#elif RILL_ARCH_CLZ
    return i - ((31u - (unsigned)__builtin_clz(low)) * 11u >> 5);
#else
    if (low >> 15 != 0) {
        low >>= 15;
        i -= 5;
    }
    if (low >> 9 != 0) {
        low >>= 9;
        i -= 3;
    }
    return i - (low >= 8) - (low >= 64);
#endif
}

// Moves a timer to `due`, which is in deadline order, arming order among equals. Most belong at its end. Returns how
// many of `steps` are left after going back from there; if they do not suffice it moves nothing and returns -1.
FAST int move_to_due(rill_wheel_t *wheel, rill_node_t *node, int steps)
{
    rill_node_t *due = list_of(wheel, DUE);
    rill_node_t *after = due->prev;
    while (after != due && timer_of(after)->when > timer_of(node)->when) { // bound: steps
        if (--steps < 0) {
            return -1;
        }
        after = after->prev;
    }
    node_unlink(node);
    node_insert_before(after->next, node);
    return steps;
}

static inline void place(rill_wheel_t *wheel, rill_node_t *node)
{
    rill_time_t when = timer_of(node)->when;
    if (when <= wheel->base) {
        move_to_due(wheel, node, INT32_MAX); // many steps only among those that were armed in the past, out of order
        return;
    }
    node_unlink(node);
    rill_node_t *list = list_of(wheel, list_for(when ^ wheel->base));
    if (wheel->nearest < list) {
        wheel->nearest = list;
    }
    if (list->next == list || (first_known(list) && when < timer_of(first_of(list))->when)) {
        put_first(list, node);
    } else {
        node_insert_before(list, node);
    }
}

// Places some of the fresh timers. When none is left the crowd has been sorted, but the search is yet to come.
// Returns false: the turn is not over.
__attribute__((noinline)) static bool place_some(rill_loop_t *loop)
{
    rill_wheel_t *wheel = &loop->wheel;
    rill_node_t *fresh = list_of(wheel, FRESH);
    for (unsigned n = 0; n < PLACES; n++) {
        if (is_empty(fresh)) {
            loop->crowd = SORTED;
            break;
        }
        place(wheel, first_of(fresh));
    }
    return false;
}

// Moves a list of the wheel to the front of `fresh`.
static void displace(rill_wheel_t *wheel, rill_node_t *list)
{
    rill_node_t *fresh = list_of(wheel, FRESH);
    rill_node_t *first = first_of(list);
    first->prev = list->prev;
    make_empty(list);
    list_insert_before(first_of(fresh), first);
}

// ---- searching

// The state of one search.
typedef struct search {
    rill_time_t now;
    rill_time_t next;  // earliest deadline found that is not due
    rill_node_t *list; // its timer is the first of this list
    int left;          // what the search may still cost
    int free;          // what it gets back for a timer that is due
} search_t;

// Moves what is due from a list to `due`. If the earliest of the rest is the earliest so far, it becomes the first.
// False if the list is too long.
FAST bool search_list(rill_wheel_t *wheel, rill_node_t *list, search_t *search)
{
    rill_node_t *first = NULL;
    rill_node_t *next;
    for (rill_node_t *node = first_of(list); node != list; node = next) { // bound: search->left
        search->left -= LOOK;
        if (UNLIKELY(search->left < 0)) {
            return false;
        }
        rill_time_t when = timer_of(node)->when;
        next = node->next;
        if (when <= search->now) {
            search->left = move_to_due(wheel, node, search->left + search->free);
            if (UNLIKELY(search->left < 0)) {
                return false;
            }
        } else if (when < search->next) {
            search->next = when;
            first = node;
        }
    }
    if (first != NULL) {
        node_unlink(first);
        put_first(list, first);
        search->list = list;
    }
    return true;
}

// The nearest list of the wheel that is not empty; `fresh` if all are.
static inline rill_node_t *nearest_list(rill_wheel_t *wheel)
{
    rill_node_t *list = wheel->nearest;
    while (list != list_of(wheel, FRESH) && list->next == list) { // bound: the lists
        list = (rill_node_t *)(void *)((char *)list - sizeof wheel->list[0]);
    }
    wheel->nearest = list;
    return list;
}

// Everything due in the wheel goes to `due`; finds the earliest of the rest, which is in the nearest list that is not
// empty. A list that is too long goes to `fresh`, to be placed again: then false.
static bool search_wheel(rill_wheel_t *wheel, search_t *search)
{
    const rill_node_t *fresh = list_of(wheel, FRESH);
    rill_node_t *list;
    while ((list = nearest_list(wheel)) != fresh) { // bound: the lists
        search->left -= LOOK / 2;
        rill_time_t known = first_known(list) ? timer_of(first_of(list))->when : 0;
        if (known > search->now) {
            search->next = known;
            search->list = list;
            return true;
        }
        if (!search_list(wheel, list, search)) {
            if (known != 0) {
                wheel->base = known;
            }
            displace(wheel, list);
            return false;
        }
        if (list->next != list) {
            return true;
        }
    }
    return true;
}

static bool search_fresh(rill_wheel_t *wheel, search_t *search)
{
    if (search_list(wheel, list_of(wheel, FRESH), search)) {
        return true;
    }
    if (wheel->nearest == list_of(wheel, FRESH) && wheel->base < search->now) {
        wheel->base = search->now;
    }
    return false;
}

static void make_ready(rill_loop_t *loop, rill_node_t *due)
{
    rill_node_t *first = due->next;
    if (first != due) {
        first->prev = due->prev;
        make_empty(due);
        ready_splice(loop, first);
    }
}

bool rill_wheel_turn(rill_loop_t *loop, rill_time_t now)
{
    rill_wheel_t *wheel = &loop->wheel;
    if (loop->crowd == UNSORTED) {
        return place_some(loop);
    }
    search_t search = { now, RILL_NEVER, list_of(wheel, FRESH), SCANS * LOOK + LOOK / 2, 0 };
    if (loop->marker.next != &loop->marker) {
        search.left = SCANS_READY * LOOK;
        search.free = LOOK;
    }
    if (!search_wheel(wheel, &search) || !search_fresh(wheel, &search)) {
        loop->crowd = UNSORTED;
        return false;
    }
    loop->crowd = 0;
    wheel->next = search.next;
    wheel->first = search.list;
    mark_first(search.list);
    make_ready(loop, list_of(wheel, DUE));
    return true;
}

// ---- arming

// A timer that is earlier than all others comes first, so the next deadline is known again. In a closed loop every
// timer gets here, except for RILL_NEVER.
SLOW int arm_first(rill_loop_t *loop, rill_timer_t *timer)
{
    if (loop->closed) {
        return RILL_EPERM;
    }
    rill_node_t *fresh = list_of(&loop->wheel, FRESH);
    put_first(fresh, &timer->handle.node);
    loop->wheel.next = timer->when;
    loop->wheel.first = fresh;
    loop->alarm = 1;
    return RILL_OK;
}

int rill_timer_arm(rill_loop_t *loop, rill_timer_t *timer)
{
    if (timer->when < loop->wheel.next) {
        return arm_first(loop, timer);
    }
    node_insert_before(list_of(&loop->wheel, FRESH), &timer->handle.node);
    return RILL_OK;
}

int rill_call_at(rill_loop_t *loop, rill_timer_t *timer, rill_time_t when, rill_callback_t fn, void *arg)
{
    RILL_DEBUG_CONTEXT("rill_call_at");
    if (loop == NULL || timer == NULL || fn == NULL) {
        return RILL_EINVAL;
    }
    if (timer->handle.node.next != NULL) {
        return RILL_EBUSY;
    }
    timer->handle.node.fn = fn;
    timer->handle.arg = arg;
    timer->when = when;
    return rill_timer_arm(loop, timer);
}

int rill_call_later(rill_loop_t *loop, rill_timer_t *timer, rill_time_t delay, rill_callback_t fn, void *arg)
{
    RILL_DEBUG_CONTEXT("rill_call_later");
    return rill_call_at(loop, timer, time_after(rill_clock_now(), delay), fn, arg);
}

// Wherever the timer is, it is in a ring; but it may be the next of the batch.
int rill_timer_cancel(rill_loop_t *loop, rill_timer_t *timer)
{
    RILL_DEBUG_CONTEXT("rill_timer_cancel");
    rill_handle_t *handle = (rill_handle_t *)(void *)timer;
    if (SHORTCUT(loop != NULL && timer != NULL && handle->node.next != NULL && loop->cur != &handle->node)) {
        node_unlink(&handle->node);
        handle->node.next = NULL;
        handle->node.prev = NULL;
        return 1;
    }
    return rill_handle_cancel(loop, handle);
}
