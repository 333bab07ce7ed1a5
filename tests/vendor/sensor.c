// Like a vendor's driver: it knows nothing of tasks.
#include "vendor.h"

void sensor_reset(void)
{
    HAL_Delay(10);
    delay_us(50);
}

int sensor_measure(void)
{
    vendor_wait(3);
    delay(2);
    return 42;
}
