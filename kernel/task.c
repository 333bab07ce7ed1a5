// Tasks: creation, switching, the end, cancellation, sleep.
#pragma weak rill_told // whoever tells a task something links told.c
#include "kernel.h"

_Static_assert(offsetof(rill_context_t, sp) == 0, "arch/*/switch.S");
_Static_assert(offsetof(rill_tcb_t, context) == 3 * sizeof(void *), "RILL_THREAD");
_Static_assert(offsetof(rill_loop_t, context) - offsetof(rill_loop_t, marker) == 3 * sizeof(void *), "RILL_THREAD");
_Static_assert(offsetof(rill_context_t, stack) == sizeof(void *), "arch/*/switch.S");
_Static_assert(RILL_STACK_ALIGN % RILL_ARCH_STACK_ALIGN == 0, "stacks of every port fit RILL_STACK_ALIGN");
_Static_assert(sizeof(struct rill_stack_head) <= RILL_STACK_GUARD_BYTES, "the guard covers the stack head");
#if !RILL_STATS && !RILL_DEBUG && RILL_NAMES
_Static_assert(sizeof(void *) != 4 || sizeof(rill_tcb_t) == 64, "a task costs 64 bytes");
#endif

// What a new task is to do, at the top of its stack. Once it runs, the first word is its errno; while the stack is
// free, the pool's link. Where the stack begins and belongs is written when it is taken for the first time.
struct start {
    union {
        rill_fn_t fn;
        int error_number;
    };
    void *arg;
    void *stack;
    rill_task_pool_t *pool;
};
_Static_assert(sizeof(struct start) == RILL_STACK_TOP_BYTES, "task.h");

#define ROUND16(bytes) (((bytes) + 15u) / 16u * 16u)

uint32_t rill_last_task_id; // odd since the first loop was set up, so that no id is ever 0
bool rill_vars_used;

static rill_task_t handle_of(rill_tcb_t *tcb)
{
    return tcb != NULL ? (rill_task_t){ tcb, tcb->id } : RILL_NO_TASK;
}

// ---- the switch

static inline void check_stack(rill_tcb_t *self)
{
#if RILL_STACK_GUARD && !RILL_ARCH_STACK_GUARD
    const struct rill_stack_head *head = self->context.stack;
    if (UNLIKELY(head->canary != RILL_STACK_CANARY)) {
        rill_blame(self);
        rill_panic(1, "stack overflow");
    }
#else
    (void)self;
#endif
}

static inline bool account(rill_loop_t *loop, rill_tcb_t *self)
{
    bool report = false;
    (void)loop;
    (void)self;
#if RILL_STATS || RILL_DEBUG
    rill_time_t now = rill_clock_now();
    rill_time_t took = now - loop->since;
    loop->since = now;
#endif
#if RILL_STATS
    self->run_time += took;
#endif
#if RILL_DEBUG
    report = rill_debug_step(loop, self, took);
#endif
    return report;
}

bool rill_suspending(rill_loop_t *loop, rill_tcb_t *self)
{
    check_stack(self);
    return account(loop, self);
}

// Posts have been looked at.
FAST int yield_in(rill_loop_t *loop)
{
    rill_tcb_t *self = tcb_of_node(loop->cur);
    rill_node_t *next = self->node.next;
    return RILL_SMALL ? switch_away(loop, self, next) : go_on(loop, self, next, true);
}

// A function of its own, so that the way past it keeps nothing for later.
SLOW int yield_behind_many(rill_loop_t *loop, rill_node_t *posts)
{
    rill_deliver(posts, loop->cur);
    return yield_in(loop);
}

SLOW int yield_behind_posts(rill_loop_t *loop)
{
    if (RILL_SMALL) {
        rill_loop_drain(loop);
        return yield_in(loop);
    }
    rill_node_t *posts = rill_arch_swap(&loop->posts, NULL);
    return deliver_one(loop, posts) ? yield_in(loop) : yield_behind_many(loop, posts);
}

int rill_yield(void)
{
    RILL_DEBUG_CONTEXT("rill_yield");
    rill_loop_t *loop = rill_task_loop;
    if (UNLIKELY(loop == NULL)) {
        return RILL_EPERM;
    }
    if (LIKELY(loop->posts == NULL)) {
        return yield_in(loop);
    }
    return yield_behind_posts(loop);
}

// ---- the end of a task

void rill_report_task(rill_tcb_t *tcb, const char *message)
{
    if (has_handler(tcb->future.loop)) {
        rill_handle_task(tcb, message);
    } else {
        rill_log(message);
    }
}

static void report_unread_error(rill_tcb_t *tcb)
{
    if (tcb->future.state == RILL_FAILED && (tcb->future.flags & FUTURE_RETRIEVED) == 0) {
        rill_report_task(tcb, "exception never retrieved");
    }
}

static void drop_vars(rill_tcb_t *self)
{
    if (self->vars.bindings != NULL) {
        rill_vars_ended(self);
    }
}

void rill_tcb_reap(rill_tcb_t *tcb)
{
    if (tcb->pins != 0) {
        tcb->future.flags |= TASK_REAP;
        return;
    }
    report_unread_error(tcb);
    drop_vars(tcb);
    if (!RILL_SMALL) { // there take_tcb is who does it
        tcb->node.fn = NULL; // it may have been told something too late, or have carried a callback
    }
    give_back(tcb);
}

// Rule T6, and C9: a cancellation nobody has seen beats a result, not an error. The word beside an error group is its
// list.
static void set_outcome(rill_tcb_t *self, int code)
{
    rill_value_t word = self->future.value;
    rill_state_t state = RILL_FINISHED;
    if (code >= 0 && must_cancel(self)) {
        code = RILL_ECANCELED;
    }
    if (code < 0) {
        state = code == RILL_ECANCELED ? RILL_CANCELLED : RILL_FAILED;
    }
    int error = code < 0 ? code : RILL_OK;
    if (state != RILL_CANCELLED && code != RILL_EGROUP && (self->future.flags & TASK_HAS_VALUE) == 0) {
        word = code - error;
    }
    future_complete(&self->future, state, error, word);
}

// Who holds a handle, or rill_run, reaps it; its error may have to be reported, in the task's own context.
SLOW void retire(rill_tcb_t *self)
{
    if ((self->future.flags & TASK_LEFTOVER) != 0) {
        rill_leftover_ended(self);
    } else {
        unlink_from_all(self);
    }
    if ((self->future.flags & TASK_DETACHED) != 0) {
        rill_tcb_reap(self); // may call the exception handler, on this stack
    } else {
        drop_vars(self);
    }
}

static inline rill_node_t *thread_at(rill_loop_t *loop, rill_node_t *next)
{
    next = next_in_ring(loop, next, false);
    return LIKELY(next->fn == NULL) ? next : &loop->marker;
}

// The stack goes back while it is still in use: nobody can take it before the switch away.
FAST void leave(struct start *start, rill_node_t *to)
{
    rill_task_pool_t *pool = start->pool;
    void *stack = start->stack;
    put_back(&pool->stacks, start);
    rill_arch_leave(RILL_OK, stack, to);
    __builtin_unreachable();
}

// The member's record of a task in a group, below its `struct start`.
static struct rill_group_member *member_at(const struct start *start)
{
    return (void *)((uintptr_t)start - ROUND16(sizeof(struct rill_group_member)));
}

SLOW void end_special(rill_loop_t *loop, rill_tcb_t *self, int code, struct start *start, bool report)
{
    loop->cur = leave_ring(self);
    if (self->grouped) {
        member_at(start)->ended(member_at(start));
    }
    set_outcome(self, code);
    retire(self);
    leave(start, report ? &loop->marker : thread_at(loop, loop->cur));
}

// It returns a number, was not cancelled, and somebody will join it. Those who wait take its place in the ring, which
// is the end of the FIFO.
FAST rill_node_t *end_plainly(rill_tcb_t *self, int code)
{
    rill_node_t *next = self->node.next;
    rill_node_t *first = self->future.waiters;
    set_status(&self->future, RILL_FINISHED, FUTURE_OF_TASK, 0);
    self->future.value = code;
    if (first != NULL) {
        self->future.waiters = NULL;
        node_replace(&self->node, first);
    } else {
        node_unlink(&self->node);
    }
    unlink_from_all(self);
    return next;
}

FAST void finish(rill_tcb_t *self, int code, struct start *start)
{
    rill_loop_t *loop = self->future.loop;
    check_stack(self);
    bool report = account(loop, self);
    self->context.stack = start->pool;
    if (SHORTCUT(code >= 0 && status_of(&self->future) == status(RILL_PENDING, FUTURE_OF_TASK, 0) &&
                 loop->posts == NULL && !report)) {
        leave(start, thread_at(loop, end_plainly(self, code)));
    }
    end_special(loop, self, code, start, report);
}

static struct start *start_of(const rill_tcb_t *tcb)
{
    const struct rill_stack_head *head = tcb->context.stack;
    return (struct start *)((uintptr_t)head + head->size - sizeof(struct start));
}

static void task_main(int told, rill_node_t *from, rill_node_t *thread)
{
    rill_tcb_t *self = tcb_of_node(thread);
    struct start *start = start_of(self);
    rill_fn_t fn = start->fn;
    (void)from;
    start->error_number = 0;
    int code = told; // C1: the body never runs
    if (LIKELY(code == RILL_OK)) {
        DEBUG_ONLY(self->future.flags |= TASK_STARTED);
        code = fn(start->arg);
    }
    finish(self, code, start);
}

int rill_return(rill_value_t value)
{
    RILL_DEBUG_CONTEXT("rill_return");
    rill_tcb_t *self = running_task();
    if (self == NULL) {
        return RILL_EPERM;
    }
    self->future.value = value;
    self->future.flags |= TASK_HAS_VALUE;
    return RILL_OK;
}

// ---- creation

static void link_to_all(rill_loop_t *loop, rill_tcb_t *tcb)
{
    rill_link_t *last = loop->tasks.prev;
    tcb->all.next = &loop->tasks;
    tcb->all.prev = last;
    last->next = &tcb->all;
    loop->tasks.prev = &tcb->all;
}

// Field by field: a compound literal would call memset, which is byte-wise on some C libraries. In the order of
// addresses, so that the compiler writes two words at once where the machine can. A task that ends leaves no wait, no
// context variables and nobody who waits for it behind, and its node as a task's.
static inline void tcb_init(rill_tcb_t *tcb, rill_loop_t *loop, void *stack, void *top)
{
    uint32_t id = rill_last_task_id + 2;
    rill_last_task_id = id;
    tcb->context.stack = stack;
    rill_arch_context_init(&tcb->context, top, task_main);
    tcb->pins = 0;
    tcb->cancelling = 0;
    tcb->canceled_late = 0;
    tcb->grouped = 0;
    tcb->unused = 0; // so that the compiler can clear the word
    set_status(&tcb->future, RILL_PENDING, FUTURE_OF_TASK, 0);
    tcb->future.loop = loop;
    tcb->future.value = 0;
    tcb->id = id;
    SET_TASK_NAME(tcb, NULL);
#if RILL_STATS
    tcb->run_time = 0;
#endif
}

// Top of the stack, downwards: what to do, `reserve` bytes for the caller, then the task's own frames.
FAST void set_up(rill_loop_t *loop, rill_tcb_t *tcb, struct start *start, rill_fn_t fn, void *arg, size_t reserve)
{
    unsigned char *top = (unsigned char *)start - reserve;
    HIGH_WATER_ONLY(rill_paint((unsigned char *)start->stack + RILL_STACK_GUARD_BYTES, top));
    tcb_init(tcb, loop, start->stack, top);
    start->fn = fn;
    start->arg = arg;
    DEBUG_ONLY(tcb->fn = fn);
    link_to_all(loop, tcb);
}

static rill_tcb_t *take_tcb(rill_task_pool_t *pool)
{
    rill_tcb_t *tcb = rill_pool_alloc(&pool->tcbs);
    if (tcb != NULL) {
        tcb->node.fn = NULL;
        tcb->future.waiters = NULL;
        tcb->wait = NULL;
        tcb->vars.bindings = NULL;
    }
    return tcb;
}

static struct start *take_stack(rill_task_pool_t *pool)
{
    struct start *start = rill_pool_alloc(&pool->stacks);
    if (start != NULL) {
        struct rill_stack_head *head = (void *)((char *)start + sizeof *start - pool->stacks.size);
#if RILL_STACK_GUARD || RILL_FAULT_REPORT
        head->canary = RILL_STACK_CANARY;
#endif
        head->size = pool->stacks.size;
        start->stack = head;
        start->pool = pool;
    }
    return start;
}

static rill_tcb_t *create(rill_loop_t *loop, rill_task_pool_t *pool, rill_fn_t fn, void *arg, size_t reserve)
{
    rill_tcb_t *tcb = take_tcb(pool);
    if (UNLIKELY(tcb == NULL)) {
        return NULL;
    }
    struct start *start = take_stack(pool);
    if (UNLIKELY(start == NULL)) {
        tcb->id = 0;
        put_back(&pool->tcbs, tcb);
        return NULL;
    }
    set_up(loop, tcb, start, fn, arg, reserve);
    return tcb;
}

const struct rill_group_member *rill_member_of(const rill_tcb_t *tcb)
{
    return tcb->grouped ? member_at(start_of(tcb)) : NULL;
}

static void join_group(rill_tcb_t *tcb, struct rill_group_member *member)
{
    struct rill_group_member *placed = member_at(start_of(tcb));
    member->tcb = tcb; // the caller learns it too
    *placed = *member;
    list_append(placed->siblings, &placed->link);
    tcb->grouped = 1;
    tcb->pins = 1;
    tcb->future.flags |= TASK_SPECIAL;
}

static void inherit_vars(rill_tcb_t *tcb, rill_vars_t *given)
{
    if (rill_vars_used) {
        rill_vars_inherit(tcb, given);
    }
}

// EG1: the new task runs in front of its creator and the ring brings it back here: to the creating task directly, to a
// creating callback by way of a node that sends whoever comes to it to the loop's context.
static int back_fn(void *arg)
{
    (void)arg;
    return RILL_OK;
}

ONCE void run_before(rill_loop_t *loop, rill_tcb_t *self, rill_tcb_t *tcb)
{
    account(loop, self);
    node_insert_before(&self->node, &tcb->node);
    loop->cur = &tcb->node;
    if (UNLIKELY(rill_arch_switch(RILL_OK, &self->node, &tcb->node) != RILL_OK)) {
        set_told(self, MUST_CANCEL); // this was no wait: it is told at the next one
    }
}

static void run_eagerly(rill_loop_t *loop, rill_tcb_t *tcb)
{
    rill_tcb_t *self = running_task();
    if (self != NULL) {
        run_before(loop, self, tcb);
        return;
    }
    rill_node_t back = { NULL, NULL, back_fn };
    ready_append(loop, &back);
    node_insert_before(&back, &tcb->node);
    loop->cur = &tcb->node;
    rill_task_loop = loop;
    rill_arch_switch(RILL_OK, &loop->marker, &tcb->node);
    rill_task_loop = NULL;
    node_unlink(&back);
    loop->cur = back.next; // what was next before may have been cancelled
}

static inline bool usable(const rill_task_pool_t *pool, rill_fn_t fn)
{
    return pool != NULL && fn != NULL && pool->stacks.size >= RILL_STACK_MIN;
}

static inline void give_handle(rill_tcb_t *tcb, rill_task_t *task)
{
    if (task != NULL) {
        *task = (rill_task_t){ tcb, tcb->id };
    } else {
        tcb->future.flags |= TASK_DETACHED;
    }
}

int rill_task_create(rill_task_pool_t *pool, rill_fn_t fn, void *arg, const rill_spawn_options_t *options,
                     rill_task_t *task,
                     struct rill_group_member *member)
{
    static const rill_spawn_options_t defaults;
    options = options != NULL ? options : &defaults;
    rill_loop_t *loop = options->loop != NULL ? options->loop : rill_current_loop;
    if (task != NULL) {
        *task = RILL_NO_TASK;
    }
    RILL_DEBUG_CONTEXT("rill_spawn");
    if (!usable(pool, fn)) {
        return RILL_EINVAL;
    }
    if (loop == NULL || loop->closed || (options->eager && loop != rill_current_loop)) {
        return RILL_EPERM;
    }
    rill_tcb_t *tcb = create(loop, pool, fn, arg, member != NULL ? ROUND16(sizeof *member) : 0);
    if (tcb == NULL) {
        return RILL_ENOMEM;
    }
    SET_TASK_NAME(tcb, options->name);
    if (member != NULL) {
        join_group(tcb, member);
    }
    inherit_vars(tcb, options->vars);
    give_handle(tcb, task);
    if (options->eager) {
        run_eagerly(loop, tcb);
    } else {
        ready_append(loop, &tcb->node);
    }
    return RILL_OK;
}

int rill_spawn_with(rill_task_pool_t *pool, rill_fn_t fn, void *arg, const rill_spawn_options_t *options,
                    rill_task_t *task)
{
    return rill_task_create(pool, fn, arg, options, task, NULL);
}

__attribute__((noinline)) int rill_spawn_any(rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_task_t *task)
{
    if (RILL_DEBUG) {
        return rill_task_create(pool, fn, arg, NULL, task, NULL); // checks the context too
    }
    rill_loop_t *loop = rill_current_loop;
    if (task != NULL) {
        *task = RILL_NO_TASK;
    }
    if (!usable(pool, fn)) {
        return RILL_EINVAL;
    }
    rill_tcb_t *tcb = loop != NULL ? create(loop, pool, fn, arg, 0) : NULL;
    if (UNLIKELY(tcb == NULL)) {
        return loop != NULL ? RILL_ENOMEM : RILL_EPERM;
    }
    inherit_vars(tcb, NULL);
    give_handle(tcb, task);
    ready_append(loop, &tcb->node);
    return RILL_OK;
}

// The common case: another task after one of this pool that has ended.
FAST bool has_both(const rill_task_pool_t *pool)
{
    return !RILL_DEBUG && pool->tcbs.free != NULL && pool->stacks.free != NULL;
}

FAST rill_tcb_t *create_commonly(rill_loop_t *loop, rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_task_t *task)
{
    rill_tcb_t *tcb = rill_pool_alloc(&pool->tcbs);
    set_up(loop, tcb, rill_pool_alloc(&pool->stacks), fn, arg, 0);
    *task = (rill_task_t){ tcb, tcb->id };
    return tcb;
}

int rill_spawn_plainly(rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_task_t *task)
{
    rill_loop_t *loop = rill_spawn_loop;
    if (!SHORTCUT(loop != NULL && has_both(pool))) {
        return rill_spawn_any(pool, fn, arg, task);
    }
    rill_tcb_t *tcb = create_commonly(loop, pool, fn, arg, task);
    ready_append(loop, &tcb->node);
    return RILL_OK;
}

__attribute__((noinline)) int rill_spawn_eager_any(rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_task_t *task)
{
    const rill_spawn_options_t options = { .eager = true };
    return rill_task_create(pool, fn, arg, &options, task, NULL);
}

int rill_spawn_eager_plainly(rill_task_pool_t *pool, rill_fn_t fn, void *arg, rill_task_t *task)
{
    rill_loop_t *loop = rill_spawn_loop;
    if (!SHORTCUT(loop != NULL && loop == rill_task_loop && has_both(pool))) {
        return rill_spawn_eager_any(pool, fn, arg, task);
    }
    run_before(loop, tcb_of_node(loop->cur), create_commonly(loop, pool, fn, arg, task));
    return RILL_OK;
}

// ---- detach

int rill_detach(rill_task_t task)
{
    RILL_DEBUG_CONTEXT("rill_detach");
    rill_tcb_t *tcb = tcb_of(task);
    if (tcb == NULL) {
        return RILL_ESTALE;
    }
    if (tcb->future.state != RILL_PENDING) {
        rill_tcb_reap(tcb);
    } else {
        tcb->future.flags |= TASK_DETACHED;
#if RILL_DEBUG
        if (must_cancel(tcb)) { // C1: its body will not run, and nobody can learn of it
            rill_debug_never_started(tcb);
        }
#endif
    }
    return RILL_OK;
}

// ---- sleep

static int sleep_over(void *arg)
{
    rill_tcb_t *task = arg;
    rill_wake(task->future.loop, task);
    return RILL_OK;
}

int rill_sleep_until(rill_time_t when)
{
    RILL_DEBUG_CONTEXT("rill_sleep_until");
    static const rill_wait_kind_t kind = WAIT_KIND(rill_cancel_sleep, "sleep");
    rill_loop_t *loop = rill_task_loop;
    if (loop == NULL) {
        return RILL_EPERM;
    }
    rill_tcb_t *self = tcb_of_node(loop->cur);
    rill_timer_t timer;
    rill_wait_t wait = { &kind, &timer };
    timer.handle.node.fn = sleep_over;
    timer.handle.arg = self;
    timer.when = when;
    rill_timer_arm(loop, &timer);
    return rill_block(loop, self, leave_ring(self), &wait);
}

int rill_sleep_us(rill_time_t us)
{
    RILL_DEBUG_CONTEXT("rill_sleep_us");
    return us == 0 ? rill_yield() : rill_sleep_until(time_after(rill_clock_now(), us));
}

int rill_sleep_ms(uint32_t ms)
{
    RILL_DEBUG_CONTEXT("rill_sleep_ms");
    return rill_sleep_us(RILL_MS(ms));
}

// ---- looking at tasks

rill_future_t *rill_task_future(rill_task_t task)
{
    rill_tcb_t *tcb = tcb_of(task);
    return tcb != NULL ? &tcb->future : NULL;
}

rill_task_t rill_task_current(void)
{
    return rill_arch_in_isr() ? RILL_NO_TASK : handle_of(running_task());
}

rill_task_t rill_task_next(rill_loop_t *loop, rill_task_t previous)
{
    rill_tcb_t *tcb = tcb_of(previous);
    if (loop == NULL || (previous.tcb != NULL && tcb == NULL)) {
        return RILL_NO_TASK;
    }
    tcb = task_behind(loop, tcb != NULL ? &tcb->all : &loop->tasks);
    while (tcb != NULL && tcb->future.state != RILL_PENDING) { // bound: number of leftovers (rill_run)
        tcb = task_behind(loop, &tcb->all);
    }
    return handle_of(tcb);
}

int *rill_task_errno(void)
{
    rill_tcb_t *self = rill_arch_in_isr() ? NULL : running_task();
    if (self == NULL) {
        return NULL;
    }
    return &start_of(self)->error_number;
}

static const char *default_name(uint32_t id, char *buffer)
{
    static const char prefix[] = "Task-";
    __builtin_memcpy(buffer, prefix, sizeof prefix - 1);
    char *last = buffer + sizeof prefix - 1;
    for (uint32_t rest = id; rest >= 10; rest /= 10) { // bound: 10 digits
        last++;
    }
    last[1] = '\0';
    for (; last != buffer + sizeof prefix - 2; last--) { // bound: 10 digits
        *last = (char)('0' + id % 10);
        id /= 10;
    }
    return buffer;
}

const char *rill_task_name(rill_task_t task, char *buffer)
{
    rill_tcb_t *tcb = tcb_of(task);
    if (tcb == NULL) {
        return NULL;
    }
    return TASK_NAME(tcb) != NULL || buffer == NULL ? TASK_NAME(tcb) : default_name(tcb->id / 2, buffer);
}

int rill_task_set_name(rill_task_t task, const char *name)
{
    rill_tcb_t *tcb = tcb_of(task);
    if (tcb == NULL) {
        return RILL_ESTALE;
    }
    SET_TASK_NAME(tcb, name);
    return RILL_OK;
}

rill_state_t rill_task_state(rill_task_t task)
{
    rill_tcb_t *tcb = tcb_of(task);
    return tcb != NULL ? (rill_state_t)tcb->future.state : RILL_CANCELLED;
}
