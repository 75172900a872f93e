"""The workbook of exceptions, written and read back, against openpyxl with the same cells and nothing else."""

import itertools
from pathlib import Path

from openpyxl import Workbook, load_workbook

from aftersales_cli.database.rows import insert_row
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.returns.exception_import import import_exceptions
from aftersales_cli.reports.exceptions_workbook import export_exceptions
from aftersales_cli.shop import Shop
from tests.benchmarks.setup import Setup
from tests.benchmarks.timing import Ratio, Table, medians, ratio_table

_ROWS, _FEW_ROWS = 2_000, 20
_HEADINGS = 2
"""The row of the headings."""


def measure(setup: Setup) -> list[Table]:
    """Write requests that wait for a decision, fill in all verdicts, and take the workbook back."""
    count = _FEW_ROWS if setup.quick else _ROWS
    shops = [setup.new_shop() for _round in range(setup.repeats)]
    for shop in shops:
        _ask(shop, count)
    books = [setup.folder / f"exceptions {place}" / "filled.xlsx" for place in range(len(shops))]
    names = (setup.folder / f"bare {place}.xlsx" for place in itertools.count())
    for book in books:
        book.parent.mkdir()
    pairs = zip(shops, books, strict=True)
    written = medians({"ours": lambda: _export(*next(pairs))}, setup.repeats)
    cells = _cells(books[0])
    written |= medians({"bare": lambda: _write_bare(cells, next(names))}, setup.repeats)
    for book in books:
        _fill(book)
    pairs = zip(shops, books, strict=True)
    read = medians({"ours": lambda: _import(*next(pairs), count)}, setup.repeats)
    read |= medians({"bare": lambda: _cells(books[0])}, setup.repeats)
    for shop in shops:
        shop.close()
    what = {
        "written": f"{count:,} exceptions written",
        "read": f"{count:,} verdicts taken back as steps of the desk",
    }
    return [
        ratio_table(
            "Workbook of exceptions",
            [
                Ratio(what["written"], "openpyxl writing the same cells", written["ours"], written["bare"]),
                Ratio(what["read"], "openpyxl reading the same cells", read["ours"], read["bare"]),
            ],
        )
    ]


def _ask(shop: Shop, count: int) -> None:
    """Let customers ask back so many things that a person has to decide about."""
    with shop.writing("orders.import"):
        for number in range(count):
            case = open_case(shop, kind="return", say=f"Piece {number} does not fit").number
            request = insert_row(
                shop.database,
                "return_requests",
                {"case_number": case, "kind": "return", "status": "submitted", "reason": "changed_mind",
                 "requested_at": shop.stamp, "requested_on": shop.today.isoformat(), "requested_by": "owner",
                 "currency": "CNY", "asked_amount": 1000 + number, "decide_by": shop.stamp},
            )  # fmt: skip
            line = {"request_id": request, "sku": f"S{number}", "title": f"Piece {number}", "asked": 1}
            insert_row(shop.database, "return_lines", line)


def _export(shop: Shop, path: Path) -> None:
    assert export_exceptions(shop, path).written


def _import(shop: Shop, path: Path, count: int) -> None:
    assert import_exceptions(shop, path).recorded == count


def _fill(path: Path) -> None:
    """Choose to reject in every row, as somebody would in a spreadsheet."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[_HEADINGS]]
    for row in range(_HEADINGS + 1, sheet.max_row + 1):
        if sheet.cell(row, 1).value is not None:
            sheet.cell(row, headings.index("Verdict") + 1).value = "reject"
            sheet.cell(row, headings.index("Reason for it") + 1).value = "the time is over"
    book.save(path)


def _cells(path: Path) -> list[list[tuple[object, ...]]]:
    book = load_workbook(path)
    return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]


def _write_bare(sheets: list[list[tuple[object, ...]]], path: Path) -> None:
    book = Workbook()
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(path)
