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
from collections.abc import Callable, Sequence
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


LINE_HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
LINE_MAPPING = [
    "InvoiceNo=order.external_id", "InvoiceDate=order.placed_at", "CustomerID=order.buyer_key",
    "StockCode=line.sku", "Description=line.title", "Quantity=line.quantity", "UnitPrice=line.unit_price",
]  # fmt: skip


def write_lines(path: Path, rows: int) -> None:
    """Write order lines like those of a gift shop: some twenty an order, some cancelled, some equal."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(LINE_HEADER + "\n")
        for row in range(rows):
            order = row // 21
            sku = (row * 7919) % 3800
            sign = -1 if order % 50 == 0 else 1
            customer = "" if order % 4 == 0 else 12000 + order % 4300
            day = f"2026-{order // 2500 % 12 + 1:02d}-{order % 28 + 1:02d} {order % 12 + 8:02d}:{order % 60:02d}"
            stream.write(
                f"{'C' if sign < 0 else ''}{536365 + order},{20000 + sku},COTTON CANDY GIFT NUMBER {sku} IN A BOX,"
                f"{sign * (row % 12 + 1)},{day},{sku % 900 / 100:.2f},{customer},United Kingdom\n"
            )


def raw_load(source: Path, target: Path) -> None:
    """Load the same cells as they are into an unindexed table: csv and sqlite3 alone."""
    target.unlink(missing_ok=True)
    connection = sqlite3.connect(target)
    with source.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        width = len(next(rows))
        connection.execute(f"CREATE TABLE raw ({', '.join(f'c{place}' for place in range(width))})")
        connection.executemany(f"INSERT INTO raw VALUES ({', '.join('?' * width)})", rows)
    connection.commit()
    connection.close()


def sqlite_utils_load(source: Path, target: Path) -> None:
    """Load the file with the command a data person would reach for."""
    target.unlink(missing_ok=True)
    run_python("-m", "sqlite_utils", "insert", target, "raw", source, "--csv")


def imports(folder: Path, name: str, source: Path, repeats: int, mapping: Sequence[str] = ()) -> list[Ratio]:
    """Compare importing a file with loading its raw cells, and with importing its rows a second time."""
    from aftersales_cli.intake.loading import import_file
    from aftersales_cli.intake.mapping import mapped_document, mapped_format
    from aftersales_cli.shop import open_shop
    from aftersales_cli.team.founding import found_shop

    fmt = mapped_format(mapped_document(mapping)) if mapping else None
    with source.open("rb") as stream:
        rows = sum(1 for _line in stream) - 1
    peer = median_seconds(lambda: raw_load(source, folder / "raw.db"), repeats)
    other = median_seconds(lambda: sqlite_utils_load(source, folder / "utils.db"), 1)
    shops = [open_shop(found_shop(folder / f"{name}-{number}").folder) for number in range(repeats)]
    waiting = iter(shops)
    first = median_seconds(lambda: import_file(next(waiting), source, only_format=fmt), repeats)
    renamed = folder / f"renamed {source.name}"
    renamed.write_bytes(source.read_bytes() + b"\n")
    again = median_seconds(lambda: import_file(shops[0], renamed, only_format=fmt), 1)
    assert import_file(shops[0], source, only_format=fmt).rows == rows
    for shop in shops:
        shop.close()
    label = f"{rows:,} {name}"
    return [
        Ratio(label, "csv + executemany", first, peer),
        Ratio(label, "sqlite-utils insert --csv", first, other),
        Ratio(f"{label} again", "the first time", again, first),
    ]


def workbooks(folder: Path, rows: int, repeats: int) -> list[Ratio]:
    """Compare importing an xlsx with reading its sheet with python-calamine alone."""
    from openpyxl import Workbook

    from aftersales_cli.intake.loading import import_file
    from aftersales_cli.shop import open_shop
    from aftersales_cli.team.founding import found_shop

    source = folder / "orders.csv"
    write_orders(source, rows)
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    with source.open(encoding="utf-8", newline="") as stream:
        for row in csv.reader(stream):
            sheet.append(row)
    path = folder / "orders.xlsx"
    book.save(path)
    read = "import sys, python_calamine as c; [0 for _ in c.load_workbook(sys.argv[1]).get_sheet_by_index(0).iter_rows()]"
    peer = median_seconds(lambda: run_python("-c", read, path), repeats)
    shops = iter([open_shop(found_shop(folder / f"book-{number}").folder) for number in range(repeats)])
    ours = median_seconds(lambda: import_file(next(shops), path), repeats)
    return [Ratio(f"{rows:,} orders as xlsx", "python-calamine alone", ours, peer)]


def measure(*, quick: bool = False) -> list[Ratio]:
    """Run everything; ``quick`` with small sizes, to see that it works."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        orders, lines, book, repeats = (2_000, 2_000, 500, 1) if quick else (100_000, 541_909, 100_000, 5)
        write_orders(folder / "orders.csv", orders)
        write_lines(folder / "lines.csv", lines)
        return [
            *startup(3 if quick else 15),
            *imports(folder, "orders", folder / "orders.csv", repeats),
            *imports(folder, "order lines", folder / "lines.csv", repeats, LINE_MAPPING),
            *workbooks(folder, book, repeats),
        ]


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
