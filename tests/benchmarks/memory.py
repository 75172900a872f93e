"""Peak memory and time of importing a csv of one, two and four times the rows."""

import csv
import json
import statistics
from pathlib import Path

from tests.benchmarks.setup import Setup
from tests.benchmarks.timing import Table, run_python

TIMES = (1, 2, 4)
_MEGABYTE = 1 << 20
_PROBE = """
import json, sys, time
from pathlib import Path
from aftersales_cli.intake.loading import import_file
from aftersales_cli.shop import open_shop
from tests.memory import peak_memory

shop = open_shop(Path(sys.argv[1]))
begin = time.perf_counter()
result = import_file(shop, Path(sys.argv[2]))
print(json.dumps([result.rows, time.perf_counter() - begin, peak_memory()]))
"""


def measure(setup: Setup) -> list[Table]:
    """Measure in a process of its own for each import."""
    rows = []
    for times in TIMES:
        path = setup.folder / f"{times} times.csv"
        repeat_file(setup.retail(), path, times)
        runs = [_import(setup, path) for _round in range(setup.repeats)]
        path.unlink()
        read = runs[0][0]
        seconds = statistics.median(run[1] for run in runs)
        peak = max(run[2] for run in runs) / _MEGABYTE
        rows.append([f"{read:,}", f"{seconds:.2f}", f"{read / seconds:,.0f}", f"{peak:.0f}"])
    title = (
        f"Time and memory of csv: {setup.retail_name} once, twice, four times (wanted: linear, under 150 MB)"
    )
    return [Table(title, ("rows", "seconds", "rows/s", "peak memory, MB"), rows)]


def repeat_file(source: Path, target: Path, times: int) -> None:
    """Write a retail file's rows so many times, each time under invoice numbers of its own."""
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for turn in range(times):
            with source.open(encoding="utf-8", newline="") as origin:
                rows = csv.reader(origin)
                header = next(rows)
                if not turn:
                    writer.writerow(header)
                writer.writerows([f"{invoice}-{turn}", *rest] for invoice, *rest in rows)


def _import(setup: Setup, path: Path) -> tuple[int, float, int]:
    """Return rows, seconds and peak memory in bytes."""
    shop = setup.new_shop()
    shop.close()
    rows, seconds, peak = json.loads(run_python("-c", _PROBE, shop.folder, path))
    return rows, seconds, peak
