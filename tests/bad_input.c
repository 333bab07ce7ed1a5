// rill-test: min-ram=16
// NULL where an object is expected: refused, or harmless where there is no code to return. What other programs leave.
// Generators, greenlets, the pool's two fast functions and the initialisers of futures and handles take no NULL; their
// headers say so.
#include <rill/channel.h>
#include <rill/condition.h>
#include <rill/contextvars.h>
#include <rill/flags.h>
#include <rill/gather.h>
#include <rill/group.h>
#include <rill/pipe.h>
#include <rill/pool.h>
#include <rill/queue.h>
#include <rill/runner.h>
#include <rill/rwlock.h>
#include <rill/semaphore.h>
#include <rill/signal.h>
#include <rill/ticker.h>

#include "beyond.h"

static unsigned char bytes[4];
static size_t got;

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

// Inside a task, so that the NULL is all that is wrong.
static int pipes(void *arg)
{
    const rill_separator_t any[] = { { "a", 1 }, { "b", 1 } };
    (void)arg;
    CHECK_EQ(rill_pipe_readexactly(NULL, bytes, 1, &got), RILL_EINVAL);
    CHECK_EQ(rill_pipe_readexactly_nowait(NULL, bytes, 1, &got), RILL_EINVAL);
    CHECK_EQ(rill_pipe_readuntil(NULL, "a", 1, bytes, 1, &got), RILL_EINVAL);
    CHECK_EQ(rill_pipe_readuntil_nowait(NULL, "a", 1, bytes, 1, &got), RILL_EINVAL);
    CHECK_EQ(rill_pipe_readuntil_any(NULL, any, 2, bytes, 1, &got), RILL_EINVAL);
    CHECK_EQ(rill_pipe_readline(NULL, (char *)bytes, 1), RILL_EINVAL);
    CHECK_EQ(rill_pipe_read_nowait(NULL, bytes, 1), RILL_EINVAL);
    CHECK_EQ(rill_pipe_write(NULL, bytes, 1, &got), RILL_EINVAL);
    CHECK_EQ(rill_pipe_set_exception(NULL, RILL_EIO), RILL_EINVAL);
    CHECK_EQ(rill_pipe_set_exception_threadsafe(NULL, RILL_EIO), RILL_EINVAL);
    rill_pipe_feed_eof(NULL);
    rill_pipe_feed_eof_threadsafe(NULL);
    rill_pipe_close(NULL);
    return 0;
}

static int queues(void *arg)
{
    void *slot;
    (void)arg;
    CHECK_EQ(rill_queue_reserve_nowait(NULL, &slot), RILL_EINVAL);
    CHECK_EQ(rill_queue_peek_nowait(NULL, &slot), RILL_EINVAL);
    CHECK_EQ(rill_queue_abandon(NULL), RILL_EINVAL);
    CHECK_EQ(rill_queue_unpeek(NULL), RILL_EINVAL);
    CHECK_EQ(rill_channel_receive_nowait(NULL, bytes), RILL_EINVAL);
    CHECK_EQ(rill_channel_pending(NULL), 0);
    CHECK_EQ(rill_channel_lost(NULL), 0);
    return 0;
}

static int locks(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_condition_notify_all(NULL), RILL_EINVAL);
    CHECK_EQ(rill_rwlock_try_read(NULL), RILL_EINVAL);
    CHECK_EQ(rill_rwlock_try_write(NULL), RILL_EINVAL);
    CHECK_EQ(rill_rwlock_release_write(NULL), RILL_EINVAL);
    CHECK(!rill_rwlock_writing(NULL));
    CHECK_EQ(rill_semaphore_value(NULL), 0);
    CHECK_EQ(rill_ticker_init_at(NULL, 0, 1), RILL_EINVAL);
    CHECK(rill_runner_loop(NULL) == NULL);
    rill_signal_init(NULL, NULL);
    rill_flags_init(NULL);
    return 0;
}

static int groups(void *arg)
{
    rill_group_error_t item[1];
    rill_error_list_t list = RILL_ERROR_LIST_INIT(item);
    rill_task_t task;
    (void)arg;
    CHECK_EQ(rill_group_begin(NULL), RILL_EINVAL);
    CHECK_EQ(rill_group_spawn(NULL, &pool, nothing, NULL, &task), RILL_EINVAL);
    CHECK_EQ(rill_group_spawn_with(NULL, &pool, nothing, NULL, NULL, &task), RILL_EINVAL);
    CHECK_EQ(rill_group_end(NULL, 0), RILL_EINVAL);
    CHECK(rill_error_list_find(NULL, RILL_EIO, NULL) == NULL);
    CHECK_EQ(rill_error_list_split(NULL, RILL_EIO, &list), RILL_EINVAL);
    CHECK_EQ(rill_staggered_race(NULL, NULL, NULL, 1, 0), RILL_EINVAL);
    CHECK_EQ(rill_spawn_with(NULL, nothing, NULL, NULL, &task), RILL_EINVAL);
    CHECK(rill_task_next(NULL, RILL_NO_TASK).tcb == NULL);
    return 0;
}

static int futures(void *arg)
{
    rill_completion_t cell = RILL_COMPLETION_INIT;
    const rill_exception_t info = { "nobody's", RILL_EIO, NULL, NULL };
    (void)arg;
    CHECK_EQ(rill_future_cancel_msg(NULL, 1), 0);
    CHECK_EQ(rill_future_set_error_threadsafe(NULL, &cell, RILL_EIO, 0), RILL_EINVAL);
    rill_loop_set_exception_handler(NULL, NULL);
    rill_loop_call_exception_handler(NULL, &info);
    rill_loop_call_exception_handler(rill_loop_running(), NULL);
    return 0;
}

static int variables(void *arg)
{
    static const rill_var_t var = RILL_VAR_INIT;
    rill_value_t value = 7;
    (void)arg;
    rill_vars_copy(NULL);
    rill_vars_drop(NULL);
    rill_vars_unbind(NULL);
    CHECK_EQ(rill_vars_get(NULL, &var, &value), RILL_EINVAL);
    CHECK_EQ(rill_vars_call(NULL), RILL_EINVAL);
    CHECK_EQ(value, 7);
    return 0;
}

TEST(null_pipe) { CHECK_EQ(run(pipes), 0); }
TEST(null_queue_and_channel) { CHECK_EQ(run(queues), 0); }
TEST(null_lock) { CHECK_EQ(run(locks), 0); }
TEST(null_group_and_pool) { CHECK_EQ(run(groups), 0); }
TEST(null_future_handle_and_loop) { CHECK_EQ(run(futures), 0); }
TEST(null_context) { CHECK_EQ(run(variables), 0); }

TEST(null_pool)
{
    CHECK_EQ(rill_pool_used(NULL), 0);
    CHECK_EQ(rill_pool_high_water(NULL), 0);
    CHECK_EQ(rill_pool_count(NULL), 0);
    CHECK_EQ(rill_pool_failed(NULL), 0);
}

TEST_MAIN("bad_input", TEST_CASE(null_pipe), TEST_CASE(null_queue_and_channel), TEST_CASE(null_lock),
          TEST_CASE(null_group_and_pool), TEST_CASE(null_future_handle_and_loop), TEST_CASE(null_context),
          TEST_CASE(null_pool))
