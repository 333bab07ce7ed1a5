// The documents' three kinds of I/O, at a sensor that has a reading after 100 ms. Blocking: the task gives up the
// processor until the interrupt comes. Non-blocking with polling: look, sleep, look again; too often wastes the
// processor, too seldom wastes time. It is right only for a device without an interrupt. Multiplexing: one wait for
// several sources; many tasks with one wait each come to the same thing (multiplex_tasks.c).
#include "document.h"

#include <rill/loop.h>

RILL_TASK_POOL_DEFINE(tasks, 2, STACK);

struct sensor {
    rill_future_t reading;
    rill_timer_t interrupt; // stands for the device's
    int value;
};

static int sensor_interrupt(void *arg)
{
    struct sensor *sensor = arg;
    return rill_future_set_result(&sensor->reading, sensor->value);
}

static void sensor_start(struct sensor *sensor, uint32_t ms, int value)
{
    *sensor = (struct sensor){ .reading = RILL_FUTURE_INIT, .interrupt = RILL_TIMER_INIT, .value = value };
    rill_call_later(rill_loop_running(), &sensor->interrupt, RILL_MS(ms), sensor_interrupt, sensor);
}

static unsigned ms_since(rill_time_t start)
{
    return (unsigned)((rill_clock_now() - start + 500) / 1000);
}

static int blocking(void)
{
    struct sensor sensor;
    rill_value_t value = 0;
    rill_time_t start = rill_clock_now();
    sensor_start(&sensor, 100, 21);
    int error = rill_await(&sensor.reading, &value);
    printf("blocking: %d after %u ms\n", (int)value, ms_since(start));
    return error;
}

static int polling(uint32_t pause_ms)
{
    struct sensor sensor;
    rill_value_t value = 0;
    unsigned looks = 1;
    int error = RILL_OK;
    rill_time_t start = rill_clock_now();
    sensor_start(&sensor, 100, 22);
    while (error == RILL_OK && !rill_future_done(&sensor.reading)) {
        error = rill_sleep_ms(pause_ms);
        looks++;
    }
    error = error == RILL_OK ? rill_future_result(&sensor.reading, &value) : error;
    printf("polling every %u ms: %d after %u ms and %u looks\n", (unsigned)pause_ms, (int)value, ms_since(start),
           looks);
    return error;
}

static int multiplexing(void)
{
    struct sensor sensors[3];
    rill_awaitable_t sources[3] = { 0 };
    unsigned turn = 0, left = 3;
    int ready = 0;
    rill_time_t start = rill_clock_now();
    for (int i = 0; i < 3; i++) {
        sensor_start(&sensors[i], i == 1 ? 50 : 100, 30 + i);
        sources[i].future = &sensors[i].reading;
    }
    for (; left > 0 && ready >= 0; left--) {
        ready = rill_select(sources, left, &turn, RILL_NEVER);
        if (ready >= 0) {
            printf("multiplexing: %d after %u ms\n", (int)sources[ready].value, ms_since(start));
            sources[ready] = sources[left - 1]; // unregister
        }
    }
    return ready < 0 ? ready : 0;
}

static int app(void *arg)
{
    (void)arg;
    int error = blocking();
    error = error == RILL_OK ? polling(15) : error;
    error = error == RILL_OK ? polling(70) : error;
    return error == RILL_OK ? multiplexing() : error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
