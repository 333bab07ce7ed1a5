// rill-test: expect-fault=greenlet: `self` is not the running one [105]
// A greenlet that switches in another's name is stopped before it does harm.
#include <rill/greenlet.h>

#include "test.h"

#if defined(__unix__) || defined(__linux__)
enum { BYTES = 16384 };
#else
enum { BYTES = 512 };
#endif

RILL_COROUTINE_STACK(stack1, BYTES);
RILL_COROUTINE_STACK(stack2, BYTES);
static rill_greenlet_t here, g1, g2;

static int body(rill_greenlet_t *self, rill_value_t value)
{
    (void)self;
    (void)value;
    return rill_greenlet_switch(&g2, &here, 0, NULL);
}

int main(void)
{
    rill_greenlet_main(&here);
    rill_greenlet_init(&g1, body, &here, stack1, sizeof stack1);
    rill_greenlet_init(&g2, body, &here, stack2, sizeof stack2);
    rill_greenlet_switch(&here, &g1, 0, NULL);
    return 0;
}
