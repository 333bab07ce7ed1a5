// rill-test: not=host | min-ram=64
// newlib's struct _reent per task: state that its functions keep between calls belongs to the task. picolibc has no
// such structure, so there a program keeps that state itself.
#include "test.h"

#include <rill/libc.h>
#include <rill/task.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#ifndef __PICOLIBC__
#include <reent.h>
#endif

RILL_HEAP_DEFINE(6144 * sizeof(void *) / 4);
RILL_TASK_POOL_DEFINE(tasks, 3, (1024 + TEST_FPU_STACK) * sizeof(void *) / 4);

static int words(void *text)
{
#ifndef __PICOLIBC__
    struct _reent own, *previous = rill_reent_enter(&own);
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " ")) {
        ev("%s", word);
        rill_yield();
    }
    CHECK(_impure_ptr == &own);
    rill_reent_leave(previous);
    CHECK(_impure_ptr == _GLOBAL_REENT);
#else
    char *rest = text;
    for (char *word = strtok_r(rest, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        ev("%s", word);
        rill_yield();
    }
#endif
    return RILL_OK;
}

static int two(void *arg)
{
    static char first[] = "one two three", second[] = "eins zwei drei";
    rill_task_t a, b;
    (void)arg;
    rill_spawn(&tasks, words, first, &a);
    rill_spawn(&tasks, words, second, &b);
    rill_join(a, NULL);
    return rill_join(b, NULL);
}

TEST(strtok_in_two_tasks)
{
    CHECK_EQ(rill_run(&tasks, two, NULL, NULL), 0);
    trace_is("0 one\n0 eins\n0 two\n0 zwei\n0 three\n0 drei\n");
}

#ifndef __PICOLIBC__
// What the structures took from the heap comes back.
static int prints(void *arg)
{
    struct _reent own, *previous = rill_reent_enter(&own);
    (void)arg;
    CHECK_EQ(getchar(), EOF); // the port is not started
    CHECK_EQ(errno, EPIPE);
    CHECK(stdin != _GLOBAL_REENT->_stdin);
    rill_reent_leave(previous);
    return RILL_OK;
}
#else
static int prints(void *arg)
{
    (void)arg;
    return RILL_OK;
}
#endif

static int prints_often(void *arg)
{
    int error = RILL_OK;
    (void)arg;
    for (int i = 0; i < 50 && error == RILL_OK; i++) {
        rill_task_t task;
        rill_spawn(&tasks, prints, NULL, &task);
        error = rill_join(task, NULL);
        void *memory = malloc(1024);
        CHECK(memory != NULL);
        free(memory);
    }
    return error;
}

TEST(nothing_is_left)
{
    CHECK_EQ(rill_run(&tasks, prints_often, NULL, NULL), 0);
}

TEST_MAIN("newlib_reent", TEST_CASE(strtok_in_two_tasks), TEST_CASE(nothing_is_left))
