// rill-test: min-ram=16
// Tasks: errors of every function, stale handles, memory, names, eager start; what the conformance programs leave out.
#include <rill/clock.h>
#include <rill/debug.h>
#include <rill/event.h>
#include <rill/group.h>
#include <rill/semaphore.h>
#include <rill/task.h>

#include "test.h"

#if defined(__unix__)
#define STACK 16384
#define MANY 100000
#else
#define STACK (sizeof(void *) * 160 + TEST_FPU_STACK)
#define MANY 10000
#endif

#define TASKS 6

RILL_TASK_POOL_DEFINE(workers, TASKS, STACK);
RILL_TASK_POOL_DEFINE(pair, 2, STACK);

static rill_future_t f;
static rill_task_t other;
static int calls;

static int call(void *arg)
{
    calls++;
    return (int)(intptr_t)arg;
}

static int say(void *arg)
{
    ev("%s", (const char *)arg);
    return 0;
}

static int await_f(void *arg)
{
    (void)arg;
    rill_value_t value = 0;
    int error = rill_await(&f, &value);
    return error < 0 ? error : (int)value;
}

static rill_task_t spawn(rill_fn_t fn, void *arg)
{
    rill_task_t task;
    CHECK_EQ(rill_spawn(&workers, fn, arg, &task), 0);
    return task;
}

static void nothing_left(void)
{
    CHECK_EQ(rill_pool_used(&workers.tcbs), 0);
    CHECK_EQ(rill_pool_used(&workers.stacks), 0);
}

// Runs main as asyncio.run does; afterwards every block is back in the pool.
static void run(rill_fn_t main_fn)
{
    calls = 0;
    CHECK_EQ(rill_run(&workers, main_fn, NULL, NULL), 0);
    nothing_left();
}

// ---- creation

static int spawn_errors_inside(void *arg)
{
    static rill_loop_t second;
    rill_task_t task = rill_task_current();
    (void)arg;
    CHECK_EQ(rill_spawn(NULL, call, NULL, &task), RILL_EINVAL);
    CHECK(task.tcb == NULL);
    CHECK_EQ(rill_spawn(&workers, NULL, NULL, NULL), RILL_EINVAL);
    CHECK_EQ(rill_loop_init(&second), 0);
    const rill_spawn_options_t there = { .loop = &second, .eager = true };
    CHECK_EQ(rill_spawn_with(&workers, call, NULL, &there, &task), RILL_EPERM);
    CHECK_EQ(rill_loop_close(&second), 0);
    const rill_spawn_options_t closed = { .loop = &second };
    CHECK_EQ(rill_spawn_with(&workers, call, NULL, &closed, &task), RILL_EPERM);
    rill_task_pool_t small = workers;
    small.stacks.size = RILL_STACK_MIN - RILL_STACK_ALIGN;
    CHECK_EQ(rill_spawn(&small, call, NULL, &task), RILL_EINVAL);
    CHECK(task.tcb == NULL);
    CHECK_EQ(rill_run(&workers, call, NULL, NULL), RILL_EPERM);
    CHECK_EQ(calls, 0);
    return 0;
}

TEST(spawn_errors)
{
    rill_task_t task = { NULL, 7 };
    CHECK_EQ(rill_spawn(&workers, call, NULL, &task), RILL_EPERM); // no loop runs
    CHECK(task.tcb == NULL);
    CHECK_EQ(task.id, 0);
    CHECK_EQ(rill_run(NULL, call, NULL, NULL), RILL_EINVAL);
    CHECK_EQ(rill_run(&workers, NULL, NULL, NULL), RILL_EINVAL);
    nothing_left();
    run(spawn_errors_inside);
}

static int exhaust(void *arg)
{
    rill_task_t tasks[3];
    (void)arg;
    size_t failed = rill_pool_failed(&pair.tcbs);
    CHECK_EQ(rill_spawn(&pair, call, (void *)1, &tasks[0]), 0);
    CHECK_EQ(rill_spawn(&pair, call, (void *)2, &tasks[1]), 0);
    CHECK_EQ(rill_spawn(&pair, call, (void *)3, &tasks[2]), RILL_ENOMEM);
    CHECK(tasks[2].tcb == NULL);
    CHECK_EQ(rill_pool_failed(&pair.tcbs), failed + 1);
    CHECK_EQ(rill_pool_used(&pair.stacks), 2);
    CHECK_EQ(rill_yield(), 0);
    CHECK_EQ(rill_pool_used(&pair.stacks), 0); // done: the stacks are free, the results still held
    CHECK_EQ(rill_pool_used(&pair.tcbs), 2);
    CHECK_EQ(rill_spawn(&pair, call, (void *)3, &tasks[2]), RILL_ENOMEM);
    rill_value_t value = 0;
    CHECK_EQ(rill_join(tasks[1], &value), 0);
    CHECK_EQ(value, 2);
    CHECK_EQ(rill_spawn(&pair, call, (void *)3, &tasks[2]), 0);
    CHECK_EQ(rill_join(tasks[2], &value), 0);
    CHECK_EQ(value, 3);
    CHECK_EQ(rill_join(tasks[0], &value), 0);
    CHECK_EQ(value, 1);
    CHECK_EQ(rill_pool_used(&pair.tcbs), 0);
    CHECK_EQ(rill_pool_high_water(&pair.tcbs), 2);
    CHECK_EQ(rill_pool_high_water(&pair.stacks), 2);
    return 0;
}

TEST(exhausted_pool)
{
    run(exhaust);
}

// Control blocks enough, but no stack: the block must come back.
static int exhaust_stacks(void *arg)
{
    (void)arg;
    rill_task_pool_t mixed = pair;
    mixed.stacks.end = mixed.stacks.fresh;
    mixed.stacks.free = NULL;
    size_t used = rill_pool_used(&mixed.tcbs);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(rill_spawn(&mixed, call, NULL, NULL), RILL_ENOMEM);
        CHECK_EQ(rill_pool_used(&mixed.tcbs), used);
    }
    CHECK_EQ(rill_pool_failed(&mixed.stacks), 3);
    pair.tcbs = mixed.tcbs;
    return 0;
}

TEST(exhausted_stacks)
{
    run(exhaust_stacks);
}

static int main_out_of_memory(void *arg)
{
    (void)arg;
    return 0;
}

TEST(run_without_memory)
{
    rill_task_pool_t none = RILL_TASK_POOL_INIT(NULL, NULL, 0, STACK);
    CHECK_EQ(rill_run(&none, main_out_of_memory, NULL, NULL), RILL_ENOMEM);
    CHECK_EQ(rill_pool_failed(&none.tcbs), 1);
    run(main_out_of_memory);
}

// ---- stale handles

static void all_stale(rill_task_t task)
{
    char buffer[16];
    rill_task_info_t info;
    rill_value_t value = 0;
    CHECK_EQ(rill_join(task, &value), RILL_ESTALE);
    CHECK_EQ(rill_detach(task), RILL_ESTALE);
    CHECK(rill_task_future(task) == NULL);
    CHECK_EQ(rill_task_cancel(task), RILL_ESTALE);
    CHECK_EQ(rill_task_cancel_msg(task, 1), RILL_ESTALE);
    CHECK_EQ(rill_task_cancelling(task), RILL_ESTALE);
    CHECK_EQ(rill_task_uncancel(task), RILL_ESTALE);
    CHECK(rill_task_name(task, buffer) == NULL);
    CHECK_EQ(rill_task_set_name(task, "x"), RILL_ESTALE);
    CHECK_EQ(rill_task_state(task), RILL_CANCELLED);
    CHECK_EQ(rill_task_info(task, &info), RILL_ESTALE);
}

static int use_stale(void *arg)
{
    (void)arg;
    rill_task_t joined = spawn(call, NULL);
    CHECK_EQ(rill_join(joined, NULL), 0);
    all_stale(joined);
    rill_task_t successor = spawn(call, (void *)5);
    CHECK(successor.tcb == joined.tcb); // the same memory, another task
    all_stale(joined);
    CHECK_EQ(rill_task_cancelling(successor), 0);
    CHECK_EQ(rill_join(successor, NULL), 0);
    rill_task_t detached = spawn(call, NULL);
    CHECK_EQ(rill_detach(detached), 0);
    CHECK_EQ(rill_task_state(detached), RILL_PENDING); // still there
    CHECK_EQ(rill_yield(), 0);
    all_stale(detached);
    rill_task_t done = spawn(call, NULL);
    CHECK_EQ(rill_yield(), 0);
    CHECK_EQ(rill_task_state(done), RILL_FINISHED);
    CHECK_EQ(rill_detach(done), 0);
    all_stale(done);
    all_stale(RILL_NO_TASK);
    return 0;
}

TEST(stale_handles)
{
    run(use_stale);
}

static int reuse(void *arg)
{
    (void)arg;
    rill_task_t old = RILL_NO_TASK;
    unsigned wrong = 0;
    for (int i = 0; i < MANY; i++) {
        rill_task_t task;
        rill_value_t value = 0;
        wrong += rill_spawn(&workers, call, (void *)(intptr_t)i, &task) != 0;
        wrong += rill_task_future(old) != NULL;
        wrong += rill_task_cancel(old) != RILL_ESTALE;
        wrong += rill_join(task, &value) != 0 || value != i;
        old = task;
    }
    CHECK_EQ(wrong, 0);
    CHECK_EQ(calls, MANY);
    return 0;
}

TEST(generations_over_many_spawns)
{
    run(reuse);
}

// ---- join and detach

static int join_other(void *arg)
{
    rill_value_t value = 0;
    int error = rill_join(other, &value);
    ev("%s %d %d", (const char *)arg, error, (int)value);
    return 0;
}

static int sleep_then_return(void *arg)
{
    int error = rill_sleep_ms(3);
    return error < 0 ? error : (int)(intptr_t)arg;
}

static int two_joiners(void *arg)
{
    (void)arg;
    other = spawn(sleep_then_return, (void *)8);
    rill_task_t a = spawn(join_other, "a");
    rill_task_t b = spawn(join_other, "b");
    CHECK_EQ(rill_join(a, NULL), 0);
    CHECK_EQ(rill_join(b, NULL), 0);
    all_stale(other);
    return 0;
}

TEST(two_tasks_join_one)
{
    run(two_joiners);
    trace_is("3 a 0 8\n"
             "3 b 0 8\n");
}

static int join_self(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_join(rill_task_current(), NULL), RILL_EPERM);
    CHECK_EQ(rill_await(rill_task_future(rill_task_current()), NULL), RILL_EPERM);
    return 0;
}

TEST(join_oneself)
{
    run(join_self);
}

static int stubborn(void *arg)
{
    (void)arg;
    ev("stubborn %d", rill_sleep_ms(100));
    CHECK_EQ(rill_sleep_ms(5), 0);
    return 9;
}

static int cancel_joiner(void *arg)
{
    (void)arg;
    other = spawn(stubborn, NULL);
    rill_task_t joiner = spawn(join_other, "joiner");
    CHECK_EQ(rill_sleep_ms(1), 0);
    CHECK_EQ(rill_task_cancel(joiner), 1);
    CHECK_EQ(rill_task_cancel(joiner), 1);
    CHECK_EQ(rill_join(joiner, NULL), 0);
    all_stale(other);
    return 0;
}

// C3: the cancellation goes to the joined task, which answers with a result; C5: two requests are one delivery.
TEST(cancelled_join_waits_for_the_joined)
{
    run(cancel_joiner);
    trace_is("1 stubborn -125\n"
             "6 joiner 0 9\n");
}

static int reports;
static int last_error;

static int count_reports(rill_loop_t *loop, const rill_exception_t *info)
{
    (void)loop;
    CHECK(rill_task_current().tcb == NULL);
    CHECK(info->future != NULL);
    reports++;
    last_error = info->error;
    return 0;
}

static int unread_errors(void *arg)
{
    (void)arg;
    rill_loop_set_exception_handler(rill_loop_running(), count_reports);
    reports = 0;
    CHECK_EQ(rill_spawn(&workers, call, (void *)(intptr_t)RILL_EIO, NULL), 0); // detached from the start
    CHECK_EQ(rill_yield(), 0);
    CHECK_EQ(reports, 1);
    CHECK_EQ(last_error, RILL_EIO);
    rill_task_t done = spawn(call, (void *)(intptr_t)RILL_EPIPE);
    CHECK_EQ(rill_yield(), 0);
    CHECK_EQ(reports, 1);
    CHECK_EQ(rill_detach(done), 0);
    CHECK_EQ(reports, 2);
    rill_task_t read = spawn(call, (void *)(intptr_t)RILL_EPIPE);
    CHECK_EQ(rill_await(rill_task_future(read), NULL), RILL_EPIPE);
    CHECK_EQ(rill_detach(read), 0); // somebody has seen it
    rill_task_t cancelled = spawn(call, (void *)(intptr_t)RILL_EPIPE);
    CHECK_EQ(rill_yield(), 0);
    CHECK_EQ(rill_task_cancel(cancelled), 0); // too late, but it counts as reading (C10)
    CHECK_EQ(rill_detach(cancelled), 0);
    CHECK_EQ(reports, 2);
    return 0;
}

TEST(errors_nobody_reads)
{
    run(unread_errors);
}

// The handler is told of a detached task's error in its last moment, and may spawn: not onto the stack it still runs
// on.
static uintptr_t replacement_stack;

static int replacement(void *arg)
{
    (void)arg;
    replacement_stack = (uintptr_t)__builtin_frame_address(0);
    ev("replacement");
    return rill_yield();
}

static int respawn(rill_loop_t *loop, const rill_exception_t *info)
{
    rill_task_t task = RILL_NO_TASK;
    (void)loop;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    int error = rill_spawn(&workers, replacement, NULL, &task);
    ev("%s %d spawned %d", info->message, info->error, error);
    unsigned char *stack = task.tcb != NULL ? task.tcb->context.stack : NULL;
    CHECK(here < (uintptr_t)stack || here >= (uintptr_t)stack + STACK);
    rill_detach(task);
    return 0;
}

static int main_respawns(void *arg)
{
    (void)arg;
    rill_loop_set_exception_handler(rill_loop_running(), respawn);
    CHECK_EQ(rill_spawn(&workers, call, (void *)(intptr_t)RILL_EIO, NULL), 0);
    rill_yield();
    rill_yield();
    rill_yield();
    return 0;
}

TEST(handler_may_spawn)
{
    run(main_respawns);
    CHECK(replacement_stack != 0);
    trace_is("0 exception never retrieved -5 spawned 0\n"
             "0 replacement\n");
}

// An eager task begins on the handler's stack, which is that of the task that failed, and comes back there.
static int spawn_at_once(rill_loop_t *loop, const rill_exception_t *info)
{
    rill_task_t task = RILL_NO_TASK;
    (void)loop;
    CHECK_EQ(rill_spawn_eager(&workers, replacement, NULL, &task), 0);
    ev("%s", info->message);
    return rill_detach(task);
}

static int main_spawns_at_once(void *arg)
{
    (void)arg;
    rill_loop_set_exception_handler(rill_loop_running(), spawn_at_once);
    CHECK_EQ(rill_spawn(&workers, call, (void *)(intptr_t)RILL_EIO, NULL), 0);
    CHECK_EQ(rill_spawn(&workers, say, "next", NULL), 0);
    rill_task_t failed = spawn(call, (void *)(intptr_t)RILL_EIO);
    CHECK_EQ(rill_yield(), 0);
    CHECK_EQ(rill_detach(failed), 0); // the handler runs in the middle of this task
    ev("main");
    return rill_yield();
}

TEST(handler_may_spawn_eagerly)
{
    run(main_spawns_at_once);
    trace_is("0 replacement\n"
             "0 exception never retrieved\n"
             "0 next\n"
             "0 replacement\n"
             "0 exception never retrieved\n"
             "0 main\n");
}

// ---- results

static int return_pointer(void *arg)
{
    CHECK_EQ(rill_return((rill_value_t)arg), 0);
    return 0;
}

static int fail_with_detail(void *arg)
{
    CHECK_EQ(rill_return((rill_value_t)arg), 0);
    return RILL_EIO;
}

static int results(void *arg)
{
    static int object;
    rill_value_t value = 0;
    (void)arg;
    CHECK_EQ(rill_join(spawn(return_pointer, &object), &value), 0);
    CHECK((void *)value == (void *)&object);
    CHECK_EQ(rill_join(spawn(call, (void *)INT16_MAX), &value), 0);
    CHECK_EQ(value, INT16_MAX);
    rill_task_t failing = spawn(fail_with_detail, &object);
    value = 0;
    CHECK_EQ(rill_await(rill_task_future(failing), &value), RILL_EIO);
    CHECK_EQ(value, 0);
    CHECK_EQ(rill_future_exception(rill_task_future(failing), &value), RILL_EIO);
    CHECK((void *)value == (void *)&object);
    CHECK_EQ(rill_task_state(failing), RILL_FAILED);
    CHECK_EQ(rill_join(failing, NULL), RILL_EIO);
    return 0;
}

TEST(result_words)
{
    run(results);
}

TEST(outside_a_task)
{
    CHECK_EQ(rill_return(1), RILL_EPERM);
    CHECK_EQ(rill_yield(), RILL_EPERM);
    CHECK_EQ(rill_sleep_us(0), RILL_EPERM);
    CHECK_EQ(rill_sleep_us(5), RILL_EPERM);
    CHECK_EQ(rill_sleep_ms(5), RILL_EPERM);
    CHECK_EQ(rill_sleep_until(5), RILL_EPERM);
    CHECK(rill_task_current().tcb == NULL);
}

static int wait_in_callback(void *arg)
{
    outside_a_task();
    CHECK_EQ(rill_await(arg, NULL), RILL_EPERM);
    calls++;
    return 0;
}

static int call_waiting_callback(void *arg)
{
    static rill_handle_t handle;
    (void)arg;
    rill_future_init(&f, NULL);
    CHECK_EQ(rill_call_soon(rill_loop_running(), &handle, wait_in_callback, &f), 0);
    CHECK_EQ(rill_yield(), 0);
    CHECK_EQ(calls, 1);
    return 0;
}

TEST(waiting_in_a_callback)
{
    run(call_waiting_callback);
}

// ---- names, all tasks

static unsigned number_of(const char *name)
{
    unsigned n = 0;
    CHECK_EQ(strncmp(name, "Task-", 5), 0);
    for (name += 5; *name != '\0'; name++) {
        n = n * 10 + (unsigned)(*name - '0');
    }
    return n;
}

static int look_at_names(void *arg)
{
    char mine[16];
    char theirs[16];
    (void)arg;
    rill_task_t self = rill_task_current();
    rill_task_t task = spawn(call, NULL);
    CHECK_EQ(number_of(rill_task_name(task, theirs)), number_of(rill_task_name(self, mine)) + 1);
    CHECK(rill_task_name(self, mine) == mine);
    CHECK(rill_task_name(self, NULL) == NULL);
    CHECK_EQ(rill_task_set_name(self, "main"), 0);
    CHECK_EQ(strcmp(rill_task_name(self, NULL), "main"), 0);
    CHECK_EQ(rill_task_set_name(self, NULL), 0);
    CHECK(rill_task_name(self, mine) == mine); // the number again
    const rill_spawn_options_t options = { .name = "named" };
    rill_task_t named;
    CHECK_EQ(rill_spawn_with(&workers, call, NULL, &options, &named), 0);
    CHECK_EQ(strcmp(rill_task_name(named, theirs), "named"), 0);
    CHECK_EQ(rill_join(task, NULL), 0);
    CHECK_EQ(rill_join(named, NULL), 0);
    return 0;
}

TEST(names)
{
    run(look_at_names);
}

static void list_tasks(void)
{
    char buffer[16];
    rill_loop_t *loop = rill_loop_running();
    for (rill_task_t t = rill_task_next(loop, RILL_NO_TASK); t.tcb != NULL; t = rill_task_next(loop, t)) {
        ev("%s", rill_task_name(t, buffer));
    }
    ev(".");
}

static int wait_long(void *arg)
{
    (void)arg;
    return rill_sleep_ms(1000);
}

static int look_at_all(void *arg)
{
    static const char *const names[] = { "a", "b", "c", "d" };
    rill_task_t tasks[4];
    (void)arg;
    rill_task_set_name(rill_task_current(), "main");
    list_tasks();
    for (int i = 0; i < 4; i++) {
        tasks[i] = spawn(i == 2 ? call : wait_long, NULL);
        rill_task_set_name(tasks[i], names[i]);
    }
    list_tasks();
    CHECK_EQ(rill_yield(), 0); // c ends
    list_tasks();
    CHECK_EQ(rill_task_cancel(tasks[0]), 1);
    CHECK_EQ(rill_join(tasks[0], NULL), RILL_ECANCELED);
    tasks[0] = spawn(wait_long, NULL);
    rill_task_set_name(tasks[0], "e"); // in a's memory, yet the youngest
    list_tasks();
    for (int i = 0; i < 4; i++) {
        rill_detach(tasks[i]);
    }
    return 0;
}

TEST(all_tasks_in_creation_order)
{
    run(look_at_all);
    trace_is("0 main\n0 .\n"
             "0 main\n0 a\n0 b\n0 c\n0 d\n0 .\n"
             "0 main\n0 a\n0 b\n0 d\n0 .\n"
             "0 main\n0 b\n0 d\n0 e\n0 .\n");
}

// ---- info

static const char *waiting(rill_task_t task, const void **object)
{
    static rill_task_info_t info;
    CHECK_EQ(rill_task_info(task, &info), 0);
    if (object != NULL) {
        *object = info.object;
    }
    return info.waiting;
}

static int join_sleeper(void *arg)
{
    (void)arg;
    return rill_await(rill_task_future(other), NULL);
}

static rill_event_t event;
static rill_semaphore_t semaphore = RILL_SEMAPHORE_INIT(0);

static int wait_for_event(void *arg)
{
    (void)arg;
    return rill_event_wait(&event);
}

static int acquire(void *arg)
{
    (void)arg;
    return rill_semaphore_acquire(&semaphore);
}

static int end_with_other(void *arg)
{
    (void)arg;
    return rill_join(other, NULL);
}

static void look_at_plain_join(void)
{
    other = spawn(wait_long, NULL);
    rill_task_t joiner = spawn(end_with_other, NULL);
    CHECK_EQ(rill_yield(), 0);
    const void *object = NULL;
    CHECK_EQ(strcmp(waiting(joiner, &object), "task"), 0);
    CHECK(object == rill_task_future(other));
    rill_task_cancel(joiner);
    CHECK_EQ(rill_join(joiner, NULL), RILL_ECANCELED);
    CHECK_EQ(rill_join(other, NULL), RILL_ESTALE);
}

// The waits that have no record.
static int look_at_plain_waits(void *arg)
{
    (void)arg;
    look_at_plain_join();
    rill_task_t tasks[] = { spawn(wait_for_event, NULL), spawn(acquire, NULL) };
    CHECK_EQ(rill_yield(), 0);
    const void *object = NULL;
    CHECK_EQ(strcmp(waiting(tasks[0], &object), "event"), 0);
    CHECK(object == &event);
    CHECK_EQ(strcmp(waiting(tasks[1], &object), "semaphore"), 0);
    CHECK(object == &semaphore);
    for (int i = 0; i < 2; i++) {
        rill_task_cancel(tasks[i]);
        CHECK_EQ(rill_join(tasks[i], NULL), RILL_ECANCELED);
    }
    rill_task_cancel(rill_task_current());
    CHECK_EQ(rill_event_wait(&event), RILL_ECANCELED);
    rill_task_cancel(rill_task_current());
    CHECK_EQ(rill_semaphore_acquire(&semaphore), RILL_ECANCELED);
    CHECK(event.waiters == NULL && semaphore.waiters == NULL && semaphore.permits == 0);
    return 0;
}

TEST(info_of_plain_waits)
{
    run(look_at_plain_waits);
}

static int look_at_info(void *arg)
{
    rill_task_info_t info;
    const void *object = NULL;
    (void)arg;
    rill_future_init(&f, NULL);
    other = spawn(wait_long, NULL);
    rill_task_t waiter = spawn(await_f, NULL);
    rill_task_t joiner = spawn(join_sleeper, NULL);
    CHECK_EQ(strcmp(waiting(rill_task_current(), NULL), "running"), 0);
    CHECK_EQ(strcmp(waiting(waiter, NULL), "ready"), 0);
    CHECK_EQ(rill_yield(), 0);
    CHECK_EQ(strcmp(waiting(other, NULL), "sleep"), 0);
    CHECK_EQ(strcmp(waiting(waiter, &object), "future"), 0);
    CHECK(object == &f);
    CHECK_EQ(strcmp(waiting(joiner, &object), "task"), 0);
    CHECK(object == rill_task_future(other));
    CHECK_EQ(rill_task_info(waiter, NULL), RILL_EINVAL);
    CHECK_EQ(rill_task_info(waiter, &info), 0);
    CHECK_EQ(info.stack_size, RILL_STACK_ROUND(STACK));
    CHECK(info.stack_size >= STACK + RILL_STACK_GUARD_BYTES);
    CHECK_EQ(info.stack_used > 0 && info.stack_used < STACK, RILL_STATS);
    CHECK(info.loop == rill_loop_running() && info.vars != NULL);
    CHECK(info.fn == (RILL_DEBUG ? await_f : NULL));
    rill_future_set_result(&f, 4);
    CHECK_EQ(rill_yield(), 0);
    CHECK_EQ(strcmp(waiting(waiter, NULL), "done"), 0);
    rill_task_cancel(joiner);
    CHECK_EQ(rill_join(joiner, NULL), RILL_ECANCELED);
    CHECK_EQ(rill_join(waiter, NULL), 0);
    CHECK_EQ(rill_join(other, NULL), RILL_ECANCELED);
    return 0;
}

TEST(info)
{
    run(look_at_info);
}

static int work_seven(void *arg)
{
    (void)arg;
    busy(3);
    CHECK_EQ(rill_sleep_ms(10), 0); // does not count
    busy(4);
    return rill_yield();
}

static int measure(void *arg)
{
    rill_task_info_t info;
    (void)arg;
    rill_task_t task = spawn(work_seven, NULL);
    CHECK_EQ(rill_sleep_ms(50), 0);
    CHECK_EQ(rill_task_info(task, &info), 0);
    CHECK_EQ(info.run_time, RILL_STATS ? 7000 : 0);
    CHECK_EQ(rill_join(task, NULL), 0);
    return 0;
}

TEST(run_time)
{
    run(measure);
}

// ---- eager start

static bool by_option;

static rill_task_t spawn_eager(rill_fn_t fn, void *arg)
{
    const rill_spawn_options_t options = { .eager = true };
    rill_task_t task;
    CHECK_EQ(by_option ? rill_spawn_with(&workers, fn, arg, &options, &task)
                       : rill_spawn_eager(&workers, fn, arg, &task), 0);
    return task;
}

static int two_steps(void *arg)
{
    ev("%s 1", (const char *)arg);
    int error = rill_yield();
    ev("%s 2", (const char *)arg);
    return error;
}

static int eager_in_eager(void *arg)
{
    ev("outer 1");
    rill_task_t inner = spawn_eager(two_steps, arg);
    ev("outer 2");
    return rill_join(inner, NULL);
}

static int eager_order(void *arg)
{
    static rill_handle_t handle;
    (void)arg;
    rill_call_soon(rill_loop_running(), &handle, say, "soon");
    rill_task_t finished = spawn_eager(call, (void *)6);
    CHECK_EQ(rill_task_state(finished), RILL_FINISHED); // at once
    rill_task_t outer = spawn_eager(eager_in_eager, "inner");
    ev("main");
    CHECK_EQ(rill_task_state(outer), RILL_PENDING);
    CHECK_EQ(rill_yield(), 0);
    ev("main again");
    CHECK_EQ(rill_join(outer, NULL), 0);
    CHECK_EQ(rill_join(finished, NULL), 0);
    return 0;
}

TEST(eager_start)
{
    for (int i = 0; i < 2; i++) {
        by_option = i != 0;
        run(eager_order);
        trace_is("0 outer 1\n"
                 "0 inner 1\n"
                 "0 outer 2\n"
                 "0 main\n"
                 "0 soon\n"
                 "0 inner 2\n"
                 "0 main again\n");
    }
}

static int yields_once(void *arg)
{
    (void)arg;
    return rill_yield();
}

static int eager_without_memory(void *arg)
{
    (void)arg;
    rill_task_t task;
    rill_value_t value = 0;
    CHECK_EQ(rill_spawn_eager(NULL, call, NULL, &task), RILL_EINVAL);
    CHECK_EQ(rill_spawn_eager(&workers, NULL, NULL, &task), RILL_EINVAL);
    CHECK_EQ(rill_spawn_eager(&workers, call, (void *)1, NULL), 0); // detached: nothing is left of it
    CHECK_EQ(rill_spawn_eager(&workers, call, (void *)7, &task), 0);
    CHECK_EQ(rill_join(task, &value), 0);
    CHECK_EQ(value, 7);
    CHECK_EQ(rill_join(task, NULL), RILL_ESTALE);
    int made = 0;
    rill_task_t tasks[TASKS + 1];
    while (rill_spawn_eager(&workers, yields_once, NULL, &tasks[made]) == 0) {
        made++;
    }
    CHECK(made > 0 && made <= TASKS);
    CHECK(tasks[made].tcb == NULL);
    for (int i = 0; i < made; i++) {
        CHECK_EQ(rill_join(tasks[i], NULL), 0);
    }
    return 0;
}

TEST(eager_start_is_refused)
{
    rill_task_t task;
    CHECK_EQ(rill_spawn_eager(&workers, call, NULL, &task), RILL_EPERM); // no loop
    run(eager_without_memory);
}

static int start_from_callback(void *arg)
{
    (void)arg;
    ev("callback 1");
    rill_task_t finished = spawn_eager(say, "eager");
    CHECK_EQ(rill_task_state(finished), RILL_FINISHED);
    CHECK_EQ(rill_detach(finished), 0);
    other = spawn_eager(two_steps, "task");
    CHECK(rill_task_current().tcb == NULL);
    ev("callback 2");
    return 0;
}

static int eager_from_callback(void *arg)
{
    static rill_handle_t handles[2];
    (void)arg;
    rill_call_soon(rill_loop_running(), &handles[0], start_from_callback, NULL);
    rill_call_soon(rill_loop_running(), &handles[1], say, "next callback");
    CHECK_EQ(rill_yield(), 0);
    ev("main");
    CHECK_EQ(rill_join(other, NULL), 0);
    return 0;
}

TEST(eager_start_from_a_callback)
{
    run(eager_from_callback);
    trace_is("0 callback 1\n"
             "0 eager\n"
             "0 task 1\n"
             "0 callback 2\n"
             "0 next callback\n"
             "0 main\n"
             "0 task 2\n");
}

static rill_handle_t spawning, cancelled;

static int cancel_the_next(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_handle_cancel(rill_loop_running(), &cancelled), 1);
    return rill_yield();
}

static int spawn_who_cancels(void *arg)
{
    (void)arg;
    return rill_detach(spawn_eager(cancel_the_next, NULL));
}

static int main_eager_cancels(void *arg)
{
    (void)arg;
    rill_call_soon(rill_loop_running(), &spawning, spawn_who_cancels, NULL);
    rill_call_soon(rill_loop_running(), &cancelled, say, "cancelled");
    CHECK_EQ(rill_yield(), 0);
    ev("main");
    return rill_yield();
}

TEST(eager_child_cancels_what_is_next)
{
    run(main_eager_cancels);
    trace_is("0 main\n");
}

static int eager_cancelled(void *arg)
{
    (void)arg;
    rill_future_init(&f, NULL);
    rill_task_t task = spawn_eager(await_f, NULL);
    CHECK_EQ(rill_task_cancel(task), 1);
    CHECK(rill_future_cancelled(&f));
    CHECK_EQ(rill_join(task, NULL), RILL_ECANCELED);
    rill_task_t detached = spawn_eager(call, NULL);
    CHECK_EQ(rill_detach(detached), 0);
    const rill_spawn_options_t options = { .eager = true };
    CHECK_EQ(rill_spawn_with(&workers, call, NULL, &options, NULL), 0); // nobody will ever know
    return 0;
}

TEST(eager_start_then_cancel)
{
    run(eager_cancelled);
}

static int cancel_creator(void *arg)
{
    CHECK_EQ(rill_task_cancel(*(rill_task_t *)arg), 1);
    return rill_yield();
}

// The cancellation comes while the creator is neither waiting nor running: it takes it at its next wait.
static int cancelled_by_its_eager_child(void *arg)
{
    (void)arg;
    rill_task_t self = rill_task_current();
    rill_task_t child = spawn_eager(cancel_creator, &self);
    CHECK_EQ(rill_task_cancelling(self), 1);
    CHECK_EQ(rill_yield(), RILL_ECANCELED);
    CHECK_EQ(rill_yield(), 0);
    return rill_join(child, NULL);
}

TEST(eager_child_cancels_creator)
{
    run(cancelled_by_its_eager_child);
}

// ---- cancelling

static int uncancel_when_done(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(wait_long, NULL);
    CHECK_EQ(rill_yield(), 0);
    CHECK_EQ(rill_task_cancel(task), 1);
    CHECK_EQ(rill_await(rill_task_future(task), NULL), RILL_ECANCELED);
    CHECK_EQ(rill_task_uncancel(task), 0);
    CHECK_EQ(rill_join(task, NULL), RILL_ECANCELED); // an outcome is not undone
    return 0;
}

TEST(uncancelled_too_late)
{
    run(uncancel_when_done);
}

static int count_cancels(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(wait_long, NULL);
    CHECK_EQ(rill_yield(), 0);
    for (int i = 0; i < 300; i++) {
        CHECK_EQ(rill_task_cancel(task), 1);
    }
    CHECK_EQ(rill_task_cancelling(task), 255);
    CHECK_EQ(rill_task_uncancel(task), 254);
    rill_value_t value = 0;
    CHECK_EQ(rill_await(rill_task_future(task), &value), RILL_ECANCELED);
    CHECK_EQ(rill_task_cancel(task), 0);
    CHECK_EQ(rill_task_cancelling(task), 254);
    CHECK_EQ(rill_join(task, NULL), RILL_ECANCELED);
    return 0;
}

TEST(cancelling_saturates)
{
    run(count_cancels);
}

static int read_message(void *arg)
{
    (void)arg;
    rill_value_t detail = 0;
    rill_task_t task = spawn(wait_long, NULL);
    CHECK_EQ(rill_yield(), 0);
    CHECK_EQ(rill_task_cancel_msg(task, 321), 1);
    CHECK_EQ(rill_await(rill_task_future(task), NULL), RILL_ECANCELED);
    CHECK_EQ(rill_future_exception(rill_task_future(task), &detail), RILL_ECANCELED);
    CHECK_EQ(detail, 321);
    CHECK_EQ(rill_join(task, NULL), RILL_ECANCELED);
    return 0;
}

TEST(cancel_message)
{
    run(read_message);
}

// Two tasks that await each other: a cancellation must not run in circles for ever.
static int await_other(void *arg)
{
    return rill_await(rill_task_future(*(const rill_task_t *)arg), NULL);
}

static int circle(void *arg)
{
    static rill_task_t a;
    static rill_task_t b;
    (void)arg;
    a = spawn(await_other, &b);
    b = spawn(await_other, &a);
    CHECK_EQ(rill_sleep_ms(1), 0);
    CHECK_EQ(rill_task_state(a), RILL_PENDING);
    CHECK_EQ(rill_task_cancel(a), 1); // reaches nobody: only ending the program helps
    CHECK_EQ(rill_sleep_ms(1), 0);
    CHECK_EQ(rill_task_state(b), RILL_PENDING);
    return 0;
}

TEST(tasks_that_await_each_other)
{
    rill_loop_t *loop = rill_loop_default();
    const rill_task_pool_t before = workers;
    CHECK_EQ(rill_run(&workers, circle, NULL, NULL), RILL_EDEADLK); // the virtual clock can tell
    CHECK(loop->closed);
    workers = before;
}

// ---- sleep

static int sleep_oddly(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_sleep_until(RILL_MS(20)), 0);
    CHECK_EQ(rill_clock_now(), RILL_MS(20));
    CHECK_EQ(rill_sleep_until(5), 0); // passed: comes at once, by the timer's way
    CHECK_EQ(rill_clock_now(), RILL_MS(20));
    CHECK_EQ(rill_sleep_us(7), 0);
    CHECK_EQ(rill_clock_now(), RILL_MS(20) + 7);
    CHECK_EQ(rill_sleep_us(RILL_S(100000)), 0);
    CHECK_EQ(rill_clock_now(), RILL_S(100000) + RILL_MS(20) + 7);
    return 0;
}

TEST(sleep_durations)
{
    run(sleep_oddly);
}

static int sleep_for_ever(void *arg)
{
    (void)arg;
    int error = rill_sleep_us(RILL_NEVER);
    calls = error == RILL_ECANCELED ? 1 : -1;
    return error;
}

static int cancel_sleeper(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_sleep_ms(1), 0); // so that now + RILL_NEVER would wrap
    rill_task_t task = spawn(sleep_for_ever, NULL);
    CHECK_EQ(rill_sleep_ms(1), 0);
    CHECK_EQ(rill_task_cancel(task), 1);
    CHECK_EQ(rill_join(task, NULL), RILL_ECANCELED);
    CHECK_EQ(calls, 1);
    return 0;
}

TEST(sleep_without_end)
{
    run(cancel_sleeper);
}

// ---- tasks that never let the loop rest

static bool fired;

static int fire(void *arg)
{
    (void)arg;
    fired = true;
    return 0;
}

static int yield_until_fired(void *arg)
{
    for (int i = 0; i < 20 && !fired; i++) {
        busy(1);
        CHECK_EQ(rill_yield(), 0);
    }
    (void)arg;
    return 0;
}

static int yield_and_time(void *arg)
{
    static rill_timer_t timer;
    (void)arg;
    fired = false;
    rill_task_t task = spawn(yield_until_fired, NULL);
    CHECK_EQ(rill_call_later(rill_loop_running(), &timer, RILL_MS(5), fire, NULL), 0);
    CHECK_EQ(yield_until_fired(NULL), 0);
    CHECK(fired);
    CHECK(rill_clock_now() <= RILL_MS(7));
    return rill_join(task, NULL);
}

TEST(yielding_tasks_do_not_hold_up_timers)
{
    run(yield_and_time);
}

static int stop_at_third(void *arg)
{
    for (int i = 1; i <= 6; i++) {
        calls++;
        if (i == 3 && arg != NULL) {
            CHECK_EQ(rill_loop_stop(arg), 0);
        }
        CHECK_EQ(rill_yield(), 0);
    }
    return 0;
}

TEST(yielding_tasks_do_not_hold_up_stop)
{
    static rill_loop_t loop;
    const rill_spawn_options_t options = { .loop = &loop };
    CHECK_EQ(rill_loop_init(&loop), 0);
    calls = 0;
    CHECK_EQ(rill_spawn_with(&workers, stop_at_third, &loop, &options, NULL), 0);
    CHECK_EQ(rill_spawn_with(&workers, stop_at_third, NULL, &options, NULL), 0);
    CHECK_EQ(rill_run_forever(&loop), 0);
    CHECK_EQ(calls, 6); // three turns of both
    CHECK_EQ(rill_run_forever(&loop), RILL_EDEADLK);
    CHECK_EQ(calls, 12);
    nothing_left();
    CHECK_EQ(rill_loop_close(&loop), 0);
}

// ---- blocks that are used again

// It would be told at a wait that never comes.
static int cancel_too_late(void *arg)
{
    (void)arg;
    return rill_task_cancel(rill_task_current());
}

static int cancel_and_go_on(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_task_cancel(rill_task_current()), 1);
    CHECK_EQ(rill_sleep_ms(1), RILL_ECANCELED);
    return 2;
}

static int look_around(void *arg)
{
    calls++;
    CHECK_EQ(rill_task_cancelling(rill_task_current()), 0);
    CHECK_EQ(rill_yield(), 0);
    return (int)(intptr_t)arg;
}

// The next two tasks get the block of this one, which has ended.
static void is_as_new(rill_task_t gone)
{
    CHECK_EQ(rill_task_state(gone), RILL_CANCELLED);
    for (int i = 0; i < 2; i++) {
        rill_task_t task;
        rill_value_t value = 0;
        calls = 0;
        CHECK_EQ((i == 0 ? rill_spawn : rill_spawn_eager)(&workers, look_around, (void *)7, &task), 0);
        CHECK(task.tcb == gone.tcb && task.id != gone.id);
        CHECK_EQ(calls, i);
        CHECK_EQ(rill_join(task, &value), 0);
        CHECK_EQ(value, 7);
    }
}

static int end_in_many_ways(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(cancel_too_late, NULL);
    CHECK_EQ(rill_join(task, NULL), RILL_ECANCELED);
    is_as_new(task);
    task = spawn(cancel_and_go_on, NULL);
    CHECK_EQ(rill_join(task, NULL), 0);
    is_as_new(task);
    task = spawn(call, (void *)(intptr_t)RILL_EIO);
    CHECK_EQ(rill_join(task, NULL), RILL_EIO);
    is_as_new(task);
    rill_group_t group = RILL_GROUP_INIT(NULL);
    CHECK_EQ(rill_group_begin(&group), 0);
    CHECK_EQ(rill_group_spawn(&group, &workers, call, NULL, &task), 0);
    CHECK_EQ(rill_group_end(&group, 0), 0);
    CHECK_EQ(rill_join(task, NULL), 0);
    is_as_new(task);
    return 0;
}

TEST(blocks_are_as_new)
{
    run(end_in_many_ways);
}

// ---- what a switch must preserve

// More locals than any CPU has registers, all live across every switch.
static int mix(void *arg)
{
    volatile uint32_t steps = 50;
    uint32_t a = (uint32_t)(uintptr_t)arg;
    uint32_t b = a * 3, c = a * 5, d = a * 7, e = a * 11, g = a * 13, i = a * 17, j = a * 19, k = a * 23, l = a * 29;
    uint32_t sum = 0;
    for (uint32_t n = 0; n < steps; n++) {
        sum += a ^ b ^ c ^ d ^ e ^ g ^ i ^ j ^ k ^ l;
        if (rill_yield() != 0) {
            return RILL_EIO;
        }
        a += 1, b += 2, c += 3, d += 4, e += 5, g += 6, i += 7, j += 8, k += 9, l += 10;
    }
    return (int)(sum & 0x7fff);
}

// Nobody else is ready: each yield returns to the caller.
static int mix_alone(void *arg)
{
    int expected[TASKS - 1];
    rill_task_t tasks[TASKS - 1];
    (void)arg;
    for (int i = 0; i < TASKS - 1; i++) {
        expected[i] = mix((void *)(intptr_t)(i * 1000003 + 1));
    }
    for (int i = 0; i < TASKS - 1; i++) {
        tasks[i] = spawn(mix, (void *)(intptr_t)(i * 1000003 + 1));
    }
    for (int i = 0; i < TASKS - 1; i++) {
        rill_value_t value = -1;
        CHECK_EQ(rill_join(tasks[i], &value), 0);
        CHECK_EQ(value, expected[i]);
    }
    return 0;
}

TEST(locals_survive_switches)
{
    run(mix_alone);
}

// ---- the end of rill_run

static int refuse_to_end(void *arg)
{
    (void)arg;
    ev("leftover %d", rill_sleep_ms(1000));
    ev("leftover %d", rill_sleep_ms(7));
    return RILL_EIO; // nobody asks: the exception handler gets it
}

static int spawn_and_end(void *arg)
{
    (void)arg;
    rill_loop_set_exception_handler(rill_loop_running(), count_reports);
    reports = 0;
    CHECK_EQ(rill_spawn(&workers, refuse_to_end, NULL, NULL), 0);
    CHECK_EQ(rill_spawn(&workers, wait_long, NULL, NULL), 0);
    CHECK_EQ(rill_sleep_ms(1), 0);
    CHECK_EQ(rill_spawn(&workers, say, "first step", NULL), 0);
    return 5;
}

TEST(leftovers_are_cancelled_and_waited_for)
{
    rill_value_t value = 0;
    CHECK_EQ(rill_run(&workers, spawn_and_end, NULL, &value), 0);
    CHECK_EQ(value, 5);
    CHECK_EQ(reports, 1);
    CHECK_EQ(last_error, RILL_EIO);
    CHECK(rill_loop_running() == NULL);
    nothing_left();
    trace_is("1 first step\n" // it was in the FIFO before main ended
             "1 leftover -125\n"
             "8 leftover 0\n");
}

static int count_the_others(void *arg)
{
    unsigned n = 0;
    (void)arg;
    CHECK_EQ(rill_sleep_ms(1000), RILL_ECANCELED);
    CHECK_EQ(rill_sleep_ms(1), 0); // now the first one has ended, and is in the list of all still
    for (rill_task_t t = rill_task_next(rill_loop_running(), RILL_NO_TASK); t.tcb != NULL && n < 2 * TASKS;
         t = rill_task_next(rill_loop_running(), t)) {
        n++;
    }
    ev("%u", n);
    return 0;
}

static int leave_some(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_spawn(&workers, wait_long, NULL, NULL), 0);
    CHECK_EQ(rill_spawn(&workers, count_the_others, NULL, NULL), 0);
    CHECK_EQ(rill_spawn(&workers, count_the_others, NULL, NULL), 0);
    return rill_yield();
}

TEST(all_tasks_while_leftovers_end)
{
    run(leave_some);
    trace_is("1 2\n"
             "1 1\n");
}

// A leftover that catches its cancellation and waits for what never comes is lost with its memory, but nothing else is.
static rill_event_t never;

static int wait_for_ever(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_sleep_ms(1000), RILL_ECANCELED);
    return rill_event_wait(&never);
}

static int leave_one_that_stays(void *arg)
{
    (void)arg;
    rill_loop_set_debug(rill_loop_running(), true);
    rill_loop_set_exception_handler(rill_loop_running(), count_reports);
    CHECK_EQ(rill_spawn(&pair, wait_for_ever, NULL, NULL), 0);
    return rill_yield();
}

TEST(leftover_that_never_ends)
{
    static rill_task_pool_t untouched;
    untouched = pair;
    reports = 0;
    CHECK_EQ(rill_run(&pair, leave_one_that_stays, NULL, NULL), RILL_EDEADLK);
    CHECK(reports > 0); // as a task that was destroyed
    CHECK_EQ(rill_pool_used(&pair.tcbs), 1);
    CHECK_EQ(rill_pool_used(&pair.stacks), 1);
    pair = untouched;
    never = (rill_event_t){ 0 };
}

static int end_cancelled(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_task_cancel(rill_task_current()), 1);
    return rill_sleep_ms(1);
}

TEST(run_outcomes)
{
    rill_value_t value = 3;
    CHECK_EQ(rill_run(&workers, call, (void *)(intptr_t)RILL_EIO, &value), RILL_EIO);
    CHECK_EQ(rill_run(&workers, end_cancelled, NULL, &value), RILL_ECANCELED);
    CHECK_EQ(value, 3);
    CHECK_EQ(rill_run(&workers, call, (void *)77, &value), 0);
    CHECK_EQ(value, 77);
    CHECK_EQ(rill_run(&workers, call, (void *)78, NULL), 0);
    nothing_left();
}

TEST_MAIN("kernel_task", TEST_CASE(spawn_errors), TEST_CASE(exhausted_pool), TEST_CASE(exhausted_stacks),
          TEST_CASE(run_without_memory), TEST_CASE(stale_handles), TEST_CASE(generations_over_many_spawns),
          TEST_CASE(two_tasks_join_one), TEST_CASE(join_oneself), TEST_CASE(cancelled_join_waits_for_the_joined),
          TEST_CASE(errors_nobody_reads), TEST_CASE(handler_may_spawn), TEST_CASE(handler_may_spawn_eagerly),
          TEST_CASE(result_words),
          TEST_CASE(outside_a_task), TEST_CASE(waiting_in_a_callback), TEST_CASE(names),
          TEST_CASE(all_tasks_in_creation_order), TEST_CASE(info), TEST_CASE(info_of_plain_waits),
          TEST_CASE(blocks_are_as_new), TEST_CASE(run_time), TEST_CASE(eager_start), TEST_CASE(eager_start_is_refused),
          TEST_CASE(eager_start_from_a_callback), TEST_CASE(eager_child_cancels_what_is_next),
          TEST_CASE(eager_start_then_cancel),
          TEST_CASE(eager_child_cancels_creator), TEST_CASE(uncancelled_too_late), TEST_CASE(cancelling_saturates),
          TEST_CASE(cancel_message), TEST_CASE(sleep_durations), TEST_CASE(sleep_without_end),
          TEST_CASE(yielding_tasks_do_not_hold_up_timers), TEST_CASE(yielding_tasks_do_not_hold_up_stop),
          TEST_CASE(locals_survive_switches), TEST_CASE(leftovers_are_cancelled_and_waited_for),
          TEST_CASE(all_tasks_while_leftovers_end), TEST_CASE(leftover_that_never_ends), TEST_CASE(run_outcomes),
          TEST_CASE(tasks_that_await_each_other))
