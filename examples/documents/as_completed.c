// as_completed: results as they come.
#include "session.h"

RILL_TASK_POOL_DEFINE(tasks, 4, STACK);

static int app(void *arg)
{
    rill_awaitable_t checks[3] = { 0 };
    rill_as_completed_t it;
    rill_awaitable_t *next;
    (void)arg;
    for (int i = 0; i < 3; i++) {
        checks[i].future = rill_task_future(create_task(&tasks, check, &pages[i]));
    }
    int error = rill_as_completed_begin(&it, checks, 3, RILL_NEVER);
    while (error == RILL_OK) {
        error = rill_as_completed_next(&it, &next);
        if (error == RILL_OK) {
            print_page(next->value);
        }
    }
    rill_as_completed_end(&it);
    return error == RILL_ENODATA ? 0 : error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
