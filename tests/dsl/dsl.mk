# The interpreter of tests/dsl: `make dsl`, `make fuzz-dsl`, and what tests/dsl_corpus.c links. Included by the Makefile.

DSL_SOURCES := $(filter-out tests/dsl/main.c tests/dsl/io_%,$(wildcard tests/dsl/*.c)) tests/dsl/corpus.S

$(B)/tests/libtest.a: $(DSL_SOURCES:%=$(B)/%.o)

# All programs and their traces in one file: name, program, trace, each ended by a NUL, and an empty name.
$(B)/dsl-corpus: $(wildcard tests/dsl/corpus/*)
	@mkdir -p $(@D)
	$(Q)for p in tests/dsl/corpus/*.dsl; do \
	    printf '%s\0' $$(basename $$p .dsl); cat $$p; printf '\0'; cat $${p%.dsl}.trace; printf '\0'; \
	done > $@; printf '\0' >> $@

$(B)/tests/dsl/corpus.S.o: $(B)/dsl-corpus
$(B)/tests/dsl/corpus.S.o: CFLAGS += -Wa,-I$(B)

DSL_PROGRAM := $(B)/rill-dsl$(if $(filter-out host,$(ARCH)),.elf)
$(DSL_PROGRAM): $(patsubst %,$(B)/%.o,tests/dsl/main.c tests/dsl/io_$(if $(filter host,$(ARCH)),host,board).c tests/vclock.c) \
               $(B)/tests/libtest.a $(LIBRARY)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

.PHONY: dsl dsl-here fuzz-dsl fuzz-dsl-here

# build/host/rill-dsl (build/host-san/ with SANITIZE=1, and so on): a program on standard input, its trace on standard output.
# BOARD=mps2-an385, virt-rv32 and others with as much memory: firmware that reads the program from the console.
DSL_BOARD := $(if $(filter command line,$(origin BOARD)),$(BOARD),host)
dsl:
	@$(MAKE) BOARD=$(DSL_BOARD) dsl-here

dsl-here: $(DSL_PROGRAM)

# Random programs against CPython 3.13: make fuzz-dsl N=1000 SEED=1 [BOARD=virt-rv32] [JOBS=2] [SHARED=<the reference's directory>]
fuzz-dsl:
	@$(MAKE) BOARD=$(DSL_BOARD) fuzz-dsl-here

fuzz-dsl-here: $(DSL_PROGRAM)
	@tools/fuzz_dsl.py --binary $(DSL_PROGRAM) $(if $(filter-out host,$(ARCH)),--emulator '$(QEMU) -kernel') \
	    $(if $(N),-n $(N)) $(if $(SEED),--seed $(SEED)) $(if $(JOBS),-j $(JOBS)) $(if $(SHARED),--shared $(SHARED))
