"""Importing csv files, against loading their raw cells; and importing the same rows and bytes again."""

from collections.abc import Iterator
from pathlib import Path

from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.results import ImportResult
from aftersales_cli.shop import Shop
from tests.benchmarks.orders import write_orders
from tests.benchmarks.peers import raw_load, sqlite_utils_load
from tests.benchmarks.retail import Counted, count_retail
from tests.benchmarks.setup import Setup
from tests.benchmarks.timing import Ratio, Table, medians, ratio_table

_MOST_SECONDS_SAME_BYTES = 1.0


def measure(setup: Setup) -> list[Table]:
    """Measure a plain order list and the retail file, and account for the rows of the latter."""
    orders = setup.folder / "orders.csv"
    write_orders(orders, 2_000 if setup.quick else 100_000)
    return [
        ratio_table(
            "Csv",
            [
                *compare(setup, "plain orders", orders),
                *compare(setup, setup.retail_name, setup.retail(), raw=6, other=0.25),
            ],
        ),
        account(setup),
    ]


def compare(
    setup: Setup, name: str, source: Path, *, raw: float | None = None, other: float | None = None
) -> list[Ratio]:
    """Measure the first import of a file, the one of its rows in another file, and the one of its very bytes.

    ``raw`` and ``other`` are the ratios wanted to the two peers.
    """
    renamed = setup.folder / f"renamed {source.name}"
    renamed.write_bytes(source.read_bytes() + b"\n")
    shops = [setup.new_shop() for _round in range(setup.repeats)]

    def import_with(path: Path) -> Iterator[ImportResult]:
        return (import_file(shop, path) for shop in shops)

    first, again, bytes_again = import_with(source), import_with(renamed), import_with(source)
    seconds = medians(
        {
            "raw": lambda: raw_load(source, setup.folder / "raw.db"),
            "first": lambda: next(first),
            "again": lambda: next(again),
            "same bytes": lambda: next(bytes_again),
            "sqlite-utils": lambda: sqlite_utils_load(source, setup.folder / "utils.db"),
        },
        setup.repeats,
    )
    for shop in shops:
        shop.close()
    renamed.unlink()
    label = f"{_count_rows(source):,} {name}"
    ours = seconds["first"]
    return [
        Ratio(label, "csv + executemany", ours, seconds["raw"], raw),
        Ratio(label, "sqlite-utils insert --csv", ours, seconds["sqlite-utils"], other),
        Ratio(f"{label}, same rows in another file", "the first time", seconds["again"], ours, 1),
        Ratio(f"{label}, same bytes", "one second", seconds["same bytes"], _MOST_SECONDS_SAME_BYTES, 1),
    ]


def _count_rows(source: Path) -> int:
    with source.open("rb") as stream:
        return sum(1 for _line in stream) - 1


def account(setup: Setup) -> Table:
    """Import the retail file twice and show where every row of it is."""
    source, shop = setup.retail(), setup.new_shop()
    renamed = setup.folder / f"renamed {source.name}"
    renamed.write_bytes(source.read_bytes() + b"\n")
    counted, first, again = count_retail(source), import_file(shop, source), import_file(shop, renamed)
    rows = [_accounted("first time", counted, first), _accounted("again", counted, again)]
    check(shop, counted, first, again)
    shop.close()
    columns = (
        "import",
        "rows",
        "new lines",
        "new records of negative lines",
        "unchanged",
        "rejected",
        "left over",
    )
    title = (
        f"Where the rows of {setup.retail_name} are "
        f"({counted.identical:,} identical rows, {counted.repeated_pairs:,} repeated pairs of invoice and SKU)"
    )
    return Table(title, columns, rows)


def _accounted(name: str, counted: Counted, result: ImportResult) -> list[str]:
    unchanged = result.lines.unchanged + result.aftersales.unchanged
    numbers = [result.lines.new, result.aftersales.new, unchanged, result.rejected]
    return [name, *(f"{number:,}" for number in (counted.rows, *numbers, counted.rows - sum(numbers)))]


def check(shop: Shop, counted: Counted, first: ImportResult, again: ImportResult) -> None:
    """Refuse to go on if a row of the file is lost or stored twice."""
    assert first.rows == again.rows == counted.rows
    assert (first.orders.new, first.lines.new, first.aftersales.new) == (
        counted.orders,
        counted.lines,
        counted.negative,
    )
    assert (first.rejected, again.rejected) == (0, 0)
    assert (again.lines.unchanged, again.aftersales.unchanged) == (counted.lines, counted.negative)
    assert (again.orders.new, again.orders.updated) == (0, 0)
    stored = shop.database.execute("SELECT COUNT(*), SUM(quantity) FROM order_lines").fetchone()
    assert stored == (counted.lines, counted.quantity)
