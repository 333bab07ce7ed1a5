// The table of descriptors.
#include <rill/file.h>

#include "console.h"

#include <limits.h>
#include <string.h>

static rill_device_t *devices;

// ---- devices

static rill_device_t *device_named(const char *name)
{
    rill_device_t *device = devices;
    while (device != NULL && strcmp(device->name, name) != 0) { // bound: devices
        device = device->next;
    }
    return device;
}

int rill_device_register(rill_device_t *device)
{
    if (device == NULL || device->name == NULL || device->ops == NULL) {
        return RILL_EINVAL;
    }
    if (device_named(device->name) != NULL) {
        return RILL_EBUSY;
    }
    device->next = devices;
    devices = device;
    return RILL_OK;
}

int rill_device_unregister(rill_device_t *device)
{
    for (rill_device_t **link = &devices; *link != NULL; link = &(*link)->next) { // bound: devices
        if (*link == device) {
            *link = device->next;
            return RILL_OK;
        }
    }
    return RILL_ENOENT;
}

// ---- descriptors

rill_file_t *console_file(int fd)
{
    bool open = fd >= 0 && (unsigned)fd < rill_files_count && rill_files[fd].device != NULL;
    return open ? &rill_files[fd] : NULL;
}

static int open_file(rill_file_t *file, rill_device_t *device, unsigned flags)
{
    int error = device->ops->open != NULL ? device->ops->open(device, flags) : RILL_OK;
    if (error >= 0) {
        *file = (rill_file_t){ device, flags };
    }
    return error;
}

static bool usable(unsigned flags)
{
    return (flags & (RILL_FILE_READ | RILL_FILE_WRITE)) != 0;
}

int rill_file_open(const char *name, unsigned flags)
{
    if (name == NULL || !usable(flags)) {
        return RILL_EINVAL;
    }
    if (console_beside_loop()) {
        return RILL_EPERM;
    }
    rill_device_t *device = device_named(name);
    if (device == NULL) {
        return RILL_ENOENT;
    }
    for (unsigned fd = 0; fd < rill_files_count; fd++) {
        if (rill_files[fd].device == NULL) {
            int error = open_file(&rill_files[fd], device, flags);
            return error < 0 ? error : (int)fd;
        }
    }
    return RILL_EMFILE;
}

int rill_file_close(int fd)
{
    rill_file_t *file = console_file(fd);
    if (file == NULL) {
        return RILL_EBADF;
    }
    rill_device_t *device = file->device;
    file->device = NULL;
    return device->ops->close != NULL ? device->ops->close(device) : RILL_OK;
}

int rill_file_open_at(int fd, rill_device_t *device, unsigned flags)
{
    if (fd < 0 || (unsigned)fd >= rill_files_count) {
        return RILL_EBADF;
    }
    if (device == NULL || device->ops == NULL || !usable(flags)) {
        return RILL_EINVAL;
    }
    rill_file_close(fd);
    int error = open_file(&rill_files[fd], device, flags);
    return error < 0 ? error : fd;
}

// ---- reading and writing

static rill_io_t io_of(const rill_file_t *file)
{
    if ((file->flags & RILL_FILE_NONBLOCK) != 0) {
        return RILL_IO_TRY;
    }
    return console_may_wait() ? RILL_IO_WAIT : RILL_IO_SPIN;
}

static int check(const rill_file_t *file, const void *data, size_t n, unsigned flag)
{
    if (file == NULL || (file->flags & flag) == 0) {
        return RILL_EBADF;
    }
    return (data == NULL && n > 0) || n > INT_MAX ? RILL_EINVAL : RILL_OK;
}

int rill_file_read(int fd, void *data, size_t n)
{
    const rill_file_t *file = console_file(fd);
    int error = check(file, data, n, RILL_FILE_READ);
    if (error != RILL_OK || n == 0) {
        return error;
    }
    const rill_device_ops_t *ops = file->device->ops;
    if (console_beside_loop()) {
        return RILL_EPERM;
    }
    return ops->read != NULL ? ops->read(file->device, data, n, io_of(file)) : RILL_EINVAL;
}

int rill_file_write(int fd, const void *data, size_t n)
{
    const rill_file_t *file = console_file(fd);
    int error = check(file, data, n, RILL_FILE_WRITE);
    if (error != RILL_OK || n == 0) {
        return error;
    }
    const rill_device_ops_t *ops = file->device->ops;
    if (console_beside_loop() && !ops->any_context) {
        return RILL_EPERM;
    }
    return ops->write != NULL ? ops->write(file->device, data, n, io_of(file)) : RILL_EINVAL;
}

int rill_file_ioctl(int fd, unsigned long request, void *arg)
{
    const rill_file_t *file = console_file(fd);
    if (file == NULL) {
        return RILL_EBADF;
    }
    const rill_device_ops_t *ops = file->device->ops;
    return ops->ioctl != NULL ? ops->ioctl(file->device, request, arg) : RILL_ENOTTY;
}

// ---- what it is

int rill_file_flags(int fd)
{
    const rill_file_t *file = console_file(fd);
    return file != NULL ? (int)file->flags : RILL_EBADF;
}

int rill_file_set_nonblock(int fd, bool nonblock)
{
    rill_file_t *file = console_file(fd);
    if (file == NULL) {
        return RILL_EBADF;
    }
    file->flags = (file->flags & ~(unsigned)RILL_FILE_NONBLOCK) | (nonblock ? RILL_FILE_NONBLOCK : 0u);
    return RILL_OK;
}

int rill_file_is_terminal(int fd)
{
    const rill_file_t *file = console_file(fd);
    return file != NULL ? file->device->ops->terminal : RILL_EBADF;
}
