// Rill under a C library (newlib, picolibc): what lib/libc/ supplies beyond the standard's own functions.
//
// printf, vprintf, puts, putchar and the s- and n- forms are Rill's: no malloc, integers and strings only, about 260
// bytes of stack (Cortex-M) beside what rill_uart_write takes. A task that prints is suspended while the UART is
// busy, and only that task; what one call prints is never mixed with what another task prints. Outside a task, with
// interrupts masked, in an interrupt or before rill_uart_start they poll. Printing is no cancellation point: the text
// goes out and the request stays for the task's next wait.
//
// What is in the port's ring when main returns is lost: rill_uart_flush is the last thing a program's main task does.
//
// The C library's streams (fprintf, fputs, getchar) work as well. newlib needs a heap of 1 KB for them; picolibc
// needs none. Input comes from the port, which must be started: a task that reads waits.
//
// To have the C library's own printf (floating point), put -lc before librill.a when linking, and define a heap.
#ifndef RILL_LIBC_H
#define RILL_LIBC_H

#include <rill/types.h>

#ifdef __cplusplus
extern "C" {
#endif

// errno is the running task's own. A function of the C library that fails leaves its code in one word of the library;
// the next use of errno takes it over. So read errno before the task waits again, as one does anyway; from then on it
// stays with the task. With picolibc compile with -D__PICOLIBC_ERRNO_FUNCTION=rill_errno (rill.mk does). Context:
// any; interrupts and callbacks share the word of the code outside tasks. Never NULL. O(1).
int *rill_errno(void);

// The RILL_E code of errno, for a task's body that passes an error on: if (read(fd, b, n) < 0) { return
// rill_errno_code(); }. The numbers of some codes (ECANCELED) are not the same in all C libraries. Returns a
// negative code. O(1). Context: as errno.
int rill_errno_code(void);

// A delay of at least `us` microseconds for code that knows no errors, the vendor's HAL: suspends a task, stops the
// core before the loop runs. A request to stop the task does not shorten it; it stays for the task's next wait. Returns
// 0; RILL_EPERM at once in a callback, an interrupt or with interrupts masked. Context: thread; suspends. O(1).
int rill_delay_us(rill_time_t us);

// newlib only, for programs that link with --wrap=rill_arch_switch (RILL_WRAP in rill.mk): the calling task's own
// struct _reent, with strtok's place, rand's seed and streams of its own, in memory of the caller's that is valid until
// it leaves: 96 bytes with newlib nano. enter returns what leave wants back; leave closes those streams. Without
// them, and without the linker's option, all tasks share newlib's one structure and no switch costs more. O(1).
// Context: task.
struct _reent;
struct _reent *rill_reent_enter(struct _reent *reent);
void rill_reent_leave(struct _reent *previous);

// Memory for malloc; there is none without it: RILL_HEAP_DEFINE(4096); once, in one file of the application. malloc may
// be used in tasks, callbacks and outside; in an interrupt or a job of an executor it stops the program (assertion
// 107).
#define RILL_HEAP_DEFINE(bytes)                                                                                        \
    static unsigned char rill_heap_memory[bytes] __attribute__((aligned(16)));                                         \
    unsigned char *rill_heap_low = rill_heap_memory;                                                                   \
    unsigned char *rill_heap_high = rill_heap_memory + sizeof rill_heap_memory;                                        \
    static void (*const *const rill_heap_uses_)(void) __attribute__((used)) = &rill_heap_glue

extern unsigned char *rill_heap_low;
extern unsigned char *rill_heap_high;

// Private: naming it makes the linker take Rill's heap and locks before the C library's own. Nothing of it is kept.
extern void (*const rill_heap_glue)(void);

#ifdef __cplusplus
}
#endif

#endif
