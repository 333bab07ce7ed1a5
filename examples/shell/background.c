// What runs while one types: a heartbeat, and a producer and a consumer with a queue between them.
#include "shell.h"

#include <rill/clock.h>
#include <rill/queue.h>

struct reading {
    uint32_t number;
    rill_time_t taken;
};

RILL_TASK_POOL_DEFINE(background, 3, SHELL_STACK(512));
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

int background_start(void)
{
    static const struct {
        const char *name;
        rill_fn_t fn;
    } all[] = { { "heartbeat", heartbeat }, { "producer", producer }, { "consumer", consumer } };
    int error = RILL_OK;
    for (unsigned i = 0; i < sizeof all / sizeof *all && error == RILL_OK; i++) {
        error = rill_spawn_with(&background, all[i].fn, NULL, &(rill_spawn_options_t){ .name = all[i].name }, NULL);
    }
    return error;
}

void background_report(void)
{
    say("heartbeat %lu; %lu readings consumed, sum %lu, at most %lu us in the queue\n", (unsigned long)beats,
        (unsigned long)consumed, (unsigned long)sum, (unsigned long)longest);
}
