// The integrity walker: looks at everything the kernel links, between two steps of a program, and stops at the first
// thing that is not as it should be. A test's view into the kernel: it knows the private structures.
//
// Checked: the ready ring and its marker; every pending task once in the ring or once in the list of what it waits for;
// every timer once, in its bucket; no node in the memory of a stack that is gone or below its stack pointer; blocks of
// the pools; no cancellation and (with suspect(), for what the program knows) no wake-up that does not come.
//
// The program defines INTEGRITY_TASKS, the size of its one pool, and the two functions declared first.
#ifndef INTEGRITY_H
#define INTEGRITY_H

#include <rill/lock.h>
#include <rill/loop.h>
#include <rill/task.h>

#include "../kernel/kernel.h"

// Reports and does not return.
static _Noreturn void broken(const char *what, const void *object);

// A callback in the ring or in the wheel, as the program may know its argument.
static void saw_callback(const void *arg);

#define INTEGRITY_MAX_NODES 4096u // more than any list has
#define INTEGRITY_PATIENCE 4u     // iterations a wake-up may take

// What is known of a block of the pool.
static struct integrity_mark {
    uint8_t ring;   // times its node is in the ring
    uint8_t timers; // timers that end its sleep
    const rill_tcb_t *stack_owner; // who runs on the stack of this number
} integrity_marks[INTEGRITY_TASKS];

// Something that must pass soon. `head` NULL: not there.
typedef struct suspicion {
    const void *head;
    uint32_t since;
} suspicion_t;

static rill_task_pool_t *integrity_pool;
static rill_loop_t *integrity_loop;
static uint32_t integrity_iterations; // counted while there is a suspicion
static bool integrity_suspects;
static rill_handle_t integrity_pulse;
static suspicion_t integrity_cancels[INTEGRITY_TASKS];

static rill_tcb_t *tcb_at(unsigned i)
{
    return (rill_tcb_t *)(void *)integrity_pool->tcbs.start + i;
}

static bool is_block(const void *p)
{
    return (uintptr_t)p >= (uintptr_t)integrity_pool->tcbs.start && (uintptr_t)p < (uintptr_t)integrity_pool->tcbs.end;
}

static unsigned number_of(const rill_tcb_t *tcb)
{
    return (unsigned)(tcb - tcb_at(0));
}

// ---- memory that is gone

static uintptr_t stacks_base(void)
{
    return (uintptr_t)integrity_pool->stacks.start + RILL_STACK_TOP_BYTES - integrity_pool->stacks.size;
}

static bool in_dead_stack(const void *p)
{
    uintptr_t offset = (uintptr_t)p - stacks_base();
    if (offset >= INTEGRITY_TASKS * integrity_pool->stacks.size) {
        return false;
    }
    const rill_tcb_t *owner = integrity_marks[offset / integrity_pool->stacks.size].stack_owner;
    if (owner == NULL) {
        return true;
    }
    const void *top = owner == running_task() ? __builtin_frame_address(0) : (const void *)owner->context.sp;
    return (uintptr_t)p < (uintptr_t)top;
}

// A node that is reached through a link.
static void check_node(const rill_node_t *node)
{
    if (in_dead_stack(node)) {
        broken("node in dead memory", node);
    }
    uintptr_t link = (uintptr_t)node->prev->next & ~(uintptr_t)1u; // perhaps marked: kernel/timer.c
    if (node->next == NULL || node->next->prev != node || link != (uintptr_t)node) {
        broken("links", node);
    }
    if (is_task(node) && (!is_block(node) || tcb_of_node((rill_node_t *)node)->future.state != RILL_PENDING)) {
        broken("task that is none", node);
    }
}

static void check_queued(const rill_node_t *node)
{
    check_node(node);
    if (is_task(node)) {
        integrity_marks[number_of(CONTAINER(node, const rill_tcb_t, node))].ring++;
        return;
    }
    const void *arg = CONTAINER(node, const rill_handle_t, node)->arg;
    if (is_block(node)) { // a dead member of a group reports its end
        if (CONTAINER(node, const rill_tcb_t, node)->future.state == RILL_PENDING) {
            broken("live task as a callback", node);
        }
    } else if (is_block(arg)) {
        integrity_marks[number_of(arg)].timers++;
    }
    saw_callback(arg);
}

// ---- ring, wheel

static void walk_ring(rill_loop_t *loop)
{
    bool has_cur = loop->cur == &loop->marker;
    unsigned n = 0;
    check_node(&loop->marker);
    for (const rill_node_t *node = loop->marker.next; node != &loop->marker; node = node->next) {
        check_queued(node);
        has_cur |= node == loop->cur;
        if (++n > INTEGRITY_MAX_NODES) {
            broken("ring without marker", node);
        }
    }
    if (!has_cur) {
        broken("cur is not in the ring", loop->cur);
    }
}

static const rill_timer_t *timer_of_node(const rill_node_t *node)
{
    return CONTAINER(node, const rill_timer_t, handle.node);
}

// Where a timer of the wheel belongs, computed the slow way: the octal digit, counted from 1, in which it differs from
// base, from the last list but one.
static unsigned list_for(const rill_wheel_t *wheel, rill_time_t when)
{
    unsigned digit = 0;
    for (rill_time_t distance = when ^ wheel->base; distance != 0; distance >>= 3) {
        digit++;
    }
    return (when ^ wheel->base) >> 32 != 0 ? 1 : RILL_WHEEL_LISTS - 1 - digit;
}

static void check_placed(const rill_wheel_t *wheel, unsigned i, const rill_timer_t *first, const rill_timer_t *timer)
{
    bool farther = (const void *)&wheel->list[i] > (const void *)wheel->nearest;
    if (timer->when <= wheel->base || list_for(wheel, timer->when) != i || farther) {
        broken("timer in the wrong list", timer);
    }
    if (((uintptr_t)wheel->list[i].next & 1u) != 0 && timer->when < first->when) {
        broken("list does not begin with its earliest timer", timer);
    }
}

// List 0: fresh ones; the last: due ones, in order; between them the wheel.
static void walk_timers(rill_wheel_t *wheel, unsigned i)
{
    const rill_node_t *list = (const rill_node_t *)(const void *)&wheel->list[i];
    const rill_node_t *first = (const rill_node_t *)((uintptr_t)list->next & ~(uintptr_t)1u);
    const rill_node_t *before = list;
    for (const rill_node_t *node = first; node != list; node = node->next) { // bound: timers
        check_queued(node);
        if (node->prev != before) {
            broken("list of timers", node);
        }
        if (i == RILL_WHEEL_LISTS - 1 && before != list && timer_of_node(before)->when > timer_of_node(node)->when) {
            broken("due timers out of order", node);
        }
        if (i != 0 && i != RILL_WHEEL_LISTS - 1) {
            check_placed(wheel, i, timer_of_node(first), timer_of_node(node));
        }
        if (timer_of_node(node)->when < wheel->next && timer_of_node(node)->when > wheel->base) {
            broken("timer before the next deadline", node);
        }
        before = node;
    }
}

static void walk_wheel(rill_wheel_t *wheel)
{
    for (unsigned i = 0; i < RILL_WHEEL_LISTS; i++) {
        walk_timers(wheel, i);
    }
}

// ---- lists of waiters

// `head` leads to a well linked list with this node in it.
static void check_listed(rill_node_t *const *head, const rill_node_t *wanted)
{
    unsigned n = 0;
    bool found = false;
    if (in_dead_stack(head) || *head == NULL) {
        broken("waits in a list that is gone or empty", head);
    }
    const rill_node_t *node = *head;
    do { // bound: waiters
        check_node(node);
        found |= node == wanted;
        node = node->next;
        if (++n > INTEGRITY_MAX_NODES) {
            broken("list does not close", head);
        }
    } while (node != *head);
    if (!found) {
        broken("is not in the list it waits in", wanted);
    }
}

// kernel/lock.c's own.
struct rill_lock_wait {
    rill_wait_t wait;
    rill_tcb_t *task;
    rill_node_t link;
    bool pending;
    bool canceled;
};

static void check_lock_waiter(const rill_lock_t *lock, const struct rill_lock_wait *entry)
{
    if (in_dead_stack(entry) || entry->link.next->prev != &entry->link) {
        broken("lock: links", lock);
    }
    bool ready = integrity_marks[number_of(entry->task)].ring == 1;
    if (entry->pending == ready || (entry->pending && entry->task->wait != &entry->wait)) {
        broken("lock: waiter neither waits nor was woken", entry->task);
    }
    if (ready && !entry->canceled && &entry->link != lock->waiters) {
        broken("lock: woken out of turn", entry->task);
    }
}

// After integrity_walk. Returns the number of tasks in the list.
static unsigned check_lock(const rill_lock_t *lock)
{
    unsigned n = 0, live = 0;
    const rill_node_t *link = lock->waiters;
    while (link != NULL) { // bound: waiters
        const struct rill_lock_wait *entry = CONTAINER(link, const struct rill_lock_wait, link);
        check_lock_waiter(lock, entry);
        n++;
        live += !entry->canceled;
        link = link->next != lock->waiters ? link->next : NULL;
    }
    if (live != lock->live) {
        broken("lock: count of waiters", lock);
    }
    return n;
}

static bool lists_lock_waiter(const rill_lock_t *lock, const rill_wait_t *wait)
{
    const rill_node_t *link = lock->waiters;
    while (link != NULL && &CONTAINER(link, const struct rill_lock_wait, link)->wait != wait) { // bound: waiters
        link = link->next != lock->waiters ? link->next : NULL;
    }
    return link != NULL;
}

// ---- tasks

static bool is_kind(const rill_wait_t *wait, const char *what)
{
    return strcmp(wait->kind->what, what) == 0;
}

static bool awaits_future(const rill_wait_t *wait)
{
    return is_kind(wait, "future") || is_kind(wait, "task");
}

static void check_awaited(const rill_tcb_t *task, const rill_wait_t *wait)
{
    const rill_future_t *future = wait->object;
    if (in_dead_stack(future) || future->state != RILL_PENDING) {
        broken("waits for a future that is done or gone", task);
    }
    if (is_kind(wait, "task")) {
        const rill_tcb_t *awaited = CONTAINER(future, const rill_tcb_t, future);
        if (awaited->id == 0 || awaited->pins == 0) {
            broken("awaits a task that is not pinned", task);
        }
    }
    check_listed(&future->waiters, &task->node);
}

// It is the signal's, or on its way to the ring.
static void check_signaled(const rill_tcb_t *task, const rill_signal_t *signal)
{
    rill_node_t *post = task->future.loop->posts;
    bool posted = false;
    while (post != NULL && !posted) { // bound: posts
        const rill_node_t *node = post;
        do { // bound: waiters; of a post only `prev` leads through them
            posted |= node == &task->node;
            node = post->fn == NULL ? node->prev : post;
        } while (node != post);
        post = post->next;
    }
    if (!posted) {
        rill_node_t *circle = signal->state;
        check_listed(&circle, &task->node);
    }
}

// Not in the ring: it waits, where its wait says.
static void check_waiting(const rill_tcb_t *task, const struct integrity_mark *mark)
{
    rill_wait_t room;
    const rill_wait_t *wait = wait_of(task, &room);
    if (wait == NULL || in_dead_stack(wait)) {
        broken("task is nowhere", task);
    }
    bool sleeps = is_kind(wait, "sleep");
    if (mark->timers != sleeps) {
        broken("sleeper without timer, or timer without sleeper", task);
    }
    if (is_kind(wait, "signal")) {
        check_signaled(task, wait->object);
    } else if (awaits_future(wait)) {
        check_awaited(task, wait);
    } else if (is_kind(wait, "lock")) {
        if (!lists_lock_waiter(wait->object, wait)) {
            broken("waits for a lock that does not know it", task);
        }
    } else if (!sleeps) {
        check_listed(wait->object, &task->node);
    }
}

static void check_ready(const rill_tcb_t *task, const struct integrity_mark *mark)
{
    if (mark->ring != 1 || mark->timers != 0) {
        broken("ready twice, or with a timer", task);
    }
    rill_wait_t room;
    const rill_wait_t *wait = wait_of(task, &room);
    if (wait != NULL && !(awaits_future(wait) && ((const rill_future_t *)wait->object)->state != RILL_PENDING)) {
        broken("ready and waiting", task);
    }
}

static void suspect(suspicion_t *suspicion, const void *head, const char *what)
{
    if (head == NULL || head != suspicion->head) {
        suspicion->head = head;
        suspicion->since = integrity_iterations;
    } else if (integrity_iterations - suspicion->since > INTEGRITY_PATIENCE) {
        broken(what, head);
    }
    integrity_suspects |= head != NULL;
}

static void check_task(const rill_tcb_t *task)
{
    unsigned i = number_of(task);
    if (integrity_marks[i].ring > 0) {
        check_ready(task, &integrity_marks[i]);
    } else {
        check_waiting(task, &integrity_marks[i]);
    }
    bool undelivered = must_cancel(task) && integrity_marks[i].ring == 0;
    suspect(&integrity_cancels[i], undelivered ? task->wait : NULL, "cancellation is not delivered");
}

// The list of all tasks, and who owns which stack. Returns the number of tasks.
static unsigned walk_tasks(const rill_loop_t *loop)
{
    unsigned n = 0;
    memset(integrity_marks, 0, sizeof integrity_marks);
    for (rill_tcb_t *t = task_behind(loop, &loop->tasks); t != NULL; t = task_behind(loop, &t->all)) {
        if (!is_block(t) || t->id == 0 || t->all.next->prev != &t->all || t->future.state != RILL_PENDING) {
            broken("list of all tasks", t);
        }
        uintptr_t stack = (uintptr_t)t->context.stack - stacks_base();
        struct integrity_mark *mark = &integrity_marks[stack / integrity_pool->stacks.size];
        if (mark->stack_owner != NULL || ++n > INTEGRITY_TASKS) {
            broken("two tasks on a stack", t);
        }
        mark->stack_owner = t;
    }
    return n;
}

// ---- pools

static void check_pool(const rill_pool_t *pool, unsigned live, const char *what)
{
    unsigned made = (unsigned)((size_t)(pool->fresh - pool->start) / pool->size);
    unsigned free = 0;
    for (void *const *block = pool->free; block != NULL && free <= made; block = *block) {
        free++;
    }
    if (free + live != made) {
        broken(what, pool);
    }
}

static void check_pools(unsigned running)
{
    unsigned live = 0;
    for (unsigned i = 0; i < INTEGRITY_TASKS; i++) {
        live += (uintptr_t)tcb_at(i) < (uintptr_t)integrity_pool->tcbs.fresh && tcb_at(i)->id != 0;
    }
    check_pool(&integrity_pool->tcbs, live, "blocks used are not the live tasks");
    check_pool(&integrity_pool->stacks, running, "stacks used are not the running tasks");
}

// ---- everything

static void integrity_begin(rill_loop_t *loop, rill_task_pool_t *pool)
{
    integrity_loop = loop;
    integrity_pool = pool;
    integrity_pulse = (rill_handle_t)RILL_HANDLE_INIT(NULL, NULL);
    memset(integrity_cancels, 0, sizeof integrity_cancels);
}

// The kernel's own structures. The program's checks follow.
static void integrity_walk(void)
{
    integrity_suspects = false;
    unsigned running = walk_tasks(integrity_loop);
    walk_ring(integrity_loop);
    walk_wheel(&integrity_loop->wheel);
    rill_tcb_t *task = task_behind(integrity_loop, &integrity_loop->tasks);
    for (; task != NULL; task = task_behind(integrity_loop, &task->all)) {
        check_task(task);
    }
    check_pools(running);
}

// Last: while there is a suspicion, iterations are counted, by a callback that walks again.
static void integrity_end(rill_callback_t again)
{
    if (integrity_suspects && integrity_pulse.node.next == NULL) {
        rill_call_soon(integrity_loop, &integrity_pulse, again, NULL);
    }
}

#endif
