#!/bin/sh
# rill-test: script | boards=mps2-an386,mps2-an385,virt-rv32,virt-rv64 | big
# Installs the library for the board given, builds examples/minimal with it somewhere else and runs that.
set -eu

board=${1:-mps2-an386}
tree=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
trap 'exit 130' INT TERM HUP
unset MAKEFLAGS MFLAGS MAKELEVEL BOARD RILL 2> /dev/null || true
passed=0
failed=0

# check NAME COMMAND...: one case.
check()
{
    name=$1
    shift
    if "$@" > "$place/log" 2>&1; then
        echo "ok outside_tree.$name"
        passed=$((passed + 1))
    else
        echo "FAIL outside_tree.$name: $(tail -1 "$place/log")"
        failed=$((failed + 1))
    fi
}

install_rill()
{
    make -s -C "$tree" install BOARD="$board" LIBC="$1" PROFILE=release DESTDIR="$place/root-$1" PREFIX=/opt/rill
}

build()
{
    cp -r "$tree/examples/minimal" "$place/app-$1"
    rm -rf "$place/app-$1/build"
    make -s -C "$place/app-$1" BOARD="$board" RILL="$place/root-$1/opt/rill"
}

# No name of the tree it came from may be needed.
stands_alone()
{
    ! grep -F "$tree" "$place/root-$1/opt/rill/lib/rill/$board/rill.mk"
}

runs()
{
    timeout 30 make -s -C "$place/app-$1" run BOARD="$board" RILL="$place/root-$1/opt/rill" < /dev/null \
        > "$place/output"
    printf 'hello world, 1\nhello world, 2\nhello world, 3\n' | diff - "$place/output"
}

for libc in newlib picolibc; do
    check "install_$libc" install_rill $libc
    check "build_$libc" build $libc
    check "stands_alone_$libc" stands_alone $libc
    check "runs_$libc" runs $libc
done
echo "# done $passed $failed"
[ "$failed" = 0 ]
