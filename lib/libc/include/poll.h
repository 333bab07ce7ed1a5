// poll, for C libraries that have no header for it.
#ifndef POLL_H
#define POLL_H

#ifdef __cplusplus
extern "C" {
#endif

#define POLLIN 1
#define POLLPRI 2
#define POLLOUT 4
#define POLLERR 8
#define POLLHUP 16
#define POLLNVAL 32

typedef unsigned nfds_t;

struct pollfd {
    int fd;
    short events;
    short revents;
};

// As POSIX: rill_file_poll of rill/file.h with errno; `timeout` in milliseconds.
int poll(struct pollfd *fds, nfds_t n, int timeout);

#ifdef __cplusplus
}
#endif

#endif
