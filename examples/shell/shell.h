// The main demo: a console one types into while tasks run behind it. This header is what its files know of each other.
//
//   main.c        the shell task: read a line, run it as a task of its own, wait for it or for Ctrl-C
//   console.c     line editor and history over the UART
//   commands.c    the commands, most of them one idea of the API each
//   background.c  heartbeat, producer and consumer
//   bench.c       what the operations cost, measured on the spot
//   crash.c       how faults are reported
#ifndef SHELL_H
#define SHELL_H

#include <rill/task.h>
#include <rill/types.h>

#include <stdbool.h>
#include <stddef.h>

// Stacks: the host's C library wants much, a 64-bit CPU twice what a 32-bit one wants.
#ifdef __linux__
#define SHELL_STACK(bytes) 32768
#elif defined(__ARM_FP) || (defined(__ARM_ARCH) && __ARM_ARCH >= 8)
#define SHELL_STACK(bytes) ((bytes) + 512) // FP frames, and those of ARMv8-M
#else
#define SHELL_STACK(bytes) ((bytes) * sizeof(void *) / 4)
#endif

enum { SHELL_LINE = 80 }; // longest line, with its NUL

// Sizes of the tables; a board with little RAM sets its own.
#ifndef SHELL_JOBS
#define SHELL_JOBS 4 // tasks `spawn` may have running
#endif
#ifndef SHELL_HISTORY
#define SHELL_HISTORY 8 // lines remembered
#endif

typedef struct shell_command {
    const char *name;
    const char *usage; // arguments and what it does
    int (*run)(int argc, char **argv);
} shell_command_t;

extern const shell_command_t shell_commands[];
extern const unsigned shell_command_count;

extern rill_task_pool_t *const shell_workers; // what commands run their tasks in
extern bool shell_exiting;

// console.c
int console_start(void);
int console_line(char *line);            // the next line typed, without its end; RILL_ENODATA at the end of the input
int console_watch(void *task);           // a task: cancels *task, a rill_task_t, at Ctrl-C
int console_flush(void);
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void console_history(void);

// background.c
int background_start(void);
void background_report(void);
extern bool heartbeat_loud;

// commands.c
int command_run(char *line);
const char *error_name(int error);

// bench.c, crash.c
int bench_run(int argc, char **argv);
int crash_run(int argc, char **argv);

#endif
