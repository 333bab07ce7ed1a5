// The document's epoll server, with callbacks: an echo server that registers file descriptors, is told which of them
// are ready, and reads without ever waiting. The same server with a task for each connection is multiplex_tasks.c: put
// the two side by side. The document's server runs for ever on a port of the command line; this one ends when its
// network (network.h) does, and its descriptors and addresses are the network's.
//
// Sources that are lines of the interrupt controller have all of this ready-made: rill_irq_open_callback registers,
// rill_irq_close unregisters (tests/irq.c).
#include "network.h"

struct source {
    rill_handle_t post; // carries the readiness from the interrupt to the loop: epoll's ready list
    int fd;
    unsigned events; // registered; 0: not
    volatile bool hung_up;
};

static struct source sources[FDS];
static rill_loop_t *loop;

// ---- epoll

static void register_fd(int fd, unsigned events)
{
    printf("Registering fd %d with events %u\n", fd, events);
    sources[fd].events = events;
}

static void unregister_fd(int fd)
{
    sources[fd].events = 0;
    rill_handle_cancel(loop, &sources[fd].post);
}

// In the interrupt. One post covers all that happens before the loop comes to it.
static void ready(int fd, unsigned events)
{
    struct source *source = &sources[fd];
    if (source->events != 0) {
        source->hung_up = source->hung_up || events == EPOLLHUP;
        rill_call_soon_threadsafe(loop, &source->post);
    }
}

// ---- the server

static void accept_client(void)
{
    struct socket *client;
    int n = rill_pipe_readexactly_nowait(&backlog, &client, sizeof client, NULL);
    if (n == RILL_ENODATA) { // the network is shut down
        unregister_fd(SERVER_FD);
        rill_loop_stop(loop);
    } else if (n > 0) {
        printf("Accepted connection from ('127.0.0.1', %d)\n", client->client_port);
        register_fd(client->fd, EPOLLIN | EPOLLHUP | EPOLLET);
    }
}

static void handle_client(int fd)
{
    struct socket *client = &sockets[fd - FIRST_FD];
    char data[BUFFER + 1];
    int n = rill_pipe_read_nowait(&client->read_buffer, data, BUFFER);
    if (n == 0) {
        printf("Client %d closed the connection\n", fd);
        unregister_fd(fd);
        socket_close(client);
    } else if (n > 0) {
        data[n] = '\0';
        printf("Received data from %d: %s\n", fd, data);
        rill_pipe_write_nowait(&client->write_buffer, data, (size_t)n); // what finds no room is lost
    } else {
        printf("Socket error on %d: %d\n", fd, n);
        unregister_fd(fd);
        socket_close(client);
    }
}

static int handle_event(void *arg)
{
    const struct source *source = arg;
    if (source->hung_up) {
        printf("Client %d disconnected\n", source->fd);
        unregister_fd(source->fd);
        return 0;
    }
    printf("Event EPOLLIN on fd %d\n", source->fd);
    if (source->fd == SERVER_FD) {
        accept_client();
    } else {
        handle_client(source->fd);
    }
    return 0;
}

int main(void)
{
    loop = rill_loop_default();
    for (int fd = SERVER_FD; fd < FDS; fd++) {
        sources[fd].fd = fd;
        rill_handle_init(&sources[fd].post, handle_event, &sources[fd]);
    }
    register_fd(SERVER_FD, EPOLLIN);
    network_start(loop, ready);
    rill_run_forever(loop);
    return rill_loop_close(loop);
}
