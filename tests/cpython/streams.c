// CPython 3.13 test_streams.py, the tests of StreamReader: a rill_pipe_t. `feed_data` is rill_pipe_write_nowait,
// `limit` the size of the caller's buffer, less the separator.
// rill-test: min-ram=16 | boards=host,mps2-an385,virt-rv32
#include <rill/gather.h>
#include <rill/pipe.h>

#include "misc.h"

#define DATA "line1\nline2\nline3\n"
#define LENGTH 18

static uint8_t ring[64];
static rill_pipe_t stream;
static char buffer[64];
static size_t got;

static void new_stream(void)
{
    CHECK_EQ(rill_pipe_init(&stream, ring, sizeof ring), 0);
    memset(buffer, '?', sizeof buffer);
}

static void play_stream(rill_fn_t main_fn)
{
    new_stream();
    play(main_fn);
}

static void feed(const char *text)
{
    CHECK_EQ(rill_pipe_write_nowait(&stream, text, strlen(text)), strlen(text));
}

// The result of a read is `text`, with `left` still in the stream.
static void check_read(int line, int result, const char *text, const char *left)
{
    char rest[64];
    size_t length = strlen(text);
    test_check_eq(result, (int)length, __FILE__, line, "bytes read");
    test_check(memcmp(buffer, text, length) == 0, __FILE__, line, "the bytes that were read");
    test_check_eq((int)rill_pipe_available(&stream), (int)strlen(left), __FILE__, line, "bytes left");
    if (*left != '\0') { // looked at, and put back
        rill_pipe_read_nowait(&stream, rest, strlen(left));
        test_check(memcmp(rest, left, strlen(left)) == 0, __FILE__, line, "the bytes left");
        feed(left);
    }
}

#define CHECK_READ(result, text, left) check_read(__LINE__, (result), (text), (left))

static int read_n(size_t n)
{
    return rill_pipe_read(&stream, buffer, n);
}

static int readexactly(size_t n)
{
    return rill_pipe_readexactly(&stream, buffer, n, &got);
}

static int readuntil(const char *separator)
{
    return rill_pipe_readuntil(&stream, separator, strlen(separator), buffer, sizeof buffer, &got);
}

static int readuntil_any(const char *first, const char *second, size_t n)
{
    const rill_separator_t any[] = { { first, strlen(first) }, { second, strlen(second) } };
    return rill_pipe_readuntil_any(&stream, any, 2, buffer, n, &got);
}

static int readline(void)
{
    return rill_pipe_readline(&stream, buffer, sizeof buffer);
}

static int readline_limit(size_t limit)
{
    return rill_pipe_readline(&stream, buffer, limit + 1);
}

// ---- tasks and callbacks

static int read_task(void *n)
{
    return read_n((size_t)INT(n));
}

static int readexactly_task(void *n)
{
    return readexactly((size_t)INT(n));
}

static int readuntil_task(void *separator)
{
    return readuntil(separator);
}

static int readline_task(void *arg)
{
    (void)arg;
    return readline();
}

static const char eof[] = "";

// A list of chunks that ends with eof or NULL.
static int feed_all(void *list)
{
    const char *const *chunk = list;
    while (*chunk != NULL && *chunk != eof) { // bound: the list
        feed(*chunk++);
    }
    if (*chunk == eof) {
        rill_pipe_feed_eof(&stream);
    }
    return 0;
}

#define FEED_SOON(...) soon(feed_all, (void *)(uintptr_t)(const char *const[]){ __VA_ARGS__ })

static int finish(rill_task_t task)
{
    rill_value_t value = 0;
    int code = rill_join(task, &value);
    return code < 0 ? code : (int)value;
}

// ---- read

TEST(test_feed_empty_data)
{
    new_stream();
    CHECK_EQ(rill_pipe_write_nowait(&stream, "", 0), 0);
    CHECK_EQ(rill_pipe_available(&stream), 0);
}

TEST(test_feed_nonempty_data)
{
    new_stream();
    feed(DATA);
    CHECK_EQ(rill_pipe_available(&stream), LENGTH);
}

static int test_read_zero_main(void *arg)
{
    (void)arg;
    feed(DATA);
    CHECK_READ(read_n(0), "", DATA);
    return 0;
}

TEST(test_read_zero)
{
    play_stream(test_read_zero_main);
}

static int test_read_main(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(read_task, PTR(30));
    FEED_SOON(DATA, NULL);
    CHECK_READ(finish(task), DATA, "");
    return 0;
}

TEST(test_read)
{
    play_stream(test_read_main);
}

static int test_read_line_breaks_main(void *arg)
{
    (void)arg;
    feed("line1");
    feed("line2");
    CHECK_READ(read_n(5), "line1", "line2");
    return 0;
}

TEST(test_read_line_breaks)
{
    play_stream(test_read_line_breaks_main);
}

static int test_read_eof_main(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(read_task, PTR(sizeof buffer));
    FEED_SOON(eof);
    CHECK_READ(finish(task), "", "");
    return 0;
}

TEST(test_read_eof)
{
    play_stream(test_read_eof_main);
}

// read(-1) is readexactly of more than can come.
static int test_read_until_eof_main(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(readexactly_task, PTR(sizeof buffer));
    FEED_SOON("chunk1\n", "chunk2", eof);
    CHECK_EQ(finish(task), RILL_ENODATA);
    CHECK_READ((int)got, "chunk1\nchunk2", "");
    return 0;
}

TEST(test_read_until_eof)
{
    play_stream(test_read_until_eof_main);
}

static int test_read_exception_main(void *arg)
{
    (void)arg;
    feed("line\n");
    CHECK_READ(read_n(2), "li", "ne\n");
    rill_pipe_set_exception(&stream, E(1));
    CHECK_EQ(read_n(2), E(1));
    return 0;
}

TEST(test_read_exception)
{
    play_stream(test_read_exception_main);
}

TEST(test_invalid_limit)
{
    CHECK_EQ(rill_pipe_init(&stream, ring, 0), RILL_EINVAL);
    CHECK_EQ(rill_pipe_init(&stream, ring, (size_t)-1), RILL_EINVAL);
}

static int test_read_limit_main(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_pipe_init(&stream, ring, 5), 0);
    feed("chunk");
    CHECK_READ(read_n(5), "chunk", "");
    return 0;
}

TEST(test_read_limit)
{
    play_stream(test_read_limit_main);
}

// ---- readline

static int test_readline_main(void *arg)
{
    (void)arg;
    feed("chunk1 ");
    rill_task_t task = spawn(readline_task, NULL);
    FEED_SOON("chunk2 ", "chunk3 ", "\n chunk4", NULL);
    CHECK_READ(finish(task), "chunk1 chunk2 chunk3 \n", " chunk4");
    return 0;
}

TEST(test_readline)
{
    play_stream(test_readline_main);
}

// What is too long stays in the ring; asyncio drops it.
static int test_readline_limit_with_existing_data_main(void *arg)
{
    (void)arg;
    feed("li");
    feed("ne1\nline2\n");
    CHECK_EQ(readline_limit(3), RILL_EOVERFLOW);
    CHECK_READ(readline(), "line1\n", "line2\n");
    new_stream();
    feed("li");
    feed("ne1");
    feed("li");
    CHECK_EQ(readline_limit(3), RILL_EOVERFLOW);
    CHECK_READ(read_n(sizeof buffer), "line1li", "");
    return 0;
}

TEST(test_readline_limit_with_existing_data)
{
    play_stream(test_readline_limit_with_existing_data_main);
}

static int test_at_eof_main(void *arg)
{
    (void)arg;
    CHECK(!rill_pipe_at_eof(&stream));
    feed("some data\n");
    CHECK(!rill_pipe_at_eof(&stream));
    CHECK_EQ(readline(), 10);
    CHECK(!rill_pipe_at_eof(&stream));
    feed("some data\n");
    rill_pipe_feed_eof(&stream);
    CHECK_EQ(readline(), 10);
    CHECK(rill_pipe_at_eof(&stream));
    return 0;
}

TEST(test_at_eof)
{
    play_stream(test_at_eof_main);
}

static void readline_limit_fed(const char *second)
{
    new_stream();
    FEED_SOON("chunk1", second, "chunk3\n", eof);
    CHECK_EQ(readline_limit(7), RILL_EOVERFLOW);
}

static int test_readline_limit_main(void *arg)
{
    (void)arg;
    readline_limit_fed("chunk2");
    CHECK_READ(readline(), "chunk1chunk2chunk3\n", "");
    readline_limit_fed("chunk2\n");
    CHECK_EQ(readline(), 13);
    CHECK_EQ(rill_pipe_available(&stream), 7);
    new_stream();
    feed("1234567\n");
    CHECK_READ(readline_limit(7), "1234567\n", "");
    feed("12345678\n");
    CHECK_EQ(readline_limit(7), RILL_EOVERFLOW);
    CHECK_READ(readline(), "12345678\n", "");
    feed("12345678");
    CHECK_EQ(readline_limit(7), RILL_EOVERFLOW);
    CHECK_READ(read_n(sizeof buffer), "12345678", "");
    return 0;
}

TEST(test_readline_limit)
{
    play_stream(test_readline_limit_main);
}

static int test_readline_nolimit_nowait_main(void *arg)
{
    (void)arg;
    feed("line1\n");
    feed("line2\nline3\n");
    CHECK_READ(readline(), "line1\n", "line2\nline3\n");
    return 0;
}

TEST(test_readline_nolimit_nowait)
{
    play_stream(test_readline_nolimit_nowait_main);
}

static int test_readline_eof_main(void *arg)
{
    (void)arg;
    feed("some data");
    rill_pipe_feed_eof(&stream);
    CHECK_READ(readline(), "some data", "");
    return 0;
}

TEST(test_readline_eof)
{
    play_stream(test_readline_eof_main);
}

static int test_readline_empty_eof_main(void *arg)
{
    (void)arg;
    rill_pipe_feed_eof(&stream);
    CHECK_READ(readline(), "", "");
    return 0;
}

TEST(test_readline_empty_eof)
{
    play_stream(test_readline_empty_eof_main);
}

static int test_readline_read_byte_count_main(void *arg)
{
    (void)arg;
    feed(DATA);
    CHECK_EQ(readline(), 6);
    CHECK_READ(read_n(7), "line2\nl", "ine3\n");
    return 0;
}

TEST(test_readline_read_byte_count)
{
    play_stream(test_readline_read_byte_count_main);
}

static int test_readline_exception_main(void *arg)
{
    (void)arg;
    feed("line\n");
    CHECK_READ(readline(), "line\n", "");
    rill_pipe_set_exception(&stream, E(1));
    CHECK_EQ(readline(), E(1));
    CHECK_EQ(rill_pipe_available(&stream), 0);
    return 0;
}

TEST(test_readline_exception)
{
    play_stream(test_readline_exception_main);
}

// ---- readuntil

static int test_readuntil_separator_main(void *arg)
{
    (void)arg;
    CHECK_EQ(readuntil(""), RILL_EINVAL);
    CHECK_EQ(rill_pipe_readuntil(&stream, NULL, 1, buffer, sizeof buffer, &got), RILL_EINVAL);
    return 0;
}

TEST(test_readuntil_separator)
{
    play_stream(test_readuntil_separator_main);
}

static int test_readuntil_multi_chunks_main(void *arg)
{
    (void)arg;
    feed("lineAAA");
    CHECK_READ(readuntil("AAA"), "lineAAA", "");
    feed("lineAAA");
    CHECK_READ(readuntil("AAA"), "lineAAA", "");
    feed("lineAAAxxx");
    CHECK_READ(readuntil("AAA"), "lineAAA", "xxx");
    return 0;
}

TEST(test_readuntil_multi_chunks)
{
    play_stream(test_readuntil_multi_chunks_main);
}

static int test_readuntil_multi_chunks_1_main(void *arg)
{
    (void)arg;
    feed("QWEaa");
    feed("XYaa");
    feed("a");
    CHECK_READ(readuntil("aaa"), "QWEaaXYaaa", "");
    feed("QWEaa");
    feed("XYa");
    feed("aa");
    CHECK_READ(readuntil("aaa"), "QWEaaXYaaa", "");
    feed("aaa");
    CHECK_READ(readuntil("aaa"), "aaa", "");
    feed("Xaaa");
    CHECK_READ(readuntil("aaa"), "Xaaa", "");
    rill_task_t task = spawn(readuntil_task, "aaa");
    FEED_SOON("XXX", "a", "a", "a", NULL);
    CHECK_READ(finish(task), "XXXaaa", "");
    return 0;
}

TEST(test_readuntil_multi_chunks_1)
{
    play_stream(test_readuntil_multi_chunks_1_main);
}

static int test_readuntil_eof_main(void *arg)
{
    (void)arg;
    feed("some dataAA");
    rill_pipe_feed_eof(&stream);
    CHECK_EQ(readuntil("AAA"), RILL_ENODATA);
    CHECK_READ((int)got, "some dataAA", "");
    return 0;
}

TEST(test_readuntil_eof)
{
    play_stream(test_readuntil_eof_main);
}

static int test_readuntil_limit_found_sep_main(void *arg)
{
    (void)arg;
    feed("some dataAA");
    CHECK_EQ(rill_pipe_readuntil(&stream, "AAA", 3, buffer, 6, &got), RILL_EOVERFLOW);
    CHECK_EQ(rill_pipe_available(&stream), 11);
    feed("A");
    CHECK_EQ(rill_pipe_readuntil(&stream, "AAA", 3, buffer, 6, &got), RILL_EOVERFLOW);
    CHECK_EQ(got, 0);
    CHECK_READ(readuntil("AAA"), "some dataAAA", "");
    return 0;
}

TEST(test_readuntil_limit_found_sep)
{
    play_stream(test_readuntil_limit_found_sep_main);
}

static int test_readuntil_multi_separator_main(void *arg)
{
    (void)arg;
    feed("line 1\nline 2\r");
    CHECK_READ(readuntil_any("\r", "\n", sizeof buffer), "line 1\n", "line 2\r");
    CHECK_READ(readuntil_any("\r", "\n", sizeof buffer), "line 2\r", "");
    feed("ABCDEFG"); // the first end counts, even of a longer one
    CHECK_READ(readuntil_any("DEF", "BCDE", sizeof buffer), "ABCDE", "FG");
    CHECK_EQ(readuntil_any("G", "", sizeof buffer), RILL_EINVAL);
    CHECK_EQ(rill_pipe_readuntil_any(&stream, NULL, 1, buffer, 1, &got), RILL_EINVAL);
    const rill_separator_t none = { NULL, 1 };
    CHECK_EQ(rill_pipe_readuntil_any(&stream, &none, 0, buffer, 1, &got), RILL_EINVAL);
    CHECK_EQ(rill_pipe_readuntil_any(&stream, &none, 1, buffer, 1, &got), RILL_EINVAL);
    return 0;
}

TEST(test_readuntil_multi_separator)
{
    play_stream(test_readuntil_multi_separator_main);
}

static int test_readuntil_multi_separator_limit_main(void *arg)
{
    (void)arg;
    feed("some dataA");
    CHECK_EQ(readuntil_any("A", "ome dataA", 4), RILL_EOVERFLOW);
    CHECK_READ(readuntil_any("A", "ome dataA", sizeof buffer), "some dataA", "");
    return 0;
}

TEST(test_readuntil_multi_separator_limit)
{
    play_stream(test_readuntil_multi_separator_limit_main);
}

static int read_to_either(void *arg)
{
    (void)arg;
    return readuntil_any("A", "long sep", sizeof buffer);
}

static int test_readuntil_multi_separator_negative_offset_main(void *arg)
{
    (void)arg;
    feed("data");
    rill_task_t task = spawn(read_to_either, NULL);
    FEED_SOON("Z", NULL);
    rill_yield();
    rill_yield();
    CHECK(!done(task));
    FEED_SOON("Aaaa", NULL);
    CHECK_READ(finish(task), "dataZA", "aaa");
    return 0;
}

TEST(test_readuntil_multi_separator_negative_offset)
{
    play_stream(test_readuntil_multi_separator_negative_offset_main);
}

static int test_readuntil_bytearray_main(void *arg)
{
    const uint8_t separator[] = { '\r', '\n' };
    (void)arg;
    feed("some data\r\n");
    int result = rill_pipe_readuntil(&stream, separator, sizeof separator, buffer, sizeof buffer, NULL);
    CHECK_READ(result, "some data\r\n", "");
    return 0;
}

TEST(test_readuntil_bytearray)
{
    play_stream(test_readuntil_bytearray_main);
}

// ---- readexactly

static int test_readexactly_zero_or_less_main(void *arg)
{
    (void)arg;
    feed(DATA);
    CHECK_READ(readexactly(0), "", DATA);
    CHECK_EQ(readexactly((size_t)-1), RILL_EINVAL);
    CHECK_EQ(rill_pipe_available(&stream), LENGTH);
    return 0;
}

TEST(test_readexactly_zero_or_less)
{
    play_stream(test_readexactly_zero_or_less_main);
}

static int test_readexactly_main(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(readexactly_task, PTR(2 * LENGTH));
    FEED_SOON(DATA, DATA, DATA, NULL);
    CHECK_READ(finish(task), DATA DATA, DATA);
    return 0;
}

TEST(test_readexactly)
{
    play_stream(test_readexactly_main);
}

// More than the ring holds.
static int test_readexactly_limit_main(void *arg)
{
    (void)arg;
    CHECK_EQ(rill_pipe_init(&stream, ring, 3), 0);
    rill_task_t task = spawn(readexactly_task, PTR(5));
    CHECK_EQ(rill_pipe_write(&stream, "chunk", 5, NULL), 5);
    CHECK_READ(finish(task), "chunk", "");
    return 0;
}

TEST(test_readexactly_limit)
{
    play_stream(test_readexactly_limit_main);
}

static int test_readexactly_eof_main(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(readexactly_task, PTR(2 * LENGTH));
    FEED_SOON(DATA, eof);
    CHECK_EQ(finish(task), RILL_ENODATA);
    CHECK_READ((int)got, DATA, "");
    return 0;
}

TEST(test_readexactly_eof)
{
    play_stream(test_readexactly_eof_main);
}

static int test_readexactly_exception_main(void *arg)
{
    (void)arg;
    feed("line\n");
    CHECK_READ(readexactly(2), "li", "ne\n");
    rill_pipe_set_exception(&stream, E(1));
    CHECK_EQ(readexactly(2), E(1));
    return 0;
}

TEST(test_readexactly_exception)
{
    play_stream(test_readexactly_exception_main);
}

// ---- exceptions

TEST(test_exception)
{
    new_stream();
    CHECK_EQ(rill_pipe_exception(&stream), 0);
    CHECK_EQ(rill_pipe_set_exception(&stream, E(1)), 0);
    CHECK_EQ(rill_pipe_exception(&stream), E(1));
}

static int set_err(void *arg)
{
    (void)arg;
    return rill_pipe_set_exception(&stream, E(1));
}

static int test_exception_waiter_main(void *arg)
{
    (void)arg;
    rill_task_t t1 = spawn(readline_task, NULL);
    rill_task_t t2 = spawn(set_err, NULL);
    rill_awaitable_t both[2] = { { .future = rill_task_future(t1) }, { .future = rill_task_future(t2) } };
    CHECK_EQ(rill_wait(both, 2, RILL_ALL_COMPLETED, RILL_NEVER), 2);
    CHECK_EQ(result_of(t1), E(1));
    return 0;
}

TEST(test_exception_waiter)
{
    play_stream(test_exception_waiter_main);
}

static int test_exception_cancel_main(void *arg)
{
    (void)arg;
    rill_task_t t = spawn(readline_task, NULL);
    rill_yield();
    rill_task_cancel(t);
    rill_yield();
    CHECK_EQ(rill_pipe_set_exception(&stream, E(1)), 0);
    rill_yield();
    CHECK(stream.reader == NULL);
    CHECK(cancelled(t));
    return 0;
}

TEST(test_exception_cancel)
{
    play_stream(test_exception_cancel_main);
}

TEST_MAIN("cpython_streams",
    TEST_CASE(test_feed_empty_data),
    TEST_CASE(test_feed_nonempty_data),
    TEST_CASE(test_read_zero),
    TEST_CASE(test_read),
    TEST_CASE(test_read_line_breaks),
    TEST_CASE(test_read_eof),
    TEST_CASE(test_read_until_eof),
    TEST_CASE(test_read_exception),
    TEST_CASE(test_invalid_limit),
    TEST_CASE(test_read_limit),
    TEST_CASE(test_readline),
    TEST_CASE(test_readline_limit_with_existing_data),
    TEST_CASE(test_at_eof),
    TEST_CASE(test_readline_limit),
    TEST_CASE(test_readline_nolimit_nowait),
    TEST_CASE(test_readline_eof),
    TEST_CASE(test_readline_empty_eof),
    TEST_CASE(test_readline_read_byte_count),
    TEST_CASE(test_readline_exception),
    TEST_CASE(test_readuntil_separator),
    TEST_CASE(test_readuntil_multi_chunks),
    TEST_CASE(test_readuntil_multi_chunks_1),
    TEST_CASE(test_readuntil_eof),
    TEST_CASE(test_readuntil_limit_found_sep),
    TEST_CASE(test_readuntil_multi_separator),
    TEST_CASE(test_readuntil_multi_separator_limit),
    TEST_CASE(test_readuntil_multi_separator_negative_offset),
    TEST_CASE(test_readuntil_bytearray),
    TEST_CASE(test_readexactly_zero_or_less),
    TEST_CASE(test_readexactly),
    TEST_CASE(test_readexactly_limit),
    TEST_CASE(test_readexactly_eof),
    TEST_CASE(test_readexactly_exception),
    TEST_CASE(test_exception),
    TEST_CASE(test_exception_waiter),
    TEST_CASE(test_exception_cancel))
