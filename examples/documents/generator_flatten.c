// gen(*args): everything of a text, a list, the keys of a dictionary and a generator, by nested loops and by `yield
// from`. The items are of two kinds, as in the document: numbers below 16, and texts.
#include "document.h"

#include <rill/generator.h>

RILL_COROUTINE_STACK(stack1, STACK);
RILL_COROUTINE_STACK(stack2, STACK);

static const char *const astr[] = { "A", "B", "C" };
static const rill_value_t alist[] = { 1, 2, 3 };
static const struct {
    const char *key, *value;
} adict[] = { { "name", "wangbm" }, { "age", "18" } };

static int agen(rill_gen_t *self, void *arg)
{
    int error = RILL_OK;
    (void)arg;
    for (int i = 4; i < 8 && error == RILL_OK; i++) {
        error = rill_gen_yield(self, i, NULL);
    }
    return error;
}

static int gen_nested(rill_gen_t *self, void *sub)
{
    int error = RILL_OK;
    for (size_t i = 0; i < 3 && error == RILL_OK; i++) {
        error = rill_gen_yield(self, (rill_value_t)astr[i], NULL);
    }
    for (size_t i = 0; i < 3 && error == RILL_OK; i++) {
        error = rill_gen_yield(self, alist[i], NULL);
    }
    for (size_t i = 0; i < 2 && error == RILL_OK; i++) {
        error = rill_gen_yield(self, (rill_value_t)adict[i].key, NULL);
    }
    rill_value_t item;
    while (error == RILL_OK && rill_gen_next(sub, &item) == RILL_OK) {
        error = rill_gen_yield(self, item, NULL);
    }
    return error;
}

static int gen_yield_from(rill_gen_t *self, void *sub)
{
    const rill_value_t keys[] = { (rill_value_t)adict[0].key, (rill_value_t)adict[1].key };
    const rill_value_t letters[] = { (rill_value_t)astr[0], (rill_value_t)astr[1], (rill_value_t)astr[2] };
    int error = rill_gen_yield_array(self, letters, 3);
    if (error == RILL_OK) {
        error = rill_gen_yield_array(self, alist, 3);
    }
    if (error == RILL_OK) {
        error = rill_gen_yield_array(self, keys, 2);
    }
    return error == RILL_OK ? rill_gen_yield_from(self, sub, NULL) : error;
}

static void print_list(rill_gen_fn_t fn)
{
    rill_gen_t gen, sub;
    const char *separator = "[";
    rill_gen_init(&sub, agen, NULL, stack2, sizeof stack2);
    rill_gen_init(&gen, fn, &sub, stack1, sizeof stack1);
    RILL_GEN_FOREACH(item, &gen)
    {
        if ((uintptr_t)item < 16) {
            printf("%s%d", separator, (int)item);
        } else {
            printf("%s'%s'", separator, TEXT(item));
        }
        separator = ", ";
    }
    printf("]\n");
}

int main(void)
{
    print_list(gen_nested);
    print_list(gen_yield_from);
    return 0;
}
