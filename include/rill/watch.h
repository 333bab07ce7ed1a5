// A watched value: its readers always get the latest one, and can wait for one they have not seen. What asyncio lacks.
//
//     RILL_WATCH_DEFINE(setpoint, struct setpoint);
//     rill_watch_set(&setpoint, &wanted);
//     uint32_t seen = 0;
//     for (;;) { TRY(rill_watch_wait(&setpoint, &seen, &wanted)); ...a new value... }
//
// Each set makes a new version. A reader remembers the version it has seen; values in between that it was too slow for
// are skipped, never queued. Any number of readers.
//
// Unless a function says otherwise: O(1), does not suspend; asyncio: none.
#ifndef RILL_WATCH_H
#define RILL_WATCH_H

#include <rill/loop.h>

#ifdef __cplusplus
extern "C" {
#endif

// 40 bytes on 32-bit machines. Fields are private.
typedef struct rill_watch {
    rill_handle_t post; // brings what an interrupt set
    rill_loop_t *loop;  // NULL until the first wait
    rill_node_t *waiters;
    void *value;
    volatile uintptr_t posted; // the value an interrupt set last
    uint32_t version;
    uint16_t size;
    volatile uint8_t pending; // `posted` was not taken over yet
} rill_watch_t;

// Defines a watch with memory for its value; nothing has been set.
#define RILL_WATCH_DEFINE(name, type)                                                                                  \
    static type name##_value;                                                                                          \
    static rill_watch_t name = { RILL_HANDLE_INIT(NULL, NULL), NULL, NULL, &name##_value, 0, 0, sizeof(type), 0 }

// Makes a watch of values of `size` bytes (1 to 65535) over memory of the caller's for one; nothing has been set. Do
// not call it on a watch somebody waits for or an ISR may set. Needed again if the loop it was used in has been closed.
// Returns 0; RILL_EINVAL. Context: loop.
int rill_watch_init(rill_watch_t *watch, void *value, size_t size);

// Copies *value in as a new version and wakes all who wait. Returns 0; RILL_EINVAL for NULL. Context: loop. O(waiters),
// does not suspend.
int rill_watch_set(rill_watch_t *watch, const void *value);

// The same from anywhere, for values no larger than a word: lock-free, never waits. Several sets before the loop gets
// to them make one version, of the last value. Returns 0; RILL_EINVAL for NULL or a larger value. Context: any. O(1).
int rill_watch_set_threadsafe(rill_watch_t *watch, const void *value);

// Waits until there is a version other than *seen (0: any version), then copies its value to *value (NULL: not wanted)
// and its number to *seen. Does not suspend if there is one. Returns 0; RILL_ECANCELED (*seen is as before, so the
// next wait returns at once); RILL_EPIPE if the watch was closed meanwhile; RILL_EINVAL for NULL; RILL_EPERM if it
// would wait outside a task, or on another loop than its own. Context: task; suspends. O(1).
int rill_watch_wait(rill_watch_t *watch, uint32_t *seen, void *value);

// Copies the latest value to *value (NULL: not wanted). Returns 0; RILL_EAGAIN if nothing was set yet; RILL_EINVAL for
// NULL. Context: loop. O(1), does not suspend.
int rill_watch_get(rill_watch_t *watch, void *value);

// The latest version, 0 if nothing was set yet. Readers that are to wait for what comes begin with it. Context: loop.
uint32_t rill_watch_version(rill_watch_t *watch);

// Takes the post out of the loop and makes those who wait return RILL_EPIPE; the value stays. After it nothing refers
// to the memory once they have resumed; the watch may also be used again. Nobody may set it meanwhile. Context: loop.
// O(waiters).
void rill_watch_close(rill_watch_t *watch);

#ifdef __cplusplus
}
#endif

#endif
