"""The tables of docs/BENCHMARKS.md, made of what was measured: bench/*.csv and bench/size/budgets.csv."""
import csv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOARDS = [("mps2-an385", "Cortex-M3"), ("mps2-an386", "Cortex-M4F"), ("mps2-an505", "Cortex-M33"),
          ("microbit", "Cortex-M0"), ("virt-rv32", "RV32IMAC"), ("virt-rv64", "RV64IMAC")]
COMPARED = {"mps2-an385": "stm32vldiscovery", "virt-rv32": "sifive_e"} # what other kernels were measured on; with pins
PEERS = ("FreeRTOS", "ThreadX", "ChibiOS")
AIMS = ("goal", "floor")
PIPE = "pipe-write-read-64"
CYCLE_BOARDS = {"microbit": "Cortex-M0+", "mps2-an385": "Cortex-M3", "mps2-an386": "Cortex-M4F", "virt-rv32": "RV32"}
CYCLE_OPERATIONS = ("yield", "generator-next-yield", "semaphore-release-acquire", "semaphore-ping-pong",
                    "queue-put-get-16", "timer-start-cancel-1", "task-create-run-reap", "pool-alloc-free",
                    "interrupt-to-task")
LEVELS = {"-Os": ["OPT=-Os"], "-O2": [], "-O3": ["OPT=-O3"], "LTO": ["LTO=1"]}
LEVEL_OPERATIONS = ("yield", "semaphore-release-acquire", "semaphore-ping-pong", "queue-put-get-16",
                    "interrupt-to-task-and-back", "timer-start-cancel-1000", "task-create-run-reap", "pool-alloc-free",
                    "gather-futures-10", "group-of-10", "wait-for-wake-wait", "pipe-write-read-64",
                    "generator-next-yield", "stack-of-event-wait")
# What include/rill/config.h says of each switch, in its words.
CONFIG_OPERATIONS = {"yield": "yield", "semaphore-ping-pong": "ping-pong", "task-create-run-reap": "a task's life"}
CONFIG_ON = ("RILL_NAMES", "RILL_SMALL") # at -Os; the others are off
CONFIG_BYTES = {"ram": "RAM", "task": "a task", "loop": "a loop"}


def rows_of(name):
    with open(ROOT / "bench" / name, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def lines_of(rows):
    """Rows of cells as Markdown, the first one the head."""
    texts = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([texts[0], "|---" * len(rows[0]) + "|", *texts[1:]]) + "\n"


def budgets():
    """{(board, operation): limit, as written}: of bench/budgets.csv, and what other kernels publish as their size."""
    limits = {(row["board"], row["operation"]): row["limit"] for row in rows_of("budgets.csv")}
    sizes = {(row["board"], row["image"]): row for row in rows_of("size/budgets.csv")}

    def more(board, image, kind):
        return str(int(sizes[board, image][kind]) - int(sizes[board, "empty main"][kind]))

    for board, blink in COMPARED.items():
        limits[board, "flash-blink"] = sizes[board, f"blink, {blink}"]["flash"]
        limits[board, "flash-four-parts"] = more(board, "task, semaphore, queue, timer; no end", "flash")
        limits[board, "flash-asyncio"] = more(board, "asyncio: the whole API", "flash")
        limits[board, "ram-kernel"] = more(board, "sleep", "ram")
    return limits


def verdict(mine, others):
    """Whether a figure is ahead of the best of others, and how far."""
    if not others:
        return ""
    best = min(others)
    word = "yes" if mine < best else "equal" if mine == best else "**no**"
    return f"{word}, {best / mine:.2f} x" if mine else word


def side_by_side(board, known, limit, columns):
    """A board's cells of an operation: Rill's figure, the others', the verdict."""
    if limit is None:
        return [""] * (len(columns) + 2)
    mine = float(limit)
    cells = [f"**{limit}**"]
    for kernel in columns:
        figure = known.get((board, kernel), "")
        met = ", met" if kernel == "goal" and figure and mine <= float(figure) else ""
        cells.append(figure + met)
    return [*cells, verdict(mine, [float(known[board, k]) for k in PEERS if (board, k) in known])]


def comparison():
    """Rill's figures beside its goals and the other kernels', for the operations bench/peers.csv knows."""
    limits, others = budgets(), {}
    for row in rows_of("peers.csv"):
        others.setdefault(row["operation"], {})[row["board"], row["kernel"]] = row["figure"]
    columns = {board: [k for k in AIMS + PEERS if any((board, k) in known for known in others.values())]
               for board in COMPARED}
    cores = dict(BOARDS)
    table = [["operation"]]
    for board in COMPARED:
        table[0] += [f"{cores[board]}: Rill", *columns[board], "ahead"]
    for operation, known in others.items():
        table.append([operation])
        for board in COMPARED:
            table[-1] += side_by_side(board, known, limits.get((board, operation)), columns[board])
    return lines_of(table)


def pipes():
    """Bytes that pass a pipe per instruction."""
    limits = budgets()
    figures = [float(limits[board, PIPE]) for board, _ in BOARDS]
    return lines_of([["", *(core for _, core in BOARDS)],
                     ["instructions for 64 bytes", *(f"{n:g}" for n in figures)],
                     ["bytes per instruction", *(f"{64 / n:.3f}" for n in figures)]])


def cycle_table():
    found = {(row["board"], row["operation"]): row for row in rows_of("cycles.csv")}
    table = [["operation", *CYCLE_BOARDS.values()]]
    for operation in CYCLE_OPERATIONS:
        cells = [found[board, operation] for board in CYCLE_BOARDS]
        table.append([operation, *(f"{float(c['instructions']):.0f} ({float(c['cycles']):.0f})" for c in cells)])
    return lines_of(table)


def level_table():
    found = {(row["board"], row["level"], row["what"]): row["figure"] for row in rows_of("levels.csv")}
    cores = dict(BOARDS)
    table = [["operation", *(f"{cores[board]} {level}" for board in COMPARED for level in LEVELS)]]
    for what in (*LEVEL_OPERATIONS, "mean", "flash"):
        table.append([what, *(found[board, level, what] for board in COMPARED for level in LEVELS)])
    return lines_of(table)


def config_costs():
    """{switch: the lines config.h says of what it costs; "": what the instructions are without any}."""
    found = {(row["board"], row["switch"]): row for row in rows_of("config.csv")}
    cores, costs = dict(BOARDS), {}
    for board, switch in found:
        row, base = found[board, switch], found[board, ""]

        def more(column, sign, row=row, base=base):
            return round(sign * (float(row[column]) - float(base[column])))

        if not switch:
            line = ", ".join(f"{name} {float(base[n]):g}" for n, name in CONFIG_OPERATIONS.items())
        else:
            small = -1 if switch in CONFIG_ON else 1
            fast = -1 if switch in ("RILL_NAMES", "RILL_FAULT_REPORT") else 1
            line = f"{more('sleep', small):+} / {more('api', small):+} bytes"
            line += "".join(f", {name} {more(n, small):+}" for n, name in CONFIG_BYTES.items() if more(n, small))
            line += "; " + (", ".join(f"{name} {more(n, fast):+}" for n, name in CONFIG_OPERATIONS.items()
                                      if more(n, fast)) or "no instructions")
        costs.setdefault(switch, []).append(f"// {cores[board]}: {line}.\n")
    return costs


def measured_then():
    """(file, board, operation, figure) of what was measured apart from the budgets."""
    for row in rows_of("cycles.csv"):
        yield "cycles", row["board"], row["operation"], float(row["instructions"])
    for row in rows_of("levels.csv"):
        if row["level"] == "-O2":
            yield "levels", row["board"], row["what"], float(row["figure"])
    for row in rows_of("config.csv"):
        for operation in CONFIG_OPERATIONS if not row["switch"] else ():
            yield "config", row["board"], operation, float(row[operation])


def stale():
    """Complaints about figures that differ by more than 5 % from what `make bench` found since."""
    limits = budgets()
    for name, board, operation, figure in measured_then():
        limit = float(limits.get((board, operation), figure))
        if abs(figure - limit) > max(1, limit * 0.05):
            yield (f"bench/{name}.csv: {operation} took {figure:g} on {board}, now {limit:g}: "
                   f"tools/measure.py {name}, then tools/check_readme.py --fix")


TABLES = {"figures": comparison, "pipe": pipes, "cycles": cycle_table, "levels": level_table}
