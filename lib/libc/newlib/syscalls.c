// What newlib asks of a system.
#include "../console.h"
#include "../posix.h"

#include <rill/file.h>
#include <rill/libc.h>
#include <rill/lock.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/reent.h>
#include <sys/time.h>
#include <sys/times.h>
#include <unistd.h>

int _close(int file);
int _fstat(int file, struct stat *status);
int _getpid(void);
int _gettimeofday(struct timeval *now, void *zone);
int _isatty(int file);
int _kill(int process, int signal);
_off_t _lseek(int file, _off_t offset, int whence);
int _open(const char *name, int flags, int mode);
_ssize_t _read(int file, void *data, size_t n);
clock_t _times(struct tms *times);
_ssize_t _write(int file, const void *data, size_t n);

// ---- reading and writing

// A stream's buffer may be used again by another task while this one waits: what fits is copied first.
_ssize_t _write(int file, const void *data, size_t n)
{
    char copy[POSIX_BLOCK];
    if (n <= sizeof copy) {
        memcpy(copy, data, n);
        data = copy;
    }
    return console_result(rill_file_write(file, data, n));
}

// Several tasks may wait to fill the buffer of stdin, where newlib has no locks. Whose turn it is first looks at what
// the one before left there, as does who is cancelled in the line: newlib forgets the buffer after an error.
static int left_in_stdin(FILE *in)
{
    int left = in->_r;
    if (left > 0) {
        memmove(in->_bf._base, in->_p, (size_t)left);
        in->_r = 0; // until newlib is told
    }
    in->_p = in->_bf._base; // newlib set it before it called, and others have read on since
    return left;
}

static int read_in_turn(void *data, size_t n)
{
    static rill_lock_t turn;
    FILE *in = _impure_ptr->_stdin;
    bool refill = in != NULL && in->_bf._base == data;
    int error = rill_lock_acquire(&turn);
    int left = refill ? left_in_stdin(in) : 0;
    if (error == RILL_OK) {
        error = left > 0 ? RILL_OK : rill_file_read(STDIN_FILENO, data, n);
        rill_lock_release(&turn);
    } else if (left > 0) {
        console_cancel_later();
    }
    return left > 0 ? left : error;
}

_ssize_t _read(int file, void *data, size_t n)
{
    bool in_turn = file == STDIN_FILENO && console_may_wait();
    return console_result(in_turn ? read_in_turn(data, n) : rill_file_read(file, data, n));
}

// ---- descriptors

int _open(const char *name, int flags, int mode)
{
    (void)mode;
    return posix_open(name, flags);
}

int _close(int file)
{
    return console_result(rill_file_close(file));
}

int _fstat(int file, struct stat *status)
{
    return posix_fstat(file, status);
}

int _isatty(int file)
{
    return posix_isatty(file);
}

_off_t _lseek(int file, _off_t offset, int whence)
{
    (void)offset;
    (void)whence;
    return posix_lseek(file);
}

// ---- time, processes

int _gettimeofday(struct timeval *now, void *zone)
{
    (void)zone;
    return console_timeofday(now);
}

clock_t _times(struct tms *times)
{
    return console_times(times);
}

int _getpid(void)
{
    return 1;
}

// abort() and raise() come here: there is nobody else to send a signal to.
int _kill(int process, int signal)
{
    if (process != 1) {
        return console_result(-ESRCH);
    }
    _exit(128 + signal);
}
