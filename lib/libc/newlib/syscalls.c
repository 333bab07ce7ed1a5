// What newlib asks of a system.
#include "../console.h"

#include <rill/libc.h>

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY = 64 }; // also the size of newlib's buffers (st_blksize)

int _close(int file);
int _fstat(int file, struct stat *status);
int _getpid(void);
int _isatty(int file);
int _kill(int process, int signal);
_off_t _lseek(int file, _off_t offset, int whence);
_ssize_t _read(int file, void *data, size_t n);
void *_sbrk(ptrdiff_t bytes);
_ssize_t _write(int file, const void *data, size_t n);

static int failed(int code)
{
    *console_errno() = code;
    return -1;
}

static bool is_console(int file)
{
    return file >= STDIN_FILENO && file <= STDERR_FILENO;
}

// A stream's buffer may be used again by another task while this one waits: what fits is copied first.
_ssize_t _write(int file, const void *data, size_t n)
{
    char copy[COPY];
    if (!is_console(file) || file == STDIN_FILENO) {
        return failed(EBADF);
    }
    if (n <= sizeof copy) {
        memcpy(copy, data, n);
        data = copy;
    }
    console_write(data, n);
    return (_ssize_t)n;
}

_ssize_t _read(int file, void *data, size_t n)
{
    if (file != STDIN_FILENO) {
        return failed(EBADF);
    }
    int result = console_read(data, n);
    return result < 0 ? failed(-result) : result;
}

void *_sbrk(ptrdiff_t bytes)
{
    void *memory = console_heap(bytes);
    if (memory == NULL) {
        failed(ENOMEM);
        return (void *)-1;
    }
    return memory;
}

int _fstat(int file, struct stat *status)
{
    if (!is_console(file)) {
        return failed(EBADF);
    }
    memset(status, 0, sizeof *status);
    status->st_mode = S_IFCHR;
    status->st_blksize = COPY;
    return 0;
}

int _isatty(int file)
{
    if (!is_console(file)) {
        failed(EBADF);
        return 0;
    }
    return 1;
}

_off_t _lseek(int file, _off_t offset, int whence)
{
    (void)offset;
    (void)whence;
    return failed(is_console(file) ? ESPIPE : EBADF);
}

int _close(int file)
{
    (void)file;
    return failed(EBADF);
}

int _getpid(void)
{
    return 1;
}

// abort() and raise() come here: there is nobody else to send a signal to.
int _kill(int process, int signal)
{
    if (process != 1) {
        return failed(ESRCH);
    }
    _exit(128 + signal);
}
