// A list of generators, advanced in turn; the finished ones are taken out after the round, from the back. The document
// prints a finished generator with its address, which is another one every time: here it has its name. It also blocks
// for half a second after each yield, which changes nothing that is printed.
#include "document.h"

#include <rill/generator.h>

RILL_COROUTINE_STACK(stack1, STACK);
RILL_COROUTINE_STACK(stack2, STACK);

struct task {
    const char *name;
    rill_gen_t gen;
};

static int count(rill_gen_t *self, void *arg)
{
    int error = RILL_OK;
    (void)arg;
    for (int c = 1; c <= 5 && error == RILL_OK; c++) {
        printf("count: %d\n", c);
        error = rill_gen_yield(self, c, NULL);
    }
    return error;
}

static int letters(rill_gen_t *self, void *arg)
{
    int error = RILL_OK;
    for (const char *c = arg; *c != '\0' && error == RILL_OK; c++) {
        printf("char: %c\n", *c);
        error = rill_gen_yield(self, *c, NULL);
    }
    return error;
}

static char ascii_letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

int main(void)
{
    struct task t1 = { .name = "count" }, t2 = { .name = "char" };
    struct task *tasks[] = { &t1, &t2 };
    size_t n = 2;
    rill_gen_init(&t1.gen, count, NULL, stack1, sizeof stack1);
    rill_gen_init(&t2.gen, letters, ascii_letters, stack2, sizeof stack2);
    while (n > 0) {
        size_t pops[2], n_pops = 0;
        for (size_t i = 0; i < n; i++) {
            rill_value_t value = 0;
            rill_gen_next_or(&tasks[i]->gen, -1, &value); // no task yields -1
            if (value == -1) {
                printf("task %s finish\n", tasks[i]->name);
                pops[n_pops++] = i;
            }
        }
        while (n_pops > 0) {
            n--;
            for (size_t i = pops[--n_pops]; i < n; i++) {
                tasks[i] = tasks[i + 1];
            }
        }
    }
    return 0;
}
