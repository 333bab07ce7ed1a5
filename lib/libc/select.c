// select, which is poll with sets.
#include "console.h"

#include <rill/file.h>
#include <rill/libc.h>

#include <string.h>
#include <sys/select.h>

static bool in(const fd_set *set, int fd)
{
    return set != NULL && FD_ISSET((unsigned)fd, set);
}

static rill_poll_t wish(int fd, const fd_set *reads, const fd_set *writes)
{
    unsigned events = (in(reads, fd) ? RILL_POLL_IN : 0u) | (in(writes, fd) ? RILL_POLL_OUT : 0u);
    return (rill_poll_t){ events != 0 ? fd : -1, (short)events, 0 };
}

// What a read or a write that does not wait finds, errors included.
static int answer(const rill_poll_t *fd, unsigned wanted, fd_set *set)
{
    unsigned failed = RILL_POLL_ERR | RILL_POLL_HUP;
    if (fd->fd < 0 || ((unsigned)fd->events & wanted) == 0 || ((unsigned)fd->revents & (wanted | failed)) == 0) {
        return 0;
    }
    FD_SET((unsigned)fd->fd, set);
    return 1;
}

static void clear(fd_set *set)
{
    if (set != NULL) {
        FD_ZERO(set);
    }
}

static int answers(const rill_poll_t *fds, int n, fd_set *reads, fd_set *writes, fd_set *errors)
{
    int ready = 0;
    clear(reads);
    clear(writes);
    clear(errors);
    for (int fd = 0; fd < n; fd++) {
        if (((unsigned)fds[fd].revents & RILL_POLL_NVAL) != 0) {
            return RILL_EBADF;
        }
        ready += answer(&fds[fd], RILL_POLL_IN, reads) + answer(&fds[fd], RILL_POLL_OUT, writes);
    }
    return ready;
}

static rill_time_t limit_of(const struct timeval *timeout)
{
    return timeout == NULL ? RILL_NEVER : RILL_S((rill_time_t)timeout->tv_sec) + (rill_time_t)timeout->tv_usec;
}

int select(int n, fd_set *reads, fd_set *writes, fd_set *errors, struct timeval *timeout)
{
    bool bad_time = timeout != NULL && (timeout->tv_sec < 0 || timeout->tv_usec < 0 || timeout->tv_usec >= 1000000);
    if (n < 0 || n > FD_SETSIZE || bad_time) {
        return console_result(RILL_EINVAL);
    }
    n = (unsigned)n < rill_files_count ? n : (int)rill_files_count;
    rill_poll_t fds[n + 1]; // bound: the table
    for (int fd = 0; fd < n; fd++) {
        fds[fd] = wish(fd, reads, writes);
    }
    int result = rill_file_poll(fds, (unsigned)n, limit_of(timeout));
    if (result >= 0) {
        result = answers(fds, n, reads, writes, errors);
    }
    return console_result(result);
}
