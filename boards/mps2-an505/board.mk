# Arm MPS2+ with the AN505 image: Cortex-M33, Secure state, 20 MHz
ARCH := arm-m
CPUFLAGS := -mcpu=cortex-m33 -mthumb -mfloat-abi=hard -mfpu=fpv5-sp-d16
LDSCRIPT := linker/mps2-an505.ld
RAM_KB := 4096
DRIVERS := uart_cmsdk timer_cmsdk
BOARD_DEFS := -DRILL_IRQ_LINES=96 -DTIMER_CMSDK_MHZ=20 -DTIMER_CMSDK_BASE0=0x50000000u -DTIMER_CMSDK_BASE1=0x50001000u \
    -DTIMER_CMSDK_LINE1=4
QEMU := qemu-system-arm -M mps2-an505 -nographic -monitor none -serial stdio -semihosting-config enable=on,target=native
