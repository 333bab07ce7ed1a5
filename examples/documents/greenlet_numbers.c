// Four ways to write coroutines, 1: greenlets. (2: generator_yield_from, 3 and 4: async_await.) Nothing but greenlets
// is linked: no loop, no tasks, no C library.
#include <rill/board.h>
#include <rill/greenlet.h>

RILL_COROUTINE_STACK(stack1, 4096);
RILL_COROUTINE_STACK(stack2, 4096);
static rill_greenlet_t gr1, gr2;

static void print_digit(char digit)
{
    rill_board_putc(digit);
    rill_board_putc('\n');
}

static int func1(rill_greenlet_t *self, rill_value_t value)
{
    (void)value;
    print_digit('1');
    rill_greenlet_switch(self, &gr2, 0, NULL);
    print_digit('2');
    return rill_greenlet_switch(self, &gr2, 0, NULL);
}

static int func2(rill_greenlet_t *self, rill_value_t value)
{
    (void)value;
    print_digit('3');
    rill_greenlet_switch(self, &gr1, 0, NULL);
    print_digit('4');
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
