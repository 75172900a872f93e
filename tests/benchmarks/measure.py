"""Speed and memory as ratios to a peer in the same run: a table to read, never a test that times.

``python -m tests.benchmarks.measure [--quick]`` prints the table for docs/performance.md.
"""

import csv
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
HEADER = "订单编号,总金额,买家实际支付金额,收货地址 ,订单创建时间,订单付款时间 ,退款金额"


class Ratio(NamedTuple):
    """One measured pair."""

    what: str
    peer: str
    seconds: float
    peer_seconds: float

    @property
    def ratio(self) -> float:
        return self.seconds / self.peer_seconds


def median_seconds(work: Callable[[], object], repeats: int) -> float:
    """Return the median wall time of some runs."""
    times = []
    for _repeat in range(repeats):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def run_python(*words: str | Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, *map(str, words)], check=True, capture_output=True, env=environment, cwd=ROOT
    )


def startup(repeats: int) -> list[Ratio]:
    """Compare ``--version`` and ``--help`` with importing Click alone."""
    peer = median_seconds(lambda: run_python("-c", "import click"), repeats)

    def ours(word: str) -> Ratio:
        return Ratio(
            word,
            "import click",
            median_seconds(lambda: run_python("-m", "aftersales_cli", word), repeats),
            peer,
        )

    return [ours("--version"), ours("--help")]


def write_orders(path: Path, rows: int) -> None:
    """Write a Taobao order list of invented orders."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(HEADER + "\n")
        for number in range(1, rows + 1):
            day = f"2026-{number % 12 + 1:02d}-{number % 28 + 1:02d} {number % 24:02d}:{number % 60:02d}:00"
            refund = 10.5 if number % 5 == 0 else 0
            stream.write(f"{number},{60.5},{60.5 - refund},上海,{day},{day},{refund}\n")


def raw_load(source: Path, target: Path) -> None:
    """Load the same cells as they are into an unindexed table: csv and sqlite3 alone."""
    target.unlink(missing_ok=True)
    connection = sqlite3.connect(target)
    connection.execute("CREATE TABLE raw (a, b, c, d, e, f, g)")
    with source.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        connection.executemany("INSERT INTO raw VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()


def imports(folder: Path, rows: int, repeats: int) -> list[Ratio]:
    """Compare importing an order list with loading its raw cells."""
    from aftersales_cli.intake.loading import import_file
    from aftersales_cli.shop import open_shop
    from aftersales_cli.team.founding import found_shop

    source = folder / f"orders-{rows}.csv"
    write_orders(source, rows)
    peer = median_seconds(lambda: raw_load(source, folder / "raw.db"), repeats)
    shops = [open_shop(found_shop(folder / f"shop-{rows}-{number}").folder) for number in range(repeats)]
    waiting = iter(shops)

    def take() -> None:
        assert import_file(next(waiting), source).orders.new == rows

    first = median_seconds(take, repeats)
    renamed = folder / f"renamed-{rows}.csv"
    renamed.write_text(source.read_text("utf-8") + "\n", "utf-8")
    again = median_seconds(lambda: import_file(shops[0], renamed), 1)
    for shop in shops:
        shop.close()
    label = f"import of {rows:,} orders"
    return [
        Ratio(label, "csv + executemany", first, peer),
        Ratio(label + " again", "the first time", again, first),
    ]


def measure(*, quick: bool = False) -> list[Ratio]:
    """Run everything; ``quick`` with small sizes, to see that it works."""
    with tempfile.TemporaryDirectory() as name:
        rows, repeats = (2_000, 1) if quick else (100_000, 5)
        return [*startup(3 if quick else 15), *imports(Path(name), rows, repeats)]


def table(ratios: list[Ratio]) -> str:
    """Return the ratios as a table."""
    lines = ["| what | peer | seconds | peer | ratio |", "|---|---|---|---|---|"]
    lines += [
        f"| {row.what} | {row.peer} | {row.seconds:.3f} | {row.peer_seconds:.3f} | {row.ratio:.2f} |"
        for row in ratios
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return "\n".join([*lines, "", f"Peak memory of the measuring process: {peak:.0f} MB"])


if __name__ == "__main__":
    print(table(measure(quick="--quick" in sys.argv)))  # noqa: T201 - a developer runs this by hand
