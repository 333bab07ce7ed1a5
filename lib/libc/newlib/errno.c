// newlib's errno: the macro calls __errno. Its own functions write the word in its structure.
#include "../console.h"

#include <rill/libc.h>

#include <sys/reent.h>

int *console_shared_errno(void)
{
    return &_impure_ptr->_errno;
}

// Called by what link-time optimisation has not seen.
__attribute__((used)) int *__errno(void)
{
    return rill_errno();
}
