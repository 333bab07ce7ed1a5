// picolibc's three streams.
//
// A stream gets its text byte by byte. A line is collected first, so that lines of two tasks are not mixed: no task
// waits while it adds to a line.
#include "../console.h"

#include <rill/file.h>

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
        rill_file_write(STDOUT_FILENO, copy, n);
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
    rill_file_write(STDERR_FILENO, &c, 1);
    return (unsigned char)c;
}

// What was printed is to be seen before somebody answers.
static int get(FILE *stream)
{
    unsigned char c;
    (void)stream;
    console_flush_stream();
    int result = console_result(rill_file_read(STDIN_FILENO, &c, 1));
    return result > 0 ? c : result < 0 ? _FDEV_ERR : _FDEV_EOF;
}

static FILE output = FDEV_SETUP_STREAM(put, NULL, flush, _FDEV_SETUP_WRITE);
static FILE input = FDEV_SETUP_STREAM(NULL, get, NULL, _FDEV_SETUP_READ);
static FILE errors = FDEV_SETUP_STREAM(put_now, NULL, NULL, _FDEV_SETUP_WRITE);

FILE *const stdin = &input;
FILE *const stdout = &output;
FILE *const stderr = &errors;
