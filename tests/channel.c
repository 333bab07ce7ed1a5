// rill-test: min-ram=16
// Channels: every subscriber gets every message or learns how many it lost.
#include <rill/channel.h>

#include "beyond.h"

struct odd { // 7 bytes, no alignment
    unsigned char bytes[7];
};

RILL_CHANNEL_DEFINE(numbers, uint32_t, 4);
RILL_CHANNEL_DEFINE(odds, struct odd, 3);

static rill_subscriber_t subscribers[3];

static int run_fresh(rill_fn_t fn)
{
    static uint32_t storage[4];
    CHECK_EQ(rill_channel_init(&numbers, storage, sizeof *storage, 4), 0);
    int error = run(fn);
    CHECK(numbers.waiters == NULL);
    return error;
}

static void publish(uint32_t first, uint32_t last)
{
    for (uint32_t n = first; n <= last; n++) {
        CHECK_EQ(rill_channel_publish(&numbers, &n), 0);
    }
}

static int receive(const char *name, rill_subscriber_t *subscriber)
{
    uint32_t n = 0;
    int lost = rill_channel_receive(subscriber, &n);
    ev("%s %d: %u", name, lost, (unsigned)n);
    return lost;
}

// Receives until there is an error; subscriber 0 is a's.
static int reader(void *arg)
{
    const char *name = arg;
    int lost;
    do {
        lost = receive(name, &subscribers[name[0] - 'a']);
    } while (lost >= 0);
    return lost;
}

static int fan_out(void *arg)
{
    (void)arg;
    publish(1, 2);
    CHECK_EQ(rill_channel_subscribe(&numbers, &subscribers[0], 0), 0);
    CHECK_EQ(rill_channel_subscribe(&numbers, &subscribers[1], 1), 0);
    CHECK_EQ(rill_channel_subscribe(&numbers, &subscribers[2], 9), 0);
    rill_task_t tasks[] = { spawn(reader, "a"), spawn(reader, "b"), spawn(reader, "c") };
    rill_sleep_ms(1);
    publish(3, 4);
    rill_sleep_ms(1);
    publish(5, 5);
    rill_channel_close(&numbers);
    CHECK_EQ(rill_channel_publish(&numbers, &(uint32_t){ 6 }), RILL_EPIPE);
    for (int i = 0; i < 3; i++) {
        rill_join(tasks[i], NULL);
    }
    CHECK_EQ(rill_channel_published(&numbers), 5);
    return 0;
}

TEST(all_to_all_in_order)
{
    CHECK_EQ(run_fresh(fan_out), 0);
    trace_is("0 b 0: 2\n0 c 0: 1\n0 c 0: 2\n"
             "1 a 0: 3\n1 a 0: 4\n1 b 0: 3\n1 b 0: 4\n1 c 0: 3\n1 c 0: 4\n"
             "2 a 0: 5\n2 a -32: 0\n2 b 0: 5\n2 b -32: 0\n2 c 0: 5\n2 c -32: 0\n");
}

// A slow subscriber holds up nobody, loses the oldest and is told so.
static int lag(void *arg)
{
    (void)arg;
    rill_channel_subscribe(&numbers, &subscribers[0], 0);
    rill_channel_subscribe(&numbers, &subscribers[1], 0);
    publish(1, 4);
    receive("a", &subscribers[0]);
    publish(5, 6);
    CHECK_EQ(rill_channel_lost(&subscribers[0]), 1);
    CHECK_EQ(rill_channel_pending(&subscribers[0]), 4);
    CHECK_EQ(rill_channel_lost(&subscribers[1]), 2);
    receive("a", &subscribers[0]);
    receive("a", &subscribers[0]);
    publish(7, 100);
    receive("a", &subscribers[0]);
    receive("b", &subscribers[1]);
    receive("b", &subscribers[1]);
    return 0;
}

TEST(lost_messages_are_counted)
{
    CHECK_EQ(run_fresh(lag), 0);
    trace_is("0 a 0: 1\n0 a 1: 3\n0 a 0: 4\n0 a 92: 97\n0 b 96: 97\n0 b 0: 98\n");
}

// The counter of messages wraps at 2^32.
static int wrap(void *arg)
{
    (void)arg;
    numbers.published = UINT32_MAX - 2;
    rill_channel_subscribe(&numbers, &subscribers[0], 0);
    publish(1, 5);
    receive("a", &subscribers[0]);
    publish(6, 6);
    rill_channel_subscribe(&numbers, &subscribers[1], 2);
    receive("a", &subscribers[0]);
    receive("b", &subscribers[1]);
    return 0;
}

TEST(message_numbers_wrap)
{
    CHECK_EQ(run_fresh(wrap), 0);
    trace_is("0 a 1: 2\n0 a 0: 3\n0 b 0: 5\n");
}

// ---- cancellation, removal

static int one(void *arg)
{
    const char *name = arg;
    return receive(name, &subscribers[name[0] - 'a']);
}

static int cancel_waiting(void *arg)
{
    (void)arg;
    rill_channel_subscribe(&numbers, &subscribers[0], 0);
    rill_channel_subscribe(&numbers, &subscribers[1], 0);
    rill_task_t a = spawn(one, "a");
    rill_task_t b = spawn(one, "b");
    rill_sleep_ms(1);
    rill_task_cancel(a); // while it waits
    rill_join(a, NULL);
    publish(1, 1);
    rill_join(b, NULL);
    receive("a", &subscribers[0]);
    a = spawn(one, "a");
    rill_sleep_ms(1);
    publish(2, 2);
    rill_task_cancel(a); // woken, not resumed: the message stays
    rill_join(a, NULL);
    return receive("a", &subscribers[0]);
}

TEST(cancelled_receive_loses_nothing)
{
    CHECK_EQ(run_fresh(cancel_waiting), 0);
    trace_is("1 a -125: 0\n1 b 0: 1\n1 a 0: 1\n2 a -125: 0\n2 a 0: 2\n");
}

static int unsubscribe(void *arg)
{
    (void)arg;
    rill_channel_subscribe(&numbers, &subscribers[0], 0);
    rill_channel_subscribe(&numbers, &subscribers[1], 0);
    rill_channel_subscribe(&numbers, &subscribers[2], 0);
    rill_task_t tasks[] = { spawn(one, "a"), spawn(one, "b"), spawn(one, "b"), spawn(one, "c") };
    rill_yield();
    CHECK_EQ(rill_channel_unsubscribe(&subscribers[1]), 0);
    CHECK_EQ(rill_channel_unsubscribe(&subscribers[1]), 0);
    rill_yield();
    publish(7, 7);
    for (int i = 0; i < 4; i++) {
        rill_join(tasks[i], NULL);
    }
    return one("b") == RILL_EPIPE ? 0 : 1;
}

TEST(unsubscribed_readers_end)
{
    CHECK_EQ(run_fresh(unsubscribe), 0);
    trace_is("0 b -32: 0\n0 b -32: 0\n0 a 0: 7\n0 c 0: 7\n0 b -32: 0\n");
}

// Woken for a message, unsubscribed before it resumes.
static int unsubscribe_woken(void *arg)
{
    (void)arg;
    rill_channel_subscribe(&numbers, &subscribers[0], 0);
    rill_task_t a = spawn(one, "a");
    rill_yield();
    publish(1, 1);
    rill_channel_unsubscribe(&subscribers[0]);
    return rill_join(a, NULL) == RILL_EPIPE ? 0 : 1;
}

TEST(unsubscribed_after_waking)
{
    CHECK_EQ(run_fresh(unsubscribe_woken), 0);
    trace_is("0 a -32: 0\n");
}

static int shared(void *arg)
{
    (void)arg;
    rill_channel_subscribe(&numbers, &subscribers[0], 0);
    rill_task_t tasks[] = { spawn(one, "a1"), spawn(one, "a2"), spawn(one, "a3") };
    rill_yield();
    publish(1, 1);
    rill_sleep_ms(1);
    publish(2, 3);
    for (int i = 0; i < 3; i++) {
        rill_join(tasks[i], NULL);
    }
    return 0;
}

TEST(tasks_share_a_subscriber)
{
    CHECK_EQ(run_fresh(shared), 0);
    trace_is("0 a1 0: 1\n1 a2 0: 2\n1 a3 0: 3\n");
}

// ---- elements, errors

TEST(messages_of_odd_size)
{
    rill_subscriber_t subscriber;
    unsigned char frame[sizeof(struct odd) + 2];
    CHECK_EQ(rill_channel_subscribe(&odds, &subscriber, 0), 0);
    for (unsigned round = 0; round < 20; round++) {
        struct odd sent;
        for (unsigned i = 0; i < sizeof sent.bytes; i++) {
            sent.bytes[i] = (unsigned char)(round * 11 + i);
        }
        memcpy(frame + 1, &sent, sizeof sent);
        CHECK_EQ(rill_channel_publish(&odds, frame + 1), 0);
        memset(frame, 0x5a, sizeof frame);
        CHECK_EQ(rill_channel_receive_nowait(&subscriber, frame + 1), 0);
        CHECK(memcmp(frame + 1, &sent, sizeof sent) == 0);
        CHECK(frame[0] == 0x5a && frame[sizeof frame - 1] == 0x5a);
    }
    CHECK_EQ(rill_channel_receive_nowait(&subscriber, frame), RILL_EAGAIN);
}

static int wait_in_callback(void *arg)
{
    uint32_t n;
    CHECK_EQ(rill_channel_receive(arg, &n), RILL_EPERM);
    errors++;
    return 0;
}

static int wrong(void *arg)
{
    (void)arg;
    uint32_t n = 0;
    rill_subscriber_t none = { NULL, 0 };
    CHECK_EQ(rill_channel_init(NULL, &n, 4, 1), RILL_EINVAL);
    CHECK_EQ(rill_channel_init(&numbers, NULL, 4, 1), RILL_EINVAL);
    CHECK_EQ(rill_channel_init(&numbers, &n, 0, 1), RILL_EINVAL);
    CHECK_EQ(rill_channel_init(&numbers, &n, 4, 65536), RILL_EINVAL);
    CHECK_EQ(rill_channel_publish(NULL, &n), RILL_EINVAL);
    CHECK_EQ(rill_channel_publish(&numbers, NULL), RILL_EINVAL);
    CHECK_EQ(rill_channel_subscribe(NULL, &none, 0), RILL_EINVAL);
    CHECK_EQ(rill_channel_subscribe(&numbers, NULL, 0), RILL_EINVAL);
    CHECK_EQ(rill_channel_unsubscribe(NULL), RILL_EINVAL);
    CHECK_EQ(rill_channel_receive(NULL, &n), RILL_EINVAL);
    CHECK_EQ(rill_channel_receive(&none, &n), RILL_EPIPE);
    CHECK_EQ(rill_channel_pending(&none), 0);
    CHECK_EQ(rill_channel_lost(NULL), 0);
    CHECK_EQ(rill_channel_published(NULL), 0);
    rill_channel_close(NULL);
    rill_channel_subscribe(&numbers, &subscribers[0], 0);
    in_callback(wait_in_callback, &subscribers[0]);
    return 0;
}

TEST(wrong_calls_are_refused)
{
    CHECK_EQ(run_fresh(wrong), 0);
}

TEST_MAIN("channel", TEST_CASE(all_to_all_in_order), TEST_CASE(lost_messages_are_counted),
          TEST_CASE(message_numbers_wrap), TEST_CASE(cancelled_receive_loses_nothing),
          TEST_CASE(unsubscribed_readers_end), TEST_CASE(unsubscribed_after_waking),
          TEST_CASE(tasks_share_a_subscriber), TEST_CASE(messages_of_odd_size), TEST_CASE(wrong_calls_are_refused))
