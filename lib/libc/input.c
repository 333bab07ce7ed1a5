// Input from stdin by whole calls: what one scanf or fgets reads is never mixed with what another task reads.
#include "console.h"

#include <rill/lock.h>

#include <stdarg.h>
#include <stdio.h>

static rill_lock_t lock; // held by the task that reads from stdin

typedef enum turn { MINE, NOBODYS, CANCELLED } turn_t;

// newlib gives stdin another address when it is used first, so this is asked once for each call.
static turn_t begin(const FILE *stream)
{
    if (stream != stdin || !console_may_wait()) {
        return NOBODYS;
    }
    return console_result(rill_lock_acquire(&lock)) == 0 ? MINE : CANCELLED;
}

static void end(turn_t turn)
{
    if (turn == MINE) {
        rill_lock_release(&lock);
    }
}

static int scan(FILE *stream, const char *format, va_list args)
{
    turn_t turn = begin(stream);
    int n = turn != CANCELLED ? vfscanf(stream, format, args) : EOF;
    end(turn);
    return n;
}

int vscanf(const char *restrict format, va_list args)
{
    return scan(stdin, format, args);
}

int scanf(const char *restrict format, ...)
{
    va_list args;
    va_start(args, format);
    int n = scan(stdin, format, args);
    va_end(args);
    return n;
}

int fscanf(FILE *restrict stream, const char *restrict format, ...)
{
    va_list args;
    va_start(args, format);
    int n = scan(stream, format, args);
    va_end(args);
    return n;
}

// The functions getc and feof: newlib's macros do not know a stream that was never used.
char *fgets(char *restrict text, int size, FILE *restrict stream)
{
    int n = 0, c = 0;
    turn_t turn = size > 0 ? begin(stream) : CANCELLED;
    if (turn == CANCELLED) {
        return NULL;
    }
    while (n < size - 1 && c != '\n' && (c = (getc)(stream)) != EOF) { // bound: size
        text[n++] = (char)c;
    }
    end(turn);
    text[n] = '\0';
    return c == EOF && (n == 0 || !(feof)(stream)) ? NULL : text;
}
