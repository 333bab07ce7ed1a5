// What runs while one types: a heartbeat, and a producer and a consumer with a queue between them.
#include "shell.h"

#include <rill/clock.h>
#include <rill/queue.h>

struct reading {
    uint32_t number;
    rill_time_t taken;
};

RILL_TASK_DEFINE(heartbeat_memory, SHELL_STACK(640));
RILL_TASK_POOL_DEFINE(pair_memory, 2, SHELL_STACK(384));
RILL_QUEUE_DEFINE(readings, struct reading, 4);

bool heartbeat_loud;

static uint32_t beats;
static uint32_t consumed;
static uint32_t sum;
static rill_time_t longest; // that a reading waited in the queue

// A deadline computed from the last one: the beat does not drift, however late it is served.
static int heartbeat(void *arg)
{
    (void)arg;
    rill_time_t next = rill_clock_now();
    for (;;) {
        next += RILL_S(1);
        if (rill_sleep_until(next) == RILL_ECANCELED) {
            return RILL_ECANCELED;
        }
        beats++;
        if (heartbeat_loud) {
            say("heartbeat %lu\n", (unsigned long)beats);
        }
    }
}

static int producer(void *arg)
{
    (void)arg;
    struct reading reading = { 0, 0 };
    for (;;) {
        int error = rill_sleep_ms(250);
        reading.number++;
        reading.taken = rill_clock_now();
        error = error == RILL_OK ? rill_queue_put(&readings, &reading) : error;
        if (error != RILL_OK) {
            return error;
        }
    }
}

static int consumer(void *arg)
{
    (void)arg;
    struct reading reading;
    int error;
    while ((error = rill_queue_get(&readings, &reading)) == RILL_OK) {
        rill_time_t waited = rill_clock_now() - reading.taken;
        longest = waited > longest ? waited : longest;
        sum += reading.number;
        consumed++;
        rill_queue_task_done(&readings);
    }
    return error;
}

static int start(rill_task_pool_t *memory, rill_fn_t fn, const char *name)
{
    return rill_spawn_with(memory, fn, NULL, &(rill_spawn_options_t){ .name = name }, NULL);
}

int background_start(void)
{
    int error = start(&heartbeat_memory, heartbeat, "heartbeat");
    error = error == RILL_OK ? start(&pair_memory, producer, "producer") : error;
    return error == RILL_OK ? start(&pair_memory, consumer, "consumer") : error;
}

void background_report(void)
{
    say("heartbeat %lu; %lu readings consumed, sum %lu, at most %lu us in the queue\n", (unsigned long)beats,
        (unsigned long)consumed, (unsigned long)sum, (unsigned long)longest);
}
