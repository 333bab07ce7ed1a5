// The document's epoll server with one task for each connection. Compare multiplex_callbacks.c: the same network, the
// same clients, the same answers. Nothing is registered and no event is handled, because a task that waits for a socket
// is what stands behind it: those lines of the output are missing here. What a connection has to remember is in the
// local variables of its task, and a client that reads slowly holds up its own task only: a write waits for room where
// the callback had to drop.
#include "network.h"

RILL_TASK_POOL_DEFINE(tasks, 1 + CLIENTS, STACK);

static int handle_client(void *arg)
{
    struct socket *client = arg;
    char data[BUFFER + 1];
    int n;
    while ((n = rill_pipe_read(&client->read_buffer, data, BUFFER)) > 0) {
        data[n] = '\0';
        printf("Received data from %d: %s\n", client->fd, data);
        n = rill_pipe_write(&client->write_buffer, data, (size_t)n, NULL);
        if (n < 0) {
            break;
        }
    }
    if (n == 0) {
        printf("Client %d closed the connection\n", client->fd);
    } else if (n == RILL_EPIPE) {
        printf("Client %d disconnected\n", client->fd);
    } else if (n != RILL_ECANCELED) {
        printf("Socket error on %d: %d\n", client->fd, n);
    }
    socket_close(client);
    return n == RILL_ECANCELED ? n : 0;
}

static int server(void *arg)
{
    struct socket *client;
    int n;
    (void)arg;
    network_start(rill_loop_running(), NULL);
    while ((n = rill_pipe_readexactly(&backlog, &client, sizeof client, NULL)) > 0) {
        printf("Accepted connection from ('127.0.0.1', %d)\n", client->client_port);
        if (rill_spawn(&tasks, handle_client, client, NULL) != RILL_OK) {
            socket_close(client); // more connections than tasks: this one is refused
        }
    }
    return n == RILL_ENODATA ? 0 : n; // the network is shut down
}

int main(void)
{
    return rill_run(&tasks, server, NULL, NULL);
}
