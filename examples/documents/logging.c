// logging.basicConfig and logger.warning: the kernel's own reports go to rill_log, which an application may define;
// it adds the level and its own texts.
#include "document.h"

#include <string.h>

#include <rill/loop.h>

RILL_TASK_POOL_DEFINE(tasks, 2, STACK);

enum level { DEBUG, INFO, WARNING, ERROR };

static enum level threshold = DEBUG;

// Prints the first n characters.
static void logger(enum level level, const char *name, const char *text, size_t n)
{
    static const char *const names[] = { "DEBUG", "INFO", "WARNING", "ERROR" };
    if (level >= threshold) {
        printf("%s:%s:", names[level], name);
        for (size_t i = 0; i < n; i++) {
            putchar(text[i]);
        }
        printf("\n");
    }
}

static void log_text(enum level level, const char *name, const char *text)
{
    logger(level, name, text, strlen(text));
}

// Behind the colon a debug build goes on with the code and with names and addresses.
void rill_log(const char *text)
{
    logger(ERROR, "asyncio", text, strcspn(text, ":"));
}

static int fails(void *arg)
{
    (void)arg;
    return RILL_EIO;
}

static int app(void *arg)
{
    (void)arg;
    log_text(DEBUG, "asyncio", "Using selector: interrupts");
    threshold = WARNING;
    log_text(INFO, "root", "not shown");
    log_text(WARNING, "root", "shown");
    rill_spawn(&tasks, fails, NULL, NULL); // nobody reads its error: the kernel says so
    return rill_sleep_ms(1);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
