#!/bin/sh
# rill-test: script | boards=host
# What make says to wrong values: a line that names what is wrong, and a status that is not 0. And an installation, of
# a release build, into a folder with a blank in its name.
set -u

tree=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
trap 'exit 130' INT TERM HUP
unset MAKEFLAGS MFLAGS MAKELEVEL BOARD OPT CONFIG LIBC PROFILE ONLY SANITIZE VARIANT 2> /dev/null || true
passed=0
failed=0

# result NAME WHY: a case; it has failed if there is a reason.
result()
{
    if [ -z "$2" ]; then
        echo "ok make_refuses.$1"
        passed=$((passed + 1))
    else
        echo "FAIL make_refuses.$1: $2"
        failed=$((failed + 1))
    fi
}

# refuses NAME TEXT ARGUMENTS...: make fails and says TEXT.
refuses()
{
    name=$1
    text=$2
    shift 2
    why=
    if make -s -C "$tree" "$@" > "$place/log" 2>&1; then
        why="make $* succeeds"
    elif ! grep -qF -e "$text" "$place/log"; then
        why="make $* says $(tail -1 "$place/log")"
    fi
    result "$name" "$why"
}

refuses board "unknown BOARD 'nope'" lib BOARD=nope
refuses libc "unknown LIBC 'nope'" lib LIBC=nope
refuses profile "unknown PROFILE 'nope'" lib PROFILE=nope
refuses variant "virt-rv32 has no VARIANT 'nope'" lib BOARD=virt-rv32 VARIANT=nope
refuses level "OPT='fast' names no level" lib OPT=fast
refuses switch "include/rill/config.h has not" lib CONFIG=RILL_NAMES=0,RILL_DEBGU=1
refuses flash "no flash recipe for host" flash BOARD=host
refuses operation "say which operation" trace BOARD=host

why=
make -s -C "$tree" install BOARD=host DESTDIR="$place/a b" PREFIX=/opt > "$place/log" 2>&1 ||
    why=$(tail -1 "$place/log")
[ -f "$place/a b/opt/lib/rill/host/rill.mk" ] || why="nothing in $place/a b"
grep -q RILL_DEBUG "$place/a b/opt/lib/rill/host/rill.mk" && why="it is a dev build"
result install_into_a_blank "$why"

why=
cp -r "$tree/examples/minimal" "$place/app" && rm -rf "$place/app/build" && mv "$place/a b" "$place/root"
make -s -C "$place/app" BOARD=host RILL="$place/root/opt" > "$place/log" 2>&1 &&
    "$place/app/build/app.elf" > "$place/output"
printf 'hello world, 1\nhello world, 2\nhello world, 3\n' | cmp -s - "$place/output" || why="it does not say hello"
result minimal_on_the_host "$why"

echo "# done $passed $failed"
[ "$failed" = 0 ]
