# ST STM32VLDISCOVERY: STM32F100RB, Cortex-M3, 24 MHz, 128 KB flash, 8 KB RAM
ARCH := arm-m
CPUFLAGS := -mcpu=cortex-m3 -mthumb
LDSCRIPT := linker/stm32f100.ld
RAM_KB := 8
# The shell needs 16 KB of RAM.
MAIN := readme
TOO_BIG := shell
DRIVERS := uart_stm32 timer_systick gpio gpio_stm32f1
BOARD_DEFS := -DRILL_IRQ_LINES=61 -DSYSTICK_TICKS_PER_US=3u -DRILL_ARM_MPU=0
QEMU := qemu-system-arm -M stm32vldiscovery -nographic -monitor none -serial stdio -semihosting-config enable=on,target=native
FLASH = st-flash --reset write $(BIN) 0x08000000
