// ioctl, for C libraries that have no header for it.
#ifndef SYS_IOCTL_H
#define SYS_IOCTL_H

#ifdef __cplusplus
extern "C" {
#endif

#define FIONREAD 0x541bul // bytes that can be read at once, to *(int *)argument

// As POSIX: rill_file_ioctl of rill/file.h with errno. One argument, a pointer, always.
int ioctl(int fd, unsigned long request, ...);

#ifdef __cplusplus
}
#endif

#endif
