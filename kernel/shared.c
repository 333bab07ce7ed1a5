// The one copy of what is SHARED where space counts (kernel.h).
#include <rill/config.h>

#if RILL_SMALL
#define SHARED extern inline
#endif

#include "kernel.h"
