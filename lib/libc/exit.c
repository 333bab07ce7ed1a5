// The end of the program, as C knows it. The library's own exit runs destructors and then comes here.
#include <rill/task.h>

#include "arch.h"

void _exit(int status);

_Noreturn void _exit(int status)
{
    rill_arch_exit(status);
}
