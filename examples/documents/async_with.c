// async with: a session that connects on entry and closes on every way out, in three tasks.
#include "session.h"

RILL_TASK_POOL_DEFINE(tasks, 4, STACK);

static int chech(void *arg)
{
    struct session session = { .page = arg };
    int rc;
    RILL_WITH(&session, session_begin, session_end, rc)
    {
        printf("%s: ", session.page->url);
        print_start(session.html, 20);
        printf("\n");
    }
    return rc;
}

static int app(void *arg)
{
    rill_task_t checks[3];
    (void)arg;
    for (int i = 0; i < 3; i++) {
        checks[i] = create_task(&tasks, chech, &pages[i]);
    }
    for (int i = 0; i < 3; i++) {
        int error = rill_join(checks[i], NULL);
        if (error != RILL_OK) {
            return error;
        }
    }
    return 0;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
