// The shell task, and where everything starts.
#include "shell.h"

#include <rill/clock.h>
#include <rill/gather.h>

// The main task; the command that runs, what it spawns, and the watch for Ctrl-C.
RILL_TASK_DEFINE(shell_memory, SHELL_STACK(768));
RILL_TASK_DEFINE(command_memory, SHELL_STACK(1024));
RILL_TASK_DEFINE(watch_memory, SHELL_STACK(384));

bool shell_exiting;

static int command_task(void *line)
{
    return command_run(line);
}

// A command is a task, so that Ctrl-C can cancel it; meanwhile another task looks at the keys.
static int run_line(char *line)
{
    rill_task_t command = RILL_NO_TASK;
    rill_task_t watch = RILL_NO_TASK;
    const rill_spawn_options_t options = { .name = "command" };
    int error = rill_spawn_with(&command_memory, command_task, line, &options, &command);
    if (error != RILL_OK) {
        return error;
    }
    rill_spawn_with(&watch_memory, console_watch, &command, &(rill_spawn_options_t){ .name = "watch" }, &watch);
    error = rill_join(command, NULL);
    rill_task_cancel(watch);
    rill_join(watch, NULL);
    return error;
}

static int shell(void *arg)
{
    static char line[SHELL_LINE];
    (void)arg;
    rill_task_set_name(rill_task_current(), "shell");
    int error = console_start();
    if (error == RILL_OK) {
        error = background_start();
    }
    while (error == RILL_OK && !shell_exiting) {
        error = console_line(line);
        if (error != RILL_OK) {
            break;
        }
        int outcome = run_line(line);
        if (outcome < 0) {
            say("%s\n", outcome == RILL_ECANCELED ? "cancelled" : error_name(outcome));
        }
    }
    console_flush();
    return error == RILL_ENODATA ? RILL_OK : error; // rill_run cancels what runs in the background and waits for it
}

int main(void)
{
#ifdef __linux__
    rill_host_real_clock();
#endif
    return rill_run(&shell_memory, shell, NULL, NULL) == RILL_OK ? 0 : 1;
}
