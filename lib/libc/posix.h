// What both C libraries' system calls have in common.
#ifndef LIBC_POSIX_H
#define LIBC_POSIX_H

#include <sys/stat.h>
#include <sys/types.h>

enum { POSIX_BLOCK = 64 }; // st_blksize: the size of the buffers of streams

int posix_open(const char *name, int flags);
int posix_fstat(int fd, struct stat *status);
int posix_isatty(int fd);
off_t posix_lseek(int fd);

#endif
