// The console under both C libraries.
#ifndef LIBC_CONSOLE_H
#define LIBC_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

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

// Reads what is there, at least one byte: in a task it waits. Returns a number of bytes or a negative code.
int console_read(void *data, size_t n);

// errno of the code that runs, without a look at the C library's own word; the C library's word.
int *console_errno(void);
int *console_shared_errno(void);

// Moves the end of the heap; NULL if there is no room.
void *console_heap(ptrdiff_t bytes);

#endif
