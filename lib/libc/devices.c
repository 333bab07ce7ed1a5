// Ready-made devices: the console, UART ports, pipes.
#include <rill/file.h>

#include "console.h"

// What the library's own call would return, if it moved `moved` bytes before it failed.
static int partial(int result, size_t moved)
{
    if (result >= 0 || moved == 0) {
        return result;
    }
    if (result == RILL_ECANCELED) {
        console_cancel_later();
    }
    return (int)moved;
}

static int report_readable(unsigned long request, void *arg, size_t readable)
{
    if (request != RILL_FIONREAD) {
        return RILL_ENOTTY;
    }
    if (arg == NULL) {
        return RILL_EINVAL;
    }
    *(int *)arg = (int)readable;
    return RILL_OK;
}

// ---- UART

static int uart_read(rill_device_t *device, void *data, size_t n, rill_io_t io)
{
    rill_uart_t *uart = device->object;
    return io == RILL_IO_WAIT ? rill_uart_read(uart, data, n) : rill_uart_read_nowait(uart, data, n);
}

static int uart_write(rill_device_t *device, const void *data, size_t n, rill_io_t io)
{
    size_t accepted = 0;
    if (io != RILL_IO_WAIT) {
        return rill_uart_write_nowait(device->object, data, n);
    }
    int result = rill_uart_write(device->object, data, n, &accepted);
    return partial(result, accepted);
}

static int uart_ioctl(rill_device_t *device, unsigned long request, void *arg)
{
    return report_readable(request, arg, rill_uart_readable(device->object));
}

static int uart_watch(rill_device_t *device, rill_notify_t *notify)
{
    return rill_uart_notify(device->object, notify, notify);
}

static unsigned uart_ready(rill_device_t *device)
{
    const rill_uart_t *uart = device->object;
    if (uart->buffers == NULL || !uart->buffers->started) {
        return RILL_POLL_HUP;
    }
    unsigned in = rill_uart_readable(uart) > 0 ? RILL_POLL_IN : 0;
    return in | (rill_uart_writable(uart) > 0 ? RILL_POLL_OUT : 0);
}

const rill_device_ops_t rill_device_uart = {
    .read = uart_read, .write = uart_write, .ioctl = uart_ioctl, .ready = uart_ready, .watch = uart_watch,
    .terminal = true,
};

// ---- the console: a port that can always be written to

static int console_device_write(rill_device_t *device, const void *data, size_t n, rill_io_t io)
{
    int result = io == RILL_IO_TRY ? rill_uart_write_nowait(device->object, data, n) : RILL_EPIPE;
    if (io == RILL_IO_TRY && result != RILL_EPIPE) {
        return result;
    }
    console_write(data, n);
    return (int)n;
}

static const rill_device_ops_t console_ops = {
    .read = uart_read, .write = console_device_write, .ioctl = uart_ioctl, .ready = uart_ready,
    .watch = uart_watch, .terminal = true, .any_context = true,
};

rill_device_t rill_device_console = RILL_DEVICE_INIT("/dev/console", &console_ops, &rill_board_uart);

// ---- pipes

static int pipe_read(rill_device_t *device, void *data, size_t n, rill_io_t io)
{
    rill_pipe_t *pipe = device->object;
    return io == RILL_IO_WAIT ? rill_pipe_read(pipe, data, n) : rill_pipe_read_nowait(pipe, data, n);
}

// POSIX has one error for a stream nobody will read any more.
static int pipe_write(rill_device_t *device, const void *data, size_t n, rill_io_t io)
{
    rill_pipe_t *pipe = device->object;
    size_t accepted = 0;
    int result = io == RILL_IO_WAIT ? rill_pipe_write(pipe, data, n, &accepted) : rill_pipe_write_nowait(pipe, data, n);
    return partial(result == RILL_EPERM ? RILL_EPIPE : result, accepted);
}

static int pipe_ioctl(rill_device_t *device, unsigned long request, void *arg)
{
    return report_readable(request, arg, rill_pipe_available(device->object));
}

static int pipe_watch(rill_device_t *device, rill_notify_t *notify)
{
    return rill_pipe_notify(device->object, notify);
}

static unsigned pipe_ready(rill_device_t *device)
{
    const rill_pipe_t *pipe = device->object;
    if (rill_pipe_exception(pipe) != RILL_OK) {
        return RILL_POLL_ERR;
    }
    if (pipe->eof) {
        return RILL_POLL_HUP | (rill_pipe_available(pipe) > 0 ? RILL_POLL_IN : 0);
    }
    unsigned in = rill_pipe_available(pipe) > 0 ? RILL_POLL_IN : 0;
    return in | (rill_pipe_room(pipe) > 0 ? RILL_POLL_OUT : 0);
}

const rill_device_ops_t rill_device_pipe = {
    .read = pipe_read, .write = pipe_write, .ioctl = pipe_ioctl, .ready = pipe_ready, .watch = pipe_watch,
};
