// Blocks, task bodies and the whole run.
#include "dsl.h"

#include "test.h"

// ---- blocks

static dsl_outcome_t hard(int code)
{
    return (dsl_outcome_t){ DSL_HARD, code, 0 };
}

static bool goes_on(dsl_outcome_t outcome)
{
    return outcome.ending != DSL_HARD && outcome.ending != DSL_RET;
}

static dsl_outcome_t run_statement(dsl_task_t *task, const dsl_statement_t *statement, const dsl_scope_t *scope)
{
    const dsl_call_t call = { task, statement, &dsl_program.args[statement->arg], scope };
    dsl_outcome_t outcome = statement->op->run(&call);
    if (!statement->op->block && outcome.ending != DSL_PRINTED) {
        dsl_put_call(&call);
        dsl_put_outcome(outcome);
        dsl_end_line();
    }
    return outcome;
}

// Runs statements up to the end of their block, or to the first that leaves it.
static dsl_outcome_t run_block(dsl_task_t *task, uint16_t first, const dsl_scope_t *scope)
{
    for (uint16_t index = first; index != 0; index = dsl_program.statements[index].next) {
        dsl_outcome_t outcome = run_statement(task, &dsl_program.statements[index], scope);
        if (!goes_on(outcome)) {
            return outcome;
        }
    }
    return (dsl_outcome_t){ DSL_OK, 0, 0 };
}

static dsl_outcome_t run_body(const dsl_call_t *call, const dsl_scope_t *scope)
{
    return run_block(call->task, call->statement->body, scope);
}

static void put_end(const dsl_call_t *call, dsl_outcome_t outcome)
{
    dsl_put_task(call->task, call->statement->end_line);
    dsl_put("end");
    dsl_put(call->statement->op->name);
    dsl_put(" ");
    dsl_put_outcome(outcome.ending == DSL_HARD ? outcome : (dsl_outcome_t){ DSL_OK, 0, 0 });
    dsl_end_line();
}

static bool matches(int pattern, dsl_outcome_t outcome)
{
    dsl_word_t word = dsl_program.patterns.name[pattern];
    return dsl_word_is(word, "*") || (dsl_word_is(word, "EGROUP") && outcome.code == RILL_EGROUP) ||
           dsl_error_is(word, outcome.code, outcome.value);
}

static dsl_outcome_t run_handler(const dsl_call_t *call, dsl_outcome_t error)
{
    const dsl_statement_t *handler;
    for (uint16_t index = call->statement->handlers; index != 0; index = handler->next) {
        handler = &dsl_program.statements[index];
        if (matches(dsl_program.args[handler->arg], error)) {
            dsl_put_task(call->task, handler->line);
            dsl_put("caught ");
            dsl_put_outcome(error);
            dsl_end_line();
            return run_block(call->task, handler->body, call->scope);
        }
    }
    return error;
}

dsl_outcome_t dsl_run_try(const dsl_call_t *call)
{
    dsl_outcome_t outcome = run_body(call, call->scope);
    if (outcome.ending == DSL_HARD) {
        outcome = run_handler(call, outcome);
    }
    if (call->statement->final != 0) {
        dsl_outcome_t last = run_block(call->task, dsl_program.statements[call->statement->final].body, call->scope);
        outcome = goes_on(last) ? outcome : last;
    }
    return outcome;
}

dsl_outcome_t dsl_run_repeat(const dsl_call_t *call)
{
    dsl_outcome_t outcome = { DSL_OK, 0, 0 };
    for (int32_t i = 0; i < call->args[0] && goes_on(outcome); i++) {
        outcome = run_body(call, call->scope);
    }
    return outcome;
}

// "<now> Tn LINE OP RC" of entering a block.
static void put_begin(const dsl_call_t *call, int code)
{
    dsl_put_call(call);
    dsl_put_outcome(code < 0 ? hard(code) : (dsl_outcome_t){ DSL_OK, 0, 0 });
    dsl_end_line();
}

// The outcome of a block when the function that ends it returned `code`, having been given the body's.
static dsl_outcome_t after(dsl_outcome_t body, int code)
{
    int given = body.ending == DSL_HARD ? body.code : 0;
    return code < 0 && code != given ? hard(code) : body;
}

dsl_outcome_t dsl_run_timeout(const dsl_call_t *call)
{
    rill_timeout_t limit = { 0 };
    int code = rill_timeout_begin(&limit, RILL_MS(call->args[0]));
    put_begin(call, code);
    if (code < 0) {
        return hard(code);
    }
    dsl_outcome_t outcome = run_body(call, call->scope);
    outcome = after(outcome, rill_timeout_end(&limit, outcome.ending == DSL_HARD ? outcome.code : 0));
    put_end(call, outcome);
    return outcome;
}

static dsl_outcome_t end_group(rill_group_t *group, dsl_outcome_t body)
{
    int code = body.ending == DSL_HARD ? body.code : 0;
    if (code == RILL_EGROUP) {
        rill_error_list_raise((rill_error_list_t *)body.value);
    }
    code = rill_group_end(group, code);
    if (code == RILL_EGROUP) {
        return (dsl_outcome_t){ DSL_HARD, code, (rill_value_t)group->errors };
    }
    return after(body, code);
}

dsl_outcome_t dsl_run_group(const dsl_call_t *call)
{
    rill_group_t group = RILL_GROUP_INIT(dsl_new_list());
    const dsl_scope_t scope = { call->args[0], &group, call->scope };
    int code = rill_group_begin(&group);
    put_begin(call, code);
    if (code < 0) {
        return hard(code);
    }
    dsl_outcome_t outcome = end_group(&group, run_body(call, &scope));
    put_end(call, outcome);
    return outcome;
}

dsl_outcome_t dsl_run_with(const dsl_call_t *call)
{
    int code = dsl_acquire(call->args[0]);
    put_begin(call, code);
    if (code < 0) {
        return hard(code);
    }
    dsl_outcome_t outcome = run_body(call, call->scope);
    code = dsl_release(call->args[0]);
    outcome = code < 0 ? hard(code) : outcome;
    put_end(call, outcome);
    return outcome;
}

// ---- tasks

static void put_task_end(const dsl_task_t *task, dsl_outcome_t outcome)
{
    dsl_line();
    dsl_put("T");
    dsl_put_number(task->number);
    dsl_put(" end ");
    dsl_put_outcome(outcome);
    dsl_end_line();
}

int dsl_task_body(void *arg)
{
    dsl_task_t *task = arg;
    dsl_outcome_t outcome = run_block(task, dsl_program.bodies[task->coroutine], NULL);
    task->outcome = outcome;
    put_task_end(task, outcome);
    if (outcome.ending != DSL_HARD) {
        return rill_return(outcome.value);
    }
    if (outcome.code == RILL_EGROUP) {
        return rill_error_list_raise((rill_error_list_t *)outcome.value);
    }
    return outcome.code;
}

static int main_body(void *arg)
{
    dsl_task_t *task = arg;
    task->future = rill_task_future(rill_task_current());
    dsl_state_objects();
    return dsl_task_body(task);
}

// ---- the run

// Errors that nobody reads are not part of the trace.
static int ignore(rill_loop_t *loop, const rill_exception_t *info)
{
    (void)loop;
    (void)info;
    return RILL_OK;
}

static void put_final(void)
{
    int slot;
    for (unsigned i = 0; (slot = dsl_slot_in_order(i)) >= 0; i++) {
        dsl_line();
        dsl_put("final ");
        dsl_put_word(dsl_program.slots.name[slot]);
        dsl_put(" ");
        dsl_put_state(dsl_slots[slot].future);
        dsl_end_line();
    }
}

void dsl_run(void (*sink)(char c))
{
    rill_value_t value = 0;
    dsl_print_to(sink);
    dsl_state_reset();
    test_clock_reset(0);
    rill_loop_init(rill_loop_default());
    rill_loop_default()->debug = 0;
    rill_loop_set_exception_handler(rill_loop_default(), ignore);
    dsl_task_t *main_task = dsl_new_task(dsl_program.main);
    int code = rill_run(&dsl_pool, main_body, main_task, &value);
    dsl_line();
    if (code == RILL_EDEADLK) {
        dsl_put("DEADLOCK");
        dsl_end_line();
        return;
    }
    dsl_put("run ");
    rill_value_t errors = main_task->outcome.value; // of an error group
    dsl_put_outcome(code < 0 ? (dsl_outcome_t){ DSL_HARD, code, errors } : (dsl_outcome_t){ DSL_OK, 0, value });
    dsl_end_line();
    put_final();
}
