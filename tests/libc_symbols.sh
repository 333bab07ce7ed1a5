#!/bin/sh
# rill-test: script | boards=mps2-an386,microbit,virt-rv32 | big
# Neither an allocator nor descriptors are linked into a program that prints, formats and uses errno.
set -eu

board=${1:-mps2-an386}
tree=$(cd "$(dirname "$0")/.." && pwd)
unset MAKEFLAGS MFLAGS MAKELEVEL 2> /dev/null || true
cd "$tree"
case $(sed -n 's/^ARCH := //p' "boards/$board/board.mk") in
arm-m) nm=arm-none-eabi-nm ;;
*) nm=riscv64-unknown-elf-nm ;;
esac
passed=0
failed=0
for libc in newlib picolibc; do
    elf=build/$board/tests/libc.elf
    [ $libc = newlib ] || elf=build/$board-$libc/tests/libc.elf
    if ! make -s BOARD="$board" LIBC=$libc "$elf" > /dev/null; then
        found="it cannot be built"
    elif ! $nm "$elf" | grep -q ' T printf$'; then
        found="it has no printf"
    else
        found=$($nm "$elf" | grep -iE ' [TWDB] _*(malloc|calloc|realloc|free|sbrk)(_r)?$' | head -1)
    fi
    if [ -z "$found" ]; then
        unused='rill_(file|device|heap_glue|reent|delay)|__wrap_|_*(poll|select|scanf)$'
        found=$($nm "$elf" | grep -E " [A-Za-z] ($unused)" | head -1)
    fi
    if [ -z "$found" ]; then
        echo "ok libc_symbols.$libc"
        passed=$((passed + 1))
    else
        echo "FAIL libc_symbols.$libc: $found"
        failed=$((failed + 1))
    fi
done
echo "# done $passed $failed"
[ "$failed" = 0 ]
