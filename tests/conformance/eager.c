// rill-test: min-ram=16
// Conformance, area eager: tasks that start at once (rule EG1).
#define CONF_TASKS 4
#include "conformance.h"

#include <rill/gather.h>

static rill_task_t spawn_eager(rill_fn_t fn, void *arg, const char *name)
{
    const rill_spawn_options_t options = { .name = name, .eager = true };
    rill_task_t task;
    CHECK_EQ(rill_spawn_with(&pool, fn, arg, &options, &task), 0);
    return task;
}

static void say_my_name(void)
{
    char buffer[16];
    ev("%s", rill_task_name(rill_task_current(), buffer));
}

static int name_twice(void *arg)
{
    (void)arg;
    say_my_name();
    CHECK_EQ(rill_yield(), 0);
    say_my_name();
    return 0;
}

static int main_swapped(void *arg)
{
    (void)arg;
    rill_task_set_name(rill_task_current(), "main");
    rill_task_t task = spawn_eager(name_twice, NULL, "B");
    say_my_name();
    return rill_join(task, NULL);
}

TEST(current_task_swapped)
{
    run(main_swapped);
    trace_is("0 B\n"
             "0 main\n"
             "0 B\n"
             "0 run -> None\n");
}

static int return_arg(void *arg)
{
    return INT(arg);
}

static int main_gather(void *arg)
{
    (void)arg;
    soon(say, "soon");
    rill_awaitable_t both[2] = { { 0 } };
    for (int i = 0; i < 2; i++) {
        both[i].future = rill_task_future(spawn_eager(return_arg, PTR(i + 1), NULL));
    }
    CHECK_EQ(rill_gather(both, 2, 0), 0);
    ev("[%d,%d]", (int)both[0].value, (int)both[1].value);
    return rill_yield();
}

TEST(gather_all_eager_does_not_yield)
{
    run(main_gather);
    trace_is("0 [1,2]\n"
             "0 soon\n"
             "0 run -> None\n");
}

TEST_MAIN("eager", TEST_CASE(current_task_swapped), TEST_CASE(gather_all_eager_does_not_yield))
