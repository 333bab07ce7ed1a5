// Two generators, advanced in turn by next().
#include "document.h"

#include <rill/generator.h>

RILL_COROUTINE_STACK(stack1, STACK);
RILL_COROUTINE_STACK(stack2, STACK);

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

int main(void)
{
    rill_gen_t t1, t2;
    rill_gen_init(&t1, count, NULL, stack1, sizeof stack1);
    rill_gen_init(&t2, letters, "abcdefghijklmnopqrstuvwxyz", stack2, sizeof stack2);
    rill_gen_next(&t1, NULL);
    rill_gen_next(&t2, NULL);
    rill_gen_next(&t1, NULL);
    rill_gen_next(&t2, NULL);
    printf("----------------\n");
    return 0;
}
