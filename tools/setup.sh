#!/bin/sh
# Installs what is missing, and only that: a fresh Debian 12 with git, make and root needs nothing done by hand.
#
#     tools/setup.sh run BOARD    to build and run one board (LIBC=picolibc in the environment: that library instead)
#     tools/setup.sh test         everything `make qemu-test` needs: all compilers, all emulators, the host's sanitizers
#     tools/setup.sh check        everything `make check` needs
#     tools/setup.sh plots        everything `make bench-plots` needs
#
# What is there is found by looking for commands and files, not by asking the package manager, so tools installed in
# another way count. Root installs directly, others through sudo; without either the command to run is printed.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
packages=

usage() {
    echo "usage: tools/setup.sh run BOARD | test | check | plots" >&2
    exit 2
}

# want PACKAGE CONDITION...: PACKAGE is missing unless the command CONDITION... succeeds.
want() {
    package=$1
    shift
    if "$@" >/dev/null 2>&1; then
        return
    fi
    case " $packages " in
        *" $package "*) ;;
        *) packages="${packages:+$packages }$package" ;;
    esac
}

has() {
    command -v "$1"
}

# Does the compiler $1 come with the file $2?
compiler_has() {
    file=$("$1" -print-file-name="$2") && [ "$file" != "$2" ] && [ -e "$file" ]
}

can_compile() {
    has "$1" && printf '#include <stdio.h>\n' | "$1" -x "$2" -fsyntax-only -
}

has_newlib_source() {
    ls /usr/src/newlib/newlib*
}

want_python() {
    want python3 python3 -c 'import json, subprocess, termios'
}

want_host() {
    want gcc has gcc
    want libc6-dev can_compile gcc c
    want make has make
    if [ "${VARIANT:-}" = aarch64 ] && [ "$(uname -m)" != aarch64 ]; then
        want_aarch64
    fi
}

want_aarch64() {
    want gcc-aarch64-linux-gnu has aarch64-linux-gnu-gcc
    want libc6-dev-arm64-cross can_compile aarch64-linux-gnu-gcc c
    want qemu-user has qemu-aarch64
}

want_arm() {
    want gcc-arm-none-eabi has arm-none-eabi-gcc
    want libnewlib-arm-none-eabi compiler_has arm-none-eabi-gcc libc.a
    want qemu-system-arm has qemu-system-arm
    if [ "${LIBC:-newlib}" = picolibc ]; then
        want picolibc-arm-none-eabi compiler_has arm-none-eabi-gcc picolibc.specs
    fi
}

# Debian has no compiled newlib for RISC-V, only its source: tools/build_newlib.sh compiles it.
want_riscv() {
    want gcc-riscv64-unknown-elf has riscv64-unknown-elf-gcc
    want qemu-system-misc has qemu-system-riscv32
    if [ "${LIBC:-newlib}" = picolibc ]; then
        want picolibc-riscv64-unknown-elf compiler_has riscv64-unknown-elf-gcc picolibc.specs
    else
        want newlib-source has_newlib_source
        want xz-utils has xz
        want_host
    fi
}

want_board() {
    mk=$root/boards/$1/board.mk
    if [ ! -f "$mk" ]; then
        echo "setup: there is no board '$1'; boards: $(cd "$root/boards" && echo *)" >&2
        exit 2
    fi
    want_python
    case $(sed -n 's/^ARCH *:*= *\([^ #]*\).*/\1/p' "$mk") in
        arm-m) want_arm ;;
        riscv) want_riscv ;;
        host) want_host ;;
        *) echo "setup: $mk names no architecture known here" >&2; exit 2 ;;
    esac
}

want_test() {
    want_python
    want_host
    want gcc compiler_has gcc libasan.so
    want gcc compiler_has gcc libubsan.so
    want valgrind has valgrind
    want_arm
    want_riscv
    want picolibc-arm-none-eabi compiler_has arm-none-eabi-gcc picolibc.specs
    want picolibc-riscv64-unknown-elf compiler_has riscv64-unknown-elf-gcc picolibc.specs
}

want_check() {
    want_python
    want_host
    want_arm
    want_riscv
    want g++ can_compile g++ c++
    want cppcheck has cppcheck
    want shellcheck has shellcheck
    want clang-format has clang-format
    want clang-tidy has clang-tidy
}

want_plots() {
    want_board mps2-an385
    want_board virt-rv32
    want gnuplot-nox has gnuplot
}

collect() {
    packages=
    case ${1:-} in
        run) [ $# -eq 2 ] || usage; want_board "$2" ;;
        test) want_test ;;
        check) want_check ;;
        plots) want_plots ;;
        *) usage ;;
    esac
}

lists_empty() {
    ! ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1
}

# The command that gives us root's rights, or nothing. sudo may ask for a password only if somebody is there to type it.
find_root() {
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif has sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        as_root=sudo
    else
        echo "setup: missing: $packages" >&2
        echo "setup: run as root:  apt-get update && apt-get install --no-install-recommends $packages" >&2
        exit 1
    fi
}

apt() {
    echo "setup: ${as_root:+$as_root }apt-get $*" >&2
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" >&2 </dev/null
}

# shellcheck disable=SC2086 # $packages is a list
install_packages() {
    updated=no
    if lists_empty; then
        apt update
        updated=yes
    fi
    if apt install --no-install-recommends $packages; then
        return
    fi
    if [ $updated = yes ]; then
        return 1
    fi
    echo "setup: the package lists may be old; trying once more with new ones" >&2
    apt update
    apt install --no-install-recommends $packages
}

collect "$@"
[ -n "$packages" ] || exit 0
if ! has apt-get >/dev/null; then
    echo "setup: missing, by the names Debian gives them: $packages" >&2
    echo "setup: there is no apt-get here; install them with your own package manager" >&2
    exit 1
fi
find_root
echo "setup: installing what is missing: $packages" >&2
install_packages || { echo "setup: apt-get failed" >&2; exit 1; }
collect "$@"
if [ -n "$packages" ]; then
    echo "setup: installed, and still not found: $packages" >&2
    exit 1
fi
