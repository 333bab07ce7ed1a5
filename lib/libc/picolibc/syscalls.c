// What picolibc asks of a system beside its three streams.
#include "../console.h"
#include "../posix.h"

#include <rill/file.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/time.h>
#include <sys/times.h>
#include <unistd.h>

int open(const char *name, int flags, ...)
{
    return posix_open(name, flags);
}

int close(int file)
{
    return console_result(rill_file_close(file));
}

ssize_t read(int file, void *data, size_t n)
{
    return console_result(rill_file_read(file, data, n));
}

ssize_t write(int file, const void *data, size_t n)
{
    return console_result(rill_file_write(file, data, n));
}

int fstat(int file, struct stat *status)
{
    return posix_fstat(file, status);
}

int isatty(int file)
{
    return posix_isatty(file);
}

off_t lseek(int file, off_t offset, int whence)
{
    (void)offset;
    (void)whence;
    return posix_lseek(file);
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    (void)zone;
    return console_timeofday(now);
}

clock_t times(struct tms *times)
{
    return console_times(times);
}
