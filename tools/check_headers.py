#!/usr/bin/env python3
"""The public headers: every function has a comment, every header compiles alone, as C and as C++, and is in rill.h;
and so does what its static initialisers make. Sizes that comments name are those of 32-bit machines.

A declaration is documented by a comment right above it; declarations with no blank line between them share the comment
of their block.
"""
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADERS = ROOT / "include"
PLAIN = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wundef", "-Werror", f"-I{HEADERS}"]
LANGUAGES = [("gcc", ["-x", "c", "-std=c11", "-Wconversion", "-Wshadow", "-Wstrict-prototypes"]),
             ("g++", ["-x", "c++", "-std=c++17"]),
             ("arm-none-eabi-gcc", ["-x", "c", "-std=c11", "-mcpu=cortex-m3", "-mthumb"])]

MACROS = """
RILL_TASK_POOL_DEFINE(tasks, 2, 512);
RILL_TASK_DEFINE(task, 512);
RILL_QUEUE_DEFINE(queue, char, 4);
RILL_LIFO_QUEUE_DEFINE(lifo, int, 4);
static bool before(const void *a, const void *b) { return a < b; }
RILL_PRIORITY_QUEUE_DEFINE(priority, long, 4, before);
RILL_POOL_DEFINE(blocks, void *, 4);
RILL_VARS_POOL_DEFINE(bindings, 4);
RILL_PIPE_DEFINE(bytes, 16);
RILL_CHANNEL_DEFINE(channel, int, 4);
RILL_WATCH_DEFINE(watch, int);
RILL_EXECUTOR_DEFINE(executor, 2, 512);
RILL_COROUTINE_STACK(stack, 512);
RILL_UART_BUFFERS_DEFINE(buffers, 16, 16);
static rill_group_error_t places[2];
static rill_error_list_t errors = RILL_ERROR_LIST_INIT(places);
static rill_group_t group = RILL_GROUP_INIT(&errors);
static rill_handle_t handle = RILL_HANDLE_INIT(NULL, NULL);
static rill_timer_t timer = RILL_TIMER_INIT;
static rill_future_t future = RILL_FUTURE_INIT;
static rill_completion_t cell = RILL_COMPLETION_INIT;
static rill_signal_t latch = RILL_SIGNAL_INIT;
static rill_lock_t lock = RILL_LOCK_INIT;
static rill_condition_t condition = RILL_CONDITION_INIT(&lock);
static rill_semaphore_t semaphore = RILL_SEMAPHORE_INIT(3);
static rill_bounded_semaphore_t bounded = RILL_BOUNDED_SEMAPHORE_INIT(3);
static rill_var_t var = RILL_VAR_INIT_DEFAULT(1);
static rill_runner_t runner = RILL_RUNNER_INIT(NULL);
static rill_ticker_t ticker = RILL_TICKER_INIT(1000);
static rill_flags_t flags = RILL_FLAGS_INIT;
static rill_job_t job = RILL_JOB_INIT;
"""


def uncommented(text):
    """(line, name) of function declarations in blocks without a comment. A block is what blank lines enclose."""
    documented, head, depth = False, "", 0
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if not bare and depth == 0:
            documented, head = False, ""
        elif re.match(r"//|/\*", bare) and depth == 0:
            documented = True
        elif not bare.startswith("#") and not bare.startswith('extern "C"'):
            head = declaration(line, head, depth)
            if depth == 0 and head.endswith((";", "{")):
                name = re.match(r"[\w\s*]*?\b(rill_\w+)\s*\(", head)
                if name and not documented and not head.startswith("typedef"):
                    yield number, name.group(1)
                head = ""
            depth = max(0, depth + bare.count("{") - bare.count("}"))


def declaration(line, head, depth):
    """The declaration so far, without comments; nothing inside braces."""
    bare = re.sub(r"\s*//.*", "", line).strip()
    return (head + " " + bare).strip() if depth == 0 else ""


def check_comments(path):
    wrong = 0
    for line, name in uncommented(path.read_text(encoding="utf-8")):
        print(f"{path.relative_to(ROOT)}:{line}: {name} has no comment")
        wrong += 1
    return wrong


def check_alone(path):
    """Compiles a file that only includes the header, with every compiler there is."""
    wrong = 0
    for compiler, flags in LANGUAGES:
        if not shutil.which(compiler):
            print(f"headers: {compiler} is not installed")
            return 1
        text = f"#include <{path.relative_to(HEADERS)}>\nextern int not_empty;\n"
        done = subprocess.run([compiler, *flags, *PLAIN, "-"], input=text, capture_output=True, text=True, check=False)
        if done.returncode:
            wrong += 1
            print(f"{path.relative_to(ROOT)}: does not compile alone with {compiler} {' '.join(flags)}\n{done.stderr}")
    return wrong


def check_macros():
    """Static initialisers give no warning, in the oldest C++ either."""
    wrong = 0
    for compiler, flags in LANGUAGES + [("g++", ["-x", "c++", "-std=c++11"])]:
        done = subprocess.run([compiler, *flags, *PLAIN, "-Wno-unused-variable", "-"],
                              input=f"#include <rill/rill.h>\n{MACROS}", capture_output=True, text=True, check=False)
        if done.returncode:
            wrong += 1
            print(f"static initialisers: not clean with {compiler} {' '.join(flags)}\n{done.stderr}")
    return wrong


def sizes(text):
    """(structure, bytes) of each structure whose comment, right above it, says how large it is."""
    pattern = r"((?://[^\n]*\n)+)(?:typedef )?(struct rill_\w+)\s*\{"
    for comment, name in re.findall(pattern, text):
        said = re.search(r"(\d+) bytes on 32-bit machines|32-bit machines: (\d+) bytes", comment.replace("\n// ", " "))
        if said:
            yield name, said.group(1) or said.group(2)


def check_sizes(headers):
    """The sizes that comments name."""
    told = [size for h in headers for size in sizes(h.read_text(encoding="utf-8"))]
    compiler, flags = LANGUAGES[-1]
    asserts = "".join(f'_Static_assert(sizeof({name}) == {n}, "{name} has not {n} bytes");\n' for name, n in told)
    done = subprocess.run([compiler, *flags, *PLAIN, "-"], input=f"#include <rill/rill.h>\n{asserts}",
                          capture_output=True, text=True, check=False)
    wrong = re.findall(r"assertion failed: \"(.*)\"", done.stderr)
    print("".join(f"include/rill: {finding}\n" for finding in wrong), end="")
    return len(wrong) if told and (wrong or done.returncode == 0) else 1


def check_umbrella(headers):
    """rill/rill.h includes all the others."""
    text = (HEADERS / "rill" / "rill.h").read_text(encoding="utf-8")
    missing = [h.name for h in headers if h.name != "rill.h" and f"#include <rill/{h.name}>" not in text]
    if missing:
        print(f"include/rill/rill.h: does not include {', '.join(missing)}")
    return len(missing)


def main():
    headers = sorted((HEADERS / "rill").glob("*.h"))
    wrong = sum(check_comments(h) + check_alone(h) for h in headers) + check_umbrella(headers)
    wrong += check_macros() + check_sizes(headers)
    print(f"headers: {len(headers)} compiled alone with {', '.join(c for c, _ in LANGUAGES)}, {wrong} findings")
    return 1 if wrong or not headers else 0


if __name__ == "__main__":
    sys.exit(main())
