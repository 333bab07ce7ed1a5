// Generators. One word and one code travel with every switch: inwards what was sent and 0 or the error thrown, outwards
// what is yielded and 0, or the result and RILL_ENODATA or the code the body failed with. The code is what the switch
// tells.
#include "coroutine.h"

#include <rill/generator.h>

_Static_assert(sizeof(void *) != 4 || sizeof(rill_gen_t) == 36, "a generator costs 36 bytes");

static void generator_main(int told, struct rill_node *from, struct rill_node *thread)
{
    (void)told;
    (void)from;
    rill_gen_t *gen = CONTAINER(RILL_CONTEXT(thread), rill_gen_t, context);
    int code = gen->fn(gen, gen->arg);
    if (code != 0 || !gen->has_word) {
        gen->value = code < 0 ? 0 : code;
    }
    // The end that a body passes on by mistake is not its own (PEP 479).
    gen->code = code >= 0 ? RILL_ENODATA : code == RILL_ENODATA ? RILL_EPERM : code;
    gen->state = RILL_GEN_DONE;
    rill_arch_leave(gen->code, gen->context.stack, RILL_THREAD(&gen->caller));
}

int rill_gen_init(rill_gen_t *gen, rill_gen_fn_t fn, void *arg, void *stack, size_t size)
{
    if (gen == NULL || fn == NULL) {
        return RILL_EINVAL;
    }
    gen->caller.stack = NULL;
    gen->value = 0;
    gen->code = 0;
    gen->fn = fn;
    gen->arg = arg;
    gen->state = RILL_GEN_NEW;
    gen->has_word = 0;
    return rill_coroutine_init(&gen->context, stack, size, generator_main);
}

// ---- outside

FAST int enter(rill_gen_t *gen, rill_value_t in, int error, rill_value_t *value)
{
    gen->value = in;
    gen->state = RILL_GEN_RUNNING;
#if STACK_FOLLOWS
    void **running = running_stack();
    if (running != NULL) {
        gen->caller.stack = *running;
        *running = gen->context.stack;
    } else {
        gen->caller.stack = NULL;
    }
#endif
    int code = rill_arch_switch(error, RILL_THREAD(&gen->caller), RILL_THREAD(&gen->context));
#if STACK_FOLLOWS
    if (running != NULL) {
        *running = gen->caller.stack;
    }
#endif
    if (value != NULL) {
        *value = gen->value;
    }
    return code;
}

SLOW int refuse(const rill_gen_t *gen, rill_value_t *value)
{
    if (gen->state == RILL_GEN_RUNNING) {
        return RILL_EBUSY;
    }
    if (value != NULL) {
        *value = 0;
    }
    return RILL_ENODATA;
}

int rill_gen_resume(rill_gen_t *gen, rill_value_t in, rill_value_t *value)
{
    if (UNLIKELY(gen->state >= RILL_GEN_RUNNING)) {
        return refuse(gen, value);
    }
    return enter(gen, in, 0, value);
}

int rill_gen_next_or(rill_gen_t *gen, rill_value_t otherwise, rill_value_t *value)
{
    int code = rill_gen_resume(gen, 0, value);
    if (code != RILL_ENODATA) {
        return code;
    }
    if (value != NULL) {
        *value = otherwise;
    }
    return RILL_OK;
}

int rill_gen_send(rill_gen_t *gen, rill_value_t in, rill_value_t *value)
{
    if (gen->state == RILL_GEN_NEW && in != 0) {
        return RILL_ETYPE;
    }
    return rill_gen_resume(gen, in, value);
}

int rill_gen_throw(rill_gen_t *gen, int error, rill_value_t *value)
{
    if (error >= 0) {
        return RILL_EINVAL;
    }
    switch (rill_gen_state(gen)) {
    case RILL_GEN_SUSPENDED:
        return enter(gen, 0, error, value);
    case RILL_GEN_RUNNING:
        return RILL_EBUSY;
    case RILL_GEN_NEW:
        gen->state = RILL_GEN_DONE;
        gen->code = error;
        break;
    case RILL_GEN_DONE:
    default:
        break;
    }
    return error;
}

int rill_gen_close(rill_gen_t *gen)
{
    if (gen->state == RILL_GEN_DONE) {
        return RILL_OK;
    }
    int code = rill_gen_throw(gen, RILL_EGENEXIT, NULL);
    if (code == RILL_OK) {
        return RILL_EPERM;
    }
    if (code != RILL_ENODATA && code != RILL_EGENEXIT) {
        return code;
    }
    gen->code = RILL_ENODATA;
    return RILL_OK;
}

rill_value_t rill_gen_result(const rill_gen_t *gen)
{
    return gen->state == RILL_GEN_DONE && gen->code == RILL_ENODATA ? gen->value : 0;
}

int rill_gen_error(const rill_gen_t *gen)
{
    return gen->state == RILL_GEN_DONE && gen->code != RILL_ENODATA ? gen->code : RILL_OK;
}

// ---- inside

int rill_gen_suspend(rill_gen_t *self, rill_value_t value, rill_value_t *sent)
{
    if (UNLIKELY(self->state != RILL_GEN_RUNNING)) {
        return RILL_EPERM;
    }
    self->value = value;
    self->state = RILL_GEN_SUSPENDED;
    int error = rill_arch_switch(RILL_OK, RILL_THREAD(&self->context), RILL_THREAD(&self->caller));
    if (sent != NULL) {
        *sent = self->value;
    }
    return error;
}

// One step of `yield from`: hands out a value of `sub` and gives it what comes back.
static int relay(rill_gen_t *self, rill_gen_t *sub, rill_value_t *value)
{
    rill_value_t sent;
    int error = rill_gen_yield(self, *value, &sent);
    if (error == RILL_OK) {
        return rill_gen_resume(sub, sent, value);
    }
    if (error != RILL_EGENEXIT) {
        return rill_gen_throw(sub, error, value);
    }
    int code = rill_gen_close(sub);
    return code != RILL_OK ? code : error;
}

int rill_gen_yield_from(rill_gen_t *self, rill_gen_t *sub, rill_value_t *result)
{
    rill_value_t value = 0;
    int code = rill_gen_resume(sub, 0, &value);
    while (code == RILL_OK) { // bound: what `sub` yields
        code = relay(self, sub, &value);
    }
    if (result != NULL) {
        *result = code == RILL_ENODATA ? value : 0;
    }
    return code == RILL_ENODATA ? RILL_OK : code;
}

int rill_gen_yield_array(rill_gen_t *self, const rill_value_t *items, size_t n)
{
    int error = RILL_OK;
    for (size_t i = 0; i < n && error == RILL_OK; i++) { // bound: n
        error = rill_gen_yield(self, items[i], NULL);
    }
    return error;
}

int rill_gen_yield_text(rill_gen_t *self, const char *text)
{
    int error = RILL_OK;
    for (; *text != '\0' && error == RILL_OK; text++) { // bound: the text
        error = rill_gen_yield(self, (unsigned char)*text, NULL);
    }
    return error;
}

int rill_gen_return(rill_gen_t *self, rill_value_t word)
{
    self->value = word;
    self->has_word = 1;
    return RILL_OK;
}
