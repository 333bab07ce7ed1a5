// The trace: numbers, error tokens and states, character by character.
#include "dsl.h"

static void (*sink)(char c);

void dsl_print_to(void (*new_sink)(char c))
{
    sink = new_sink;
}

void dsl_put(const char *text)
{
    while (*text != '\0') {
        sink(*text++);
    }
}

void dsl_put_word(dsl_word_t word)
{
    for (unsigned i = 0; i < word.length; i++) {
        sink(word.text[i]);
    }
}

void dsl_put_number(long number)
{
    char digits[21];
    unsigned n = 0;
    unsigned long rest = number < 0 ? 0ul - (unsigned long)number : (unsigned long)number;
    do {
        digits[n++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (number < 0) {
        sink('-');
    }
    while (n > 0) {
        sink(digits[--n]);
    }
}

void dsl_line(void)
{
    dsl_put_number((long)(rill_clock_now() / 1000));
    sink(' ');
}

void dsl_end_line(void)
{
    sink('\n');
}

static const char *error_name(int code)
{
    static const struct {
        int code;
        const char *name;
    } names[] = {
        { RILL_ECANCELED, "ECANCELED" }, { RILL_ETIMEDOUT, "ETIMEDOUT" }, { RILL_ESTATE, "ESTATE" },
        { RILL_EPERM, "EPERM" },         { RILL_EINVAL, "EINVAL" },       { RILL_EQFULL, "EQFULL" },
        { RILL_EQEMPTY, "EQEMPTY" },     { RILL_EBROKEN, "EBROKEN" },     { RILL_ENOENT, "ENOENT" },
        { DSL_ELOOP, "ELOOP" },
    };
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].code == code) {
            return names[i].name;
        }
    }
    return NULL;
}

static void put_list(const rill_error_list_t *list)
{
    dsl_put("EGROUP[");
    for (unsigned i = 0; list != NULL && i < list->count; i++) {
        if (i > 0) {
            sink(',');
        }
        dsl_put_error(list->items[i].error, list->items[i].detail);
    }
    if (list != NULL && list->dropped > 0) {
        dsl_abort("errors of a task group");
    }
    sink(']');
}

void dsl_put_error(int code, rill_value_t detail)
{
    const char *name = error_name(code);
    if (name != NULL) {
        dsl_put(name);
    } else if (code == RILL_EGROUP) {
        put_list((const rill_error_list_t *)detail);
    } else if (code <= RILL_EUSER) {
        sink('E');
        dsl_put_number(RILL_EUSER - code);
    } else { // no program should see it: the trace shows which
        dsl_put("E?");
        dsl_put_number(code);
    }
}

void dsl_put_outcome(dsl_outcome_t outcome)
{
    if (outcome.ending == DSL_SOFT || outcome.ending == DSL_HARD) {
        dsl_put_error(outcome.code, outcome.value);
    } else {
        dsl_put_number((long)outcome.value);
    }
}

void dsl_put_state(rill_future_t *future)
{
    rill_value_t value = 0;
    if (!rill_future_done(future)) {
        dsl_put("pending");
        return;
    }
    int code = rill_future_result(future, &value);
    if (code == RILL_OK) {
        dsl_put("ok:");
        dsl_put_number((long)value);
    } else {
        rill_future_exception(future, &value);
        dsl_put_error(code, value);
    }
}

void dsl_put_task(const dsl_task_t *task, unsigned line)
{
    dsl_line();
    sink('T');
    dsl_put_number(task->number);
    sink(' ');
    dsl_put_number((long)line);
    sink(' ');
}

void dsl_put_call(const dsl_call_t *call)
{
    dsl_put_task(call->task, call->statement->line);
    dsl_put(call->statement->op->name);
    sink(' ');
}

// ---- comparing instead of printing

static dsl_word_t expected;
static unsigned matched; // more than expected.length: it differs

static void compare(char c)
{
    bool same = matched < expected.length && expected.text[matched] == c;
    matched = same ? matched + 1 : expected.length + 1;
}

bool dsl_error_is(dsl_word_t text, int code, rill_value_t detail)
{
    void (*previous)(char c) = sink;
    expected = text;
    matched = 0;
    sink = compare;
    dsl_put_error(code, detail);
    sink = previous;
    return matched == expected.length;
}
