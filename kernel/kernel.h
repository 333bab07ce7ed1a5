// Private to kernel/: the ready ring and the one wait primitive.
//
// The ready FIFO is a ring of nodes that is never empty, because the loop's own marker node is always in it. `cur` is
// the position: the running task stays in the ring while it runs, so the tail is just before `cur`, and
//   append  = insert before cur
//   yield   = advance cur                (no list is touched)
//   block   = unlink cur, advance
//   wake    = append
// While a callback runs it is already unlinked and `cur` is the node after it, so the tail is before `cur` again. When
// `cur` reaches the marker an iteration is over: everything appended since is behind it, in front of the marker.
#ifndef RILL_KERNEL_H
#define RILL_KERNEL_H

#include <rill/assert.h>
#include <rill/clock.h>
#include <rill/debug.h>
#include <rill/task.h>

#include "arch.h"

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

// The condition of a shortcut for the commonest case of what comes after it; not taken where space counts.
#if RILL_SMALL
#define SHORTCUT(x) (false && (x))
#else
#define SHORTCUT(x) LIKELY(x)
#endif

// A statement of debug builds.
#if RILL_DEBUG
#define DEBUG_ONLY(statement) statement
#else
#define DEBUG_ONLY(statement) ((void)0)
#endif

// The fast path of an operation goes into its caller whatever the optimiser thinks of it, and the slow path never does;
// unless space counts. Then what is SHARED has one copy too, in shared.c, under a name of the library's.
#if RILL_SMALL
#define FAST static inline
#define SLOW static
#define ONCE static __attribute__((noinline))
#ifndef SHARED
#define SHARED inline
#endif
#define SHARED_FAST SHARED
#define WEAK_IF_SMALL __attribute__((weak))
#define future_complete rill_share_future_complete
#define go_on rill_share_go_on
#define leave_ring rill_share_leave_ring
#define list_append rill_share_list_append
#define list_insert_before rill_share_list_insert_before
#define list_remove rill_share_list_remove
#define list_wake rill_share_list_wake
#define live_tcb rill_share_live_tcb
#define next_in_ring rill_share_next_in_ring
#define node_insert_before rill_share_node_insert_before
#define node_unlink rill_share_node_unlink
#define ready_append rill_share_ready_append
#define ready_splice rill_share_ready_splice
#define running_task rill_share_running_task
#define refuse_object rill_share_refuse_object
#define switch_away rill_share_switch_away
#define task_behind rill_share_task_behind
#define tcb_of_node rill_share_tcb_of_node
#define unlink_from_all rill_share_unlink_from_all
#define time_after rill_share_time_after
#define wait_as rill_share_wait_as
#define wait_in rill_share_wait_in
#define wait_of rill_share_wait_of
#else
#define FAST static inline __attribute__((always_inline))
#define SLOW static __attribute__((noinline, cold))
#define ONCE static inline
#define SHARED static inline
#define SHARED_FAST FAST
#define WEAK_IF_SMALL // Arm's GCC ends no function with a jump to a weak one, so its caller would keep a frame
#endif

// The same with high-water marks, and what they are found by.
#if RILL_HIGH_WATER
#define HIGH_WATER_ONLY(statement) statement
void rill_paint(unsigned char *low, const unsigned char *high);
#else
#define HIGH_WATER_ONLY(statement) ((void)0)
#endif

#define CONTAINER(pointer, type, member) ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

// future.flags
enum {
    FUTURE_OF_TASK = 1,
    FUTURE_RETRIEVED = 2,
    TASK_DETACHED = 4,
    TASK_HAS_VALUE = 8,
    TASK_REAP = 16,
    TASK_LEFTOVER = 32,
    TASK_SPECIAL = 64,  // in a group, or has context variables: its end is more work
    FUTURE_HOOKED = 64, // so far only the future of a gather
    TASK_STARTED = 128, // debug builds: the body was called
};

// Of a future that is no task's but stands for others: what it is part of, for reports. The bits are those of tasks.
enum {
    FUTURE_OF_SHIELD = 8,
    FUTURE_OF_WAIT = 16,
    FUTURE_OF_GROUP = 32,
};

// How a wait begins, which has no public type.
struct rill_for_many {
    rill_future_t outer;
    struct rill_awaitable *children;
    unsigned n;
};

// What kind of wait it is. `cancel` is the one hook: take the waiter out of whatever it waits for and make it ready
// with an error, and return true; or return false when the wake-up is already on its way.
struct rill_wait;
typedef struct rill_wait_kind {
    bool (*cancel)(rill_tcb_t *task, struct rill_wait *wait);
#if RILL_NAMES
    const char *what; // for people: "sleep", "future", ...
#endif
} rill_wait_kind_t;

#if RILL_NAMES
#define WAIT_KIND(cancel, what) { (cancel), (what) }
#define WAIT_WHAT(kind) ((kind)->what)
#define TASK_NAME(tcb) ((tcb)->name)
#define SET_TASK_NAME(tcb, given) ((tcb)->name = (given))
#else
#define WAIT_KIND(cancel, what) { (cancel) }
#define WAIT_WHAT(kind) ((void)(kind), "waiting")
#define TASK_NAME(tcb) ((void)(tcb), (const char *)NULL)
#define SET_TASK_NAME(tcb, given) ((void)(tcb), (void)(given))
#endif

// A wait in progress, on the waiter's own stack.
typedef struct rill_wait {
    const rill_wait_kind_t *kind;
    void *object; // what it waits for: for the hook, and for people
} rill_wait_t;

// The hottest waits in one FIFO list need no record: a task's word says which it is and where the list is. Lists lie on
// multiples of 4, so the word of a record is none of these.
enum { WAIT_EVENT = 1, WAIT_SEMAPHORE, WAIT_TASK };

static inline rill_wait_t *plain_wait(rill_node_t **list, unsigned which)
{
    return (rill_wait_t *)(void *)((char *)list + which);
}

extern const rill_wait_kind_t rill_plain_waits[];

// A task's wait, written to *room if it has no record; NULL if it does not wait.
SHARED rill_wait_t *wait_of(const rill_tcb_t *task, rill_wait_t *room)
{
    rill_wait_t *wait = task->wait;
    unsigned which = (uintptr_t)wait % 4;
    if (which == 0) {
        return wait;
    }
    room->kind = &rill_plain_waits[which - 1];
    room->object = (char *)wait - which;
    return room;
}

// What a task is told when it resumes is in its future's `error` until it is done: 0, most of the time; else twice the
// error its wait ended with, plus MUST_CANCEL if a cancellation is to be delivered (asyncio's _must_cancel). As long as
// there is something, its node's `fn` is TELL, so that whoever comes to it takes the way of callbacks, on which the
// word is passed on with the switch (rill_told). Tasks that have nothing to learn switch to each other and pass 0.
enum { MUST_CANCEL = 1 };

int rill_told(void *task);

#if RILL_SMALL
#define TELL rill_told // whoever uses it links it
#else
#define TELL ((rill_callback_t)1)
#endif

// A queued task, as opposed to a callback.
static inline bool is_task(const rill_node_t *node)
{
    return node->fn == NULL || node->fn == TELL;
}

static inline void set_told(rill_tcb_t *task, int word)
{
    task->future.error = (int16_t)word;
    task->node.fn = word != 0 ? TELL : NULL;
}

// The loop running on this core; and the same while a task of it runs, NULL in callbacks.
extern rill_loop_t *rill_current_loop;
extern rill_loop_t *rill_task_loop;

// The running loop as long as no context variables are in use, else NULL: where a new task has nothing to inherit.
extern rill_loop_t *rill_spawn_loop;

// The job that runs here, NULL in the loop: of each thread where there are threads.
#ifndef RILL_ARCH_PER_THREAD
#define RILL_ARCH_PER_THREAD
#endif
struct rill_job;
extern RILL_ARCH_PER_THREAD struct rill_job *rill_current_job;

// Calls a job's function; the caller posts its outcome (rill_job_done).
int rill_job_call(struct rill_job *job);

// The end of a run, of a loop with a default executor: shuts it down. Set when the first loop gets one.
extern int (*rill_executor_end)(rill_loop_t *loop);

// Moves interrupt posts into the ring, oldest first; and appends a node behind them. Weak, as rill_deliver is, so that
// who never posts does not link them (posts.c): call them only if there are posts.
__attribute__((weak)) void rill_loop_drain(rill_loop_t *loop);
WEAK_IF_SMALL int rill_append_late(rill_loop_t *loop, rill_node_t *node);

// Pushes a node onto a loop's stack of posts, from anywhere. The stack is taken as a whole, so nobody pops single nodes
// and there is no ABA. The node belongs to whoever pushes: a handle is claimed first, and a waiting task by taking it
// off what it waits for (signal.c).
static inline void push_post(rill_loop_t *loop, rill_node_t *node)
{
    void *old;
    do { // bound: interrupts that post between the two lines
        old = loop->posts;
        node->next = old;
    } while (!rill_arch_cas(&loop->posts, old, node));
}

// A handle belongs to the first who claims it (`prev` goes from NULL to itself), so that it is never pushed twice.
static inline bool claim_post(rill_node_t *node)
{
    return rill_arch_cas((void *volatile *)&node->prev, NULL, node);
}

// A loop whose posts are more than a push: it may be closed (RILL_EPERM), or it runs a job in place of sleep and is to
// be told. Threads always tell it. The node is a handle's, or that of tasks.
int rill_post_unusually(rill_loop_t *loop, rill_node_t *node);

static inline bool is_unusual(const rill_loop_t *loop)
{
    return UNLIKELY(loop->unusual || RILL_ARCH_THREADS);
}

// Posts a handle, from anywhere; 1 unless it is posted already.
static inline int post(rill_loop_t *loop, rill_node_t *node)
{
    if (is_unusual(loop)) {
        __asm__("" : "+r"(loop), "+r"(node)); // so that the usual way need not keep them where they came
        return rill_post_unusually(loop, node);
    }
    if (!claim_post(node)) {
        return 0;
    }
    push_post(loop, node);
    return 1;
}

// What a signal is when it is set. Clear: NULL. Otherwise the node of the first task that waits.
#define SIGNAL_SET ((void *)1)

// Timers. A turn makes those ready that are due at `now`, and finds the next deadline (wheel.next, RILL_NEVER if none).
// It is a step of bounded length: false, and loop->crowd is set, if it could not finish and is to be called again.
void rill_wheel_init(rill_wheel_t *wheel);
bool rill_wheel_turn(rill_loop_t *loop, rill_time_t now);

// rill_call_at of a timer whose fields are set.
int rill_timer_arm(rill_loop_t *loop, rill_timer_t *timer);

// True if wheel.next is exact. If not, its timer was cancelled, and a turn finds the next one. (timer.c: the first
// timer of that list is marked.)
static inline bool next_known(const rill_loop_t *loop)
{
    return ((uintptr_t)loop->wheel.first->next & 1u) != 0;
}

// Debug builds: calls visit for every timer armed.
void rill_wheel_each(rill_wheel_t *wheel, void (*visit)(void *arg, rill_timer_t *timer), void *arg);

// Debug and statistics at the moment a task suspends; nothing in the release configuration. True: the loop has
// something to report, so its context is the next one.
bool rill_suspending(rill_loop_t *loop, rill_tcb_t *self);

// Debug builds: true if the node is in the circle that `first` is in. O(nodes).
bool rill_debug_in_circle(const rill_node_t *first, const rill_node_t *node);

// Debug builds (kernel/debug.c). A step or a callback has ended: reports a slow one. rill_debug_step returns true if
// the loop's context is to call rill_debug_step_report.
bool rill_debug_step(rill_loop_t *loop, const rill_tcb_t *task, rill_time_t took);
void rill_debug_step_report(void);
void rill_debug_callback(rill_loop_t *loop, rill_callback_t fn, rill_time_t began);

// What the default exception handler writes.
void rill_debug_exception(const rill_exception_t *info, int failed);

// The loop is closed; RILL_EDEADLK is about to be returned; nobody will ever see this task run.
void rill_debug_closing(rill_loop_t *loop);
void rill_debug_deadlock(rill_loop_t *loop);
void rill_debug_never_started(rill_tcb_t *tcb);

// The pending task that a wait awaits, NULL if it waits for anything else.
rill_tcb_t *rill_awaited_task(const rill_wait_t *wait);

// The future that a wait awaits, NULL if it waits for anything else.
rill_future_t *rill_awaited(const rill_wait_t *wait);

// How rill_as_completed_next waits, for reports.
extern const rill_wait_kind_t rill_wait_as_completed;

// A task's place in a group, at the top of its stack.
struct rill_group_member {
    rill_node_t link; // in *siblings while the task has not ended
    rill_node_t **siblings;
    rill_tcb_t *tcb;
    // called when the body has returned, before anybody learns the outcome
    void (*ended)(struct rill_group_member *member);
    void *group;
};

// A pending task's place in a group, NULL if it is in none.
const struct rill_group_member *rill_member_of(const rill_tcb_t *tcb);

// rill_spawn_with; `member` (NULL: none) says which group the task joins. The task keeps a copy, is linked to its
// siblings and pinned.
int rill_task_create(rill_task_pool_t *pool, rill_fn_t fn, void *arg, const rill_spawn_options_t *options,
                     rill_task_t *task,
                     struct rill_group_member *member);

// loop->stopping, unless it is 0 or 1: a crowd of timers need not be sorted before (rill_loop_run_once).
enum { STOP_AT_ONCE = 2 };

// Whether a loop can run now: RILL_OK, or what rill_run_forever returns else.
int rill_may_run(const rill_loop_t *loop);

// The end of a run: cancels what is left and waits for it (RN2). RILL_EDEADLK if that never ends.
int rill_shut_down(rill_loop_t *loop);

// A leftover has ended: what is done at once, and one that counts it, later. Weak, so that who never shuts down does
// not link them.
__attribute__((weak)) void rill_leftover_ended(rill_tcb_t *tcb);
__attribute__((weak)) int rill_leftover_callback(void *arg);

// Tells of a task's error: the loop's exception handler, or rill_log.
void rill_report_task(rill_tcb_t *tcb, const char *message);

// The way to the handler (report.c): weak, so that who never sets one does not link it; call it only if has_handler.
// Debug builds always have one.
#if RILL_DEBUG
#define REPORTS_WEAK
#else
#define REPORTS_WEAK __attribute__((weak))
#endif
REPORTS_WEAK void rill_handle_callback(rill_loop_t *loop, int error, rill_handle_t *handle);
REPORTS_WEAK void rill_handle_task(rill_tcb_t *tcb, const char *message);

static inline bool has_handler(const rill_loop_t *loop)
{
    return RILL_DEBUG || loop->handler != NULL;
}

// In place of sleep: runs jobs, if there are any. Weak, so that who has no executor does not link it; call it only if
// loop->jobs.
__attribute__((weak)) void rill_executor_work(rill_loop_t *loop);

// Whether the application uses context variables. If so a new task takes those given or its creator's; a task that has
// ended, and a job, gives up what it has. Weak, so that who does not use them does not link them.
extern bool rill_vars_used;
__attribute__((weak)) void rill_vars_inherit(rill_tcb_t *tcb, rill_vars_t *given);
__attribute__((weak)) void rill_vars_ended(rill_tcb_t *tcb);

// The number of the task made last.
extern uint32_t rill_last_task_id;

// rill_task_uncancel of a task that lives.
int rill_uncancel(rill_tcb_t *tcb);

// Cancels whatever is behind a future: the task, or the future itself.
bool rill_cancel_any(rill_future_t *future, rill_value_t message);

// A task that somebody will still read is not reaped: by +1 or -1. Nothing on a plain future.
void rill_future_pin(rill_future_t *future, int by);

// The future's completion, for kernel use: no checks.
void rill_future_complete(rill_future_t *future, rill_state_t state, int error, rill_value_t value);

// rill_future_set_result, or rill_future_set_error if there is an error.
int rill_future_settle(rill_future_t *future, int error, rill_value_t value);

// A callback that completes the future `arg` with nothing, unless it is done.
int rill_future_finish(void *arg);

// Pins a future and has fn(arg) called when it is done; and the end of both.
void rill_future_watch(rill_future_t *future, rill_handle_t *handle, rill_callback_t fn, void *arg);
void rill_future_unwatch(rill_future_t *future, rill_handle_t *handle);

// A future's state, flags and error at one look.
static inline uint32_t status_of(const rill_future_t *future)
{
    uint32_t word;
    __builtin_memcpy(&word, __builtin_assume_aligned(&future->state, sizeof word), sizeof word);
    return word;
}

// One store of a constant.
static inline void set_status(rill_future_t *future, rill_state_t state, unsigned flags, int error)
{
    future->state = (uint8_t)state;
    future->flags = (uint8_t)flags;
    future->error = (int16_t)error;
}

static inline uint32_t status(rill_state_t state, unsigned flags, int error)
{
    const rill_future_t future = { .state = (uint8_t)state, .flags = (uint8_t)flags, .error = (int16_t)error };
    return status_of(&future);
}

// The block of a live task behind a handle of these words, NULL if the handle is stale.
SHARED rill_tcb_t *live_tcb(rill_tcb_t *tcb, uint32_t id)
{
    return tcb != NULL && tcb->id == id ? tcb : NULL;
}

static inline rill_tcb_t *tcb_of(rill_task_t task)
{
    return live_tcb(task.tcb, task.id);
}

// A block of the kernel's own goes back, with no look at whether it is the pool's.
FAST void put_back(rill_pool_t *pool, void *block)
{
#if RILL_DEBUG
    rill_pool_free_checked(pool, block);
#else
    *(void **)block = pool->free;
    pool->free = block;
#endif
}

FAST void give_back(rill_tcb_t *tcb)
{
    rill_task_pool_t *pool = tcb->context.stack;
    tcb->id = 0;
    put_back(&pool->tcbs, tcb);
}

// Takes a task out of the list of those that are not done.
SHARED void unlink_from_all(rill_tcb_t *tcb)
{
    rill_link_t *next = tcb->all.next;
    rill_link_t *prev = tcb->all.prev;
    prev->next = next;
    next->prev = prev;
}

// The task behind a link of that list, NULL at its end. It begins with &loop->tasks.
SHARED rill_tcb_t *task_behind(const rill_loop_t *loop, const rill_link_t *link)
{
    return link->next != &loop->tasks ? CONTAINER(link->next, rill_tcb_t, all) : NULL;
}

// The block of a task that is done goes back to its pool, unless a waiter still has to read it.
void rill_tcb_reap(rill_tcb_t *tcb);

SHARED rill_tcb_t *tcb_of_node(rill_node_t *node)
{
    return CONTAINER(node, rill_tcb_t, node);
}

#define BARRIER() __atomic_signal_fence(__ATOMIC_SEQ_CST)

// `us` microseconds after a time; never stays never.
SHARED rill_time_t time_after(rill_time_t from, rill_time_t us)
{
    rill_time_t sum;
    return __builtin_add_overflow(from, us, &sum) ? RILL_NEVER : sum;
}

// The task that reports of faults name, if it is not the running one: a task that suspends has left its place before
// its registers are pushed.
void rill_blame(rill_tcb_t *task);

// The running task, or NULL in a callback and outside a loop.
SHARED rill_tcb_t *running_task(void)
{
    rill_loop_t *loop = rill_task_loop;
    return loop != NULL ? tcb_of_node(loop->cur) : NULL;
}

// What most operations that wait refuse: no object, and to be called outside a task.
SHARED int refuse_object(const void *object)
{
    return object == NULL ? RILL_EINVAL : rill_task_loop == NULL ? RILL_EPERM : RILL_OK;
}

SHARED void node_insert_before(rill_node_t *position, rill_node_t *node)
{
    rill_node_t *tail = position->prev;
    node->next = position;
    node->prev = tail;
    tail->next = node;
    position->prev = node;
}

SHARED void node_unlink(rill_node_t *node)
{
    node->prev->next = node->next;
    node->next->prev = node->prev;
}

// Puts a circular list (its oldest node) where a node is, in order.
static inline void node_replace(rill_node_t *node, rill_node_t *first)
{
    rill_node_t *next = node->next;
    rill_node_t *tail = node->prev;
    rill_node_t *last = first->prev;
    tail->next = first;
    first->prev = tail;
    last->next = next;
    next->prev = last;
}

// Posts, newest first, get their places in the ring, in front of a node.
__attribute__((weak)) void rill_deliver(rill_node_t *posts, rill_node_t *position);

// The same for the commonest, at the end of the FIFO: one post, of a callback or of one task. False if it is anything
// else.
FAST bool deliver_one(rill_loop_t *loop, rill_node_t *post)
{
    if (!SHORTCUT(post->next == NULL && post->prev == post)) {
        return false;
    }
    if (is_task(post)) { // which may have been cancelled since it was pushed
        tcb_of_node(post)->wait = NULL;
    }
    node_insert_before(loop->cur, post);
    return true;
}

// Inserts a circular list (its oldest node) in front of a node, in order. Returns 0, as those do who end with it.
SHARED int list_insert_before(rill_node_t *position, rill_node_t *first)
{
    rill_node_t *last = first->prev;
    rill_node_t *tail = position->prev;
    tail->next = first;
    first->prev = tail;
    last->next = position;
    position->prev = last;
    return RILL_OK;
}

// Appends a circular list to the FIFO. Posts that came before take their place first (rule TH2).
SHARED int ready_splice(rill_loop_t *loop, rill_node_t *first)
{
    if (UNLIKELY(loop->posts != NULL)) {
        rill_loop_drain(loop);
    }
    return list_insert_before(loop->cur, first);
}

// Appends a node, as rill_wake and list_wake do.
SHARED int ready_append(rill_loop_t *loop, rill_node_t *node)
{
    if (RILL_SMALL) {
        node->next = node;
        node->prev = node;
        return ready_splice(loop, node);
    }
    if (UNLIKELY(loop->posts != NULL)) {
        return rill_append_late(loop, node);
    }
    node_insert_before(loop->cur, node);
    return RILL_OK;
}

SHARED_FAST void future_complete(rill_future_t *future, rill_state_t state, int error, rill_value_t value)
{
    rill_node_t *first = future->waiters;
    future->state = (uint8_t)state;
    future->error = (int16_t)error;
    future->value = value;
    if (first != NULL) {
        future->waiters = NULL;
        ready_splice(future->loop, first);
    }
}

// Circular wait lists with one head word: append, and unlink from the list whose head is given.
SHARED void list_append(rill_node_t **head, rill_node_t *node)
{
    rill_node_t *first = *head;
    if (LIKELY(first == NULL)) {
        node->next = node;
        node->prev = node;
        *head = node;
    } else {
        node_insert_before(first, node);
    }
}

SHARED void list_remove(rill_node_t **head, rill_node_t *node)
{
    rill_node_t *next = node->next;
    if (LIKELY(next == node)) {
        *head = NULL;
        return;
    }
    node_unlink(node);
    if (*head == node) {
        *head = next;
    }
}

static inline bool must_cancel(const rill_tcb_t *task)
{
    return (task->future.error & MUST_CANCEL) != 0;
}

// The wait ends with an error, whoever wakes the task.
static inline void end_wait_with(rill_tcb_t *task, int error)
{
    set_told(task, error * 2 + must_cancel(task));
}

// What a wait of the running task has just returned is RILL_ECANCELED, and it was cancelled after it had been woken:
// what it was woken for is to be handed on.
bool rill_canceled_late(int error);

// From a task to a node that is not simply a task: to one that is to be told something, else to the loop. A function of
// its own, so that the usual switch has two fixed ends; and one more of the same parameters, so that it can end with
// it. `fn` is that node's, or NULL to get to the loop.
int rill_switch_specially(rill_callback_t fn, rill_node_t *from, rill_node_t *next);
__attribute__((noinline)) int rill_switch_telling(rill_callback_t fn, rill_node_t *from, rill_node_t *next);

// Makes `next` the position, or what is behind it if that is the marker and the loop has nothing to do there. Posts are
// looked at with the marker only, because whoever appends to the FIFO takes them first; and not by who has just looked:
// the iteration ended then. In line even where space counts: it is smaller than what a second call costs its callers.
SHARED_FAST __attribute__((always_inline)) rill_node_t *next_in_ring(rill_loop_t *loop, rill_node_t *next, bool looked)
{
    if (LIKELY(next == &loop->marker)) { // not likelier than other nodes, but nearer to the end of its iteration
        if (LIKELY((looked || loop->posts == NULL) && !loop->attention)) {
            next = next->next;
        }
    }
    loop->cur = next;
    return next;
}

// Suspends the running task and continues the ring at `next`: with a task, or with the loop for anything else. Returns
// what the task is told when it resumes.
SHARED_FAST __attribute__((always_inline)) int go_on(rill_loop_t *loop, rill_tcb_t *self, rill_node_t *next,
                                                     bool looked)
{
#if RILL_DEBUG || RILL_STATS || RILL_STACK_GUARD
    loop->cur = next;
    if (UNLIKELY(rill_suspending(loop, self))) {
        return rill_switch_specially(NULL, &self->node, next);
    }
#endif
    next = next_in_ring(loop, next, looked);
    if (RILL_SMALL) {
        return rill_arch_switch(RILL_OK, &self->node, next->fn == NULL ? next : &loop->marker);
    }
    if (UNLIKELY(next->fn != NULL)) {
        return rill_switch_specially(next->fn, &self->node, next);
    }
    return rill_arch_switch(RILL_OK, &self->node, next);
}

// The same as a function where space counts.
SHARED_FAST int switch_away(rill_loop_t *loop, rill_tcb_t *self, rill_node_t *next)
{
    return go_on(loop, self, next, false);
}

// rill_block of a task that is to be cancelled.
WEAK_IF_SMALL int rill_block_canceled(rill_loop_t *loop, rill_tcb_t *self, rill_node_t *next);

// First half of every wait: takes the running task out of the ring, so that its node can be queued elsewhere. Returns
// the node behind it. Nothing may be appended to the FIFO until the second half.
SHARED rill_node_t *leave_ring(rill_tcb_t *self)
{
    rill_node_t *next = self->node.next;
    node_unlink(&self->node);
    return next;
}

// Second half of every wait: continues the ring at `next` and suspends until rill_wake. Returns 0, or what the wait was
// told to end with: RILL_ECANCELED if it was cancelled.
SHARED_FAST int rill_block(rill_loop_t *loop, rill_tcb_t *self, rill_node_t *next, rill_wait_t *wait)
{
    self->wait = wait;
    if (UNLIKELY(self->future.error != 0)) {
        return rill_block_canceled(loop, self, next);
    }
    return switch_away(loop, self, next);
}

// Makes a waiting task ready. The wait can no longer be cancelled: a cancel() from here on is delivered at resumption
// (C6).
SHARED int rill_wake(rill_loop_t *loop, rill_tcb_t *task)
{
    task->wait = NULL;
    return ready_append(loop, &task->node);
}

// A wait in one FIFO list with nothing else to undo: event, semaphore, condition, queue. Returns as rill_block;
// RILL_EPERM outside a task. `object` of the wait is the list.
int rill_wait_in(rill_node_t **list, const rill_wait_kind_t *kind);

// The same for a wait that is part of something larger, whose kind and object are set, and for a plain one.
int rill_wait_as(rill_node_t **list, rill_wait_t *wait);

// The hook of such a wait. This one and the next two are weak, and rill_block_canceled is, so that who never cancels
// does not link them (cancel.c).
__attribute__((weak)) bool rill_cancel_listed(rill_tcb_t *task, rill_wait_t *wait);

// Those of a sleep, and of a wait for a future.
__attribute__((weak)) bool rill_cancel_sleep(rill_tcb_t *task, rill_wait_t *wait);
__attribute__((weak)) bool rill_cancel_awaited(rill_tcb_t *task, rill_wait_t *wait);

// The same in its caller, for the hottest.
SHARED_FAST int wait_as(rill_node_t **list, rill_wait_t *wait)
{
    rill_loop_t *loop = rill_task_loop;
    if (UNLIKELY(loop == NULL)) {
        return RILL_EPERM;
    }
    rill_tcb_t *self = tcb_of_node(loop->cur);
    rill_node_t *next = leave_ring(self);
    list_append(list, &self->node);
    return rill_block(loop, self, next, wait);
}

FAST int wait_in(rill_node_t **list, const rill_wait_kind_t *kind)
{
    rill_wait_t wait = { kind, list };
    return wait_as(list, &wait);
}

// Wakes a waiter of a list.
SHARED_FAST int list_wake(rill_node_t **list, rill_node_t *node)
{
    rill_tcb_t *task = tcb_of_node(node);
    list_remove(list, node);
    return rill_wake(task->future.loop, task);
}

// The oldest one. False if there was none.
FAST bool list_wake_first(rill_node_t **list)
{
    rill_node_t *node = *list;
    if (node == NULL) {
        return false;
    }
    list_wake(list, node);
    return true;
}

// The same where speed does not matter; and all of them.
bool rill_wake_first(rill_node_t **list);
void rill_wake_all(rill_node_t **list);

#endif
