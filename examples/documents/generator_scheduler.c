// A task scheduler of a queue of generators: take the first, let it run to its next yield, put it back at the end.
#include "document.h"

#include <rill/generator.h>

RILL_COROUTINE_STACK(stack1, STACK);
RILL_COROUTINE_STACK(stack2, STACK);

enum { CAPACITY = 4 };

// Python's deque: a ring of pointers.
struct scheduler {
    rill_gen_t *queue[CAPACITY];
    size_t head, count;
};

static void new_task(struct scheduler *sched, rill_gen_t *task)
{
    sched->queue[(sched->head + sched->count++) % CAPACITY] = task;
}

static void run(struct scheduler *sched)
{
    while (sched->count > 0) {
        rill_gen_t *task = sched->queue[sched->head];
        sched->head = (sched->head + 1) % CAPACITY;
        sched->count--;
        if (rill_gen_next(task, NULL) == RILL_OK) {
            new_task(sched, task);
        }
    }
}

static int say_hello(rill_gen_t *self, void *arg)
{
    for (int n = INT(arg); n > 0; n--) {
        printf("hello~ %d\n", n);
        int error = rill_gen_yield(self, n, NULL);
        if (error != RILL_OK) {
            return error;
        }
    }
    printf("say hello\n");
    return 0;
}

static int say_hi(rill_gen_t *self, void *arg)
{
    for (int x = 0; x < INT(arg); x++) {
        printf("hi~ %d\n", x);
        int error = rill_gen_yield(self, 0, NULL);
        if (error != RILL_OK) {
            return error;
        }
    }
    printf("say hi\n");
    return 0;
}

int main(void)
{
    struct scheduler sched = { { NULL }, 0, 0 };
    rill_gen_t hello, hi;
    rill_gen_init(&hello, say_hello, PTR(2), stack1, sizeof stack1);
    rill_gen_init(&hi, say_hi, PTR(3), stack2, sizeof stack2);
    new_task(&sched, &hello);
    new_task(&sched, &hi);
    run(&sched);
    return 0;
}
