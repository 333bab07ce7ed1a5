// A task from its creation to its result: callbacks added and removed, its states, result, cancel. Python prints a task
// with its address; here it is its state.
#include "document.h"

RILL_TASK_POOL_DEFINE(tasks, 2, STACK);

static int work(void *arg)
{
    printf("start %d\n", INT(arg));
    int error = rill_sleep_ms((uint32_t)INT(arg) * 1000);
    if (error == RILL_OK) {
        printf("end %d\n", INT(arg));
    }
    return error == RILL_OK ? rill_return((rill_value_t) "ok") : error;
}

static int done_callback(void *arg)
{
    printf("%s\n", (const char *)arg);
    return 0;
}

static void print_task(rill_task_t task)
{
    static const char *const states[] = { "pending", "finished", "failed", "cancelled" };
    printf("Task: %s\n", states[rill_task_state(task)]);
}

static int app(void *arg)
{
    rill_handle_t stays = RILL_HANDLE_INIT(NULL, NULL), goes = RILL_HANDLE_INIT(NULL, NULL);
    rill_value_t result = 0;
    (void)arg;
    rill_task_t task = create_task(&tasks, work, PTR(1));
    rill_future_t *future = rill_task_future(task);
    rill_future_add_done_callback(future, &stays, done_callback, "done callback");
    rill_future_add_done_callback(future, &goes, done_callback, "removed callback");
    printf("removed: %d\n", rill_future_remove_done_callback(future, &goes));
    print_task(task);
    rill_awaitable_t works[] = { { .future = future } };
    int done = rill_wait(works, 1, RILL_ALL_COMPLETED, RILL_NEVER);
    print_task(task);
    printf("done: %d, cancel: %d, cancelled: %d\n", rill_future_done(future), rill_task_cancel(task),
           rill_future_cancelled(future));
    rill_future_result(future, &result);
    printf("Task Result: %s\n", TEXT(result));
    rill_detach(task);
    return done < 0 ? done : 0;
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
