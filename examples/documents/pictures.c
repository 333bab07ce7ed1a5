// Four downloads, one after the other and at the same time. The network is in memory here: each picture takes as many
// seconds as it has megabytes. Beyond the document's text the program prints how long either way took.
#include "document.h"

#include <string.h>

RILL_TASK_POOL_DEFINE(tasks, 5, STACK);

struct picture {
    const char *url;
    unsigned megabytes;
};

static struct picture pictures[] = {
    { "https://bing.com/th?id=OHR.HalloweenCuteAI_ZH-CN1079713117_1920x1080.jpg", 1 },
    { "https://w.wallhaven.cc/full/d6/wallhaven-d6o77l.jpg", 4 },
    { "https://w.wallhaven.cc/full/jx/wallhaven-jxyopy.png", 3 },
    { "https://w.wallhaven.cc/full/ex/wallhaven-ex9gwo.png", 2 },
};

// url.split("/")[-1]
static const char *file_name(const struct picture *picture)
{
    return strrchr(picture->url, '/') + 1;
}

static int regular_download(const struct picture *picture)
{
    printf("Start downloading.\n");
    int error = rill_sleep_ms(picture->megabytes * 1000);
    if (error == RILL_OK) {
        printf("[%s] end downloading.\n", file_name(picture));
    }
    return error;
}

static int coroutine_fetch(void *arg)
{
    const struct picture *picture = arg;
    printf("Sending download requests:  %s\n", picture->url);
    int error = rill_sleep_ms(picture->megabytes * 1000);
    if (error == RILL_OK) {
        printf("End downloading:  c-%s\n", file_name(picture));
    }
    return error;
}

static int app(void *arg)
{
    rill_awaitable_t fetches[4] = { 0 };
    (void)arg;
    for (int i = 0; i < 4; i++) {
        int error = regular_download(&pictures[i]);
        if (error != RILL_OK) {
            return error;
        }
    }
    printf("%u s\n", seconds());
    printf("--------------------------------------------------------------------------------\n");
    for (int i = 0; i < 4; i++) {
        fetches[i].future = rill_task_future(create_task(&tasks, coroutine_fetch, &pictures[i]));
    }
    int done = rill_wait(fetches, 4, RILL_ALL_COMPLETED, RILL_NEVER);
    printf("%u s\n", seconds() - 10);
    return done < 0 ? done : 0;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
