# SiFive HiFive1 rev B: FE310-G002, RV32IMAC, 64 MHz, 4 MB flash, 16 KB RAM
# LR/SC: the FE310 has them only for memory behind a data cache, of which it has none; AMOs work.
ARCH := riscv
MARCH := rv32imac
MABI := ilp32
CPUFLAGS := -march=$(MARCH) -misa-spec=2.2 -mabi=$(MABI) -mcmodel=medany
LDSCRIPT := linker/sifive_e.ld
RAM_KB := 16
DRIVERS := uart_sifive timer_clint gpio gpio_sifive
BOARD_DEFS := -DRILL_IRQ_LINES=53 -DRILL_RISCV_LRSC=0 -DCPU_HZ=64000000u -DCLINT_HZ=32768u -DCLINT_EMULATED_HZ=10000000u
QEMU := qemu-system-riscv32 -M sifive_e,revb=true -nographic -monitor none -serial stdio -semihosting-config enable=on,target=native
FLASH = openocd -f board/sifive-hifive1-revb.cfg -c "program $(ELF) verify reset exit"
