// Generators and greenlets: a value asked for and handed out; a switch from one greenlet to another.
#include "bench.h"

#include <rill/generator.h>

enum { N = 10000 };

RILL_COROUTINE_STACK(stack, BENCH_STACK);
RILL_COROUTINE_STACK(other_stack, BENCH_STACK);
static rill_greenlet_t here, there;

static int forever(rill_gen_t *self, void *arg)
{
    (void)arg;
    while (rill_gen_yield(self, 1, NULL) == RILL_OK) {
    }
    return 0;
}

static int nested(rill_gen_t *self, void *arg)
{
    return rill_gen_yield_from(self, arg, NULL);
}

static int back(rill_greenlet_t *self, rill_value_t value)
{
    (void)value;
    while (rill_greenlet_switch(self, &here, 1, NULL) == RILL_OK) {
    }
    return 0;
}

static void generators(void)
{
    static rill_gen_t gen, outer;
    rill_value_t value;
    rill_gen_init(&gen, forever, NULL, stack, sizeof stack);
    BENCH("generator-next-yield", N, rill_gen_next(&gen, &value));
    rill_gen_init(&outer, nested, &gen, other_stack, sizeof other_stack);
    BENCH("generator-yield-from", N, rill_gen_next(&outer, &value));
}

// Two switches a round.
static void greenlets(void)
{
    rill_greenlet_main(&here);
    rill_greenlet_init(&there, back, &here, stack, sizeof stack);
    rill_greenlet_switch(&here, &there, 0, NULL);
    BENCH_PARTS("greenlet-switch", N, 2, rill_greenlet_switch(&here, &there, 1, NULL));
}

int main(void)
{
    generators();
    greenlets();
    bench_put("bench done\n");
    return 0;
}
