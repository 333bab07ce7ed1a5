// logging.basicConfig and logger.warning: the kernel's own reports go to rill_log, which an application may define;
// it adds the level and its own texts.
#include "document.h"

#include <rill/loop.h>

RILL_TASK_POOL_DEFINE(tasks, 2, STACK);

enum level { DEBUG, INFO, WARNING, ERROR };

static enum level threshold = DEBUG;

static void logger(enum level level, const char *name, const char *text)
{
    static const char *const names[] = { "DEBUG", "INFO", "WARNING", "ERROR" };
    if (level >= threshold) {
        printf("%s:%s:", names[level], name);
        for (; *text != '\0' && *text != ':'; text++) { // a debug build goes on with the code, names and addresses
            putchar(*text);
        }
        printf("\n");
    }
}

void rill_log(const char *text)
{
    logger(ERROR, "asyncio", text);
}

static int fails(void *arg)
{
    (void)arg;
    return RILL_EIO;
}

static int app(void *arg)
{
    (void)arg;
    logger(DEBUG, "asyncio", "Using selector: interrupts");
    threshold = WARNING;
    logger(INFO, "root", "not shown");
    logger(WARNING, "root", "shown");
    rill_spawn(&tasks, fails, NULL, NULL); // nobody reads its error: the kernel says so
    return rill_sleep_ms(1);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
