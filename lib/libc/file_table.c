// The table of a program that defines none: the linker takes this file only then.
#include <rill/file.h>

RILL_FILES_DEFINE(3);
