// Four downloads, one after the other and at the same time. The network is in memory here: each picture takes as many
// seconds as it has megabytes.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 5, STACK);

struct picture {
    const char *name;
    unsigned megabytes;
};

static struct picture pictures[] = {
    { "HalloweenCuteAI.jpg", 1 },
    { "wallhaven-d6o77l.jpg", 4 },
    { "wallhaven-jxyopy.png", 3 },
    { "wallhaven-ex9gwo.png", 2 },
};

static int regular_download(const struct picture *picture)
{
    printf("Start downloading.\n");
    int error = rill_sleep_ms(picture->megabytes * 1000);
    if (error == RILL_OK) {
        printf("[%s] end downloading.\n", picture->name);
    }
    return error;
}

static int coroutine_fetch(void *arg)
{
    const struct picture *picture = arg;
    printf("Sending download requests: %s\n", picture->name);
    int error = rill_sleep_ms(picture->megabytes * 1000);
    if (error == RILL_OK) {
        printf("End downloading: c-%s\n", picture->name);
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
