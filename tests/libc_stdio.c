// rill-test: not=host | min-ram=16
// The C library's own streams, its allocator over the application's heap, and what assert() reports to.
#include "test.h"

#include <rill/libc.h>
#include <rill/task.h>
#include <rill/uart.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

RILL_HEAP_DEFINE(2048 * sizeof(void *) / 4);
RILL_TASK_POOL_DEFINE(tasks, 3, 1024 * sizeof(void *) / 4);

static char captured[200];
static size_t captured_length;
static rill_uart_t real_port;

static void capture(rill_uart_t *uart, char c)
{
    (void)uart;
    if (captured_length < sizeof captured - 1) {
        captured[captured_length++] = c;
        captured[captured_length] = '\0';
    }
}

static const rill_uart_ops_t capture_ops = { .putc = capture };

static void begin(void)
{
    real_port = rill_board_uart;
    rill_board_uart.ops = &capture_ops;
    rill_board_uart.buffers = NULL;
    captured_length = 0;
    captured[0] = '\0';
}

static void end(void)
{
    rill_board_uart = real_port;
}

TEST(streams)
{
    begin();
    fputs("one ", stdout);
    fprintf(stdout, "%d ", 2);
    fputs("three\n", stdout);
    fflush(stdout);
    fprintf(stderr, "%s\n", "four");
    putchar('5');
    fflush(stdout);
    end();
    CHECK(strcmp(captured, "one 2 three\nfour\n5") == 0);
}

// picolibc's putchar is a macro that writes to the stream; the compiler turns printf("\n") into the function putchar.
TEST(characters_and_texts_in_order)
{
    begin();
    putchar('a');
    printf("b%d", 1);
    putchar('c');
    printf("\n");
    (putchar)('d');
    putchar('e');
    puts("f");
    end();
    CHECK(strcmp(captured, "ab1c\ndef\n") == 0);
}

static int writer(void *name)
{
    for (int i = 0; i < 3; i++) {
        fputs(name, stdout);
        fputs(" line\n", stdout);
        rill_yield();
    }
    return RILL_OK;
}

static int two_writers(void *arg)
{
    rill_task_t a, b;
    (void)arg;
    rill_spawn(&tasks, writer, "a", &a);
    rill_spawn(&tasks, writer, "b", &b);
    rill_join(a, NULL);
    return rill_join(b, NULL);
}

TEST(streams_from_tasks)
{
    begin();
    int error = rill_run(&tasks, two_writers, NULL, NULL);
    end();
    CHECK_EQ(error, 0);
    CHECK(strcmp(captured, "a line\nb line\na line\nb line\na line\nb line\n") == 0);
}

TEST(allocator)
{
    unsigned char *a = malloc(200);
    unsigned char *b = malloc(200);
    CHECK(a >= rill_heap_low && a + 200 <= rill_heap_high);
    CHECK(b >= rill_heap_low && b + 200 <= rill_heap_high);
    CHECK(a != NULL && b != NULL && (a >= b + 200 || b >= a + 200));
    free(a);
    free(b);
}

// Grows and shrinks its blocks while others do the same; nobody writes into another's.
static int allocates(void *name)
{
    unsigned char *block = NULL;
    for (size_t n = 8; n <= 64; n += 8) {
        unsigned char *bigger = realloc(block, n);
        CHECK(bigger != NULL && bigger >= rill_heap_low && bigger + n <= rill_heap_high);
        if (bigger == NULL) {
            break;
        }
        block = bigger;
        memset(block, *(char *)name, n);
        rill_yield();
        for (size_t i = 0; i < n; i++) {
            CHECK_EQ(block[i], *(char *)name);
        }
    }
    free(block);
    return RILL_OK;
}

static int many_allocate(void *arg)
{
    rill_task_t a, b;
    (void)arg;
    for (int i = 0; i < 20; i++) {
        rill_spawn(&tasks, allocates, "a", &a);
        rill_spawn(&tasks, allocates, "b", &b);
        rill_join(a, NULL);
        rill_join(b, NULL);
    }
    return RILL_OK;
}

TEST(allocators_from_tasks)
{
    CHECK_EQ(rill_run(&tasks, many_allocate, NULL, NULL), 0);
    void *block = malloc(256); // all of it came back
    CHECK(block != NULL);
    free(block);
}

static volatile size_t much = 100000;

TEST(heap_exhausted)
{
    errno = 0;
    CHECK(malloc(much) == NULL);
    CHECK_EQ(errno, ENOMEM);
    errno = 0;
}

// No port that is started: nothing can be read, and nothing waits.
TEST(no_input)
{
    CHECK_EQ(getchar(), EOF);
    clearerr(stdin);
}

TEST_MAIN("libc_stdio", TEST_CASE(streams), TEST_CASE(characters_and_texts_in_order), TEST_CASE(streams_from_tasks),
          TEST_CASE(allocator),
          TEST_CASE(allocators_from_tasks), TEST_CASE(heap_exhausted), TEST_CASE(no_input))
