// Publish and subscribe: the publisher never waits; a subscriber that is too slow is told how much it missed.
#include <rill/channel.h>
#include <rill/gather.h>
#include <stdio.h>

enum { STACK = sizeof(void *) == 8 ? 16384 : 1024 }; // the printf of a PC needs more
RILL_TASK_POOL_DEFINE(tasks, 4, STACK);
RILL_CHANNEL_DEFINE(readings, int, 4);

struct reader {
    const char *name;
    uint32_t pause_ms;
};

static int publisher(void *arg)
{
    (void)arg;
    for (int reading = 1; reading <= 12; reading++) {
        rill_sleep_ms(100);
        rill_channel_publish(&readings, &reading);
    }
    rill_channel_close(&readings);
    return 0;
}

static int subscriber(void *arg)
{
    const struct reader *reader = arg;
    rill_subscriber_t me;
    int value, lost, missed = 0;
    rill_channel_subscribe(&readings, &me, 0);
    while ((lost = rill_channel_receive(&me, &value)) >= 0) {
        missed += lost;
        printf("%s: %d\n", reader->name, value);
        rill_sleep_ms(reader->pause_ms);
    }
    printf("%s: missed %d\n", reader->name, missed);
    return rill_channel_unsubscribe(&me);
}

static int app(void *arg)
{
    (void)arg;
    static struct reader quick = { "quick", 10 }, slow = { "slow", 610 };
    rill_awaitable_t children[3];
    const rill_call_t calls[] = { { publisher, NULL }, { subscriber, &quick }, { subscriber, &slow } };
    return rill_gather_calls(&tasks, calls, children, 3, 0);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
