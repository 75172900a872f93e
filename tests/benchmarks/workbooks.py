"""Importing workbooks, against reading the sheet alone and against pandas."""

from datetime import datetime
from pathlib import Path

from aftersales_cli.intake.loading import import_file
from tests.benchmarks.orders import write_orders
from tests.benchmarks.peers import calamine_drop, calamine_read, has_pandas, pandas_load
from tests.benchmarks.setup import Setup
from tests.benchmarks.timing import Ratio, Table, medians, ratio_table
from tests.benchmarks.xlsx_files import Types, write_workbook

_TYPES: Types = {
    **dict.fromkeys(("Quantity", "UnitPrice", "CustomerID"), float),
    "InvoiceDate": datetime.fromisoformat,
}


def measure(setup: Setup) -> list[Table]:
    """Measure a plain order list and the retail file as xlsx."""
    orders = setup.folder / "orders for xlsx.csv"
    write_orders(orders, 500 if setup.quick else 100_000)
    pandas = has_pandas(setup.pandas_python)
    title = (
        "Xlsx" if pandas else "Xlsx (without pandas: name an interpreter that has it with --pandas-python)"
    )
    ratios = [*_compare(setup, "plain orders", orders, pandas=False)]
    ratios += _compare(setup, setup.retail_name, setup.retail(), pandas=pandas, alone=3, types=_TYPES)
    return [ratio_table(title, ratios)]


def _compare(
    setup: Setup,
    name: str,
    source: Path,
    *,
    pandas: bool,
    alone: float | None = None,
    types: Types | None = None,
) -> list[Ratio]:
    path = setup.folder / f"{source.stem}.xlsx"
    write_workbook(source, path, types or {})
    shops = [setup.new_shop() for _round in range(setup.repeats)]
    imports = (import_file(shop, path) for shop in shops)
    works = {
        "alone": lambda: calamine_read(path),
        "dropping": lambda: calamine_drop(path),
        "ours": lambda: next(imports),
    }
    if pandas:
        works["pandas"] = lambda: pandas_load(path, setup.folder / "pandas.db", setup.pandas_python)
    rows = calamine_drop(path) - 1
    seconds = medians(works, setup.repeats)
    for shop in shops:
        shop.close()
    label, ours = f"{rows:,} {name}", seconds["ours"]
    ratios = [
        Ratio(label, "python-calamine alone, to_python", ours, seconds["alone"], alone),
        Ratio(label, "the same, each row thrown away", ours, seconds["dropping"], None),
    ]
    if pandas:
        ratios.append(Ratio(label, "pandas.read_excel + to_sql", ours, seconds["pandas"], 0.25))
    return ratios
