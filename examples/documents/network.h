// The network of the multiplex examples, in memory: a listening socket and some clients' sockets, each with the two
// buffers that a kernel keeps for a socket, and clients that act by a script. A step of the script is what the
// interrupt handler of a network chip does, and calls nothing that an interrupt may not call; a timer stands for the
// interrupt.
#ifndef NETWORK_H
#define NETWORK_H

#include "document.h"

#include <string.h>

#include <rill/loop.h>
#include <rill/pipe.h>

enum { SERVER_FD = 3, FIRST_FD = 5, CLIENTS = 3, FDS = FIRST_FD + CLIENTS }; // 4 is the document's epoll object
enum { BUFFER = 32, SOMAXCONN = 4 };
#define EPOLLIN 1u
#define EPOLLHUP 16u
#define EPOLLET 2147483648u

struct socket {
    int fd;
    int client_port;
    rill_pipe_t read_buffer;
    rill_pipe_t write_buffer;
    uint8_t bytes[2][BUFFER];
};

static struct socket sockets[CLIENTS];
RILL_PIPE_DEFINE(backlog, SOMAXCONN * sizeof(struct socket *)); // connections that nobody has accepted yet

enum action { CONNECT, SEND, CLOSE, HANG_UP, FAIL, SHUT_DOWN };

static const struct step {
    uint32_t ms;
    enum action action;
    int client;
    const char *text;
} script[] = {
    { 10, CONNECT, 0, "" },   { 20, SEND, 0, "hello" }, { 30, CONNECT, 1, "" }, { 40, SEND, 1, "one" },
    { 40, SEND, 0, "world" }, { 50, SEND, 1, "two" },   { 60, CLOSE, 0, "" },   { 70, HANG_UP, 1, "" },
    { 80, CONNECT, 2, "" },   { 90, FAIL, 2, "" },      { 100, SHUT_DOWN, 0, "" },
};

static rill_timer_t interrupt;
static unsigned next_step;
static void (*readiness)(int fd, unsigned events); // whom the interrupt tells, if it is not only who waits for a buffer

// What the server sent arrives at the clients.
static inline void deliver(void)
{
    char text[BUFFER + 1];
    for (int i = 0; i < CLIENTS; i++) {
        int n = rill_pipe_read_nowait(&sockets[i].write_buffer, text, BUFFER);
        if (n > 0) {
            text[n] = '\0';
            printf("  client %d gets back: %s\n", i, text);
        }
    }
}

static inline void act(const struct step *step)
{
    struct socket *socket = &sockets[step->client];
    rill_pipe_t *pipe = &socket->read_buffer;
    bool listening = step->action == CONNECT || step->action == SHUT_DOWN;
    switch (step->action) {
    case CONNECT: rill_pipe_feed_threadsafe(&backlog, &socket, sizeof socket); break;
    case SEND: rill_pipe_feed_threadsafe(pipe, step->text, strlen(step->text)); break;
    case CLOSE: rill_pipe_feed_eof_threadsafe(pipe); break;
    case HANG_UP: rill_pipe_set_exception_threadsafe(pipe, RILL_EPIPE); break;
    case FAIL: rill_pipe_set_exception_threadsafe(pipe, RILL_EIO); break;
    case SHUT_DOWN: rill_pipe_feed_eof_threadsafe(&backlog); break;
    }
    if (readiness != NULL) {
        readiness(listening ? SERVER_FD : socket->fd, step->action == HANG_UP ? EPOLLHUP : EPOLLIN);
    }
}

static int network_interrupt(void *loop)
{
    uint32_t now = script[next_step].ms;
    deliver();
    while (next_step < sizeof script / sizeof *script && script[next_step].ms == now) {
        act(&script[next_step++]);
    }
    if (next_step == sizeof script / sizeof *script) {
        return 0;
    }
    return rill_call_at(loop, &interrupt, RILL_MS(script[next_step].ms), network_interrupt, loop);
}

// Opens the listening socket and lets the clients begin. `ready` may be NULL.
static inline int network_start(rill_loop_t *loop, void (*ready)(int fd, unsigned events))
{
    readiness = ready;
    for (int i = 0; i < CLIENTS; i++) {
        struct socket *socket = &sockets[i];
        socket->fd = FIRST_FD + i;
        socket->client_port = 40001 + i;
        rill_pipe_init(&socket->read_buffer, socket->bytes[0], BUFFER);
        rill_pipe_init(&socket->write_buffer, socket->bytes[1], BUFFER);
    }
    return rill_call_at(loop, &interrupt, RILL_MS(script[0].ms), network_interrupt, loop);
}

static inline void socket_close(struct socket *socket)
{
    rill_pipe_close(&socket->read_buffer);
    rill_pipe_close(&socket->write_buffer);
}

#endif
