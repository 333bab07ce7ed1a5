#!/bin/sh
# Builds newlib in its nano configuration for one RISC-V variant: Debian has newlib for ARM only, and its RISC-V C
# library (picolibc) has no nano newlib to compare with.
#
#   tools/build_newlib.sh <march> <mabi> <directory>      for instance rv32imac ilp32 build/newlib/rv32imac-ilp32
#
# The result is <directory>/include and <directory>/lib. The source comes from Debian's package newlib-source, or from
# NEWLIB_SOURCE=<tarball>; no network. It is built beside the directory and renamed when complete, so it may be
# interrupted at any time; what exists is left as it is. Log: <directory>.log
set -eu

if [ $# != 3 ]; then
    echo "usage: $0 <march> <mabi> <directory>" >&2
    exit 2
fi
march=$1
mabi=$2
mkdir -p "$(dirname "$3")"
out=$(cd "$(dirname "$3")" && pwd)/$(basename "$3")

fail()
{
    echo "build_newlib.sh: $*" >&2
    exit 1
}

done_already()
{
    echo "newlib $march/$mabi: $3 is there"
    exit 0
}

[ ! -f "$out/lib/libc.a" ] || done_already "$@"

# One at a time per directory; a second caller waits and finds it done.
if [ -z "${NEWLIB_LOCKED-}" ] && command -v flock > /dev/null; then
    NEWLIB_LOCKED=1 exec flock "$out.lock" "$0" "$@"
fi
[ ! -f "$out/lib/libc.a" ] || done_already "$@"

source=${NEWLIB_SOURCE-}
for tarball in /usr/src/newlib/newlib-*.tar.*; do
    [ -n "$source" ] || source=$tarball
done
[ -f "$source" ] || fail "no source; install Debian's package newlib-source or set NEWLIB_SOURCE"
command -v riscv64-unknown-elf-gcc > /dev/null ||
    fail "riscv64-unknown-elf-gcc is not installed (gcc-riscv64-unknown-elf)"

# What interrupted runs left is removed; under the lock nobody else works here.
work=$out.work
rm -rf "$work"
mkdir -p "$work/source" "$work/build"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
log=$out.log
echo "newlib $march/$mabi: building (a few minutes)"
tar xf "$source" -C "$work/source" --strip-components=1

# The variables of the surrounding make would reach newlib's makefiles.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES CC CFLAGS LDFLAGS CROSS BOARD OPT V 2> /dev/null || true

cd "$work/build"
build()
{
    MAKEINFO=true ../source/configure \
        --target=riscv64-unknown-elf --prefix="$work/install" --disable-multilib --disable-libgloss --disable-nls \
        --enable-newlib-nano-malloc --enable-newlib-nano-formatted-io --enable-newlib-reent-small \
        --enable-newlib-global-atexit --enable-lite-exit --enable-newlib-retargetable-locking \
        --enable-newlib-io-long-long --disable-newlib-supplied-syscalls --disable-newlib-fvwrite-in-streamio \
        --disable-newlib-fseek-optimization --disable-newlib-wide-orient --disable-newlib-unbuf-stream-opt \
        CFLAGS_FOR_TARGET="-Os -ffunction-sections -fdata-sections \
            -march=$march -misa-spec=2.2 -mabi=$mabi -mcmodel=medany" &&
    make -j"${JOBS:-$(nproc 2> /dev/null || echo 2)}" MAKEINFO=true all-target-newlib &&
    make MAKEINFO=true install-target-newlib
}
build > "$log" 2>&1 || { tail -5 "$log" >&2; fail "failed; $log tells why"; }

rm -rf "$out"
mv "$work/install/riscv64-unknown-elf" "$out"
echo "newlib $march/$mabi: $3"
