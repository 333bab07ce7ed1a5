// Standard input, output and error.
// rill-test: boards=none
#include <stdio.h>
#include <stdlib.h>

#include "io.h"

size_t dsl_read(char *text, size_t size)
{
    static char buffer[1 << 16];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    return fread(text, 1, size, stdin);
}

void dsl_write(char c)
{
    putchar_unlocked(c);
}

void dsl_complain(const char *what)
{
    fflush(stdout);
    fputs(what, stderr);
}

_Noreturn void dsl_quit(int status)
{
    fflush(stdout);
    exit(status);
}
