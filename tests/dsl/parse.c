// The parser: lines of words to the tables of dsl_program.
//
// The letters of dsl_op.args, one an argument:
//   n  a number            t  milliseconds, not negative     l  milliseconds or `-`
//   s  a slot              S  one or more slots, the last    o  an object the statement can use
//   c  a coroutine         g  a group                        p  the pattern of `except`
//   m  all, first or exc   u  the number of a user error        i  a whole statement, that of `isr`
#include "dsl.h"

dsl_program_t dsl_program;

static struct {
    const char *at; // the next line
    int line;       // number of the line in `words`
    dsl_word_t words[DSL_WORDS];
    unsigned count;
    unsigned depth;
} in;

static bool bad(const char *reason)
{
    dsl_program.bad_line = in.line;
    dsl_program.bad_reason = reason;
    return false;
}

// ---- lines

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool line_end(char c)
{
    return c == '\n' || c == '\0';
}

// Splits the line at in.at into words and goes to the next one.
static bool split_line(void)
{
    const char *c = in.at;
    in.count = 0;
    in.line++;
    while (!line_end(*c) && *c != '#') {
        if (blank(*c)) {
            c++;
            continue;
        }
        const char *start = c;
        while (!line_end(*c) && !blank(*c) && *c != '#') {
            c++;
        }
        if (in.count == DSL_WORDS) {
            return bad("too many words");
        }
        in.words[in.count++] = (dsl_word_t){ start, (unsigned)(c - start) };
    }
    while (!line_end(*c)) {
        c++;
    }
    in.at = *c == '\n' ? c + 1 : c;
    return true;
}

// Reads the next line that has words. False at the end of the text, where in.count is 0, and on an error.
static bool next_line(void)
{
    do {
        if (*in.at == '\0') {
            in.count = 0;
            return false;
        }
        if (!split_line()) {
            return false;
        }
    } while (in.count == 0);
    return true;
}

// A line that must be there.
static bool need_line(void)
{
    return next_line() || (dsl_program.bad_reason == NULL ? bad("unexpected end of the program") : false);
}

// ---- words

static bool to_number(dsl_word_t word, int32_t *number)
{
    bool negative = word.length > 1 && word.text[0] == '-';
    int64_t value = 0;
    for (unsigned i = negative; i < word.length; i++) {
        if (word.text[i] < '0' || word.text[i] > '9' || value > INT32_MAX / 10) {
            return bad("not a number");
        }
        value = value * 10 + (word.text[i] - '0');
    }
    if (value > INT32_MAX) {
        return bad("number too large");
    }
    *number = (int32_t)(negative ? -value : value);
    return true;
}

static bool to_time(dsl_word_t word, int32_t *number)
{
    return to_number(word, number) && (*number >= 0 || bad("a time must not be negative"));
}

static int find(const dsl_names_t *names, dsl_word_t word)
{
    for (int i = 0; i < names->count; i++) {
        const dsl_word_t *name = &names->name[i];
        if (name->length == word.length && __builtin_memcmp(name->text, word.text, word.length) == 0) {
            return i;
        }
    }
    return -1;
}

static bool to_name(dsl_names_t *names, dsl_word_t word, int32_t *index)
{
    *index = find(names, word);
    if (*index < 0) {
        if (names->count == DSL_NAMES) {
            return bad("too many names");
        }
        *index = names->count;
        names->name[names->count++] = word;
    }
    return true;
}

static bool to_object(const dsl_op_t *op, dsl_word_t word, int32_t *index)
{
    *index = find(&dsl_program.objects, word);
    if (*index < 0) {
        return bad("no such object");
    }
    return (op->kinds & 1u << dsl_program.kinds[*index]) != 0 || bad("wrong kind of object");
}

static bool to_mode(dsl_word_t word, int32_t *mode)
{
    *mode = dsl_word_is(word, "all")     ? RILL_ALL_COMPLETED
            : dsl_word_is(word, "first") ? RILL_FIRST_COMPLETED
            : dsl_word_is(word, "exc")   ? RILL_FIRST_EXCEPTION
                                         : -1;
    return *mode >= 0 || bad("not all, first or exc");
}

static bool to_coroutine(dsl_word_t word, int32_t *index)
{
    unsigned known = dsl_program.coroutines.count;
    if (!to_name(&dsl_program.coroutines, word, index)) {
        return false;
    }
    if (dsl_program.coroutines.count > known) {
        dsl_program.bodies[*index] = 0;
        dsl_program.body_lines[*index] = 0;
    }
    return true;
}

static bool to_arg(const dsl_op_t *op, char letter, dsl_word_t word, int32_t *arg)
{
    switch (letter) {
    case 'n':
        return to_number(word, arg);
    case 't':
        return to_time(word, arg);
    case 'u':
        return to_number(word, arg) && ((*arg >= 0 && *arg < 30000) || bad("a user error is 0 to 29999"));
    case 'l':
        *arg = -1;
        return dsl_word_is(word, "-") || to_time(word, arg);
    case 's':
    case 'S':
        return to_name(&dsl_program.slots, word, arg);
    case 'o':
        return to_object(op, word, arg);
    case 'c':
        return to_coroutine(word, arg);
    case 'g':
        return to_name(&dsl_program.groups, word, arg);
    case 'p':
        return to_name(&dsl_program.patterns, word, arg);
    default:
        return to_mode(word, arg);
    }
}

// ---- statements

static const dsl_op_t *find_op(dsl_word_t word)
{
    for (unsigned i = 0; i < dsl_op_count; i++) {
        if (dsl_word_is(word, dsl_ops[i].name)) {
            return &dsl_ops[i];
        }
    }
    return NULL;
}

static uint16_t new_statement(const dsl_op_t *op)
{
    if (dsl_program.statement_count == DSL_STATEMENTS) {
        bad("too many statements");
        return 0;
    }
    uint16_t index = dsl_program.statement_count++;
    dsl_program.statements[index] = (dsl_statement_t){ .op = op, .line = (uint16_t)in.line };
    dsl_program.statements[index].arg = dsl_program.arg_count;
    return index;
}

static bool add_arg(uint16_t index, int32_t arg)
{
    if (dsl_program.arg_count == DSL_ARGS) {
        return bad("too many arguments");
    }
    dsl_program.args[dsl_program.arg_count++] = arg;
    dsl_program.statements[index].args++;
    return true;
}

static uint16_t read_statement(const dsl_op_t *op, unsigned word);

// `isr MS <statement>`: the statement is an argument, its own arguments come before this one.
static bool read_posted(uint16_t index, unsigned word)
{
    const dsl_op_t *op = word < in.count ? find_op(in.words[word]) : NULL;
    if (op == NULL || !op->posts) {
        return bad("not a statement an interrupt can post");
    }
    int32_t when = dsl_program.args[--dsl_program.arg_count];
    uint16_t posted = read_statement(op, word + 1);
    dsl_statement_t *statement = &dsl_program.statements[index];
    statement->arg = dsl_program.arg_count;
    statement->args = 0;
    return posted != 0 && add_arg(index, when) && add_arg(index, posted);
}

// Reads the arguments from `word` on. Returns the statement, 0 on an error.
static uint16_t read_statement(const dsl_op_t *op, unsigned word)
{
    uint16_t index = new_statement(op);
    const char *letter = op->args;
    if (index == 0) {
        return 0;
    }
    for (; *letter != '\0' && (word < in.count || *letter == 'i'); word++) {
        int32_t arg;
        if (*letter == 'i') {
            return read_posted(index, word) ? index : 0;
        }
        if (!to_arg(op, *letter, in.words[word], &arg) || !add_arg(index, arg)) {
            return 0;
        }
        letter += *letter != 'S' || word + 1 == in.count;
    }
    if (*letter != '\0' || word != in.count) {
        bad(*letter != '\0' ? "argument missing" : "too many arguments");
        return 0;
    }
    return index;
}

// ---- blocks

static bool read_block(uint16_t *first, const char *end);

// The words that end a block: `end` alone, or those of `try`.
static bool ends_block(const char *end)
{
    if (dsl_word_is(in.words[0], end)) {
        return true;
    }
    return __builtin_strcmp(end, "endtry") == 0 &&
           (dsl_word_is(in.words[0], "except") || dsl_word_is(in.words[0], "finally"));
}

static bool read_handlers(uint16_t index)
{
    uint16_t *link = &dsl_program.statements[index].handlers;
    while (dsl_word_is(in.words[0], "except")) {
        uint16_t handler = read_statement(&dsl_op_except, 1);
        if (handler == 0 || !read_block(&dsl_program.statements[handler].body, "endtry")) {
            return false;
        }
        *link = handler;
        link = &dsl_program.statements[handler].next;
    }
    return true;
}

static bool read_try(uint16_t index)
{
    dsl_statement_t *statement = &dsl_program.statements[index];
    if (!read_block(&statement->body, "endtry") || !read_handlers(index)) {
        return false;
    }
    if (dsl_word_is(in.words[0], "finally")) {
        statement->final = read_statement(&dsl_op_finally, 1);
        if (statement->final == 0 || !read_block(&dsl_program.statements[statement->final].body, "endtry")) {
            return false;
        }
    }
    statement->end_line = (uint16_t)in.line;
    return dsl_word_is(in.words[0], "endtry") || bad("finally must come last");
}

static bool read_body(uint16_t index)
{
    char end[16] = "end";
    dsl_statement_t *statement = &dsl_program.statements[index];
    __builtin_strcat(end, statement->op->name);
    if (__builtin_strcmp(end, "endtry") == 0) {
        return read_try(index);
    }
    bool read = read_block(&statement->body, end);
    statement->end_line = (uint16_t)in.line;
    return read;
}

static uint16_t read_line(void)
{
    const dsl_op_t *op = find_op(in.words[0]);
    if (op == NULL) {
        bad("unknown statement");
        return 0;
    }
    uint16_t index = read_statement(op, 1);
    return index != 0 && (!op->block || read_body(index)) ? index : 0;
}

// Reads statements up to a line that begins with one of the words that end the block; that line stays in in.words.
static bool read_block(uint16_t *first, const char *end)
{
    uint16_t *link = first;
    if (++in.depth > DSL_DEPTH) {
        return bad("blocks too deep");
    }
    while (need_line()) {
        if (ends_block(end)) {
            in.depth--;
            return true;
        }
        uint16_t index = read_line();
        if (index == 0) {
            return false;
        }
        *link = index;
        link = &dsl_program.statements[index].next;
    }
    return false;
}

// ---- declarations

static bool to_kind(dsl_word_t word, int *kind)
{
    static const char *const names[DSL_KINDS] = { "fut",   "sem",  "bsem", "lock",    "event", "cond",
                                                  "queue", "lifo", "prio", "barrier", "var" };
    for (*kind = 0; *kind < DSL_KINDS; ++*kind) {
        if (dsl_word_is(word, names[*kind])) {
            return true;
        }
    }
    return bad("unknown kind of object");
}

static bool check_size(int kind, int32_t size)
{
    if (kind == DSL_BARRIER) {
        return (size > 0 && size <= UINT16_MAX) || bad("a barrier needs 1 to 65535 parties");
    }
    if (kind == DSL_SEM || kind == DSL_BSEM) {
        return (size >= 0 && size <= UINT16_MAX) || bad("a semaphore needs 0 to 65535 permits");
    }
    return size <= DSL_QUEUE || bad("queue too large");
}

// A future has no name here: its name is a slot.
static bool add_object(int kind, dsl_word_t name, int32_t size)
{
    unsigned index = dsl_program.objects.count;
    if (index == DSL_NAMES) {
        return bad("too many objects");
    }
    if (name.length > 0 && find(&dsl_program.objects, name) >= 0) {
        return bad("declared twice");
    }
    dsl_program.objects.name[index] = name;
    dsl_program.objects.count++;
    dsl_program.kinds[index] = (uint8_t)kind;
    dsl_program.sizes[index] = size;
    return true;
}

static bool read_object(void)
{
    static const uint32_t sized =
        1u << DSL_SEM | 1u << DSL_BSEM | 1u << DSL_FIFO | 1u << DSL_LIFO | 1u << DSL_PRIO | 1u << DSL_BARRIER;
    int kind;
    int32_t size = 0;
    if (in.count < 3 || !to_kind(in.words[1], &kind)) {
        return in.count < 3 ? bad("res KIND NAME [N]") : false;
    }
    bool has_size = (sized & 1u << kind) != 0;
    if (in.count != 3u + has_size) {
        return bad(has_size ? "its size is missing" : "it takes no size");
    }
    if (has_size && (!to_number(in.words[3], &size) || !check_size(kind, size))) {
        return false;
    }
    return kind == DSL_FUT
               ? to_name(&dsl_program.slots, in.words[2], &size) && add_object(kind, (dsl_word_t){ "", 0 }, size)
               : add_object(kind, in.words[2], size);
}

static bool read_coroutine(void)
{
    int32_t index;
    if (in.count != 2) {
        return bad("coro NAME");
    }
    if (!to_coroutine(in.words[1], &index)) {
        return false;
    }
    if (dsl_program.body_lines[index] != 0) {
        return bad("coroutine defined twice");
    }
    dsl_program.body_lines[index] = (uint16_t)in.line;
    return read_block(&dsl_program.bodies[index], "end");
}

static bool check_coroutines(void)
{
    dsl_program.main = find(&dsl_program.coroutines, (dsl_word_t){ "main", 4 });
    if (dsl_program.main < 0) {
        return bad("there is no coroutine main");
    }
    for (unsigned i = 0; i < dsl_program.coroutines.count; i++) {
        if (dsl_program.body_lines[i] == 0) {
            return bad("a coroutine that is used is not defined");
        }
    }
    return true;
}

bool dsl_parse(const char *text)
{
    __builtin_memset(&dsl_program, 0, sizeof dsl_program);
    dsl_program.statement_count = 1;
    in.at = text;
    in.line = 0;
    in.depth = 0;
    while (next_line()) {
        bool object = dsl_word_is(in.words[0], "res");
        if (!object && !dsl_word_is(in.words[0], "coro")) {
            return bad("not res or coro");
        }
        if (!(object ? read_object() : read_coroutine())) {
            return false;
        }
    }
    return dsl_program.bad_reason == NULL && check_coroutines();
}
