// Four ways to write coroutines, 1: greenlets. (2: generator_yield_from, 3 and 4: async_await.)
#include "document.h"

#include <rill/greenlet.h>

RILL_COROUTINE_STACK(stack1, STACK);
RILL_COROUTINE_STACK(stack2, STACK);
static rill_greenlet_t gr1, gr2;

static int func1(rill_greenlet_t *self, rill_value_t value)
{
    (void)value;
    printf("1\n");
    rill_greenlet_switch(self, &gr2, 0, NULL);
    printf("2\n");
    return rill_greenlet_switch(self, &gr2, 0, NULL);
}

static int func2(rill_greenlet_t *self, rill_value_t value)
{
    (void)value;
    printf("3\n");
    rill_greenlet_switch(self, &gr1, 0, NULL);
    printf("4\n");
    return 0;
}

int main(void)
{
    rill_greenlet_t parent;
    rill_greenlet_main(&parent);
    rill_greenlet_init(&gr1, func1, &parent, stack1, sizeof stack1);
    rill_greenlet_init(&gr2, func2, &parent, stack2, sizeof stack2);
    rill_greenlet_switch(&parent, &gr1, 0, NULL);
    return 0;
}
