# Rill's one Makefile; `make help` lists the commands.
#
#   BOARD=<folder of boards/>   LIBC=newlib|picolibc   PROFILE=dev|release   OPT=-O2|-Os|-O3   LTO=1   VARIANT=<of the board>
#   SANITIZE=1 (host)   V=1 (show command lines)   CONFIG=RILL_NAMES=0,RILL_STATS=1 (switches of include/rill/config.h)
#
# Everything is built below build/<board>[-<profile>...]/; nothing is written elsewhere.

BOARD ?= mps2-an386
LIBC ?= newlib
PROFILE ?= $(if $(filter lib install,$(MAKECMDGOALS)),release,dev)
OPT ?= -O2
PREFIX ?= /usr/local
MAIN ?= shell
MAKEFLAGS += --no-builtin-rules --no-print-directory
SHELL := /bin/sh
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

BOARDS := $(sort $(patsubst boards/%/board.mk,%,$(wildcard boards/*/board.mk)))

ifneq ($(words $(BOARD)) $(filter $(BOARD),$(BOARDS)),1 $(BOARD))
$(error unknown BOARD '$(BOARD)'; there are: $(BOARDS))
endif
ifeq ($(filter $(LIBC),newlib picolibc),)
$(error unknown LIBC '$(LIBC)'; there are: newlib picolibc)
endif
ifeq ($(filter $(PROFILE),dev release),)
$(error unknown PROFILE '$(PROFILE)'; there are: dev release)
endif
ifeq ($(filter -O0 -O1 -O2 -O3 -Og -Os -Oz,$(OPT)),)
$(error OPT='$(OPT)' names no level; there are: -O0 -O1 -O2 -O3 -Og -Os -Oz, and options behind it)
endif

VARIANTS :=
include boards/$(BOARD)/board.mk

ifneq ($(filter-out $(VARIANTS),$(VARIANT)),)
$(error $(BOARD) has no VARIANT '$(VARIANT)'; there are: $(or $(VARIANTS),none))
endif

# ---- compiler

TOOL_arm-m := arm-none-eabi-
TOOL_riscv := riscv64-unknown-elf-
TOOL_host :=
PACKAGE_arm-m := gcc-arm-none-eabi
PACKAGE_riscv := gcc-riscv64-unknown-elf
PACKAGE_host := gcc$(if $(filter aarch64,$(VARIANT)),-aarch64-linux-gnu)
CROSS ?= $(TOOL_$(ARCH))
CC := $(CROSS)gcc
AR := $(CROSS)gcc-ar
OBJCOPY := $(CROSS)objcopy

# These goals compile nothing themselves, or set up what is missing first.
ifneq ($(filter-out help clean run qemu-test setup soak check boards examples bench-plots,$(MAKECMDGOALS)),)
ifeq ($(shell command -v $(CC)),)
$(error $(CC) is not installed; install Debian's package $(PACKAGE_$(ARCH)), or run `tools/setup.sh run $(BOARD)`)
endif
endif

DEFS_dev := -DRILL_DEBUG=1 -DRILL_STATS=1 -DRILL_STACK_GUARD=1
DEFS_release :=
comma := ,
SWITCHES := $(subst $(comma), ,$(CONFIG))
ifdef SWITCHES
KNOWN := $(filter-out RILL_CONFIG_H,$(shell sed -n 's/^#ifndef //p' include/rill/config.h))
ifneq ($(filter-out $(KNOWN),$(foreach s,$(SWITCHES),$(firstword $(subst =, ,$s)))),)
$(error CONFIG='$(CONFIG)' has a switch that include/rill/config.h has not; there are: $(KNOWN))
endif
endif
DEFS = $(DEFS_$(PROFILE)) $(foreach s,$(SWITCHES),-U$(firstword $(subst =, ,$s)) -D$s) $(BOARD_DEFS) $(if $(SOAK),-DSOAK)
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wundef -Wstrict-prototypes $(WERROR)
INCLUDES := -Iinclude -Iarch -Iarch/$(ARCH)
# Where space counts: GCC 12's -Os duplicates whole blocks to save a jump, merges blocks too early to see what is equal, and
# makes each file its own clone of a shared function whose value it does not use.
# RISC-V has no instruction that saves several registers; functions of libgcc do.
SIZE_FLAGS := $(if $(filter -Os,$(OPT)),--param=max-jump-thread-duplication-stmts=4 -fno-tree-tail-merge -fno-ipa-sra \
              $(if $(filter riscv,$(ARCH)),-msave-restore))
CFLAGS = -std=gnu11 $(SIZE_FLAGS) $(OPT) -g $(CPUFLAGS) $(DEFS) $(WARNINGS) $(INCLUDES) -ffunction-sections -fdata-sections \
         -fno-common $(LIBC_CFLAGS) $(POSIX_CFLAGS) $(MODE_FLAGS)
LDFLAGS = $(OPT) -g $(CPUFLAGS) $(MODE_FLAGS) -Wl,--gc-sections $(TARGET_LDFLAGS) $(WRAP_LDFLAGS)
# RILL_WRAP=HAL_Delay...: functions whose callers get the library's version (include/rill/wrap.h).
WRAP_LDFLAGS = $(RILL_WRAP:%=-Wl,--wrap=%)
# Link-time optimisation does not tell the linker in time of functions it knows itself: then another library's are found.
LTO_FLAGS := -flto $(addprefix -fno-builtin-,printf vprintf puts putchar sprintf snprintf vsprintf vsnprintf)
MODE_FLAGS := $(if $(LTO),$(LTO_FLAGS)) $(if $(SANITIZE),-fsanitize=address$(comma)undefined -fno-sanitize-recover=undefined)

MODE := $(BOARD)$(if $(VARIANT),-$(VARIANT))$(if $(filter release,$(PROFILE)),-release)
MODE := $(MODE)$(if $(filter-out newlib,$(LIBC)),-$(LIBC))$(filter-out -O2,$(OPT))$(if $(LTO),-lto)$(if $(SANITIZE),-san)$(if $(SOAK),-soak)
MODE := $(MODE)$(addprefix -,$(subst =,,$(subst RILL_,,$(SWITCHES))))
MODE := $(subst $() ,,$(MODE))
B := build/$(MODE)

# ---- C library

ifeq ($(ARCH),host)
TARGET_LDFLAGS := -Wl,-z,now # binding a symbol at its first call takes 3 KB of the caller's stack
LIBS := -lm
LIBC_SOURCES := $(addprefix lib/libc/,console.c file.c file_poll.c file_table.c devices.c delay.c wrap.c)
else
TARGET_LDFLAGS = -nostartfiles -L linker -T $(LDSCRIPT) -Wl,-Map=$(@:.elf=.map)
LIBC_SOURCES := $(wildcard lib/libc/*.c lib/libc/$(LIBC)/*.c lib/libc/$(LIBC)/$(ARCH).S)
ifeq ($(LIBC),picolibc)
LIBC_CFLAGS := --specs=picolibc.specs -D__PICOLIBC_ERRNO_FUNCTION=rill_errno
TARGET_LDFLAGS += --specs=picolibc.specs
else ifeq ($(ARCH),arm-m)
LIBC_CFLAGS := --specs=nano.specs # its headers: struct _reent is another one
TARGET_LDFLAGS += --specs=nano.specs
else
NEWLIB := build/newlib/$(MARCH)-$(MABI)
LIBC_CFLAGS := -isystem $(NEWLIB)/include
TARGET_LDFLAGS += -L $(NEWLIB)/lib -nodefaultlibs
LIBC_READY := $(NEWLIB)/lib/libc.a
endif
# What neither C library has or shows of POSIX.
POSIX_CFLAGS := -isystem lib/libc/include -D_POSIX_TIMERS=1 -D_POSIX_MONOTONIC_CLOCK=1
# The C library calls back into librill.a, which comes first: its printf is the one to be found.
LIBS = -Wl,--start-group $(LIBRARY) -lc -lgcc -Wl,--end-group
endif

$(NEWLIB)/lib/libc.a:
	@tools/build_newlib.sh $(MARCH) $(MABI) $(NEWLIB)

# ---- what there is to build

SOURCES := $(wildcard kernel/*.c arch/$(ARCH)/*.c arch/$(ARCH)/*.S boards/$(BOARD)/*.c boards/$(BOARD)/*.S) \
           $(LIBC_SOURCES) $(DRIVERS:%=drivers/%.c) $(wildcard drivers/uart.c) $(if $(filter-out host,$(ARCH)),drivers/uart_console.c)
OBJECTS := $(SOURCES:%=$(B)/%.o)
LIBRARY := $(B)/librill.a

TEST_OBJECTS := $(patsubst %,$(B)/%.o,tests/test.c $(wildcard tests/vendor/*.c tests/arch/$(ARCH)/*.S))
ifneq ($(filter programs print-tests,$(MAKECMDGOALS)),)
TEST_SOURCES := $(shell tools/run_tests.py --sources $(BOARD))
endif
# ONLY=a,b: the test programs whose path contains one of these.
ifdef ONLY
TEST_SOURCES := $(sort $(foreach o,$(subst $(comma), ,$(ONLY)),$(foreach t,$(TEST_SOURCES),$(if $(findstring $o,$t),$t))))
endif
# --wrap does not reach the calls inside a library that is optimised with the program.
TESTS := $(patsubst %.c,$(B)/%.elf,$(filter-out $(if $(LTO),tests/signal_race.c tests/submit_race.c),$(TEST_SOURCES)))
REAL_CLOCK := $(patsubst %.c,$(B)/%.elf,$(shell grep -lEs '^// rill-test:.*real-clock' tests/*.c tests/*/*.c))

# Each file of examples/documents/ is a program; some need more RAM than the smallest boards have.
DOCUMENTS := $(if $(filter 8 12 16 20,$(RAM_KB)),,$(patsubst examples/%.c,%,$(wildcard examples/documents/*.c)))
EXAMPLE_NAMES := $(basename $(notdir $(wildcard examples/*.c))) $(DOCUMENTS) \
                 $(patsubst examples/%/,%,$(filter-out examples/minimal/ examples/documents/,$(dir $(wildcard examples/*/*.c))))
EXAMPLES := $(patsubst %,$(B)/examples/%.elf,$(sort $(filter-out $(TOO_BIG),$(EXAMPLE_NAMES))))
BENCHES := $(patsubst bench/%.c,$(B)/bench/%.elf,$(wildcard bench/*.c))

Q := $(if $(V),,@)
SILENT := $(V)$(findstring s,$(firstword -$(MAKEFLAGS)))
say = $(if $(SILENT),,@printf '  %-4s %s\n' $(1) $(2))

.PHONY: help all programs print-run print-tests benches print-benches examples build-examples lib install flash size bench bench-plots trace check test run qemu-test setup soak clean boards FORCE

help:
	@echo "make run [BOARD=$(BOARD)]   sets up what is missing, runs the main demo in QEMU"
	@echo "make qemu-test              sets up what is missing, runs every test on every board"
	@echo "make test BOARD=<b>         the tests of one board (host is a board)"
	@echo "make bench | size | check   instruction counts; flash and RAM; static checks"
	@echo "make bench-plots            how the cost grows with the number of tasks and timers, as pictures"
	@echo "make trace OP=<operation>   where its instructions go, by function; LIST=1: one by one"
	@echo "make lib | install          librill.a with headers; DESTDIR= PREFIX="
	@echo "make flash BOARD=<b>        writes the main demo to a board"
	@echo "make examples               runs every example on $(EXAMPLE_BOARDS), or BOARD=, and compares"
	@echo "make clean                  removes build/ except the C libraries"
	@echo "boards: $(BOARDS)"
	@echo "options: LIBC=newlib|picolibc PROFILE=dev|release OPT=-O2|-Os|-O3 LTO=1 SANITIZE=1 V=1"

boards:
	@echo $(BOARDS)

all: $(LIBRARY) build-examples

# ---- rules

# The flags are a prerequisite, so that changing one rebuilds.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CFLAGS) $(LDFLAGS)' | cmp -s - $@ || echo '$(CC) $(CFLAGS) $(LDFLAGS)' > $@

$(B)/%.c.o: %.c $(B)/flags | $(LIBC_READY)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CFLAGS) $(if $(filter $(B)/tests/% $(B)/bench/%,$@),-Itests) -MMD -MP -c $< -o $@

$(B)/%.S.o: %.S $(B)/flags
	@mkdir -p $(@D)
	$(call say,AS,$<)
	$(Q)$(CC) $(CFLAGS) -MMD -MP -c $< -o $@

# The linker scripts are a prerequisite here, because every program depends on the library.
$(LIBRARY): $(OBJECTS) $(if $(LDSCRIPT),$(wildcard linker/*.ld))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcsD $@ $(OBJECTS)

$(B)/tests/libtest.a: $(TEST_OBJECTS)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^

# A vendor's library knows nothing of this link's optimisation, which would find its own way from caller to function.
$(B)/tests/vendor/%.c.o: private CFLAGS += -fno-lto
$(B)/tests/wrap.elf: private RILL_WRAP := HAL_Delay delay delay_us vendor_wait
$(B)/tests/signal_race.elf: private RILL_WRAP := rill_loop_drain
$(B)/tests/submit_race.elf: private RILL_WRAP := rill_detach
$(B)/tests/newlib_reent.elf: private RILL_WRAP := $(if $(filter newlib,$(LIBC)),rill_arch_switch)

# A test runs in virtual time: its clock is linked before the library, whose timer driver is then not needed.
$(B)/tests/%.elf: $(B)/tests/%.c.o $(B)/tests/vclock.c.o $(B)/tests/libtest.a $(LIBRARY)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(filter-out $(if $(filter $@,$(REAL_CLOCK)),%/vclock.c.o),$^) $(LIBS) -o $@

# ROOTS: functions to link whether the program calls them or not (tools/size.py).
$(B)/bench/%.elf: $(B)/bench/%.c.o $(LIBRARY)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(ROOTS:%=-Wl,--require-defined=%) $(filter %.o,$^) $(LIBRARY) $(LIBS) -o $@

# An example is examples/<name>.c or a folder examples/<name>/.
objects_of = $(patsubst %,$(B)/%.o,$(wildcard examples/$(1).c examples/$(1)/*.c))
$(foreach e,$(EXAMPLE_NAMES),$(eval $(B)/examples/$(e).elf: $(call objects_of,$(e))))
$(B)/examples/documents/gevent.elf: private RILL_WRAP := HAL_Delay
$(EXAMPLES): $(LIBRARY)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(filter %.o,$^) $(LIBRARY) $(LIBS) -o $@

%.bin: %.elf
	$(Q)$(OBJCOPY) -O binary $< $@

include tests/dsl/dsl.mk

-include $(OBJECTS:.o=.d) $(wildcard $(B)/tests/*.d $(B)/tests/*/*.d $(B)/tests/*/*/*.d $(B)/examples/*.d $(B)/examples/*/*.d $(B)/bench/*.d $(B)/bench/size/*.d)

# ---- commands

programs: $(TESTS)

benches: $(BENCHES)

print-benches:
	@$(foreach b,$(BENCHES),echo '$b $(QEMU)';):

# For scripts: the folder of this build, and the command that runs a program of it.
print-run:
	@echo '$B'; echo '$(QEMU) $(if $(filter-out host,$(ARCH)),-kernel)'

print-tests:
	@$(foreach t,$(TESTS),echo '$(t) $(QEMU)|';):

build-examples: $(EXAMPLES)

# What the examples print must be what stands beside them.
EXAMPLE_BOARDS := host mps2-an386 virt-rv32
examples:
	@set -e; for board in $(if $(filter command line,$(origin BOARD)),$(BOARD),$(EXAMPLE_BOARDS)); do \
	    tools/setup.sh run $$board; echo "== $$board"; tests/examples.py $$board $(VARIANT:%=VARIANT=%); \
	done

test:
	@tools/setup.sh run $(BOARD)
	@tools/run_tests.py --board $(BOARD)$(VARIANT:%=:VARIANT=%)$(ONLY:%=:ONLY=%)

qemu-test:
	@tools/setup.sh test
	@tools/run_tests.py

setup:
	@tools/setup.sh test

# A million wake-ups on one board of every architecture, and other tests that take too long for every run.
soak:
	@tools/setup.sh test
	@tools/run_tests.py -j1 --filter wakeups $(foreach b,host mps2-an385 microbit virt-rv32,--board $b:SOAK=1)

run:
	@tools/setup.sh run $(BOARD)
	@$(MAKE) -s run-now

.PHONY: run-now
run-now: $(B)/examples/$(MAIN).elf
	@tools/run.py $(QEMU) $(if $(filter-out host,$(ARCH)),-kernel) $<

bench size:
	@tools/$@.py $(if $(filter command line,$(origin BOARD)),$(BOARD))

# How the cost grows with the number of tasks and timers: docs/growth-*.svg.
bench-plots:
	@tools/setup.sh plots
	@tools/plots.py

# Where an operation's instructions go: make trace OP=ping-pong BOARD=mps2-an385 [LIST=1 | CHECK=1]
trace:
	@tools/trace.py $(BOARD) '$(or $(OP),$(error say which operation: OP=<part of the name `make bench` prints>))' \
	    --opt=$(OPT) $(if $(LIST),--list) $(if $(CHECK),--check)

check:
	@tools/setup.sh check
	@tools/check.sh

# What an application outside this tree needs: headers, library, linker scripts and rill.mk with the flags.
lib:
	@$(MAKE) -s DESTDIR= PREFIX=build/sdk install
	@echo "build/sdk/lib/rill/$(BOARD): librill.a and rill.mk, headers in build/sdk/include"

SDK := $(DESTDIR)$(PREFIX)/lib/rill/$(BOARD)
install: $(LIBRARY)
	@mkdir -p "$(SDK)" "$(DESTDIR)$(PREFIX)/include/rill"
	$(Q)cp include/rill/*.h "$(DESTDIR)$(PREFIX)/include/rill/"
	$(Q)cp $(LIBRARY) $(if $(LDSCRIPT),$(wildcard linker/*.ld)) "$(SDK)/"
	@{ echo '# Compile with $$(RILL_CC) $$(RILL_CFLAGS), link with $$(RILL_CC) <objects> $$(RILL_LDFLAGS), run with $$(RILL_QEMU) -kernel <elf>.'; \
	   echo 'RILL_DIR := $$(patsubst %/,%,$$(dir $$(lastword $$(MAKEFILE_LIST))))'; \
	   echo 'RILL_CC := $(strip $(CC) $(filter --specs=%,$(TARGET_LDFLAGS)))'; \
	   echo 'RILL_CFLAGS := $(CPUFLAGS) $(DEFS) -I$$(RILL_DIR)/../../../include $(if $(POSIX_CFLAGS),-isystem $$(RILL_DIR)/include) $(filter -D%,$(LIBC_CFLAGS) $(POSIX_CFLAGS))'; \
	   echo 'RILL_LDFLAGS = $(CPUFLAGS) -Wl,--gc-sections $$(RILL_WRAP:%=-Wl,--wrap=%) $(if $(LDSCRIPT),-nostartfiles -L $$(RILL_DIR) -T $(notdir $(LDSCRIPT))) $(if $(LIBC_READY),-nodefaultlibs -L $$(RILL_DIR)) $(subst $(LIBRARY),$$(RILL_DIR)/librill.a,$(if $(filter host,$(ARCH)),$(LIBRARY) $(LIBS),$(LIBS)))'; \
	   echo 'RILL_QEMU := $(QEMU)'; } > "$(SDK)/rill.mk"
	$(Q)$(if $(LIBC_READY),cp -r $(NEWLIB)/lib/*.a $(NEWLIB)/include "$(SDK)/")
	$(Q)$(if $(POSIX_CFLAGS),cp -r lib/libc/include "$(SDK)/")

ELF := $(B)/examples/$(MAIN).elf
BIN := $(ELF:.elf=.bin)
flash: $(if $(FLASH),$(BIN))
ifeq ($(FLASH),)
	@echo "no flash recipe for $(BOARD)" >&2; exit 1
else
	@command -v $(firstword $(FLASH)) > /dev/null || { echo "$(firstword $(FLASH)) is not installed; install Debian's package" \
	    "$(patsubst st-flash,stlink-tools,$(firstword $(FLASH)))" >&2; exit 1; }
	$(FLASH)
endif

clean:
	@find build -mindepth 1 -maxdepth 1 ! -name newlib -exec rm -rf {} + 2>/dev/null || true
