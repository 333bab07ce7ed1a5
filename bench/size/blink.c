// One task that blinks a pin, in a loop that nothing ends: what rill_run does at the end of a run is not linked.
#include <rill/gpio.h>
#include <rill/loop.h>
#include <rill/task.h>

RILL_TASK_POOL_DEFINE(tasks, 1, 512);

static int app(void *arg)
{
    rill_pin_t led = RILL_PIN(0, 0);
    int error = rill_gpio_output(led, false);
    while (error == RILL_OK) { // for ever
        rill_gpio_toggle(led);
        error = rill_sleep_ms(500);
    }
    (void)arg;
    return error;
}

static int begin(void *arg)
{
    return rill_spawn(&tasks, app, arg, NULL);
}

int main(void)
{
    static rill_handle_t first;
    rill_loop_t *loop = rill_loop_default();
    rill_call_soon(loop, &first, begin, NULL);
    return rill_run_forever(loop);
}
