// rill-test: min-ram=16
// More programs for the rules of Lock, Semaphore, Event, Condition, Barrier and Queue; their traces are CPython 3.13's.
#include "sync.h"

static rill_lock_t lock;
static rill_semaphore_t semaphore;
static rill_event_t event;
static rill_condition_t condition;
static rill_barrier_t barrier;
static rill_queue_t queue;
static uintptr_t storage[4];
static rill_awaitable_t children[5];

static void begin(rill_fn_t main_fn)
{
    lock = (rill_lock_t)RILL_LOCK_INIT;
    semaphore = (rill_semaphore_t)RILL_SEMAPHORE_INIT(0);
    event = (rill_event_t)RILL_EVENT_INIT;
    condition = (rill_condition_t)RILL_CONDITION_INIT(&lock);
    EMPTY(children);
    run_main(main_fn);
}

static char names[][2] = { "a", "b", "c", "d", "e" };

// Spawns fn("a"), fn("b"), ... as children[0..n-1].
static void spawn_letters(rill_fn_t fn, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        children[i].future = spawn_future(fn, names[i]);
    }
}

static int gather_letters(rill_fn_t fn, unsigned n)
{
    spawn_letters(fn, n);
    return rill_gather(children, n, 0);
}

// ---- Lock

static int lock_uncontended_main(void *arg)
{
    (void)arg;
    call_soon_ev("soon");
    for (int i = 0; i < 2; i++) {
        rill_lock_acquire(&lock);
        rill_lock_release(&lock);
    }
    ev("no yield");
    return rill_yield();
}

TEST(lock_uncontended_does_not_yield)
{
    begin(lock_uncontended_main);
    trace_is("0 no yield\n"
             "0 soon\n"
             "0 run -> None\n");
}

static int lock_twice(void *name)
{
    for (int i = 0; i < 2; i++) {
        rill_lock_acquire(&lock);
        ev("%s%d", (char *)name, i);
        rill_yield();
        rill_lock_release(&lock);
    }
    return 0;
}

static int lock_no_barging_main(void *arg)
{
    (void)arg;
    return gather_letters(lock_twice, 3);
}

TEST(lock_no_barging)
{
    begin(lock_no_barging_main);
    trace_is("0 a0\n"
             "0 b0\n"
             "0 c0\n"
             "0 a1\n"
             "0 b1\n"
             "0 c1\n"
             "0 run -> None\n");
}

static int release_for_another(void *arg)
{
    (void)arg;
    ev("locked %d", rill_lock_locked(&lock));
    return rill_lock_release(&lock);
}

static int lock_release_by_other_task_main(void *arg)
{
    (void)arg;
    rill_lock_acquire(&lock);
    spawn(release_for_another, NULL);
    rill_lock_acquire(&lock);
    ev("again");
    rill_lock_release(&lock);
    ev("locked %d", rill_lock_locked(&lock));
    return 0;
}

TEST(lock_release_by_other_task)
{
    begin(lock_release_by_other_task_main);
    trace_is("0 locked 1\n"
             "0 again\n"
             "0 locked 0\n"
             "0 run -> None\n");
}

static int take_lock(void *name)
{
    int code = rill_lock_acquire(&lock);
    ev("%s %s", (char *)name, outcome(code, "True"));
    return 0;
}

static int lock_cancel_woken_waiter_main(void *arg)
{
    (void)arg;
    rill_lock_acquire(&lock);
    spawn_letters(take_lock, 2);
    rill_sleep_ms(1);
    rill_lock_release(&lock);
    rill_future_cancel(children[0].future);
    ev("locked %d", rill_lock_locked(&lock));
    rill_sleep_ms(1);
    ev("locked %d", rill_lock_locked(&lock));
    return 0;
}

TEST(lock_cancel_woken_waiter)
{
    begin(lock_cancel_woken_waiter_main);
    trace_is("1 locked 0\n"
             "1 a ECANCELED\n"
             "1 b True\n"
             "2 locked 1\n"
             "2 run -> None\n");
}

// ---- Semaphore

static int inside;

static int work_inside(void *name)
{
    int code = rill_semaphore_acquire(&semaphore);
    if (code == 0) {
        ev("%s in %d", (char *)name, ++inside);
        code = rill_sleep_ms(5);
        inside--;
        rill_semaphore_release(&semaphore);
    }
    return code;
}

static int limits_concurrency_main(void *arg)
{
    (void)arg;
    inside = 0;
    rill_semaphore_init(&semaphore, 2);
    return gather_letters(work_inside, 5);
}

TEST(semaphore_limits_concurrency)
{
    begin(limits_concurrency_main);
    trace_is("0 a in 1\n"
             "0 b in 2\n"
             "5 c in 1\n"
             "5 d in 2\n"
             "10 e in 1\n"
             "15 run -> None\n");
}

static int take_permit(void *name)
{
    int code = rill_semaphore_acquire(&semaphore);
    ev("%s %s", (char *)name, outcome(code, "True"));
    return 0;
}

static int semaphore_cancel_woken_waiter_main(void *arg)
{
    (void)arg;
    spawn_letters(take_permit, 2);
    rill_sleep_ms(1);
    rill_semaphore_release(&semaphore);
    rill_future_cancel(children[0].future);
    rill_sleep_ms(1);
    ev("value %d", (int)rill_semaphore_value(&semaphore));
    return 0;
}

TEST(semaphore_cancel_woken_waiter)
{
    begin(semaphore_cancel_woken_waiter_main);
    trace_is("1 a ECANCELED\n"
             "1 b True\n"
             "2 value 0\n"
             "2 run -> None\n");
}

static int cancel_woken_last_waiter_main(void *arg)
{
    (void)arg;
    spawn_letters(take_permit, 1);
    rill_sleep_ms(1);
    rill_semaphore_release(&semaphore);
    ev("value %d", (int)rill_semaphore_value(&semaphore));
    rill_future_cancel(children[0].future);
    rill_sleep_ms(1);
    ev("value %d locked %d", (int)rill_semaphore_value(&semaphore), rill_semaphore_locked(&semaphore));
    return 0;
}

TEST(semaphore_cancel_woken_last_waiter)
{
    begin(cancel_woken_last_waiter_main);
    trace_is("1 value 0\n"
             "1 a ECANCELED\n"
             "2 value 1 locked 0\n"
             "2 run -> None\n");
}

static int cancel_several_woken_main(void *arg)
{
    (void)arg;
    spawn_letters(take_permit, 4);
    rill_sleep_ms(1);
    rill_semaphore_release(&semaphore);
    rill_semaphore_release(&semaphore);
    rill_future_cancel(children[0].future);
    rill_future_cancel(children[1].future);
    rill_sleep_ms(1);
    ev("value %d", (int)rill_semaphore_value(&semaphore));
    return 0;
}

TEST(semaphore_cancel_several_woken)
{
    begin(cancel_several_woken_main);
    trace_is("1 a ECANCELED\n"
             "1 b ECANCELED\n"
             "1 c True\n"
             "1 d True\n"
             "2 value 0\n"
             "2 run -> None\n");
}

static int just_acquire(void *arg)
{
    (void)arg;
    return rill_semaphore_acquire(&semaphore);
}

static int acquire_hang_main(void *arg)
{
    (void)arg;
    spawn_letters(just_acquire, 2);
    rill_yield();
    rill_semaphore_release(&semaphore);
    rill_future_cancel(children[0].future);
    CHECK_EQ(rill_gather(children, 2, RILL_COLLECT), RILL_OK);
    char first[12];
    strcpy(first, outcome(children[0].error, "None"));
    ev("[%s,%s]", first, outcome(children[1].error, "None"));
    ev("locked %d", rill_semaphore_locked(&semaphore));
    return 0;
}

TEST(semaphore_acquire_hang_regression)
{
    begin(acquire_hang_main);
    trace_is("0 [ECANCELED,None]\n"
             "0 locked 1\n"
             "0 run -> None\n");
}

static int take_and_say(void *name)
{
    int code = rill_semaphore_acquire(&semaphore);
    if (code == 0) {
        ev("%s", (char *)name);
    }
    return code;
}

static int take_say_and_release(void *name)
{
    int code = take_and_say(name);
    if (code == 0) {
        rill_semaphore_release(&semaphore);
    }
    return code;
}

static int fifo_order_3_main(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(take_and_say, "a");
    children[0].future = spawn_future(take_say_and_release, "b");
    children[1].future = spawn_future(take_and_say, "c");
    rill_yield();
    rill_task_cancel(a);
    rill_yield();
    rill_semaphore_release(&semaphore);
    rill_semaphore_release(&semaphore);
    rill_gather(children, 2, 0);
    ev("value %d", (int)rill_semaphore_value(&semaphore));
    return 0;
}

TEST(semaphore_fifo_order_3_regression)
{
    begin(fifo_order_3_main);
    trace_is("0 b\n"
             "0 c\n"
             "0 value 1\n"
             "0 run -> None\n");
}

static int first_of_order_4(void *arg)
{
    (void)arg;
    rill_semaphore_acquire(&semaphore);
    ev("1 value %d", (int)rill_semaphore_value(&semaphore));
    children[3].future = spawn_future(say, "4");
    return 0;
}

static int second_of_order_4(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++) {
        rill_semaphore_release(&semaphore);
    }
    ev("value %d locked %d", (int)rill_semaphore_value(&semaphore), rill_semaphore_locked(&semaphore));
    rill_semaphore_acquire(&semaphore);
    ev("2");
    return 0;
}

static int third_of_order_4(void *arg)
{
    (void)arg;
    rill_semaphore_acquire(&semaphore);
    ev("3 locked %d", rill_semaphore_locked(&semaphore));
    return 0;
}

// The second task releases for all three; the first wakes the others when it leaves (SM6).
static int fifo_order_4_main(void *arg)
{
    (void)arg;
    children[0].future = spawn_future(first_of_order_4, NULL);
    children[1].future = spawn_future(second_of_order_4, NULL);
    children[2].future = spawn_future(third_of_order_4, NULL);
    rill_yield();
    ev("value %d", (int)rill_semaphore_value(&semaphore));
    rill_yield();
    return rill_gather(children, 4, 0);
}

TEST(semaphore_fifo_order_4)
{
    begin(fifo_order_4_main);
    trace_is("0 value 2 locked 1\n"
             "0 value 2\n"
             "0 1 value 0\n"
             "0 2\n"
             "0 3 locked 1\n"
             "0 4\n"
             "0 run -> None\n");
}

// ---- Event

static int wait_event(void *name)
{
    int code = rill_event_wait(&event);
    ev("%s %s", (char *)name, outcome(code, "True"));
    return 0;
}

static int event_cancel_waiter_main(void *arg)
{
    (void)arg;
    spawn_letters(wait_event, 3);
    rill_sleep_ms(1);
    rill_future_cancel(children[1].future);
    rill_sleep_ms(1);
    rill_event_set(&event);
    return rill_sleep_ms(1);
}

TEST(event_cancel_waiter)
{
    begin(event_cancel_waiter_main);
    trace_is("1 b ECANCELED\n"
             "2 a True\n"
             "2 c True\n"
             "3 run -> None\n");
}

static int event_cancel_woken_waiter_main(void *arg)
{
    (void)arg;
    spawn_letters(wait_event, 2);
    rill_sleep_ms(1);
    rill_event_set(&event);
    rill_future_cancel(children[0].future);
    return rill_sleep_ms(1);
}

TEST(event_cancel_woken_waiter)
{
    begin(event_cancel_woken_waiter_main);
    trace_is("1 a ECANCELED\n"
             "1 b True\n"
             "2 run -> None\n");
}

// ---- Condition

static int answer(void *value)
{
    return (int)(intptr_t)value;
}

static int not_locked_errors_main(void *arg)
{
    (void)arg;
    int code = rill_condition_wait(&condition);
    ev("%s", outcome(code, "True"));
    ev("%s", outcome(rill_condition_notify(&condition, 1), "None"));
    ev("%s", outcome(rill_condition_notify_all(&condition), "None"));
    code = rill_condition_wait_for(&condition, answer, (void *)0);
    ev("%s", outcome(code, "True"));
    code = rill_condition_wait_for(&condition, answer, (void *)1);
    ev("%s", outcome(code, "True"));
    ev("%d", rill_lock_locked(&lock));
    return 0;
}

TEST(condition_not_locked_errors)
{
    begin(not_locked_errors_main);
    trace_is("0 EPERM\n"
             "0 EPERM\n"
             "0 EPERM\n"
             "0 EPERM\n"
             "0 True\n"
             "0 0\n"
             "0 run -> None\n");
}

static int in_and_out(void *name)
{
    rill_lock_acquire(&lock);
    rill_condition_wait(&condition);
    ev("%s in", (char *)name);
    rill_sleep_ms(3);
    ev("%s out", (char *)name);
    return rill_lock_release(&lock);
}

static int notify_all_serialised_main(void *arg)
{
    (void)arg;
    spawn_letters(in_and_out, 3);
    rill_sleep_ms(1);
    rill_lock_acquire(&lock);
    rill_condition_notify_all(&condition);
    ev("notified");
    rill_sleep_ms(2);
    ev("released");
    rill_lock_release(&lock);
    return rill_gather(children, 3, 0);
}

TEST(condition_notify_all_serialised_by_lock)
{
    begin(notify_all_serialised_main);
    trace_is("1 notified\n"
             "3 released\n"
             "3 a in\n"
             "6 a out\n"
             "6 b in\n"
             "9 b out\n"
             "9 c in\n"
             "12 c out\n"
             "12 run -> None\n");
}

static rill_condition_t other = RILL_CONDITION_INIT(&lock);

static int wait_shared(void *which)
{
    rill_lock_acquire(&lock);
    rill_condition_wait(which);
    ev("%c locked %d", which == (void *)&other ? 'd' : 'c', rill_lock_locked(&lock));
    return rill_lock_release(&lock);
}

static void notify_shared(rill_condition_t *which, const char *name)
{
    rill_lock_acquire(&lock);
    rill_condition_notify(which, 1);
    ev("%s notified", name);
    rill_lock_release(&lock);
    rill_sleep_ms(1);
}

static int shared_lock_main(void *arg)
{
    (void)arg;
    spawn(wait_shared, &condition);
    spawn(wait_shared, &other);
    rill_sleep_ms(1);
    notify_shared(&other, "d");
    notify_shared(&condition, "c");
    return 0;
}

TEST(condition_shared_lock)
{
    begin(shared_lock_main);
    trace_is("1 d notified\n"
             "1 d locked 1\n"
             "2 c notified\n"
             "2 c locked 1\n"
             "3 run -> None\n");
}

static int wait_then_yield(void *arg)
{
    (void)arg;
    rill_lock_acquire(&lock);
    int code = rill_condition_wait(&condition);
    ev("%s locked %d", outcome(code, "True"), rill_lock_locked(&lock));
    code = rill_yield();
    ev("%s", outcome(code, "None"));
    ev("%d", rill_task_cancelling(rill_task_current()));
    return rill_lock_release(&lock);
}

// Cancellations while the lock is taken again come out as one.
static int cancel_twice_while_reacquiring_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(wait_then_yield, NULL);
    rill_sleep_ms(1);
    rill_lock_acquire(&lock);
    for (int i = 0; i < 3; i++) {
        rill_task_cancel(t);
        if (i < 2) {
            rill_sleep_ms(1);
        }
    }
    ev("holding");
    rill_sleep_ms(3);
    rill_lock_release(&lock);
    rill_sleep_ms(1);
    ev("%d", rill_lock_locked(&lock));
    return 0;
}

TEST(condition_cancel_twice_while_reacquiring)
{
    begin(cancel_twice_while_reacquiring_main);
    trace_is("3 holding\n"
             "6 ECANCELED locked 1\n"
             "6 None\n"
             "6 3\n"
             "7 0\n"
             "7 run -> None\n");
}

static int wait_and_look(void *name)
{
    rill_lock_acquire(&lock);
    int code = rill_condition_wait(&condition);
    ev("%s %s locked %d", (char *)name, outcome(code, "True"), rill_lock_locked(&lock));
    return rill_lock_release(&lock);
}

static int cancel_while_reacquiring_after_notify_main(void *arg)
{
    (void)arg;
    spawn_letters(wait_and_look, 2);
    rill_sleep_ms(1);
    rill_lock_acquire(&lock);
    rill_condition_notify(&condition, 1);
    rill_sleep_ms(1);
    rill_future_cancel(children[0].future);
    ev("cancelled");
    rill_sleep_ms(1);
    rill_lock_release(&lock);
    rill_sleep_ms(1);
    ev("%d", rill_lock_locked(&lock));
    return 0;
}

TEST(condition_cancel_while_reacquiring_after_notify)
{
    begin(cancel_while_reacquiring_after_notify_main);
    trace_is("2 cancelled\n"
             "3 a ECANCELED locked 1\n"
             "3 b True locked 1\n"
             "4 0\n"
             "4 run -> None\n");
}

// ---- Barrier

static int meet(void *name)
{
    int code = rill_barrier_wait(&barrier);
    ev("%s %s", (char *)name, number_or_error(code, code));
    return 0;
}

static int arrive(void *name)
{
    static const uint8_t delays[] = { 3, 1, 2 };
    rill_sleep_ms(delays[*(char *)name - 'a']);
    ev("%s arrives", (char *)name);
    return meet(name);
}

static int trip_main(void *arg)
{
    (void)arg;
    rill_barrier_init(&barrier, 3);
    gather_letters(arrive, 3);
    ev("waiting %u", rill_barrier_waiting(&barrier));
    return 0;
}

TEST(barrier_trip)
{
    begin(trip_main);
    trace_is("1 b arrives\n"
             "2 c arrives\n"
             "3 a arrives\n"
             "3 a 2\n"
             "3 b 0\n"
             "3 c 1\n"
             "3 waiting 0\n"
             "3 run -> None\n");
}

static int last_arriver_main(void *arg)
{
    (void)arg;
    rill_barrier_init(&barrier, 2);
    spawn_letters(meet, 1);
    rill_sleep_ms(1);
    call_soon_ev("soon");
    meet("main");
    return rill_sleep_ms(1);
}

TEST(barrier_last_arriver_does_not_block)
{
    begin(last_arriver_main);
    trace_is("1 main 1\n"
             "1 soon\n"
             "1 a 0\n"
             "2 run -> None\n");
}

static int newcomer_main(void *arg)
{
    (void)arg;
    rill_barrier_init(&barrier, 2);
    spawn_letters(meet, 1);
    rill_sleep_ms(1);
    meet("main");
    ev("waiting %u", rill_barrier_waiting(&barrier));
    children[0].future = spawn_future(meet, "c");
    children[1].future = spawn_future(meet, "d");
    rill_yield();
    ev("waiting %u", rill_barrier_waiting(&barrier));
    return rill_gather(children, 2, 0);
}

TEST(barrier_newcomer_blocked_while_draining)
{
    begin(newcomer_main);
    trace_is("1 main 1\n"
             "1 waiting 0\n"
             "1 a 0\n"
             "1 d 1\n"
             "1 waiting 0\n"
             "1 c 0\n"
             "1 run -> None\n");
}

// ---- Queue

static void begin_queue(uint16_t capacity, rill_fn_t main_fn)
{
    CHECK_EQ(rill_queue_init(&queue, storage, sizeof(int), capacity, RILL_FIFO, NULL), RILL_OK);
    begin(main_fn);
}

static int put_now(int item)
{
    return rill_queue_put_nowait(&queue, &item);
}

static const char *get_now(void)
{
    int item = 0;
    int code = rill_queue_get_nowait(&queue, &item);
    return number_or_error(code, item);
}

static int get(void *name)
{
    int item = 0;
    int code = rill_queue_get(&queue, &item);
    ev("%s %s", (char *)name, number_or_error(code, item));
    return 0;
}

static int cancel_getter_main(void *arg)
{
    (void)arg;
    spawn_letters(get, 3);
    rill_sleep_ms(1);
    rill_future_cancel(children[1].future);
    rill_sleep_ms(1);
    put_now(1);
    put_now(2);
    put_now(3);
    rill_sleep_ms(1);
    ev("%u", rill_queue_size(&queue));
    return 0;
}

TEST(queue_cancel_getter)
{
    begin_queue(4, cancel_getter_main);
    trace_is("1 b ECANCELED\n"
             "2 a 1\n"
             "2 c 2\n"
             "3 1\n"
             "3 run -> None\n");
}

static int cancel_woken_getter_main(void *arg)
{
    (void)arg;
    spawn_letters(get, 2);
    rill_sleep_ms(1);
    put_now(1);
    rill_future_cancel(children[0].future);
    rill_sleep_ms(1);
    ev("%u", rill_queue_size(&queue));
    return 0;
}

TEST(queue_cancel_woken_getter)
{
    begin_queue(4, cancel_woken_getter_main);
    trace_is("1 a ECANCELED\n"
             "1 b 1\n"
             "2 0\n"
             "2 run -> None\n");
}

static int getters_fifo_main(void *arg)
{
    (void)arg;
    spawn_letters(get, 4);
    rill_sleep_ms(1);
    put_now(0);
    put_now(1);
    ev("two put");
    rill_sleep_ms(1);
    put_now(2);
    rill_sleep_ms(1);
    put_now(3);
    return rill_sleep_ms(1);
}

TEST(queue_getters_fifo)
{
    begin_queue(4, getters_fifo_main);
    trace_is("1 two put\n"
             "1 a 0\n"
             "1 b 1\n"
             "2 c 2\n"
             "3 d 3\n"
             "4 run -> None\n");
}

static int item_stolen_main(void *arg)
{
    (void)arg;
    spawn_letters(get, 2);
    rill_sleep_ms(1);
    put_now(1);
    ev("stolen %s", get_now());
    rill_yield();
    ev("a waits again, behind b");
    put_now(2);
    put_now(3);
    return rill_sleep_ms(1);
}

TEST(queue_item_stolen_from_woken_getter)
{
    begin_queue(4, item_stolen_main);
    trace_is("1 stolen 1\n"
             "1 a waits again, behind b\n"
             "1 b 2\n"
             "1 a 3\n"
             "2 run -> None\n");
}

static int join_and_say(void *arg)
{
    (void)arg;
    int code = rill_queue_join(&queue);
    ev("joined");
    return code;
}

static int join_counts_main(void *arg)
{
    (void)arg;
    put_now(1);
    put_now(2);
    spawn(join_and_say, NULL);
    rill_sleep_ms(1);
    get_now();
    get_now();
    ev("size %u", rill_queue_size(&queue));
    rill_sleep_ms(1);
    rill_queue_task_done(&queue);
    rill_sleep_ms(1);
    put_now(3);
    rill_queue_task_done(&queue);
    rill_sleep_ms(1);
    ev("one left");
    rill_queue_task_done(&queue);
    return rill_sleep_ms(1);
}

TEST(queue_join_counts_unfinished_not_size)
{
    begin_queue(4, join_counts_main);
    trace_is("1 size 0\n"
             "4 one left\n"
             "4 joined\n"
             "5 run -> None\n");
}

static int nowait_errors_main(void *arg)
{
    (void)arg;
    ev("%s", get_now());
    ev("%s", outcome(put_now(1), "None"));
    ev("%s", outcome(put_now(2), "None"));
    ev("full %d empty %d", rill_queue_full(&queue), rill_queue_empty(&queue));
    ev("%s", get_now());
    ev("%s", get_now());
    ev("full %d empty %d", rill_queue_full(&queue), rill_queue_empty(&queue));
    return 0;
}

TEST(queue_nowait_errors)
{
    begin_queue(1, nowait_errors_main);
    trace_is("0 EQEMPTY\n"
             "0 None\n"
             "0 EQFULL\n"
             "0 full 1 empty 0\n"
             "0 1\n"
             "0 EQEMPTY\n"
             "0 full 0 empty 1\n"
             "0 run -> None\n");
}

TEST_MAIN("more_locks", TEST_CASE(lock_uncontended_does_not_yield), TEST_CASE(lock_no_barging),
          TEST_CASE(lock_release_by_other_task), TEST_CASE(lock_cancel_woken_waiter),
          TEST_CASE(semaphore_limits_concurrency), TEST_CASE(semaphore_cancel_woken_waiter),
          TEST_CASE(semaphore_cancel_woken_last_waiter), TEST_CASE(semaphore_cancel_several_woken),
          TEST_CASE(semaphore_acquire_hang_regression), TEST_CASE(semaphore_fifo_order_3_regression),
          TEST_CASE(semaphore_fifo_order_4), TEST_CASE(event_cancel_waiter), TEST_CASE(event_cancel_woken_waiter),
          TEST_CASE(condition_not_locked_errors), TEST_CASE(condition_notify_all_serialised_by_lock),
          TEST_CASE(condition_shared_lock), TEST_CASE(condition_cancel_twice_while_reacquiring),
          TEST_CASE(condition_cancel_while_reacquiring_after_notify), TEST_CASE(barrier_trip),
          TEST_CASE(barrier_last_arriver_does_not_block), TEST_CASE(barrier_newcomer_blocked_while_draining),
          TEST_CASE(queue_cancel_getter), TEST_CASE(queue_cancel_woken_getter), TEST_CASE(queue_getters_fifo),
          TEST_CASE(queue_item_stolen_from_woken_getter), TEST_CASE(queue_join_counts_unfinished_not_size),
          TEST_CASE(queue_nowait_errors))
