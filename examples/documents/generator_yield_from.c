// Four ways to write coroutines, 2: a generator that delegates to another.
#include "document.h"

#include <rill/generator.h>

RILL_COROUTINE_STACK(stack1, STACK);
RILL_COROUTINE_STACK(stack2, STACK);

static int func2_yield(rill_gen_t *self, void *arg)
{
    static const rill_value_t items[] = { 3, 4 };
    (void)arg;
    return rill_gen_yield_array(self, items, 2);
}

static int func1_yield(rill_gen_t *self, void *arg)
{
    rill_gen_t func2;
    (void)arg;
    rill_gen_init(&func2, func2_yield, NULL, stack2, sizeof stack2);
    int error = rill_gen_yield(self, 1, NULL);
    if (error == RILL_OK) {
        error = rill_gen_yield_from(self, &func2, NULL);
    }
    return error == RILL_OK ? rill_gen_yield(self, 2, NULL) : error;
}

int main(void)
{
    rill_gen_t yield_1;
    rill_gen_init(&yield_1, func1_yield, NULL, stack1, sizeof stack1);
    RILL_GEN_FOREACH(item, &yield_1)
    {
        printf("%d\n", (int)item);
    }
    return 0;
}
