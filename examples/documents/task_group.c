// TaskGroup: when the block is left, all its tasks have ended.
#include "session.h"

RILL_TASK_POOL_DEFINE(tasks, 4, STACK);

static struct page *const urls[] = { &pages[0], &pages[1], &pages[3] };

static int app(void *arg)
{
    rill_group_t group = RILL_GROUP_INIT(NULL);
    rill_task_t checks[3];
    int rc;
    (void)arg;
    RILL_WITH_GROUP(&group, rc)
    {
        for (int i = 0; i < 3 && rc == RILL_OK; i++) {
            rc = rill_group_spawn(&group, &tasks, check, urls[i], &checks[i]);
        }
    }
    for (int i = 0; i < 3 && rc == RILL_OK; i++) {
        rill_value_t result = 0;
        rc = rill_join(checks[i], &result);
        print_page(result);
    }
    return rc;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
