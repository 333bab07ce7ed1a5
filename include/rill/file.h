// Streams as files: a small table of descriptors, and the calls of POSIX over it.
//
//     RILL_PIPE_DEFINE(link, 64);
//     static rill_device_t link_device = RILL_DEVICE_PIPE("/dev/link", &link);
//     RILL_FILES_DEFINE(6);                    // 0, 1 and 2 are the console; three more
//     ...
//     rill_device_register(&link_device);
//     int fd = rill_file_open("/dev/link", RILL_FILE_READ | RILL_FILE_WRITE);
//
// Under a C library open, read, write, close, fcntl, ioctl, poll, select and the library's streams are these functions
// with errno (rill/libc.h). They wait as tasks wait: only the caller is suspended.
//
// Unless a function says otherwise: O(1) beside what the device does; asyncio: none, the names are POSIX's; context
// thread, in an interrupt RILL_EPERM, except writing to the console. Where a caller cannot be suspended (before the
// loop runs, in a callback, with interrupts masked) a call does what it can at once: the console is written by polling,
// and whatever would have to wait returns RILL_EAGAIN.
//
// Cancellation: a call that has moved nothing returns RILL_ECANCELED, once, as any wait (C1). One that has moved bytes
// returns their number and the request stays for the task's next wait. Writing to the console is no cancellation point:
// the text goes out and the request stays as well.
#ifndef RILL_FILE_H
#define RILL_FILE_H

#include <rill/loop.h>
#include <rill/pipe.h>
#include <rill/uart.h>

#ifdef __cplusplus
extern "C" {
#endif

// How a descriptor is open.
enum rill_file_flags { RILL_FILE_READ = 1, RILL_FILE_WRITE = 2, RILL_FILE_NONBLOCK = 4 };

// What poll asks for (IN, OUT) and answers (all); the numbers of poll.h.
enum rill_poll_events {
    RILL_POLL_IN = 1,
    RILL_POLL_OUT = 4,
    RILL_POLL_ERR = 8,
    RILL_POLL_HUP = 16,
    RILL_POLL_NVAL = 32,
};

// ---- devices

typedef struct rill_device rill_device_t;

// What a call may do when it has to wait: suspend the task; spin, as the caller cannot be suspended but wants it done;
// or return RILL_EAGAIN (O_NONBLOCK). A device that cannot spin returns RILL_EAGAIN there too.
typedef enum rill_io { RILL_IO_WAIT, RILL_IO_SPIN, RILL_IO_TRY } rill_io_t;

// What a driver supplies; NULL for what it has not.
typedef struct rill_device_ops {
    // A descriptor is opened (with rill_file_flags), or closed. NULL: nothing to do.
    int (*open)(rill_device_t *device, unsigned flags);
    int (*close)(rill_device_t *device);
    // Moves at least 1 and at most n bytes (n > 0). Return their number; 0 at the end of the stream (read); an error.
    int (*read)(rill_device_t *device, void *data, size_t n, rill_io_t io);
    int (*write)(rill_device_t *device, const void *data, size_t n, rill_io_t io);
    // A request of the device's own. NULL: RILL_ENOTTY.
    int (*ioctl)(rill_device_t *device, unsigned long request, void *arg);
    // Which of rill_poll_events hold now. NULL: always ready to be read and written.
    unsigned (*ready)(rill_device_t *device);
    // Has `notify` told, in any context, whenever `ready` may have become more; NULL: no longer. Present if `ready` is.
    int (*watch)(rill_device_t *device, rill_notify_t *notify);
    bool terminal; // isatty
    bool any_context; // write may be called in an interrupt, with RILL_IO_SPIN
} rill_device_ops_t;

// A device. The caller's memory, static or as long as it is registered or open. 44 bytes on 32-bit machines. Private
// behind `object`, which is the driver's.
struct rill_device {
    const char *name; // for open: "/dev/gps"
    const rill_device_ops_t *ops;
    void *object;
    rill_device_t *next;
    rill_notify_t notify;
    rill_handle_t post;
    rill_loop_t *loop;
    struct rill_poll_entry *polls;
};

#define RILL_DEVICE_INIT(name, ops, object) \
    { (name), (ops), (object), NULL, { NULL }, RILL_HANDLE_INIT(NULL, NULL), NULL, NULL }

// Ready-made: a pipe (both ends), a UART port (started by the application). ioctl:
// RILL_FIONREAD. Of several devices over one stream one at a time can be polled.
#define RILL_DEVICE_PIPE(name, pipe) RILL_DEVICE_INIT(name, &rill_device_pipe, pipe)
#define RILL_DEVICE_UART(name, uart) RILL_DEVICE_INIT(name, &rill_device_uart, uart)
extern const rill_device_ops_t rill_device_pipe;
extern const rill_device_ops_t rill_device_uart;

// The board's console, which descriptors 0, 1 and 2 are open on: "/dev/console". What one call writes stays together
// with respect to printf.
extern rill_device_t rill_device_console;

// ioctl: the number of bytes that can be read at once goes to *(int *)arg.
#define RILL_FIONREAD 0x541bul

// Makes a device known to rill_file_open. Returns 0; RILL_EINVAL for NULL or no name; RILL_EBUSY if the name is taken.
// O(devices).
int rill_device_register(rill_device_t *device);

// The opposite. Descriptors stay open. Returns 0; RILL_ENOENT.
int rill_device_unregister(rill_device_t *device);

// ---- the table

// An open descriptor. Private.
typedef struct rill_file {
    rill_device_t *device; // NULL: free
    unsigned flags;
} rill_file_t;

// Defines the table with n descriptors, at least 3; once, in one file of the application. Without it there are the
// console's three. 8 bytes each on 32-bit machines.
#define RILL_FILES_DEFINE(n)                                                                                           \
    static rill_file_t rill_file_memory[n] = RILL_FILES_CONSOLE;                                                       \
    rill_file_t *const rill_files = rill_file_memory;                                                                  \
    const unsigned rill_files_count = (n)

// What it begins with. Private.
#define RILL_FILES_CONSOLE \
    { { &rill_device_console, RILL_FILE_READ }, { &rill_device_console, RILL_FILE_WRITE }, \
      { &rill_device_console, RILL_FILE_WRITE } }

extern rill_file_t *const rill_files;
extern const unsigned rill_files_count;

// Opens a registered device. Returns the lowest free descriptor; RILL_ENOENT; RILL_EMFILE if none is free; RILL_EINVAL
// for NULL or neither READ nor WRITE; what the device's open returns. O(devices + descriptors).
int rill_file_open(const char *name, unsigned flags);

// Puts a device, registered or not, at a descriptor of the caller's choice, in place of what is open there: a pipe as
// stdin. Returns fd; RILL_EBADF for a number the table has not; RILL_EINVAL; what the device's open returns. dup2.
int rill_file_open_at(int fd, rill_device_t *device, unsigned flags);

// Closes it. A task that waits in a call on it goes on waiting. Returns 0, RILL_EBADF, what the device's close returns
// (it is closed then, too).
int rill_file_close(int fd);

// Reads what is there, at least 1 and at most n bytes; waits only if nothing is. Returns the number; 0 at the end of
// the stream or for n == 0; RILL_EBADF if it is not open for reading; RILL_EAGAIN, RILL_ECANCELED, RILL_EINVAL for NULL
// or more than INT_MAX bytes; what the device says (RILL_EPIPE: a port that is not started). Context: thread; suspends
// in a task.
int rill_file_read(int fd, void *data, size_t n);

// Writes n bytes; with NONBLOCK, or outside a task, those there is room for. Returns the number; errors as read.
int rill_file_write(int fd, const void *data, size_t n);

// A request of the device. RILL_EBADF, RILL_ENOTTY, what the device says.
int rill_file_ioctl(int fd, unsigned long request, void *arg);

// rill_file_flags of a descriptor, RILL_EBADF. Sets NONBLOCK or takes it away; READ and WRITE stay.
int rill_file_flags(int fd);
int rill_file_set_nonblock(int fd, bool nonblock);

// True if it is a terminal. RILL_EBADF.
int rill_file_is_terminal(int fd);

// What poll waits for: struct pollfd of poll.h.
typedef struct rill_poll {
    int fd; // negative: left out
    short events;
    short revents;
} rill_poll_t;

// Waits until one of n descriptors is ready, at most `timeout` microseconds (RILL_NEVER: no limit; 0: only looks).
// Fills revents of all. Returns the number of those that are not 0, 0 when the time is over; RILL_EINVAL for NULL or
// more entries than the table has; RILL_EPERM if it would have to wait and the caller cannot be suspended, or if a
// task of another loop polls the same device; RILL_EBUSY if its stream is polled as another device; RILL_ECANCELED.
// Context: thread; suspends in a task. Takes 12 n bytes of stack on 32-bit machines. O(n).
int rill_file_poll(rill_poll_t *fds, unsigned n, rill_time_t timeout);

#ifdef __cplusplus
}
#endif

#endif
