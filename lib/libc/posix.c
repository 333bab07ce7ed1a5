// POSIX's calls on descriptors, as both C libraries know them.
#include "posix.h"

#include "console.h"

#include <rill/clock.h>
#include <rill/file.h>
#include <rill/libc.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

// ---- for the libraries' own entries

int posix_open(const char *name, int flags)
{
    int access = flags & O_ACCMODE;
    unsigned ours = access == O_RDONLY ? RILL_FILE_READ : access == O_WRONLY ? RILL_FILE_WRITE
                                                                             : RILL_FILE_READ | RILL_FILE_WRITE;
    return console_result(rill_file_open(name, ours | ((flags & O_NONBLOCK) != 0 ? RILL_FILE_NONBLOCK : 0u)));
}

int posix_fstat(int fd, struct stat *status)
{
    int terminal = rill_file_is_terminal(fd);
    if (terminal < 0) {
        return console_result(terminal);
    }
    memset(status, 0, sizeof *status);
    status->st_mode = terminal ? S_IFCHR : S_IFIFO;
    status->st_blksize = POSIX_BLOCK;
    return 0;
}

int posix_isatty(int fd)
{
    int terminal = rill_file_is_terminal(fd);
    if (terminal <= 0) {
        console_result(terminal < 0 ? terminal : RILL_ENOTTY);
        return 0;
    }
    return 1;
}

off_t posix_lseek(int fd)
{
    *console_errno() = console_file(fd) != NULL ? ESPIPE : EBADF;
    return -1;
}

// ---- what no library has

static int flags_of(int fd)
{
    int ours = rill_file_flags(fd);
    if (ours < 0) {
        return ours;
    }
    unsigned both = RILL_FILE_READ | RILL_FILE_WRITE;
    unsigned access = (unsigned)ours & both;
    return (access == both ? O_RDWR : access == RILL_FILE_WRITE ? O_WRONLY : O_RDONLY)
           | (((unsigned)ours & RILL_FILE_NONBLOCK) != 0 ? O_NONBLOCK : 0);
}

int fcntl(int fd, int command, ...)
{
    va_list args;
    va_start(args, command);
    int flags = command == F_SETFL ? va_arg(args, int) : 0;
    va_end(args);
    switch (command) {
    case F_GETFL: return console_result(flags_of(fd));
    case F_SETFL: return console_result(rill_file_set_nonblock(fd, (flags & O_NONBLOCK) != 0));
    case F_GETFD:
    case F_SETFD: return console_result(console_file(fd) != NULL ? RILL_OK : RILL_EBADF);
    default: return console_result(RILL_EINVAL);
    }
}

int ioctl(int fd, unsigned long request, ...)
{
    va_list args;
    va_start(args, request);
    void *arg = va_arg(args, void *);
    va_end(args);
    return console_result(rill_file_ioctl(fd, request, arg));
}

_Static_assert(sizeof(struct pollfd) == sizeof(rill_poll_t)
                   && offsetof(struct pollfd, revents) == offsetof(rill_poll_t, revents) && POLLIN == RILL_POLL_IN
                   && POLLOUT == RILL_POLL_OUT && POLLNVAL == RILL_POLL_NVAL,
               "struct pollfd");

int poll(struct pollfd *fds, nfds_t n, int timeout)
{
    rill_time_t limit = timeout < 0 ? RILL_NEVER : RILL_MS((rill_time_t)timeout);
    return console_result(rill_file_poll((rill_poll_t *)(void *)fds, n, limit));
}
