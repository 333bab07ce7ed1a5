// Three coroutines, one stack each, no operating system.
#include <rill/board.h>
#include <rill/gather.h>
#include <rill/task.h>

RILL_TASK_POOL_DEFINE(tasks, 3, 1024);

static int blink(void *letter)
{
    for (int i = 0; i < 3; i++) {
        rill_board_putc(*(const char *)letter);
        if (rill_sleep_ms(500) == RILL_ECANCELED) {
            return RILL_ECANCELED;
        }
    }
    return 3;
}

static int app(void *arg)
{
    rill_task_t a, b;
    (void)arg;
    rill_spawn(&tasks, blink, "a", &a);
    rill_spawn(&tasks, blink, "b", &b);
    rill_awaitable_t both[] = { { .future = rill_task_future(a) }, { .future = rill_task_future(b) } };
    int error = rill_gather(both, 2, 0);
    rill_board_putc('\n');
    return error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL); // prints ababab
}
