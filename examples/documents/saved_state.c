// Why the documents arrive at coroutines: a message that comes in pieces. A callback has to save how far it has come
// and find its way back at the next event; a task just goes on reading. Both read the same frames - a length, that many
// characters (15 at most), a sum - from a device whose interrupt brings two bytes at a time (a timer stands for it).
#include "document.h"

#include <rill/loop.h>
#include <rill/pipe.h>

RILL_TASK_POOL_DEFINE(tasks, 1, STACK);
RILL_PIPE_DEFINE(device, 16);

static const char stream[] = "\x05hello\x14\x03now\x54\x02no\x00"; // the last sum is wrong

static void print_frame(const char *reader, const char *text, unsigned sum, unsigned expected)
{
    printf("%s: %s%s\n", reader, text, sum == expected ? "" : " (damaged)");
}

// ---- with callbacks

struct parser {
    enum { LENGTH, TEXT_BYTES, SUM } state;
    unsigned length, got, sum;
    char text[16];
};

static void next_byte(struct parser *p, uint8_t byte)
{
    switch (p->state) {
    case LENGTH:
        *p = (struct parser){ .length = byte & 15 };
        p->state = p->length > 0 ? TEXT_BYTES : SUM;
        break;
    case TEXT_BYTES:
        p->text[p->got++] = (char)byte;
        p->sum += byte;
        p->state = p->got == p->length ? SUM : TEXT_BYTES;
        break;
    case SUM:
        print_frame("callback", p->text, p->sum & 255, byte);
        p->state = LENGTH;
        break;
    }
}

static int readable(void *parser)
{
    uint8_t bytes[4];
    int n;
    while ((n = rill_pipe_read_nowait(&device, bytes, sizeof bytes)) > 0) {
        for (int i = 0; i < n; i++) {
            next_byte(parser, bytes[i]);
        }
    }
    return 0;
}

// ---- with a task

static int read_frame(char *text)
{
    uint8_t length = 0, expected = 0;
    unsigned sum = 0;
    int n = rill_pipe_readexactly(&device, &length, 1, NULL);
    length &= 15;
    n = n < 0 ? n : rill_pipe_readexactly(&device, text, length, NULL);
    n = n < 0 ? n : rill_pipe_readexactly(&device, &expected, 1, NULL);
    for (unsigned i = 0; n > 0 && i < length; i++) {
        sum += (uint8_t)text[i];
    }
    if (n > 0) {
        text[length] = '\0';
        print_frame("task", text, sum & 255, expected);
    }
    return n;
}

static int reader(void *arg)
{
    char text[16];
    int n;
    (void)arg;
    while ((n = read_frame(text)) > 0) {
    }
    return n == RILL_ENODATA ? 0 : n;
}

// ---- the device

static struct parser parser;
static rill_handle_t ready = RILL_HANDLE_INIT(readable, &parser);
static rill_timer_t interrupt;
static size_t sent;
static bool with_callbacks;

static int device_interrupt(void *loop)
{
    if (sent == sizeof stream - 1) {
        rill_pipe_feed_eof_threadsafe(&device);
        return with_callbacks ? rill_loop_stop(loop) : 0;
    }
    size_t n = sizeof stream - 1 - sent < 2 ? sizeof stream - 1 - sent : 2;
    sent += (size_t)rill_pipe_feed_threadsafe(&device, stream + sent, n);
    if (with_callbacks) {
        rill_call_soon_threadsafe(loop, &ready);
    }
    return rill_call_later(loop, &interrupt, RILL_MS(1), device_interrupt, loop);
}

static int main_task(void *arg)
{
    with_callbacks = false;
    sent = 0;
    rill_pipe_init(&device, device_bytes, sizeof device_bytes);
    rill_call_later(rill_loop_running(), &interrupt, RILL_MS(1), device_interrupt, rill_loop_running());
    return reader(arg);
}

int main(void)
{
    rill_loop_t *loop = rill_loop_default();
    with_callbacks = true;
    rill_call_later(loop, &interrupt, RILL_MS(1), device_interrupt, loop);
    rill_run_forever(loop);
    rill_loop_close(loop);
    return rill_run(&tasks, main_task, NULL, NULL);
}
