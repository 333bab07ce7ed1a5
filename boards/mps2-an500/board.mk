# Arm MPS2 with the AN500 image: Cortex-M7, 25 MHz
ARCH := arm-m
CPUFLAGS := -mcpu=cortex-m7 -mthumb -mfloat-abi=hard -mfpu=fpv5-sp-d16
LDSCRIPT := linker/mps2-an500.ld
RAM_KB := 4096
DRIVERS := uart_cmsdk timer_cmsdk gpio gpio_cmsdk
BOARD_DEFS := -DRILL_IRQ_LINES=32 -DTIMER_CMSDK_MHZ=25 -DTIMER_CMSDK_BASE0=0x40000000u -DTIMER_CMSDK_BASE1=0x40001000u \
    -DTIMER_CMSDK_LINE1=9
QEMU := qemu-system-arm -M mps2-an500 -nographic -monitor none -serial stdio -semihosting-config enable=on,target=native
