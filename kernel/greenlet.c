// Greenlets: the switch itself is in the header.
#include "coroutine.h"

#include <rill/greenlet.h>

_Static_assert(!RILL_GREENLET_INLINE || !STACK_FOLLOWS, "an inline switch does not tell where the task stands");
_Static_assert(sizeof(void *) != 4 || sizeof(rill_greenlet_t) == 24, "a greenlet costs 24 bytes");

#if !RILL_GREENLET_INLINE && RILL_DEBUG
static bool stands_on(const void *stack)
{
    const struct rill_stack_head *head = stack;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    return head == NULL || here - (uintptr_t)head < head->size;
}
#endif

int rill_greenlet_transfer(rill_greenlet_t *self, rill_greenlet_t *to, int error)
{
#if !RILL_GREENLET_INLINE
    RILL_ASSERT(105, stands_on(self->context.stack), "greenlet: `self` is not the running one");
#endif
#if STACK_FOLLOWS
    void **running = running_stack();
    if (running != NULL) {
        *running = to->context.stack;
    }
#endif
    return rill_arch_switch(error, RILL_THREAD(&self->context), RILL_THREAD(&to->context));
}

void rill_greenlet_main(rill_greenlet_t *self)
{
    self->context.sp = NULL;
    self->context.stack = NULL;
    self->value = 0;
    self->parent = NULL;
    self->fn = NULL;
    self->state = RILL_GREENLET_ALIVE;
    self->has_word = 0;
#if STACK_FOLLOWS
    void **running = running_stack();
    if (running != NULL) {
        self->context.stack = *running;
    }
#endif
}

// What a switch to the dead passes goes on to the parent, and so does the outcome.
static _Noreturn void dead(rill_greenlet_t *self, int error)
{
    self->state = RILL_GREENLET_DEAD;
    for (;;) { // bound: switches to the dead
        rill_greenlet_t *parent = self->parent;
        parent->value = self->value;
        error = rill_greenlet_go(self, parent, error, NULL);
    }
}

static void greenlet_main(int told, struct rill_node *from, struct rill_node *thread)
{
    (void)from;
    rill_greenlet_t *self = CONTAINER(RILL_CONTEXT(thread), rill_greenlet_t, context);
    int code = told;
    self->state = RILL_GREENLET_ALIVE;
    if (code == 0) {
        code = self->fn(self, self->value);
    }
    if (code > 0 || !self->has_word) {
        self->value = code;
    }
    dead(self, code < 0 ? code : 0);
}

int rill_greenlet_init(rill_greenlet_t *greenlet, rill_greenlet_fn_t fn, rill_greenlet_t *parent, void *stack,
                       size_t size)
{
    if (greenlet == NULL || fn == NULL || parent == NULL) {
        return RILL_EINVAL;
    }
    greenlet->value = 0;
    greenlet->parent = parent;
    greenlet->fn = fn;
    greenlet->state = RILL_GREENLET_NEW;
    greenlet->has_word = 0;
    return rill_coroutine_init(&greenlet->context, stack, size, greenlet_main);
}

int rill_greenlet_return(rill_greenlet_t *self, rill_value_t word)
{
    self->value = word;
    self->has_word = 1;
    return RILL_OK;
}

int rill_greenlet_set_parent(rill_greenlet_t *greenlet, rill_greenlet_t *parent)
{
    if (greenlet == NULL || greenlet->parent == NULL || parent == NULL) {
        return RILL_EINVAL;
    }
    for (const rill_greenlet_t *g = parent; g != NULL; g = g->parent) { // bound: number of ancestors
        if (g == greenlet) {
            return RILL_EINVAL;
        }
    }
    greenlet->parent = parent;
    return RILL_OK;
}
