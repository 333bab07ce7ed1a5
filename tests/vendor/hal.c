// Like a vendor's HAL: delays that spin.
#include "vendor.h"

unsigned vendor_spins;

void HAL_Delay(uint32_t ms)
{
    vendor_spins += ms;
}

void delay(unsigned long ms)
{
    vendor_spins += (unsigned)ms;
}

void delay_us(uint32_t us)
{
    vendor_spins += us;
}

void vendor_wait(uint16_t hundred_us)
{
    vendor_spins += hundred_us;
}
