// What tests/wrap.c has of a vendor.
#ifndef VENDOR_H
#define VENDOR_H

#include <stdint.h>

extern unsigned vendor_spins; // calls of the vendor's own delays, by their argument

void HAL_Delay(uint32_t ms);
void delay(unsigned long ms);
void delay_us(uint32_t us);
void vendor_wait(uint16_t hundred_us);

void sensor_reset(void);
int sensor_measure(void);

#endif
