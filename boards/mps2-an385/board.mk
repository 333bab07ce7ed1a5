# Arm MPS2 with the AN385 image: Cortex-M3, 25 MHz
ARCH := arm-m
CPUFLAGS := -mcpu=cortex-m3 -mthumb
LDSCRIPT := linker/mps2-an385.ld
RAM_KB := 4096
DRIVERS := uart_cmsdk timer_cmsdk gpio gpio_cmsdk
BOARD_DEFS := -DRILL_IRQ_LINES=32 -DTIMER_CMSDK_MHZ=25 -DTIMER_CMSDK_BASE0=0x40000000u -DTIMER_CMSDK_BASE1=0x40001000u \
    -DTIMER_CMSDK_LINE1=9
QEMU := qemu-system-arm -M mps2-an385 -nographic -monitor none -serial stdio -semihosting-config enable=on,target=native
