// Debug mode: what a debug build (RILL_DEBUG 1) finds out about a program, and how it says so. asyncio's debug mode,
// rules DB1-DB5, and what a microcontroller needs beside it.
//
//   to the loop's exception handler
//     "exception never retrieved"    a task failed and nobody read its error (F8; in release builds too)
//     "task destroyed pending"       the loop was closed before the task ended (DB5)
//     "task never started"           ... before it ran at all; or it was cancelled before its first step and its handle
//     given
//                                    up, so that nobody can ever learn of it (DB4)
//   to rill_log, a line each
//     exception in callback: -1001, callback 0x400        what the default handler writes, with the code, and
//     exception never retrieved: -5, Task-3 at 0x480      whose it is
//     slow callback: 0x400, 150000 us                     DB1; the address is the function's
//     slow task step: Task-3 at 0x480, 150000 us
//     [103] rill_call_soon called from an interrupt       DB2; the call does nothing and returns RILL_EPERM
//     [106] rill_call_soon called from a job              the same, by a job of an executor (executor.h)
//     closed: callback 0x400 with 0x20000100 dropped      what rill_loop_close found queued, oldest first
//     closed: timer 0x20000200 of 0x400 dropped
//     deadlock: nothing can run again                     before RILL_EDEADLK is returned; then rill_debug_waits
//     [104] RILL_WITH_TIMEOUT: a return lost -110         scope.h
//
// Without a rill_log of the application's own a debug build prints these lines on the console. Each loop has a switch,
// on by default. In a release build nothing here costs time or memory, and only what rill_loop_close tells the
// exception handler depends on the switch.
#ifndef RILL_DEBUG_H
#define RILL_DEBUG_H

#include <rill/task.h>

#ifdef __cplusplus
extern "C" {
#endif

// Switches a loop's reports on or off; true is the default of debug builds. Returns 0; RILL_EINVAL for NULL. asyncio:
// loop.set_debug. Context: loop. O(1), does not suspend.
int rill_loop_set_debug(rill_loop_t *loop, bool on);

// asyncio: loop.get_debug. False for NULL. Context: any. O(1), does not suspend.
bool rill_loop_get_debug(const rill_loop_t *loop);

// A callback or a task's step that takes `us` microseconds or longer is reported; rill_loop_init sets 100 ms. 0 reports
// every
// one, RILL_NEVER none. Returns 0; RILL_EINVAL for NULL; RILL_EPERM in a release build, which measures nothing.
// asyncio: loop.slow_callback_duration. Context: loop. O(1), does not suspend.
int rill_loop_set_slow_threshold(rill_loop_t *loop, rill_time_t us);

// The threshold; RILL_NEVER for NULL and in a release build. asyncio: loop.slow_callback_duration. Context: any. O(1),
// does not suspend.
rill_time_t rill_loop_get_slow_threshold(const rill_loop_t *loop);

// Writes the wait-for graph to rill_log, a line for each task of the loop in creation order:
//     Task-1 waits for task Task-2 (circle)      what it waits for leads back to this task, in up to 15 steps
//     Task-2 waits for lock 0x20000400
//     Task-3 waits for gather 0x20000800 of Task-1 Task-2 (future 0x20000810)
//     Task-4 waits for group 0x20000900 of Task-5
//     Task-5 waits for shield 0x20000a00 of (wait 0x20000b00 of Task-1)      rill_wait, rill_select
//     Task-6 waits for end 0x20000c00 of Task-1                              rill_wait_for without time
//     Task-7 waits for as_completed 0x20000d00 of Task-1
//     Task-8 is ready
// Of several things those that are done are left out. Works in release builds as well. Nothing for NULL. Context: loop.
// O(tasks * what they wait for), does not suspend. asyncio: none.
void rill_debug_waits(rill_loop_t *loop);

// Writes all there is to know about a task to rill_log, in one line; stack and time with RILL_STATS only. Python, as
// far as that goes: Task.print_stack. Returns 0; RILL_ESTALE. Context: loop. O(what it waits for), and linear
// in the stack with RILL_STATS; does not suspend.
//     Task-2 at 0x480 waits for lock 0x20000400; stack 120 of 512; ran 1500 us
//     Task-3 is done: -5
int rill_debug_task(rill_task_t task);

// First line of a function that only the loop's own thread may call. In a debug build a call from an interrupt is
// reported with the name given, unless the interrupted loop has its reports switched off, and the function returns
// RILL_EPERM; the second form is for functions that return nothing.
#if RILL_DEBUG
#define RILL_DEBUG_CONTEXT(name)                                                                                       \
    do {                                                                                                               \
        if (rill_debug_wrong_context(name)) {                                                                          \
            return RILL_EPERM;                                                                                         \
        }                                                                                                              \
    } while (0)
#define RILL_DEBUG_CONTEXT_VOID(name)                                                                                  \
    do {                                                                                                               \
        if (rill_debug_wrong_context(name)) {                                                                          \
            return;                                                                                                    \
        }                                                                                                              \
    } while (0)

// True in an interrupt, after reporting it. Private: use the macros.
bool rill_debug_wrong_context(const char *name);

// A scope was left by `return` and its end made another code of the one it got (scope.h). Debug builds only. Private.
void rill_debug_lost(const char *scope, int code);
#else
#define RILL_DEBUG_CONTEXT(name) ((void)0)
#define RILL_DEBUG_CONTEXT_VOID(name) ((void)0)
#endif

#ifdef __cplusplus
}
#endif

#endif
