// What picolibc asks of a system: its three streams, the heap.
//
// A stream gets its text byte by byte. A line is collected first, so that lines of two tasks are not mixed: no task
// waits while it adds to a line.
#include "../console.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE = 64 };

static char line[LINE];
static unsigned length;

// Another task may begin the next line while this one waits: it is copied first.
void console_flush_stream(void)
{
    char copy[LINE];
    unsigned n = length;
    memcpy(copy, line, n);
    length = 0;
    if (n > 0) {
        console_write(copy, n);
    }
}

static int flush(FILE *stream)
{
    (void)stream;
    console_flush_stream();
    return 0;
}

static int put(char c, FILE *stream)
{
    (void)stream;
    line[length++] = c;
    if (c == '\n' || length == LINE) {
        console_flush_stream();
    }
    return (unsigned char)c;
}

static int put_now(char c, FILE *stream)
{
    (void)stream;
    console_write(&c, 1);
    return (unsigned char)c;
}

// What was printed is to be seen before somebody answers.
static int get(FILE *stream)
{
    unsigned char c;
    (void)stream;
    console_flush_stream();
    int result = console_read(&c, 1);
    if (result < 0) {
        *console_errno() = -result;
        return _FDEV_ERR;
    }
    return c;
}

static FILE output = FDEV_SETUP_STREAM(put, NULL, flush, _FDEV_SETUP_WRITE);
static FILE input = FDEV_SETUP_STREAM(NULL, get, NULL, _FDEV_SETUP_READ);
static FILE errors = FDEV_SETUP_STREAM(put_now, NULL, NULL, _FDEV_SETUP_WRITE);

FILE *const stdin = &input;
FILE *const stdout = &output;
FILE *const stderr = &errors;

void *sbrk(ptrdiff_t bytes)
{
    void *memory = console_heap(bytes);
    if (memory == NULL) {
        *console_errno() = ENOMEM;
        return (void *)-1;
    }
    return memory;
}
