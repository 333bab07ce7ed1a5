# Netduino Plus 2: STM32F405RG, Cortex-M4F, 168 MHz, 1 MB flash, 128 KB RAM and 64 KB core-coupled RAM
# The console is USART2 (header pins D2 and D3), which is QEMU's second serial port.
ARCH := arm-m
CPUFLAGS := -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16
LDSCRIPT := linker/stm32f405.ld
RAM_KB := 128
DRIVERS := stm32f405 uart_stm32 timer_stm32 gpio gpio_stm32f4
BOARD_DEFS := -DRILL_IRQ_LINES=82 -DTIM2_HZ=84000000u
QEMU := qemu-system-arm -M netduinoplus2 -nographic -monitor none -serial null -serial stdio -semihosting-config enable=on,target=native
FLASH = dfu-util -a 0 -d 0483:df11 -s 0x08000000:leave -D $(BIN)
