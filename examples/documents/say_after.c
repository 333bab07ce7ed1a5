// say_after: awaited one after the other; as two tasks, awaited one by one; gathered; and running on while the main
// task sleeps. The clock of the wall is set to what it showed when the document was written. Below the last of the four
// the document shows 2 s, what the third one takes: sleep(3) takes 3 s.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 3, STACK);

struct words {
    unsigned delay;
    const char *what;
};

static struct words hello = { 1, "hello" }, world = { 2, "world" };
static unsigned wall; // what is added to seconds()

static void set_wall(unsigned hours, unsigned minutes, unsigned secs)
{
    wall = hours * 3600 + minutes * 60 + secs - seconds();
}

static void print_time(const char *what)
{
    unsigned t = wall + seconds();
    printf("%s at %02u:%02u:%02u\n", what, t / 3600, t / 60 % 60, t % 60);
}

static int say_after(void *arg)
{
    const struct words *words = arg;
    int error = rill_sleep_ms(words->delay * 1000);
    if (error == RILL_OK) {
        printf("%s\n", words->what);
    }
    return error;
}

static void one_after_the_other(void)
{
    set_wall(16, 47, 10);
    print_time("started");
    say_after(&hello);
    say_after(&world);
    print_time("finished");
}

static void two_tasks(void)
{
    set_wall(17, 1, 34);
    rill_task_t task1 = create_task(&tasks, say_after, &hello);
    rill_task_t task2 = create_task(&tasks, say_after, &world);
    print_time("started");
    rill_join(task1, NULL);
    rill_join(task2, NULL);
    print_time("finished");
}

static void gathered(void)
{
    const rill_call_t calls[] = { { say_after, &hello }, { say_after, &world } };
    rill_awaitable_t both[2];
    set_wall(17, 1, 34);
    print_time("started");
    rill_gather_calls(&tasks, calls, both, 2, 0);
    print_time("finished");
}

static void in_the_background(void)
{
    set_wall(17, 1, 34);
    rill_spawn(&tasks, say_after, &hello, NULL);
    rill_spawn(&tasks, say_after, &world, NULL);
    print_time("started");
    rill_sleep_ms(3000);
    print_time("finished");
}

static int app(void *arg)
{
    (void)arg;
    one_after_the_other();
    two_tasks();
    gathered();
    in_the_background();
    return 0;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
