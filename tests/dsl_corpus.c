// Random programs against the traces of CPython 3.13: every program of tests/dsl/corpus is a case.
// rill-test: boards=host,mps2-*,virt-* | big
#include "dsl/dsl.h"
#include "arch.h"
#include "test.h"

#include <rill/board.h>

// Name, program and trace after each other, each ended by a NUL; an empty name ends it all (tests/dsl/corpus.S).
extern const char dsl_corpus[];

enum { CASES = 256, LINE = 200 };

static test_case_t cases[CASES];
static const char *next_program; // of the next case
static const char *expected;     // what is left of its trace
static char line[LINE];          // of the trace, as far as it was printed
static unsigned length;
static bool differs;

_Noreturn void dsl_abort(const char *what)
{
    test_printf("FAIL dsl_corpus: too many %s\n", what);
    rill_arch_exit(1);
}

static unsigned line_length(const char *text)
{
    unsigned n = 0;
    while (text[n] != '\n' && text[n] != '\0') {
        n++;
    }
    return n;
}

// Reports the first line that differs.
static void compare_line(void)
{
    unsigned n = line_length(expected);
    if (n == length && memcmp(expected, line, n) == 0) {
        expected += n + (expected[n] == '\n');
        return;
    }
    differs = true;
    test_check(false, __FILE__, __LINE__, "the trace differs; expected and actual line:");
    for (unsigned i = 0; i < n; i++) {
        rill_board_putc(expected[i]);
    }
    test_printf("\n%s\n", line);
}

static void sink(char c)
{
    if (c == '\n') {
        line[length] = '\0';
        if (!differs) {
            compare_line();
        }
        length = 0;
    } else if (length < LINE - 1) {
        line[length++] = c;
    }
}

static void run_program(void)
{
    const char *program = next_program;
    expected = program + strlen(program) + 1;
    next_program = expected + strlen(expected) + 1;
    next_program += strlen(next_program) + 1; // over the next one's name
    length = 0;
    differs = false;
    if (CHECK(dsl_parse(program))) {
        dsl_run(sink);
        CHECK(differs || *expected == '\0');
    }
}

int main(void)
{
    const char *at = dsl_corpus;
    unsigned n = 0;
    next_program = at + strlen(at) + 1;
    while (*at != '\0' && n < CASES) {
        cases[n++] = (test_case_t){ at, run_program };
        for (unsigned part = 0; part < 3; part++) {
            at += strlen(at) + 1;
        }
    }
    return test_main("dsl_corpus", cases, n);
}
