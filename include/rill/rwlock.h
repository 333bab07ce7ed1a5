// A lock that many readers or one writer hold. What asyncio lacks.
//
// Fair, writers preferred: those who wait are served in the order they came, readers that stand next to each other
// together, so a writer that waits keeps later readers out and a reader never waits for more than the writers before
// it. The lock is handed over, not thrown up: nobody takes it in front of a waiter.
//
// Not recursive: a task that reads and asks to read again stands behind the writers that wait for it.
//
// Unless a function says otherwise: O(1), does not suspend; asyncio: none.
#ifndef RILL_RWLOCK_H
#define RILL_RWLOCK_H

#include <rill/task.h>

#ifdef __cplusplus
extern "C" {
#endif

// 8 bytes on 32-bit machines. Fields are private. A zeroed lock is ready for use, free.
typedef struct rill_rwlock {
    rill_node_t *waiters;
    uint16_t readers; // that hold it
    bool writer;      // holds it
} rill_rwlock_t;

#define RILL_RWLOCK_INIT { NULL, 0, false }

// Takes the lock for reading; suspends if a writer holds it or anybody waits for it. Returns 0; RILL_ECANCELED without
// the lock (if it was handed over meanwhile it goes on to the next); RILL_EOVERFLOW for more than 65535 readers;
// RILL_EINVAL for NULL; RILL_EPERM if it would wait outside a task. Context: task; suspends. O(1).
int rill_rwlock_acquire_read(rill_rwlock_t *lock);

// Takes the lock for writing; suspends if anybody holds it or waits for it. Returns as above. Context: task; suspends.
// O(1).
int rill_rwlock_acquire_write(rill_rwlock_t *lock);

// The same without waiting: RILL_EAGAIN where the others would suspend. Context: loop.
int rill_rwlock_try_read(rill_rwlock_t *lock);
int rill_rwlock_try_write(rill_rwlock_t *lock);

// Gives it back and hands it to the next: one writer, or all readers up to the next writer. Returns 0; RILL_EPERM if it
// is not held this way; RILL_EINVAL for NULL. Context: loop. O(readers handed to).
int rill_rwlock_release_read(rill_rwlock_t *lock);
int rill_rwlock_release_write(rill_rwlock_t *lock);

// Turns the writer into a reader without letting another writer in between; readers at the head of the waiters join.
// Returns as release. Context: loop. O(readers handed to).
int rill_rwlock_downgrade(rill_rwlock_t *lock);

// How many read; whether somebody writes. A lock handed to a task that has not resumed yet is held by it. Context:
// loop.
unsigned rill_rwlock_readers(const rill_rwlock_t *lock);
bool rill_rwlock_writing(const rill_rwlock_t *lock);

#ifdef __cplusplus
}
#endif

#endif
