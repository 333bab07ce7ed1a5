"""The tables of docs/BENCHMARKS.md, made of what was measured: bench/*.csv and bench/size/budgets.csv."""
import csv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOARDS = [("mps2-an385", "Cortex-M3"), ("mps2-an386", "Cortex-M4F"), ("mps2-an505", "Cortex-M33"),
          ("microbit", "Cortex-M0"), ("virt-rv32", "RV32IMAC"), ("virt-rv64", "RV64IMAC")]
COMPARED = ("mps2-an385", "virt-rv32") # the boards other kernels were measured on
PEERS = ("FreeRTOS", "ThreadX", "ChibiOS")
AIMS = ("goal", "floor")
PIPE = "pipe-write-read-64"


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

    for board in COMPARED:
        limits[board, "flash-minimal-app"] = more(board, "task, semaphore, queue, timer", "flash")
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


TABLES = {"figures": comparison, "pipe": pipes}
