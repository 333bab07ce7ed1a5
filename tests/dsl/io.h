// How rill-dsl reads and writes; io_host.c or io_board.c.
#ifndef DSL_IO_H
#define DSL_IO_H

#include "dsl.h"

size_t dsl_read(char *text, size_t size); // the whole program, up to `size` bytes
void dsl_write(char c);                   // of the trace
void dsl_complain(const char *what);      // what is wrong with the program
_Noreturn void dsl_quit(int status);

#endif
