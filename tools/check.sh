#!/bin/sh
# The static checks, one line each; what a check found is shown if it failed. Status 1 if any failed.
#
#     tools/check.sh [CHECK...]      all, or the checks named
set -u

cd "$(dirname -- "$0")/.." || exit 1
all="readme features guide text shell layers functions headers api ledger warnings config masking cppcheck tidy format"
boards=$(for mk in boards/*/board.mk; do basename "$(dirname "$mk")"; done)
build=build/check
mkdir -p $build

readme() { tools/check_readme.py; }
features() { tools/check_features.py; }
guide() { tools/check_guide.py; }
text() { tools/check_text.py; }
layers() { tools/check_layers.py; }
functions() { tools/check_functions.py; }
headers() { tools/check_headers.py; }
api() { tools/check_api.py; }
masking() { tools/check_masking.py; }
ledger() { tools/check_ledger.py; }

# find because the tree has few scripts and they may lie anywhere but in build/.
shell() {
    find . \( -path ./.git -o -path ./build \) -prune -o \( -name '*.sh' -o -path ./.ci/run \) -exec shellcheck {} + &&
        echo "shell: clean"
}

# Every board's library, and all that is portable in the release profile as well, with every warning an error.
warnings() {
    for board in $boards; do
        library "$board" dev || return 1
    done
    for board in host mps2-an385 microbit virt-rv32; do
        library "$board" release || return 1
    done
    echo "warnings: none on $(echo "$boards" | wc -l) boards"
}

# Every switch of include/rill/config.h by itself compiles; with all of them off tests pass, stacks and names apart.
config() {
    for switch in RILL_DEBUG=1 RILL_STATS=1 RILL_HIGH_WATER=1 RILL_STACK_GUARD=1 RILL_SMALL=1 RILL_NAMES=0 \
        RILL_FAULT_REPORT=0; do
        make -s -j2 BOARD=mps2-an385 PROFILE=release B=$build/config CONFIG=$switch WERROR=-Werror \
            $build/config/librill.a || {
            echo "config: $switch"
            return 1
        }
    done
    off=RILL_DEBUG=0,RILL_STATS=0,RILL_STACK_GUARD=0,RILL_NAMES=0,RILL_FAULT_REPORT=0,RILL_SMALL=1
    tools/run_tests.py --board mps2-an385:ONLY=conformance/taskgroup,kernel_timer:CONFIG=$off || return 1
    echo "config: every switch compiles, and tests pass with all of them off"
}

library() {
    folder=$build/$1-$2
    make -s -j2 BOARD="$1" PROFILE="$2" B="$folder" WERROR=-Werror "$folder/librill.a" || {
        echo "warnings: $1, $2"
        return 1
    }
}

# uninitvar: false alarms for a variable whose address is kept; gcc and the analyzer of clang-tidy watch for real ones.
# comparePointers: the symbols of a linker script do belong together.
cppcheck_all() {
    for variant in "arch/arm-m -D__ARM_ARCH=7 -D__ARM_ARCH_7M__" \
        "arch/riscv -D__riscv -D__riscv_xlen=32 -D__riscv_atomic"; do
        # shellcheck disable=SC2086 # a list
        cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 -j2 \
            --suppress=uninitvar --suppress=comparePointers -Iinclude -Iarch -I${variant%% *} ${variant#* } \
            -DRILL_DEBUG=1 -DRILL_STATS=1 kernel drivers lib ${variant%% *} || return 1
    done
    echo "cppcheck: clean"
}

# NullDereference: does not understand that a node of a ring has neighbours.
tidy() {
    checks='-*,bugprone-*,clang-analyzer-*,-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier'
    checks="$checks,-clang-analyzer-core.NullDereference"
    checks="$checks,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling"
    # shellcheck disable=SC2016 # the inner shell expands
    printf '%s\n' kernel/*.c drivers/uart.c arch/host/*.c boards/host/*.c | xargs -P2 -n1 sh -c '
        clang-tidy --quiet --checks="$0" --warnings-as-errors="*" "$1" -- -std=gnu11 -Iinclude -Iarch -Iarch/host \
            -DRILL_DEBUG=1 -DRILL_STATS=1 2>/dev/null' "$checks" && echo "tidy: clean"
}

# For information: clang-format breaks initialisers in macros in a way nobody wants to read, so it cannot be the law.
format() {
    git ls-files '*.c' '*.h' | while read -r file; do
        clang-format "$file" | diff "$file" - | grep -c '^<'
    done | awk '
        { lines += $1; files += $1 > 0 }
        END { printf "format: clang-format would change %d lines, %d of %d files (information)\n", lines, files, NR }'
}

failed=0
# shellcheck disable=SC2086 # a list
[ $# -gt 0 ] || set -- $all
for check in "$@"; do
    out=$build/$check.txt
    command=$check
    [ "$check" = cppcheck ] && command=cppcheck_all
    if $command > "$out" 2>&1; then
        echo "pass  $(tail -n 1 "$out")"
    else
        failed=$((failed + 1))
        echo "FAIL  $check"
        sed 's/^/    | /' "$out"
    fi
done
echo "check: $failed of $# failed"
[ $failed -eq 0 ]
