// The wrappers of delays that many vendors have.
#include <rill/wrap.h>

RILL_WRAP_DELAY(HAL_Delay, uint32_t, 1000)
RILL_WRAP_DELAY(delay, unsigned long, 1000)
RILL_WRAP_DELAY(delay_ms, uint32_t, 1000)
RILL_WRAP_DELAY(sleep_ms, uint32_t, 1000)
RILL_WRAP_DELAY(delay_us, uint32_t, 1)
RILL_WRAP_DELAY(delayMicroseconds, unsigned, 1)
RILL_WRAP_DELAY(sleep_us, uint64_t, 1)
