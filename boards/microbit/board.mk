# BBC micro:bit v1: nRF51822, Cortex-M0, 16 MHz, 256 KB flash, 16 KB RAM
ARCH := arm-m
CPUFLAGS := -mcpu=cortex-m0 -mthumb
LDSCRIPT := linker/nrf51.ld
RAM_KB := 16
DRIVERS := uart_nrf51 timer_nrf51 gpio gpio_nrf51
BOARD_DEFS := -DRILL_IRQ_LINES=32
QEMU := qemu-system-arm -M microbit -nographic -monitor none -serial stdio -semihosting-config enable=on,target=native
FLASH = openocd -f interface/cmsis-dap.cfg -f target/nrf51.cfg -c "program $(ELF) verify reset exit"
