// A byte stream between a writer and a reader: asyncio's StreamReader and StreamWriter over a ring of the caller's.
//
//     RILL_PIPE_DEFINE(link, 128);
//     void uart_isr(void *arg) { ...; rill_pipe_feed_threadsafe(&link, &byte, 1); }
//     int n = rill_pipe_readline(&link, line, sizeof line, NULL);          // in a task
//
// The ring has one producer: tasks, whose writes are served as a whole in the order they came, or one interrupt. It has
// one consumer, the loop; one task may wait to read. Interrupts are never masked.
//
// A byte is in the ring until a call that succeeds, or tells through a parameter how far it came, hands it over:
// cancellation and timeouts lose nothing.
//
// Errors of all functions: RILL_EINVAL for NULL, and for more than INT_MAX bytes; RILL_EPIPE after rill_pipe_close;
// what rill_pipe_set_exception has set. Of those that wait also: RILL_ECANCELED; RILL_EPERM if they would wait outside
// a task.
//
// Unless a function says otherwise: O(1), does not suspend.
#ifndef RILL_PIPE_H
#define RILL_PIPE_H

#include <rill/lock.h>
#include <rill/loop.h>

#ifdef __cplusplus
extern "C" {
#endif

// 72 bytes on 32-bit machines. Fields are private. The positions run from 0 to 2 * size - 1.
typedef struct rill_pipe {
    rill_handle_t post; // brings what an interrupt fed
    rill_loop_t *loop;  // NULL until a reader waits
    rill_node_t *reader;
    rill_node_t *writer;   // waits for room; has the lock
    rill_node_t *drainers; // wait until what was written is read
    rill_lock_t lock;      // whose turn it is to write
    uint8_t *bytes;
    uint32_t size;
    volatile uint32_t in;   // the producer's
    volatile uint32_t out;  // the consumer's
    volatile uint32_t want; // bytes in the ring at which the reader is to be woken; 0: nobody waits
    volatile int16_t error; // 0, RILL_EPIPE when closed, or an exception
    volatile int16_t stop;  // the byte at which the reader is to be woken, -1: none
    volatile uint8_t eof;
    rill_notify_t *notify;
} rill_pipe_t;

// Defines a pipe with a ring of n bytes, at least 1; all of it is used.
#define RILL_PIPE_DEFINE(name, n)                                                                                      \
    static uint8_t name##_bytes[n];                                                                                    \
    static rill_pipe_t name = RILL_PIPE_INIT(name##_bytes, n)

// Static initialiser over memory of the caller's: empty, open, on the loop of the first task that waits to read.
#define RILL_PIPE_INIT(memory, n)                                                                                      \
    { RILL_HANDLE_INIT(NULL, NULL), NULL, NULL, NULL, NULL, RILL_LOCK_INIT, (memory), (n), 0, 0, 0, 0, -1, 0, NULL }

// The same at run time. Do not call it on a pipe somebody waits for or an ISR may feed. Needed again after
// rill_pipe_close, or if the loop it was used in has been closed. Returns 0; RILL_EINVAL for NULL, n == 0 or above
// 2^30. Context: loop.
int rill_pipe_init(rill_pipe_t *pipe, uint8_t *bytes, size_t n);

// ---- the reader

// One task at a time may wait: RILL_EPERM for another (asyncio: RuntimeError). When the end of the stream was fed and
// there are fewer bytes than asked for, the calls that ask for a number or for a separator hand over what there is,
// and return RILL_ENODATA with its number in *got (asyncio: IncompleteReadError.partial). An exception is reported in
// front of the bytes that came before it, as in asyncio.

// Reads what is there, at least 1 and at most n bytes; waits only if nothing is. Returns the number; 0 at the end of
// the stream, or for n == 0. Context: task; suspends. O(n). asyncio: StreamReader.read.
int rill_pipe_read(rill_pipe_t *pipe, void *buffer, size_t n);

// Reads n bytes. Returns n; RILL_ENODATA if the stream ends before. On an error *got (may be NULL) tells how many bytes
// of `buffer` are filled: with n up to the ring's size these are 0 except at the end of the stream, as the bytes stay
// in the ring until all are there. Context: task; suspends. O(n). asyncio: readexactly.
int rill_pipe_readexactly(rill_pipe_t *pipe, void *buffer, size_t n, size_t *got);

// Reads through the first `separator` of `length` bytes (at least 1). Returns the number of bytes, separator included;
// RILL_ENODATA if the stream ends before, with what there was in `buffer` and its number in *got (may be NULL, else 0
// on other errors); RILL_EOVERFLOW if n bytes, or a full ring, hold no separator: they stay in the ring, for
// rill_pipe_read. The reader is woken for the last byte of the separator only. Context: task; suspends. O(bytes
// looked at * length). asyncio: readuntil (IncompleteReadError, LimitOverrunError).
int rill_pipe_readuntil(rill_pipe_t *pipe, const void *separator, size_t length, void *buffer, size_t n, size_t *got);

// One of several separators.
typedef struct rill_separator {
    const void *bytes;
    size_t length;
} rill_separator_t;

// As rill_pipe_readuntil, through the first place where any of `count` separators ends. If their last bytes differ, the
// reader is woken by every feed. RILL_EINVAL also for no separator or an empty one. asyncio 3.13: readuntil with a
// tuple. Context: task; suspends. O(bytes looked at * lengths).
int rill_pipe_readuntil_any(rill_pipe_t *pipe, const rill_separator_t *separators, unsigned count, void *buffer,
                            size_t n, size_t *got);

// Reads through the next '\n'. Returns the number of bytes, '\n' included; at the end of the stream those there are, 0
// if there are none; RILL_EOVERFLOW as readuntil: the bytes stay in the ring (asyncio drops them). No NUL is appended.
// Context: task; suspends. asyncio: readline.
int rill_pipe_readline(rill_pipe_t *pipe, char *buffer, size_t n);

// The same without waiting: RILL_EAGAIN where the others would suspend. readexactly_nowait: RILL_EINVAL for n above the
// ring's size. Context: loop.
int rill_pipe_read_nowait(rill_pipe_t *pipe, void *buffer, size_t n);
int rill_pipe_readexactly_nowait(rill_pipe_t *pipe, void *buffer, size_t n, size_t *got);
int rill_pipe_readuntil_nowait(rill_pipe_t *pipe, const void *separator, size_t length, void *buffer, size_t n,
                               size_t *got);

// True if the end was fed and all bytes were read. asyncio: at_eof. Context: loop.
bool rill_pipe_at_eof(const rill_pipe_t *pipe);

// Bytes in the ring. asyncio: none. Context: any.
size_t rill_pipe_available(const rill_pipe_t *pipe);

// Has `notify` (NULL: nobody) told whenever the pipe may have become readable or writable, or has ended; for a poll
// over several streams. One at a time: RILL_EBUSY if there is another. Returns 0. Context: loop.
int rill_pipe_notify(rill_pipe_t *pipe, rill_notify_t *notify);

// ---- the writer, in tasks

// Writes n bytes; suspends while the ring is full or another task writes. Returns n. On an error *accepted (may be
// NULL) tells how many bytes are in the ring: those will be read. RILL_EPERM after the end was fed (asyncio:
// RuntimeError). Context: task; suspends. O(n). asyncio: write and drain in one.
int rill_pipe_write(rill_pipe_t *pipe, const void *data, size_t n, size_t *accepted);

// Writes what there is room for. Returns the number of bytes; RILL_EAGAIN if that would be none, or while another task
// writes. asyncio: StreamReader.feed_data, StreamWriter.write. Context: loop.
int rill_pipe_write_nowait(rill_pipe_t *pipe, const void *data, size_t n);

// Bytes that write_nowait would take: 0 while another task writes. asyncio: none. Context: loop.
size_t rill_pipe_room(const rill_pipe_t *pipe);

// Waits until all bytes that are in the ring at the call have been read. Returns 0. asyncio: StreamWriter.drain with a
// high-water mark of 0. Context: task; suspends.
int rill_pipe_drain(rill_pipe_t *pipe);

// Ends the stream behind the writes that wait: the reader gets what is in the ring, then the end. Returns 0, also if
// it has ended already. asyncio: StreamWriter.write_eof. Context: task; suspends while another task writes.
int rill_pipe_write_eof(rill_pipe_t *pipe);

// Ends the stream at once; a write that waits returns RILL_EPERM. asyncio: StreamReader.feed_eof. Context: loop.
void rill_pipe_feed_eof(rill_pipe_t *pipe);

// Gives reader and writers an error (negative), now and in every later call. asyncio: StreamReader.set_exception.
// Returns 0. Context: loop.
int rill_pipe_set_exception(rill_pipe_t *pipe, int error);

// The error that was set, else 0; RILL_EPIPE when closed. asyncio: StreamReader.exception. Context: any.
int rill_pipe_exception(const rill_pipe_t *pipe);

// Ends the pipe for both sides: what is in the ring is dropped, the post is taken out of the loop and all who wait get
// RILL_EPIPE. After it nothing refers to the memory once they have resumed. No interrupt may feed it meanwhile.
// asyncio: transport.abort. Context: loop.
void rill_pipe_close(rill_pipe_t *pipe);

// ---- the writer, in an interrupt

// Puts bytes into the ring and wakes the reader if it has what it waits for: lock-free, never waits. Returns the number
// taken, less than n if the ring is full; RILL_EPERM after the end was fed. Context: any, but one producer at a time.
// O(n).
int rill_pipe_feed_threadsafe(rill_pipe_t *pipe, const void *data, size_t n);

// As rill_pipe_feed_eof and rill_pipe_set_exception, from the interrupt that feeds the pipe. asyncio: none. Context:
// any.
void rill_pipe_feed_eof_threadsafe(rill_pipe_t *pipe);
int rill_pipe_set_exception_threadsafe(rill_pipe_t *pipe, int error);

#ifdef __cplusplus
}
#endif

#endif
