// rill-dsl: reads a program, prints its trace, ends with a status: 0; 2 for a bad program, after `line N: reason`; 3 if
// it needs more memory than there is. On the host standard input and output (io_host.c); on a board the console, where
// the program may be sent once a line asks for it, and ends with the byte 4, Ctrl-D (io_board.c).
// rill-test: boards=none
#include "io.h"

static char text[DSL_SIZE(1 << 20, 1 << 16)];

_Noreturn void dsl_abort(const char *what)
{
    dsl_complain("too many ");
    dsl_complain(what);
    dsl_complain("\n");
    dsl_quit(3);
}

static void complain_number(int number)
{
    if (number >= 10) {
        complain_number(number / 10);
    }
    const char digit[] = { (char)('0' + number % 10), '\0' };
    dsl_complain(digit);
}

int main(void)
{
    size_t length = dsl_read(text, sizeof text - 1);
    if (length == sizeof text - 1) {
        dsl_abort("characters");
    }
    if (!dsl_parse(text)) {
        dsl_complain("line ");
        complain_number(dsl_program.bad_line);
        dsl_complain(": ");
        dsl_complain(dsl_program.bad_reason);
        dsl_complain("\n");
        dsl_quit(2);
    }
    dsl_run(dsl_write);
    dsl_quit(0);
}
