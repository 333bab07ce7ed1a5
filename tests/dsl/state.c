// What a run owns: slots, objects, tasks, and the memory of futures, error lists and callbacks. All of it is cleared
// when a run begins and nothing is given back before it ends, except callbacks.
#include "dsl.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_UNPOISON_MEMORY_REGION(start, size) ((void)0)
#endif

dsl_slot_t dsl_slots[DSL_NAMES];
dsl_object_t dsl_objects[DSL_NAMES];
rill_task_pool_t dsl_pool;
unsigned dsl_isrs;

static uint16_t order[DSL_NAMES]; // slots, by first assignment
static unsigned ordered;
static dsl_task_t tasks[DSL_TASKS];
static unsigned task_count;
static rill_future_t futures[DSL_FUTURES];
static unsigned future_count;
static rill_error_list_t lists[DSL_LISTS];
static rill_group_error_t list_items[DSL_LISTS][DSL_LIST];
static unsigned list_count;
static dsl_note_t note_blocks[DSL_NOTES];
static rill_pool_t notes;
static rill_binding_t binding_blocks[DSL_BINDINGS];
static rill_pool_t bindings;

static rill_tcb_t tcbs[DSL_TASKS];
static unsigned char stacks[DSL_STACKS][RILL_STACK_ROUND(DSL_STACK)] __attribute__((aligned(RILL_STACK_ALIGN)));

void dsl_state_reset(void)
{
    static const rill_task_pool_t fresh = RILL_TASK_POOL_INIT(tcbs, stacks, DSL_STACKS, RILL_STACK_ROUND(DSL_STACK));
    __builtin_memset(dsl_slots, 0, sizeof dsl_slots);
    ordered = 0;
    task_count = 0;
    future_count = 0;
    list_count = 0;
    dsl_isrs = 0;
    ASAN_UNPOISON_MEMORY_REGION(stacks, sizeof stacks); // frames of tasks that a deadlock left behind
    notes = (rill_pool_t)RILL_POOL_INIT(note_blocks, sizeof *note_blocks, DSL_NOTES);
    bindings = (rill_pool_t)RILL_POOL_INIT(binding_blocks, sizeof *binding_blocks, DSL_BINDINGS);
    dsl_pool = fresh;
    dsl_pool.tcbs = (rill_pool_t)RILL_POOL_INIT(tcbs, sizeof *tcbs, DSL_TASKS);
}

// ---- slots

void dsl_assign(int slot, rill_future_t *future, rill_task_t task, bool is_task)
{
    if (dsl_slots[slot].future == NULL) {
        order[ordered++] = (uint16_t)slot;
    }
    dsl_slots[slot] = (dsl_slot_t){ future, task, is_task };
}

int dsl_slot_in_order(unsigned i)
{
    return i < ordered ? order[i] : -1;
}

// ---- memory

rill_future_t *dsl_new_future(void)
{
    if (future_count == DSL_FUTURES) {
        dsl_abort("futures");
    }
    rill_future_t *future = &futures[future_count++];
    rill_future_init(future, NULL);
    return future;
}

rill_error_list_t *dsl_new_list(void)
{
    if (list_count == DSL_LISTS) {
        dsl_abort("task groups");
    }
    lists[list_count] = (rill_error_list_t)RILL_ERROR_LIST_INIT(list_items[list_count]);
    return &lists[list_count++];
}

dsl_note_t *dsl_new_note(void)
{
    dsl_note_t *note = rill_pool_alloc(&notes);
    if (note == NULL) {
        dsl_abort("callbacks");
    }
    __builtin_memset(note, 0, sizeof *note);
    return note;
}

void dsl_free_note(dsl_note_t *note)
{
    rill_pool_free(&notes, note);
}

dsl_task_t *dsl_new_task(int coroutine)
{
    if (task_count == DSL_TASKS) {
        dsl_abort("tasks");
    }
    dsl_task_t *task = &tasks[task_count];
    *task = (dsl_task_t){ .number = (int)task_count++, .coroutine = coroutine };
    return task;
}

dsl_task_t *dsl_task_of(const rill_future_t *future)
{
    for (unsigned i = 0; i < task_count; i++) {
        if (tasks[i].future == future) {
            return &tasks[i];
        }
    }
    return NULL;
}

void dsl_forget_marks(void)
{
    for (unsigned i = 0; i < task_count; i++) {
        tasks[i].seen = false;
    }
}

// ---- objects

static bool smaller(const void *a, const void *b)
{
    return *(const rill_value_t *)a < *(const rill_value_t *)b;
}

static void make_queue(dsl_object_t *object, rill_queue_order_t queue_order, int32_t size)
{
    uint16_t n = (uint16_t)(size > 0 ? size : DSL_QUEUE);
    rill_queue_init(&object->as.queue, object->storage, sizeof(rill_value_t), n, queue_order,
                    queue_order == RILL_PRIORITY ? smaller : NULL);
}

static void make(dsl_object_t *object, dsl_kind_t kind, int32_t size)
{
    __builtin_memset(&object->as, 0, sizeof object->as); // a zeroed lock or event is ready for use
    switch (kind) {
    case DSL_FUT:
        dsl_assign(size, dsl_new_future(), RILL_NO_TASK, false);
        break;
    case DSL_SEM:
        rill_semaphore_init(&object->as.semaphore, (unsigned)size);
        break;
    case DSL_BSEM:
        rill_bounded_semaphore_init(&object->as.bounded, (unsigned)size);
        break;
    case DSL_COND:
        object->condition = (rill_condition_t)RILL_CONDITION_INIT(&object->as.lock);
        break;
    case DSL_FIFO:
        make_queue(object, RILL_FIFO, size);
        break;
    case DSL_LIFO:
        make_queue(object, RILL_LIFO, size);
        break;
    case DSL_PRIO:
        make_queue(object, RILL_PRIORITY, size);
        break;
    case DSL_BARRIER:
        rill_barrier_init(&object->as.barrier, (uint16_t)size);
        break;
    case DSL_VAR:
        object->as.var = (rill_var_t)RILL_VAR_INIT_DEFAULT(0);
        break;
    default:
        break;
    }
}

void dsl_state_objects(void)
{
    rill_vars_use(&bindings);
    for (unsigned i = 0; i < dsl_program.objects.count; i++) {
        make(&dsl_objects[i], dsl_program.kinds[i], dsl_program.sizes[i]);
    }
}
