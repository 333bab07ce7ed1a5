// rill-test: min-ram=16
// What every function of the synchronisation API and of the combinators answers when it is misused: NULL, bad numbers,
// the wrong context, the wrong state, handles of tasks that are gone.
#include "conformance/sync.h"

static rill_lock_t lock;
static rill_condition_t condition = RILL_CONDITION_INIT(&lock);
static uintptr_t storage[4];
static rill_queue_t queue;
static rill_future_t pending = RILL_FUTURE_INIT;

static bool int_before(const void *a, const void *b)
{
    return *(const int *)a < *(const int *)b;
}

static int yes(void *arg)
{
    (void)arg;
    return 1;
}

static int no(void *arg)
{
    (void)arg;
    return 0;
}

TEST(null_lock_and_event)
{
    CHECK_EQ(rill_lock_acquire(NULL), RILL_EINVAL);
    CHECK_EQ(rill_lock_release(NULL), RILL_EINVAL);
    CHECK(!rill_lock_locked(NULL));
    rill_event_set(NULL);
    rill_event_clear(NULL);
    CHECK(!rill_event_is_set(NULL));
    CHECK_EQ(rill_event_wait(NULL), RILL_EINVAL);
}

TEST(null_semaphore)
{
    CHECK_EQ(rill_semaphore_init(NULL, 1), RILL_EINVAL);
    CHECK_EQ(rill_semaphore_acquire(NULL), RILL_EINVAL);
    CHECK_EQ(rill_semaphore_release(NULL), RILL_EINVAL);
    CHECK(rill_semaphore_locked(NULL));
    CHECK_EQ(rill_bounded_semaphore_init(NULL, 1), RILL_EINVAL);
    CHECK_EQ(rill_bounded_semaphore_acquire(NULL), RILL_EINVAL);
    CHECK_EQ(rill_bounded_semaphore_release(NULL), RILL_EINVAL);
}

TEST(null_condition_and_barrier)
{
    rill_condition_t lockless = RILL_CONDITION_INIT(NULL);
    rill_barrier_t barrier;
    CHECK_EQ(rill_condition_wait(NULL), RILL_EINVAL);
    CHECK_EQ(rill_condition_wait(&lockless), RILL_EINVAL);
    CHECK_EQ(rill_condition_wait_for(NULL, yes, NULL), RILL_EINVAL);
    CHECK_EQ(rill_condition_wait_for(&condition, NULL, NULL), RILL_EINVAL);
    CHECK_EQ(rill_condition_notify(NULL, 1), RILL_EINVAL);
    CHECK_EQ(rill_condition_notify_all(&lockless), RILL_EINVAL);
    CHECK_EQ(rill_barrier_init(NULL, 1), RILL_EINVAL);
    CHECK_EQ(rill_barrier_init(&barrier, 0), RILL_EINVAL);
    CHECK_EQ(rill_barrier_wait(NULL), RILL_EINVAL);
    CHECK_EQ(rill_barrier_abort(NULL), RILL_EINVAL);
    CHECK_EQ(rill_barrier_reset(NULL), RILL_EINVAL);
    CHECK_EQ(rill_barrier_waiting(NULL), 0);
    CHECK(!rill_barrier_broken(NULL));
}

TEST(null_queue)
{
    int item = 0;
    CHECK_EQ(rill_queue_put(NULL, &item), RILL_EINVAL);
    CHECK_EQ(rill_queue_get(NULL, &item), RILL_EINVAL);
    CHECK_EQ(rill_queue_put_nowait(NULL, &item), RILL_EINVAL);
    CHECK_EQ(rill_queue_get_nowait(NULL, &item), RILL_EINVAL);
    CHECK_EQ(rill_queue_join(NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_task_done(NULL), RILL_EINVAL);
    rill_queue_shutdown(NULL, true);
    CHECK_EQ(rill_queue_size(NULL), 0);
    CHECK(rill_queue_empty(NULL));
    CHECK(!rill_queue_full(NULL));
    CHECK_EQ(rill_queue_unfinished(NULL), 0);
}

TEST(queue_init_refuses)
{
    size_t too_big = ((size_t)UINT16_MAX + 1) * sizeof(uintptr_t);
    CHECK_EQ(rill_queue_init(NULL, storage, sizeof(int), 4, RILL_FIFO, NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_init(&queue, NULL, sizeof(int), 4, RILL_FIFO, NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_init(&queue, storage, 0, 4, RILL_FIFO, NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_init(&queue, storage, too_big, 1, RILL_FIFO, NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_init(&queue, storage, SIZE_MAX, 1, RILL_FIFO, NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_init(&queue, storage, sizeof(int), 0, RILL_FIFO, NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_init(&queue, storage, sizeof(int), 4, RILL_PRIORITY, NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_init(&queue, storage, sizeof(int), 4, (rill_queue_order_t)3, int_before), RILL_EINVAL);
    CHECK_EQ(rill_queue_init(&queue, storage, sizeof(int), 4, RILL_PRIORITY, int_before), RILL_OK);
}

TEST(queue_items_and_counts)
{
    int item = 5;
    CHECK_EQ(rill_queue_init(&queue, storage, sizeof(int), 1, RILL_FIFO, NULL), RILL_OK);
    CHECK_EQ(rill_queue_put_nowait(&queue, NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_get_nowait(&queue, NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_put(&queue, NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_get(&queue, NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_get_nowait(&queue, &item), RILL_EQEMPTY);
    CHECK_EQ(rill_queue_task_done(&queue), RILL_EINVAL);
    CHECK_EQ(rill_queue_put_nowait(&queue, &item), RILL_OK);
    CHECK_EQ(rill_queue_put_nowait(&queue, &item), RILL_EQFULL);
    CHECK_EQ(rill_queue_unfinished(&queue), 1);
    CHECK_EQ(rill_queue_task_done(&queue), RILL_OK);
    CHECK_EQ(rill_queue_task_done(&queue), RILL_EINVAL);
    rill_queue_shutdown(&queue, false);
    CHECK_EQ(rill_queue_put_nowait(&queue, &item), RILL_ESHUTDOWN);
    CHECK_EQ(rill_queue_get_nowait(&queue, &item), RILL_OK);
    CHECK_EQ(rill_queue_get_nowait(&queue, &item), RILL_ESHUTDOWN);
    rill_queue_shutdown(&queue, true); // again: no effect
    CHECK_EQ(rill_queue_get(&queue, &item), RILL_ESHUTDOWN);
    CHECK_EQ(item, 5);
}

static rill_semaphore_t semaphore;

static int take_permit(void *arg)
{
    (void)arg;
    return rill_semaphore_acquire(&semaphore);
}

// A permit that was given to a waiter may come back, so it counts.
static int permit_limit_main(void *arg)
{
    (void)arg;
    rill_semaphore_init(&semaphore, 0);
    rill_task_t t = spawn(take_permit, NULL);
    rill_yield();
    for (unsigned i = 0; i < UINT16_MAX; i++) {
        if (rill_semaphore_release(&semaphore) != RILL_OK) {
            return E(1);
        }
    }
    CHECK_EQ(rill_semaphore_release(&semaphore), RILL_EOVERFLOW);
    rill_task_cancel(t);
    CHECK_EQ(rill_await(rill_task_future(t), NULL), RILL_ECANCELED);
    CHECK_EQ((int)rill_semaphore_value(&semaphore), UINT16_MAX);
    return 0;
}

TEST(semaphore_limits)
{
    rill_bounded_semaphore_t bounded;
    CHECK_EQ(rill_semaphore_init(&semaphore, UINT16_MAX + 1u), RILL_EINVAL);
    CHECK_EQ(rill_semaphore_init(&semaphore, UINT16_MAX), RILL_OK);
    CHECK_EQ(rill_semaphore_release(&semaphore), RILL_EOVERFLOW);
    CHECK_EQ(rill_bounded_semaphore_init(&bounded, UINT16_MAX + 1u), RILL_EINVAL);
    CHECK_EQ(rill_bounded_semaphore_init(&bounded, 1), RILL_OK);
    CHECK_EQ(rill_bounded_semaphore_release(&bounded), RILL_EINVAL);
    CHECK_EQ(rill_bounded_semaphore_acquire(&bounded), RILL_OK);
    CHECK_EQ(rill_bounded_semaphore_release(&bounded), RILL_OK);
    run_main(permit_limit_main);
    trace_is("0 run -> None\n");
}

// What does not wait works anywhere; what would wait is refused outside a task.
static int misuse_locks(void *arg)
{
    static rill_event_t event;
    static rill_barrier_t barrier;
    (void)arg;
    lock = (rill_lock_t)RILL_LOCK_INIT;
    CHECK_EQ(rill_condition_wait(&condition), RILL_EPERM);
    CHECK_EQ(rill_condition_notify(&condition, 1), RILL_EPERM);
    CHECK_EQ(rill_lock_release(&lock), RILL_EPERM);
    CHECK_EQ(rill_lock_acquire(&lock), RILL_OK);
    CHECK_EQ(rill_lock_acquire(&lock), RILL_EPERM);
    CHECK_EQ(rill_condition_wait(&condition), RILL_EPERM);
    CHECK_EQ(rill_condition_wait_for(&condition, no, NULL), RILL_EPERM);
    CHECK_EQ(rill_condition_wait_for(&condition, yes, NULL), 1);
    CHECK_EQ(rill_condition_notify_all(&condition), RILL_OK);
    CHECK(rill_lock_locked(&lock));
    CHECK_EQ(rill_lock_release(&lock), RILL_OK);
    rill_semaphore_init(&semaphore, 1);
    CHECK_EQ(rill_semaphore_acquire(&semaphore), RILL_OK);
    CHECK_EQ(rill_semaphore_acquire(&semaphore), RILL_EPERM);
    CHECK_EQ(rill_semaphore_release(&semaphore), RILL_OK);
    CHECK_EQ((int)rill_semaphore_value(&semaphore), 1);
    event = (rill_event_t)RILL_EVENT_INIT;
    CHECK_EQ(rill_event_wait(&event), RILL_EPERM);
    rill_event_set(&event);
    CHECK_EQ(rill_event_wait(&event), RILL_OK);
    CHECK_EQ(rill_barrier_init(&barrier, 1), RILL_OK);
    CHECK_EQ(rill_barrier_wait(&barrier), RILL_EPERM);
    rill_lock_acquire(&barrier.lock);
    CHECK_EQ(rill_barrier_abort(&barrier), RILL_EPERM);
    CHECK_EQ(rill_barrier_reset(&barrier), RILL_EPERM);
    return 0;
}

static int misuse_queue(void *arg)
{
    int item = 1;
    (void)arg;
    rill_queue_init(&queue, storage, sizeof(int), 1, RILL_FIFO, NULL);
    CHECK_EQ(rill_queue_get(&queue, &item), RILL_EPERM);
    CHECK_EQ(rill_queue_join(&queue), RILL_OK);
    CHECK_EQ(rill_queue_put(&queue, &item), RILL_OK);
    CHECK_EQ(rill_queue_put(&queue, &item), RILL_EPERM);
    CHECK_EQ(rill_queue_join(&queue), RILL_EPERM);
    CHECK_EQ(rill_queue_get(&queue, &item), RILL_OK);
    return 0;
}

static int misuse_combinators(void *arg)
{
    static rill_awaitable_t children[1];
    static rill_timeout_t timeout;
    unsigned turn = 0;
    (void)arg;
    pending = (rill_future_t)RILL_FUTURE_INIT;
    timeout = (rill_timeout_t){ 0 };
    children[0] = (rill_awaitable_t){ .future = &pending };
    CHECK_EQ(rill_gather(children, 1, 0), RILL_EPERM);
    CHECK_EQ(rill_wait(children, 1, RILL_ALL_COMPLETED, RILL_NEVER), RILL_EPERM);
    CHECK_EQ(rill_select(children, 1, &turn, RILL_NEVER), RILL_EPERM);
    CHECK_EQ(rill_timeout_begin(&timeout, 5), RILL_EPERM);
    CHECK_EQ(rill_timeout_begin_at(&timeout, 5), RILL_EPERM);
    CHECK_EQ(rill_timeout_reschedule(&timeout, 5), RILL_EPERM);
    CHECK_EQ(rill_timeout_end(&timeout, E(1)), E(1));
    CHECK_EQ(rill_wait_for(&pending, 5, NULL), RILL_EPERM);
    CHECK_EQ(rill_wait_for(&pending, 0, NULL), RILL_EPERM);
    CHECK_EQ(rill_shield(&pending, NULL), RILL_EPERM);
    CHECK_EQ(rill_future_state(&pending), RILL_PENDING);
    return 0;
}

TEST(outside_a_loop)
{
    rill_awaitable_t child = { .future = &pending };
    rill_as_completed_t it;
    misuse_locks(NULL);
    misuse_queue(NULL);
    misuse_combinators(NULL);
    CHECK_EQ(rill_as_completed_begin(&it, &child, 1, RILL_NEVER), RILL_EPERM);
}

static int next_in_a_callback(void *arg)
{
    rill_as_completed_t it;
    rill_awaitable_t child = { .future = &pending };
    rill_awaitable_t *next = NULL;
    (void)arg;
    CHECK_EQ(rill_as_completed_begin(&it, &child, 1, RILL_NEVER), RILL_OK);
    CHECK_EQ(rill_as_completed_next(&it, &next), RILL_EPERM);
    CHECK_EQ(it.left, 1); // it was not used up
    rill_as_completed_end(&it);
    return 0;
}

static int callbacks_main(void *arg)
{
    static const rill_callback_t functions[] = { misuse_locks, misuse_queue, misuse_combinators, next_in_a_callback };
    static rill_handle_t handles[4];
    (void)arg;
    EMPTY(handles);
    for (unsigned i = 0; i < 4; i++) {
        CHECK_EQ(rill_call_soon(rill_loop_running(), &handles[i], functions[i], NULL), RILL_OK);
    }
    return rill_yield();
}

TEST(in_a_callback)
{
    run_main(callbacks_main);
    trace_is("0 run -> None\n");
}

static int bad_children_main(void *arg)
{
    rill_awaitable_t child = { .future = NULL };
    rill_gather_t gather;
    rill_as_completed_t it;
    rill_awaitable_t *next = NULL;
    unsigned turn = 0;
    (void)arg;
    CHECK_EQ(rill_gather(&child, 1, 0), RILL_EINVAL);
    CHECK_EQ(rill_gather(NULL, 1, 0), RILL_EINVAL);
    CHECK_EQ(rill_gather(NULL, 0, 0), RILL_OK);
    CHECK_EQ(rill_gather_begin(NULL, &child, 0, 0), RILL_EINVAL);
    CHECK_EQ(rill_gather_begin(&gather, &child, 1, 0), RILL_EINVAL);
    rill_gather_end(NULL);
    CHECK_EQ(rill_wait(NULL, 0, RILL_ALL_COMPLETED, RILL_NEVER), RILL_EINVAL);
    CHECK_EQ(rill_wait(&child, 1, RILL_ALL_COMPLETED, RILL_NEVER), RILL_EINVAL);
    child.future = &pending;
    CHECK_EQ(rill_wait(&child, 1, (rill_wait_mode_t)3, RILL_NEVER), RILL_EINVAL);
    CHECK_EQ(rill_select(&child, 1, NULL, RILL_NEVER), RILL_EINVAL);
    CHECK_EQ(rill_select(&child, 0, &turn, RILL_NEVER), RILL_EINVAL);
    CHECK_EQ(rill_select(NULL, 1, &turn, RILL_NEVER), RILL_EINVAL);
    CHECK_EQ(rill_as_completed_begin(NULL, &child, 1, RILL_NEVER), RILL_EINVAL);
    CHECK_EQ(rill_as_completed_begin(&it, NULL, 1, RILL_NEVER), RILL_EINVAL);
    CHECK_EQ(rill_as_completed_next(NULL, &next), RILL_EINVAL);
    CHECK_EQ(rill_as_completed_begin(&it, &child, 0, RILL_NEVER), RILL_OK);
    CHECK_EQ(rill_as_completed_next(&it, NULL), RILL_EINVAL);
    CHECK_EQ(rill_as_completed_next(&it, &next), RILL_ENODATA);
    CHECK_EQ(rill_as_completed_next(&it, &next), RILL_ENODATA);
    rill_as_completed_end(&it);
    rill_as_completed_end(NULL);
    return 0;
}

TEST(bad_children)
{
    run_main(bad_children_main);
    trace_is("0 run -> None\n");
}

static int timeout_states_main(void *arg)
{
    rill_timeout_t t = { 0 };
    rill_shield_t shield;
    (void)arg;
    CHECK_EQ(rill_timeout_begin(NULL, 5), RILL_EINVAL);
    CHECK_EQ(rill_timeout_begin_at(NULL, 5), RILL_EINVAL);
    CHECK_EQ(rill_timeout_reschedule(NULL, 5), RILL_EINVAL);
    CHECK_EQ(rill_timeout_end(NULL, 7), 7);
    CHECK(rill_timeout_when(NULL) == RILL_NEVER);
    CHECK(!rill_timeout_expired(NULL));
    CHECK_EQ(rill_timeout_begin(&t, RILL_MS(5)), RILL_OK);
    CHECK_EQ(rill_timeout_begin(&t, RILL_MS(5)), RILL_EPERM);
    CHECK_EQ(rill_timeout_end(&t, 3), 3);
    CHECK_EQ(rill_timeout_begin(&t, RILL_MS(5)), RILL_EPERM); // it is used once
    CHECK_EQ(rill_timeout_end(&t, 4), 4);
    CHECK_EQ(rill_wait_for(NULL, 5, NULL), RILL_EINVAL);
    CHECK_EQ(rill_shield(NULL, NULL), RILL_EINVAL);
    CHECK(rill_shield_begin(NULL, &pending) == NULL);
    CHECK(rill_shield_begin(&shield, NULL) == NULL);
    rill_shield_end(NULL);
    return rill_sleep_ms(10);
}

TEST(timeout_states)
{
    run_main(timeout_states_main);
    trace_is("10 run -> None\n");
}

static int shield_loopless_main(void *arg)
{
    rill_shield_t shield;
    (void)arg;
    pending = (rill_future_t)RILL_FUTURE_INIT;
    CHECK(rill_shield_begin(&shield, &pending) == &shield.outer);
    rill_shield_end(&shield);
    rill_shield_end(&shield); // twice: no effect
    CHECK(rill_shield_begin(&shield, &pending) == &shield.outer);
    CHECK_EQ(rill_future_set_result(&pending, 4), RILL_OK);
    CHECK_EQ(rill_future_state(&shield.outer), RILL_PENDING);
    rill_shield_end(&shield); // its callback was on the way, and is called now
    CHECK_EQ(rill_future_state(&shield.outer), RILL_FINISHED);
    CHECK_EQ(rill_yield(), RILL_OK);
    CHECK_EQ(rill_future_result(&shield.outer, NULL), RILL_OK);
    return 0;
}

TEST(shield_ended_early)
{
    run_main(shield_loopless_main);
    trace_is("0 run -> None\n");
}

static int stale_main(void *arg)
{
    unsigned turn = 0;
    (void)arg;
    rill_task_t gone = spawn(no, NULL);
    CHECK_EQ(rill_join(gone, NULL), RILL_OK);
    CHECK(rill_task_future(gone) == NULL);
    rill_awaitable_t child = { .future = rill_task_future(gone) };
    CHECK_EQ(rill_gather(&child, 1, RILL_COLLECT), RILL_EINVAL);
    CHECK_EQ(rill_wait(&child, 1, RILL_ALL_COMPLETED, RILL_NEVER), RILL_EINVAL);
    CHECK_EQ(rill_select(&child, 1, &turn, RILL_NEVER), RILL_EINVAL);
    CHECK_EQ(rill_wait_for(rill_task_future(gone), 5, NULL), RILL_EINVAL);
    CHECK_EQ(rill_shield(rill_task_future(gone), NULL), RILL_EINVAL);
    CHECK_EQ(rill_wait_for(rill_task_future(rill_task_current()), RILL_MS(5), NULL), RILL_EPERM); // oneself
    return rill_sleep_ms(10);
}

TEST(stale_and_own_tasks)
{
    run_main(stale_main);
    trace_is("10 run -> None\n");
}

static int give_and_return(void *value)
{
    int code = rill_sleep_ms(3);
    return code != 0 ? code : (int)(intptr_t)value;
}

// A detached task is freed when it ends, but not before those who wait for it have read it.
static int detached_main(void *arg)
{
    rill_awaitable_t children[2] = { { .future = NULL } };
    unsigned turn = 7; // any number will do
    (void)arg;
    for (int round = 0; round < 3; round++) {
        for (intptr_t i = 0; i < 2; i++) {
            rill_task_t t = spawn(give_and_return, (void *)(i + 5));
            children[i] = (rill_awaitable_t){ .future = rill_task_future(t) };
            CHECK_EQ(rill_detach(t), RILL_OK);
        }
        if (round == 0) {
            CHECK_EQ(rill_gather(children, 2, 0), RILL_OK);
            CHECK_EQ(children[1].value, 6);
        } else if (round == 1) {
            CHECK_EQ(rill_wait(children, 2, RILL_ALL_COMPLETED, RILL_NEVER), 2);
        } else {
            CHECK_EQ(rill_select(children, 2, &turn, RILL_NEVER), 1); // both are done: 7 is the turn of the odd one
            CHECK_EQ(turn, 0);
            CHECK_EQ(children[1].value, 6);
        }
        CHECK_EQ(rill_yield(), RILL_OK);
        CHECK_EQ(rill_pool_used(&pool.tcbs), 1); // this task
    }
    return 0;
}

TEST(detached_tasks)
{
    run_main(detached_main);
    trace_is("9 run -> None\n");
}

TEST_MAIN("sync_errors", TEST_CASE(null_lock_and_event), TEST_CASE(null_semaphore),
          TEST_CASE(null_condition_and_barrier), TEST_CASE(null_queue), TEST_CASE(queue_init_refuses),
          TEST_CASE(queue_items_and_counts), TEST_CASE(semaphore_limits), TEST_CASE(outside_a_loop),
          TEST_CASE(in_a_callback), TEST_CASE(bad_children), TEST_CASE(timeout_states), TEST_CASE(shield_ended_early),
          TEST_CASE(stale_and_own_tasks), TEST_CASE(detached_tasks))
