# The development machine (x86-64 or aarch64 Linux): virtual clock, simulated interrupts. VARIANT=aarch64 cross-builds.
ARCH := host
DRIVERS := timer_host uart_host
CROSS := $(if $(filter aarch64,$(VARIANT)),aarch64-linux-gnu-)
