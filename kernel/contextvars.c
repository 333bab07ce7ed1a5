// Context variables.
//
// A context is a list of bindings, one per variable set in it. Lists share their tails: `users` counts the contexts and
// bindings that point to a binding, and a binding with more than one user, or behind one that has, is never written.
// Setting a variable copies the shared bindings in front of the old one, so a list never holds a variable twice and its
// length is the number of variables, not of sets. A copy of a context is a pointer to the same first binding.
#include <rill/contextvars.h>
#include <rill/executor.h>

#include "kernel.h"

static rill_pool_t *bindings;

// A task's `vars` is its own context, or with bit 0 set the address of a context it was told to run in.
enum { ELSEWHERE = 1 };

static rill_vars_t *resolve(rill_vars_t *vars)
{
    uintptr_t word = (uintptr_t)vars->bindings;
    return (word & ELSEWHERE) != 0 ? (rill_vars_t *)(word - ELSEWHERE) : vars;
}

static rill_vars_t elsewhere(rill_vars_t *vars)
{
    return (rill_vars_t){ (void *)((uintptr_t)vars + ELSEWHERE) };
}

// The cell that says what the current context is; NULL outside a loop.
static rill_vars_t *current_cell(void)
{
    rill_loop_t *loop = rill_current_loop;
    rill_tcb_t *self = running_task();
    return self != NULL ? &self->vars : loop != NULL ? &loop->vars : NULL;
}

// The current context; NULL where there is none.
static rill_vars_t *current(void)
{
    if (rill_current_job != NULL) {
        return &rill_current_job->vars;
    }
    rill_vars_t *cell = current_cell();
    if (cell == NULL || (cell->bindings == NULL && running_task() == NULL)) {
        return NULL;
    }
    return resolve(cell);
}

static rill_binding_t *share(rill_binding_t *binding)
{
    if (binding != NULL) {
        binding->users++;
    }
    return binding;
}

static void release(rill_binding_t *binding)
{
    while (binding != NULL && --binding->users == 0) { // bound: variables of the context
        rill_binding_t *next = binding->next;
        rill_pool_free(bindings, binding);
        binding = next;
    }
}

static rill_binding_t *find(rill_binding_t *binding, const rill_var_t *var)
{
    while (binding != NULL && binding->var != var) { // bound: variables of the context
        binding = binding->next;
    }
    return binding;
}

static rill_binding_t *new_binding(const rill_var_t *var, rill_value_t value)
{
    rill_binding_t *binding = rill_pool_alloc(bindings);
    if (binding != NULL) {
        *binding = (rill_binding_t){ NULL, var, value, 1 };
    }
    return binding;
}

// Copies the shared bindings from *link up to `target`, which belongs to the result alone then.
static rill_binding_t *unshare(rill_binding_t **link, const rill_binding_t *target)
{
    rill_binding_t *first = NULL;
    rill_binding_t **end = &first;
    rill_binding_t *old = *link;
    rill_binding_t *copy = NULL;
    // bound: variables
    for (const rill_binding_t *from = old; copy == NULL || from != target->next; from = from->next) {
        copy = new_binding(from->var, from->value);
        if (copy == NULL) {
            release(first);
            return NULL;
        }
        *end = copy;
        end = &copy->next;
    }
    *end = share(target->next);
    *link = first;
    release(old);
    return copy;
}

// The binding of a variable, made this context's own so that it can be written. *at is the link that points to it. NULL
// with 0: it has none; NULL with an error: the pool is exhausted.
static int own_binding(rill_vars_t *vars, const rill_var_t *var, rill_binding_t ***at, rill_binding_t **found)
{
    rill_binding_t **link = (rill_binding_t **)&vars->bindings;
    while (*link != NULL && (*link)->users == 1 && (*link)->var != var) { // bound: variables
        link = &(*link)->next;
    }
    *found = find(*link, var);
    if (*found != NULL && (*link)->users > 1) {
        *found = unshare(link, *found);
        if (*found == NULL) {
            return RILL_ENOMEM;
        }
    }
    while (*found != NULL && *link != *found) { // bound: variables
        link = &(*link)->next;
    }
    *at = link;
    return RILL_OK;
}

static int bind(rill_vars_t *vars, const rill_var_t *var, rill_value_t value)
{
    rill_binding_t **link;
    rill_binding_t *binding;
    int error = own_binding(vars, var, &link, &binding);
    if (error != RILL_OK) {
        return error;
    }
    if (binding != NULL) {
        binding->value = value;
        return RILL_OK;
    }
    binding = new_binding(var, value);
    if (binding == NULL) {
        return RILL_ENOMEM;
    }
    binding->next = vars->bindings;
    vars->bindings = binding;
    rill_tcb_t *self = running_task();
    if (self != NULL && vars == &self->vars) {
        self->future.flags |= TASK_SPECIAL;
    }
    return RILL_OK;
}

static int unbind(rill_vars_t *vars, const rill_var_t *var)
{
    rill_binding_t **link;
    rill_binding_t *binding;
    int error = own_binding(vars, var, &link, &binding);
    if (error == RILL_OK && binding != NULL) {
        *link = binding->next;
        rill_pool_free(bindings, binding);
    }
    return error;
}

// ---- tasks come and go

void rill_vars_inherit(rill_tcb_t *tcb, rill_vars_t *given)
{
    if (given != NULL) {
        tcb->vars = elsewhere(given);
    } else {
        rill_vars_copy(&tcb->vars);
    }
    tcb->future.flags |= TASK_SPECIAL;
}

void rill_vars_ended(rill_tcb_t *tcb)
{
    if (resolve(&tcb->vars) == &tcb->vars) {
        release(tcb->vars.bindings);
    }
    tcb->vars.bindings = NULL;
}

// ---- the public functions

int rill_vars_use(rill_pool_t *pool)
{
    if (pool == NULL || pool->size < sizeof(rill_binding_t)) {
        return RILL_EINVAL;
    }
    if (bindings != NULL && bindings != pool && rill_pool_used(bindings) > 0) {
        return RILL_EBUSY;
    }
    bindings = pool;
    rill_vars_used = true;
    rill_spawn_loop = NULL;
    return RILL_OK;
}

int rill_vars_get(const rill_vars_t *vars, const rill_var_t *var, rill_value_t *value)
{
    if (vars == NULL || var == NULL || value == NULL) {
        return RILL_EINVAL;
    }
    const rill_binding_t *binding = find(vars->bindings, var);
    if (binding == NULL) {
        return RILL_ENOENT;
    }
    *value = binding->value;
    return RILL_OK;
}

int rill_var_get(const rill_var_t *var, rill_value_t *value)
{
    if (var == NULL || value == NULL) {
        return RILL_EINVAL;
    }
    const rill_vars_t *vars = current();
    if (vars != NULL && rill_vars_get(vars, var, value) == RILL_OK) {
        return RILL_OK;
    }
    if (!var->has_default) {
        return RILL_ENOENT;
    }
    *value = var->initial;
    return RILL_OK;
}

static uint32_t current_id(const rill_vars_t *vars)
{
    const rill_tcb_t *self = running_task();
    return self != NULL && vars == &self->vars ? self->id : 0;
}

int rill_var_set(const rill_var_t *var, rill_value_t value, rill_var_token_t *token)
{
    if (var == NULL) {
        return RILL_EINVAL;
    }
    rill_vars_t *vars = rill_current_job == NULL ? current() : NULL; // a job may not touch the pool
    if (vars == NULL || bindings == NULL) {
        return RILL_EPERM;
    }
    rill_var_token_t made = { vars, current_id(vars), var, 0, false, false };
    made.had_value = rill_vars_get(vars, var, &made.old) == RILL_OK;
    int error = bind(vars, var, value);
    if (error == RILL_OK && token != NULL) {
        *token = made;
    }
    return error;
}

int rill_var_reset(const rill_var_t *var, rill_var_token_t *token)
{
    if (var == NULL || token == NULL) {
        return RILL_EINVAL;
    }
    if (token->used) {
        return RILL_EPERM;
    }
    rill_vars_t *vars = current();
    if (vars == NULL || token->var != var || token->vars != vars || token->task_id != current_id(vars)) {
        return RILL_EINVAL;
    }
    int error = token->had_value ? bind(vars, var, token->old) : unbind(vars, var);
    token->used = error == RILL_OK;
    return error;
}

void rill_vars_copy(rill_vars_t *copy)
{
    const rill_vars_t *vars = current();
    if (copy != NULL) {
        copy->bindings = vars != NULL ? share(vars->bindings) : NULL;
    }
}

void rill_vars_drop(rill_vars_t *vars)
{
    if (vars != NULL) {
        release(vars->bindings);
        vars->bindings = NULL;
    }
}

int rill_vars_run(rill_vars_t *vars, rill_callback_t fn, void *arg)
{
    if (vars == NULL || fn == NULL) {
        return RILL_EINVAL;
    }
    rill_vars_t *cell = current_cell();
    if (cell == NULL || current() == vars) {
        return RILL_EPERM;
    }
    rill_vars_t before = *cell;
    *cell = elsewhere(vars);
    int result = fn(arg);
    *cell = before;
    return result;
}

// ---- callbacks

int rill_vars_bind(rill_bound_t *bound, rill_vars_t *vars, rill_callback_t fn, void *arg)
{
    if (bound == NULL || fn == NULL) {
        return RILL_EINVAL;
    }
    bound->own.bindings = NULL;
    bound->vars = vars != NULL ? vars : &bound->own;
    bound->fn = fn;
    bound->arg = arg;
    if (vars == NULL) {
        rill_vars_copy(&bound->own);
    }
    return RILL_OK;
}

void rill_vars_unbind(rill_bound_t *bound)
{
    if (bound != NULL) {
        rill_vars_drop(&bound->own);
    }
}

// An error of a callback goes to the handler while the callback's context is there.
static int call_and_report(void *arg)
{
    const rill_bound_t *call = arg;
    int result = call->fn(call->arg);
    if (result >= 0 || running_task() != NULL) {
        return result;
    }
    rill_handle_t likeness = RILL_HANDLE_INIT(call->fn, call->arg);
    const rill_exception_t info = { "exception in callback", result, &likeness, NULL };
    rill_loop_call_exception_handler(rill_current_loop, &info);
    return RILL_OK;
}

// The memory may be bound again by the callback itself, so what it needs is taken out first.
int rill_vars_call(void *arg)
{
    if (arg == NULL) {
        return RILL_EINVAL;
    }
    rill_bound_t call = *(rill_bound_t *)arg;
    bool own = call.vars == &((rill_bound_t *)arg)->own;
    ((rill_bound_t *)arg)->own.bindings = NULL;
    int result = rill_vars_run(own ? &call.own : call.vars, call_and_report, &call);
    rill_vars_drop(&call.own);
    return result;
}
