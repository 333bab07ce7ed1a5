// assert() of <assert.h>, without the C library's stdio.
#include <rill/assert.h>

#include <assert.h>
#include <stdio.h>

void __assert_func(const char *file, int line, const char *function, const char *condition)
{
    printf("%s:%d: %s: %s\n", file, line, function != NULL ? function : "?", condition);
    rill_panic(3, "assert");
}
