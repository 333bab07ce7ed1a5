# QEMU virt, 64 bits. VARIANT=fpu: with double-precision FPU
ARCH := riscv
MARCH_ := rv64imac
MARCH_fpu := rv64imafdc
MARCH := $(MARCH_$(VARIANT))
MABI := $(if $(filter fpu,$(VARIANT)),lp64d,lp64)
VARIANTS := fpu
# ISA 2.2 counts the CSR instructions to the base; as "_zicsr" the compiler would not find its libraries.
CPUFLAGS := -march=$(MARCH) -misa-spec=2.2 -mabi=$(MABI) -mcmodel=medany
LDSCRIPT := linker/virt.ld
RAM_KB := 129024
DRIVERS := uart_ns16550 timer_clint
BOARD_DEFS := -DRILL_IRQ_LINES=96 -DCLINT_HZ=10000000u
QEMU := qemu-system-riscv64 -M virt -bios none -nographic -monitor none -serial stdio -semihosting-config enable=on,target=native
