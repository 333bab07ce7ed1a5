// Contract breaches: assertions with stable ids, and the one place where everything fatal ends.
#ifndef RILL_ASSERT_H
#define RILL_ASSERT_H

#include <rill/config.h>

#ifdef __cplusplus
extern "C" {
#endif

// Stops the program for a reason that leaves no safe way on. Prints `rill: <what> [<id>] in task <name>` on the console
// and ends with a non-zero status. The library's version is weak; an application may define its own, which must not
// return. asyncio: none. Context: any. Cost: the end.
__attribute__((noreturn)) void rill_panic(unsigned id, const char *what);

// Checked in debug builds only. `id` is unique in the library and never reused; docs/ASSERTIONS.md lists them.
#if RILL_DEBUG
#define RILL_ASSERT(id, condition, what) ((condition) ? (void)0 : rill_panic((id), (what)))
#else
#define RILL_ASSERT(id, condition, what) ((void)0)
#endif

#ifdef __cplusplus
}
#endif

#endif
