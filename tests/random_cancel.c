// rill-test: big | boards=host,mps2-*,virt-*
// Properties under random cancellation: a seeded program of tasks that use everything that waits, cancelled at random,
// with interrupts that post and complete; after every step the kernel's structures and the program's books must agree
// (tests/integrity.h). At the end everything ends and nothing is left. Virtual time: a seed always gives the same run.
#include <rill/barrier.h>
#include <rill/channel.h>
#include <rill/condition.h>
#include <rill/event.h>
#include <rill/flags.h>
#include <rill/gather.h>
#include <rill/group.h>
#include <rill/pipe.h>
#include <rill/queue.h>
#include <rill/rwlock.h>
#include <rill/semaphore.h>
#include <rill/signal.h>
#include <rill/ticker.h>
#include <rill/timeout.h>
#include <rill/watch.h>

#include "arch.h"
#include "test.h"

#if defined(__unix__) || defined(__linux__)
#ifndef WORKERS
#define WORKERS 40
#define CHILDREN 60
#endif
#define STACK 16384
#define STEPS 10000u
#if defined(SOAK)
#define SEEDS 500u
#else
#define SEEDS 20u
#endif
#else
#define WORKERS 12
#define CHILDREN 16
#define STACK (sizeof(void *) == 4 ? 3072 : 6144)
#define STEPS 1000u
#define SEEDS 5u
#endif
#ifndef FIRST_SEED
#define FIRST_SEED 1u
#endif

#define TASKS (WORKERS + CHILDREN + 1)
#define INTEGRITY_TASKS TASKS
#include "integrity.h"

RILL_TASK_POOL_DEFINE(tasks, TASKS, STACK);

enum { LOCKS = 2, SEMAPHORES = 3, EVENTS = 2, QUEUES = 3, CAPACITY = 4, PIPE_BYTES = 16, FUTURES = 6, SIGNALS = 2 };
enum { DEPTH = 3 }; // of scopes
enum { CLEARED_FLAG = 16 }; // only a wait that is for nothing else clears it
enum { FAILURE = RILL_EUSER - 7, PAUSES = 7 };

// ---- what the tasks use, and the program's books about it

static uint32_t seed, random_state, steps;
static bool stopping;
static const rill_node_t *main_node;

static struct {
    rill_lock_t lock;
    const rill_tcb_t *holder;
} locks[LOCKS + 1]; // the last is the condition's

static struct {
    rill_bounded_semaphore_t semaphore; // the last is used as a bounded one
    unsigned permits, held, waiting;
    suspicion_t late;
} semaphores[SEMAPHORES];

static struct {
    rill_queue_t queue;
    uintptr_t storage[CAPACITY];
    uint32_t items[CAPACITY]; // what is in it: in order of arrival, or for a priority queue the smallest first
    unsigned size, unfinished, users, getting, putting;
    bool shut, reserved, peeked;
    uint32_t next;
} queues[QUEUES];

static struct {
    rill_future_t future;
    rill_completion_t cell;
    unsigned users, interrupts;
} futures[FUTURES];

static struct {
    rill_signal_t signal;
    unsigned waiting;
    bool unseen; // set, and no wait has returned since
    suspicion_t late;
} signals[SIGNALS];

static struct {
    rill_flags_t flags;
    unsigned waiting; // for the flag that every wait clears
    bool unseen;      // it was set, and no wait has returned since
    suspicion_t late;
} flags;

static struct {
    rill_rwlock_t lock;
    unsigned readers, writers, users;
} rwlock;

static struct {
    rill_condition_t condition;
    unsigned tokens, waiting;
} condition;

static struct {
    rill_barrier_t barrier;
    unsigned users;
} barrier;

static struct {
    rill_pipe_t pipe;
    uint8_t bytes[PIPE_BYTES];
    unsigned in, out, writing, reading;
    suspicion_t late_reader, late_writer;
} pipeline;

static struct {
    rill_watch_t watch;
    uint32_t value, last;
} watched;

static rill_event_t events[EVENTS];
static uint32_t published;
RILL_CHANNEL_DEFINE(channel, uint32_t, CAPACITY);

// Of the task in that block of the pool.
static struct {
    rill_timeout_t limits[DEPTH];
    uint8_t seen[DEPTH];
    uint8_t depth;
    uint8_t nesting;
    uint32_t watch_seen;
    uint32_t flags_mask; // what it waits for
    unsigned flags_mode;
} books[TASKS];

static rill_task_t workers[WORKERS];

static struct {
    rill_handle_t handle;
} posts[2];
static unsigned interrupts; // injected that have not come

// ---- failing

void rill_log(const char *text)
{
    (void)text; // half of what these tasks do is worth a report
}

static _Noreturn void broken(const char *what, const void *object)
{
    test_printf("FAIL random_cancel.properties: seed %u step %u: %s (%p)\n", (unsigned)seed, (unsigned)steps, what,
                (void *)(uintptr_t)object);
    rill_arch_exit(1);
    for (;;) {
    }
}

static void expect(bool ok, const char *what)
{
    if (!ok) {
        broken(what, NULL);
    }
}

static uint32_t rnd(uint32_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return (random_state >> 8) % n;
}

static unsigned self_number(void)
{
    return number_of(running_task());
}

// ---- the program's checks

static void saw_callback(const void *arg)
{
    uintptr_t offset = (uintptr_t)arg - (uintptr_t)books;
    if (offset < sizeof books) {
        unsigned i = (unsigned)(offset / sizeof books[0]);
        unsigned k = (unsigned)(offset % sizeof books[0] / sizeof books[0].limits[0]);
        expect(k < books[i].depth, "callback of a time limit that has ended");
        books[i].seen[k]++;
    }
}

static void check_limit(const rill_timeout_t *limit, unsigned seen)
{
    bool armed = limit->state == RILL_TIMEOUT_ENTERED && limit->when != RILL_NEVER;
    if (seen != armed) {
        broken("time limit is armed once, or not", limit);
    }
}

static void check_limits(void)
{
    for (unsigned i = 0; i < TASKS; i++) {
        for (unsigned k = 0; k < books[i].depth; k++) {
            check_limit(&books[i].limits[k], books[i].seen[k]);
            books[i].seen[k] = 0;
        }
    }
}

static void check_locks(void)
{
    for (unsigned i = 0; i <= LOCKS; i++) {
        unsigned waiting = check_lock(&locks[i].lock);
        expect(locks[i].lock.locked == (locks[i].holder != NULL), "lock: held, and by somebody");
        bool woken = waiting > 0 && !CONTAINER(locks[i].lock.waiters, struct rill_lock_wait, link)->pending;
        expect(locks[i].lock.locked || waiting == 0 || woken, "lock: free, and nobody was woken");
    }
    check_lock(&barrier.barrier.lock);
    expect(!barrier.barrier.lock.locked, "barrier: its lock is held across a wait");
}

static unsigned length_of(const rill_node_t *list)
{
    unsigned n = 0;
    for (const rill_node_t *node = list; node != NULL; node = node->next != list ? node->next : NULL) {
        n++;
    }
    return n;
}

// Of `inside` tasks that are in a call that waits, some are in the list and the others were woken: are these as many as
// there are things to have, or are all?
static bool enough_woken(const rill_node_t *list, unsigned inside, unsigned things)
{
    unsigned waiting = length_of(list);
    return waiting <= inside && inside - waiting >= (things < waiting ? things : waiting);
}

static void check_semaphores(void)
{
    for (unsigned i = 0; i < SEMAPHORES; i++) {
        const rill_semaphore_t *semaphore = &semaphores[i].semaphore.semaphore;
        unsigned free = rill_semaphore_value(semaphore);
        unsigned granted = semaphore->permits >> 16;
        expect(free + granted + semaphores[i].held == semaphores[i].permits, "semaphore: permits lost or made");
        expect(free == 0 || semaphore->waiters == NULL || granted > 0,
               "semaphore: a permit is free and nobody was woken");
        expect(granted <= semaphores[i].waiting - length_of(semaphore->waiters), "semaphore: granted to nobody");
        suspect(&semaphores[i].late, free > 0 ? semaphore->waiters : NULL,
                "semaphore: a permit is free and a task waits");
    }
}

static bool before(const void *a, const void *b)
{
    return *(const uintptr_t *)a < *(const uintptr_t *)b;
}

static bool queue_holds(const rill_queue_t *queue, bool fifo, uint32_t item)
{
    for (unsigned i = 0; i < queue->used; i++) {
        unsigned at = fifo ? (queue->head + i) % queue->capacity : i;
        if (queue->storage[at] == item) {
            return true;
        }
    }
    return false;
}

static void check_queue(unsigned q)
{
    const rill_queue_t *queue = &queues[q].queue;
    expect(rill_queue_size(queue) == queues[q].size, "queue: number of items");
    expect(queue->unfinished == queues[q].unfinished, "queue: unfinished items");
    for (unsigned i = 0; i < queues[q].size; i++) {
        expect(queue_holds(queue, q == RILL_FIFO, queues[q].items[i]), "queue: item lost");
    }
    expect(queue->unfinished > 0 || queue->joiners == NULL, "queue: joined and waits");
    bool no_getters = queue->getters == NULL || queues[q].peeked;
    expect(!queues[q].shut || (no_getters && queue->putters == NULL), "queue: waits after the shutdown");
    unsigned there = queues[q].peeked ? 0 : queues[q].size;
    unsigned room = queues[q].reserved ? 0 : CAPACITY - queues[q].size;
    expect(enough_woken(queue->getters, queues[q].getting, there), "queue: an item is there and a task waits for it");
    expect(enough_woken(queue->putters, queues[q].putting, room), "queue: there is room and a task waits");
}

static void check_latches(void)
{
    for (unsigned i = 0; i < EVENTS; i++) {
        expect(!events[i].set || events[i].waiters == NULL, "event: set and a task waits");
    }
    for (unsigned i = 0; i < FUTURES; i++) {
        expect(!rill_future_done(&futures[i].future) || futures[i].future.waiters == NULL,
               "future: done and a task waits");
    }
    for (unsigned i = 0; i < SIGNALS; i++) {
        const rill_signal_t *signal = &signals[i].signal;
        bool set = rill_signal_is_set(signal);
        bool woken = signals[i].waiting > (set ? 0 : length_of(signal->state)); // set, nobody waits in it
        expect(!signals[i].unseen || set || woken, "signal: lost");
    }
    expect(enough_woken(condition.condition.waiters, condition.waiting, condition.tokens),
           "condition: true and nobody notified");
}

static bool has_flags(const rill_tcb_t *task)
{
    uint32_t bits = rill_flags_get(&flags.flags);
    uint32_t mask = books[number_of(task)].flags_mask;
    bool all = (books[number_of(task)].flags_mode & RILL_FLAGS_ALL) != 0;
    return all ? (bits & mask) == mask : (bits & mask) != 0;
}

static void check_flags(void)
{
    const rill_node_t *late = NULL;
    const rill_node_t *node = flags.flags.waiters;
    unsigned waiting = 0;
    while (node != NULL) { // bound: waiters
        const rill_tcb_t *task = CONTAINER(node, const rill_tcb_t, node);
        late = late == NULL && has_flags(task) ? node : late;
        waiting += books[number_of(task)].flags_mask == CLEARED_FLAG;
        node = node->next != flags.flags.waiters ? node->next : NULL;
    }
    bool woken = flags.waiting > waiting;
    expect(!flags.unseen || woken || (rill_flags_get(&flags.flags) & CLEARED_FLAG) != 0, "flags: lost");
    suspect(&flags.late, late, "flags: set and a task waits for them");
}

static void check_rwlock(void)
{
    const rill_rwlock_t *lock = &rwlock.lock;
    unsigned holds = rwlock.readers + rwlock.writers;
    expect(lock->readers >= rwlock.readers && lock->writer >= rwlock.writers, "rwlock: taken away");
    expect((unsigned)lock->readers + lock->writer <= holds + rwlock.users, "rwlock: held by nobody");
    expect(!lock->writer || lock->readers == 0, "rwlock: read and written");
    expect(lock->waiters == NULL || lock->writer || lock->readers > 0, "rwlock: free and a task waits");
    const rill_wait_t *wait = lock->waiters != NULL ? CONTAINER(lock->waiters, const rill_tcb_t, node)->wait : NULL;
    expect(wait == NULL || lock->writer || !is_kind(wait, "rwlock read"),
           "rwlock: a reader at the head waits for readers");
}

static void check_barrier(void)
{
    const rill_barrier_t *b = &barrier.barrier;
    expect(b->count <= b->parties && b->count <= barrier.users, "barrier: more tasks than there are");
    expect(b->state != RILL_BARRIER_FILLING || b->count < b->parties, "barrier: full and waits");
    expect(b->count > 0 || b->state == RILL_BARRIER_FILLING || b->state == RILL_BARRIER_BROKEN,
           "barrier: does not restart");
}

static void check_pipe(void)
{
    const rill_pipe_t *pipe = &pipeline.pipe;
    unsigned there = (unsigned)rill_pipe_available(pipe);
    bool quiet = pipeline.writing == 0 && pipeline.reading == 0;
    expect(!quiet || there == pipeline.in - pipeline.out, "pipe: bytes lost or made");
    expect(there > 0 || pipe->drainers == NULL, "pipe: drained and waits");
    check_lock(&pipe->lock);
    suspect(&pipeline.late_reader, pipe->want > 0 && there >= pipe->want ? pipe->reader : NULL,
            "pipe: bytes and a reader");
    suspect(&pipeline.late_writer, there < PIPE_BYTES ? pipe->writer : NULL, "pipe: room and a writer");
}

static void check_watch(void)
{
    const rill_node_t *list = watched.watch.waiters;
    for (const rill_node_t *node = list; node != NULL; node = node->next != list ? node->next : NULL) {
        uint32_t seen = books[number_of(CONTAINER(node, const rill_tcb_t, node))].watch_seen;
        expect(seen == watched.watch.version, "watch: a new version and a task waits");
    }
}

static int walk_again(void *arg);

// A step is over: everything is looked at.
static void step(void)
{
    steps++;
    integrity_walk();
    check_limits();
    check_locks();
    check_semaphores();
    for (unsigned i = 0; i < QUEUES; i++) {
        check_queue(i);
    }
    check_latches();
    check_flags();
    check_rwlock();
    check_barrier();
    check_pipe();
    check_watch();
    integrity_end(walk_again);
}

static int walk_again(void *arg)
{
    (void)arg;
    integrity_iterations++;
    step();
    return RILL_OK;
}

// ---- waiting in between

static int use_future(int (*use)(rill_future_t *future, rill_value_t *value))
{
    unsigned i = rnd(FUTURES);
    rill_value_t value = -1;
    futures[i].users++;
    int error = use(&futures[i].future, &value);
    futures[i].users--;
    expect(error == RILL_OK || error == FAILURE || error == RILL_ECANCELED, "future: code");
    expect(error != RILL_OK || value == (rill_value_t)(100 + i), "future: value");
    return error;
}

static int await_some(rill_future_t *future, rill_value_t *value)
{
    return rill_await(future, value);
}

static int cancel_self(void)
{
    rill_task_cancel(rill_task_current());
    return RILL_OK;
}

static int pause_for(void)
{
    switch (rnd(PAUSES)) {
    case 0: return rill_yield();
    case 1: return rill_sleep_us(rnd(3000));
    case 2: return rill_sleep_until(rill_loop_time() - rnd(2));
    case 3: return use_future(rill_shield);
    case 4: return use_future(await_some);
    case 5: return rnd(4) == 0 ? cancel_self() : rill_yield();
    default: return RILL_OK;
    }
}

// Hits the task that was woken last, before it runs: it has to hand on what it was woken for.
static void cancel_woken(void)
{
    const rill_node_t *node = integrity_loop->cur->prev;
    if (is_task(node) && node != integrity_loop->cur && node != main_node) {
        rill_tcb_t *task = CONTAINER(node, rill_tcb_t, node);
        rill_task_cancel((rill_task_t){ task, task->id });
    }
}

// Counts as a failure only what a cancelled wait may return.
static int plain(int error)
{
    expect(error == RILL_OK || error == RILL_ECANCELED, "code of a wait");
    if (rnd(25) == 0) {
        cancel_woken();
    }
    step();
    return error;
}

// What a section that was paused in returns: the pause's cancellation, or nothing.
static int passed_on(int error)
{
    return error == RILL_ECANCELED ? error : RILL_OK;
}

// ---- locks

static void hold(unsigned i)
{
    expect(locks[i].holder == NULL, "lock: two hold it");
    locks[i].holder = running_task();
}

static void let_go(unsigned i)
{
    expect(locks[i].holder == running_task(), "lock: taken away");
    locks[i].holder = NULL;
    expect(rill_lock_release(&locks[i].lock) == RILL_OK, "lock: release");
    step();
}

static int take(unsigned i)
{
    int error = rill_lock_acquire(&locks[i].lock);
    if (error == RILL_OK) {
        hold(i);
    }
    return plain(error);
}

static int op_lock(void)
{
    unsigned i = rnd(LOCKS);
    int error = take(i);
    if (error == RILL_OK) {
        error = passed_on(pause_for());
        step();
        let_go(i);
    }
    return error;
}

static int has_token(void *arg)
{
    (void)arg;
    return condition.tokens > 0;
}

static int wait_for_token(void)
{
    int result;
    locks[LOCKS].holder = NULL;
    condition.waiting++;
    do { // bound: notifications
        locks[LOCKS].holder = NULL;
        result = rnd(2) ? rill_condition_wait(&condition.condition)
                        : rill_condition_wait_for(&condition.condition, has_token, NULL);
        hold(LOCKS);
    } while (result >= 0 && condition.tokens == 0);
    condition.waiting--;
    return result < 0 ? result : RILL_OK;
}

static int op_consume(void)
{
    if (take(LOCKS) != RILL_OK) {
        return RILL_ECANCELED;
    }
    int error = condition.tokens > 0 ? RILL_OK : wait_for_token();
    condition.tokens -= error == RILL_OK;
    step();
    let_go(LOCKS);
    return error;
}

static int op_produce(void)
{
    int error = take(LOCKS);
    if (error == RILL_OK) {
        error = passed_on(pause_for());
        unsigned n = 1 + rnd(2);
        condition.tokens += n;
        expect(rill_condition_notify(&condition.condition, n) == RILL_OK, "condition: notify");
        let_go(LOCKS);
    }
    return error;
}

static int op_semaphore(void)
{
    unsigned i = rnd(SEMAPHORES);
    bool bounded = i + 1 == SEMAPHORES;
    rill_bounded_semaphore_t *s = &semaphores[i].semaphore;
    semaphores[i].waiting++;
    int error = bounded ? rill_bounded_semaphore_acquire(s) : rill_semaphore_acquire(&s->semaphore);
    semaphores[i].waiting--;
    semaphores[i].held += error == RILL_OK;
    if (plain(error) != RILL_OK) {
        return error;
    }
    error = passed_on(pause_for());
    semaphores[i].held--;
    int released = bounded ? rill_bounded_semaphore_release(s) : rill_semaphore_release(&s->semaphore);
    expect(released == RILL_OK, "semaphore: release");
    return plain(error);
}

static int op_rwlock_write(void)
{
    rwlock.users++;
    int error = rill_rwlock_acquire_write(&rwlock.lock);
    rwlock.users--;
    if (error != RILL_OK) {
        return plain(error);
    }
    rwlock.writers++;
    step();
    error = passed_on(pause_for());
    rwlock.writers--;
    if (rnd(3) == 0) {
        rwlock.readers++;
        expect(rill_rwlock_downgrade(&rwlock.lock) == RILL_OK, "rwlock: downgrade");
        step();
        rwlock.readers--;
        expect(rill_rwlock_release_read(&rwlock.lock) == RILL_OK, "rwlock: release");
    } else {
        expect(rill_rwlock_release_write(&rwlock.lock) == RILL_OK, "rwlock: release");
    }
    return plain(error);
}

static int op_rwlock_read(void)
{
    rwlock.users++;
    int error = rill_rwlock_acquire_read(&rwlock.lock);
    rwlock.users--;
    if (error != RILL_OK) {
        return plain(error);
    }
    rwlock.readers++;
    step();
    error = passed_on(pause_for());
    rwlock.readers--;
    expect(rill_rwlock_release_read(&rwlock.lock) == RILL_OK, "rwlock: release");
    return plain(error);
}

static int op_barrier(void)
{
    barrier.users++;
    int result = rnd(20) == 0 ? rill_barrier_abort(&barrier.barrier) : rill_barrier_wait(&barrier.barrier);
    if (result == RILL_EBROKEN) {
        result = rill_barrier_reset(&barrier.barrier);
    }
    barrier.users--;
    expect(result < 3, "barrier: index");
    return plain(result > 0 ? RILL_OK : result);
}

// ---- latches

static int op_event(void)
{
    return plain(rill_event_wait(&events[rnd(EVENTS)]));
}

static int op_signal(void)
{
    unsigned i = rnd(SIGNALS);
    signals[i].waiting++;
    int error = rill_signal_wait(&signals[i].signal);
    signals[i].waiting--;
    signals[i].unseen &= error != RILL_OK;
    return plain(error);
}

static int op_cleared_flag(void)
{
    unsigned i = self_number();
    books[i].flags_mask = CLEARED_FLAG;
    books[i].flags_mode = RILL_FLAGS_CLEAR | (rnd(2) ? RILL_FLAGS_ALL : RILL_FLAGS_ANY);
    flags.waiting++;
    int error = rill_flags_wait(&flags.flags, CLEARED_FLAG, books[i].flags_mode, NULL);
    flags.waiting--;
    flags.unseen &= error != RILL_OK;
    return plain(error);
}

static int op_flags(void)
{
    unsigned i = self_number();
    uint32_t seen = 0;
    books[i].flags_mask = 1 + rnd(15);
    books[i].flags_mode = rnd(4);
    int error = rill_flags_wait(&flags.flags, books[i].flags_mask, books[i].flags_mode, &seen);
    expect(error != RILL_OK || (seen & books[i].flags_mask) == seen, "flags: others than asked for");
    expect(error != RILL_OK || seen != 0, "flags: none");
    return plain(error);
}

static int op_ticker(void)
{
    rill_ticker_t ticker = RILL_TICKER_INIT(1 + rnd(2000));
    int missed = rill_ticker_wait(&ticker);
    if (missed >= 0) {
        missed = rill_ticker_wait(&ticker);
    }
    return plain(missed > 0 ? RILL_OK : missed);
}

static int op_channel(void)
{
    rill_subscriber_t subscriber;
    int result = RILL_OK;
    rill_channel_subscribe(&channel, &subscriber, rnd(CAPACITY));
    uint32_t last = subscriber.next - 1, message = 0;
    for (unsigned n = rnd(4); n > 0 && result >= 0; n--) {
        result = rill_channel_receive(&subscriber, &message);
        expect(result < 0 || message == last + 1 + (uint32_t)result, "channel: message lost or seen twice");
        last = result < 0 ? last : message;
    }
    rill_channel_unsubscribe(&subscriber);
    return plain(result > 0 ? RILL_OK : result);
}

static int op_future(void)
{
    int error = use_future(rnd(2) ? await_some : rill_shield);
    step();
    return error == RILL_ECANCELED ? error : RILL_OK;
}

// ---- queues

static void insert_item(unsigned q, uint32_t item)
{
    unsigned i = queues[q].size++;
    for (; q == RILL_PRIORITY && i > 0 && queues[q].items[i - 1] > item; i--) {
        queues[q].items[i] = queues[q].items[i - 1];
    }
    queues[q].items[i] = item;
    queues[q].unfinished++;
}

static uint32_t remove_item(unsigned q)
{
    expect(queues[q].size > 0, "queue: item from nowhere");
    unsigned last = --queues[q].size;
    uint32_t item = queues[q].items[q == RILL_LIFO ? last : 0];
    for (unsigned i = 0; q != RILL_LIFO && i < last; i++) {
        queues[q].items[i] = queues[q].items[i + 1];
    }
    return item;
}

// The code of a queue operation, as the task goes on with it.
static int queue_code(int error)
{
    return error == RILL_ESHUTDOWN || error == RILL_EQFULL || error == RILL_EQEMPTY ? RILL_OK : error;
}

// Numbers are never used twice; a priority is in front of the number.
static int op_put(bool wait)
{
    unsigned q = rnd(QUEUES);
    queues[q].users++;
    uintptr_t item = queues[q].next++ | (q == RILL_PRIORITY ? rnd(4) << 29 : 0);
    queues[q].putting += wait;
    int error = wait ? rill_queue_put(&queues[q].queue, &item) : rill_queue_put_nowait(&queues[q].queue, &item);
    queues[q].putting -= wait;
    if (error == RILL_OK) {
        insert_item(q, (uint32_t)item);
    }
    queues[q].users--;
    return plain(queue_code(error));
}

static int op_get(bool wait)
{
    unsigned q = rnd(QUEUES);
    uintptr_t item = 0;
    queues[q].users++;
    queues[q].getting += wait;
    int error = wait ? rill_queue_get(&queues[q].queue, &item) : rill_queue_get_nowait(&queues[q].queue, &item);
    queues[q].getting -= wait;
    if (error == RILL_OK) {
        expect(item == remove_item(q), "queue: the wrong item");
        error = wait ? passed_on(pause_for()) : RILL_OK;
        step();
        queues[q].unfinished--;
        expect(rill_queue_task_done(&queues[q].queue) == RILL_OK, "queue: task_done");
    }
    queues[q].users--;
    return plain(queue_code(error));
}

// In place: what is reserved is put in or given back, what is peeked at is taken or left.
static int op_reserve(void)
{
    void *slot = NULL;
    queues[0].users++;
    queues[0].putting++;
    int error = rill_queue_reserve(&queues[0].queue, &slot);
    queues[0].putting--;
    if (error == RILL_OK) {
        expect(!queues[0].reserved, "queue: reserved twice");
        queues[0].reserved = true;
        step();
        uint32_t item = queues[0].next++;
        *(uintptr_t *)slot = item;
        error = passed_on(pause_for());
        bool commits = rnd(3) > 0;
        int ended = commits ? rill_queue_commit(&queues[0].queue) : rill_queue_abandon(&queues[0].queue);
        expect(ended == RILL_OK || (ended == RILL_ESHUTDOWN && queues[0].shut && commits),
               "queue: end of a reservation");
        queues[0].reserved = false;
        if (commits && ended == RILL_OK) {
            insert_item(0, item);
        }
    }
    queues[0].users--;
    return plain(queue_code(error));
}

static void end_peek(bool takes)
{
    queues[0].peeked = false;
    int ended = takes ? rill_queue_release(&queues[0].queue) : rill_queue_unpeek(&queues[0].queue);
    expect(ended == RILL_OK, "queue: end of a peek");
    if (takes) {
        remove_item(0);
        step();
        queues[0].unfinished--;
        expect(rill_queue_task_done(&queues[0].queue) == RILL_OK, "queue: task_done");
    }
}

static int op_peek(void)
{
    void *slot = NULL;
    queues[0].users++;
    queues[0].getting++;
    int error = rill_queue_peek(&queues[0].queue, &slot);
    queues[0].getting--;
    if (error == RILL_OK) {
        expect(!queues[0].peeked, "queue: peeked at twice");
        queues[0].peeked = true;
        step();
        error = passed_on(pause_for());
        expect(queues[0].size > 0 && *(uintptr_t *)slot == queues[0].items[0], "queue: the wrong item peeked at");
        end_peek(rnd(3) > 0);
    }
    queues[0].users--;
    return plain(queue_code(error));
}

static int op_join(void)
{
    unsigned q = rnd(QUEUES);
    queues[q].users++;
    int error = rill_queue_join(&queues[q].queue);
    queues[q].users--;
    return plain(error);
}

// ---- pipe, watch

static int pipe_code(int result)
{
    expect(result != 0, "pipe: ended");
    return plain(result > 0 || result == RILL_EPERM ? RILL_OK : result);
}

static int op_write(void)
{
    static const uint8_t data[3 * PIPE_BYTES / 2] = { 1, 2, 3 };
    size_t accepted = 0, n = 1 + rnd(sizeof data);
    pipeline.writing++;
    int result = rill_pipe_write(&pipeline.pipe, data, n, &accepted);
    pipeline.writing--;
    pipeline.in += (unsigned)accepted;
    expect(result < 0 || (accepted == n && result == (int)n), "pipe: bytes written");
    return pipe_code(result);
}

static int op_read(void)
{
    uint8_t data[3 * PIPE_BYTES / 2];
    size_t got = 0, n = 1 + rnd(sizeof data);
    bool exactly = rnd(2);
    pipeline.reading++;
    int result = exactly ? rill_pipe_readexactly(&pipeline.pipe, data, n, &got)
                         : rill_pipe_read(&pipeline.pipe, data, n);
    pipeline.reading--;
    expect(!exactly || result < 0 || result == (int)n, "pipe: bytes read");
    expect(result >= 0 || n > PIPE_BYTES || got == 0, "pipe: bytes lost");
    pipeline.out += result > 0 ? (unsigned)result : (unsigned)got;
    return pipe_code(result);
}

static int op_drain(void)
{
    return plain(rill_pipe_drain(&pipeline.pipe));
}

static int op_watch(void)
{
    uint32_t value = 0, *seen = &books[self_number()].watch_seen;
    uint32_t old = *seen = rnd(2) ? rill_watch_version(&watched.watch) : *seen;
    int error = rill_watch_wait(&watched.watch, seen, &value);
    expect(error != RILL_OK || (*seen != old && value == watched.value), "watch: version or value");
    return plain(error);
}

static void set_watched(void)
{
    watched.value++;
    expect(rill_watch_set(&watched.watch, &watched.value) == RILL_OK, "watch: set");
}

// ---- one of those

static int simple_op(void)
{
    switch (rnd(25)) {
    case 0: return op_lock();
    case 1: return op_consume();
    case 2: return rnd(3) ? op_consume() : op_produce();
    case 3: case 4: return op_semaphore();
    case 5: return op_rwlock_write();
    case 6: return op_rwlock_read();
    case 7: return op_barrier();
    case 8: return op_event();
    case 9: return op_signal();
    case 10: return rnd(2) ? op_flags() : op_cleared_flag();
    case 11: return op_ticker();
    case 12: return op_channel();
    case 13: return op_future();
    case 14: case 15: return op_put(true);
    case 16: case 17: return op_get(true);
    case 18: return op_reserve();
    case 19: return op_peek();
    case 20: return op_write();
    case 21: return op_read();
    case 22: return op_drain();
    case 23: return op_watch();
    default: return op_join();
    }
}

// ---- children

static int any_op(void);

static unsigned orphans;

// Counts itself while it runs.
static int child(void *arg)
{
    unsigned *running = arg;
    unsigned i = self_number();
    books[i].depth = 0;
    books[i].nesting = 1;
    ++*running;
    int error = rnd(3) == 0 ? any_op() : simple_op();
    if (error == RILL_ECANCELED && !stopping && rnd(5) == 0) {
        error = rill_sleep_us(rnd(500)); // cleans up
        error = error == RILL_OK && rnd(2) ? RILL_ECANCELED : error;
    }
    step();
    --*running;
    return error < 0 ? error : rnd(5) == 0 ? FAILURE : 7;
}

typedef struct family {
    rill_task_t tasks[3];
    rill_awaitable_t children[4];
    unsigned n;    // tasks
    unsigned uses; // awaitables: the tasks, and perhaps a future
    unsigned future;
} family_t;

static void family_begin(family_t *family, unsigned n)
{
    memset(family, 0, sizeof *family);
    for (unsigned i = 0; i < n; i++) {
        int error = rill_spawn(&tasks, child, &orphans, &family->tasks[family->n]);
        expect(error == RILL_OK || error == RILL_ENOMEM, "spawn");
        if (error == RILL_OK) {
            family->children[family->uses++].future = rill_task_future(family->tasks[family->n++]);
        }
    }
    family->future = rnd(FUTURES);
    futures[family->future].users++;
    if (family->n == 0 || rnd(2)) {
        family->children[family->uses++].future = &futures[family->future].future;
    }
    step();
}

static void family_end(family_t *family)
{
    for (unsigned i = 0; i < family->n; i++) {
        if (rnd(2)) {
            rill_task_cancel(family->tasks[i]);
        }
        rill_detach(family->tasks[i]);
    }
    futures[family->future].users--;
    step();
}

// An outcome of others is none of ours, except a cancellation.
static int child_code(int error)
{
    return error == FAILURE || error == RILL_ETIMEDOUT || error == RILL_ENODATA || error > 0 ? RILL_OK : error;
}

static rill_time_t some_time(void)
{
    return rnd(4) == 0 ? RILL_NEVER : rnd(4) == 0 ? 0 : rnd(4000);
}

static int op_gather(void)
{
    family_t family;
    family_begin(&family, rnd(4));
    unsigned flags_given = rnd(2) ? RILL_COLLECT : 0;
    int error = rill_gather(family.children, family.uses, flags_given);
    for (unsigned i = 0; i < family.uses && error == RILL_OK; i++) {
        expect(family.children[i].done && rill_future_done(family.children[i].future), "gather: not all are done");
    }
    step();
    family_end(&family);
    return plain(child_code(error));
}

static int op_wait(void)
{
    family_t family;
    family_begin(&family, rnd(4));
    unsigned mode = rnd(3);
    rill_time_t limit = some_time();
    int done = rill_wait(family.children, family.uses, (rill_wait_mode_t)mode, limit);
    expect(done <= (int)family.uses, "wait: number done");
    expect(done < 0 || limit != RILL_NEVER || mode != RILL_ALL_COMPLETED || done == (int)family.uses, "wait: not all");
    expect(done != 0 || limit != RILL_NEVER, "wait: none");
    step();
    family_end(&family);
    return plain(child_code(done));
}

static int op_select(void)
{
    family_t family;
    unsigned turn = rnd(4);
    family_begin(&family, rnd(4));
    int index = rill_select(family.children, family.uses, &turn, some_time());
    expect(index < 0 || rill_future_done(family.children[index].future), "select: is not done");
    step();
    family_end(&family);
    return plain(child_code(index));
}

static int op_as_completed(void)
{
    family_t family;
    rill_as_completed_t it;
    rill_awaitable_t *next = NULL;
    family_begin(&family, rnd(4));
    int error = rill_as_completed_begin(&it, family.children, family.uses, some_time());
    unsigned n = 0;
    while (error == RILL_OK && n <= family.uses) {
        error = rill_as_completed_next(&it, &next);
        n++;
        expect(error != RILL_OK || next->done, "as_completed: is not done");
        step();
    }
    expect(error != RILL_OK, "as_completed: too many");
    rill_as_completed_end(&it);
    step();
    family_end(&family);
    return plain(child_code(error));
}

static int op_wait_for(void)
{
    family_t family;
    family_begin(&family, rnd(2));
    int error = rill_wait_for(family.children[0].future, some_time(), NULL);
    expect(error == RILL_ECANCELED || rill_future_done(family.children[0].future), "wait_for: is not done");
    step();
    family_end(&family);
    return plain(child_code(error));
}

static int op_shield(void)
{
    family_t family;
    rill_shield_t shield;
    family_begin(&family, 1);
    rill_awaitable_t both[2] = { { .future = rill_shield_begin(&shield, family.children[0].future) },
                                 { .future = family.children[family.uses - 1].future } };
    int error = rnd(2) ? rill_gather(both, 2, RILL_COLLECT) : rill_wait_for(both[0].future, some_time(), NULL);
    step();
    rill_shield_end(&shield);
    family_end(&family);
    return plain(child_code(error));
}

static int op_join_child(void)
{
    rill_task_t task;
    rill_spawn_options_t options = { .eager = rnd(2), .name = "joined" };
    if (rill_spawn_with(&tasks, child, &orphans, &options, &task) != RILL_OK) {
        return pause_for() == RILL_ECANCELED ? RILL_ECANCELED : RILL_OK;
    }
    step();
    int error = rill_join(task, NULL);
    expect(error != RILL_OK || rill_task_future(task) == NULL, "join: was not reaped");
    rill_detach(task); // the wait may have ended before the task
    return plain(child_code(error));
}

// ---- scopes

static int op_timeout(void)
{
    unsigned i = self_number();
    if (books[i].depth == DEPTH) {
        return simple_op();
    }
    rill_timeout_t *limit = &books[i].limits[books[i].depth];
    *limit = (rill_timeout_t){ 0 };
    expect(rill_timeout_begin(limit, some_time()) == RILL_OK, "timeout: begin");
    books[i].depth++;
    step();
    int error = any_op();
    if (rnd(3) == 0 && !rill_timeout_expired(limit)) {
        rill_time_t when = rnd(3) == 0 ? RILL_NEVER : rill_loop_time() + rnd(3000);
        expect(rill_timeout_reschedule(limit, when) == RILL_OK, "timeout: reschedule");
        step();
        error = error == RILL_OK ? simple_op() : error;
    }
    books[i].depth--;
    error = rill_timeout_end(limit, error);
    expect(error != RILL_ETIMEDOUT || rill_timeout_expired(limit), "timeout: did not expire");
    return plain(error == RILL_ETIMEDOUT ? RILL_OK : error);
}

static int op_group(void)
{
    rill_group_error_t items[2];
    rill_error_list_t errors = RILL_ERROR_LIST_INIT(items);
    rill_group_t group = RILL_GROUP_INIT(&errors);
    unsigned running = 0;
    expect(rill_group_begin(&group) == RILL_OK, "group: begin");
    for (unsigned n = rnd(4); n > 0; n--) {
        rill_spawn_options_t options = { .eager = rnd(4) == 0 };
        rill_group_spawn_with(&group, &tasks, child, &running, &options, NULL);
        step();
    }
    int error = any_op();
    error = rill_group_end(&group, error == RILL_OK && rnd(8) == 0 ? FAILURE : error);
    expect(running == 0 && group.members == NULL && group.unfinished == 0, "group: left before its children");
    expect((error == RILL_EGROUP) == (group.failures > 0), "group: its errors");
    return plain(error == RILL_EGROUP ? RILL_OK : error);
}

static int composite_op(void)
{
    switch (rnd(11)) {
    case 0: return op_gather();
    case 1: return op_wait();
    case 2: return op_select();
    case 3: return op_as_completed();
    case 4: return op_wait_for();
    case 5: return op_shield();
    case 6: return op_join_child();
    case 7: case 8: return op_group();
    default: return op_timeout();
    }
}

static int any_op(void)
{
    unsigned i = self_number();
    if (books[i].nesting == DEPTH || rnd(3) == 0) {
        return simple_op();
    }
    books[i].nesting++;
    int error = composite_op();
    books[i].nesting--;
    return error;
}

// ---- workers

// Ends, cleans up, or goes on as if nothing had been.
static bool gives_up(int error)
{
    if (error == RILL_OK) {
        return stopping || rnd(60) == 0;
    }
    if (stopping || rnd(3) == 0) {
        return true;
    }
    while (rnd(4) != 0 && rill_task_uncancel(rill_task_current()) > 0) { // bound: cancellations
    }
    return false;
}

static int worker(void *arg)
{
    (void)arg;
    unsigned i = self_number();
    books[i].depth = 0;
    books[i].nesting = 0;
    for (;;) { // bound: the run
        int error = any_op();
        expect(books[i].depth == 0 && books[i].nesting == 0, "a scope was not left");
        if (error == RILL_OK && rnd(3) == 0) {
            error = rill_yield();
        }
        step();
        if (gives_up(error)) {
            return error < 0 ? error : rnd(4) == 0 ? FAILURE : 0;
        }
    }
}

static void hire(unsigned i)
{
    if (rill_task_state(workers[i]) == RILL_PENDING) {
        return;
    }
    rill_detach(workers[i]);
    if (!stopping) {
        rill_spawn(&tasks, worker, NULL, &workers[i]);
    }
}

// ---- interrupts

static int posted(void *arg)
{
    step();
    if (arg == &posts[0]) {
        rill_event_set(&events[rnd(EVENTS)]);
        step();
        rill_event_clear(&events[0]);
    } else {
        op_put(false);
        op_get(false);
    }
    return RILL_OK;
}

static void isr_signal(void *arg)
{
    unsigned i = (unsigned)(uintptr_t)arg;
    interrupts--;
    signals[i].unseen = true;
    rill_signal_set_threadsafe(&signals[i].signal);
}

static void isr_flags(void *arg)
{
    interrupts--;
    flags.unseen |= ((uintptr_t)arg & CLEARED_FLAG) != 0;
    rill_flags_set_threadsafe(&flags.flags, (uint32_t)(uintptr_t)arg);
}

static void isr_complete(void *arg)
{
    unsigned i = (unsigned)(uintptr_t)arg;
    interrupts--;
    futures[i].interrupts--;
    rill_future_set_result_threadsafe(&futures[i].future, &futures[i].cell, (rill_value_t)(100 + i));
}

static void isr_fail(void *arg)
{
    unsigned i = (unsigned)(uintptr_t)arg;
    interrupts--;
    futures[i].interrupts--;
    rill_future_set_error_threadsafe(&futures[i].future, &futures[i].cell, FAILURE, 0);
}

static void isr_post(void *arg)
{
    interrupts--;
    rill_call_soon_threadsafe(integrity_loop, arg);
}

static void inject(void (*fn)(void *), void *arg)
{
    interrupts++;
    if (rnd(3) == 0) {
        isr_now(fn, arg);
    } else {
        isr_at((uint32_t)(rill_loop_time() / 1000) + rnd(4), fn, arg);
    }
}

static void interrupt(void)
{
    unsigned i = rnd(FUTURES);
    if (interrupts >= 30) {
        return;
    }
    switch (rnd(5)) {
    case 0: inject(isr_signal, (void *)(uintptr_t)rnd(SIGNALS)); break;
    case 1: inject(isr_flags, (void *)(uintptr_t)(1 + rnd(31))); break;
    case 2: inject(isr_post, &posts[rnd(2)].handle); break;
    default:
        futures[i].interrupts++;
        inject(rnd(2) ? isr_complete : isr_fail, (void *)(uintptr_t)i);
        break;
    }
}

// ---- chaos

static rill_task_t some_task(void)
{
    rill_task_t task = RILL_NO_TASK;
    for (unsigned n = 1 + rnd(TASKS); n > 0; n--) {
        task = rill_task_next(integrity_loop, task);
        task = task.tcb != NULL ? task : rill_task_next(integrity_loop, task);
    }
    return task;
}

static void cancel(rill_task_t task)
{
    if (task.tcb != rill_task_current().tcb) {
        for (unsigned n = rnd(3) == 0 ? 3 : 1; n > 0; n--) {
            rnd(2) ? rill_task_cancel(task) : rill_task_cancel_msg(task, (rill_value_t)rnd(100));
        }
    }
}

static void cancel_all(void)
{
    rill_task_t task = rill_task_next(integrity_loop, RILL_NO_TASK);
    for (; task.tcb != NULL; task = rill_task_next(integrity_loop, task)) { // bound: tasks
        cancel(task);
    }
}

static void new_future(unsigned i)
{
    bool posted_still = futures[i].cell.post.node.prev != NULL;
    if (rill_future_done(&futures[i].future) && futures[i].users == 0 && futures[i].interrupts == 0 && !posted_still) {
        rill_future_init(&futures[i].future, NULL);
    }
}

static void end_future(unsigned i)
{
    switch (rnd(3)) {
    case 0: rill_future_cancel_msg(&futures[i].future, 5); break;
    case 1: rill_future_set_error(&futures[i].future, FAILURE, 0); break;
    default: rill_future_set_result(&futures[i].future, (rill_value_t)(100 + i)); break;
    }
}

static void new_queue(unsigned q)
{
    if (queues[q].users == 0 && queues[q].shut) {
        rill_queue_init(&queues[q].queue, queues[q].storage, sizeof(uintptr_t), CAPACITY, (rill_queue_order_t)q,
                        before);
        queues[q].size = 0;
        queues[q].unfinished = 0;
        queues[q].shut = false;
    }
}

static void shut_queue(unsigned q)
{
    bool immediate = rnd(2);
    queues[q].shut = true;
    rill_queue_shutdown(&queues[q].queue, immediate);
    if (immediate) {
        unsigned kept = queues[q].peeked;
        queues[q].unfinished -= queues[q].size - kept;
        queues[q].size = kept;
    }
}

static void publish(void)
{
    uint32_t message = published++;
    expect(rill_channel_publish(&channel, &message) == RILL_OK, "channel: publish");
}

static void set_flags(uint32_t mask)
{
    flags.unseen |= (mask & CLEARED_FLAG) != 0;
    rill_flags_set(&flags.flags, mask);
}

static void touch_things(void)
{
    switch (rnd(10)) {
    case 0: rill_event_set(&events[rnd(EVENTS)]); break;
    case 1: rill_event_clear(&events[rnd(EVENTS)]); break;
    case 2: set_flags(1 + rnd(31)); break;
    case 3: rill_flags_clear(&flags.flags, 1 + rnd(15)); break;
    case 4: end_future(rnd(FUTURES)); break;
    case 5: rnd(12) == 0 ? shut_queue(rnd(QUEUES)) : (void)op_put(false); break;
    case 6: op_get(false); break;
    case 7: interrupts++; isr_signal((void *)(uintptr_t)rnd(SIGNALS)); break;
    case 8: set_watched(); break;
    default: publish(); break;
    }
}

static void disturb(void)
{
    switch (rnd(5)) {
    case 0: cancel(some_task()); break;
    case 1: rnd(2) ? cancel(some_task()) : cancel_woken(); break;
    case 2: interrupt(); break;
    case 3: hire(rnd(WORKERS)); break;
    default: touch_things(); break;
    }
    if (rnd(200) == 0) {
        cancel_all();
    }
    new_future(rnd(FUTURES));
    new_queue(rnd(QUEUES));
    step();
}

static bool alone(void)
{
    const rill_link_t *list = &integrity_loop->tasks;
    return list->next->next == list && interrupts == 0;
}

// Everything that is cancelled often enough ends.
static void stop(void)
{
    stopping = true;
    for (unsigned n = 0; n < 300 && !alone(); n++) {
        if (n > 5) {
            cancel_all();
        }
        rill_sleep_ms(2);
        step();
    }
    expect(alone(), "a task did not end");
    for (unsigned i = 0; i < WORKERS; i++) {
        hire(i);
    }
    rill_yield();
    rill_yield();
    step();
}

static void check_rest(void)
{
    const rill_loop_t *loop = integrity_loop;
    expect(loop->marker.next == loop->cur && loop->cur->next == &loop->marker && loop->posts == NULL,
           "end: callbacks left");
    expect(rill_wheel_turn(integrity_loop, 0) && integrity_loop->wheel.next == RILL_NEVER, "end: timers left");
    expect(rill_pool_used(&tasks.tcbs) == 1 && rill_pool_used(&tasks.stacks) == 1, "end: tasks left");
    for (unsigned i = 0; i <= LOCKS; i++) {
        expect(!locks[i].lock.locked && locks[i].lock.waiters == NULL && locks[i].lock.live == 0, "end: lock");
    }
    for (unsigned i = 0; i < SEMAPHORES; i++) {
        expect(semaphores[i].semaphore.semaphore.permits == semaphores[i].permits, "end: permits");
        expect(semaphores[i].semaphore.semaphore.waiters == NULL, "end: semaphore");
    }
    expect(rwlock.lock.waiters == NULL && rwlock.lock.readers == 0 && !rwlock.lock.writer, "end: rwlock");
    expect(barrier.barrier.count == 0 && barrier.barrier.condition.waiters == NULL, "end: barrier");
    expect(!pipeline.pipe.lock.locked && pipeline.pipe.reader == NULL && pipeline.pipe.writer == NULL, "end: pipe");
    expect(condition.condition.waiters == NULL && flags.flags.waiters == NULL && channel.waiters == NULL,
           "end: waiters");
}

static int chaos(void *arg)
{
    (void)arg;
    main_node = &running_task()->node;
    for (unsigned i = 0; i < WORKERS; i++) {
        hire(i);
    }
    while (steps < STEPS) {
        for (unsigned n = 1 + rnd(3); n > 0; n--) {
            disturb();
        }
        rnd(2) ? rill_yield() : rill_sleep_us(rnd(1500));
        step();
    }
    stop();
    check_rest();
    return 0;
}

// ---- the run

static void prepare(void)
{
    memset(locks, 0, sizeof locks);
    memset(semaphores, 0, sizeof semaphores);
    memset(queues, 0, sizeof queues);
    memset(futures, 0, sizeof futures);
    memset(signals, 0, sizeof signals);
    memset(books, 0, sizeof books);
    memset(workers, 0, sizeof workers);
    memset(&condition, 0, sizeof condition);
    memset(&rwlock, 0, sizeof rwlock);
    memset(&flags, 0, sizeof flags);
    memset(&pipeline, 0, sizeof pipeline);
    memset(&watched, 0, sizeof watched);
    memset(events, 0, sizeof events);
    condition.condition.lock = &locks[LOCKS].lock;
    orphans = 0;
    barrier.users = 0;
    rill_barrier_init(&barrier.barrier, 3);
    rill_pipe_init(&pipeline.pipe, pipeline.bytes, PIPE_BYTES);
    rill_watch_init(&watched.watch, &watched.last, sizeof watched.last);
    rill_flags_init(&flags.flags);
    rill_channel_init(&channel, channel.storage, sizeof(uint32_t), CAPACITY);
    published = 0;
    interrupts = 0;
    stopping = false;
    steps = 0;
}

static void prepare_arrays(rill_loop_t *loop)
{
    for (unsigned i = 0; i < SEMAPHORES; i++) {
        semaphores[i].permits = 1 + i;
        rill_bounded_semaphore_init(&semaphores[i].semaphore, 1 + i);
    }
    for (unsigned q = 0; q < QUEUES; q++) {
        rill_queue_init(&queues[q].queue, queues[q].storage, sizeof(uintptr_t), CAPACITY, (rill_queue_order_t)q,
                        before);
    }
    for (unsigned i = 0; i < FUTURES; i++) {
        rill_future_init(&futures[i].future, loop);
    }
    for (unsigned i = 0; i < 2; i++) {
        rill_signal_init(&signals[i].signal, loop);
        rill_handle_init(&posts[i].handle, posted, &posts[i]);
    }
}

static void run_seed(void)
{
    random_state = seed * 2654435769u + 1u;
    test_clock_reset(0);
    rill_loop_t *loop = rill_loop_default();
    if (loop->closed) {
        rill_loop_init(loop);
    }
    prepare();
    prepare_arrays(loop);
    integrity_begin(loop, &tasks);
    expect(rill_run(&tasks, chaos, NULL, NULL) == RILL_OK, "run");
    expect(rill_pool_used(&tasks.tcbs) == 0 && rill_pool_used(&tasks.stacks) == 0, "end: pools");
}

TEST(properties)
{
    uint32_t total = 0;
    for (seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
        run_seed();
        total += steps;
    }
    CHECK(total >= SEEDS * STEPS);
}

TEST_MAIN("random_cancel", TEST_CASE(properties))
