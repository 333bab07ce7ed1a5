#!/bin/sh
# rill-test: script | boards=host | big
# valgrind knows the tasks' stacks: it finds nothing wrong in programs that make, end, cancel and switch many of them.
set -u

cd "$(dirname "$0")/.." || exit 1
unset MAKEFLAGS MFLAGS MAKELEVEL BOARD VARIANT SANITIZE 2> /dev/null || true
failed=0
passed=0
for name in kernel_task generator conformance/cancel conformance/gather; do
    elf=build/host/tests/$name.elf
    if found=$(make -s BOARD=host "$elf" 2>&1) &&
        found=$(valgrind -q --error-exitcode=9 --suppressions=tests/valgrind.supp "$elf" 2>&1); then
        echo "ok valgrind.$name"
        passed=$((passed + 1))
    else
        echo "FAIL valgrind.$name: it complains"
        echo "$found" | grep '^==' | head -20
        failed=$((failed + 1))
    fi
done
echo "# done $passed $failed"
[ $failed -eq 0 ]
