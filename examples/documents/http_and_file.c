// Two workers, one at the network and one at a file, gathered. Both devices are in memory here, with their latency; of
// the response Python prints the headers as well.
#include "document.h"

#include <string.h>

RILL_TASK_POOL_DEFINE(tasks, 3, STACK);
static char file[16];

static int http_worker(void *arg)
{
    (void)arg;
    int error = rill_sleep_ms(120); // the server's answer
    if (error != RILL_OK) {
        return error;
    }
    printf("<ClientResponse(https://cn.bing.com/) [200 OK]>\n");
    return rill_return((rill_value_t) "http");
}

static int file_worker(void *arg)
{
    (void)arg;
    int error = rill_sleep_ms(5); // the disk
    if (error != RILL_OK) {
        return error;
    }
    memcpy(file, "test", 5);
    return rill_return((rill_value_t) "file");
}

static int app(void *arg)
{
    const rill_call_t works[] = { { http_worker, NULL }, { file_worker, NULL } };
    rill_awaitable_t res[2];
    (void)arg;
    int error = rill_gather_calls(&tasks, works, res, 2, 0);
    printf("['%s', '%s']\n", TEXT(res[0].value), TEXT(res[1].value));
    return error;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
