// rill-dsl: reads a program on standard input, prints its trace on standard output.
// rill-test: boards=none
// Exit status: 0; 2 for a bad program (line and reason on standard error); 3 if it needs more memory than there is.
#include <stdio.h>
#include <stdlib.h>

#include "dsl.h"

static char text[1 << 20];

static void put(char c)
{
    putchar_unlocked(c);
}

_Noreturn void dsl_abort(const char *what)
{
    fflush(stdout);
    fprintf(stderr, "too many %s\n", what);
    exit(3);
}

int main(void)
{
    static char buffer[1 << 16];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    size_t length = fread(text, 1, sizeof text - 1, stdin);
    if (length == sizeof text - 1) {
        dsl_abort("characters");
    }
    if (!dsl_parse(text)) {
        fprintf(stderr, "line %d: %s\n", dsl_program.bad_line, dsl_program.bad_reason);
        return 2;
    }
    dsl_run(put);
    fflush(stdout);
    return 0;
}
