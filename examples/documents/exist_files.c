// Which of these files exist? All are asked for at once, at most two at a time. The file system is a table here,
// and a look at it takes 10 ms; one file has a disk error, which is logged.
#include "document.h"

#include <string.h>

#include <rill/scope.h>

RILL_TASK_POOL_DEFINE(tasks, 6, STACK);
static rill_semaphore_t semaphore = RILL_SEMAPHORE_INIT(2);
static unsigned at_once, most_at_once;

static int device_stat(const char *path)
{
    static const char *const existing[] = { "/etc/boot.cfg", "/log/today" };
    most_at_once = ++at_once > most_at_once ? at_once : most_at_once;
    int error = rill_sleep_ms(10);
    at_once--;
    if (error != RILL_OK) {
        return error;
    }
    if (strcmp(path, "/dev/bad") == 0) {
        return RILL_EIO;
    }
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(path, existing[i]) == 0) {
            return RILL_OK;
        }
    }
    return RILL_ENOENT;
}

static int check_with_semaphore(void *path)
{
    int rc, found = 0;
    RILL_WITH_SEMAPHORE(&semaphore, rc)
    {
        int error = device_stat(path);
        if (error == RILL_ECANCELED) {
            rc = error;
            break;
        }
        if (error == RILL_EIO) {
            printf("WARNING \u6821\u9a8c %s \u5b58\u5728\u6027\u5f02\u5e38\uff0c%d\n", (const char *)path, error);
        }
        found = error == RILL_OK;
    }
    return rc == RILL_OK ? found : rc;
}

static int app(void *arg)
{
    static char *const files[] = { "/etc/boot.cfg", "/etc/none", "/dev/bad", "/log/today", "/log/yesterday" };
    rill_call_t calls[5];
    rill_awaitable_t exist[5];
    (void)arg;
    for (int i = 0; i < 5; i++) {
        calls[i] = (rill_call_t){ check_with_semaphore, files[i] };
    }
    int error = rill_gather_calls(&tasks, calls, exist, 5, 0);
    for (int i = 0; i < 5; i++) {
        printf("%s%s", i == 0 ? "[" : ", ", exist[i].value != 0 ? "True" : "False");
    }
    printf("]\n%u at once\n", most_at_once);
    return error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
