// Structured concurrency: a group ends as a whole. One child fails, the others are cancelled, nothing is left behind.
#include <rill/group.h>
#include <stdio.h>

#define OVERHEAT (RILL_EUSER - 1)

enum { STACK = sizeof(void *) == 8 ? 16384 : 1024 }; // the printf of a PC needs more
RILL_TASK_POOL_DEFINE(tasks, 4, STACK);

static int sample(void *name)
{
    for (int i = 1;; i++) {
        int error = rill_sleep_ms(100);
        if (error < 0) {
            printf("%s: stopped after %d samples\n", (const char *)name, i - 1);
            return error;
        }
        printf("%s: sample %d\n", (const char *)name, i);
    }
}

static int watchdog(void *arg)
{
    (void)arg;
    int error = rill_sleep_ms(250);
    return error < 0 ? error : OVERHEAT;
}

static int app(void *arg)
{
    (void)arg;
    rill_group_error_t items[4];
    rill_error_list_t errors = RILL_ERROR_LIST_INIT(items);
    rill_group_t group = RILL_GROUP_INIT(&errors);
    const rill_spawn_options_t named = { .name = "watchdog" };
    int error = rill_group_begin(&group);
    error = error < 0 ? error : rill_group_spawn(&group, &tasks, sample, "temperature", NULL);
    error = error < 0 ? error : rill_group_spawn(&group, &tasks, sample, "pressure", NULL);
    error = error < 0 ? error : rill_group_spawn_with(&group, &tasks, watchdog, NULL, &named, NULL);
    error = rill_group_end(&group, error);
    const rill_group_error_t *failed = rill_error_list_find(&errors, OVERHEAT, NULL);
    printf("group: %s, %d error(s), from %s\n", error == RILL_EGROUP ? "failed" : "ok", errors.count, failed->name);
    return 0;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
