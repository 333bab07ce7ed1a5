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

# Vendor delays wrapped, one of them the application's own, and the headers neither C library has.
wraps()
{
    mkdir -p "$place/wraps-$1"
    cat > "$place/wraps-$1/app.c" << 'END'
#include <poll.h>
#include <rill/task.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>

RILL_TASK_POOL_DEFINE(tasks, 2, 2048);
void HAL_Delay(uint32_t ms);
void board_wait(uint16_t hundred_us);

static int three(void *name)
{
    for (int i = 0; i < 3; i++) {
        printf("%s\n", (char *)name);
        HAL_Delay(10);
        board_wait(3);
    }
    return poll(NULL, 0, 1);
}

static int app(void *arg)
{
    struct timespec time = { 0, 5000000 };
    rill_task_t task;
    (void)arg;
    rill_spawn(&tasks, three, "a", &task);
    nanosleep(&time, NULL);
    three("b");
    return rill_join(task, NULL);
}

int main(void)
{
    return rill_run(&tasks, app, NULL, NULL);
}
END
    printf '#include <rill/wrap.h>\nRILL_WRAP_DELAY(board_wait, uint16_t, 100)\n' > "$place/wraps-$1/board.c"
    cat > "$place/wraps-$1/Makefile" << END
.RECIPEPREFIX := >
include $place/root-$1/opt/rill/lib/rill/$board/rill.mk
RILL_WRAP := HAL_Delay board_wait
run: app.c board.c
> \$(RILL_CC) -O2 -Wall -Werror \$(RILL_CFLAGS) \$^ \$(RILL_LDFLAGS) -o app.elf
> \$(RILL_QEMU) -kernel app.elf
END
    timeout 30 make -s -C "$place/wraps-$1" run < /dev/null > "$place/output"
    printf 'a\nb\na\nb\na\nb\n' | diff - "$place/output"
}

for libc in newlib picolibc; do
    check "install_$libc" install_rill $libc
    check "build_$libc" build $libc
    check "stands_alone_$libc" stands_alone $libc
    check "runs_$libc" runs $libc
    check "wraps_$libc" wraps $libc
done
echo "# done $passed $failed"
[ "$failed" = 0 ]
