// Pipes: a ring with one producer and one consumer, each of which writes one position only.
//
// Why no byte is missed. A reader that has to wait says first what it waits for (`want`, `stop`), then looks whether
// anything has come since it looked last, and only then leaves the CPU. The producer writes `in` first, then looks at
// `want`. One of the two sees the other. An interrupt that sees a reader posts `deliver`, which the loop runs when the
// reader is in its place. A wake-up too many is harmless: the reader looks again.
#include <limits.h>

#include <rill/pipe.h>

#include "bytes.h"
#include "post.h"

#define LOAD(cell) __atomic_load_n(&(cell), __ATOMIC_ACQUIRE)
#define STORE(cell, value) __atomic_store_n(&(cell), (value), __ATOMIC_RELEASE)

enum { NO_STOP = -1 };

// ---- the ring

static uint32_t used(const rill_pipe_t *pipe)
{
    uint32_t in = LOAD(pipe->in);
    uint32_t out = LOAD(pipe->out);
    return in >= out ? in - out : in + 2 * pipe->size - out;
}

static uint32_t advanced(const rill_pipe_t *pipe, uint32_t position, uint32_t n)
{
    position += n;
    return position >= 2 * pipe->size ? position - 2 * pipe->size : position;
}

static uint32_t index_of(const rill_pipe_t *pipe, uint32_t position)
{
    return position >= pipe->size ? position - pipe->size : position;
}

// Puts in what there is room for.
static uint32_t push(rill_pipe_t *pipe, const uint8_t *data, size_t n)
{
    uint32_t room = pipe->size - used(pipe);
    uint32_t count = n < room ? (uint32_t)n : room;
    uint32_t at = index_of(pipe, pipe->in);
    uint32_t first = count < pipe->size - at ? count : pipe->size - at;
    bytes_copy(pipe->bytes + at, data, first);
    bytes_copy(pipe->bytes, data + first, count - first);
    STORE(pipe->in, advanced(pipe, pipe->in, count));
    return count;
}

static void copy_out(const rill_pipe_t *pipe, uint8_t *buffer, uint32_t n)
{
    uint32_t at = index_of(pipe, pipe->out);
    uint32_t first = n < pipe->size - at ? n : pipe->size - at;
    bytes_copy(buffer, pipe->bytes + at, first);
    bytes_copy(buffer + first, pipe->bytes, n - first);
}

// ---- who waits

struct drain_entry {
    rill_wait_t wait;
    uint32_t left; // bytes still to be read
};

static struct drain_entry *entry_of(rill_node_t *node)
{
    return CONTAINER(tcb_of_node(node)->wait, struct drain_entry, wait);
}

static void wake_reader(rill_pipe_t *pipe)
{
    if (pipe->reader != NULL) {
        pipe->want = 0;
        pipe->stop = NO_STOP;
        rill_wake_first(&pipe->reader);
    }
}

static bool cancel_read(rill_tcb_t *task, rill_wait_t *wait)
{
    rill_pipe_t *pipe = CONTAINER(wait->object, rill_pipe_t, reader);
    pipe->want = 0;
    pipe->stop = NO_STOP;
    return rill_cancel_listed(task, wait);
}

// The stream has ended or failed: whom that concerns looks.
static void wake_for_end(rill_pipe_t *pipe)
{
    wake_reader(pipe);
    rill_wake_all(&pipe->writer);
    if (pipe->error != 0) {
        rill_wake_all(&pipe->drainers);
    }
    rill_notify(pipe->notify);
}

static int deliver(void *arg)
{
    rill_pipe_t *pipe = arg;
    FENCE();
    if (pipe->eof || pipe->error != 0) {
        wake_for_end(pipe);
    } else {
        wake_reader(pipe);
    }
    return RILL_OK;
}

// Drainers wait for ends that are farther off the later they came.
static void count_drained(rill_pipe_t *pipe, uint32_t n)
{
    rill_node_t *node = pipe->drainers;
    do { // bound: number of drainers
        struct drain_entry *entry = entry_of(node);
        entry->left -= n < entry->left ? n : entry->left;
        node = node->next;
    } while (node != pipe->drainers);
    while (pipe->drainers != NULL && entry_of(pipe->drainers)->left == 0) { // bound: number of drainers
        rill_wake_first(&pipe->drainers);
    }
}

// True if the reader has what it waits for, `n` bytes of `data` being the last that came.
static bool reader_due(const rill_pipe_t *pipe, const uint8_t *data, uint32_t n)
{
    FENCE();
    uint32_t want = pipe->want;
    int stop = pipe->stop;
    if (want == 0 || n == 0) {
        return false;
    }
    if (used(pipe) >= want) {
        return true;
    }
    while (stop >= 0 && n > 0) { // bound: n
        if (data[--n] == stop) {
            return true;
        }
    }
    return false;
}

static void take(rill_pipe_t *pipe, uint8_t *buffer, uint32_t n)
{
    copy_out(pipe, buffer, n);
    STORE(pipe->out, advanced(pipe, pipe->out, n));
    if (n > 0) {
        rill_wake_first(&pipe->writer);
        if (pipe->drainers != NULL) {
            count_drained(pipe, n);
        }
        rill_notify(pipe->notify);
    }
}

static int bind(rill_pipe_t *pipe)
{
    return rill_post_bind(&pipe->post, &pipe->loop, deliver, pipe);
}

static int wait_in_pipe(rill_node_t **list, const rill_wait_kind_t *kind)
{
    rill_wait_t wait = { kind, list };
    return rill_wait_as(list, &wait); // if cancelled, what there is stays in the ring
}

// ---- reading

// A read in progress. `buffer` may take n bytes; a stream that ends early leaves `got` of them.
struct job {
    rill_pipe_t *pipe;
    uint8_t *buffer;
    size_t n;
    size_t got;
    const rill_separator_t *separators;
    unsigned count;
    uint32_t scanned; // bytes in which no separator ends,
    uint32_t out;     // counted from here
    uint32_t seen;    // bytes in the ring when it looked last
    uint32_t want;    // to go on with
    int stop;
};

typedef int (*attempt_t)(struct job *job);

static int begin(struct job *job)
{
    job->stop = NO_STOP;
    if (job->pipe == NULL || job->buffer == NULL || job->n > INT_MAX) {
        return RILL_EINVAL;
    }
    job->out = job->pipe->out;
    return job->pipe->error;
}

// Looks at the end before it looks at the bytes that came in front of it.
static bool look(struct job *job)
{
    bool eof = LOAD(job->pipe->eof);
    job->seen = used(job->pipe);
    return eof;
}

static int hand_over(struct job *job, uint32_t n)
{
    take(job->pipe, job->buffer + job->got, n);
    job->got += n;
    return (int)job->got;
}

static int try_some(struct job *job)
{
    bool eof = look(job);
    job->want = 1;
    if (job->seen == 0 && job->n > 0) {
        return eof ? 0 : RILL_EAGAIN;
    }
    return hand_over(job, job->seen < job->n ? job->seen : (uint32_t)job->n);
}

// What the ring can hold is taken as a whole, else as it comes.
static int try_exactly(struct job *job)
{
    bool eof = look(job);
    size_t left = job->n - job->got;
    if (job->seen >= left || eof || job->n > job->pipe->size) {
        hand_over(job, job->seen < left ? job->seen : (uint32_t)left);
        job->seen = 0;
    }
    if (job->got == job->n) {
        return (int)job->n;
    }
    uint32_t half = (job->pipe->size + 1) / 2;
    left = job->n - job->got;
    job->want = job->n <= job->pipe->size || left < half ? (uint32_t)left : half;
    return eof ? RILL_ENODATA : RILL_EAGAIN;
}

static bool ends_with(const rill_pipe_t *pipe, uint32_t end, const rill_separator_t *separator)
{
    const uint8_t *bytes = separator->bytes;
    if (separator->length > end) {
        return false;
    }
    uint32_t begin = end - (uint32_t)separator->length;
    for (uint32_t i = 0; i < separator->length; i++) { // bound: the separator
        if (pipe->bytes[index_of(pipe, advanced(pipe, pipe->out, begin + i))] != bytes[i]) {
            return false;
        }
    }
    return true;
}

static bool separator_ends_at(const struct job *job, uint32_t end)
{
    for (unsigned i = 0; i < job->count; i++) { // bound: separators
        if (ends_with(job->pipe, end, &job->separators[i])) {
            return true;
        }
    }
    return false;
}

// True if a separator ends within `limit` bytes; the first ends with the byte behind those scanned.
static bool find(struct job *job, uint32_t limit)
{
    if (job->out != job->pipe->out) { // another reader took what was looked at
        job->out = job->pipe->out;
        job->scanned = 0;
    }
    while (job->scanned < limit) { // bound: limit
        if (separator_ends_at(job, job->scanned + 1)) {
            return true;
        }
        job->scanned++;
    }
    return false;
}

// The byte all separators end with.
static int common_stop(const struct job *job)
{
    int stop = NO_STOP;
    for (unsigned i = 0; i < job->count; i++) { // bound: separators
        const rill_separator_t *separator = &job->separators[i];
        int last = ((const uint8_t *)separator->bytes)[separator->length - 1];
        if (i > 0 && last != stop) {
            return NO_STOP;
        }
        stop = last;
    }
    return stop;
}

static int try_until(struct job *job)
{
    bool eof = look(job);
    uint32_t limit = job->n < job->pipe->size ? (uint32_t)job->n : job->pipe->size;
    if (find(job, job->seen < limit ? job->seen : limit)) {
        return hand_over(job, job->scanned + 1);
    }
    if (eof && job->seen <= job->n) {
        hand_over(job, job->seen);
        return RILL_ENODATA;
    }
    job->stop = common_stop(job);
    job->want = job->stop != NO_STOP ? limit : job->seen + 1;
    return job->seen >= limit ? RILL_EOVERFLOW : RILL_EAGAIN;
}

// Waits until it is worth another attempt.
static int wait_for_bytes(const struct job *job)
{
    static const rill_wait_kind_t kind = WAIT_KIND(cancel_read, "pipe read");
    rill_pipe_t *pipe = job->pipe;
    int error = bind(pipe);
    if (error != RILL_OK || pipe->error != 0 || pipe->reader != NULL) {
        return pipe->error != 0 ? pipe->error : RILL_EPERM;
    }
    pipe->stop = (int16_t)job->stop;
    pipe->want = job->want;
    FENCE();
    if (used(pipe) != job->seen || pipe->eof || pipe->error != 0) {
        pipe->want = 0;
        pipe->stop = NO_STOP;
        return RILL_OK;
    }
    return wait_in_pipe(&pipe->reader, &kind);
}

static int wait_and_try(struct job *job, attempt_t attempt)
{
    for (;;) { // bound: feeds that bring too little
        int result = attempt(job);
        if (result != RILL_EAGAIN) {
            return result;
        }
        int error = wait_for_bytes(job);
        if (error != RILL_OK) {
            return error;
        }
    }
}

static int run_job(struct job *job, attempt_t attempt, bool wait, size_t *got)
{
    int result = begin(job);
    if (result == RILL_OK && attempt == try_exactly && !wait && job->n > job->pipe->size) {
        result = RILL_EINVAL;
    }
    if (result == RILL_OK) {
        result = wait ? wait_and_try(job, attempt) : attempt(job);
    }
    if (got != NULL) {
        *got = job->got;
    }
    return result;
}

int rill_pipe_read(rill_pipe_t *pipe, void *buffer, size_t n)
{
    RILL_DEBUG_CONTEXT("rill_pipe_read");
    struct job job = { .pipe = pipe, .buffer = buffer, .n = n };
    return run_job(&job, try_some, true, NULL);
}

int rill_pipe_read_nowait(rill_pipe_t *pipe, void *buffer, size_t n)
{
    RILL_DEBUG_CONTEXT("rill_pipe_read_nowait");
    struct job job = { .pipe = pipe, .buffer = buffer, .n = n };
    return run_job(&job, try_some, false, NULL);
}

int rill_pipe_readexactly(rill_pipe_t *pipe, void *buffer, size_t n, size_t *got)
{
    RILL_DEBUG_CONTEXT("rill_pipe_readexactly");
    struct job job = { .pipe = pipe, .buffer = buffer, .n = n };
    return run_job(&job, try_exactly, true, got);
}

int rill_pipe_readexactly_nowait(rill_pipe_t *pipe, void *buffer, size_t n, size_t *got)
{
    RILL_DEBUG_CONTEXT("rill_pipe_readexactly_nowait");
    struct job job = { .pipe = pipe, .buffer = buffer, .n = n };
    return run_job(&job, try_exactly, false, got);
}

static bool usable(const rill_separator_t *separators, unsigned count)
{
    for (unsigned i = 0; separators != NULL && i < count; i++) { // bound: separators
        if (separators[i].bytes == NULL || separators[i].length == 0) {
            return false;
        }
    }
    return separators != NULL && count > 0;
}

static int read_until(struct job *job, bool wait, size_t *got)
{
    if (usable(job->separators, job->count)) {
        return run_job(job, try_until, wait, got);
    }
    if (got != NULL) {
        *got = 0;
    }
    return RILL_EINVAL;
}

int rill_pipe_readuntil(rill_pipe_t *pipe, const void *separator, size_t length, void *buffer, size_t n, size_t *got)
{
    RILL_DEBUG_CONTEXT("rill_pipe_readuntil");
    const rill_separator_t one = { separator, length };
    struct job job = { .pipe = pipe, .buffer = buffer, .n = n, .separators = &one, .count = 1 };
    return read_until(&job, true, got);
}

int rill_pipe_readuntil_nowait(rill_pipe_t *pipe, const void *separator, size_t length, void *buffer, size_t n,
                               size_t *got)
{
    RILL_DEBUG_CONTEXT("rill_pipe_readuntil_nowait");
    const rill_separator_t one = { separator, length };
    struct job job = { .pipe = pipe, .buffer = buffer, .n = n, .separators = &one, .count = 1 };
    return read_until(&job, false, got);
}

int rill_pipe_readuntil_any(rill_pipe_t *pipe, const rill_separator_t *separators, unsigned count, void *buffer,
                            size_t n, size_t *got)
{
    RILL_DEBUG_CONTEXT("rill_pipe_readuntil_any");
    struct job job = { .pipe = pipe, .buffer = buffer, .n = n, .separators = separators, .count = count };
    return read_until(&job, true, got);
}

int rill_pipe_readline(rill_pipe_t *pipe, char *buffer, size_t n)
{
    RILL_DEBUG_CONTEXT("rill_pipe_readline");
    size_t got = 0;
    int result = rill_pipe_readuntil(pipe, "\n", 1, buffer, n, &got);
    return result == RILL_ENODATA ? (int)got : result;
}

bool rill_pipe_at_eof(const rill_pipe_t *pipe)
{
    return pipe != NULL && LOAD(pipe->eof) && used(pipe) == 0;
}

size_t rill_pipe_available(const rill_pipe_t *pipe)
{
    return pipe != NULL ? used(pipe) : 0;
}

int rill_pipe_notify(rill_pipe_t *pipe, rill_notify_t *notify)
{
    if (pipe == NULL) {
        return RILL_EINVAL;
    }
    if (notify != NULL && pipe->notify != NULL && pipe->notify != notify) {
        return RILL_EBUSY;
    }
    pipe->notify = notify;
    FENCE(); // the caller looks at the ring next
    return RILL_OK;
}

// ---- writing

static int writable(const rill_pipe_t *pipe, const void *data, size_t n)
{
    if (pipe == NULL || data == NULL || n > INT_MAX) {
        return RILL_EINVAL;
    }
    int error = pipe->error;
    return error == 0 && pipe->eof ? RILL_EPERM : error;
}

static uint32_t put(rill_pipe_t *pipe, const uint8_t *data, size_t n)
{
    uint32_t count = push(pipe, data, n);
    if (reader_due(pipe, data, count)) {
        wake_reader(pipe);
    }
    rill_notify(pipe->notify);
    return count;
}

static int wait_for_room(rill_pipe_t *pipe)
{
    static const rill_wait_kind_t kind = WAIT_KIND(rill_cancel_listed, "pipe write");
    int error = bind(pipe);
    return error == RILL_OK ? wait_in_pipe(&pipe->writer, &kind) : error;
}

static int write_all(rill_pipe_t *pipe, const uint8_t *data, size_t n, size_t *done)
{
    for (;;) { // bound: times the reader makes room
        int error = writable(pipe, data, n);
        if (error != RILL_OK) {
            return error;
        }
        *done += put(pipe, data + *done, n - *done);
        if (*done == n) {
            return RILL_OK;
        }
        error = wait_for_room(pipe);
        if (error != RILL_OK) {
            return error;
        }
    }
}

int rill_pipe_write(rill_pipe_t *pipe, const void *data, size_t n, size_t *accepted)
{
    RILL_DEBUG_CONTEXT("rill_pipe_write");
    size_t done = 0;
    int error = writable(pipe, data, n);
    error = error == RILL_OK ? rill_lock_acquire(&pipe->lock) : error;
    if (error == RILL_OK) {
        error = write_all(pipe, data, n, &done);
        rill_lock_release(&pipe->lock);
    }
    if (accepted != NULL) {
        *accepted = done;
    }
    return error == RILL_OK ? (int)n : error;
}

int rill_pipe_write_nowait(rill_pipe_t *pipe, const void *data, size_t n)
{
    RILL_DEBUG_CONTEXT("rill_pipe_write_nowait");
    int error = writable(pipe, data, n);
    if (error != RILL_OK || n == 0) {
        return error;
    }
    uint32_t count = rill_lock_locked(&pipe->lock) ? 0 : put(pipe, data, n);
    return count > 0 ? (int)count : RILL_EAGAIN;
}

size_t rill_pipe_room(const rill_pipe_t *pipe)
{
    return pipe == NULL || rill_lock_locked(&pipe->lock) ? 0 : pipe->size - used(pipe);
}

int rill_pipe_drain(rill_pipe_t *pipe)
{
    RILL_DEBUG_CONTEXT("rill_pipe_drain");
    static const rill_wait_kind_t kind = WAIT_KIND(rill_cancel_listed, "pipe drain");
    if (pipe == NULL) {
        return RILL_EINVAL;
    }
    struct drain_entry entry = { { &kind, &pipe->drainers }, used(pipe) };
    if (pipe->error != 0 || entry.left == 0) {
        return pipe->error;
    }
    int error = bind(pipe);
    error = error == RILL_OK ? rill_wait_as(&pipe->drainers, &entry.wait) : error;
    if (error == RILL_OK && entry.left > 0) {
        return pipe->error;
    }
    return error;
}

int rill_pipe_write_eof(rill_pipe_t *pipe)
{
    RILL_DEBUG_CONTEXT("rill_pipe_write_eof");
    if (pipe == NULL) {
        return RILL_EINVAL;
    }
    int error = pipe->error == 0 ? rill_lock_acquire(&pipe->lock) : pipe->error;
    if (error == RILL_OK) {
        rill_pipe_feed_eof(pipe);
        rill_lock_release(&pipe->lock);
        error = pipe->error;
    }
    return error;
}

// ---- the end

void rill_pipe_feed_eof(rill_pipe_t *pipe)
{
    RILL_DEBUG_CONTEXT_VOID("rill_pipe_feed_eof");
    if (pipe != NULL && pipe->error != RILL_EPIPE) {
        STORE(pipe->eof, 1);
        wake_for_end(pipe);
    }
}

static int keep_exception(rill_pipe_t *pipe, int error)
{
    if (pipe == NULL || error >= 0 || error < INT16_MIN) {
        return RILL_EINVAL;
    }
    if (pipe->error == RILL_EPIPE) {
        return RILL_EPIPE;
    }
    pipe->error = (int16_t)error;
    return RILL_OK;
}

int rill_pipe_set_exception(rill_pipe_t *pipe, int error)
{
    RILL_DEBUG_CONTEXT("rill_pipe_set_exception");
    int result = keep_exception(pipe, error);
    if (result == RILL_OK) {
        wake_for_end(pipe);
    }
    return result;
}

int rill_pipe_exception(const rill_pipe_t *pipe)
{
    return pipe != NULL ? pipe->error : RILL_EINVAL;
}

void rill_pipe_close(rill_pipe_t *pipe)
{
    RILL_DEBUG_CONTEXT_VOID("rill_pipe_close");
    if (pipe != NULL) {
        pipe->error = RILL_EPIPE;
        pipe->eof = 0;
        rill_post_withdraw(&pipe->post, pipe->loop);
        STORE(pipe->out, LOAD(pipe->in));
        wake_for_end(pipe);
    }
}

int rill_pipe_init(rill_pipe_t *pipe, uint8_t *bytes, size_t n)
{
    if (pipe == NULL || bytes == NULL || n == 0 || n > UINT32_C(1) << 30) {
        return RILL_EINVAL;
    }
    *pipe = (rill_pipe_t)RILL_PIPE_INIT(bytes, (uint32_t)n);
    return RILL_OK;
}

// ---- from an interrupt

int rill_pipe_feed_threadsafe(rill_pipe_t *pipe, const void *data, size_t n)
{
    int error = writable(pipe, data, n);
    if (error != RILL_OK) {
        return error;
    }
    uint32_t count = push(pipe, data, n);
    if (reader_due(pipe, data, count)) {
        rill_post(&pipe->post, &pipe->loop);
    }
    rill_notify(pipe->notify);
    return (int)count;
}

void rill_pipe_feed_eof_threadsafe(rill_pipe_t *pipe)
{
    if (pipe != NULL && pipe->error != RILL_EPIPE) {
        STORE(pipe->eof, 1);
        rill_post(&pipe->post, &pipe->loop);
        rill_notify(pipe->notify);
    }
}

int rill_pipe_set_exception_threadsafe(rill_pipe_t *pipe, int error)
{
    int result = keep_exception(pipe, error);
    if (result == RILL_OK) {
        rill_post(&pipe->post, &pipe->loop);
        rill_notify(pipe->notify);
    }
    return result;
}
