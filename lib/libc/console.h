// The console under both C libraries.
#ifndef LIBC_CONSOLE_H
#define LIBC_CONSOLE_H

#include <rill/types.h>

// One printing call: all that is put between begin and end stays together.
typedef struct console_text {
    bool locked;    // the console is this task's
    bool polling;   // no waiting here, or no longer
    bool cancelled; // asked to stop meanwhile
} console_text_t;

void console_begin(console_text_t *text);
void console_put(console_text_t *text, const void *data, size_t n);
void console_end(console_text_t *text);

// Sends what a C library's stream has collected, if the program has that stream: it was printed first.
__attribute__((weak)) void console_flush_stream(void);

// All three in one.
void console_write(const void *data, size_t n);

// The caller can be suspended: a task, with interrupts let through.
bool console_may_wait(void);

// An interrupt or a job of an executor: other code may be in the middle of anything.
bool console_beside_loop(void);

// Interrupts are masked.
bool console_masked(void);

// Sleeps: in a task as rill_sleep_until; with no loop running, by stopping the core. RILL_EPERM elsewhere.
int console_sleep_until(rill_time_t deadline);

// A request to stop was delivered to a call that cannot pass it on: the same one, delivered at the task's next wait.
// The count of requests and the message stay as they were.
void console_cancel_later(void);

// What is open at a descriptor, NULL if nothing is.
struct rill_file *console_file(int fd);

// errno of the code that runs, without a look at the C library's own word; the C library's word.
int *console_errno(void);
int *console_shared_errno(void);

// What a call of POSIX returns for a result of Rill's: >= 0, or -1 with errno.
int console_result(int result);

// The time of day, the processor's time.
struct timeval;
struct tms;
int console_timeofday(struct timeval *now);
unsigned long console_times(struct tms *times);

// Panics beside the loop: malloc and streams are not for those.
void console_refuse_beside(void);

// Moves the end of the heap; NULL if there is no room.
void *console_heap(ptrdiff_t bytes);

#endif
