#!/usr/bin/env python3
# rill-test: script | boards=mps2-an385 | big
"""tools/bench.py as continuous integration and its users meet it: what it prints and writes, which figures it refuses,
and what it says when it is used wrongly, stopped, or lacks something. And single steps count what the clock counts.

    tests/bench_tool.py BOARD
"""
import contextlib
import io
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import bench # pylint: disable=wrong-import-position
import cycles # pylint: disable=wrong-import-position

BOARD = sys.argv[1] if len(sys.argv) > 1 else "mps2-an385"
ONLY = "calibration-of-3$"
FOLDER = tempfile.TemporaryDirectory() # pylint: disable=consider-using-with
LIMITS = Path(FOLDER.name) / "budgets.csv"


class Wrong(Exception):
    """What was expected did not come."""


def expect(condition, what):
    if not condition:
        raise Wrong(what)


def run(*arguments, tool="bench", **environment):
    """(what it prints, status) of the tool; a traceback is always wrong."""
    done = subprocess.run([sys.executable, f"tools/{tool}.py", *arguments], cwd=ROOT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                          env={**os.environ, **environment})
    expect("Traceback" not in done.stdout, done.stdout)
    return done.stdout, done.returncode


def with_limits(text, *arguments):
    LIMITS.write_text(text, encoding="utf-8")
    return run(BOARD, "--only", ONLY, "--budgets", str(LIMITS), *arguments)


def limits(limit):
    return f"board,operation,limit\n{BOARD},calibration-of-3,{limit}\n"


def expect_refusal(result, text, status=1):
    output, code = result
    expect(code == status and text in output, f"status {code}, not {status}, or no `{text}` in {output!r}")


def a_figure_at_its_limit():
    output, status = with_limits(limits("3"))
    expect(status == 0 and re.match(rf"bench {BOARD} calibration-of-3 3\.0\n", output), output)
    expect("budget:" not in output, output)


def a_figure_above_its_limit():
    expect_refusal(with_limits(limits("2.9")), f"budget: {BOARD} calibration-of-3 takes 3, the limit is 2.9")


def an_improvement_asks_for_a_lower_limit():
    output, status = with_limits(limits("3.1"))
    expect(status == 0 and f"budget: {BOARD} calibration-of-3 takes 3, lower the limit of 3.1" in output, output)
    output, status = with_limits(limits("3.06")) # less than 2 %
    expect(status == 0 and "lower" not in output, output)


def a_figure_without_limit():
    expect_refusal(with_limits("board,operation,limit\n"), "calibration-of-3 has none, it takes 3")


def limits_that_are_none():
    for line in ("x", "x,y", "x,y,z", "x,y,-1", "x,y,nan", "x,y,1,2", "x,y,", ""):
        expect_refusal(with_limits(limits("3") + line + "\n"), "line 3")
    expect_refusal(with_limits(limits("3") + f"{BOARD},calibration-of-3,4\n"), "a second one")
    expect_refusal(with_limits("operation,limit\n"), "the first line")
    expect_refusal(with_limits(""), "the first line")
    LIMITS.unlink()
    expect_refusal(run(BOARD, "--only", ONLY, "--budgets", str(LIMITS)), "--update writes it")


def update_keeps_the_other_limits():
    output, status = with_limits(limits("9") + "virt-rv32,yield,50\n", "--update")
    expect(status == 0, output)
    expect(LIMITS.read_text(encoding="utf-8") == limits("3") + "virt-rv32,yield,50\n",
           LIMITS.read_text(encoding="utf-8"))


def wrong_arguments():
    for words, text, status in (
            (["nosuch"], "no board 'nosuch'", 1), (["host"], "no emulator that counts", 1),
            ([BOARD, "--only", "nosuch"], "no operation's name contains `nosuch`", 1),
            ([BOARD, "--only"], "expected one argument", 2), ([BOARD, "--only", "x" * 40], "at most 39", 2),
            (["--nosuch"], "unrecognized", 2), (["-j", "0"], "at least 1", 2), (["--make", "OPT"], "VARIABLE=VALUE", 2),
            (["--make", "OPT=-Os", "--update"], "default build", 2)):
        expect_refusal(run(*words), text, status)


def without_the_emulator():
    expect_refusal(run(BOARD, PATH="/nonexistent"), f"`tools/setup.sh run {BOARD}` installs it")


def processes(mark):
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if mark.encode() in path.read_bytes():
                found.append(path.parent.name)
    return found


def stopped_by(number):
    mark = f"RILL_MARK_{uuid.uuid4().hex}"
    with subprocess.Popen([sys.executable, "tools/bench.py", BOARD], cwd=ROOT, stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.PIPE, env={**os.environ, mark: "1"}) as child:
        expect(child.stdout.readline().startswith("bench "), "no figure")
        child.send_signal(number)
        _, errors = child.communicate(timeout=60)
    expect(child.returncode == 130 and "Traceback" not in errors, f"status {child.returncode}, {errors}")
    for _ in range(100): # an emulator may take a moment to end
        if not processes(mark):
            return
        time.sleep(0.05)
    raise Wrong(f"processes {processes(mark)} are left")


def ctrl_c_ends_it():
    stopped_by(signal.SIGINT)
    stopped_by(signal.SIGTERM)


def figures_as_csv():
    """A whole run, of figures that are given."""
    figures = {(BOARD, "calibration-of-3"): 3.0, (BOARD, "gather-calls-100"): 1234567.5}
    bench.measure = lambda *_: figures
    bench.RESULTS = Path(FOLDER.name) / "bench.csv"
    LIMITS.write_text("board,operation,limit\n", encoding="utf-8")
    sys.argv[1:] = [BOARD, "--update", "--budgets", str(LIMITS)]
    expect(bench.main() == 0, "status")
    text = f"{BOARD},calibration-of-3,3\n{BOARD},gather-calls-100,1234567.5\n"
    expect(bench.RESULTS.read_text(encoding="utf-8") == "board,operation,instructions\n" + text, "csv")
    expect(LIMITS.read_text(encoding="utf-8") == "board,operation,limit\n" + text, "limits")


def a_whole_run_that_lacks_a_figure():
    budgets = {(BOARD, "a"): 1.0, (BOARD, "b"): 1.0, ("other", "c"): 1.0}
    found = list(bench.compare({(BOARD, "a"): 1.0}, budgets, [BOARD]))
    expect(found == [f"budget: {BOARD} b has a limit, but nothing measures it"], found)
    expect(not list(bench.compare({(BOARD, "a"): 1.0}, budgets, [])), "part of a run")


def a_clock_that_counts_wrong():
    expect(len(list(bench.calibrated({(BOARD, "calibration-of-3"): 2.9, (BOARD, "calibration-of-100"): 100.0}))) == 1,
           "calibration")


def single_steps_count_the_same():
    for only, figures in (("calibration", 2), ("yield-of-5", 1), ("ping-pong$", 1), ("create-run-reap$", 1),
                          ("gather-calls-1", 3), ("timer-start-cancel-1$", 1)):
        output, status = run(BOARD, only, "--check", tool="trace")
        expect(status == 0 and len(re.findall(rf"^cross-check {BOARD} \S+ [\d.]+ [\d.]+$", output, re.M)) == figures,
               output)


def traces():
    output, status = run(BOARD, "semaphore-release", "--list", tool="trace")
    expect(status == 0 and re.search(r"^ +\d+\.0 +\d+\.\d  all$", output, re.M)
           and re.search(r"^ +[0-9a-f]+  (ldr|lw)", output, re.M), output)
    expect_refusal(run(BOARD, "nosuch", tool="trace"), f"no benchmark of {BOARD} is called `nosuch`")
    expect_refusal(run("nosuch", "yield", tool="trace"), "no board 'nosuch'")
    output, status = run(BOARD, "queue", tool="trace") # sizes are no operations
    expect(status == 0 and "queue-put-get-16: one" in output, output)


def cycles_of_the_manuals():
    """mnemonic, operands, branch taken; Cortex-M0+, M3, M4F, E31; None: it has no such instruction."""
    columns = [cycles.cost_of(f"-mcpu={core}")[1] for core in ("cortex-m0", "cortex-m3", "cortex-m4", "e31")]
    for name, operands, taken, *wanted in (
            ("adds", "r0, r1, r2", False, 1, 1, 1, None), ("bne.n", "10", True, 2, 3, 3, None),
            ("bne.n", "10", False, 1, 1, 1, None), ("bl", "10", True, 3, 3, 3, None),
            ("ldr", "r0, [r1]", False, 2, 2, 2, None), ("push", "{r4, r5, r6, r7, lr}", False, 6, 6, 6, None),
            ("pop", "{r4, pc}", True, 5, 5, 5, None),
            ("mrs", "r0, PRIMASK", False, 3, 2, 2, None), ("cpsid", "i", False, 1, 2, 2, None),
            ("ldr.w", "pc, [r1]", True, None, 4, 4, None), ("ldmia.w", "sp!, {r4-r11, pc}", True, None, 12, 12, None),
            ("ldrd", "r0, r1, [r2]", False, None, 3, 3, None), ("umull", "r0, r1, r2, r3", False, None, 4, 1, None),
            ("mla", "r0, r1, r2, r3", False, None, 2, 1, None), ("vpush", "{d8-d15}", False, None, None, 17, None),
            ("vldr", "s0, [r0]", False, None, None, 2, None), ("vmov", "r0, s1", False, None, None, 2, None),
            ("vdiv.f32", "s0, s1, s2", False, None, None, 14, None), ("add", "a0,a0,a1", False, None, None, None, 1),
            ("lw", "a0,0(a1)", False, None, None, None, 2), ("lbu", "a0,0(a1)", False, None, None, None, 3),
            ("csrrci", "a0,mstatus,8", False, None, None, None, 3), ("mul", "a0,a0,a1", False, None, None, None, 5)):
        found = [None if n is None else cost(name, operands, taken) for n, cost in zip(wanted, columns)]
        expect(found == wanted, f"{name} {operands}: {found}, not {wanted}")


def main():
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL"):
        os.environ.pop(name, None)
    cases = (a_figure_at_its_limit, a_figure_above_its_limit, an_improvement_asks_for_a_lower_limit,
             a_figure_without_limit, limits_that_are_none, update_keeps_the_other_limits, wrong_arguments,
             without_the_emulator, ctrl_c_ends_it, single_steps_count_the_same, traces,
             a_whole_run_that_lacks_a_figure, a_clock_that_counts_wrong,
             cycles_of_the_manuals, figures_as_csv)
    failed = 0
    for case in cases:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                case()
            print(f"ok bench_tool.{case.__name__}")
        except Wrong as e:
            failed += 1
            print(f"FAIL bench_tool.{case.__name__}: {e}")
    print(f"# done {len(cases) - failed} {failed}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
