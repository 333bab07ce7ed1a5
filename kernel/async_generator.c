// Asynchronous generators are generators: with a stack of its own, a body can wait wherever it is. What is left to do
// is the iterator's face and the rule that a task asks.
#include "kernel.h"

#include <rill/async_generator.h>

_Static_assert(sizeof(void *) != 4 || sizeof(rill_agen_t) == 48, "an asynchronous generator costs 48 bytes");

int rill_anext(rill_aiter_t *iter, rill_value_t *value)
{
    int code = iter->next(iter, value);
    iter->code = code;
    return code;
}

static int next_of_agen(rill_aiter_t *iter, rill_value_t *value)
{
    return rill_agen_next(CONTAINER(iter, rill_agen_t, iter), value);
}

static int agen_main(rill_gen_t *gen, void *arg)
{
    rill_agen_t *agen = CONTAINER(gen, rill_agen_t, gen);
    int code = agen->fn(agen, arg);
    return code < 0 ? code : 0;
}

int rill_agen_init(rill_agen_t *agen, rill_agen_fn_t fn, void *arg, void *stack, size_t size)
{
    if (agen == NULL || fn == NULL) {
        return RILL_EINVAL;
    }
    agen->iter.next = next_of_agen;
    agen->iter.code = 0;
    agen->fn = fn;
    return rill_gen_init(&agen->gen, agen_main, arg, stack, size);
}

int rill_agen_next(rill_agen_t *agen, rill_value_t *value)
{
    return rill_task_loop != NULL ? rill_gen_next(&agen->gen, value) : RILL_EPERM;
}

int rill_agen_send(rill_agen_t *agen, rill_value_t in, rill_value_t *value)
{
    return rill_task_loop != NULL ? rill_gen_send(&agen->gen, in, value) : RILL_EPERM;
}

int rill_agen_throw(rill_agen_t *agen, int error, rill_value_t *value)
{
    return rill_task_loop != NULL ? rill_gen_throw(&agen->gen, error, value) : RILL_EPERM;
}

int rill_agen_close(rill_agen_t *agen)
{
    return rill_task_loop != NULL ? rill_gen_close(&agen->gen) : RILL_EPERM;
}

int rill_agen_yield(rill_agen_t *self, rill_value_t value, rill_value_t *sent)
{
    return rill_gen_yield(&self->gen, value, sent);
}
