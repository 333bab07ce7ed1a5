// Rill's codes and the C library's errno. Most numbers are the same; those that differ between C libraries are not.
#include "console.h"

#include <rill/libc.h>
#include <rill/types.h>

#include <errno.h>

static const struct {
    short code;
    short number;
} different[] = {
    { RILL_ECANCELED, ECANCELED }, { RILL_ETIMEDOUT, ETIMEDOUT }, { RILL_EDEADLK, EDEADLK }, { RILL_ENODATA, ENODATA },
    { RILL_EOVERFLOW, EOVERFLOW }, { RILL_ESTALE, ESTALE },       { RILL_ESTATE, EALREADY }, { RILL_EQFULL, ENOBUFS },
};

enum { N = sizeof different / sizeof *different };

int console_result(int result)
{
    if (result >= 0) {
        return result;
    }
    unsigned i = 0;
    while (i < N && different[i].code != result) { // bound: N
        i++;
    }
    *console_errno() = i < N ? different[i].number : -result;
    return -1;
}

int rill_errno_code(void)
{
    int number = *rill_errno();
    unsigned i = 0;
    while (i < N && different[i].number != number) { // bound: N
        i++;
    }
    return i < N ? different[i].code : -number;
}
