# The development machine (x86-64 or aarch64 Linux): virtual clock, simulated interrupts. VARIANT=aarch64 cross-builds.
ARCH := host
DRIVERS := timer_host uart_host
VARIANTS := aarch64
ifeq ($(VARIANT),aarch64)
ifneq ($(shell uname -m),aarch64)
CROSS := aarch64-linux-gnu-
QEMU := qemu-aarch64 -L /usr/aarch64-linux-gnu
endif
endif
