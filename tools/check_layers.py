#!/usr/bin/env python3
"""Who may include whom: checks the #include lines of the tree against the layers.

    include/rill   <rill/...> and headers every freestanding compiler has
    kernel         include/rill, itself, arch/arch.h
    arch/<name>    include/rill, arch/arch.h, itself
    drivers        include/rill, arch/arch.h, themselves
    boards/<name>  include/rill, arch/arch.h, drivers, itself
    lib/<name>     include/rill, itself, the headers of the library it serves
    examples       include/rill, themselves, the C library
    tests, bench   anything but boards

Nobody includes a board. The host's files (arch/host, boards/host, drivers/*_host.c) may use the operating system.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FREESTANDING = {"float.h", "limits.h", "stdalign.h", "stdarg.h", "stdatomic.h", "stdbool.h", "stddef.h", "stdint.h",
                "stdnoreturn.h"}
KERNEL_SYSTEM = FREESTANDING | {"string.h"} # memcpy and memset, which the compiler emits anyway
ANY = None

# layer: (directories it may see, angle-bracket headers it may use)
LAYERS = {
    "include": (("include/rill",), FREESTANDING),
    "kernel": (("include/rill", "kernel", "arch/arch.h"), KERNEL_SYSTEM),
    "arch": (("include/rill", "arch/arch.h"), KERNEL_SYSTEM),
    "drivers": (("include/rill", "drivers", "arch/arch.h"), KERNEL_SYSTEM),
    "boards": (("include/rill", "drivers", "arch/arch.h"), KERNEL_SYSTEM),
    "lib": (("include/rill", "arch/arch.h"), ANY),
    "examples": (("include/rill",), ANY),
    "tests": (("include/rill", "tests", "arch", "kernel", "drivers", "lib"), ANY),
    "bench": (("include/rill", "bench", "tests", "arch", "kernel", "drivers", "lib"), ANY),
}
OWN_FOLDER = {"arch", "boards", "lib", "examples"} # these see the folder they lie in as well


def host_file(path):
    return "host" in path.parts or path.stem.endswith("_host")


def resolve(path, name):
    """The file of the tree an include names, or None: a header of the system."""
    arch = path.parts[1] if path.parts[0] == "arch" and len(path.parts) > 2 else ""
    places = [path.parent, Path("include"), Path("arch"), Path("arch") / arch, Path("tests"), Path("drivers")]
    for place in places:
        found = (ROOT / place / name).resolve()
        if found.is_file() and ROOT in found.parents:
            return found.relative_to(ROOT)
    # arch_inline.h lies in the folder of whichever architecture is built.
    if any((ROOT / "arch").glob(f"*/{name}")) and (path.parts[0] in ("tests", "bench") or path.name == "arch.h"):
        return Path("arch/arch.h")
    return None


def inside(target, directories):
    return any(target.as_posix() == d or target.as_posix().startswith(d + "/") for d in directories)


def judge(path, bracket, name):
    """Why the include is wrong, or None."""
    layer = path.parts[0]
    seen, system = LAYERS[layer]
    if layer in OWN_FOLDER and len(path.parts) > 2:
        seen = (*seen, "/".join(path.parts[:2]))
    target = resolve(path, name) if bracket == '"' or name.startswith("rill/") else None
    if target is None:
        if bracket == '"' and not host_file(path) and layer != "lib":
            return "no such file where this layer may look"
        return None if system is ANY or name in system or host_file(path) else "not one of the headers allowed here"
    if target.parts[0] == "boards" and target.parent != path.parent:
        return "nobody includes a board"
    return None if inside(target, seen) else f"{layer} may not see {target}"


def includes(path):
    for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            yield number, match.group(1), match.group(2)


def main():
    checked, wrong = 0, 0
    for layer in LAYERS:
        for file in sorted((ROOT / layer).rglob("*")):
            if file.suffix not in (".c", ".h", ".S"):
                continue
            path = file.relative_to(ROOT)
            for number, bracket, name in includes(path):
                checked += 1
                why = judge(path, bracket, name)
                if why:
                    wrong += 1
                    print(f"{path}:{number}: includes {name}: {why}")
    print(f"layers: {checked} includes, {wrong} wrong")
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
