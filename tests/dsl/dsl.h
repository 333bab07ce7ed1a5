// An interpreter for small random programs, on the kernel's public API.
//
// A program is text, one statement a line: objects (`res KIND NAME [N]`), then coroutines (`coro NAME ... end`), of
// which `main` runs first. Every statement is a call of the kernel; each that completes prints a line of the trace. The
// same programs run on CPython's asyncio; the traces must be equal. README.md in this directory is the language.
//
//   parse.c       text to tables
//   run.c         blocks, tasks, the whole run
//   statements.c  the simple statements, one function each
//   state.c       slots, objects, memory of a run
//   print.c       the trace
//   main.c        the program rill-dsl; io_host.c and io_board.c are how it reads and writes
//
// All memory is static; the sizes are below. A program that needs more stops with dsl_abort.
#ifndef DSL_H
#define DSL_H

#include <rill/barrier.h>
#include <rill/clock.h>
#include <rill/condition.h>
#include <rill/contextvars.h>
#include <rill/event.h>
#include <rill/gather.h>
#include <rill/group.h>
#include <rill/lock.h>
#include <rill/queue.h>
#include <rill/semaphore.h>
#include <rill/task.h>
#include <rill/timeout.h>

#if defined(__unix__) || defined(__linux__)
#define DSL_SIZE(host, target) (host)
#else
#define DSL_SIZE(host, target) (target)
#endif

enum {
    DSL_STATEMENTS = DSL_SIZE(4096, 1024),
    DSL_ARGS = DSL_SIZE(8192, 2048), // of all statements
    DSL_NAMES = DSL_SIZE(128, 64),   // of one kind
    DSL_WORDS = DSL_SIZE(32, 24),    // of a line
    DSL_DEPTH = 24,                  // of blocks
    DSL_TASKS = DSL_SIZE(1024, 512), // in the whole run
    DSL_STACKS = DSL_SIZE(512, 256), // at once
    DSL_STACK = DSL_SIZE(32768, 1024 * (int)sizeof(void *)),
    DSL_FUTURES = DSL_SIZE(512, 256),
    DSL_NOTES = DSL_SIZE(512, 256), // callbacks scheduled at once
    DSL_QUEUE = DSL_SIZE(512, 128), // elements of an unbounded queue
    DSL_BINDINGS = DSL_SIZE(512, 256),
    DSL_LISTS = DSL_SIZE(256, 128), // task groups in the whole run
    DSL_LIST = DSL_SIZE(32, 16),    // errors of one group
    DSL_ISRS = 48,                 // armed at once (tests/vclock.c)
    DSL_ELOOP = RILL_EUSER + 1,    // the interpreter's own refusal of a circular wait
};

// ---- program

typedef struct dsl_word {
    const char *text;
    unsigned length;
} dsl_word_t;

typedef enum dsl_kind {
    DSL_FUT,
    DSL_SEM,
    DSL_BSEM,
    DSL_LOCK,
    DSL_EVENT,
    DSL_COND,
    DSL_FIFO,
    DSL_LIFO,
    DSL_PRIO,
    DSL_BARRIER,
    DSL_VAR,
    DSL_KINDS,
} dsl_kind_t;

// Statements refer to each other, and to names, by index; index 0 of the statements is no statement.
typedef struct dsl_statement {
    const struct dsl_op *op;
    uint16_t line;
    uint16_t end_line; // of a block
    uint16_t next;     // in its block
    uint16_t body;     // of a block: its first statement
    uint16_t handlers; // of `try`: its first `except`
    uint16_t final;    // of `try`: its `finally`
    uint16_t arg;      // the first, in dsl_program.args
    uint16_t args;     // how many
} dsl_statement_t;

typedef struct dsl_names {
    dsl_word_t name[DSL_NAMES];
    uint16_t count;
} dsl_names_t;

typedef struct dsl_program {
    dsl_statement_t statements[DSL_STATEMENTS];
    uint16_t statement_count;
    int32_t args[DSL_ARGS];
    uint16_t arg_count;
    dsl_names_t slots;
    dsl_names_t objects;
    dsl_names_t coroutines;
    dsl_names_t groups;
    dsl_names_t patterns;
    uint8_t kinds[DSL_NAMES];       // of the objects
    int32_t sizes[DSL_NAMES];       // of the objects; for DSL_FUT its slot
    uint16_t bodies[DSL_NAMES];     // of the coroutines
    uint16_t body_lines[DSL_NAMES]; // 0: not defined
    int main;
    int bad_line; // what is wrong with it
    const char *bad_reason;
} dsl_program_t;

extern dsl_program_t dsl_program;

// Reads a program; the text must stay. False: bad_line and bad_reason say what is wrong.
bool dsl_parse(const char *text);

// ---- statements

typedef enum dsl_ending {
    DSL_OK,      // RC is `value`
    DSL_PRINTED, // the statement printed its RC itself
    DSL_SOFT,    // RC is the error `code`; execution goes on
    DSL_HARD,    // RC is the error `code`; it unwinds
    DSL_RET,     // the body ends with `value`
} dsl_ending_t;

// How a statement, or a block, ended. Beside RILL_EGROUP `value` is the rill_error_list_t.
typedef struct dsl_outcome {
    dsl_ending_t ending;
    int code;
    rill_value_t value;
} dsl_outcome_t;

// A task of the program, from its creation to the end of the run.
typedef struct dsl_task {
    int number;
    int coroutine;
    rill_future_t *future;
    rill_future_t *const *waits; // what it waits for in await, wait_for, gather, gatherx
    unsigned wait_count;
    bool seen;
    dsl_outcome_t outcome; // of its body
} dsl_task_t;

// A group in scope, on the stack of the task that entered it.
typedef struct dsl_scope {
    int name;
    rill_group_t *group;
    const struct dsl_scope *outer;
} dsl_scope_t;

// What a statement is run with.
typedef struct dsl_call {
    dsl_task_t *task;
    const dsl_statement_t *statement;
    const int32_t *args;
    const dsl_scope_t *scope;
} dsl_call_t;

typedef struct dsl_op {
    const char *name;
    const char *args; // a letter each, see parse.c
    uint32_t kinds;   // the objects it takes, 1 << kind each
    dsl_outcome_t (*run)(const dsl_call_t *call);
    bool block;
    bool posts; // may be the statement of `isr`
} dsl_op_t;

extern const dsl_op_t dsl_ops[];
extern const unsigned dsl_op_count;
extern const dsl_op_t dsl_op_except;
extern const dsl_op_t dsl_op_finally;

// The blocks (run.c).
dsl_outcome_t dsl_run_try(const dsl_call_t *call);
dsl_outcome_t dsl_run_repeat(const dsl_call_t *call);
dsl_outcome_t dsl_run_timeout(const dsl_call_t *call);
dsl_outcome_t dsl_run_group(const dsl_call_t *call);
dsl_outcome_t dsl_run_with(const dsl_call_t *call);

// An object's acquire and release (statements.c), for `acq`, `rel` and `with`.
int dsl_acquire(int object);
int dsl_release(int object);

// The body of a task; arg is its dsl_task_t (run.c).
int dsl_task_body(void *arg);

// ---- a run

// Runs the program that was read; every character of the trace goes to `sink`.
void dsl_run(void (*sink)(char c));

typedef struct dsl_slot {
    rill_future_t *future; // NULL: never assigned
    rill_task_t task;
    bool is_task;
} dsl_slot_t;

typedef struct dsl_object {
    union {
        rill_semaphore_t semaphore;
        rill_bounded_semaphore_t bounded;
        rill_lock_t lock; // of the condition too
        rill_event_t event;
        rill_queue_t queue;
        rill_barrier_t barrier;
        rill_var_t var;
    } as;
    rill_condition_t condition;
    uintptr_t storage[DSL_QUEUE];
} dsl_object_t;

// A callback of the program, from its scheduling until it has run.
typedef struct dsl_note {
    rill_timer_t timer; // its handle is the handle
    const char *word;   // "cb", "soon", "later"; NULL: the statement of `isr`
    int number;
    rill_future_t *future;
    dsl_call_t call;
} dsl_note_t;

extern dsl_slot_t dsl_slots[DSL_NAMES];
extern dsl_object_t dsl_objects[DSL_NAMES];
extern rill_task_pool_t dsl_pool;
extern unsigned dsl_isrs; // armed and not yet posted

void dsl_state_reset(void);   // before the loop runs
void dsl_state_objects(void); // inside T0: makes all objects
void dsl_assign(int slot, rill_future_t *future, rill_task_t task, bool is_task);
int dsl_slot_in_order(unsigned i); // the ith slot assigned, -1 after the last
rill_future_t *dsl_new_future(void);
dsl_task_t *dsl_new_task(int coroutine);
dsl_task_t *dsl_task_of(const rill_future_t *future); // NULL for a plain future
void dsl_forget_marks(void);
rill_error_list_t *dsl_new_list(void);
dsl_note_t *dsl_new_note(void);
void dsl_free_note(dsl_note_t *note);

// The program needs more memory than there is: says so and ends everything. Supplied by whoever links the interpreter.
_Noreturn void dsl_abort(const char *what);

// ---- trace

void dsl_print_to(void (*sink)(char c));
void dsl_line(void); // begins a line with the time
void dsl_end_line(void);
void dsl_put(const char *text);
void dsl_put_word(dsl_word_t word);
void dsl_put_number(long number);
void dsl_put_error(int code, rill_value_t detail);
void dsl_put_outcome(dsl_outcome_t outcome);
void dsl_put_state(rill_future_t *future);
void dsl_put_task(const dsl_task_t *task, unsigned line);          // begins "<now> Tn LINE "
void dsl_put_call(const dsl_call_t *call);                         // begins "<now> Tn LINE OP "
bool dsl_error_is(dsl_word_t text, int code, rill_value_t detail); // text is the error's token

static inline bool dsl_word_is(dsl_word_t word, const char *text)
{
    return __builtin_strlen(text) == word.length && __builtin_memcmp(word.text, text, word.length) == 0;
}

#endif
