// picolibc's errno is thread-local, and there is one thread-local block for all tasks: the word its functions write.
#undef __PICOLIBC_ERRNO_FUNCTION
#include "../console.h"

#include <errno.h>

int *console_shared_errno(void)
{
    return &errno;
}
