// The commands. Each shows one idea; what asyncio calls it stands beside it.
#include "shell.h"

#include <rill/board.h>
#include <rill/clock.h>
#include <rill/gather.h>
#include <rill/irq.h>
#include <rill/timeout.h>
#include <rill/uart.h>

#include <string.h>

RILL_TASK_POOL_DEFINE(job_memory, SHELL_JOBS, SHELL_STACK(640));
RILL_TASK_POOL_DEFINE(worker_memory, 3, SHELL_STACK(640));

rill_task_pool_t *const shell_workers = &worker_memory;

// ---- words

const char *error_name(int error)
{
    static const struct {
        int error;
        const char *name;
    } names[] = {
        { RILL_OK, "ok" },
        { RILL_EPERM, "not allowed here" },
        { RILL_ENOENT, "no such thing" },
        { RILL_EIO, "hardware error" },
        { RILL_ENOMEM, "pool exhausted" },
        { RILL_EBUSY, "busy" },
        { RILL_EINVAL, "what? (try: help)" },
        { RILL_ESTALE, "no such task" },
        { RILL_ETIMEDOUT, "timed out" },
        { RILL_ECANCELED, "cancelled" },
    };
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].error == error) {
            return names[i].name;
        }
    }
    return "failed";
}

// "2", "1.5" or "250ms"; RILL_NEVER if it is no duration.
static rill_time_t duration(const char *text)
{
    uint32_t scale = 1000000;
    uint32_t us = 0;
    for (; *text >= '0' && *text <= '9' && us < 1000; text++) {
        us = us * 10 + (uint32_t)(*text - '0');
    }
    if (strcmp(text, "ms") == 0) {
        return RILL_MS(us);
    }
    us *= scale;
    if (*text == '.') {
        for (text++; *text >= '0' && *text <= '9' && scale > 1; text++) {
            scale /= 10;
            us += (uint32_t)(*text - '0') * scale;
        }
    }
    return *text == '\0' || strcmp(text, "s") == 0 ? us : RILL_NEVER;
}

static rill_time_t duration_argument(int argc, char **argv, int at, rill_time_t missing)
{
    return argc > at ? duration(argv[at]) : missing;
}

static unsigned long ms(rill_time_t us)
{
    return (unsigned long)(us / 1000);
}

// ---- time

static int cmd_sleep(int argc, char **argv)
{
    rill_time_t us = duration_argument(argc, argv, 1, RILL_S(1));
    if (us == RILL_NEVER) {
        return RILL_EINVAL;
    }
    rill_time_t start = rill_clock_now();
    int error = rill_sleep_us(us);
    if (error == RILL_OK) {
        say("slept %lu ms\n", ms(rill_clock_now() - start));
    }
    return error;
}

static int cmd_uptime(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    unsigned long seconds = ms(rill_clock_now()) / 1000;
    say("%s, up %lu:%02lu:%02lu\n", rill_board_name, seconds / 3600, seconds / 60 % 60, seconds % 60);
    return RILL_OK;
}

// ---- gather: the documentation's example

struct factorial {
    char name;
    int number;
};

static int factorial(void *arg)
{
    const struct factorial *f = arg;
    int product = 1;
    for (int i = 2; i <= f->number; i++) {
        say("Task %c: Compute factorial(%d)...\n", f->name, i);
        int error = rill_sleep_ms(1000);
        if (error != RILL_OK) {
            return error;
        }
        product *= i;
    }
    say("Task %c: factorial(%d) = %d\n", f->name, f->number, product);
    return product;
}

// Spawns three tasks and waits for all of them; if this command is cancelled, so are they.
static int cmd_gather(int argc, char **argv)
{
    static struct factorial work[3] = { { 'A', 2 }, { 'B', 3 }, { 'C', 4 } };
    rill_awaitable_t results[3] = { 0 };
    rill_task_t tasks[3];
    int error = RILL_OK;
    (void)argc;
    (void)argv;
    for (unsigned i = 0; i < 3; i++) {
        error = rill_spawn(shell_workers, factorial, &work[i], &tasks[i]);
        if (error != RILL_OK) {
            return error;
        }
        results[i].future = rill_task_future(tasks[i]);
    }
    error = rill_gather(results, 3, 0);
    for (unsigned i = 0; i < 3; i++) {
        rill_detach(tasks[i]); // the results are in the array: give the memory back
    }
    if (error == RILL_OK) {
        say("[%d, %d, %d]\n", (int)results[0].value, (int)results[1].value, (int)results[2].value);
    }
    return error;
}

// ---- timeout: wait_for cancels what takes too long, and waits until it has cleaned up

static int slow(void *us)
{
    int error = rill_sleep_us(*(rill_time_t *)us);
    if (error == RILL_ECANCELED) {
        say("slow task: cancelled, cleaning up\n");
    }
    return error;
}

static int cmd_timeout(int argc, char **argv)
{
    rill_time_t limit = duration_argument(argc, argv, 1, RILL_S(1));
    rill_time_t work = duration_argument(argc, argv, 2, RILL_S(3));
    rill_task_t task;
    if (limit == RILL_NEVER || work == RILL_NEVER) {
        return RILL_EINVAL;
    }
    int error = rill_spawn_with(shell_workers, slow, &work, &(rill_spawn_options_t){ .name = "slow" }, &task);
    if (error != RILL_OK) {
        return error;
    }
    rill_time_t start = rill_clock_now();
    error = rill_wait_for(rill_task_future(task), limit, NULL);
    say("%s after %lu ms\n", error == RILL_OK ? "finished" : error_name(error), ms(rill_clock_now() - start));
    rill_detach(task);
    return error == RILL_ECANCELED ? error : RILL_OK;
}

// ---- jobs: tasks that go on while one types

static int sleeper(void *seconds)
{
    return rill_sleep_us(RILL_S((intptr_t)seconds));
}

// Counts the seconds; its result is the count.
static int counter(void *seconds)
{
    intptr_t n = 0;
    int error = RILL_OK;
    while (error == RILL_OK && n < (intptr_t)seconds) {
        error = rill_sleep_ms(1000);
        n++;
    }
    return error == RILL_OK ? (int)n : error;
}

static int failing(void *seconds)
{
    int error = sleeper(seconds);
    return error == RILL_OK ? RILL_EIO : error;
}

// Computes all the time and yields after every slice, so nothing else waits for it.
static int busy(void *seconds)
{
    rill_time_t end = rill_clock_now() + RILL_S((intptr_t)seconds);
    int error = RILL_OK;
    while (error == RILL_OK && rill_clock_now() < end) {
        error = rill_yield();
    }
    return error;
}

// Needs a second to clean up when it is cancelled: cancellation is a request, and cleaning up may wait.
static int tidy(void *seconds)
{
    int error = sleeper(seconds);
    if (error == RILL_ECANCELED) {
        rill_sleep_ms(1000);
        say("tidy: cleaned up\n");
    }
    return error;
}

static const struct job_kind {
    const char *name;
    rill_fn_t fn;
} kinds[] = {
    { "sleeper", sleeper }, { "counter", counter }, { "failing", failing }, { "busy", busy }, { "tidy", tidy },
};

static rill_task_t jobs[SHELL_JOBS];

static int job_argument(int argc, char **argv)
{
    int n = argc > 1 ? argv[1][0] - '1' : 0;
    return n >= 0 && n < SHELL_JOBS && (argc < 2 || argv[1][1] == '\0') ? n : RILL_EINVAL;
}

static const struct job_kind *find_kind(const char *name)
{
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

// A free number: never used, waited for, or done and cancelled, which leaves no result to wait for.
static int free_job(void)
{
    for (int i = 0; i < SHELL_JOBS; i++) {
        if (rill_task_future(jobs[i]) == NULL) {
            return i;
        }
        if (rill_task_state(jobs[i]) == RILL_CANCELLED) {
            rill_detach(jobs[i]);
            return i;
        }
    }
    return RILL_ENOMEM;
}

static int cmd_spawn(int argc, char **argv)
{
    const struct job_kind *kind = find_kind(argc > 1 ? argv[1] : "sleeper");
    rill_time_t us = duration_argument(argc, argv, 2, RILL_S(10));
    int n = free_job();
    if (kind == NULL || us == RILL_NEVER || n < 0) {
        return n < 0 ? n : RILL_EINVAL;
    }
    void *seconds = (void *)(intptr_t)(us / RILL_S(1));
    const rill_spawn_options_t options = { .name = kind->name };
    int error = rill_spawn_with(&job_memory, kind->fn, seconds, &options, &jobs[n]);
    if (error == RILL_OK) {
        say("job %d: %s\n", n + 1, kind->name);
    }
    return error;
}

static int cmd_cancel(int argc, char **argv)
{
    int n = job_argument(argc, argv);
    int asked = n < 0 ? n : rill_task_cancel(jobs[n]);
    if (asked >= 0) {
        say("job %d: %s\n", n + 1, asked ? "asked to stop" : "is done");
    }
    return asked < 0 ? asked : RILL_OK;
}

static int cmd_wait(int argc, char **argv)
{
    int n = job_argument(argc, argv);
    rill_value_t value = 0;
    if (n < 0 || rill_task_future(jobs[n]) == NULL) {
        return n < 0 ? n : RILL_ESTALE;
    }
    int error = rill_shield(rill_task_future(jobs[n]), &value); // Ctrl-C ends the waiting, not the job
    if (rill_task_state(jobs[n]) == RILL_PENDING) {
        return error;
    }
    rill_detach(jobs[n]);
    say("job %d: %s", n + 1, error == RILL_OK ? "result " : error_name(error));
    say(error == RILL_OK ? "%ld\n" : "\n", (long)value);
    return RILL_OK;
}

// ---- looking

static int cmd_tasks(int argc, char **argv)
{
    char buffer[16];
    (void)argc;
    (void)argv;
    say("%-10s %-10s %10s %6s\n", "name", "waits for", "ms run", "stack");
    rill_loop_t *loop = rill_loop_running();
    for (rill_task_t t = rill_task_next(loop, RILL_NO_TASK); t.tcb != NULL; t = rill_task_next(loop, t)) {
        rill_task_info_t info;
        if (rill_task_info(t, &info) == RILL_OK) {
            say("%-10s %-10s %6lu.%03lu %6lu of %lu\n", rill_task_name(t, buffer), info.waiting, ms(info.run_time),
                (unsigned long)(info.run_time % 1000), (unsigned long)info.stack_used, (unsigned long)info.stack_size);
        }
    }
    return RILL_OK;
}

static void report_pool(const char *name, const rill_pool_t *pool)
{
    unsigned count = (unsigned)rill_pool_count(pool);
    say("%-10s %6u %6u %6u %6u %8lu\n", name, (unsigned)rill_pool_used(pool), (unsigned)rill_pool_high_water(pool),
        count, (unsigned)rill_pool_failed(pool), (unsigned long)(pool->size * count));
}

static int cmd_mem(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    say("%-10s %6s %6s %6s %6s %8s\n", "pool", "used", "high", "of", "failed", "bytes");
    report_pool("jobs", &job_memory.tcbs);
    report_pool(" stacks", &job_memory.stacks);
    report_pool("workers", &worker_memory.tcbs);
    report_pool(" stacks", &worker_memory.stacks);
    return RILL_OK;
}

static int cmd_irq(int argc, char **argv)
{
    rill_uart_stats_t uart;
    (void)argc;
    (void)argv;
    rill_uart_stats(&rill_board_uart, &uart);
    say("%lu interrupts, %lu of them nobody's\n", (unsigned long)rill_irq_taken, (unsigned long)rill_irq_spurious);
    say("uart: %lu bytes in, %lu out, %lu lost; rings filled to %lu and %lu\n", (unsigned long)uart.rx_bytes,
        (unsigned long)uart.tx_bytes, (unsigned long)uart.overruns, (unsigned long)uart.rx_high,
        (unsigned long)uart.tx_high);
    return RILL_OK;
}

// No tick: in two quiet seconds what wakes the processor is the deadlines of the tasks in the background.
static int cmd_wakeups(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    console_flush();
    uint32_t before = rill_loop_wakeups;
    int error = rill_sleep_ms(2000);
    if (error == RILL_OK) {
        unsigned long count = rill_loop_wakeups - before;
        say("%lu wake-ups in 2 s, for 8 readings, 2 heartbeats and this command\n", count);
        say("%lu since reset, and %lu for a counter too short to reach the deadline\n",
            (unsigned long)rill_loop_wakeups, (unsigned long)rill_clock_extra_wakeups);
    }
    return error;
}

static int cmd_background(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    background_report();
    return RILL_OK;
}

static int cmd_watch(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    heartbeat_loud = !heartbeat_loud;
    say("the heartbeat is %s\n", heartbeat_loud ? "loud" : "silent");
    return RILL_OK;
}

// ---- the shell itself

static int cmd_history(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    console_history();
    return RILL_OK;
}

static int cmd_exit(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    shell_exiting = true;
    return RILL_OK;
}

static int cmd_help(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (unsigned i = 0; i < shell_command_count; i++) {
        say("%-10s %s\n", shell_commands[i].name, shell_commands[i].usage);
    }
    say("Ctrl-C cancels the command that runs. Times: 2, 1.5, 250ms.\n");
    return RILL_OK;
}

const shell_command_t shell_commands[] = {
    { "help", "this list", cmd_help },
    { "tasks", "every task: what it waits for, its run time, the most stack it used", cmd_tasks },
    { "gather", "three tasks at once: the factorials of asyncio's documentation", cmd_gather },
    { "sleep", "[time]: sleeps", cmd_sleep },
    { "timeout", "[limit] [time]: work of that duration under a limit", cmd_timeout },
    { "spawn", "[sleeper|counter|failing|busy|tidy] [time]: starts a job", cmd_spawn },
    { "cancel", "[job]: asks it to stop", cmd_cancel },
    { "wait", "[job]: waits for it and shows its result", cmd_wait },
    { "background", "what the tasks behind the console have done", cmd_background },
    { "watch", "heartbeats on the screen, or not", cmd_watch },
    { "mem", "pools", cmd_mem },
    { "irq", "interrupts and the console's rings", cmd_irq },
    { "uptime", "time since reset", cmd_uptime },
    { "wakeups", "counts what wakes the processor during two seconds", cmd_wakeups },
    { "bench", "what the operations cost here", bench_run },
    { "crash", "[stack|pointer|illegal|panic]: how a fault is reported; ends the program", crash_run },
    { "history", "lines typed before; the arrow keys bring them back", cmd_history },
    { "exit", "cancels all tasks, waits for them, ends the program", cmd_exit },
};
const unsigned shell_command_count = sizeof shell_commands / sizeof *shell_commands;

static int split(char *line, char **argv, int limit)
{
    int argc = 0;
    while (argc < limit) {
        while (*line == ' ') {
            *line++ = '\0';
        }
        if (*line == '\0') {
            break;
        }
        argv[argc++] = line;
        while (*line != ' ' && *line != '\0') {
            line++;
        }
    }
    return argc;
}

int command_run(char *line)
{
    char *argv[4];
    int argc = split(line, argv, 4);
    for (unsigned i = 0; argc > 0 && i < shell_command_count; i++) {
        if (strcmp(shell_commands[i].name, argv[0]) == 0) {
            return shell_commands[i].run(argc, argv);
        }
    }
    return argc == 0 ? RILL_OK : RILL_EINVAL;
}
