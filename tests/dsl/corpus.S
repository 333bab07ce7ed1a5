// The corpus (dsl.mk makes the file): rill programs and the traces CPython 3.13 printed for them.
    .section .rodata.dsl_corpus, "a"
    .global dsl_corpus
dsl_corpus:
    .incbin "dsl-corpus"

#if defined(__ELF__) && defined(__linux__)
    .section .note.GNU-stack, ""
#endif
