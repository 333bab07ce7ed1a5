// Waiting for several descriptors.
//
// A poll has one future, on its stack, and one entry in the list of each device it waits for. A device that has changed
// is told so in any context; it posts a callback, which completes the futures of all who poll it, and they look again.
// Nothing is lost: an entry is in its list before its owner looks, and the device changes before it looks at the list.
#include <rill/file.h>

#include "console.h"

#include <rill/clock.h>
#include <rill/timeout.h>

#define FENCE() __atomic_signal_fence(__ATOMIC_SEQ_CST)

struct rill_poll_entry {
    rill_device_t *device; // NULL: not in a list
    struct rill_poll_entry *next;
    rill_future_t *future;
};

// In the device's loop.
static int tell(void *arg)
{
    const rill_device_t *device = arg;
    for (struct rill_poll_entry *entry = device->polls; entry != NULL; entry = entry->next) { // bound: who polls it
        rill_future_set_result(entry->future, 0); // or it was told by another device
    }
    return RILL_OK;
}

// In any context.
static void changed(rill_notify_t *notify)
{
    rill_device_t *device = (rill_device_t *)(void *)((char *)notify - offsetof(rill_device_t, notify));
    FENCE();
    if (device->polls != NULL) {
        rill_call_soon_threadsafe(device->loop, &device->post);
    }
}

// ---- the lists

static int watch(rill_device_t *device)
{
    device->notify.fn = changed;
    device->loop = rill_loop_running();
    rill_handle_init(&device->post, tell, device);
    return device->ops->watch(device, &device->notify);
}

static int enter(struct rill_poll_entry *entry, rill_device_t *device)
{
    int error = device->polls == NULL ? watch(device) : RILL_OK;
    if (error != RILL_OK) {
        return error;
    }
    if (device->loop != rill_loop_running()) {
        return RILL_EPERM;
    }
    entry->device = device;
    entry->next = device->polls;
    device->polls = entry;
    FENCE();
    return RILL_OK;
}

static void leave(struct rill_poll_entry *entry)
{
    rill_device_t *device = entry->device;
    struct rill_poll_entry **link = &device->polls;
    while (*link != entry) { // bound: who polls it
        link = &(*link)->next;
    }
    *link = entry->next;
    if (device->polls == NULL) {
        rill_handle_cancel(device->loop, &device->post);
        device->ops->watch(device, NULL);
    }
}

static void leave_all(struct rill_poll_entry *entries, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (entries[i].device != NULL) {
            leave(&entries[i]);
        }
    }
}

static int enter_all(struct rill_poll_entry *entries, const rill_poll_t *fds, unsigned n, rill_future_t *future)
{
    int error = RILL_OK;
    for (unsigned i = 0; i < n; i++) {
        const rill_file_t *file = console_file(fds[i].fd);
        entries[i] = (struct rill_poll_entry){ NULL, NULL, future };
        if (error == RILL_OK && file != NULL && file->device->ops->ready != NULL) {
            error = enter(&entries[i], file->device);
        }
    }
    return error;
}

// ---- looking

static unsigned events_of(int fd)
{
    const rill_file_t *file = console_file(fd);
    if (file == NULL) {
        return RILL_POLL_NVAL;
    }
    const rill_device_ops_t *ops = file->device->ops;
    return ops->ready != NULL ? ops->ready(file->device) : RILL_POLL_IN | RILL_POLL_OUT;
}

static int look(rill_poll_t *fds, unsigned n)
{
    int ready = 0;
    for (unsigned i = 0; i < n; i++) {
        unsigned always = RILL_POLL_ERR | RILL_POLL_HUP | RILL_POLL_NVAL;
        unsigned events = fds[i].fd < 0 ? 0 : events_of(fds[i].fd);
        fds[i].revents = (short)(events & ((unsigned)fds[i].events | always));
        ready += fds[i].revents != 0;
    }
    return ready;
}

// ---- waiting

static int wait_until(rill_future_t *future, rill_time_t deadline)
{
    rill_time_t now = rill_clock_now();
    rill_time_t left = deadline == RILL_NEVER ? RILL_NEVER : deadline > now ? deadline - now : 0;
    return rill_wait_for(future, left, NULL);
}

static int look_until(rill_poll_t *fds, unsigned n, rill_future_t *future, rill_time_t deadline)
{
    for (;;) { // bound: changes that are none for the caller
        rill_future_init(future, NULL);
        int ready = look(fds, n);
        if (ready > 0) {
            return ready;
        }
        int error = wait_until(future, deadline);
        if (error != RILL_OK) {
            return error == RILL_ETIMEDOUT ? 0 : error;
        }
    }
}

static int wait_ready(rill_poll_t *fds, unsigned n, rill_time_t deadline)
{
    struct rill_poll_entry entries[n + 1]; // bound: the table
    rill_future_t future = RILL_FUTURE_INIT;
    int result = enter_all(entries, fds, n, &future);
    if (result == RILL_OK) {
        result = look_until(fds, n, &future, deadline);
    }
    leave_all(entries, n);
    return result;
}

int rill_file_poll(rill_poll_t *fds, unsigned n, rill_time_t timeout)
{
    if ((fds == NULL && n > 0) || n > rill_files_count) {
        return RILL_EINVAL;
    }
    if (console_beside_loop()) {
        return RILL_EPERM;
    }
    int ready = look(fds, n);
    if (ready > 0 || timeout == 0) {
        return ready;
    }
    if (!console_may_wait()) {
        return RILL_EPERM;
    }
    rill_time_t now = rill_clock_now();
    return wait_ready(fds, n, timeout < RILL_NEVER - now ? now + timeout : RILL_NEVER);
}
