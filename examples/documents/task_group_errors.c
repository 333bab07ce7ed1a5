// A TaskGroup two of whose tasks fail: the errors come as one group; except* looks for one kind at a time.
#include "document.h"

#include <rill/group.h>

RILL_TASK_POOL_DEFINE(tasks, 4, STACK);

enum { VALUE_ERROR = RILL_EINVAL, TYPE_ERROR = RILL_ETYPE };

static rill_group_error_t entries[3];
static rill_error_list_t errors = RILL_ERROR_LIST_INIT(entries);

static int coro_normal(void *arg)
{
    (void)arg;
    return rill_return((rill_value_t) "Hello, world!");
}

static int coro_value_error(void *arg)
{
    (void)arg;
    return VALUE_ERROR;
}

static int coro_type_error(void *arg)
{
    (void)arg;
    return TYPE_ERROR;
}

static const char *error_name(int error)
{
    return error == VALUE_ERROR ? "ValueError" : "TypeError";
}

// eg=ExceptionGroup(...) with the errors of one kind; with all of them for kind 0.
static void print_group(const char *name, int kind)
{
    const char *separator = "";
    printf("%s=ExceptionGroup('unhandled errors in a TaskGroup', [", name);
    for (unsigned i = 0; i < errors.count; i++) {
        if (kind == 0 || entries[i].error == kind) {
            printf("%s%s()", separator, error_name(entries[i].error));
            separator = ", ";
        }
    }
    printf("])\n");
}

static int run_group(void)
{
    rill_group_t group = RILL_GROUP_INIT(&errors);
    static const rill_fn_t fns[] = { coro_normal, coro_value_error, coro_type_error };
    int rc = rill_group_begin(&group);
    if (rc != RILL_OK) {
        return rc;
    }
    for (int i = 0; i < 3 && rc == RILL_OK; i++) {
        rc = rill_group_spawn(&group, &tasks, fns[i], NULL, NULL);
    }
    return rill_group_end(&group, rc);
}

static int app(void *arg)
{
    (void)arg;
    if (run_group() == RILL_EGROUP) {
        print_group("eg", 0);
    }
    if (run_group() == RILL_EGROUP) {
        if (rill_error_list_find(&errors, VALUE_ERROR, NULL) != NULL) {
            print_group("ve", VALUE_ERROR);
        }
        if (rill_error_list_find(&errors, TYPE_ERROR, NULL) != NULL) {
            print_group("te", TYPE_ERROR);
        }
    }
    return 0;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
