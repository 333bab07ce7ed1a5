// The simple statements: a table, and one function each. Every function calls the kernel; none does its work itself.
#include "dsl.h"

#include "test.h"

// ---- outcomes

static dsl_outcome_t ok(rill_value_t value)
{
    return (dsl_outcome_t){ DSL_OK, 0, value };
}

static dsl_outcome_t soft(int code, rill_value_t value)
{
    return code < 0 ? (dsl_outcome_t){ DSL_SOFT, code, 0 } : ok(value);
}

static dsl_outcome_t hard(int code, rill_value_t value)
{
    return code < 0 ? (dsl_outcome_t){ DSL_HARD, code, 0 } : ok(value);
}

// The same for a wait for a future: an error group's list comes from there.
static dsl_outcome_t hard_from(rill_future_t *future, int code, rill_value_t value)
{
    if (code != RILL_EGROUP) {
        return hard(code, value);
    }
    rill_future_exception(future, &value);
    return (dsl_outcome_t){ DSL_HARD, code, value };
}

static dsl_object_t *object(const dsl_call_t *call)
{
    return &dsl_objects[call->args[0]];
}

// ---- time, values, tasks

static dsl_outcome_t run_log(const dsl_call_t *call)
{
    return ok(call->args[0]);
}

static dsl_outcome_t run_sleep(const dsl_call_t *call)
{
    return hard(rill_sleep_ms((uint32_t)call->args[0]), 0);
}

static dsl_outcome_t run_yield(const dsl_call_t *call)
{
    (void)call;
    return hard(rill_yield(), 0);
}

static dsl_outcome_t run_busy(const dsl_call_t *call)
{
    busy((uint32_t)call->args[0]);
    return ok(0);
}

static dsl_outcome_t run_raise(const dsl_call_t *call)
{
    return hard(RILL_EUSER - call->args[0], 0);
}

static dsl_outcome_t run_ret(const dsl_call_t *call)
{
    return (dsl_outcome_t){ DSL_RET, 0, call->args[0] };
}

// A task that was spawned gets its slot.
static dsl_outcome_t spawned(int code, int slot, dsl_task_t *record, rill_task_t task)
{
    if (code == RILL_ENOMEM) {
        dsl_abort("stacks");
    }
    if (code == RILL_OK) {
        record->future = rill_task_future(task);
        dsl_assign(slot, record->future, task, true);
    }
    return soft(code, 0);
}

static dsl_outcome_t run_spawn(const dsl_call_t *call)
{
    rill_task_t task;
    dsl_task_t *record = dsl_new_task(call->args[1]);
    int code = rill_spawn(&dsl_pool, dsl_task_body, record, &task);
    return spawned(code, call->args[0], record, task);
}

static dsl_outcome_t run_tgspawn(const dsl_call_t *call)
{
    rill_task_t task;
    const dsl_scope_t *scope = call->scope;
    while (scope != NULL && scope->name != call->args[0]) {
        scope = scope->outer;
    }
    if (scope == NULL) {
        return soft(RILL_ENOENT, 0);
    }
    dsl_task_t *record = dsl_new_task(call->args[2]);
    int code = rill_group_spawn(scope->group, &dsl_pool, dsl_task_body, record, &task);
    return spawned(code, call->args[1], record, task);
}

static dsl_outcome_t run_uncancel(const dsl_call_t *call)
{
    (void)call;
    int count = rill_task_uncancel(rill_task_current());
    return soft(count, count);
}

static dsl_outcome_t run_cancelling(const dsl_call_t *call)
{
    (void)call;
    int count = rill_task_cancelling(rill_task_current());
    return soft(count, count);
}

// ---- slots

static dsl_slot_t *slot(const dsl_call_t *call)
{
    return &dsl_slots[call->args[0]];
}

static dsl_outcome_t run_cancel(const dsl_call_t *call)
{
    if (slot(call)->future == NULL) {
        return soft(RILL_ENOENT, 0);
    }
    int code = slot(call)->is_task ? rill_task_cancel(slot(call)->task) : rill_future_cancel(slot(call)->future);
    return soft(code, code);
}

static dsl_outcome_t run_fset(const dsl_call_t *call)
{
    rill_future_t *future = slot(call)->future;
    return soft(future != NULL ? rill_future_set_result(future, call->args[1]) : RILL_ENOENT, 0);
}

static dsl_outcome_t run_ferr(const dsl_call_t *call)
{
    rill_future_t *future = slot(call)->future;
    return soft(future != NULL ? rill_future_set_error(future, RILL_EUSER - call->args[1], 0) : RILL_ENOENT, 0);
}

static dsl_outcome_t run_fnew(const dsl_call_t *call)
{
    dsl_assign(call->args[0], dsl_new_future(), RILL_NO_TASK, false);
    return ok(0);
}

static dsl_outcome_t run_state(const dsl_call_t *call)
{
    if (slot(call)->future == NULL) {
        return soft(RILL_ENOENT, 0);
    }
    dsl_put_call(call);
    dsl_put_state(slot(call)->future);
    dsl_end_line();
    return (dsl_outcome_t){ DSL_PRINTED, 0, 0 };
}

// ---- waiting for slots

// True if the current task is among the futures or is reached from one of them along the waits of tasks.
static bool reaches(const dsl_task_t *self, rill_future_t *const *futures, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        dsl_task_t *task = dsl_task_of(futures[i]);
        if (task == self) {
            return true;
        }
        if (task != NULL && !task->seen) {
            task->seen = true;
            if (reaches(self, task->waits, task->wait_count)) {
                return true;
            }
        }
    }
    return false;
}

// The futures of slots, in futures[]. RILL_ENOENT if one is not assigned, DSL_ELOOP if a wait for them were circular.
static int targets(const dsl_call_t *call, unsigned first, unsigned n, rill_future_t **futures)
{
    for (unsigned i = 0; i < n; i++) {
        futures[i] = dsl_slots[call->args[first + i]].future;
        if (futures[i] == NULL) {
            return RILL_ENOENT;
        }
    }
    dsl_forget_marks();
    return reaches(call->task, futures, n) ? DSL_ELOOP : RILL_OK;
}

static void begin_wait(const dsl_call_t *call, rill_future_t *const *futures, unsigned n)
{
    call->task->waits = futures;
    call->task->wait_count = n;
}

static void end_wait(const dsl_call_t *call)
{
    call->task->wait_count = 0;
}

static dsl_outcome_t run_await(const dsl_call_t *call)
{
    rill_future_t *future;
    rill_value_t value = 0;
    int code = targets(call, 0, 1, &future);
    if (code < 0) {
        return soft(code, 0);
    }
    begin_wait(call, &future, 1);
    code = rill_await(future, &value);
    end_wait(call);
    return hard_from(future, code, value);
}

static dsl_outcome_t run_wait_for(const dsl_call_t *call)
{
    rill_future_t *future;
    rill_value_t value = 0;
    int code = targets(call, 0, 1, &future);
    if (code < 0) {
        return soft(code, 0);
    }
    begin_wait(call, &future, 1);
    code = rill_wait_for(future, RILL_MS(call->args[1]), &value);
    end_wait(call);
    return hard_from(future, code, value);
}

static dsl_outcome_t run_shield(const dsl_call_t *call)
{
    rill_future_t *future;
    rill_value_t value = 0;
    int code = targets(call, 0, 1, &future);
    if (code < 0) {
        return soft(code, 0);
    }
    code = rill_shield(future, &value);
    return hard_from(future, code, value);
}

// ---- several at once

static void put_list(const dsl_call_t *call, const rill_awaitable_t *children)
{
    dsl_put_call(call);
    dsl_put("[");
    for (unsigned i = 0; i < call->statement->args; i++) {
        rill_value_t value = children[i].value;
        dsl_put(i > 0 ? "," : "");
        if (children[i].error == RILL_OK) {
            dsl_put_number((long)value);
        } else {
            rill_future_exception(children[i].future, &value);
            dsl_put_error(children[i].error, value);
        }
    }
    dsl_put("]");
    dsl_end_line();
}

// The words of rill_gather, with the outer future at hand: an error group's list is there.
static dsl_outcome_t gather_first_error(rill_awaitable_t *children, unsigned n)
{
    rill_gather_t gather;
    int code = rill_gather_begin(&gather, children, n, 0);
    if (code < 0) {
        return hard(code, 0);
    }
    code = rill_await(&gather.outer.future, NULL);
    dsl_outcome_t outcome = hard_from(&gather.outer.future, code, 0);
    rill_gather_end(&gather);
    return outcome;
}

static dsl_outcome_t gather(const dsl_call_t *call, bool collect)
{
    rill_future_t *futures[DSL_WORDS];
    rill_awaitable_t children[DSL_WORDS];
    unsigned n = call->statement->args;
    int code = targets(call, 0, n, futures);
    if (code < 0) {
        return soft(code, 0);
    }
    for (unsigned i = 0; i < n; i++) {
        children[i] = (rill_awaitable_t){ .future = futures[i] };
    }
    begin_wait(call, futures, n);
    dsl_outcome_t outcome = collect ? hard(rill_gather(children, n, RILL_COLLECT), 0) : gather_first_error(children, n);
    end_wait(call);
    if (outcome.ending == DSL_OK) {
        put_list(call, children);
        outcome.ending = DSL_PRINTED;
    }
    return outcome;
}

static dsl_outcome_t run_gather(const dsl_call_t *call)
{
    return gather(call, false);
}

static dsl_outcome_t run_gatherx(const dsl_call_t *call)
{
    return gather(call, true);
}

static dsl_outcome_t run_wait(const dsl_call_t *call)
{
    rill_future_t *futures[DSL_WORDS];
    rill_awaitable_t children[DSL_WORDS];
    unsigned n = call->statement->args - 2u;
    int code = targets(call, 2, n, futures);
    if (code < 0) {
        return soft(code, 0);
    }
    for (unsigned i = 0; i < n; i++) {
        children[i] = (rill_awaitable_t){ .future = futures[i] };
    }
    rill_time_t limit = call->args[1] < 0 ? RILL_NEVER : RILL_MS(call->args[1]);
    code = rill_wait(children, n, (rill_wait_mode_t)call->args[0], limit);
    if (code < 0) {
        return hard(code, 0);
    }
    dsl_put_call(call);
    dsl_put("b");
    for (unsigned i = 0; i < n; i++) {
        dsl_put(children[i].done ? "1" : "0");
    }
    dsl_end_line();
    return (dsl_outcome_t){ DSL_PRINTED, 0, 0 };
}

// ---- callbacks and interrupts

static int say(void *arg)
{
    dsl_note_t *note = arg;
    dsl_line();
    dsl_put(note->word);
    dsl_put(" ");
    dsl_put_number(note->number);
    if (note->future != NULL) {
        dsl_put(" ");
        dsl_put_state(note->future);
    }
    dsl_end_line();
    dsl_free_note(note);
    return RILL_OK;
}

static dsl_note_t *note_of(const dsl_call_t *call, int32_t number)
{
    dsl_note_t *note = dsl_new_note();
    note->word = call->statement->op->name;
    note->number = number;
    return note;
}

static dsl_outcome_t run_cb(const dsl_call_t *call)
{
    rill_future_t *future = slot(call)->future;
    if (future == NULL) {
        return soft(RILL_ENOENT, 0);
    }
    dsl_note_t *note = note_of(call, call->args[1]);
    note->future = future;
    return soft(rill_future_add_done_callback(future, &note->timer.handle, say, note), 0);
}

static dsl_outcome_t run_soon(const dsl_call_t *call)
{
    dsl_note_t *note = note_of(call, call->args[0]);
    return soft(rill_call_soon(rill_loop_running(), &note->timer.handle, say, note), 0);
}

static dsl_outcome_t run_later(const dsl_call_t *call)
{
    dsl_note_t *note = note_of(call, call->args[1]);
    return soft(rill_call_later(rill_loop_running(), &note->timer, RILL_MS(call->args[0]), say, note), 0);
}

// What the interrupt posted, in the loop.
static int run_posted(void *arg)
{
    dsl_note_t *note = arg;
    const dsl_call_t call = note->call;
    dsl_free_note(note);
    dsl_isrs--;
    dsl_outcome_t outcome = call.statement->op->run(&call);
    dsl_line();
    dsl_put("isr T");
    dsl_put_number(call.task->number);
    dsl_put(" ");
    dsl_put(call.statement->op->name);
    dsl_put(" ");
    dsl_put_outcome(outcome);
    dsl_end_line();
    return RILL_OK;
}

// The interrupt.
static void post(void *arg)
{
    dsl_note_t *note = arg;
    rill_call_soon_threadsafe(rill_loop_default(), &note->timer.handle);
}

static dsl_outcome_t run_isr(const dsl_call_t *call)
{
    const dsl_statement_t *statement = &dsl_program.statements[call->args[1]];
    dsl_note_t *note = dsl_new_note();
    if (dsl_isrs++ == DSL_ISRS) {
        dsl_abort("interrupts");
    }
    note->call = (dsl_call_t){ call->task, statement, &dsl_program.args[statement->arg], NULL };
    rill_handle_init(&note->timer.handle, run_posted, note);
    isr_at((uint32_t)(rill_clock_now() / 1000) + (uint32_t)call->args[0], post, note);
    return ok(0);
}

// ---- locks and semaphores

int dsl_acquire(int index)
{
    dsl_object_t *thing = &dsl_objects[index];
    switch (dsl_program.kinds[index]) {
    case DSL_SEM:
        return rill_semaphore_acquire(&thing->as.semaphore);
    case DSL_BSEM:
        return rill_bounded_semaphore_acquire(&thing->as.bounded);
    default:
        return rill_lock_acquire(&thing->as.lock);
    }
}

int dsl_release(int index)
{
    dsl_object_t *thing = &dsl_objects[index];
    switch (dsl_program.kinds[index]) {
    case DSL_SEM:
        return rill_semaphore_release(&thing->as.semaphore);
    case DSL_BSEM:
        return rill_bounded_semaphore_release(&thing->as.bounded);
    default:
        return rill_lock_release(&thing->as.lock);
    }
}

static dsl_outcome_t run_acq(const dsl_call_t *call)
{
    return hard(dsl_acquire(call->args[0]), 0);
}

static dsl_outcome_t run_rel(const dsl_call_t *call)
{
    return soft(dsl_release(call->args[0]), 0);
}

// ---- queues

// A queue without a bound has one here.
static void need_room(const dsl_call_t *call)
{
    if (dsl_program.sizes[call->args[0]] <= 0 && rill_queue_full(&object(call)->as.queue)) {
        dsl_abort("elements of a queue");
    }
}

static dsl_outcome_t run_put(const dsl_call_t *call)
{
    rill_value_t value = call->args[1];
    need_room(call);
    return hard(rill_queue_put(&object(call)->as.queue, &value), 0);
}

static dsl_outcome_t run_get(const dsl_call_t *call)
{
    rill_value_t value = 0;
    int code = rill_queue_get(&object(call)->as.queue, &value);
    return hard(code, value);
}

static dsl_outcome_t run_putnw(const dsl_call_t *call)
{
    rill_value_t value = call->args[1];
    need_room(call);
    return soft(rill_queue_put_nowait(&object(call)->as.queue, &value), 0);
}

static dsl_outcome_t run_getnw(const dsl_call_t *call)
{
    rill_value_t value = 0;
    int code = rill_queue_get_nowait(&object(call)->as.queue, &value);
    return soft(code, value);
}

static dsl_outcome_t run_join(const dsl_call_t *call)
{
    return hard(rill_queue_join(&object(call)->as.queue), 0);
}

static dsl_outcome_t run_tdone(const dsl_call_t *call)
{
    return soft(rill_queue_task_done(&object(call)->as.queue), 0);
}

// ---- events, conditions, barriers, context variables

static dsl_outcome_t run_ewait(const dsl_call_t *call)
{
    return hard(rill_event_wait(&object(call)->as.event), 0);
}

static dsl_outcome_t run_eset(const dsl_call_t *call)
{
    rill_event_set(&object(call)->as.event);
    return ok(0);
}

static dsl_outcome_t run_eclr(const dsl_call_t *call)
{
    rill_event_clear(&object(call)->as.event);
    return ok(0);
}

static dsl_outcome_t run_cwait(const dsl_call_t *call)
{
    return hard(rill_condition_wait(&object(call)->condition), 0);
}

static dsl_outcome_t run_cnotify(const dsl_call_t *call)
{
    return soft(rill_condition_notify(&object(call)->condition, (unsigned)call->args[1]), 0);
}

static dsl_outcome_t run_bwait(const dsl_call_t *call)
{
    int index = rill_barrier_wait(&object(call)->as.barrier);
    return hard(index, index);
}

static dsl_outcome_t run_babort(const dsl_call_t *call)
{
    return hard(rill_barrier_abort(&object(call)->as.barrier), 0);
}

static dsl_outcome_t run_breset(const dsl_call_t *call)
{
    return hard(rill_barrier_reset(&object(call)->as.barrier), 0);
}

static dsl_outcome_t run_vset(const dsl_call_t *call)
{
    int code = rill_var_set(&object(call)->as.var, call->args[1], NULL);
    if (code == RILL_ENOMEM) {
        dsl_abort("context variables");
    }
    return soft(code, 0);
}

static dsl_outcome_t run_vget(const dsl_call_t *call)
{
    rill_value_t value = 0;
    int code = rill_var_get(&object(call)->as.var, &value);
    return soft(code, value);
}

// ---- the table

#define LOCKS (1u << DSL_SEM | 1u << DSL_BSEM | 1u << DSL_LOCK | 1u << DSL_COND)
#define QUEUE (1u << DSL_FIFO | 1u << DSL_LIFO | 1u << DSL_PRIO)
#define EVENT (1u << DSL_EVENT)
#define COND (1u << DSL_COND)
#define BARRIER (1u << DSL_BARRIER)
#define VAR (1u << DSL_VAR)

const dsl_op_t dsl_ops[] = {
    { "try", "", 0, dsl_run_try, true, false },
    { "timeout", "t", 0, dsl_run_timeout, true, false },
    { "tg", "g", 0, dsl_run_group, true, false },
    { "with", "o", LOCKS, dsl_run_with, true, false },
    { "repeat", "n", 0, dsl_run_repeat, true, false },
    { "log", "n", 0, run_log, false, false },
    { "sleep", "t", 0, run_sleep, false, false },
    { "yield", "", 0, run_yield, false, false },
    { "busy", "t", 0, run_busy, false, false },
    { "raise", "u", 0, run_raise, false, false },
    { "ret", "n", 0, run_ret, false, false },
    { "spawn", "sc", 0, run_spawn, false, false },
    { "tgspawn", "gsc", 0, run_tgspawn, false, false },
    { "cancel", "s", 0, run_cancel, false, true },
    { "fcancel", "s", 0, run_cancel, false, true },
    { "fset", "sn", 0, run_fset, false, true },
    { "ferr", "su", 0, run_ferr, false, true },
    { "fnew", "s", 0, run_fnew, false, false },
    { "await", "s", 0, run_await, false, false },
    { "wait_for", "st", 0, run_wait_for, false, false },
    { "shield", "s", 0, run_shield, false, false },
    { "gather", "S", 0, run_gather, false, false },
    { "gatherx", "S", 0, run_gatherx, false, false },
    { "wait", "mlS", 0, run_wait, false, false },
    { "cb", "sn", 0, run_cb, false, false },
    { "soon", "n", 0, run_soon, false, false },
    { "later", "tn", 0, run_later, false, false },
    { "isr", "ti", 0, run_isr, false, false },
    { "uncancel", "", 0, run_uncancel, false, false },
    { "cancelling", "", 0, run_cancelling, false, false },
    { "state", "s", 0, run_state, false, false },
    { "acq", "o", LOCKS, run_acq, false, false },
    { "rel", "o", LOCKS, run_rel, false, true },
    { "put", "on", QUEUE, run_put, false, false },
    { "get", "o", QUEUE, run_get, false, false },
    { "join", "o", QUEUE, run_join, false, false },
    { "putnw", "on", QUEUE, run_putnw, false, true },
    { "getnw", "o", QUEUE, run_getnw, false, true },
    { "tdone", "o", QUEUE, run_tdone, false, false },
    { "ewait", "o", EVENT, run_ewait, false, false },
    { "eset", "o", EVENT, run_eset, false, true },
    { "eclr", "o", EVENT, run_eclr, false, true },
    { "cwait", "o", COND, run_cwait, false, false },
    { "cnotify", "ot", COND, run_cnotify, false, false },
    { "bwait", "o", BARRIER, run_bwait, false, false },
    { "babort", "o", BARRIER, run_babort, false, false },
    { "breset", "o", BARRIER, run_breset, false, false },
    { "vset", "on", VAR, run_vset, false, false },
    { "vget", "o", VAR, run_vget, false, false },
};
const unsigned dsl_op_count = sizeof dsl_ops / sizeof *dsl_ops;

// Read by the parser only; `try` runs them.
const dsl_op_t dsl_op_except = { "except", "p", 0, NULL, true, false };
const dsl_op_t dsl_op_finally = { "finally", "", 0, NULL, true, false };
