// rill-test: min-ram=16
// Pipes: StreamReader's rules over a ring, from tasks and from interrupts, with no byte lost to a cancellation.
#include <limits.h>

#include <rill/pipe.h>

#include "beyond.h"

enum { SIZE = 8 };

RILL_PIPE_DEFINE(defined, 3);
static uint8_t ring[SIZE];
static rill_pipe_t stream;

static int run_fresh(rill_fn_t fn)
{
    CHECK_EQ(rill_pipe_init(&stream, ring, SIZE), 0);
    int error = run(fn);
    CHECK(stream.reader == NULL && stream.writer == NULL && stream.drainers == NULL);
    CHECK(!rill_lock_locked(&stream.lock) && stream.want == 0);
    return error;
}

static void feed(const char *text)
{
    CHECK_EQ(rill_pipe_write_nowait(&stream, text, strlen(text)), (int)strlen(text));
}

static void isr_feed(void *text)
{
    int n = rill_pipe_feed_threadsafe(&stream, text, strlen(text));
    test_check_eq(n, (long long)strlen(text), __FILE__, __LINE__, "fed");
}

static void feed_at(uint32_t ms, const char *text)
{
    isr_at(ms, isr_feed, (void *)(uintptr_t)text);
}

static void isr_eof(void *pipe)
{
    rill_pipe_feed_eof_threadsafe(pipe);
}

static void isr_error(void *pipe)
{
    rill_pipe_set_exception_threadsafe(pipe, RILL_EIO);
}

// "6": readexactly(6); "<3": read(3); "|ab": readuntil("ab"); "$": readline. Reports result, partial count and bytes.
static int read_as(const char *how)
{
    char text[24];
    size_t got = 0;
    int result;
    memset(text, 0, sizeof text);
    if (how[0] == '<') {
        result = rill_pipe_read(&stream, text, (size_t)(how[1] - '0'));
    } else if (how[0] == '|') {
        result = rill_pipe_readuntil(&stream, how + 1, strlen(how + 1), text, 9, &got);
    } else if (how[0] == '$') {
        result = rill_pipe_readline(&stream, text, 9);
    } else {
        result = rill_pipe_readexactly(&stream, text, (size_t)(how[0] - '0'), &got);
    }
    for (char *c = text; *c != '\0'; c++) {
        *c = *c == '\n' ? '/' : *c;
    }
    ev("%s %d %d '%s'", how, result, (int)got, text);
    return result;
}

static int reader(void *how)
{
    return read_as(how);
}

// "+abc": writes abc. Reports the result and how many bytes were accepted.
static int writer(void *text)
{
    size_t accepted = 99;
    int result = rill_pipe_write(&stream, (char *)text + 1, strlen(text) - 1, &accepted);
    ev("%s %d %d", (char *)text, result, (int)accepted);
    return result;
}

static int drainer(void *name)
{
    int result = rill_pipe_drain(&stream);
    ev("%s %d", (char *)name, result);
    return result;
}

static void join_all(rill_task_t *tasks, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        rill_join(tasks[i], NULL);
    }
}

// ---- reading

static int reads(void *arg)
{
    (void)arg;
    feed("abcdef");
    read_as("<4");
    read_as("<4");
    feed_at(1, "x");
    read_as("<4");
    feed_at(2, "12");
    feed_at(3, "345");
    read_as("4");
    feed("6a");
    feed_at(4, "bc");
    read_as("|ab");
    feed("end");
    rill_pipe_feed_eof(&stream);
    CHECK(!rill_pipe_at_eof(&stream));
    read_as("<9");
    CHECK(rill_pipe_at_eof(&stream));
    read_as("<9");
    read_as("1");
    return read_as("0");
}

TEST(static_initialiser)
{
    static uint8_t bytes[3];
    static rill_pipe_t made = RILL_PIPE_INIT(bytes, sizeof bytes);
    char out[4] = "";
    CHECK_EQ(rill_pipe_read_nowait(&made, out, 4), RILL_EAGAIN);
    CHECK_EQ(rill_pipe_write_nowait(&made, "abcd", 4), 3);
    CHECK_EQ(rill_pipe_available(&made), 3);
    CHECK_EQ(rill_pipe_read_nowait(&made, out, 4), 3);
    CHECK(memcmp(out, "abc", 4) == 0);
}

// ---- who watches it

static int told;

static void tell(rill_notify_t *notify)
{
    (void)notify;
    told++;
}

TEST(watcher_is_told)
{
    rill_notify_t watcher = { tell }, other = { tell };
    char out[SIZE];
    told = 0;
    CHECK_EQ(rill_pipe_init(&stream, ring, SIZE), 0);
    CHECK_EQ(rill_pipe_room(&stream), SIZE);
    CHECK_EQ(rill_pipe_notify(NULL, &watcher), RILL_EINVAL);
    CHECK_EQ(rill_pipe_notify(&stream, &watcher), 0);
    CHECK_EQ(rill_pipe_notify(&stream, &watcher), 0);
    CHECK_EQ(rill_pipe_notify(&stream, &other), RILL_EBUSY);
    feed("abc"); // may be readable
    CHECK(told == 1 && rill_pipe_room(&stream) == SIZE - 3);
    isr_now(isr_feed, "de");
    CHECK(told == 2 && rill_pipe_room(&stream) == SIZE - 5);
    CHECK_EQ(rill_pipe_read_nowait(&stream, out, 4), 4); // has room
    CHECK_EQ(told, 3);
    rill_pipe_feed_eof(&stream);
    CHECK_EQ(told, 4);
    CHECK_EQ(rill_pipe_notify(&stream, NULL), 0);
    CHECK_EQ(rill_pipe_set_exception(&stream, RILL_EIO), 0);
    CHECK_EQ(told, 4);
    rill_notify(&other);
    rill_notify(NULL);
    CHECK_EQ(told, 5);
    CHECK_EQ(rill_pipe_room(NULL), 0);
}

TEST(read_exactly_until)
{
    CHECK_EQ(run_fresh(reads), 0);
    trace_is("0 <4 4 0 'abcd'\n0 <4 2 0 'ef'\n1 <4 1 0 'x'\n3 4 4 4 '1234'\n4 |ab 4 4 '56ab'\n"
             "4 <9 4 0 'cend'\n4 <9 0 0 ''\n4 1 -61 0 ''\n4 0 0 0 ''\n");
}

// Bytes that came together with the end, and none: asyncio's IncompleteReadError.partial.
static int partials(void *arg)
{
    (void)arg;
    static const char *const reads[] = { "5", "|ab", "$", "$" };
    for (unsigned i = 0; i < 4; i++) {
        CHECK_EQ(rill_pipe_init(&stream, ring, SIZE), 0);
        feed(i < 3 ? "abc" + (i == 1) : "x\ny");
        rill_pipe_feed_eof(&stream);
        read_as(reads[i]);
        read_as("$");
        CHECK(rill_pipe_at_eof(&stream));
    }
    return 0;
}

TEST(end_before_enough)
{
    CHECK_EQ(run_fresh(partials), 0);
    trace_is("0 5 -61 3 'abc'\n0 $ 0 0 ''\n0 |ab -61 2 'bc'\n0 $ 0 0 ''\n0 $ 3 0 'abc'\n0 $ 0 0 ''\n"
             "0 $ 2 0 'x/'\n0 $ 1 0 'y'\n");
}

// asyncio's LimitOverrunError: the bytes stay. The limit is the buffer or the ring.
static int overrun(void *arg)
{
    (void)arg;
    char text[SIZE];
    size_t got = 99;
    feed("abcde\n");
    CHECK_EQ(rill_pipe_readline(&stream, text, 5), RILL_EOVERFLOW);
    CHECK_EQ(rill_pipe_readline(&stream, text, 6), 6);
    feed("abcd");
    feed_at(2, "efgh");
    read_as("$");
    CHECK_EQ(rill_pipe_available(&stream), SIZE);
    CHECK_EQ(rill_pipe_readuntil_nowait(&stream, "h", 1, text, 7, &got), RILL_EOVERFLOW);
    CHECK_EQ(got, 0);
    CHECK_EQ(rill_pipe_readuntil_nowait(&stream, "h", 1, text, 8, &got), 8);
    return 0;
}

TEST(line_too_long_stays)
{
    CHECK_EQ(run_fresh(overrun), 0);
    trace_is("2 $ -75 0 ''\n");
}

// The separator across the ring's end, found byte by byte, after false beginnings.
static int separators(void *arg)
{
    (void)arg;
    static const char *const pieces[] = { "a", "ab", "ab", "a", "c", "d" };
    char text[16];
    for (unsigned shift = 0; shift < 2 * SIZE; shift++) {
        CHECK_EQ(rill_pipe_init(&stream, ring, SIZE), 0);
        for (unsigned i = 0; i < shift; i++) {
            feed("x");
            rill_pipe_read_nowait(&stream, text, 1);
        }
        for (unsigned i = 0; i < 6; i++) {
            CHECK_EQ(rill_pipe_readuntil_nowait(&stream, "abac", 4, text, sizeof text, NULL), RILL_EAGAIN);
            feed(pieces[i]);
            if (i == 4) {
                CHECK_EQ(rill_pipe_readuntil_nowait(&stream, "abac", 4, text, sizeof text, NULL), 7);
                CHECK(memcmp(text, "aababac", 7) == 0);
            }
        }
        CHECK_EQ(rill_pipe_available(&stream), 1);
    }
    return 0;
}

TEST(separator_anywhere)
{
    CHECK_EQ(run_fresh(separators), 0);
}

// Only the last byte of the separator wakes who waits for it; only the last byte of n who waits for n.
static int wakings(void *arg)
{
    (void)arg;
    feed_at(1, "a");
    feed_at(2, "b;");
    feed_at(3, "c");
    feed_at(4, "de");
    feed_at(5, "f");
    rill_task_t a = spawn(reader, "|;");
    rill_yield();
    CHECK(stream.want != 0 && stream.stop == ';');
    rill_join(a, NULL);
    a = spawn(reader, "4");
    rill_sleep_ms(2);
    CHECK(stream.want == 4 && stream.reader != NULL); // 3 bytes have come
    return rill_join(a, NULL);
}

TEST(woken_when_it_is_worth_it)
{
    CHECK_EQ(run_fresh(wakings), 0);
    trace_is("2 |; 3 3 'ab;'\n5 4 4 4 'cdef'\n");
}

// More than the ring holds.
static int bulk(void *arg)
{
    (void)arg;
    char text[40];
    size_t got = 0;
    rill_task_t a = spawn(writer, "+0123456789abcdefghijklmnop");
    CHECK_EQ(rill_pipe_readexactly(&stream, text, 20, &got), 20);
    CHECK_EQ(got, 20);
    CHECK(memcmp(text, "0123456789abcdefghij", 20) == 0);
    rill_timeout_t limit = { 0 };
    rill_timeout_begin(&limit, RILL_MS(5));
    CHECK_EQ(rill_timeout_end(&limit, rill_pipe_readexactly(&stream, text, 20, &got)), RILL_ETIMEDOUT);
    CHECK_EQ(got, 4); // two came later, too few to wake it for
    CHECK(memcmp(text, "klmn", 4) == 0);
    CHECK_EQ(rill_pipe_read_nowait(&stream, text, 9), 2);
    CHECK(memcmp(text, "op", 2) == 0);
    return rill_join(a, NULL);
}

TEST(more_than_the_ring_holds)
{
    CHECK_EQ(run_fresh(bulk), 0);
    trace_is("0 +0123456789abcdefghijklmnop 26 26\n");
}

// ---- writing

static int whole_writes(void *arg)
{
    (void)arg;
    char text[6];
    rill_task_t tasks[] = { spawn(writer, "+abcdefghijkl"), spawn(writer, "+MNOP"), spawn(writer, "+qrst") };
    rill_sleep_ms(1);
    CHECK_EQ(rill_pipe_write_nowait(&stream, "!", 1), RILL_EAGAIN);
    for (int i = 0; i < 4; i++) {
        CHECK_EQ(rill_pipe_read(&stream, text, 5), 5);
        ev("%c%c%c%c%c", text[0], text[1], text[2], text[3], text[4]);
        rill_sleep_ms(1);
    }
    join_all(tasks, 3);
    return 0;
}

TEST(writes_are_not_mixed)
{
    CHECK_EQ(run_fresh(whole_writes), 0);
    trace_is("1 abcde\n1 +abcdefghijkl 12 12\n2 fghij\n2 +MNOP 4 4\n3 klMNO\n3 +qrst 4 4\n4 Pqrst\n");
}

static int drains(void *arg)
{
    (void)arg;
    char text[SIZE];
    CHECK_EQ(rill_pipe_drain(&stream), 0);
    feed("abc");
    rill_task_t a = spawn(drainer, "drain abc");
    rill_yield();
    feed("de");
    rill_task_t b = spawn(drainer, "drain abcde");
    rill_yield();
    feed("fgh");
    rill_sleep_ms(1);
    rill_pipe_read(&stream, text, 2);
    rill_sleep_ms(1);
    rill_pipe_read(&stream, text, 2);
    feed("ij");
    rill_sleep_ms(1);
    rill_pipe_read(&stream, text, 1);
    rill_join(a, NULL);
    rill_join(b, NULL);
    a = spawn(drainer, "cancelled");
    rill_yield();
    rill_task_cancel(a);
    rill_join(a, NULL);
    a = spawn(drainer, "failed");
    rill_yield();
    rill_pipe_set_exception(&stream, RILL_EIO);
    rill_join(a, NULL);
    return 0;
}

TEST(drain_waits_for_its_own_bytes)
{
    CHECK_EQ(run_fresh(drains), 0);
    trace_is("2 drain abc 0\n3 drain abcde 0\n3 cancelled -125\n3 failed -5\n");
}

static int end_of_writing(void *arg)
{
    (void)arg;
    char text[SIZE];
    rill_task_t a = spawn(writer, "+abcdefghij");
    rill_yield();
    rill_task_t r = spawn(reader, "<9");
    CHECK_EQ(rill_pipe_write_eof(&stream), 0); // behind a's write
    rill_join(a, NULL);
    CHECK_EQ(rill_pipe_read(&stream, text, 5), 2);
    CHECK_EQ(rill_pipe_read(&stream, text, 5), 0);
    CHECK_EQ(rill_pipe_write(&stream, "x", 1, NULL), RILL_EPERM);
    CHECK_EQ(rill_pipe_write_nowait(&stream, "x", 1), RILL_EPERM);
    CHECK_EQ(rill_pipe_feed_threadsafe(&stream, "x", 1), RILL_EPERM);
    CHECK_EQ(rill_pipe_write_eof(&stream), 0);
    return rill_join(r, NULL);
}

static int cut_off(void *arg)
{
    (void)arg;
    rill_task_t tasks[] = { spawn(writer, "+abcdefghij"), spawn(writer, "+x") };
    rill_yield();
    rill_pipe_feed_eof(&stream);
    join_all(tasks, 2);
    return read_as("<9");
}

TEST(no_writes_behind_the_end)
{
    CHECK_EQ(run_fresh(end_of_writing), 0);
    trace_is("0 <9 8 0 'abcdefgh'\n0 +abcdefghij 10 10\n");
    CHECK_EQ(run_fresh(cut_off), 0);
    trace_is("0 +abcdefghij -1 8\n0 +x -1 0\n0 <9 8 0 'abcdefgh'\n");
}

// ---- one reader

static int two_readers(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(reader, "4");
    rill_yield();
    read_as("1");
    feed("ab");
    read_as("<1"); // does not wait, so it may
    feed("cdef");
    rill_join(a, NULL);
    return read_as("<9");
}

TEST(second_reader_is_refused)
{
    CHECK_EQ(run_fresh(two_readers), 0);
    trace_is("0 1 -1 0 ''\n0 <1 1 0 'a'\n0 4 4 4 'bcde'\n0 <9 1 0 'f'\n");
}

// ---- cancellation

static int cancel_readers(void *arg)
{
    (void)arg;
    static const char *const reads[] = { "<3", "3", "|c", "$" };
    for (unsigned i = 0; i < 4; i++) {
        rill_task_t a = spawn(reader, reads[i]);
        rill_yield();
        feed(i == 0 ? "" : "ab");
        rill_task_cancel(a); // while it waits, with bytes it has not got
        rill_join(a, NULL);
        CHECK_EQ(stream.want, 0);
        a = spawn(reader, i == 0 ? "<3" : "3");
        rill_yield();
        feed(i == 0 ? "abc" : "c");
        rill_task_cancel(a); // woken, not resumed
        rill_join(a, NULL);
        read_as("<9");
    }
    return 0;
}

TEST(cancelled_read_takes_nothing)
{
    CHECK_EQ(run_fresh(cancel_readers), 0);
    trace_is("0 <3 -125 0 ''\n0 <3 -125 0 ''\n0 <9 3 0 'abc'\n0 3 -125 0 ''\n0 3 -125 0 ''\n0 <9 3 0 'abc'\n"
             "0 |c -125 0 ''\n0 3 -125 0 ''\n0 <9 3 0 'abc'\n0 $ -125 0 ''\n0 3 -125 0 ''\n0 <9 3 0 'abc'\n");
}

static int cancel_writers(void *arg)
{
    (void)arg;
    rill_task_t tasks[] = { spawn(writer, "+abcdefghij"), spawn(writer, "+KL"), spawn(writer, "+MN") };
    rill_yield();
    rill_task_cancel(tasks[1]); // waits for its turn
    rill_yield();
    read_as("<1");
    rill_task_cancel(tasks[0]); // woken for room, not resumed
    join_all(tasks, 2);
    read_as("<9");
    return rill_join(tasks[2], NULL);
}

static int cancel_waiting_writer(void *arg)
{
    (void)arg;
    rill_task_t tasks[] = { spawn(writer, "+abcdefghij"), spawn(writer, "+K") };
    rill_yield();
    rill_task_cancel(tasks[0]);
    rill_join(tasks[0], NULL);
    read_as("<9");
    rill_join(tasks[1], NULL);
    return read_as("<9");
}

TEST(cancelled_write_tells_how_far)
{
    CHECK_EQ(run_fresh(cancel_writers), 0);
    trace_is("0 +KL -125 0\n0 <1 1 0 'a'\n0 +abcdefghij -125 8\n0 <9 8 0 'bcdefghM'\n0 +MN 2 2\n");
    CHECK_EQ(run_fresh(cancel_waiting_writer), 0);
    trace_is("0 +abcdefghij -125 8\n0 <9 8 0 'abcdefgh'\n0 +K 1 1\n0 <9 1 0 'K'\n");
}

// ---- exceptions, closing

static int exceptions(void *arg)
{
    (void)arg;
    rill_task_t a = spawn(reader, "$");
    rill_yield();
    feed("data");
    CHECK_EQ(rill_pipe_exception(&stream), 0);
    CHECK_EQ(rill_pipe_set_exception(&stream, RILL_EUSER), 0);
    rill_join(a, NULL);
    read_as("<4"); // in front of the bytes, as in asyncio
    CHECK_EQ(rill_pipe_write(&stream, "x", 1, NULL), RILL_EUSER);
    CHECK_EQ(rill_pipe_drain(&stream), RILL_EUSER);
    CHECK_EQ(rill_pipe_write_eof(&stream), RILL_EUSER);
    CHECK_EQ(rill_pipe_init(&stream, ring, SIZE), 0);
    rill_task_t tasks[] = { spawn(writer, "+0123456789"), spawn(writer, "+x") };
    rill_yield();
    CHECK_EQ(rill_pipe_set_exception(&stream, RILL_EIO), 0);
    join_all(tasks, 2);
    CHECK_EQ(rill_pipe_init(&stream, ring, SIZE), 0);
    isr_at(3, isr_error, &stream);
    read_as("4");
    return 0;
}

TEST(exceptions_reach_everybody)
{
    CHECK_EQ(run_fresh(exceptions), 0);
    trace_is("0 $ -1000 0 ''\n0 <4 -1000 0 ''\n0 +0123456789 -5 8\n0 +x -5 0\n3 4 -5 0 ''\n");
}

static int close_it(void *arg)
{
    (void)arg;
    rill_task_t tasks[] = { spawn(writer, "+0123456789"), spawn(writer, "+x"), spawn(drainer, "drain") };
    rill_yield();
    rill_pipe_close(&stream);
    join_all(tasks, 3);
    CHECK_EQ(rill_pipe_init(&stream, ring, SIZE), 0);
    rill_task_t a = spawn(reader, "3");
    rill_yield();
    isr_now(isr_feed, (void *)(uintptr_t) "abc"); // posted and not delivered: withdrawn
    rill_pipe_close(&stream);
    rill_join(a, NULL);
    CHECK_EQ(rill_pipe_available(&stream), 0);
    CHECK(!rill_pipe_at_eof(&stream));
    rill_pipe_feed_eof(&stream);
    CHECK_EQ(rill_pipe_set_exception(&stream, RILL_EIO), RILL_EPIPE);
    CHECK_EQ(rill_pipe_write_nowait(&stream, "x", 1), RILL_EPIPE);
    return read_as("<1");
}

TEST(close_ends_all)
{
    CHECK_EQ(run_fresh(close_it), RILL_EPIPE);
    trace_is("0 +0123456789 -32 8\n0 drain -32\n0 +x -32 0\n0 3 -32 0 ''\n0 <1 -32 0 ''\n");
}

// ---- interrupts

static int from_isr(void *arg)
{
    (void)arg;
    isr_now(isr_feed, (void *)(uintptr_t) "before"); // there is no loop yet
    read_as("6");
    feed_at(1, "12345678");
    isr_at(2, isr_eof, &stream);
    rill_sleep_ms(1);
    CHECK_EQ(rill_pipe_feed_threadsafe(&stream, "9", 1), 0); // full
    read_as("5");
    return read_as("5");
}

TEST(interrupt_feeds)
{
    CHECK_EQ(run_fresh(from_isr), RILL_ENODATA);
    trace_is("0 6 6 6 'before'\n1 5 5 5 '12345'\n2 5 -61 3 '678'\n");
}

// ---- errors

static int wait_in_callback(void *arg)
{
    (void)arg;
    char c;
    CHECK_EQ(rill_pipe_read(&stream, &c, 1), RILL_EPERM);
    CHECK_EQ(rill_pipe_read_nowait(&stream, &c, 1), RILL_EAGAIN);
    size_t accepted = 0;
    CHECK_EQ(rill_pipe_write(&stream, "0123456789", 10, &accepted), RILL_EPERM);
    CHECK_EQ(accepted, SIZE);
    CHECK_EQ(rill_pipe_drain(&stream), RILL_EPERM);
    errors++;
    return 0;
}

static int wrong(void *arg)
{
    (void)arg;
    char c = 0;
    size_t got = 99;
    CHECK_EQ(rill_pipe_init(NULL, ring, SIZE), RILL_EINVAL);
    CHECK_EQ(rill_pipe_init(&stream, NULL, SIZE), RILL_EINVAL);
    CHECK_EQ(rill_pipe_init(&stream, ring, 0), RILL_EINVAL);
    CHECK_EQ(rill_pipe_read(NULL, &c, 1), RILL_EINVAL);
    CHECK_EQ(rill_pipe_read(&stream, NULL, 1), RILL_EINVAL);
    CHECK_EQ(rill_pipe_read(&stream, &c, (size_t)INT_MAX + 1), RILL_EINVAL);
    CHECK_EQ(rill_pipe_readexactly_nowait(&stream, ring, SIZE + 1, &got), RILL_EINVAL);
    CHECK_EQ(rill_pipe_readuntil(&stream, "", 0, &c, 1, &got), RILL_EINVAL);
    CHECK_EQ(got, 0);
    CHECK_EQ(rill_pipe_write(&stream, NULL, 1, NULL), RILL_EINVAL);
    CHECK_EQ(rill_pipe_write_nowait(NULL, &c, 1), RILL_EINVAL);
    CHECK_EQ(rill_pipe_write_nowait(&stream, &c, 0), 0);
    CHECK_EQ(rill_pipe_feed_threadsafe(NULL, &c, 1), RILL_EINVAL);
    CHECK_EQ(rill_pipe_set_exception(&stream, 1), RILL_EINVAL);
    CHECK_EQ(rill_pipe_drain(NULL), RILL_EINVAL);
    CHECK_EQ(rill_pipe_write_eof(NULL), RILL_EINVAL);
    CHECK_EQ(rill_pipe_exception(NULL), RILL_EINVAL);
    CHECK(!rill_pipe_at_eof(NULL) && rill_pipe_available(NULL) == 0);
    rill_pipe_close(NULL);
    rill_pipe_feed_eof(NULL);
    rill_pipe_feed_eof_threadsafe(NULL);
    CHECK_EQ(rill_pipe_write_nowait(&defined, "abcd", 4), 3);
    in_callback(wait_in_callback, NULL);
    return 0;
}

TEST(wrong_calls_are_refused)
{
    CHECK_EQ(run_fresh(wrong), 0);
}

// ---- random reads with time limits against random writes: every byte once, in order

static uint32_t random_state = 3;
static uint32_t sent, received;

static uint32_t next_random(void)
{
    random_state = random_state * 1664525u + 1013904223u;
    return random_state >> 16;
}

static uint8_t nth(uint32_t n)
{
    return (uint8_t)(n % 7 == 6 ? ';' : 'a' + n % 23);
}

static int random_writer(void *arg)
{
    (void)arg;
    while (sent < 4000) {
        uint8_t data[20];
        size_t n = 1 + next_random() % sizeof data;
        for (size_t i = 0; i < n; i++) {
            data[i] = nth(sent + (uint32_t)i);
        }
        size_t accepted = 0;
        rill_timeout_t limit = { 0 };
        rill_timeout_begin(&limit, next_random() % 40);
        rill_timeout_end(&limit, rill_pipe_write(&stream, data, n, &accepted));
        sent += (uint32_t)accepted;
        rill_sleep_us(next_random() % 20);
    }
    return rill_pipe_write_eof(&stream);
}

static size_t random_read(uint8_t *data)
{
    size_t got = 0;
    size_t n = 1 + next_random() % 20;
    uint32_t kind = next_random() % 3;
    rill_timeout_t limit = { 0 };
    rill_timeout_begin(&limit, next_random() % 40);
    int result = kind == 0   ? rill_pipe_read(&stream, data, n)
                 : kind == 1 ? rill_pipe_readexactly(&stream, data, n, &got)
                             : rill_pipe_readuntil(&stream, ";", 1, data, 12, &got);
    rill_timeout_end(&limit, result);
    return result >= 0 ? (size_t)result : got;
}

static int random_reader(void *arg)
{
    (void)arg;
    rill_task_t task = spawn(random_writer, NULL);
    while (!rill_pipe_at_eof(&stream)) {
        uint8_t data[20];
        size_t n = random_read(data);
        for (size_t i = 0; i < n; i++) {
            if (data[i] != nth(received++)) {
                return CHECK(!"the right byte") ? 0 : 1;
            }
        }
        rill_sleep_us(next_random() % 20);
    }
    return rill_join(task, NULL);
}

TEST(no_byte_lost_or_doubled)
{
    CHECK_EQ(run_fresh(random_reader), 0);
    CHECK(sent >= 4000);
    CHECK_EQ(received, sent);
}

TEST_MAIN("pipe", TEST_CASE(static_initialiser), TEST_CASE(watcher_is_told),
          TEST_CASE(read_exactly_until), TEST_CASE(end_before_enough), TEST_CASE(line_too_long_stays),
          TEST_CASE(separator_anywhere), TEST_CASE(woken_when_it_is_worth_it), TEST_CASE(more_than_the_ring_holds),
          TEST_CASE(writes_are_not_mixed), TEST_CASE(drain_waits_for_its_own_bytes),
          TEST_CASE(no_writes_behind_the_end), TEST_CASE(second_reader_is_refused),
          TEST_CASE(cancelled_read_takes_nothing), TEST_CASE(cancelled_write_tells_how_far),
          TEST_CASE(exceptions_reach_everybody), TEST_CASE(close_ends_all), TEST_CASE(interrupt_feeds),
          TEST_CASE(wrong_calls_are_refused), TEST_CASE(no_byte_lost_or_doubled))
