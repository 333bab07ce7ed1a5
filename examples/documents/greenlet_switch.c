// Two greenlets that switch to each other; the end of one continues its parent.
#include "document.h"

#include <rill/greenlet.h>

RILL_COROUTINE_STACK(stack1, STACK);
RILL_COROUTINE_STACK(stack2, STACK);
static rill_greenlet_t gr_func1, gr_func2;

static int func1(rill_greenlet_t *self, rill_value_t value)
{
    (void)value;
    printf("func1 step1\n");
    rill_greenlet_switch(self, &gr_func2, 0, NULL);
    printf("func1 step2\n");
    return rill_greenlet_switch(self, &gr_func2, 0, NULL);
}

static int func2(rill_greenlet_t *self, rill_value_t value)
{
    (void)value;
    printf("func2 step1\n");
    rill_greenlet_switch(self, &gr_func1, 0, NULL);
    printf("func2 step2\n");
    return 0;
}

int main(void)
{
    rill_greenlet_t parent;
    rill_greenlet_main(&parent);
    rill_greenlet_init(&gr_func1, func1, &parent, stack1, sizeof stack1);
    rill_greenlet_init(&gr_func2, func2, &parent, stack2, sizeof stack2);
    rill_greenlet_switch(&parent, &gr_func1, 0, NULL);
    return 0;
}
