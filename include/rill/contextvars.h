// Context variables: values that follow a task through everything it calls. contextvars, rules CV1-CV6.
//
//     static rill_var_t request = RILL_VAR_INIT_DEFAULT(0);
//     RILL_VARS_POOL_DEFINE(bindings, 16);
//     rill_vars_use(&bindings);                       // once, before the first rill_var_set
//     rill_var_set(&request, 7, NULL);                // seen by this task, what it calls, and the tasks it spawns from
//     now on
//     rill_value_t id; rill_var_get(&request, &id);
//
// Every task has a context. A new task starts with a copy of its creator's, which costs O(1): contexts share their
// bindings until one of them sets a variable. A binding is 16 bytes of the pool on 32-bit machines.
//
// A callback has no context of its own, because a handle has no room for one: rill_var_get there finds defaults,
// rill_var_set is refused. rill_vars_bind gives a callback one; asyncio does that for every callback (CV4, CV5).
//
// Unless a function says otherwise: O(1), does not suspend.
#ifndef RILL_CONTEXTVARS_H
#define RILL_CONTEXTVARS_H

#include <rill/task.h>

#ifdef __cplusplus
extern "C" {
#endif

// A variable: contextvars.ContextVar. Define it once, for the life of the program.
typedef struct rill_var {
    rill_value_t initial;
    bool has_default;
} rill_var_t;

#define RILL_VAR_INIT { 0, false }
#define RILL_VAR_INIT_DEFAULT(value) { (value), true }

// What rill_var_reset needs. Fields are private.
typedef struct rill_var_token {
    rill_vars_t *vars;
    uint32_t task_id;
    const rill_var_t *var;
    rill_value_t old;
    bool had_value;
    bool used;
} rill_var_token_t;

// One value of one variable. Private.
typedef struct rill_binding {
    struct rill_binding *next;
    const rill_var_t *var;
    rill_value_t value;
    uint32_t users; // contexts and bindings that point here
} rill_binding_t;

// Defines the memory of n bindings: one for each variable set in each context that differs from its creator's.
#define RILL_VARS_POOL_DEFINE(name, n) RILL_POOL_DEFINE(name, rill_binding_t, n)

// Names the pool all contexts take their bindings from. Returns 0; RILL_EINVAL for NULL; RILL_EBUSY while bindings of
// another pool are in use. Context: thread, or loop. O(1).
int rill_vars_use(rill_pool_t *pool);

// The value in the current context, or the variable's default. Returns 0; RILL_ENOENT if it has neither (CV3);
// RILL_EINVAL for NULL. asyncio: ContextVar.get. Context: loop. O(variables set in the context); does not suspend.
int rill_var_get(const rill_var_t *var, rill_value_t *value);

// Sets it in the current context; `token` (may be NULL) remembers what was before. Returns 0; RILL_ENOMEM if the pool
// is
// exhausted (nothing is changed); RILL_EPERM where there is no context or no pool, and in a job of an executor;
// RILL_EINVAL for NULL. asyncio: ContextVar.set. Context: task, or a callback with a context. O(variables); does not
// suspend.
int rill_var_set(const rill_var_t *var, rill_value_t value, rill_var_token_t *token);

// Restores what was before the set that made the token. Returns 0; RILL_EPERM if the token was used already;
// RILL_EINVAL for a token of another variable or made in another context, or NULL; RILL_ENOMEM as above. asyncio:
// ContextVar.reset (CV3). Context: as rill_var_set.
int rill_var_reset(const rill_var_t *var, rill_var_token_t *token);

// Makes `copy` a copy of the current context, O(1); an empty one where there is none. NULL is ignored. It holds
// bindings of the pool until rill_vars_drop. asyncio: contextvars.copy_context. Context: loop.
void rill_vars_copy(rill_vars_t *copy);

// Gives up a context's bindings; it is empty then. No task or callback may run in it.
// contextvars: what garbage collection does. Context: loop. O(variables).
void rill_vars_drop(rill_vars_t *vars);

// A variable's value in a given context; RILL_ENOENT if it was not set there, defaults do not count. Context:
// loop. O(variables set in it). contextvars: context[var].
int rill_vars_get(const rill_vars_t *vars, const rill_var_t *var, rill_value_t *value);

// Calls fn(arg) in a context, where it may also wait. Returns what fn returns; RILL_EPERM if it is the current context
// already or there is no loop; RILL_EINVAL for NULL. asyncio: Context.run. Context: task, or callback.
int rill_vars_run(rill_vars_t *vars, rill_callback_t fn, void *arg);

// A callback with a context. The caller's memory; it must stay valid until it has run.
typedef struct rill_bound {
    rill_vars_t *vars; // &own, or a given one
    rill_vars_t own;
    rill_callback_t fn;
    void *arg;
} rill_bound_t;

// Binds fn(arg) to a context, NULL: to a copy of the current one. Then schedule rill_vars_call with the bound callback
// as
// its argument, by call_soon, call_at, add_done_callback or any other function that takes a callback:
//     rill_vars_bind(&bound, NULL, fn, arg);
//     rill_call_soon(loop, &handle, rill_vars_call, &bound);
// Returns 0; RILL_EINVAL for NULL. asyncio: context= of call_soon and the others (CV4, CV5). Context: loop. O(1).
int rill_vars_bind(rill_bound_t *bound, rill_vars_t *vars, rill_callback_t fn, void *arg);

// The callback to schedule: runs the bound one in its context, then gives up the copy. In a callback an error goes to
// the loop's exception handler, in that context, with a handle that names the bound function; it returns 0 then. In a
// task it returns what the bound one returns (CV4). Context: callback, or task.
int rill_vars_call(void *bound);

// Gives up the copy of a bound callback that will not run (CV4). Context: loop. O(variables).
void rill_vars_unbind(rill_bound_t *bound);

#ifdef __cplusplus
}
#endif

#endif
