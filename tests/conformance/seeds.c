// rill-test: min-ram=16
// Conformance, area seeds: the small programs it all began with. Those about generators and greenlets are elsewhere.
#define CONF_TASKS 5
#include "conformance.h"

#include <rill/gather.h>
#include <rill/scope.h>
#include <rill/timeout.h>

// A result that is a text travels as the word of the future.
static const char *text_of(rill_task_t task)
{
    rill_value_t value = 0;
    int code = rill_await(rill_task_future(task), &value);
    return code < 0 ? err(code) : (const char *)value;
}

static int gather_tasks(const rill_task_t *tasks, unsigned n, rill_awaitable_t *children)
{
    for (unsigned i = 0; i < n; i++) {
        children[i] = (rill_awaitable_t){ .future = rill_task_future(tasks[i]) };
    }
    return rill_gather(children, n, 0);
}

// ---- async for: next() waits and returns the value, NULL at the end (StopAsyncIteration)

struct reader {
    const char *const *keys;
    unsigned n;
    char upper[8];
};

static const char *reader_next(struct reader *reader)
{
    if (reader->n == 0) {
        return NULL;
    }
    const char *key = *reader->keys++;
    reader->n--;
    rill_sleep_ms(5);
    size_t length = strlen(key);
    for (size_t i = 0; i <= length; i++) {
        reader->upper[i] = (char)(key[i] >= 'a' && key[i] <= 'z' ? key[i] - 'a' + 'A' : key[i]);
    }
    return reader->upper;
}

static int main_iterates(void *arg)
{
    static const char *const keys[] = { "name", "age", "gender" };
    struct reader reader = { keys, 3, "" };
    (void)arg;
    for (const char *v = reader_next(&reader); v != NULL; v = reader_next(&reader)) {
        ev("%s", v);
    }
    ev("exhausted");
    return 0;
}

TEST(async_iterator)
{
    run(main_iterates);
    trace_is("5 NAME\n"
             "10 AGE\n"
             "15 GENDER\n"
             "15 exhausted\n"
             "15 run -> None\n");
}

// ---- async with

struct check {
    const char *name;
    uint32_t ms;
    int error;
};

static int session_open(void *object)
{
    const struct check *check = object;
    int rc = rill_sleep_ms(2);
    if (rc == RILL_OK) {
        ev("%s open", check->name);
    }
    return rc;
}

static int session_close(void *object, int code)
{
    const struct check *check = object;
    rill_sleep_ms(1);
    ev("%s close %s", check->name, err(code));
    return code;
}

static int check_fn(void *arg)
{
    struct check *check = arg;
    int rc;
    RILL_WITH(check, session_open, session_close, rc) {
        rc = rill_sleep_ms(check->ms);
        if (rc == RILL_OK) {
            rc = check->error;
        }
    }
    return rc < 0 ? rc : rill_return((rill_value_t)check->name);
}

static int main_sessions(void *arg)
{
    static struct check checks[] = { { "a", 5, 0 }, { "b", 3, E(7) }, { "c", 100, 0 } };
    rill_task_t tasks[3];
    const char *results[3];
    (void)arg;
    for (unsigned i = 0; i < 3; i++) {
        tasks[i] = spawn(check_fn, &checks[i]);
    }
    rill_sleep_ms(20);
    rill_task_cancel(tasks[2]);
    for (unsigned i = 0; i < 3; i++) {
        results[i] = text_of(tasks[i]);
    }
    ev("[%s,%s,%s]", results[0], results[1], results[2]);
    return 0;
}

TEST(async_with_session)
{
    run(main_sessions);
    trace_is("2 a open\n"
             "2 b open\n"
             "2 c open\n"
             "6 b close E7\n"
             "8 a close ok\n"
             "21 c close ECANCELED\n"
             "21 [a,E7,ECANCELED]\n"
             "21 run -> None\n");
}

// ---- sleep(0)

static void nothing(void)
{
    rill_yield();
    ev("Busy");
}

static int busy_three(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++) {
        nothing();
    }
    return 0;
}

static int normal_three(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++) {
        rill_yield();
        ev("Normal coroutine");
    }
    return 0;
}

static int main_busy(void *arg)
{
    rill_awaitable_t children[2];
    (void)arg;
    const rill_task_t tasks[] = { spawn(busy_three, NULL), spawn(normal_three, NULL) };
    return gather_tasks(tasks, 2, children);
}

TEST(busy_loop_with_sleep0)
{
    run(main_busy);
    trace_is("0 Busy\n"
             "0 Normal coroutine\n"
             "0 Busy\n"
             "0 Normal coroutine\n"
             "0 Busy\n"
             "0 Normal coroutine\n"
             "0 run -> None\n");
}

// ---- cancel, wait_for

static int green_long(void *arg)
{
    (void)arg;
    int rc = rill_sleep_ms(20000);
    return rc < 0 ? rc : 1;
}

static int main_cancels(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(green_long, NULL);
    for (int s = 1; rill_task_state(t) == RILL_PENDING; s++) {
        rill_sleep_ms(1000);
        ev("%d s", s);
        if (s == 5) {
            rill_task_cancel(t);
        }
    }
    ev("%s", rct(t));
    return 0;
}

TEST(cancel_after_five_seconds)
{
    run(main_cancels);
    trace_is("1000 1 s\n"
             "2000 2 s\n"
             "3000 3 s\n"
             "4000 4 s\n"
             "5000 5 s\n"
             "6000 6 s\n"
             "6000 ECANCELED\n"
             "6000 run -> None\n");
}

static int main_waits_five_seconds(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(green_long, NULL);
    ev("%s", err(rill_wait_for(rill_task_future(t), RILL_S(5), NULL)));
    ev("%s", stt(t));
    return 0;
}

TEST(wait_for_five_seconds)
{
    run(main_waits_five_seconds);
    trace_is("5000 ETIMEDOUT\n"
             "5000 ECANCELED\n"
             "5000 run -> None\n");
}

// ---- gather

struct job {
    const char *name;
    uint32_t n;
};

static int do_work(void *arg)
{
    const struct job *job = arg;
    ev("Task %s started...", job->name);
    rill_sleep_ms(job->n);
    ev("Task %s finished.", job->name);
    return 0;
}

static int factorial(void *arg)
{
    const struct job *job = arg;
    int f = 1;
    for (uint32_t i = 2; i <= job->n; i++) {
        ev("Task %s: Compute factorial(%d)...", job->name, (int)i);
        rill_sleep_ms(1000);
        f *= (int)i;
    }
    ev("Task %s: factorial(%d) = %d", job->name, (int)job->n, f);
    return f;
}

static int gather_jobs(rill_fn_t fn, struct job *jobs, rill_awaitable_t *children)
{
    const rill_task_t tasks[] = { spawn(fn, &jobs[0]), spawn(fn, &jobs[1]), spawn(fn, &jobs[2]) };
    return gather_tasks(tasks, 3, children);
}

static int main_three_jobs(void *arg)
{
    static struct job jobs[] = { { "A", 3000 }, { "B", 2000 }, { "C", 1000 } };
    rill_awaitable_t children[3];
    (void)arg;
    return gather_jobs(do_work, jobs, children);
}

TEST(do_work_three)
{
    run(main_three_jobs);
    trace_is("0 Task A started...\n"
             "0 Task B started...\n"
             "0 Task C started...\n"
             "1000 Task C finished.\n"
             "2000 Task B finished.\n"
             "3000 Task A finished.\n"
             "3000 run -> None\n");
}

static int main_factorials(void *arg)
{
    static struct job jobs[] = { { "A", 2 }, { "B", 3 }, { "C", 4 } };
    rill_awaitable_t children[3];
    (void)arg;
    int rc = gather_jobs(factorial, jobs, children);
    ev("[%d,%d,%d]", (int)children[0].value, (int)children[1].value, (int)children[2].value);
    return rc;
}

TEST(factorial_gather)
{
    run(main_factorials);
    trace_is("0 Task A: Compute factorial(2)...\n"
             "0 Task B: Compute factorial(2)...\n"
             "0 Task C: Compute factorial(2)...\n"
             "1000 Task A: factorial(2) = 2\n"
             "1000 Task B: Compute factorial(3)...\n"
             "1000 Task C: Compute factorial(3)...\n"
             "2000 Task B: factorial(3) = 6\n"
             "2000 Task C: Compute factorial(4)...\n"
             "3000 Task C: factorial(4) = 24\n"
             "3000 [2,6,24]\n"
             "3000 run -> None\n");
}

// ---- done-callbacks: they get what was bound to them, here the task and a number

struct bound {
    rill_task_t task;
    int n;
};

static struct bound first, second;

static int letter(void *arg)
{
    int rc = rill_sleep_ms(1000);
    return rc < 0 ? rc : rill_return((rill_value_t)arg);
}

static int show_result(void *arg)
{
    const struct bound *bound = arg;
    rill_value_t value = 0;
    rill_future_result(rill_task_future(bound->task), &value);
    if (bound->n == 0) {
        ev("Result: %s", (const char *)value);
    } else {
        ev("Result: %s, N: %d", (const char *)value, bound->n);
    }
    return 0;
}

static int main_callbacks(void *arg)
{
    rill_awaitable_t children[2];
    (void)arg;
    const rill_task_t tasks[] = { spawn(letter, "A"), spawn(letter, "B") };
    first = (struct bound){ tasks[0], 0 };
    second = (struct bound){ tasks[1], 100 };
    when_done(rill_task_future(tasks[0]), show_result, &first);
    when_done(rill_task_future(tasks[1]), show_result, &second);
    int rc = gather_tasks(tasks, 2, children);
    ev("gathered");
    return rc;
}

TEST(done_callbacks_with_arg)
{
    run(main_callbacks);
    trace_is("1000 Result: A\n"
             "1000 Result: B, N: 100\n"
             "1000 gathered\n"
             "1000 run -> None\n");
}

// ---- called or spawned

static int one(void *arg)
{
    (void)arg;
    return 1;
}

static const char *green(uint32_t ms)
{
    rill_sleep_ms(ms);
    return "hello";
}

static int green_task(void *arg)
{
    return rill_return((rill_value_t)green((uint32_t)INT(arg)));
}

static int main_inline_and_tasks(void *arg)
{
    (void)arg;
    ev("%d", one(NULL));
    ev("%s", green(2000));
    ev("%s", green(3000));
    rill_task_t a = spawn(one, NULL);
    rill_task_t b = spawn(green_task, PTR(2000));
    rill_task_t c = spawn(green_task, PTR(3000));
    ev("%s", rct(a));
    ev("%s", text_of(b));
    ev("%s", text_of(c));
    rill_join(a, NULL);
    rill_join(b, NULL);
    rill_join(c, NULL);
    ev("%s", rct(spawn(one, NULL)));
    ev("%s", text_of(spawn(green_task, PTR(2000))));
    ev("%s", text_of(spawn(green_task, PTR(3000))));
    return 0;
}

TEST(one_green_inline_vs_tasks)
{
    run(main_inline_and_tasks);
    trace_is("0 1\n"
             "2000 hello\n"
             "5000 hello\n"
             "5000 1\n"
             "7000 hello\n"
             "8000 hello\n"
             "8000 1\n"
             "10000 hello\n"
             "13000 hello\n"
             "13000 run -> None\n");
}

static int say_after(uint32_t ms, const char *what)
{
    int rc = rill_sleep_ms(ms);
    ev("%s", what);
    return rc;
}

static int main_sequential(void *arg)
{
    (void)arg;
    ev("started");
    say_after(1000, "hello");
    say_after(2000, "world");
    ev("finished");
    return 0;
}

TEST(say_after_sequential)
{
    run(main_sequential);
    trace_is("0 started\n"
             "1000 hello\n"
             "3000 world\n"
             "3000 finished\n"
             "3000 run -> None\n");
}

static int say_job(void *arg)
{
    const struct job *job = arg;
    return say_after(job->n, job->name);
}

static int main_say_tasks(void *arg)
{
    static struct job jobs[] = { { "hello", 1000 }, { "world", 2000 } };
    (void)arg;
    rill_task_t a = spawn(say_job, &jobs[0]);
    rill_task_t b = spawn(say_job, &jobs[1]);
    ev("started");
    rill_join(a, NULL);
    rill_join(b, NULL);
    ev("finished");
    return 0;
}

TEST(say_after_tasks)
{
    run(main_say_tasks);
    trace_is("0 started\n"
             "1000 hello\n"
             "2000 world\n"
             "2000 finished\n"
             "2000 run -> None\n");
}

TEST_MAIN("seeds", TEST_CASE(async_iterator), TEST_CASE(async_with_session), TEST_CASE(busy_loop_with_sleep0),
          TEST_CASE(cancel_after_five_seconds), TEST_CASE(wait_for_five_seconds), TEST_CASE(do_work_three),
          TEST_CASE(factorial_gather), TEST_CASE(done_callbacks_with_arg), TEST_CASE(one_green_inline_vs_tasks),
          TEST_CASE(say_after_sequential), TEST_CASE(say_after_tasks))
