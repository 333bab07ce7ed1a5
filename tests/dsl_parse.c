// What the parser of tests/dsl refuses, with line and reason; a program is read into the right shape.
// rill-test: boards=host,mps2-*,virt-*
#include "dsl/dsl.h"
#include "arch.h"
#include "test.h"

_Noreturn void dsl_abort(const char *what)
{
    test_printf("FAIL dsl_parse: too many %s\n", what);
    rill_arch_exit(1);
}

static void refuses(const char *text, int line, const char *reason)
{
    CHECK(!dsl_parse(text));
    CHECK_EQ(dsl_program.bad_line, line);
    CHECK(dsl_program.bad_reason != NULL && strcmp(dsl_program.bad_reason, reason) == 0);
}

TEST(reads_a_program)
{
    CHECK(dsl_parse(
        "# first\nres sem s0 2 # two\n\ncoro main\r\n\ttry\n  acq s0\nexcept *\nfinally\n rel s0\nendtry\nend"));
    const dsl_statement_t *first = &dsl_program.statements[dsl_program.bodies[dsl_program.main]];
    CHECK_EQ(first->line, 5);
    CHECK_EQ(first->end_line, 10);
    CHECK_EQ(dsl_program.statements[first->body].line, 6);
    CHECK_EQ(dsl_program.statements[first->handlers].body, 0);
    CHECK_EQ(dsl_program.statements[dsl_program.statements[first->final].body].line, 9);
    CHECK_EQ(first->next, 0);
}

TEST(reads_arguments)
{
    CHECK(dsl_parse("coro main\nwait first - a b\nisr 7 fset b -3\nend\n"));
    const dsl_statement_t *wait = &dsl_program.statements[dsl_program.bodies[dsl_program.main]];
    const int32_t *args = &dsl_program.args[wait->arg];
    CHECK_EQ(wait->args, 4);
    CHECK(args[0] == RILL_FIRST_COMPLETED && args[1] == -1 && args[2] == 0 && args[3] == 1);
    const dsl_statement_t *isr = &dsl_program.statements[wait->next];
    args = &dsl_program.args[isr->arg];
    CHECK_EQ(args[0], 7);
    args = &dsl_program.args[dsl_program.statements[args[1]].arg];
    CHECK(args[0] == 1 && args[1] == -3);
}

TEST(refuses_bad_lines)
{
    refuses("hello\n", 1, "not res or coro");
    refuses("coro main\n sing\nend\n", 2, "unknown statement");
    refuses("coro main\n\n sleep\nend\n", 3, "argument missing");
    refuses("coro main\n sleep 1 2\nend\n", 2, "too many arguments");
    refuses("coro main\n sleep soon\nend\n", 2, "not a number");
    refuses("coro main\n sleep -1\nend\n", 2, "a time must not be negative");
    refuses("coro main\n log 9999999999\nend\n", 2, "not a number");
    refuses("coro main\n raise 30000\nend\n", 2, "a user error is 0 to 29999");
    refuses("coro main\n wait some - f\nend\n", 2, "not all, first or exc");
    refuses("coro main\n isr 1 sleep 1\nend\n", 2, "not a statement an interrupt can post");
    refuses("coro main\n isr 1\nend\n", 2, "not a statement an interrupt can post");
}

TEST(refuses_bad_blocks)
{
    refuses("coro main\n", 1, "unexpected end of the program");
    refuses("coro main\n timeout 1\nend\n", 3, "unknown statement");
    refuses("coro main\n try\nfinally\nexcept *\nendtry\nend\n", 4, "finally must come last");
    refuses("coro main\n except *\nend\n", 2, "unknown statement");
}

TEST(refuses_bad_declarations)
{
    refuses("res lock\n", 1, "res KIND NAME [N]");
    refuses("res thing t\n", 1, "unknown kind of object");
    refuses("res sem s\n", 1, "its size is missing");
    refuses("res lock l 1\n", 1, "it takes no size");
    refuses("res sem s -1\n", 1, "a semaphore needs 0 to 65535 permits");
    refuses("res barrier b 0\n", 1, "a barrier needs 1 to 65535 parties");
    refuses("res lock a\nres event a\n", 2, "declared twice");
    refuses("res event e\ncoro main\n acq e\nend\n", 3, "wrong kind of object");
    refuses("coro main\n acq e\nend\n", 2, "no such object");
    refuses("coro a\nend\ncoro a\nend\n", 3, "coroutine defined twice");
    refuses("coro a\nend\n", 2, "there is no coroutine main");
    refuses("coro main\n spawn s c\nend\n", 3, "a coroutine that is used is not defined");
}

TEST_MAIN("dsl_parse", TEST_CASE(reads_a_program), TEST_CASE(reads_arguments), TEST_CASE(refuses_bad_lines),
          TEST_CASE(refuses_bad_blocks), TEST_CASE(refuses_bad_declarations))
