# TI (Luminary) EKK-LM3S6965: Cortex-M3, 50 MHz, 256 KB flash, 64 KB RAM
ARCH := arm-m
CPUFLAGS := -mcpu=cortex-m3 -mthumb
LDSCRIPT := linker/lm3s6965.ld
RAM_KB := 64
DRIVERS := uart_pl011 timer_lm3s gpio gpio_lm3s
BOARD_DEFS := -DRILL_IRQ_LINES=44
QEMU := qemu-system-arm -M lm3s6965evb -nographic -monitor none -serial stdio -semihosting-config enable=on,target=native
FLASH = openocd -f board/ek-lm3s6965.cfg -c "program $(ELF) verify reset exit"
