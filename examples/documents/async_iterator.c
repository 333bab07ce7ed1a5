// An asynchronous iterator over the values of a database's keys. The database is a table here; an answer takes 5 ms.
#include "document.h"

#include <string.h>

#include <rill/async_generator.h>

RILL_TASK_POOL_DEFINE(tasks, 1, STACK);

struct redis_reader {
    rill_aiter_t iter;
    const char *const *keys;
};

static int redis_get(const char *key, rill_value_t *value)
{
    static const struct {
        const char *key, *value;
    } table[] = { { "name", "wangbm" }, { "age", "18" }, { "gender", "male" } };
    int error = rill_sleep_ms(5);
    for (size_t i = 0; i < 3 && error == RILL_OK; i++) {
        if (strcmp(table[i].key, key) == 0) {
            *value = (rill_value_t)table[i].value;
            return RILL_OK;
        }
    }
    return error != RILL_OK ? error : RILL_ENOENT;
}

static int redis_next(rill_aiter_t *iter, rill_value_t *value)
{
    struct redis_reader *self = (struct redis_reader *)iter;
    return *self->keys != NULL ? redis_get(*self->keys++, value) : RILL_ENODATA;
}

static int app(void *arg)
{
    static const char *const keys[] = { "name", "age", "gender", NULL };
    struct redis_reader reader = { RILL_AITER_INIT(redis_next), keys };
    (void)arg;
    RILL_ASYNC_FOR(value, &reader.iter)
    {
        printf("%s\n", TEXT(value));
    }
    return rill_aiter_code(&reader.iter);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
